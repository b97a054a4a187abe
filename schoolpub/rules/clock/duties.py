"""What is owed: the catalogue's duties times the calendar, less what was posted.

A duty is paid by a posted record of its period and part (a zero report counts), whatever became of the record later;
or it is let off by a waiver.  It was paid on the day from which the record was really public, where that is proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Catalogue, Duty, Item
from schoolpub.model.period import Period, PeriodKind, parse_period, week_of
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.clock.anchors import Occasion, span
from schoolpub.rules.clock.deadlines import WEEKDAYS, Deadline, deadline, due_of, lateness, put_off
from schoolpub.rules.clock.waivers import Waiver, waiver_of, waivers
from schoolpub.rules.ledgers.clock import is_settled, paid_on, runs
from schoolpub.rules.remembered import remembered

PAID = flow.POSTED_STATUSES | {"superseded"}
"""Statuses of a record that was posted once."""
_OPEN_NOT = PAID | {"void", flow.NONE}
_HALVES = ("mid", "end")


def pays(item: Item, status: str) -> bool:
    """Return whether a record of *item* in *status* pays its duty: posted once, or entered in a ledger and closed."""
    return status in PAID or (item.ledger == "feedback" and status == "closed")


class State(StrEnum):
    """How a duty stands on a day."""

    PAID = "paid"
    WAIVED = "waived"
    """Let off by a waiver."""
    LATE = "late"
    DUE = "due"
    """Due on this very day."""
    SOON = "soon"
    """Due within the school's `due_soon_days`."""
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing that the catalogue makes the school owe, and how it stands."""

    item: Item
    duty: Duty | None
    """None for a record of an event that no repeated duty asked for."""
    period: Period | None = None
    day: date | None = None
    """For duties of single days, and for events."""
    part: str = ""
    due: Deadline
    since: date | None = None
    """From which day on the school owes it: the catalogue edition's, the duty's own, or the school's."""
    record_id: str | None = None
    """The record that paid; else the one that is on its way."""
    state: State
    done: date | None = None
    """The day from which it was public: the proven one, else that of the posting."""
    waiver: str | None = None
    """The record that lets it off, or put it off."""
    late_by: int = 0
    """Working days by which it was, or is, late."""

    @property
    def key(self) -> str:
        """The period or the date, as text."""
        return self.period.text if self.period else self.day.isoformat() if self.day else ""


def owed(snapshot: Snapshot, today: date, *, horizon_days: int | None = None, since: date | None = None) -> list[Owed]:
    """Return every repeated duty that fell due from *since* until *horizon_days* after *today*, by due date.

    Each is judged by the edition of the catalogue in force when it arose.
    """
    horizon = snapshot.school.due_soon_days if horizon_days is None else horizon_days
    until = today + timedelta(horizon)
    work_out = partial(_owed, snapshot, today, until, since)
    return list(remembered(snapshot.memory, ("owed", today, until, since), (), work_out))


def _owed(snapshot: Snapshot, today: date, until: date, since: date | None) -> list[Owed]:
    index = _Index.of(snapshot)
    school_since = snapshot.school.owed_since
    found: dict[tuple[str, str, str], Owed] = {}
    for edition, end in _editions(snapshot, until):
        for item in edition.items.values():
            for duty in item.duties:
                begin = max(edition.edition, duty.since or edition.edition)
                for occasion, due in _occasions(duty, item, begin, end, snapshot.calendar):
                    if due.date > until or (since and due.date < since) or (school_since and due.date < school_since):
                        continue
                    entry = _stand(item, duty, occasion, due, index, today, max(begin, school_since or begin))
                    found.setdefault((item.slug, entry.key, entry.part), entry)
    return sorted(found.values(), key=lambda o: (o.due.date, o.item.slug, o.key, o.part))


def started(snapshot: Snapshot, today: date) -> list[Owed]:
    """Return what is owed for records that exist, are about an event and are not posted yet, by due date."""
    found = []
    since = snapshot.school.owed_since
    for record in snapshot.records.values():
        item = snapshot.item(record)
        if item is None or record.date is None or flow.status(snapshot, record) in _OPEN_NOT:
            continue
        due = due_of(record, item, snapshot)
        if due is None or due.duty.every or (runs(item) and is_settled(record, snapshot)):
            continue
        if since and due.date < since:
            continue
        state, late_by = _unpaid(due, today, snapshot)
        found.append(
            Owed(
                item=item,
                duty=due.duty,
                day=record.date,
                part=record.part,
                due=due,
                record_id=record.id,
                state=state,
                late_by=late_by,
            )
        )
    return sorted(found, key=lambda o: (o.due.date, o.record_id or ""))


