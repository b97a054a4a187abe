"""What git is given to read, and what it complains of, told as a refusal with the way out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from schoolpub.errors import NO_ROOM, NO_WRITING, SchoolpubError, say

_CURES = {
    ("No space left", "diskspace", "File too large", "quota exceeded"): NO_ROOM,
    ("Read-only file system",): NO_WRITING,
    (".lock': File exists",): say("close other git programs, run `schoolpub doctor --fix`, and repeat the command"),
    ("ermission", "not permitted"): say("look who may write into this folder and its .git, and repeat the command"),
    ("write",): say("look whether the disk is full or nothing may be written there, and repeat the command"),
}
"""Words of git → what to do; the first that fit."""


@contextmanager
def given(data: bytes | None) -> Iterator[BinaryIO]:
    """Have *data* as a file that git reads from; without any, nothing is written anywhere: looking needs no room."""
    if data is None:
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123
            yield nothing
        return
    import tempfile

    try:
        file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 -- entered below
    except FileNotFoundError:  # it has tried every folder
        raise no_scratch() from None
    with file:
        file.write(data)
        file.seek(0)
        yield file


def no_scratch() -> SchoolpubError:
    """Return the refusal where no folder takes a file for the time of a command."""
    return SchoolpubError(
        say("No folder for temporary files can be written to: the disk is full, or nothing may be written."),
        fix=NO_ROOM,
    )


def failed(what: str, why: str) -> SchoolpubError:
    """Return the refusal for git's command *what* that ended with the complaint *why*."""
    if "dubious ownership" in why:
        return SchoolpubError(
            say("git does not trust this folder, because it belongs to another user of the machine."),
            fix=say("let its owner run the command, or ask who looks after the machine to trust it (safe.directory)"),
        )
    cure = next((cure for words, cure in _CURES.items() if any(word in why for word in words)), None)
    return SchoolpubError(
        say("git could not do its part ({what}): {why}", what=what, why=why.strip()),
        fix=cure or say("repeat the command; when it stays so, `schoolpub doctor` looks what is wrong"),
    )
