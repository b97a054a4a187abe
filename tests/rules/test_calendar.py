"""Working days, with make-up days, and each day's reason."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.errors import SchoolpubError
from schoolpub.model.calendar import Calendar, YearTable
from schoolpub.rules.clock.calendar import (
    Day,
    DayKind,
    add,
    back,
    days,
    is_workday,
    parse_count,
    roll,
    workdays_between,
)
from tests.rules.sample_calendar import CALENDAR, day

VECTORS = [
    ("2026-09-18", 5, "2026-09-24", "2026-09-23"),
    ("2026-09-21", 5, "2026-09-29", "2026-09-28"),
    ("2026-09-24", 5, "2026-10-09", "2026-10-08"),
    ("2026-09-28", 5, "2026-10-10", "2026-10-09"),
    ("2026-02-09", 5, "2026-02-14", "2026-02-13"),
    ("2026-02-10", 20, "2026-03-16", "2026-03-13"),
    ("2026-04-29", 5, "2026-05-09", "2026-05-08"),
    ("2026-09-15", 20, "2026-10-19", "2026-10-16"),
    ("2026-10-08", 2, "2026-10-10", "2026-10-09"),
    ("2026-11-20", 20, "2026-12-18", "2026-12-17"),
    ("2026-11-23", 15, "2026-12-14", "2026-12-11"),
]
KNOWN_DAYS = st.dates(day("2025-01-01"), day("2026-10-31"))


@pytest.mark.parametrize(("start", "count", "end", "end_if_counted"), VECTORS)
def test_the_vectors_of_the_standards_hold(start: str, count: int, end: str, end_if_counted: str) -> None:
    """Every vector of the standards comes out, with the starting day left out and with it."""
    plain = add(day(start), f"{count}wd", CALENDAR)
    counted = add(day(start), f"{count}wd", CALENDAR, start_counts=True)

    assert (plain.end, counted.end) == (day(end), day(end_if_counted))
    assert not plain.provisional
    assert sum(d.counts for d in plain.working) == count


@pytest.mark.parametrize(
    ("fifth", "rolled"),
    [
        ("2026-04-05", "2026-04-07"),
        ("2026-05-05", "2026-05-06"),
        ("2026-07-05", "2026-07-06"),
        ("2026-09-05", "2026-09-07"),
        ("2026-10-05", "2026-10-08"),
        ("2026-12-05", "2026-12-07"),
        ("2026-11-05", "2026-11-05"),
        ("2026-02-17", "2026-02-24"),
        ("2026-10-06", "2026-10-08"),
    ],
)
def test_a_rest_day_rolls_to_the_next_working_day(fifth: str, rolled: str) -> None:
    """`next-workday` moves rest days on; `none` leaves the day where it is."""
    assert roll(day(fifth), "next-workday", CALENDAR).end == day(rolled)
    assert roll(day(fifth), "none", CALENDAR).end == day(fifth)


def test_2026_has_248_working_days() -> None:
    """The year's table gives the number of working days that the standards state."""
    assert workdays_between(day("2026-01-01"), day("2026-12-31"), CALENDAR) == 248


def test_every_day_agrees_with_the_oracle() -> None:
    """Two years of days agree with an independent package."""
    both = list(days(day("2025-01-01"), day("2026-12-31")))

    assert [bool(is_workday(d, CALENDAR)) for d in both] == [chinese_calendar.is_workday(d) for d in both]


def test_every_day_has_its_reason() -> None:
    """The working of a date names holidays, weekends and make-up days."""
    computed = add(day("2026-09-24"), "3wd", CALENDAR)

    assert computed.working == (
        Day(day("2026-09-24"), False, "起算日不计"),
        Day(day("2026-09-25"), False, "中秋节"),
        Day(day("2026-09-26"), False, "中秋节"),
        Day(day("2026-09-27"), False, "中秋节"),
        Day(day("2026-09-28"), True, "周一"),
        Day(day("2026-09-29"), True, "周二"),
        Day(day("2026-09-30"), True, "周三"),
    )
    assert is_workday(day("2026-10-10"), CALENDAR) == DayKind(True, "调休上班（国庆节）")
    assert is_workday(day("2026-10-17"), CALENDAR) == DayKind(False, "周六")


def test_a_year_without_table_is_provisional() -> None:
    """Without a table Monday to Friday count, and the result says that it is provisional."""
    computed = add(day("2026-12-30"), "5wd", CALENDAR)

    assert (computed.end, computed.provisional) == (day("2027-01-06"), True)
    assert is_workday(day("2027-01-01"), CALENDAR).why == "周五（推算，尚无2027年放假安排）"


def test_a_notice_may_reach_over_new_year() -> None:
    """A day of December that next year's notice makes a holiday is one, and a known one."""
    table = YearTable(year=2027, holidays={day("2026-12-31"): "元旦"}, workdays={day("2026-12-27"): "元旦"})
    calendar = Calendar(years={**CALENDAR.years, 2027: table})

    assert is_workday(day("2026-12-31"), calendar) == DayKind(False, "元旦")
    assert is_workday(day("2026-12-27"), calendar) == DayKind(True, "调休上班（元旦）")


def test_calendar_days_are_all_counted() -> None:
    """`30d` counts every day after the first."""
    assert add(day("2026-01-31"), "30d", CALENDAR).end == day("2026-03-02")
    assert back(day("2026-03-02"), "30d", CALENDAR).end == day("2026-01-31")
    assert add(day("2026-01-31"), "0d", CALENDAR).end == day("2026-01-31")


@pytest.mark.parametrize("count", ["", "5", "wd", "5 wd", "-5wd", "9999wd", "５wd", "5.5d"])
def test_other_counts_are_refused(count: str) -> None:
    """A count is digits and a unit; anything else is explained."""
    with pytest.raises(SchoolpubError):
        add(day("2026-01-31"), count, CALENDAR)
    with pytest.raises(ValueError, match=count or None):
        parse_count(count)


@given(KNOWN_DAYS, st.integers(0, 60))
def test_more_days_end_later(start: date, count: int) -> None:
    """One working day more ends later; a later start does not end earlier."""
    end = add(start, f"{count}wd", CALENDAR).end

    assert add(start, f"{count + 1}wd", CALENDAR).end > end
    assert add(start + timedelta(1), f"{count}wd", CALENDAR).end >= end


@given(KNOWN_DAYS, st.integers(1, 40))
def test_counting_back_undoes_counting_on(start: date, count: int) -> None:
    """From a working day, *count* days on and *count* days back lead to the start; between them lie *count* + 1."""
    start = roll(start, "next-workday", CALENDAR).end
    end = add(start, f"{count}wd", CALENDAR).end

    assert back(end, f"{count}wd", CALENDAR).end == start
    assert workdays_between(start, end, CALENDAR) == count + 1


@given(KNOWN_DAYS, st.integers(0, 200), st.integers(0, 200))
def test_spans_add_up(first: date, here: int, there: int) -> None:
    """The working days of two neighbouring spans are those of the whole."""
    middle = first + timedelta(here)
    last = middle + timedelta(there + 1)
    parts = workdays_between(first, middle, CALENDAR) + workdays_between(middle + timedelta(1), last, CALENDAR)

    assert workdays_between(first, last, CALENDAR) == parts
    assert workdays_between(last, first - timedelta(1), CALENDAR) == 0
