"""YAML read strictly: every scalar stays text, everything doubtful is a problem with line and column.

The C parser's events are built into plain trees, which is fast; positions are not kept, `yaml_places` reads again
for the few places that are shown to somebody.  Slips that are legal YAML but never meant live in `yaml_slips`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from sys import intern
from types import ModuleType
from typing import Any

from schoolpub.errors import Level, Problem, Where, say
from schoolpub.model.record import Tree
from schoolpub.store.yaml import yaml_slips
from schoolpub.store.yaml.shape import shown
from schoolpub.store.yaml.yaml_places import BOM, MAX_DEPTH, c_parser, locate, locate_all, spans, walk

__all__ = ["BOM", "MAX_BYTES", "MAX_DEPTH", "Parsed", "locate", "locate_all", "parse", "read"]

MAX_BYTES = 2 * 1024 * 1024

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
"""Characters that may not stand in a file as they are: other programs see line ends in them, or nothing at all."""
FORBIDDEN_VALUE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that may not be in a value even when written as an escape: they steer terminals and printers, or turn the
reading direction, so that what is read is not what is written."""
_UNSEEN = re.compile("[\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f]")
"""Characters that nobody sees: two texts with and without them look alike."""
_MOST = 20
"""So many problems of one kind are listed; more help nobody."""
_NONE: Any = object()
_AS_KEY: Any = object()


@dataclass(slots=True)
class Parsed:
    """A tree, and the line of each key at its top."""

    tree: Tree = None
    lines: dict[str, int] = field(default_factory=dict)


class _TooDeep(Exception):
    """The nesting has passed the limit; the rest of the file is not looked at."""


def parse(data: bytes, file: str) -> tuple[Tree, list[Problem]]:
    """Return the tree in *data* and all its problems; the tree is None when nothing could be read."""
    parsed, problems = read(data, file)
    return parsed.tree, problems


def read(data: bytes, file: str) -> tuple[Parsed, list[Problem]]:
    """Return the tree in *data* with the lines of its top keys, and all problems of *file* as YAML."""
    found = _Found(file)
    if len(data) > MAX_BYTES:
        found.add(
            "yaml-too-large",
            say("The file has {size} bytes; the limit is {limit}.", size=len(data), limit=MAX_BYTES),
            say("Divide it, or attach long lists as a file."),
        )
        return Parsed(), found.problems
    text, readable = _decode(data, found)
    parsed = _parse_text(text, found) if text is not None else Parsed()
    return (parsed if readable else Parsed()), found.sorted()


class _Found:
    """The problems of one file, as they are found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.repeated = False

    def add(
        self, code: str, message: Any, fix: Any = None, line: int = 0, column: int = 0, level: Level = Level.ERROR
    ) -> None:
        self.problems.append(
            Problem(code=code, message=message, fix=fix, level=level, file=self.file, line=line, column=column)
        )

    def at(self, mark: Any, code: str, message: Any, fix: Any = None) -> None:
        self.add(code, message, fix, mark.line + 1, mark.column + 1)

    def sorted(self) -> list[Problem]:
        return sorted(self.problems, key=lambda p: (p.line, p.column)) if len(self.problems) > 1 else self.problems


def _decode(data: bytes, found: _Found) -> tuple[str | None, bool]:
    """Return the text of *data*, and whether it may be used (or is only guessed, to find more problems)."""
    if data.startswith(BOM):
        data = data[3:]
        found.add(
            "yaml-bom",
            say("The file begins with a byte order mark."),
            say("Save it as UTF-8 without BOM; in a draft the next act mends it."),
            1,
            1,
            Level.WARNING,
        )
    readable = True
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        guess, readable = _not_utf8(data, error, found), False
        if guess is None:
            return None, False
        text = guess
    if "\r\n" in text:
        found.add(
            "yaml-crlf",
            say("The lines end as on Windows (CRLF)."),
            say("Save the file with LF line ends; in a draft the next act mends it."),
            text.count("\n", 0, text.index("\r\n")) + 1,
            level=Level.WARNING,
        )
    if FORBIDDEN.search(text):
        for match in list(FORBIDDEN.finditer(text))[:_MOST]:
            line, column = _place(text, match.start())
            name = f"U+{ord(match[0]):04X}"
            found.add(
                "yaml-control-character",
                say("An invisible character ({name}) stands here.", name=name),
                say("Delete it."),
                line,
                column,
            )
        text = FORBIDDEN.sub(" ", text)
    for match in list(_UNSEEN.finditer(text))[:_MOST]:
        line, column = _place(text, match.start())
        message = say("An invisible character ({name}) stands here.", name=f"U+{ord(match[0]):04X}")
        found.add("yaml-invisible", message, say("Delete it."), line, column, Level.WARNING)
    return text, readable


def _not_utf8(data: bytes, error: UnicodeDecodeError, found: _Found) -> str | None:
    before = data[: error.start]
    line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        fix = say("It was saved as “Unicode” (UTF-16). Save it again and choose the encoding UTF-8.")
        guess = None
    else:
        try:
            guess = data.decode("gb18030")
            fix = say("It seems to be GBK (ANSI), as Excel and Notepad save. Save it again with the encoding UTF-8.")
        except UnicodeDecodeError:
            guess = None
            fix = say("Open it in a text editor and save it again with the encoding UTF-8.")
    found.add(
        "yaml-not-utf-8",
        say("Byte {number} of the file (hexadecimal {value}) is not UTF-8.",
            number=error.start + 1, value=f"{data[error.start]:02X}"),
        fix,
        line,
        column,
    )  # fmt: skip
    return guess


def _place(text: str, index: int) -> tuple[int, int]:
    """Return line and column (from 1) of the character at *index*."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _parse_text(text: str, found: _Found) -> Parsed:
    yaml, parser = c_parser()
    parsed = Parsed()
    try:
        _build(parser(text.encode("utf-8")), parsed, yaml, found, text)
    except _TooDeep:
        return Parsed()
    except yaml.YAMLError as error:
        line, column, message, fix = yaml_slips.explain(error, text)
        found.add("yaml-syntax", message, fix, line, column)
        if found.repeated:
            _refuse_repeated(text, found)
        for slip in yaml_slips.in_broken(text)[:_MOST]:
            if slip[1] != message or slip[3] != line:
                found.add(*slip)
        return Parsed()
    if found.repeated:
        _refuse_repeated(text, found)
    if yaml_slips.CANDIDATE.search(text):
        for slip in yaml_slips.in_valid(text, spans(text))[:_MOST]:
            found.add(*slip)
    return parsed


