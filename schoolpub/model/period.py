"""Periods that a record is about: a month, a quarter, a week, a term, a year, a span."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class PeriodKind(StrEnum):
    """The kinds of period that the formats know."""

    MONTH = "month"
    QUARTER = "quarter"
    WEEK = "week"
    TERM = "term"
    YEAR = "year"
    SCHOOL_YEAR = "school-year"
    SPAN = "span"


_FORMS = (
    (PeriodKind.MONTH, re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)),
    (PeriodKind.QUARTER, re.compile(r"(\d{4})Q([1-4])", re.ASCII)),
    (PeriodKind.WEEK, re.compile(r"(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])", re.ASCII)),
    (PeriodKind.TERM, re.compile(r"(\d{4})-(\d{4})-([12])", re.ASCII)),
    (PeriodKind.SCHOOL_YEAR, re.compile(r"(\d{4})-(\d{4})", re.ASCII)),
    (PeriodKind.YEAR, re.compile(r"(\d{4})", re.ASCII)),
    (PeriodKind.SPAN, re.compile(r"(\d{4}(?:-\d{2}){0,2})\.\.(\d{4}(?:-\d{2}){0,2})", re.ASCII)),
)
_IN_WORDS = re.compile(r"(\d{4})[-—~至](\d{4})学年(?:第?([一二12])学期)?", re.ASCII)
_TERMS = {"一": "-1", "1": "-1", "二": "-2", "2": "-2", None: ""}


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it is written, with its kind; `first` and `last` are the calendar days it covers.

    A term's real days are the calendar's: here it has only its half of the school year.
    """

    text: str
    kind: PeriodKind
    first: date
    last: date

    @property
    def year(self) -> int:
        """The first year, which is also the folder of its records."""
        return int(self.text[:4])

    @property
    def slug(self) -> str:
        """The period as it stands in an id."""
        return self.text.replace("..", "-to-")

    def __str__(self) -> str:
        return self.text


def parse_period(text: str) -> Period:
    """Return the period written as *text*; raise ValueError when it is none.

    A school year may be written in words: 2026-2027学年第一学期 is 2026-2027-1.
    """
    if worded := _IN_WORDS.fullmatch(text):
        text = f"{worded[1]}-{worded[2]}{_TERMS[worded[3]]}"
    for kind, form in _FORMS:
        if match := form.fullmatch(text):
            first, last = _days(kind, match)
            return Period(text, kind, first, last)
    raise ValueError(text)


def _days(kind: PeriodKind, match: re.Match[str]) -> tuple[date, date]:
    year = int(match[1][:4])
    match kind:
        case PeriodKind.MONTH:
            return _month(year, int(match[2]))
        case PeriodKind.QUARTER:
            first = int(match[2]) * 3 - 2
            return date(year, first, 1), _month(year, first + 2)[1]
        case PeriodKind.WEEK:
            monday = date.fromisocalendar(year, int(match[2]), 1)
            return monday, monday + timedelta(6)
        case PeriodKind.YEAR:
            return date(year, 1, 1), date(year, 12, 31)
        case PeriodKind.SCHOOL_YEAR | PeriodKind.TERM:
            if int(match[2]) != year + 1:
                raise ValueError(match[0])
            whole = date(year, 9, 1), date(year + 1, 8, 31)
            if kind is PeriodKind.SCHOOL_YEAR:
                return whole
            return (whole[0], _month(year + 1, 1)[1]) if match[3] == "1" else (date(year + 1, 2, 1), whole[1])
        case PeriodKind.SPAN:
            return _span(match[1], match[2])


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _span(start: str, end: str) -> tuple[date, date]:
    if len(start) != len(end):
        raise ValueError(f"{start}..{end}")
    if len(start) == len("2026-10-01"):
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    else:
        first, last = parse_period(start).first, parse_period(end).last
    if last < first:
        raise ValueError(f"{start}..{end}")
    return first, last


def before(period: Period) -> Period:
    """Return the period of the same kind just before *period*; raise ValueError for a span."""
    year = period.year
    match period.kind:
        case PeriodKind.MONTH:
            day = period.first - timedelta(1)
            return parse_period(f"{day:%Y-%m}")
        case PeriodKind.QUARTER:
            quarter = int(period.text[-1])
            return parse_period(f"{year}Q{quarter - 1}" if quarter > 1 else f"{year - 1}Q4")
        case PeriodKind.WEEK:
            return week_of(period.first - timedelta(1))
        case PeriodKind.TERM:
            return parse_period(f"{year}-{year + 1}-1" if period.text[-1] == "2" else f"{year - 1}-{year}-2")
        case PeriodKind.SCHOOL_YEAR:
            return parse_period(f"{year - 1}-{year}")
        case PeriodKind.YEAR:
            return parse_period(f"{year - 1:04}")
        case PeriodKind.SPAN:
            raise ValueError(period.text)


def week_of(day: date) -> Period:
    """Return the ISO week in which *day* lies."""
    year, week, _ = day.isocalendar()
    return parse_period(f"{year}-W{week:02}")
