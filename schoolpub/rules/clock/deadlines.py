"""When a record is due, by which duty, and how the day was found; how late something was."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Due, Duty, Item
from schoolpub.model.period import Period, PeriodKind
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.flow import replay
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.clock.anchors import Anchor, Occasion, anchor, moments, occasion_of
from schoolpub.rules.clock.calendar import Computed
from schoolpub.rules.clock.notice_periods import NoticePeriod, notice_of, propose_end
from schoolpub.rules.clock.waivers import Waiver, waiver_of, waivers

__all__ = [
    "WEEKDAYS",
    "Deadline",
    "NoticePeriod",
    "base_due",
    "deadline",
    "due_of",
    "lateness",
    "moments",
    "notice_of",
    "propose_end",
    "put_off",
]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KINDS = {
    "day": (),
    "week": (PeriodKind.WEEK,),
    "month": (PeriodKind.MONTH,),
    "quarter": (PeriodKind.QUARTER,),
    "term": (PeriodKind.TERM,),
    "half-term": (PeriodKind.TERM,),
    "year": (PeriodKind.YEAR,),
    "school-year": (PeriodKind.SCHOOL_YEAR,),
    **dict.fromkeys(WEEKDAYS, (PeriodKind.WEEK,)),
}
"""`every` → the kinds of period that its records are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The last day on which a duty is paid in time."""

    provisional: bool
    """Computed from a year without a table of holidays, or a term not entered yet (推算)."""
    why: str
    """How the day follows from the duty, in Chinese."""
    working: Computed | None
    """The counting, day by day, where days were counted."""
    duty: Duty
    said: date | None = None
    """The date that was shown when the record was posted, and therefore stands."""
    recomputed: date | None = None
    """What today's calendar gives, where that is another day; `why` and `working` explain this one."""
    date: date
    """The day that counts."""


def due_of(record: Record, item: Item, snapshot: Snapshot) -> Deadline | None:
    """Return when *record* is (or was) due, None when no duty of *item* says so, or while its clock stands still.

    Of a record that was posted, the date that `post` wrote down stands.
    """
    if item.ledger == "feedback":
        from schoolpub.rules.ledgers import clock

        if clock.runs(item):
            found = clock.clock_of(record, snapshot)
            return found.deadline if found else None
    return base_due(record, item, snapshot)


def base_due(record: Record, item: Item, snapshot: Snapshot) -> Deadline | None:
    """Return when *record* is due by its duty alone, whatever stopped the clock or extended the time."""
    occasion = occasion_of(record, item)
    found = [due for duty in _duties(record, item) if (due := deadline(duty, occasion, snapshot.calendar)) is not None]
    if not found:
        return None
    earliest = min(found, key=lambda due: due.date)
    earliest = put_off(earliest, waiver_of(waivers(snapshot), item, record.period, record.date, earliest.date))
    said = _said(record, snapshot)
    if said is None:
        return earliest
    return replace(
        earliest, date=said, said=said, provisional=False, recomputed=None if earliest.date == said else earliest.date
    )


def put_off(due: Deadline, waiver: Waiver | None) -> Deadline:
    """Return *due* as *waiver* puts it off; one that lets the duty off altogether leaves the date as it is."""
    if waiver is None or waiver.lets_off(due.date) or waiver.postponed is None:
        return due
    why = f"{due.why}，暂缓公开至{_told(waiver.postponed)}（{waiver.record_id}）"
    return replace(due, date=waiver.postponed, why=why)


def _said(record: Record, snapshot: Snapshot) -> date | None:
    flow = snapshot.flow(record)
    post = replay(record, flow).last("post") if flow else None
    try:
        return date.fromisoformat(post.said("due")) if post and post.said("due") else None
    except ValueError:
        return None


def _duties(record: Record, item: Item) -> list[Duty]:
    """Return the duties of *item* that *record* pays."""
    fitting = [duty for duty in item.duties if _fits(duty, record)]
    for_part = [duty for duty in fitting if duty.part == record.part]
    return for_part or [duty for duty in fitting if not duty.part]


def _fits(duty: Duty, record: Record) -> bool:
    if any(record.fields.get(key) not in values for key, values in duty.only.items()):
        return False
    if not duty.every:
        return True
    if record.period is None:
        return True
    kind = record.period.kind
    return kind in _KINDS[duty.every] or (kind is PeriodKind.SPAN and duty.every in ("month", "quarter", "year"))


