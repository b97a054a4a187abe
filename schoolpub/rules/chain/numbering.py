"""Official numbers: 校公开〔2026〕31号. Each office may keep a series of its own; no gaps, never given twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from schoolpub.model.record import Record, Step
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot

MERGED = "merged"
"""The step that settles what two offices did to one record."""
_NUMBER = re.compile(r"(?P<series>.*)〔(?P<year>\d{4})〕(?P<number>[1-9]\d*)号")


def series_of(school: School, record: Record) -> str:
    """Return the series in which *record* is numbered: that of its item, of its department, or the school's own."""
    own = school.series_of
    return own.get(record.item) or own.get(record.department) or school.series


def numbers(record: Record) -> Iterator[tuple[str, Step]]:
    """Yield every official number that *record* was ever given, with the step that gave it.

    A number that a side gave which did not stand when two offices were brought together is one of them.
    """
    for step in record.steps:
        if number := step.said("number"):
            yield number, step
        for void in _void(step):
            yield void, step


def number_of(record: Record) -> str:
    """Return the number that *record* bears now, or nothing."""
    return next((number for step in reversed(record.steps) if (number := step.said("number"))), "")


def held(record: Record) -> list[str]:
    """Return the numbers that *record* may be given back: the one that it bears, else those that became void."""
    now = number_of(record)
    return [now] if now else [number for number, _ in numbers(record)]


def former_numbers(record: Record) -> list[str]:
    """Return the numbers that *record* bore before the one that it bears now, the first first."""
    now = number_of(record)
    return [number for number in dict.fromkeys(n for n, _ in numbers(record)) if number != now]


def _void(step: Step) -> list[str]:
    told = step.says.get("numbers") if step.step == MERGED else None
    return [number for number in told if isinstance(number, str)] if isinstance(told, list) else []


def parse_number(text: str) -> tuple[str, int, int] | None:
    """Return series, year and running number of an official number; None when it is none."""
    match = _NUMBER.fullmatch(text)
    return (match["series"], int(match["year"]), int(match["number"])) if match else None


def next_number(snapshot: Snapshot, series: str, year: int, given: Collection[str] = ()) -> str:
    """Return the next number of *series* in *year*; *given* were given before in the same act."""
    everywhere = (number for record in snapshot.records.values() for number, _ in numbers(record))
    used = (parse_number(number) for number in (*everywhere, *given))
    last = max((n for found in used if found for s, y, n in [found] if (s, y) == (series, year)), default=0)
    return f"{series}〔{year}〕{last + 1}号"


def number_for(
    snapshot: Snapshot, record: Record, year: int, given: Collection[str] = (), *, again: bool = False
) -> str:
    """Return the number to give to *record*: its own, if that is of this year's series and nobody else's, or the next.

    With *again* it is another one in any case.
    """
    series = series_of(snapshot.school, record)
    if not again:
        others = {number_of(other) for other in snapshot.records.values() if other.id != record.id}.union(given)
        for own in held(record):
            known = parse_number(own)
            if known and known[:2] == (series, year) and own not in others:
                return own
    return next_number(snapshot, series, year, given)


def collisions(snapshot: Snapshot) -> list[tuple[str, Record, Record]]:
    """Return the numbers that two records bear, with the record that was given it first and the later one."""
    given = []
    for record in snapshot.records.values():
        last = next((step for step in reversed(record.steps) if step.said("number")), None)
        if last is not None:
            given.append((last.at, record.id, last.said("number"), record))
    first: dict[str, Record] = {}
    return [
        (number, first[number], record)
        for _, _, number, record in sorted(given, key=lambda one: one[:2])
        if first.setdefault(number, record) is not record
    ]


def called(snapshot: Snapshot, wanted: str, this_year: int) -> list[Record]:
    """Return the records that bear or bore the number *wanted*: 31, 2026-31, 校公开2026-31, 校公开〔2026〕31号."""
    text = _plain(wanted)
    if not text[-1:].isdecimal():
        return []
    found = []
    for record in snapshot.records.values():
        for number in dict.fromkeys(number for number, _ in numbers(record)):
            parsed = parse_number(number)
            if parsed and text in _names(*parsed, this_year):
                found.append(record)
                break
    return found


def _names(series: str, year: int, number: int, this_year: int) -> Iterator[str]:
    series = _plain(series)
    yield from (f"{year}-{number}", f"{series}{year}-{number}")
    if year == this_year:
        yield from (str(number), f"{series}{number}")


def _plain(text: str) -> str:
    """Return a number as somebody may type it: without brackets of any kind, 第 and 号."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).removesuffix("号")
    return re.sub(r"[〔\[(【](\d{4})[〕\])】]第?", r"\1-", folded)


def givers(snapshot: Snapshot, year: int) -> Mapping[str, frozenset[str]]:
    """Return, for each series of *year*, the persons at whose machines its numbers were given."""
    found: dict[str, set[str]] = {}
    for record in snapshot.records.values():
        for step in record.steps:
            parsed = parse_number(step.said("number"))
            if parsed and parsed[1] == year:
                found.setdefault(parsed[0], set()).add(step.via or step.by)
    return {series: frozenset(persons) for series, persons in found.items()}