def _editions(snapshot: Snapshot, until: date) -> Iterator[tuple[Catalogue, date]]:
    """Yield the editions in force by *until*, each with its last day."""
    begun = sorted(edition for edition in snapshot.catalogues if edition <= until)
    for index, edition in enumerate(begun):
        following = begun[index + 1] if index + 1 < len(begun) else None
        # Something may arise after the horizon and be due before it: `{date: 05-31, of: this-year}`.
        yield snapshot.catalogues[edition], following - timedelta(1) if following else until + timedelta(400)


def _occasions(
    duty: Duty, item: Item, begin: date, end: date, calendar: Calendar
) -> Sequence[tuple[Occasion, Deadline]]:
    """Return what *duty* asks for and arises from *begin* to *end*: when its period ends, or when it is due before."""
    if not duty.every:
        return ()
    key = "occasions", id(duty), begin, end
    work_out = partial(_worked_out, duty, item, begin, end, calendar)
    return remembered(calendar.memory, key, (duty,), lambda: tuple(work_out()))


def _worked_out(
    duty: Duty, item: Item, begin: date, end: date, calendar: Calendar
) -> Iterator[tuple[Occasion, Deadline]]:
    for occasion in _all(duty, item, begin, end, calendar):
        due = deadline(duty, occasion, calendar)
        ends = span(occasion, calendar, halves=duty.every == "half-term")
        if due is not None and ends is not None and begin <= min(ends[1], due.date) <= end:
            yield occasion, due


def _all(duty: Duty, item: Item, begin: date, end: date, calendar: Calendar) -> Iterator[Occasion]:
    names = {"date": item.date_name}
    match duty.every:
        case "week":
            for period in _weeks(begin, end):
                if not duty.in_term or any(_taught(day, calendar) for day in days.days(period.first, period.last)):
                    yield Occasion(period=period, part=duty.part, names=names)
        case "day":
            for day in days.days(begin, end):
                if _taught(day, calendar) if duty.in_term else days.is_workday(day, calendar):
                    yield Occasion(date=day, part=duty.part, names=names)
        case every if every in WEEKDAYS:
            for day in days.days(begin, end):
                if day.weekday() == WEEKDAYS.index(every) and (not duty.in_term or _in_session(day, calendar)):
                    yield Occasion(date=day, part=duty.part, names=names)
        case "half-term":
            for term in _terms(begin, end, calendar):
                for part in item.parts or _HALVES:
                    yield Occasion(period=term, part=part, names=names)
        case _:
            for period in _periods(duty.every, begin, end, calendar):
                if not duty.in_term or any(calendar.term_of(day) for day in days.days(period.first, period.last)):
                    yield Occasion(period=period, part=duty.part, names=names)


def _taught(day: date, calendar: Calendar) -> bool:
    """Return whether *day* is a working day of a term on which the school is open."""
    return _in_session(day, calendar) and bool(days.is_workday(day, calendar))


def _in_session(day: date, calendar: Calendar) -> bool:
    """Return whether *day* lies in a term and in none of the school's own closings."""
    closed = any(closing.first <= day <= closing.last for closing in calendar.closings)
    return not closed and calendar.term_of(day) is not None


def _weeks(begin: date, end: date) -> Iterator[Period]:
    monday = begin - timedelta(begin.weekday())
    # One week more: the plan of a week is due before it begins.
    while monday <= end + timedelta(7):
        yield week_of(monday)
        monday += timedelta(7)


def _periods(every: str, begin: date, end: date, calendar: Calendar) -> Iterator[Period]:
    years = range(begin.year, end.year + 1)
    match every:
        case "month":
            texts = [f"{year}-{month:02}" for year in years for month in range(1, 13)]
        case "quarter":
            texts = [f"{year}Q{quarter}" for year in years for quarter in range(1, 5)]
        case "year":
            texts = [f"{year}" for year in years]
        case "school-year":
            texts = [f"{year}-{year + 1}" for year in range(begin.year - 1, end.year + 1)]
        case _:
            yield from _terms(begin, end, calendar)
            return
    yield from map(parse_period, texts)


def _terms(begin: date, end: date, calendar: Calendar) -> Iterator[Period]:
    """Yield the terms, from the first one entered: nothing is owed for terms before the school's own."""
    entered = min((term.id for term in calendar.terms), default="")
    for year in range(begin.year - 1, end.year + 1):
        for number in (1, 2):
            text = f"{year}-{year + 1}-{number}"
            if text >= entered:
                yield parse_period(text)


