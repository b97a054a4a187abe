"""What was known on a day: acts recorded later had not happened yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot


def known_on(snapshot: Snapshot, day: date) -> Snapshot:
    """Return *snapshot* without the steps recorded after *day*, and without the records that were drafted later."""
    if all(not record.steps or record.steps[-1].at.date() <= day for record in snapshot.records.values()):
        return snapshot
    records: dict[str, Record] = {}
    for key, record in snapshot.records.items():
        steps = tuple(step for step in record.steps if step.at.date() <= day)
        if steps or not record.steps:
            records[key] = record if len(steps) == len(record.steps) else replace(record, steps=steps)
    return replace(snapshot, records=records)
