"""Official numbers: 校公开〔2026〕31号, one series, no gaps, never given twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.model.record import Record, Step
from schoolpub.model.snapshot import Snapshot

_NUMBER = re.compile(r"(?P<series>.*)〔(?P<year>\d{4})〕(?P<number>[1-9]\d*)号")


def numbers(record: Record) -> Iterator[tuple[str, Step]]:
    """Yield every official number that *record* was ever given, with the step that gave it."""
    for step in record.steps:
        if number := step.said("number"):
            yield number, step


def number_of(record: Record) -> str:
    """Return the number that *record* bears now, or nothing."""
    return next((number for number, _ in reversed(list(numbers(record)))), "")


def parse_number(text: str) -> tuple[str, int, int] | None:
    """Return series, year and running number of an official number; None when it is none."""
    match = _NUMBER.fullmatch(text)
    return (match["series"], int(match["year"]), int(match["number"])) if match else None


def next_number(snapshot: Snapshot, year: int, taken: int = 0) -> str:
    """Return the next number of the school's series in *year*; *taken* more are being given in the same act."""
    series = snapshot.school.series
    used = (parse_number(n) for record in snapshot.records.values() for n, _ in numbers(record))
    last = max((n for found in used if found for s, y, n in [found] if (s, y) == (series, year)), default=0)
    return f"{series}〔{year}〕{last + 1 + taken}号"
