"""What a change of calendar, catalogue or settings does to dates: which open ones move, from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schoolpub.model.catalogue import Item
from schoolpub.model.period import Period
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.clock.deadlines import due_of
from schoolpub.rules.clock.duties import Owed, State, owed, started
from schoolpub.rules.clock.notice_periods import notice_of

_SETTLED = (State.PAID, State.WAIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A date that becomes another one."""

    kind: str
    """`due`; `notice` (the earliest lawful end); `stands` (posted: what it showed stays, the table gives another)."""
    item: Item
    period: Period | None = None
    day: date | None = None
    part: str = ""
    record_id: str = ""
    before: date | None
    """None: it was not owed before."""
    after: date | None
    """None: it is not owed any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Everything that a change does to dates."""

    moved: tuple[Move, ...]
    settled: int
    """Dates that stay and are not provisional (推算) any more."""
    unsettled: int
    """Dates that stay and become provisional."""


def moves(before: Snapshot, after: Snapshot, today: date) -> Moves:
    """Return what changes from *before* to *after*, as it looks on *today*: both hold the same records."""
    last = max((*before.calendar.years, *after.calendar.years, today.year))
    horizon = max((date(last, 12, 31) - today).days + 31, 366)
    old, new = _open(before, today, horizon), _open(after, today, horizon)
    found = []
    settled = unsettled = 0
    for key in sorted(old.keys() | new.keys()):
        one, other = old.get(key), new.get(key)
        if one and other and one.due.date == other.due.date:
            settled += one.due.provisional and not other.due.provisional
            unsettled += other.due.provisional and not one.due.provisional
            continue
        if (one or other) is not None:
            found.append(_move(one, other))
    found.sort(key=lambda m: (m.after or m.before or today, m.item.slug, m.record_id))
    found += [m for record in after.records.values() if (m := _of_record(record, before, after, today))]
    return Moves(moved=tuple(found), settled=settled, unsettled=unsettled)


def _open(snapshot: Snapshot, today: date, horizon: int) -> dict[tuple[str, str, str], Owed]:
    """Return what is still owed, by item, period or day, and part."""
    entries = [e for e in owed(snapshot, today, horizon_days=horizon) if e.state not in _SETTLED]
    known = {entry.record_id for entry in entries}
    until = today + timedelta(horizon)
    entries += [e for e in started(snapshot, today) if e.record_id not in known and e.due.date <= until]
    return {(e.item.slug, e.record_id or e.key if e.duty and not e.duty.every else e.key, e.part): e for e in entries}


def _move(one: Owed | None, other: Owed | None) -> Move:
    entry = other or one
    assert entry is not None
    return Move(
        kind="due",
        item=entry.item,
        period=entry.period,
        day=entry.day,
        part=entry.part,
        record_id=entry.record_id or "",
        before=one.due.date if one else None,
        after=other.due.date if other else None,
    )


def _of_record(record: Record, before: Snapshot, after: Snapshot, today: date) -> Move | None:
    """Return how the notice period, or the deadline of what is posted, comes out differently."""
    item, own = after.item(record), after.flow(record)
    old_item = before.item(record)
    if item is None or own is None or old_item is None:
        return None
    status = flow.status(after, record)
    kind = ""
    one: date | None = None
    other: date | None = None
    if status in flow.POSTED_STATUSES:
        old_due, new_due = due_of(record, old_item, before), due_of(record, item, after)
        one = (old_due.recomputed or old_due.date) if old_due else None
        other = (new_due.recomputed or new_due.date) if new_due else None
        kind = "stands"
    if one == other and status != "void":
        old_notice, new_notice = notice_of(record, old_item, before), notice_of(record, item, after)
        runs = new_notice is not None and (new_notice.last is None or new_notice.last >= today)
        if old_notice and new_notice and runs:
            kind, one, other = "notice", old_notice.earliest, new_notice.earliest
    if one == other:
        return None
    return Move(
        kind=kind, item=item, period=record.period, day=record.date, part=record.part, record_id=record.id,
        before=one, after=other,
    )  # fmt: skip
