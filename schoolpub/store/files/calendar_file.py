"""`calendar/`: the State Council's table of a year, and the school's own terms and closing days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from schoolpub.errors import Problem, ProblemsFound, Where, errors, say
from schoolpub.model.calendar import Calendar, Closing, Term, YearTable
from schoolpub.model.period import PeriodKind, parse_period
from schoolpub.model.record import Tree
from schoolpub.store.yaml.shape import Shape, shown

_YEAR_FILE = re.compile(r"(\d{4})\.yaml", re.ASCII)
_LONGEST = timedelta(366)


def read_calendar_in(folder: Path) -> Calendar:
    """Return the calendar whose files lie in *folder*; raise ProblemsFound when they have errors."""
    from schoolpub.store.yaml import strict_yaml

    trees: dict[str, Tree] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "terms.yaml" or _YEAR_FILE.fullmatch(path.name):
            trees[path.name], found = strict_yaml.parse(path.read_bytes(), f"records/calendar/{path.name}")
            problems += found
    calendar, found = read_calendar(trees, "records/calendar")
    if errors([*problems, *found]):
        raise ProblemsFound([*problems, *found])
    return calendar


def read_calendar(trees: Mapping[str, Tree], folder: str) -> tuple[Calendar, list[Problem]]:
    """Return the calendar in *trees* (file name → tree), without the files that have errors, and what is wrong."""
    years: dict[int, YearTable] = {}
    terms: tuple[Term, ...] = ()
    closings: tuple[Closing, ...] = ()
    problems: list[Problem] = []
    for name, tree in sorted(trees.items()):
        file = f"{folder}/{name}"
        if name == "terms.yaml":
            terms, closings, found = read_terms(tree, file)
        else:
            table, found = read_year(tree, file)
            if table:
                years[table.year] = table
        problems.extend(found)
    return Calendar(years=years, terms=terms, closings=closings), problems


def read_year(tree: Tree, file: str) -> tuple[YearTable | None, list[Problem]]:
    """Return one year's table."""
    shape = Shape(file)
    top = shape.group(tree, (), ("year", "notice", "holidays", "workdays"), ("year",))
    year = shape.integer(top, "year", (), 0)
    named = _YEAR_FILE.fullmatch(file.rpartition("/")[2])
    if named and year and int(named[1]) != year:
        shape.wrong(
            "calendar-year",
            ("year",),
            say("The file is named {name}, but the year is {year}.", name=named[1], year=year),
            say("Make the two agree."),
        )
    holidays: dict[date, str] = {}
    for where, child in shape.items(top.get("holidays"), ("holidays",)):
        line = shape.group(child, where, ("name", "from", "to"), ("name", "from"))
        first = shape.day(line, "from", where)
        last = shape.day(line, "to", where) or first
        name = shape.text(line, "name", where)
        days = list(_days(first, last, where, shape))
        if known := next((day for day in days if day in holidays), None):
            _twice(known, where, shape)
        holidays |= dict.fromkeys(days, name)
    workdays: dict[date, str] = {}
    for where, child in shape.items(top.get("workdays"), ("workdays",)):
        line = shape.group(child, where, ("date", "for"), ("date",))
        worked = shape.day(line, "date", where)
        if worked:
            if worked in holidays or worked in workdays:
                _twice(worked, where, shape)
            if worked.weekday() < 5:
                shape.wrong(
                    "calendar-workday",
                    (*where, "date"),
                    say("{day} is not a Saturday or Sunday, so it cannot be a make-up day.", day=worked.isoformat()),
                    say("Compare with the notice."),
                )
            workdays[worked] = shape.text(line, "for", where)
    table = YearTable(year=year, notice=shape.text(top, "notice", ()), holidays=holidays, workdays=workdays)
    return (None if shape.broken else table), shape.problems


