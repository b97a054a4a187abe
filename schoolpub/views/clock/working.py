"""The working of a date, day by day: for the terminal, for a script, and folded below a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from schoolpub.model.calendar import YearTable
from schoolpub.rules.clock.calendar import WEEKDAYS, Computed
from schoolpub.views import formats

_UNITS = {"wd": "个工作日", "d": "日"}


def data(computed: Computed) -> dict[str, Any]:
    """Return the working as `days --json` gives it."""
    return {
        "start": computed.start.isoformat(),
        "end": computed.end.isoformat(),
        "unit": computed.unit,
        "count": computed.count,
        "provisional": computed.provisional,
        "working": [{"date": d.date.isoformat(), "counts": d.counts, "why": d.why} for d in computed.working],
    }


def sentence(computed: Computed, *, start_counts: bool) -> str:
    """Return the result in words: 2026年9月24日起5个工作日（起算日不计）：2026年10月9日 星期五."""
    how = "起算日计入" if start_counts else "起算日不计"
    guess = "（推算）" if computed.provisional else ""
    end = f"{formats.day(computed.end)} {formats.weekday(computed.end)}"
    return f"{formats.day(computed.start)}起{computed.count}{_UNITS[computed.unit]}（{how}）：{end}{guess}"


def rows(computed: Computed) -> list[tuple[str, str, str, str]]:
    """Return a row for each day: date, weekday, its number in the count, and why."""
    number, found = 0, []
    for day in computed.working:
        number += day.counts
        weekday = WEEKDAYS[day.date.weekday()]
        # The weekday stands in its own column; where it is the whole reason, it need not be said twice.
        why = "工作日" if day.counts and day.why == weekday else "周末" if day.why == weekday else day.why
        if computed.unit == "d" and day.counts:
            why = ""
        found.append((day.date.isoformat(), weekday, f"第{number}日" if day.counts else "不计", why))
    return found


def provisional_note(computed: Computed) -> str:
    """Return which years have no table yet, empty when none is missing."""
    years = sorted({d.date.year for d in computed.working if "推算" in d.why})
    if not computed.provisional or not years:
        return ""
    told = "、".join(f"{year}年" for year in years)
    return f"推算：{told}放假安排尚未登记，按周一至周五计算。登记：schoolpub calendar add {years[0]}"


def table_rows(table: YearTable) -> list[list[str]]:
    """Return a year's table as rows: the holiday, its days off, the days worked for it."""
    names = dict.fromkeys([*table.holidays.values(), *table.workdays.values()])
    return [
        [
            name,
            "、".join(_runs(sorted(day for day, of in table.holidays.items() if of == name))),
            "、".join(_short(day) for day, of in sorted(table.workdays.items()) if of == name),
        ]
        for name in names
    ]


def _runs(days: list[date]) -> Iterator[str]:
    """Yield runs of days that follow each other: 10月1日—10月7日."""
    first: date | None = None
    for index, day in enumerate(days):
        first = first or day
        if index + 1 == len(days) or days[index + 1] - day > timedelta(1):
            yield _short(first) if first == day else f"{_short(first)}—{_short(day)}"
            first = None


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
