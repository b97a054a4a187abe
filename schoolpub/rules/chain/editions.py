"""Editions of a record: which one counts, which one is public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from schoolpub.model.record import Record, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.remembered import remembered


def editions(snapshot: Snapshot, record_id: str) -> list[Record]:
    """Return every edition of the record called *record_id* (with or without `.vN`), the first one first."""
    base = base_id(record_id)
    found = [snapshot.records[base]] if base in snapshot.records else []
    number = 2
    while (record := snapshot.records.get(f"{base}.v{number}")) is not None:
        found.append(record)
        number += 1
    return found


def current(snapshot: Snapshot, record_id: str) -> Record | None:
    """Return the latest edition that was not given up, drafts included: what other records are judged against."""
    return next((r for r in reversed(editions(snapshot, record_id)) if flow.status(snapshot, r) != "void"), None)


def posted(snapshot: Snapshot, record_id: str) -> Record | None:
    """Return the latest edition that was posted: the one at the record's address."""
    found = (r for r in reversed(editions(snapshot, record_id)))
    return next((r for r in found if flow.status(snapshot, r) in flow.POSTED_STATUSES), None)


def superseded(snapshot: Snapshot, record: Record) -> bool:
    """Return whether a later edition of *record* is posted."""
    public = posted(snapshot, record.id)
    return public is not None and public.edition > record.edition


def correcting(snapshot: Snapshot) -> Mapping[str, date]:
    """Return the base ids of what is public and being corrected, each with the day on which that began."""
    if snapshot.correcting is not None:
        return snapshot.correcting
    return remembered(snapshot.memory, "correcting", (), lambda: _correcting(snapshot))


def _correcting(snapshot: Snapshot) -> dict[str, date]:
    found: dict[str, date] = {}
    for record in snapshot.records.values():
        if record.edition == 1 or not record.steps or current(snapshot, record.id) is not record:
            continue
        public = posted(snapshot, record.id)
        if public is None or public.edition >= record.edition:
            continue
        if flow.status(snapshot, public) in flow.PUBLIC_STATUSES:
            found[record.base] = record.steps[0].day
    return found
