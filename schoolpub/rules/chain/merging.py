"""Two offices that worked apart: what goes together by itself, and where a person has to decide.

Files are never blended: a body that one office edited would slip under an approval that the other appended.  What only
one side touched is taken; what both touched on one record is a clash, in which one side's file stands and a `merged`
step names the other by its digest.  The other side's steps are void, and stay readable in the history.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from schoolpub.errors import Text, say
from schoolpub.model.catalogue import FlowStep
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import authority, flow, numbering, witness

HERE, THERE = "here", "there"
_STOPPED = frozenset({"suspended", "withdrawn"})
_ERASE = "erase"
_RECORD = re.compile(r"records/[a-z]+/\d{4}/(?P<id>[^/]+)\.yaml")
_ATTACHMENT = re.compile(r"records/attachments/(?P<id>[^/]+)/[^/]+")

_SETTLED = re.compile(rb" *- \{step: merged, [^\n]*\n(?: *- \{signed: [^\n]*\n)?")
"""What stands below the side that was kept: the step, and its signature."""


@dataclass(frozen=True, slots=True)
class Division:
    """What to do with the files that two sides changed since they parted."""

    taken: Mapping[str, str] = field(default_factory=dict)
    """Path → blob of what only the other side changed."""
    deleted: tuple[str, ...] = ()
    """What the other side removed: nothing is ever removed from the records."""
    clashes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Record id, or path of a file of another kind → all its paths that either side changed."""


def divide(here: Mapping[str, str], there: Mapping[str, str]) -> Division:
    """Return how the changes *here* and *there* (path → blob afterwards, empty for none) go together."""
    both = {path for path in here.keys() & there.keys() if here[path] != there[path]}
    owners = {owner(path) for path in both}
    clashes: dict[str, list[str]] = {}
    for path in sorted(here.keys() | there.keys()):
        if owner(path) in owners:
            clashes.setdefault(owner(path), []).append(path)
    inside = {path for paths in clashes.values() for path in paths}
    taken = {path: blob for path, blob in there.items() if path not in inside and here.get(path) != blob}
    deleted = tuple(sorted(path for path, blob in taken.items() if not blob and path.startswith("records/")))
    return Division(taken, deleted, {key: tuple(paths) for key, paths in clashes.items()})


def owner(path: str) -> str:
    """Return the record that a file belongs to, or the file itself."""
    match = _RECORD.fullmatch(path) or _ATTACHMENT.fullmatch(path)
    return match["id"] if match else path


def is_record(path: str) -> bool:
    """Return whether *path* is a record's own file."""
    return _RECORD.fullmatch(path) is not None


def digest(data: bytes) -> str:
    """Return what a `merged` step says of the file that does not stand."""
    return hashlib.sha256(data).hexdigest()


def settled_side(merged: bytes, sides: Sequence[bytes]) -> int | None:
    """Return which of *sides* stands in *merged*, above a `merged` step that names all the others; else None."""
    for index, side in enumerate(sides):
        line = merged.removeprefix(side)
        if line == merged or not _SETTLED.fullmatch(line):
            continue
        if all(digest(other).encode() in line for other in sides if other != side):
            return index
    return None


def void_numbers(kept: Record, others: Sequence[Record]) -> list[str]:
    """Return the official numbers that only the sides gave which do not stand: a paper may bear them."""
    known = {number for number, _ in numbering.numbers(kept)}
    every = dict.fromkeys(number for other in others for number, _ in numbering.numbers(other))
    return [number for number in every if number not in known]


def void_codes(kept: Record, others: Sequence[Record], snapshot: Snapshot) -> list[str]:
    """Return the witness codes of sign-offs that only the sides took which do not stand: a sheet may bear them."""
    known, *given = ([*witness.ever(one, snapshot.flow(one))] for one in (kept, *others))
    return [code for code in dict.fromkeys(code for codes in given for code in codes) if code not in known]


def forbidden(snapshot: Snapshot, kept: Record, void: Record, person: str, day: date) -> Text | None:
    """Return why *person* may not let *kept* stand rather than *void*; None where they may.

    What was erased is not called back, what was posted is ended by nobody's choice of a side, and what was stopped
    goes on by the word of whoever may lift the stop.
    """
    own = snapshot.flow(void)
    one, other = flow.status(snapshot, kept), flow.status(snapshot, void)
    if own is None:
        return None
    if any(step.step == _ERASE for step in void.steps) and not any(step.step == _ERASE for step in kept.steps):
        return say("one side erased personal data: its text stands")
    if other in flow.POSTED_STATUSES and one not in flow.POSTED_STATUSES:
        return say("one side posted it: its text stands, and may then be suspended or corrected")
    lift = _lift(own.steps) if other in _STOPPED and one not in _STOPPED else None
    if lift and not authority.entitlement(snapshot.people, person, lift, void.department, day):
        return say("one side stopped it: only who may take the step “{step}” lets the other text stand ({roles})",
                   step=lift.name, roles="、".join(lift.by))  # fmt: skip
    return None


def _lift(steps: Sequence[FlowStep]) -> FlowStep | None:
    """Return the step that lifts a stop."""
    return next((line for line in steps if line.to == "before" and set(line.sources) & _STOPPED), None)
