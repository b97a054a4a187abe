"""The typical slips of people who write YAML with a Chinese keyboard, and the parser's complaints in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from schoolpub.errors import Text, say
from schoolpub.store.yaml.shape import shown

Told: TypeAlias = tuple[str, Text, Text]
"""Code, message, fix."""
Slip: TypeAlias = tuple[str, Text, Text, int, int]
"""Code, message, fix, line, column."""

ANCHOR: Told = (
    "yaml-anchor",
    say("“&” at the beginning names a value for use elsewhere; that is not allowed."),
    say("Put the text in quotes, or leave the “&” out."),
)
ALIAS: Told = (
    "yaml-alias",
    say("“*” at the beginning stands for a value from elsewhere; that is not allowed."),
    say("Put the text in quotes, or write the value itself."),
)
TAG: Told = (
    "yaml-tag",
    say("“!” at the beginning states a type; that is not allowed."),
    say("Put the text in quotes, or leave the “!” out."),
)
MERGE: Told = ("yaml-merge-key", say("“<<” takes in another group; that is not allowed."), say("Write the lines out."))
NO_NAME: Told = ("yaml-key", say("The name before the colon is missing."), say("Write the name before the colon."))
DOCUMENTS: Told = (
    "yaml-documents",
    say("A second document begins here (a line “---”)."),
    say("Keep one document in a file: delete the line “---” or move what follows to a file of its own."),
)
DIRECTIVE: Told = ("yaml-directive", say("Lines that begin with “%” are not allowed."), say("Delete the line."))
CONTROL: Told = ("yaml-control-character", say("The text contains a control character."), say("Delete it."))

CANDIDATE = re.compile(r"^(?: *\t[ \t]*(?=[^\s#])| *(?=[A-Za-z_][\w-]*(?:：|:(?=[^\s/:]))))", re.MULTILINE)
"""A line that may hold a slip although the file can be read; whether it does depends on what surrounds it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a scalar begins and ends (lines from 0), and how it is written: `""` plain, `'`, `"`, `|`, `>`."""

    style: str
    line: int
    column: int
    last: int


def full_width_key(key: str) -> Told:
    """Tell that *key* swallowed its value because the punctuation is full-width."""
    return (
        "yaml-full-width",
        say("“{text}” is read as one name without a value.", text=shown(key)),
        say("Write the colon and the comma as half-width “: ” and “, ”, each followed by a space."),
    )


def in_valid(text: str, spans: Iterable[Span]) -> list[Slip]:
    """Return the slips in a file that can be read, but not as its writer meant it."""
    slips: list[Slip] = []
    held = [s for s in spans if s.last > s.line or s.style == ""]
    lines = text.split("\n")
    for number, line in enumerate(lines):
        match = CANDIDATE.match(line)
        if match is None:
            continue
        column = match.end()
        inside = next((s for s in held if s.line < number <= s.last), None)
        if "\t" in match[0]:
            if inside is None or inside.style == "":
                slips.append((*_TAB, number + 1, match[0].index("\t") + 1))
            continue
        starts = any(s.style == "" and (s.line, s.column) == (number, column) for s in held)
        if starts or (inside is not None and inside.style == ""):
            slips.append(_colon(line, number, column))
    return slips


def in_broken(text: str) -> list[Slip]:
    """Return the typical slips in the lines of a file that cannot be read; lines of `|` blocks are passed over."""
    slips: list[Slip] = []
    block = -1
    for number, line in enumerate(text.split("\n")):
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip() or (block >= 0 and indent > block):
            continue
        block = indent if _BLOCK.search(line) else -1
        if match := _TAB_INDENT.match(line):
            slips.append((*_TAB, number + 1, match.end() + 1))
        bare = _QUOTED.sub(lambda m: "x" * len(m[0]), line).split(" #", 1)[0]
        if match := _KEY.match(bare):
            slips.append(_colon(line, number, match.end()))
        for pattern, code, message, fix in _MARKS:
            slips.extend((code, message, fix, number + 1, m.start(1) + 1) for m in pattern.finditer(bare))
    return slips


_TAB: Told = (
    "yaml-tab",
    say("The line is indented with a tab."),
    say("Indent with spaces."),
)
_TAB_INDENT = re.compile(r" *(?=\t)")
_BLOCK = re.compile(r"[:\-] +[|>][-+0-9]*\s*$")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')
_KEY = re.compile(r"[ \t]*(?:- +)*(?=[\w-]{1,40}(?:：|(?<=[a-z_]):(?=[^\s/:])))")
_MARKS: tuple[tuple[re.Pattern[str], str, Text, Text], ...] = (
    (
        re.compile(r"[{,，｛] *(?=\w[\w-]*：)\w[\w-]*(：)"),
        "yaml-full-width",
        say("The colon is full-width."),
        say("Write a half-width colon and a space: “: ”."),
    ),
    (
        re.compile(r"(，)(?= *[a-z_][\w-]*[:：])"),
        "yaml-full-width",
        say("The comma between two entries is full-width."),
        say("Write a half-width comma and a space: “, ”."),
    ),
    (
        re.compile(r"(?:[:：]|-) *([｛［【])|([｛［])[^｝］]*$"),
        "yaml-full-width",
        say("The opening bracket is full-width."),
        say("Write “{” or “[” in half width."),
    ),
    (
        re.compile(r"([｝］])[\s,，]*$"),
        "yaml-full-width",
        say("The closing bracket is full-width."),
        say("Write “}” or “]” in half width."),
    ),
    (
        re.compile(r"[:：] *([“‘＂])(?=[^”’]*[:：#])"),
        "yaml-full-width",
        say("Full-width quotation marks do not protect a text."),
        say("Put half-width quotation marks (\") around the whole text."),
    ),
)  # fmt: skip


def _colon(line: str, number: int, column: int) -> Slip:
    rest = line[column:]
    at = min(i for i in (rest.find("："), rest.find(":")) if i >= 0)
    name, value = rest[:at], rest[at + 1 :].strip()
    wide = rest[at] == "："
    return (
        "yaml-full-width" if wide else "yaml-no-space",
        say("After “{name}” stands a full-width colon.", name=shown(name))
        if wide
        else say("After “{name}:” a space is missing.", name=shown(name)),
        say("Write “{name}: ” with a half-width colon and a space. If it is meant as text, put it in quotes.",
            name=shown(name)) if value else say("Write “{name}:”.", name=shown(name)),
        number + 1,
        column + at + 1,
    )  # fmt: skip


def explain(error: Any, text: str) -> tuple[int, int, Text, Text]:
    """Return line, column, message and fix for the parser's *error*."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    context = getattr(error, "context_mark", None)
    opened = context.line + 1 if context else line
    lines = text.split("\n")
    if context and mark and (mark.index >= len(text.rstrip()) or "expected ':'" in str(error.problem)):
        line, column = opened, context.column + 1  # the end of the file tells nobody anything
    reason = str(getattr(error, "problem", "") or "")
    here = lines[line - 1] if line <= len(lines) else ""
    if reason == "found character that cannot start any token":
        character = here[column - 1 : column]
        if character == "\t":
            return line, column, _TAB[1], _TAB[2]
        message = say("A text may not begin with “{character}”.", character=character)
        return line, column, message, say('Put the whole text in quotes (").')
    for known, message, fix in _COMPLAINTS:
        if known in reason:
            if "{opened}" in message.template:
                message = say(message.template, opened=opened)
            return line, column, message, fix
    return line, column, say("The file cannot be read from here on."), say("Compare the line with the one above it.")


