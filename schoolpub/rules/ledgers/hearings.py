"""Parents' meetings (家长会): which class had one in a term, and which had none.

A record that names a grade stands for all its classes, one that names the whole school for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schoolpub.model.calendar import Term
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow

HEARING = "hearing"
PARENTS_MEETING = "家长会"
_ALL = ("全校", "全体班级")


@dataclass(frozen=True, slots=True)
class ClassMeetings:
    """The parents' meetings of one class in a term; their minutes need not be published yet."""

    name: str
    meetings: tuple[Record, ...]


def class_meetings(snapshot: Snapshot, term: Term) -> list[ClassMeetings]:
    """Return every class of the school with its parents' meetings in *term*, in the school's order."""
    held = [(record, scope_of(record)) for record in _parents_meetings(snapshot, term)]
    return [
        ClassMeetings(name, tuple(record for record, scope in held if any(covers(entry, name) for entry in scope)))
        for name in snapshot.school.classes
    ]


def covers(entry: str, name: str) -> bool:
    """Return whether *entry* of a meeting's scope means the class *name*: itself, its grade, or all."""
    return entry in _ALL or name == entry or (entry.endswith("年级") and name.startswith(entry))


def scope_of(record: Record) -> list[str]:
    """Return what the record names as its scope."""
    value = record.fields.get("scope")
    entries = value if isinstance(value, list) else [value]
    return [entry.strip() for entry in entries if isinstance(entry, str) and entry.strip()]


def _parents_meetings(snapshot: Snapshot, term: Term) -> Iterator[Record]:
    for record in snapshot.records.values():
        held = record.item == HEARING and record.fields.get("kind") == PARENTS_MEETING
        within = record.date is not None and term.first <= record.date <= term.last
        if held and within and flow.status(snapshot, record) not in ("void", flow.NONE):
            yield record
