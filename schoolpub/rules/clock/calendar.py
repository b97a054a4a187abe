"""Counting days: working days by the State Council's tables, make-up days included, each with its reason.

Reasons are Chinese text: they are printed with the working of a deadline.  A year without a table is counted Monday
to Friday and what was computed from it is *provisional* (推算).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from schoolpub.errors import SchoolpubError, WrongCommandLine, say
from schoolpub.model.calendar import Calendar
from schoolpub.rules.remembered import remembered

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
LONGEST = 5000
"""Days or working days that a count may have: more is a slip of the pen."""
_COUNT = re.compile(r"(\d{1,4})(wd|d)", re.ASCII)
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class DayKind:
    """Whether a day is a working day, and why."""

    counts: bool
    why: str
    provisional: bool = False
    """The year has no table yet: judged by the day of the week alone."""

    def __bool__(self) -> bool:
        return self.counts


@dataclass(frozen=True, slots=True)
class Day:
    """One day in the working of a date: whether it was counted, and why or why not."""

    date: date
    counts: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A date that was counted out, with its working day by day."""

    start: date
    end: date
    unit: str
    """`wd` (working days) or `d` (calendar days)."""
    count: int
    provisional: bool
    working: tuple[Day, ...]


def is_workday(day: date, calendar: Calendar) -> DayKind:
    """Return whether *day* is a working day in *calendar*, and why; the answer itself is true or false."""
    try:
        kind: DayKind = calendar.memory[day]
    except KeyError:
        kind = calendar.memory[day] = _judged(day, calendar)
    return kind


def _judged(day: date, calendar: Calendar) -> DayKind:
    # A neighbouring year's notice may reach over New Year, as that of 2024 did with 2023-12-30; its own year's wins.
    for year in (day.year, day.year - 1, day.year + 1):
        if (table := calendar.years.get(year)) is None:
            continue
        if day in table.workdays:
            makes_up = table.workdays[day]
            return DayKind(True, f"调休上班（{makes_up}）" if makes_up else "调休上班")
        if day in table.holidays:
            return DayKind(False, table.holidays[day] or "放假")
    weekday, weekend = WEEKDAYS[day.weekday()], day.weekday() >= 5
    if day.year not in calendar.years:
        return DayKind(not weekend, f"{weekday}（推算，尚无{day.year}年放假安排）", provisional=True)
    return DayKind(not weekend, weekday)


def is_count(text: str) -> bool:
    """Return whether *text* is a number of days that can be counted."""
    match = _COUNT.fullmatch(text)
    return match is not None and int(match[1]) <= LONGEST


def parse_count(count: str) -> tuple[int, str]:
    """Return number and unit of *count* (`20wd`, `30d`); raise ValueError when it is neither."""
    match = _COUNT.fullmatch(count)
    if not match or not is_count(count):
        raise ValueError(count)
    return int(match[1]), match[2]


def add(start: date, count: str, calendar: Calendar, *, start_counts: bool = False) -> Computed:
    """Return the last day of *count* (`5wd`, `20d`) from *start*, which is not counted unless *start_counts*.

    The default is the law's (民法典 art. 201).
    """
    return _counted(start, count, calendar, start_counts, forward=True)


def back(start: date, count: str, calendar: Calendar) -> Computed:
    """Return the day *count* before *start*, which is not counted: the last day on which a lead time is kept."""
    return _counted(start, count, calendar, start_counts=False, forward=False)


def _counted(start: date, count: str, calendar: Calendar, start_counts: bool, *, forward: bool) -> Computed:
    key = start, count, start_counts, forward
    return remembered(calendar.memory, key, (), lambda: _count_out(start, count, calendar, start_counts, forward))


def _count_out(start: date, count: str, calendar: Calendar, start_counts: bool, forward: bool) -> Computed:
    try:
        number, unit = parse_count(count)
    except ValueError:
        raise WrongCommandLine(
            say("“{count}” is not a number of days.", count=count),
            fix=say("Write for example 5wd (working days) or 30d (calendar days)."),
        ) from None

    def judged(day: date) -> tuple[Day, bool]:
        return _told(day, calendar) if unit == "wd" else (Day(day, True, WEEKDAYS[day.weekday()]), False)

    working: list[Day] = []
    provisional, counted, day = False, 0, start
    if start_counts:
        told, provisional = judged(start)
        counted = int(told.counts and number > 0)
        working.append(told)
    elif number:
        working.append(Day(start, False, "起算日不计"))
    try:
        while counted < number:
            day = day + _DAY if forward else day - _DAY
            told, guessed = judged(day)
            counted += told.counts
            provisional = provisional or guessed
            working.append(told)
    except OverflowError:
        raise SchoolpubError(say("{count} from {start} leads out of the calendar.", count=count, start=start)) from None
    return Computed(start=start, end=day, unit=unit, count=number, provisional=provisional, working=tuple(working))


def _told(day: date, calendar: Calendar) -> tuple[Day, bool]:
    """Return *day* as it stands in a working, and whether it is only guessed."""

    def work_out() -> tuple[Day, bool]:
        kind = is_workday(day, calendar)
        return Day(day, kind.counts, kind.why), kind.provisional

    return remembered(calendar.memory, ("told", day), (), work_out)


def between(first: date, last: date, calendar: Calendar) -> Computed:
    """Return the count of working days from *first* to *last*, both counted, day by day."""
    kinds = [(day, is_workday(day, calendar)) for day in days(first, last)]
    return Computed(
        start=first,
        end=last,
        unit="wd",
        count=sum(kind.counts for _, kind in kinds),
        provisional=any(kind.provisional for _, kind in kinds),
        working=tuple(Day(day, kind.counts, kind.why) for day, kind in kinds),
    )


def workdays_between(first: date, last: date, calendar: Calendar) -> int:
    """Return the number of working days from *first* to *last*, both counted; 0 when *last* is before *first*."""
    if last < first:
        return 0
    whole = sum(_counts(year, calendar)[-1] for year in range(first.year, last.year))
    return whole + _counts(last.year, calendar)[_place(last)] - _counts(first.year, calendar)[_place(first) - 1]


def _counts(year: int, calendar: Calendar) -> list[int]:
    """Return how many working days of *year* lie before its first day, up to its first, its second …"""

    def work_out() -> list[int]:
        every = days(date(year, 1, 1), date(year, 12, 31))
        return [0, *accumulate(is_workday(day, calendar).counts for day in every)]

    return remembered(calendar.memory, year, (), work_out)


def _place(day: date) -> int:
    return day.timetuple().tm_yday


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day from *first* to *last*, both included."""
    return (first + timedelta(n) for n in range((last - first).days + 1))


def roll(day: date, how: str, calendar: Calendar) -> Computed:
    """Return *day* moved as *how* says: `none` leaves it, `next-workday` moves a rest day on (民法典 art. 203)."""
    working: list[Day] = []
    rolled, provisional = day, False
    while how == "next-workday":
        kind = is_workday(rolled, calendar)
        provisional = provisional or kind.provisional
        working.append(Day(rolled, kind.counts, kind.why if kind.counts else f"{kind.why}，顺延"))
        if kind.counts:
            break
        rolled += _DAY
    return Computed(
        start=day, end=rolled, unit="d", count=(rolled - day).days, provisional=provisional, working=tuple(working)
    )