_COMPLAINTS: tuple[tuple[str, Text, Text], ...] = (
    (
        "mapping values are not allowed",
        say("A second colon stands in this line, or the indentation is wrong."),
        say("Put a text that contains “: ” in quotes (\"), and indent the line like its neighbours."),
    ),
    (
        "could not find expected ':'",
        say("A line without a colon stands here, where a name and its value are expected."),
        say("Write a name, a half-width colon and a space before the value."),
    ),
    (
        "block sequence entries are not allowed",
        say("A list entry (“- ”) may not stand here."),
        say("Begin the list on a line of its own, below the name."),
    ),
    (
        "found unexpected end of stream",
        say("The quotation mark opened in line {opened} is never closed."),
        say("Close it with the same mark (\" or ')."),
    ),
    (
        "found unexpected document indicator",
        say("The quotation mark opened in line {opened} is not closed before “---”."),
        say("Close it with the same mark (\" or ')."),
    ),
    (
        "found unknown escape character",
        say("After a backslash in double quotes only certain letters may stand."),
        say("Write two backslashes for one, or use single quotes (')."),
    ),
    (
        "hexdecimal",
        say("After a backslash in double quotes only certain letters may stand."),
        say("Write two backslashes for one, or use single quotes (')."),
    ),
    (
        "invalid Unicode character escape",
        say("The escape after the backslash names no character."),
        say("Write two backslashes for one, or use single quotes (')."),
    ),
    ("tab character", _TAB[1], _TAB[2]),
    (
        "expected ',' or '}'",
        say("The “{{” opened in line {opened} is not closed, or a comma is missing."),
        say("Separate the entries with “, ” and close with “}”; put texts that contain , : { } [ ] in quotes (\")."),
    ),
    (
        "expected ',' or ']'",
        say("The “[” opened in line {opened} is not closed, or a comma is missing."),
        say("Separate the entries with “, ” and close with “]”; put texts that contain , : { } [ ] in quotes (\")."),
    ),
    (
        "did not find expected '-' indicator",
        say("A list entry was expected here: “- ” at the same indentation as the entries above."),
        say("Indent the line like its neighbours."),
    ),
    (
        "did not find expected key",
        say("A name was expected here, at the same indentation as the names above."),
        say("Indent the line like its neighbours; close quotation marks and brackets in the lines above."),
    ),
    (
        "did not find expected node content",
        say("A value was expected here."),
        say("Write the value, or put it in quotes (\")."),
    ),
    (
        "did not find expected comment or line break",
        say("After “|” the text must begin on the next line."),
        say("Move the text to the next line and indent it."),
    ),
    (
        "alphabetic or numeric",
        say("A text may not begin with “&” or “*”."),
        say("Put the whole text in quotes (\")."),
    ),
    (
        "directive",
        say("Lines that begin with “%” are not allowed."),
        say("Put the text in quotes (\"), or delete the line."),
    ),
    (
        "document start",
        say("Something stands here that belongs to nothing above it."),
        say("Indent the line like its neighbours."),
    ),
)  # fmt: skip