def _stand(item: Item, duty: Duty, occasion: Occasion, due: Deadline, index: _Index, today: date, since: date) -> Owed:
    """Return how *duty* stands on *today*."""
    candidates = index.find(item, duty, occasion)
    paid = next((record for record, status in candidates if pays(item, status)), None)
    started = next((r for r, status in reversed(candidates) if status not in ("void", flow.NONE)), None)
    record = paid or started
    done = index.public_since(paid) if paid else None
    waiver = waiver_of(index.waivers, item, occasion.period, occasion.date, due.date)
    let_off = waiver is not None and waiver.lets_off(due.date)
    due = put_off(due, waiver)
    if paid:
        due = due_of(paid, item, index.snapshot) or due
        state, late_by = State.PAID, lateness(due.date, done, index.snapshot.calendar) if done else 0
    elif let_off:
        state, late_by = State.WAIVED, 0
    else:
        # A draft may know more than the calendar: the day of the approval that the deadline counts from.
        known = due_of(started, item, index.snapshot) if started else None
        due = known if known and known.date < due.date else due
        state, late_by = _unpaid(due, today, index.snapshot)
    return Owed(
        item=item,
        duty=duty,
        period=occasion.period,
        day=occasion.date,
        part=occasion.part,
        due=due,
        since=since,
        record_id=record.id if record else None,
        state=state,
        done=done,
        late_by=late_by,
        waiver=waiver.record_id if waiver else None,
    )


def _unpaid(due: Deadline, today: date, snapshot: Snapshot) -> tuple[State, int]:
    late_by = lateness(due.date, today, snapshot.calendar)
    if late_by:
        return State.LATE, late_by
    if due.date == today:
        return State.DUE, 0
    soon = due.date <= today + timedelta(snapshot.school.due_soon_days)
    return State.SOON if soon else State.LATER, 0


@dataclass(slots=True)
class _Index:
    """The records by item, so that each duty finds its own without a search through all."""

    snapshot: Snapshot
    waivers: tuple[Waiver, ...]
    by_item: dict[str, list[Record]]
    by_period: dict[tuple[str, str], list[Record]]
    """Item and period → the records about it."""
    unbound: dict[str, list[Record]]
    """Item → its records about a day, or about a span of several periods."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> _Index:
        """Return the index of *snapshot*."""
        index = cls(snapshot, waivers(snapshot), {}, {}, {})
        for record in snapshot.records.values():
            index.by_item.setdefault(record.item, []).append(record)
            if record.period and record.period.kind is not PeriodKind.SPAN:
                index.by_period.setdefault((record.item, record.period.text), []).append(record)
            else:
                index.unbound.setdefault(record.item, []).append(record)
        return index

    def find(self, item: Item, duty: Duty, occasion: Occasion) -> list[tuple[Record, str]]:
        """Return the records that *duty* is about, first editions first, each with its status."""
        near = self.by_item.get(item.slug, [])
        if occasion.period:
            about = self.by_period.get((item.slug, occasion.period.text), [])
            near = [*about, *self.unbound.get(item.slug, ())]
        records = [
            record for record in near if record.part == occasion.part and _is_about(record, item, duty, occasion)
        ]
        records.sort(key=lambda record: (record.edition, record.id))
        return [(record, flow.status(self.snapshot, record)) for record in records]

    def public_since(self, record: Record) -> date | None:
        """Return the day from which *record* was public."""
        own, item = self.snapshot.flow(record), self.snapshot.item(record)
        if own is None or item is None:
            return None
        return paid_on(record, flow.replay(record, own), item, self.snapshot)


def _is_about(record: Record, item: Item, duty: Duty, occasion: Occasion) -> bool:
    if occasion.period:
        if record.period:
            return record.period.text == occasion.period.text or (
                record.period.kind is PeriodKind.SPAN
                and record.period.first <= occasion.period.first
                and occasion.period.last <= record.period.last
            )
        # An item of events may owe a yearly account as well: any record of that time pays it.
        return not item.periodic and record.date is not None and _within(record.date, occasion.period)
    assert occasion.date is not None
    if record.period:
        return record.period.kind is PeriodKind.WEEK and _within(occasion.date, record.period)
    if record.date is None:
        return False
    if duty.every in WEEKDAYS:
        # Rolled or late, it still stands for the last such weekday.
        return occasion.date <= record.date < occasion.date + timedelta(7)
    return record.date == occasion.date


def _within(day: date, period: Period) -> bool:
    return period.first <= day <= period.last
