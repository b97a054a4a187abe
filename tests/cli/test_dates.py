"""`schoolpub days`: a date counted out, day by day, by the school's own calendar."""

from __future__ import annotations

import pytest

from tests.cli.office import Office, Result
from tests.conftest import run_inside

VECTORS = [
    ("2026-09-18", "5wd", "2026-09-24", "2026-09-23"),
    ("2026-09-21", "5wd", "2026-09-29", "2026-09-28"),
    ("2026-09-24", "5wd", "2026-10-09", "2026-10-08"),
    ("2026-09-28", "5wd", "2026-10-10", "2026-10-09"),
    ("2026-02-09", "5wd", "2026-02-14", "2026-02-13"),
    ("2026-02-10", "20wd", "2026-03-16", "2026-03-13"),
    ("2026-04-29", "5wd", "2026-05-09", "2026-05-08"),
    ("2026-09-15", "20wd", "2026-10-19", "2026-10-16"),
    ("2026-10-08", "2wd", "2026-10-10", "2026-10-09"),
    ("2026-11-20", "20wd", "2026-12-18", "2026-12-17"),
    ("2026-11-23", "15wd", "2026-12-14", "2026-12-11"),
    ("2025-01-24", "5wd", "2025-02-07", "2025-02-06"),
    ("2025-09-26", "3wd", "2025-09-30", "2025-09-29"),
]


@pytest.mark.parametrize(("start", "count", "end", "counted"), VECTORS)
def test_vectors(office: Office, start: str, count: str, end: str, counted: str) -> None:
    """The law's way and the office habit, over holidays and make-up days."""
    assert office.done("days", start, count, "--json").json["end"] == end
    assert office.done("days", start, count, "--start-counts", "--json").json["end"] == counted


def test_the_contract_for_scripts(office: Office) -> None:
    """The JSON has exactly these keys, and each day its reason."""
    assert office.done("days", "2026-09-24", "2wd", "--json").json == {
        "start": "2026-09-24",
        "end": "2026-09-29",
        "unit": "wd",
        "count": 2,
        "provisional": False,
        "working": [
            {"date": "2026-09-24", "counts": False, "why": "起算日不计"},
            {"date": "2026-09-25", "counts": False, "why": "中秋节"},
            {"date": "2026-09-26", "counts": False, "why": "中秋节"},
            {"date": "2026-09-27", "counts": False, "why": "中秋节"},
            {"date": "2026-09-28", "counts": True, "why": "周一"},
            {"date": "2026-09-29", "counts": True, "why": "周二"},
        ],
    }


def test_on_the_screen(office: Office) -> None:
    """In a pipe the working is a table with tabs; a make-up day says what it makes up for."""
    assert office.done("days", "2026-09-18", "2wd").out == (
        "2026年9月18日起2个工作日（起算日不计）：2026年9月21日 星期一\n"
        "Date\tWeekday\tCount\tWhy\n"
        "2026-09-18\t周五\t不计\t起算日不计\n"
        "2026-09-19\t周六\t不计\t周末\n"
        "2026-09-20\t周日\t第1日\t调休上班（国庆节）\n"
        "2026-09-21\t周一\t第2日\t工作日\n"
    )


def test_a_year_without_a_table_says_so(office: Office) -> None:
    """What is computed Monday to Friday is marked, with the command that ends it."""
    found = office.done("days", "2026-12-30", "3wd")

    assert "2027年1月4日 星期一（推算）" in found.out
    assert "推算：2027年放假安排尚未登记，按周一至周五计算。登记：schoolpub calendar add 2027" in found.out
    assert office.done("days", "2026-12-30", "3wd", "--json").json["provisional"] is True


def test_calendar_days(office: Office) -> None:
    """日 and 工作日 are different units."""
    found = office.done("days", "2026-09-24", "20d", "--json").json

    assert (found["end"], found["unit"], found["provisional"]) == ("2026-10-14", "d", False)


def test_outside_a_school(surroundings: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where there is no school's folder the shipped calendar is used; a folder that was named must be one."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    surroundings.chdir(elsewhere)
    found: Result = run_inside("days", "2026-09-24", "5wd", "--json")

    assert (found.code, found.json["end"]) == (0, "2026-10-09")
    assert run_inside("days", "2026-09-24", "5wd", "--root", str(elsewhere)).code == 3


@pytest.mark.parametrize(
    ("start", "count", "example"),
    [
        ("2026-9-1", "5wd", "2026-11-03"),
        ("2026-02-30", "5wd", "2026-11-03"),
        ("2026-09-01", "5", "5wd"),
        ("2026-09-01", "x", "5wd"),
    ],
)
def test_slips_are_refused(office: Office, start: str, count: str, example: str) -> None:
    """A date or a count that is none is told with an example."""
    assert example in office.refused("days", start, count, code=2)
