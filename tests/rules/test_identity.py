"""Ids: made of what the record is about, without chance, and read back by the format."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.model.period import parse_period
from schoolpub.model.record import base_id
from schoolpub.rules.identity import edition_id, event_id, path_of, periodic_id
from tests.rules.sample_records import item


@pytest.mark.parametrize(
    ("period", "part", "expected"),
    [
        ("2026-10", "", "thing-2026-10"),
        ("2026Q4", "", "thing-2026Q4"),
        ("2026-W44", "", "thing-2026-W44"),
        ("2026", "", "thing-2026"),
        ("2026-2027", "", "thing-2026-2027"),
        ("2026-2027-1", "mid", "thing-2026-2027-1-mid"),
        ("2026-2027-2", "end", "thing-2026-2027-2-end"),
        ("2026..2028", "", "thing-2026-to-2028"),
        ("2026-01..2026-11", "", "thing-2026-01-to-2026-11"),
    ],
)
def test_ids_of_periods(period: str, part: str, expected: str) -> None:
    """The period makes the id; parts are added to it."""
    assert periodic_id(item("thing"), parse_period(period), part) == expected


@given(first=st.binary(max_size=40), day=st.dates(date(1900, 1, 1), date(2999, 12, 31)), attempt=st.integers(0, 10**9))
def test_ids_of_events(first: bytes, day: date, attempt: int) -> None:
    """Item, day and four letters; the same entry has the same letters everywhere."""
    made = event_id(item("thing"), day, first, attempt)
    assert re.fullmatch(rf"thing-{day:%Y%m%d}-[a-z]{{4}}", made)
    assert made == event_id(item("thing"), day, first, attempt)


def test_attempts_give_other_letters() -> None:
    """When the letters are taken the next attempt has others; they do not run out."""
    made = {event_id(item("thing"), date(2026, 11, 3), b"x", attempt) for attempt in range(1000)}
    assert len(made) > 990


@given(number=st.integers(1, 500))
def test_editions(number: int) -> None:
    """The first edition bears the base's name, later ones a suffix that comes off again."""
    made = edition_id("thing-2026-10", number)
    assert made == ("thing-2026-10" if number == 1 else f"thing-2026-10.v{number}")
    assert base_id(made) == "thing-2026-10"


def test_the_path() -> None:
    """An id gives its file without a search."""
    made = path_of(item("thing", ledger="feedback"), "thing-2026-10.v2", 2026)
    assert made == "records/feedback/2026/thing-2026-10.v2.yaml"
