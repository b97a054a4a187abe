"""The clock of a matter that waits for an answer: by when, what stopped it meanwhile, whether it was kept.

The days are those of the item's duty for the kind of matter.  They do not run while the writer is asked for more
(after the day of the question, up to and including the day of the answer).  One extension adds days once.  A rating
that was not satisfied starts a new round, from the day of the rating.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.clock.deadlines import Deadline, base_due, lateness
from schoolpub.rules.clock.proofs import public_since
from schoolpub.rules.ledgers.answering import DISSATISFIED
from schoolpub.rules.remembered import remembered

ENDS = ("reply", "transfer", "merge", "decline")
"""Steps that answer: after them the clock does not run."""

_STOPPED = "等待补充说明，不计"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Days on which the clock stood still: after *asked*, up to and with *answered* (None: it still does)."""

    asked: date
    answered: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How the answer to a matter stands, in its present round."""

    round: int
    """1, and one more for each rating that was not satisfied."""
    begun: date
    deadline: Deadline | None
    """None while the clock stands still."""
    stops: tuple[Stop, ...] = ()
    extended: str = ""
    """By how much it was extended: `5wd`."""
    left: int = 0
    """Days that are left when the clock runs again; only while it stands still."""
    settled: date | None = None
    """The day of the answer, or of the step that ended the matter otherwise."""

    @property
    def stopped(self) -> bool:
        """Whether the clock stands still now."""
        return self.settled is None and any(stop.answered is None for stop in self.stops)


def runs(item: Item | None) -> bool:
    """Return whether records of *item* wait for an answer."""
    return item is not None and item.ledger == "feedback" and any(not duty.every for duty in item.duties)


def clock_of(record: Record, snapshot: Snapshot) -> Clock | None:
    """Return the clock of *record*; None where nothing waits for an answer."""
    item, own = snapshot.item(record), snapshot.flow(record)
    if item is None or own is None or not runs(item):
        return None

    def work_out() -> Clock | None:
        found = rounds(record, snapshot)
        return found[-1] if found else None

    return remembered(record.memory, "clock", (item, own, snapshot.calendar), work_out)


def rounds(record: Record, snapshot: Snapshot) -> list[Clock]:
    """Return the clock of every round, the first one first: statistics look at the first, the desk at the last."""
    item, own = snapshot.item(record), snapshot.flow(record)
    if item is None or own is None or not runs(item) or record.date is None:
        return []
    parts: list[list[flow.Taken]] = [[]]
    for taken in flow.replay(record, own).taken:
        parts[-1].append(taken)
        if taken.step.step == "rate" and taken.step.said("rating") == DISSATISFIED:
            parts.append([])
    begun = [record.date, *(part[-1].step.day for part in parts[:-1])]
    pairs = enumerate(zip(begun, parts, strict=True), 1)
    found = [_of_round(number, start, part, record, item, snapshot) for number, (start, part) in pairs]
    return [one for one in found if one is not None]


def paid_on(record: Record, played: flow.Replay, item: Item, snapshot: Snapshot) -> date | None:
    """Return the day on which *record* paid what its item owes: an answer, an entry in a ledger, else publication."""
    if runs(item):
        found = clock_of(record, snapshot)
        return found.settled if found else None
    if item.ledger == "feedback" and played.status == "closed":
        return record.date
    return public_since(record, played, item, snapshot.school)


def is_settled(record: Record, snapshot: Snapshot) -> bool:
    """Return whether the clock of *record* has stopped for good in this round."""
    found = clock_of(record, snapshot)
    return found is not None and found.settled is not None


def late_by(found: Clock, today: date, snapshot: Snapshot) -> int:
    """Return by how many working days the answer came late, or is late on *today*."""
    if found.deadline is None:
        return 0
    return lateness(found.deadline.date, found.settled or today, snapshot.calendar)


def _of_round(
    number: int, start: date, part: list[flow.Taken], record: Record, item: Item, snapshot: Snapshot
) -> Clock | None:
    base = base_due(record, item, snapshot)
    if base is None or not base.duty.due.within:
        return None
    settled = next((t for t in part if t.step.step in ENDS), None)
    # A review by the supervision group ends the last round: it is the group's word that counts then.
    settled = settled or next((t for t in part if t.step.step in ("review", "close")), None)
    running = part[: part.index(settled)] if settled else part
    stops = _stops(running)
    extension = next((t.step for t in running if t.step.step == "extend"), None)
    count, unit = days.parse_count(base.duty.due.within)
    more, extended = 0, ""
    if extension is not None:
        more = _extension(extension.said("days"), unit) or count
        extended = f"{more}{unit}"
    working, left = _count_out(start, count + more, unit, stops, snapshot)
    deadline = None
    if working is not None:
        why = _why(base, number, start, count, unit, more, [s for s in stops if s.asked < working.end])
        deadline = replace(
            base,
            date=working.end,
            why=why,
            working=working,
            provisional=working.provisional,
            said=None,
            recomputed=None,
        )  # fmt: skip
        deadline = _as_said(deadline, settled)
    return Clock(
        round=number, begun=start, deadline=deadline, stops=stops, extended=extended, left=left,
        settled=settled.step.day if settled else None,
    )  # fmt: skip


def _stops(part: list[flow.Taken]) -> tuple[Stop, ...]:
    found: list[Stop] = []
    for taken in part:
        if taken.step.step == "clarify":
            found.append(Stop(asked=taken.step.day, answered=None))
        elif taken.step.step == "clarified" and found:
            found[-1] = replace(found[-1], answered=taken.step.day)
    return tuple(found)


def _extension(text: str, unit: str) -> int:
    try:
        number, said = days.parse_count(text)
    except ValueError:
        return 0
    return number if said == unit else 0


def _count_out(
    start: date, count: int, unit: str, stops: tuple[Stop, ...], snapshot: Snapshot
) -> tuple[days.Computed | None, int]:
    """Return the count day by day, or None and how many days are left while it stands still."""
    working = [days.Day(start, False, "起算日不计")]
    day, counted, provisional = start, 0, False
    while counted < count:
        day += timedelta(1)
        stop = next((s for s in stops if s.asked < day and (s.answered is None or day <= s.answered)), None)
        if stop is not None and stop.answered is None:
            return None, count - counted
        if stop is not None:
            working.append(days.Day(day, False, _STOPPED))
            continue
        kind = days.is_workday(day, snapshot.calendar)
        counts = bool(kind) or unit == "d"
        counted += counts
        provisional = provisional or (unit == "wd" and kind.provisional)
        working.append(days.Day(day, counts, kind.why))
    return (
        days.Computed(
            start=start, end=day, unit=unit, count=count, provisional=provisional, working=tuple(working)
        ),
        0,
    )  # fmt: skip


def _why(base: Deadline, number: int, start: date, count: int, unit: str, more: int, stops: list[Stop]) -> str:
    word = "个工作日" if unit == "wd" else "日"
    why = (
        base.why
        if number == 1
        else f"自评价不满意（{start.year}年{start.month}月{start.day}日）起{count}{word}内（起算日不计）"
    )
    if more:
        why += f"，延期{more}{word}"
    for stop in stops:
        if stop.answered is not None:
            asked, told = stop.asked, stop.answered
            why += f"，{asked.month}月{asked.day}日至{told.month}月{told.day}日等待补充说明不计"
    return why


def _as_said(deadline: Deadline, settled: flow.Taken | None) -> Deadline:
    """Return the deadline that the answer wrote down, if it did."""
    try:
        said = date.fromisoformat(settled.step.said("due")) if settled and settled.step.said("due") else None
    except ValueError:
        said = None
    if said is None or said == deadline.date:
        return replace(deadline, said=said)
    return replace(deadline, date=said, said=said, provisional=False, recomputed=deadline.date)
