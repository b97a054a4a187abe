"""The two kinds of wrong: a `Problem` in a record is a value, a `SchoolpubError` stops a command.

Texts are kept apart from their translation: the code says English with `say`, and the command line, the only place
that speaks to people, translates and fills in.  So the pure core needs no language and the same mistake can be
told in any.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Where: TypeAlias = tuple[str | int, ...]
"""The way from the top of a YAML file to a value: keys and list positions."""


@dataclass(frozen=True, slots=True)
class Text:
    """An English sentence with places to fill, told to a person in their own language."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def told(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of *translate*, its places filled."""
        values = {
            name: value.told(translate) if isinstance(value, Text) else value for name, value in self.values.items()
        }
        return translate(self.template).format(**values) if values else translate(self.template)

    def __str__(self) -> str:
        return self.told(lambda english: english)


def say(template: str, /, **values: object) -> Text:
    """Return a sentence to be translated; *values* fill its `{places}` (another `Text` may stand in one)."""
    return Text(template, values)


class Level(StrEnum):
    """How bad a problem is: an error stops submission, a warning is shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong in one file, told to the person who will mend it."""

    code: str
    """A short stable name of the kind of problem: `yaml-duplicate-key`, `value-money`, `rule-equal`."""
    message: Text
    fix: Text | None = None
    """What to write instead."""
    level: Level = Level.ERROR
    record: str = ""
    file: str = ""
    """Path below the school's folder, with `/`."""
    where: Where = ()
    """Place of the value inside the file; the store turns it into line and column."""
    line: int = 0
    """From 1; 0 when not known yet."""
    column: int = 0
    cell: str = ""
    """The place in a workbook, as people write it: `收入!C7`; then `line` and `column` are its row and column."""
    field: str = ""
    """Dotted path of the field for programs: `income.0.month`."""


def errors(problems: object) -> list[Problem]:
    """Return those of *problems* that are errors, not warnings."""
    return [p for p in problems if p.level is Level.ERROR]  # type: ignore[attr-defined]


class SchoolpubError(Exception):
    """A command cannot go on; the text says the way out and needs no traceback."""

    exit_code = 3

    def __init__(self, message: Text, *, fix: Text | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.fix = fix


class WrongCommandLine(SchoolpubError):
    """What was typed cannot be meant: a date that is none, an option where it has no place."""

    exit_code = 2


class ProblemsFound(SchoolpubError):
    """The records themselves have mistakes; nothing was changed."""

    exit_code = 1

    def __init__(self, problems: list[Problem], message: Text | None = None) -> None:
        super().__init__(message or say("Nothing was changed: there are mistakes to mend first."))
        self.problems = problems


class Unfinished(SchoolpubError):
    """The act has happened, and something that follows it has not; the next command makes up for it."""


class StepRefused(SchoolpubError):
    """A step may not be taken now, or not by this person."""


_SYSTEM: Mapping[int, Text] = {
    errno.ENOENT: say("there is no such file or folder"),
    errno.EEXIST: say("it exists already"),
    errno.EISDIR: say("it is a folder"),
    errno.ENOTDIR: say("it is a file, not a folder"),
    errno.EACCES: say("it may not be read or written, or another program holds it"),
    errno.EPERM: say("it may not be read or written, or another program holds it"),
    errno.EROFS: say("nothing can be written there"),
}

_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))

NO_ROOM = say("free some room on the disk, look with `schoolpub list` whether it was done, and repeat it if it was not")
"""What to do when the disk is full."""
NO_WRITING = say("take the write protection off, or have somebody look at the disk; then repeat the command")
"""What to do where nothing can be written."""


def system_told(failed: OSError) -> Text | str:
    """Return which file the system could not do something with, where it is known, and why."""
    file = failed.filename2 or failed.filename
    why = system_words(failed)
    return say("{file}: {why}", file=str(file), why=why) if file else why


def system_words(failed: OSError) -> Text | str:
    """Return why the system could not do something with a file; what is rare stays in the system's own words."""
    if failed.errno in _FULL:
        return say("the disk is full")
    return _SYSTEM.get(failed.errno or 0) or failed.strerror or type(failed).__name__


def system_cure(failed: OSError, otherwise: Text | None = None) -> Text:
    """Return what to do when the system could not do something with a file; *otherwise* where it is nothing special."""
    if failed.errno in _FULL:
        return NO_ROOM
    if failed.errno == errno.EROFS:
        return NO_WRITING
    return otherwise or say(
        "look whether it exists, whether you may write there, and whether another program holds it"
    )