def _build(parser: Any, parsed: Parsed, yaml: ModuleType, found: _Found, text: str) -> None:
    """Build the tree from the events of *parser*; keys are shared between trees (interned)."""
    scalar, map_start, seq_start = yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent
    map_end, seq_end, doc_start, alias = (
        yaml.MappingEndEvent, yaml.SequenceEndEvent, yaml.DocumentStartEvent, yaml.AliasEvent,
    )  # fmt: skip
    next_event: Callable[[], Any] = parser.get_event
    stack: list[tuple[Any, Any]] = []
    node: Any = None
    key: Any = _NONE
    documents = 0
    while (event := next_event()) is not None:
        kind = event.__class__
        if kind is scalar:
            value: Any = event.value
            if event.anchor is not None or event.tag is not None:
                _refuse_properties(event, found)
            if node.__class__ is dict and key is _NONE:
                key = intern(value)
                if key in node or not key or key == "<<":
                    _refuse_key(key, node, event, found)
                if len(stack) == 1:
                    parsed.lines[key] = event.start_mark.line + 1
                continue
            style = event.style
            if style == "":
                if value in ("", "~", "null"):
                    value = None
                    if (
                        key.__class__ is str
                        and ("：" in key or "，" in key)
                        and _swallowed(text, event.start_mark.index)
                    ):
                        found.at(event.start_mark, *yaml_slips.full_width_key(key))
            elif style == '"' and FORBIDDEN_VALUE.search(value):
                found.at(event.start_mark, *yaml_slips.CONTROL)
        elif kind is map_start or kind is seq_start:
            if event.anchor is not None or event.tag is not None:
                _refuse_properties(event, found)
            if len(stack) >= MAX_DEPTH:
                found.at(
                    event.start_mark,
                    "yaml-too-deep",
                    say("More than {limit} levels are nested here.", limit=MAX_DEPTH),
                    say("Look for brackets or dashes that are too many."),
                )
                raise _TooDeep
            if node.__class__ is dict and key is _NONE:
                found.at(
                    event.start_mark,
                    "yaml-key",
                    say("A list or a group stands where a name is expected."),
                    say("Write a name, a colon and a space before it."),
                )
                key = _AS_KEY
            stack.append((node, key))
            node, key = ({} if kind is map_start else []), _NONE
            continue
        elif kind is map_end or kind is seq_end:
            value = node
            node, key = stack.pop()
            if key is _AS_KEY:
                key = ""
                continue
        elif kind is alias:
            found.at(event.start_mark, *yaml_slips.ALIAS)
            value = None
            if node.__class__ is dict and key is _NONE:
                key = ""
                continue
        else:
            if kind is doc_start:
                documents += 1
                _refuse_document(event, documents, found)
            continue
        # a complete value, for wherever we are
        if node.__class__ is list:
            node.append(value)
        elif node is not None:
            node[key] = value
            key = _NONE
        elif documents == 1:
            parsed.tree = value


def _swallowed(text: str, index: int) -> bool:
    """Return whether the empty value at *index* is empty because nothing reads as the colon before it."""
    return not text[max(0, index - 100) : index].rstrip().endswith((":", "null", "~"))


def _refuse_properties(event: Any, found: _Found) -> None:
    if event.anchor is not None:
        found.at(event.start_mark, *yaml_slips.ANCHOR)
    if event.tag is not None:
        found.at(event.start_mark, *yaml_slips.TAG)


def _refuse_key(key: str, node: dict[str, Tree], event: Any, found: _Found) -> None:
    if key in node:
        found.repeated = True  # both lines are looked up afterwards
    elif key == "<<" and event.style == "":
        found.at(event.start_mark, *yaml_slips.MERGE)
    elif not key and event.style == "":
        found.at(event.start_mark, *yaml_slips.NO_NAME)


def _refuse_document(event: Any, number: int, found: _Found) -> None:
    if number > 1:
        found.at(event.start_mark, *yaml_slips.DOCUMENTS)
    if event.version is not None or event.tags:
        found.at(event.start_mark, *yaml_slips.DIRECTIVE)


def _refuse_repeated(text: str, found: _Found) -> None:
    first: dict[Where, int] = {}
    for where, key, _ in walk(text):
        if key is None:
            continue
        line = key.line + 1
        if where in first:
            message = say("“{key}” stands twice: in line {first} and in line {line}.",
                          key=shown(str(where[-1])), first=first[where], line=line)  # fmt: skip
            found.at(key, "yaml-duplicate-key", message, say("Keep one of the two."))
        first.setdefault(where, line)