def deadline(duty: Duty, occasion: Occasion, calendar: Calendar) -> Deadline | None:
    """Return when *duty* is due on *occasion*, None when the date to count from is not known."""
    due = duty.due
    if due.within or due.before:
        return _counted(duty, occasion, calendar)
    found = _fixed(duty, occasion)
    if found is None:
        return None
    day, why = found
    rolled = days.roll(day, due.roll, calendar)
    moved = rolled.end != day
    return Deadline(
        date=rolled.end,
        provisional=rolled.provisional,
        why=f"{why}，遇休息日顺延至{_told(rolled.end)}" if moved else why,
        working=rolled if moved else None,
        duty=duty,
    )


def _counted(duty: Duty, occasion: Occasion, calendar: Calendar) -> Deadline | None:
    due = duty.due
    start = anchor(due.of, occasion, calendar, last=bool(due.within), halves=duty.every == "half-term")
    if start is None:
        return None
    if due.within:
        working = days.add(start.date, due.within, calendar)
        why = f"自{_from(start)}起{_count(due.within)}内（起算日不计）"
    else:
        working = days.back(start.date, due.before, calendar)
        why = f"{_from(start)}的{_count(due.before)}前"
    rolled = days.roll(working.end, due.roll, calendar)
    if rolled.end != working.end:
        why += f"，遇休息日顺延至{_told(rolled.end)}"
        working = replace(working, end=rolled.end, working=(*working.working, *rolled.working[1:]))
    return Deadline(
        date=rolled.end,
        provisional=start.provisional or working.provisional or rolled.provisional,
        why=why,
        working=working,
        duty=duty,
    )


def _from(start: Anchor) -> str:
    return f"{start.name}（{_told(start.date)}）"


def _count(count: str) -> str:
    number, unit = days.parse_count(count)
    return f"{number}个工作日" if unit == "wd" else f"{number}日"


def _told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _fixed(duty: Duty, occasion: Occasion) -> tuple[date, str] | None:
    """Return the day that *duty* names directly, before it is rolled, and how."""
    due = duty.due
    if due.same_day:
        return _same_day(duty, occasion)
    last = occasion.period.last if occasion.period else occasion.date
    if last is None:
        return None
    if due.day is not None:
        following = last.replace(day=1) + timedelta(monthrange(last.year, last.month)[1])
        month = following if due.of == "next-month" else last
        name = "次月" if due.of == "next-month" else "当月"
        return _in_month(month.year, month.month, due.day), f"{name}{due.day}日前"
    if due.weekday is not None:
        return _weekday(due, last)
    if due.month_day:
        return _day_of_year(due, occasion.period, last)
    return None


def _weekday(due: Due, last: date) -> tuple[date, str]:
    assert due.weekday is not None
    monday = last - timedelta(last.weekday())
    name = days.WEEKDAYS[due.weekday - 1]
    if due.of == "this-week":
        return monday + timedelta(due.weekday - 1), f"当{name}前"
    return monday + timedelta(due.weekday + 6), f"下{name}前"


def _day_of_year(due: Due, period: Period | None, last: date) -> tuple[date, str]:
    month, day = (int(part) for part in due.month_day.split("-"))
    # A school year and a term count from the year in which they begin, a span from its last year.
    year = period.first.year if period and period.kind is not PeriodKind.SPAN else last.year
    name = "次年" if due.of == "next-year" else "当年"
    return _in_month(year + (due.of == "next-year"), month, day), f"{name}{month}月{day}日前"


def _same_day(duty: Duty, occasion: Occasion) -> tuple[date, str] | None:
    if duty.every in WEEKDAYS:
        number = WEEKDAYS.index(duty.every)
        if occasion.period and occasion.period.kind is PeriodKind.WEEK:
            return occasion.period.first + timedelta(number), f"每{days.WEEKDAYS[number]}当日"
        if occasion.date:
            # The last such weekday: a check that was rolled or late stands for the one before it.
            back = (occasion.date.weekday() - number) % 7
            return occasion.date - timedelta(back), f"每{days.WEEKDAYS[number]}当日"
    day = occasion.date or (occasion.period.last if occasion.period else None)
    return (day, "当日") if day else None


def _in_month(year: int, month: int, day: int) -> date:
    """Return the day, or the last one of a month that is too short for it."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def lateness(due: date, done: date, calendar: Calendar) -> int:
    """Return by how many working days *done* is after *due*, 0 when in time, at least 1 when late."""
    if done <= due:
        return 0
    return max(1, days.workdays_between(due + timedelta(1), done, calendar))
