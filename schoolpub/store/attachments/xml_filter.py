"""XML read and written event by event, so that prefixes and everything not asked about stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeAlias
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr


class Verdict(Enum):
    """What becomes of an element."""

    KEEP = "keep"
    DROP = "drop"
    """It goes with all that it holds."""
    UNWRAP = "unwrap"
    """It goes, what it holds stays."""


Judge: TypeAlias = Callable[[str, Mapping[str, str]], Verdict]
"""From an element's name without prefix and its attributes to what becomes of it."""


class NotPlain(ValueError):
    """The XML is damaged, or declares a document type, which no office program writes."""


def filtered(data: bytes, judge: Judge) -> bytes:
    """Return the XML *data* with its elements judged."""
    out: list[str] = []
    verdicts: list[Verdict] = []
    dropping = 0
    open_tag = False

    def close_tag() -> None:
        nonlocal open_tag
        if open_tag:
            out.append(">")
            open_tag = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal dropping, open_tag
        verdict = Verdict.DROP if dropping else judge(name.rpartition(":")[2], attributes)
        verdicts.append(verdict)
        dropping += verdict is Verdict.DROP
        if verdict is Verdict.KEEP:
            close_tag()
            written = "".join(f" {key}={quoteattr(value, _SPACES)}" for key, value in attributes.items())
            out.append(f"<{name}{written}")
            open_tag = True

    def end(name: str) -> None:
        nonlocal dropping, open_tag
        verdict = verdicts.pop()
        dropping -= verdict is Verdict.DROP
        if verdict is Verdict.KEEP:
            out.append("/>" if open_tag else f"</{name}>")
            open_tag = False

    def text(characters: str) -> None:
        if not dropping:
            close_tag()
            out.append(escape(characters).replace("\r", "&#13;"))

    _parse(data, start, end, text)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return (head + "".join(out)).encode()


def walk(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Tell *start*, *end* and *text* what the XML *data* holds; names come without prefix."""
    _parse(data, lambda n, a: start(n.rpartition(":")[2], a), lambda n: end(n.rpartition(":")[2]), text)


_SPACES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise NotPlain(str(error)) from None


def _no_doctype(*_: object) -> None:
    raise NotPlain("a document type")
