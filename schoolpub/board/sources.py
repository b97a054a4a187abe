"""Files that the site takes from the school's folder: attachments, and bodies byte for byte.

Nothing is published that is not what was approved: every file is held against the digest that the record carries.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from schoolpub.errors import Problem, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.views.pages.site import Copy

_STEPS = b"\nsteps:"
_COMMENT = re.compile(rb"(?:^|\s)#", re.MULTILINE)


class SourceError(Exception):
    """A file is missing, or is not the one that was approved."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem.message))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the files are."""

    root: Path
    attachments: Path

    def offers(self, record: Record) -> bool:
        """Return whether the body of *record* can be had as it was approved, and hides no comment."""
        return self.body(record) is not None

    def body(self, record: Record) -> bytes | None:
        """Return the body of *record* as approved, byte for byte; None when it is not, or has comments of a clerk."""
        try:
            data = (self.root / record.file).read_bytes()
        except OSError:
            return None
        body = data[: data.find(_STEPS) + 1]
        approved = f"sha256:{hashlib.sha256(body).hexdigest()}" == record.content
        return body if approved and not _COMMENT.search(body) else None

    def holds(self, record: Record, file: str, sha256: str) -> bool:
        """Return whether *file* of *record* is at hand and is the one with that digest."""
        for folder in dict.fromkeys((record.id, record.base)):
            try:
                data = (self.attachments / folder / file).read_bytes()
            except OSError:
                continue
            return hashlib.sha256(data).hexdigest() == sha256
        return False

    def read(self, copy: Copy, snapshot: Snapshot) -> bytes:
        """Return the file that *copy* takes; raise SourceError when it is not there or not what was approved."""
        record = snapshot.records[copy.record]
        if not copy.file:
            if (body := self.body(record)) is not None:
                return body
            raise SourceError(_missing(record, record.file))
        for folder in dict.fromkeys((record.id, record.base)):
            try:
                data = (self.attachments / folder / copy.file).read_bytes()
            except OSError:
                continue
            if hashlib.sha256(data).hexdigest() == copy.sha256:
                return data
            raise SourceError(_changed(record, copy.file))
        raise SourceError(_missing(record, copy.file))


def _missing(record: Record, file: str) -> Problem:
    return Problem(
        code="site-file-missing",
        message=say("the file “{file}” is not there", file=file),
        fix=say("Put the file back as it was attached; `git restore` or the last backup has it."),
        record=record.id,
        file=record.file,
        where=("attachments",),
    )


def _changed(record: Record, file: str) -> Problem:
    return Problem(
        code="site-file-changed",
        message=say("the file “{file}” is not the one that was approved: its digest is another", file=file),
        fix=say("Put the approved file back; a changed one needs a new edition: schoolpub correct {id}", id=record.id),
        record=record.id,
        file=record.file,
        where=("attachments",),
    )