def read_terms(tree: Tree, file: str) -> tuple[tuple[Term, ...], tuple[Closing, ...], list[Problem]]:
    """Return the terms in order of time, the school's own closing days, and what is wrong."""
    shape = Shape(file)
    top = shape.group(tree, (), ("terms", "closings"))
    terms: list[Term] = []
    for where, child in shape.items(top.get("terms"), ("terms",)):
        term = _term(child, where, shape)
        if term and any(t.id == term.id or (t.first <= term.last and term.first <= t.last) for t in terms):
            shape.wrong(
                "calendar-term",
                where,
                say("The term {id} stands twice, or its days are another term's too.", id=term.id),
                say("Give each day to one term."),
            )
        elif term:
            terms.append(term)
    closings = []
    for where, child in shape.items(top.get("closings"), ("closings",)):
        line = shape.group(child, where, ("name", "first", "last"), ("name", "first"))
        first = shape.day(line, "first", where)
        last = shape.day(line, "last", where) or first
        if first and last and any(True for _ in _days(first, last, where, shape)):
            closings.append(Closing(name=shape.text(line, "name", where), first=first, last=last))
    return tuple(sorted(terms, key=lambda t: t.first)), tuple(closings), shape.problems


def year_text(table: YearTable) -> str:
    """Return the file of a year's *table*, days of one holiday in one line."""
    from schoolpub.store.yaml.canonical import block_text, flow_text

    lines = [block_text({"year": str(table.year), "notice": table.notice or None})]
    if table.holidays:
        lines.append("holidays:\n")
        for name, first, last in _runs(table.holidays):
            lines.append(f"- {flow_text({'name': name, 'from': first.isoformat(), 'to': last.isoformat()})}\n")
    if table.workdays:
        lines.append("workdays:\n")
        for day, name in sorted(table.workdays.items()):
            lines.append(f"- {flow_text({'date': day.isoformat(), 'for': name or None})}\n")
    return "".join(lines)


def _runs(holidays: Mapping[date, str]) -> Iterator[tuple[str, date, date]]:
    first = last = None
    for day in sorted(holidays):
        if first and last and holidays[day] == holidays[first] and day - last == timedelta(1):
            last = day
            continue
        if first and last:
            yield holidays[first], first, last
        first = last = day
    if first and last:
        yield holidays[first], first, last


def _days(first: date | None, last: date | None, where: Where, shape: Shape) -> Iterator[date]:
    if not first or not last:
        return
    if not timedelta(0) <= last - first < _LONGEST:
        shape.wrong(
            "calendar-order",
            where,
            say(
                "The last day ({last}) is before the first ({first}), or more than a year later.",
                first=first,
                last=last,
            ),
            say("Write the first day first."),
        )
        return
    yield from (first + timedelta(n) for n in range((last - first).days + 1))


def _twice(day: date, where: Where, shape: Shape) -> None:
    shape.wrong("calendar-twice", where, say("{day} stands here a second time.", day=day.isoformat()), say("Keep one."))


def _term(tree: Tree, where: Where, shape: Shape) -> Term | None:
    line = shape.group(tree, where, ("id", "name", "first", "last", "middle"), ("id", "first", "last"))
    term_id = shape.text(line, "id", where)
    first, last, middle = (shape.day(line, key, where) for key in ("first", "last", "middle"))
    if not term_id or not first or not last:
        return None
    try:
        known = parse_period(term_id).kind is PeriodKind.TERM
    except ValueError:
        known = False
    if not known:
        shape.wrong(
            "calendar-term",
            (*where, "id"),
            say("“{id}” cannot be the name of a term.", id=shown(term_id)),
            say("Write the school year and 1 or 2: 2026-2027-1"),
        )
        return None
    if not any(True for _ in _days(first, last, where, shape)):
        return None
    if middle and not first <= middle <= last:
        shape.wrong(
            "calendar-order",
            (*where, "middle"),
            say("The middle of the term lies outside the term."),
            say("Write a day between {first} and {last}.", first=first, last=last),
        )
    return Term(id=term_id, name=shape.text(line, "name", where, term_id), first=first, last=last, middle=middle)
