"""The dates that duties count from: ends of periods and terms, the record's date, its date fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from schoolpub.model.calendar import Calendar, Term
from schoolpub.model.catalogue import Item
from schoolpub.model.period import Period, PeriodKind, parse_period
from schoolpub.model.record import Record, Tree

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a duty is about: a period or a day, a part of it, and the fields of the record if there is one."""

    period: Period | None = None
    date: date | None = None
    part: str = ""
    fields: Mapping[str, Tree] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Chinese names of `date` and the fields."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A date to count from, its Chinese name, and whether it is only a guess (a term not entered yet)."""

    date: date
    name: str
    provisional: bool = False


def occasion_of(record: Record, item: Item) -> Occasion:
    """Return what the duties of *record* are about."""
    anchors = {duty.due.of.partition(".")[0] for duty in item.duties}
    names = {"date": item.date_name, **{key: item.fields[key].name for key in anchors if key in item.fields}}
    return Occasion(period=record.period, date=record.date, part=record.part, fields=record.fields, names=names)


def anchor(of: str, occasion: Occasion, calendar: Calendar, *, last: bool, halves: bool = False) -> Anchor | None:
    """Return the date called *of* (`date`, `period-end`, `term-start`, a field …), None when it is not known.

    Of a range or month the *last* day is meant, or the first.  *halves* divides a term at its middle by the part.
    """
    match of:
        case "date" if occasion.date:
            return Anchor(occasion.date, occasion.names.get("date", "日期"))
        case "period-start" | "period-end":
            days = span(occasion, calendar, halves=halves)
            if days is None:
                return None
            first, final, provisional = days
            return Anchor(final, "期末", provisional) if of == "period-end" else Anchor(first, "期初", provisional)
        case "term-start" | "term-end" | "term-middle":
            return _term_anchor(of, occasion, calendar)
    ends = moments(of, occasion.fields)
    found = (ends[1] if last else ends[0]) if ends else None
    return Anchor(found.date(), occasion.names.get(of.partition(".")[0], of)) if found else None


def span(occasion: Occasion, calendar: Calendar, *, halves: bool = False) -> tuple[date, date, bool] | None:
    """Return first and last day of the occasion's period, terms by the calendar, and whether they are a guess."""
    period = occasion.period
    if period is None:
        return (occasion.date, occasion.date, False) if occasion.date else None
    if period.kind is PeriodKind.TERM:
        term, provisional = term_called(period.text, calendar)
        if halves and occasion.part in ("mid", "end"):
            middle = middle_of(term)
            return (
                (term.first, middle, provisional)
                if occasion.part == "mid"
                else (middle + timedelta(1), term.last, provisional)
            )
        return term.first, term.last, provisional
    if period.kind is PeriodKind.SCHOOL_YEAR:
        terms = [term_called(f"{period.text}-{number}", calendar) for number in (1, 2)]
        return terms[0][0].first, terms[1][0].last, any(guess for _, guess in terms)
    return period.first, period.last, False


def term_called(term_id: str, calendar: Calendar) -> tuple[Term, bool]:
    """Return the term called *term_id*; a guess (September to January, February to August) when it is not entered."""
    if known := calendar.term(term_id):
        return known, False
    period = parse_period(term_id)
    return Term(id=term_id, name=term_id, first=period.first, last=period.last), True


def middle_of(term: Term) -> date:
    """Return the day that counts as the middle of *term*: the school's, else half way."""
    return term.middle or term.first + (term.last - term.first) // 2


def _term_anchor(of: str, occasion: Occasion, calendar: Calendar) -> Anchor | None:
    found = _term_for(of, occasion, calendar)
    if found is None:
        return None
    term, provisional = found
    match of:
        case "term-start":
            return Anchor(term.first, "学期开始", provisional)
        case "term-end":
            return Anchor(term.last, "学期结束", provisional)
    return Anchor(middle_of(term), "期中", provisional or term.middle is None)


def _term_for(of: str, occasion: Occasion, calendar: Calendar) -> tuple[Term, bool] | None:
    period = occasion.period
    if period and period.kind is PeriodKind.TERM:
        return term_called(period.text, calendar)
    if period and period.kind is PeriodKind.SCHOOL_YEAR:
        return term_called(f"{period.text}-{2 if of == 'term-end' else 1}", calendar)
    day = period.first if period else occasion.date
    if day is None:
        return None
    if inside := calendar.term_of(day):
        return inside, False
    if of == "term-end":
        ended = [term for term in calendar.terms if term.last < day]
        return (max(ended, key=lambda term: term.last), False) if ended else None
    coming = [term for term in calendar.terms if term.first > day]
    return (min(coming, key=lambda term: term.first), False) if coming else None


def moments(name: str, fields: Mapping[str, Tree]) -> tuple[datetime | None, datetime | None] | None:
    """Return the first and last moment that the field *name* holds (`opening`, `notice`, `notice.to`).

    A date begins at 00:00 and lasts until 24:00; one end of a range may be missing.
    """
    head, _, end = name.partition(".")
    value = fields.get(head)
    if isinstance(value, str) and ".." in value:
        first, _, last = value.partition("..")
        value = {"from": first, "to": last}
    if isinstance(value, dict):
        ends = _moment(value.get("from"), last=False), _moment(value.get("to"), last=True)
        if end:
            return (ends[0], ends[0]) if end == "from" else (ends[1], ends[1])
        return ends
    found = _moment(value, last=False), _moment(value, last=True)
    return found if found[0] else None


def _moment(value: Tree, *, last: bool) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        if match := _MOMENT.fullmatch(value):
            clock = time.fromisoformat(match[2]) if match[2] else time.max if last else time.min
            return datetime.combine(date.fromisoformat(match[1]), clock)
        period = parse_period(value)
    except ValueError:
        return None
    return datetime.combine(period.last, time.max) if last else datetime.combine(period.first, time.min)
