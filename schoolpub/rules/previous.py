"""The record of the period before, and the last one before it that was no zero report: sums carry over from there."""

from __future__ import annotations

from schoolpub.model.catalogue import Item
from schoolpub.model.period import Period, PeriodKind, before
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions
from schoolpub.rules.identity import periodic_id


def previous(snapshot: Snapshot, item: Item, about: Period | None, part: str = "") -> Record | None:
    """Return the record of *item* about the period before *about*, in its current edition."""
    try:
        earlier = before(about) if about else None
    except ValueError:
        return None
    return editions.current(snapshot, periodic_id(item, earlier, part)) if earlier else None


def carrying(snapshot: Snapshot, item: Item, about: Period | None, part: str = "") -> tuple[Record | None, bool]:
    """Return the last record before *about* that holds figures, and whether an accounting year began after it.

    A zero report says that nothing happened: what was summed up before it still stands.
    """
    begun = False
    record = previous(snapshot, item, about, part)
    while record is not None and record.zero and not record.fields:
        begun = begun or (record.period is not None and starts_year(record.period, item.year_starts))
        record = previous(snapshot, item, record.period, part)
    return record, begun


def starts_year(period: Period, month: int) -> bool:
    """Return whether the accounting year, which begins with *month*, begins in *period*."""
    if period.kind is PeriodKind.TERM:
        # The calendar's school year runs from September; an accounting year from August begins with its first term.
        return period.text.endswith("-1") if month in (8, 9) else period.first.month <= month <= period.last.month
    first = period.first
    year = first.year if month >= first.month else first.year + 1
    return first <= first.replace(year=year, month=month, day=1) <= period.last
