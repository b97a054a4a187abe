"""Where things stand in a YAML file: read a second time, with positions, when a problem has to be shown."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any

from schoolpub.errors import SchoolpubError, Where, say
from schoolpub.store.yaml.yaml_slips import Span

BOM = b"\xef\xbb\xbf"
MAX_DEPTH = 20


@cache
def c_parser() -> tuple[ModuleType, Any]:
    """Return PyYAML and its C parser; the Python parser is 20 times slower and never a silent substitute."""
    import yaml

    try:
        from yaml._yaml import CParser
    except ImportError:
        raise SchoolpubError(
            say("PyYAML on this machine lacks its C parser, so the records cannot be read."),
            fix=say("Install PyYAML from a binary wheel: pip install --force-reinstall --only-binary :all: PyYAML"),
        ) from None
    return yaml, CParser


def walk(text: str) -> Iterator[tuple[Where, Any, Any]]:
    """Yield the way to each value, the mark of its key (None in a list) and its own; stop where the syntax breaks."""
    yaml, parser = c_parser()
    stack: list[tuple[Where, list[Any]]] = []  # the way, and [position, or None and the key with its mark]
    with suppress(yaml.YAMLError):
        next_event = parser(text.encode("utf-8")).get_event
        while (event := next_event()) is not None:
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                stack.pop()
                continue
            if not isinstance(event, yaml.NodeEvent):
                continue
            where: Where = ()
            key = None
            if stack:
                way, state = stack[-1]
                if state[0] is not None:  # in a list
                    where = (*way, state[0])
                    state[0] += 1
                elif state[1] is None:  # a key
                    state[1], state[2] = getattr(event, "value", ""), event.start_mark
                    if isinstance(event, yaml.CollectionStartEvent):
                        stack.append((way, [0, None, None]))
                    continue
                else:
                    where, key = (*way, state[1]), state[2]
                    state[1] = None
            yield where, key, event
            if isinstance(event, yaml.MappingStartEvent):
                stack.append((where, [None, None, None]))
            elif isinstance(event, yaml.SequenceStartEvent):
                stack.append((where, [0, None, None]))
            if len(stack) > MAX_DEPTH:
                return


def locate(data: bytes, where: Where) -> tuple[int, int]:
    """Return line and column (from 1) of the value at *where*, or of the nearest parent's key when it is missing."""
    return locate_all(data, [where])[where]


def locate_all(data: bytes, wheres: Iterable[Where]) -> dict[Where, tuple[int, int]]:
    """Return line and column of every one of *wheres*, reading *data* once."""
    text = data.removeprefix(BOM).decode("utf-8", "replace")
    values: dict[Where, tuple[int, int]] = {}
    keys: dict[Where, tuple[int, int]] = {}
    for where, key, event in walk(text):
        mark = event.start_mark
        values.setdefault(where, (mark.line + 1, mark.column + 1))
        keys.setdefault(where, (key.line + 1, key.column + 1) if key else values[where])
    found: dict[Where, tuple[int, int]] = {}
    for where in wheres:
        there = _as_written(where, keys)
        if there in values:
            found[where] = values[there]
        else:
            parent = next((there[:n] for n in range(len(there) - 1, -1, -1) if there[:n] in keys), None)
            found[where] = keys[parent] if parent is not None else (1, 1)
    return found


def _as_written(where: Where, known: Container[Where]) -> Where:
    """Return *where* without the positions in lists of one that were written as the one entry alone."""
    there: Where = ()
    for index, part in enumerate(where):
        if part == 0 and (*there, 0) not in known and (*there, *where[index + 1 : index + 2]) in known:
            continue
        there = (*there, part)
    return there


def spans(text: str) -> Iterator[Span]:
    """Yield where each scalar of *text* begins and ends, and how it is written."""
    yaml, parser = c_parser()
    with suppress(yaml.YAMLError):
        next_event = parser(text.encode("utf-8")).get_event
        while (event := next_event()) is not None:
            if isinstance(event, yaml.ScalarEvent):
                start, end = event.start_mark, event.end_mark
                last = end.line - 1 if event.style in ("|", ">") and end.column == 0 else end.line
                yield Span(event.style, start.line, start.column, last)
