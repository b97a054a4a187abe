"""Official numbers: each office its own series, every year from 1, no gap, never given twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schoolpub.rules.chain.numbering import (
    called,
    collisions,
    former_numbers,
    givers,
    next_number,
    number_for,
    number_of,
    numbers,
    parse_number,
)
from schoolpub.rules.checks.registers import numbers_are_given_once, numbers_have_no_gaps, series_have_users
from schoolpub.rules.filing import registered
from tests.rules.chains import DAY, chain, record, school, step

OWN = {"总务处": "校总公开", "asset-list": "校资公开"}


def signed(key: str, *given_numbers: str, **changes):
    """Return a record that was given numbers, one after another."""
    steps = [*chain("draft submit"), *(step("sign", says={"number": n}) for n in given_numbers)]
    return record(steps, id=f"finance-monthly-2026-{key}", **changes)


def offices(*records):
    """Return the sample school with series of the office for supplies and of one item, and *records*."""
    made = school(*records)
    return replace(made, school=replace(made.school, series_of=OWN))


def test_the_next_number() -> None:
    """It follows the highest of its series and year, also one that was replaced; others do not count."""
    assert next_number(school(), "校公开", 2026) == "校公开〔2026〕1号"
    snapshot = school(
        signed("01", "校公开〔2026〕3号", "校公开〔2026〕9号", "校公开〔2026〕4号"),
        signed("02", "校公开〔2025〕88号"),
        signed("03", "别的〔2026〕99号"),
        signed("04", "不是号码"),
    )
    assert next_number(snapshot, "校公开", 2026) == "校公开〔2026〕10号"
    assert next_number(snapshot, "校公开", 2026, ["校公开〔2026〕10号", "别的〔2026〕5号"]) == "校公开〔2026〕11号"
    assert next_number(snapshot, "校公开", 2025) == "校公开〔2025〕89号"


def test_each_office_counts_for_itself() -> None:
    """A record is numbered in the series of its item, else of its department, else of the school."""
    snapshot = offices(signed("01", "校总公开〔2026〕3号"), signed("02", "校公开〔2026〕7号", department="工会"))
    of = {"总务处": record("draft"), "工会": record("draft", department="工会"),
          "asset-list": record("draft", item="asset-list")}  # fmt: skip
    given = [number_for(snapshot, one, 2026) for one in of.values()]
    assert given == ["校总公开〔2026〕4号", "校公开〔2026〕8号", "校资公开〔2026〕1号"]
    assert number_for(snapshot, of["总务处"], 2026, given) == "校总公开〔2026〕5号"
    gaps = [str(problem.message) for problem in numbers_have_no_gaps(snapshot)]
    assert ["1—2" in gaps[0], "1—6" in gaps[1]] == [True, True]


def test_a_record_keeps_its_number() -> None:
    """Signed again it has its own number back, unless another has it by now, or it is of another year or series."""
    mine = signed("01", "校总公开〔2026〕3号")
    assert number_for(offices(mine), mine, 2026) == "校总公开〔2026〕3号"
    assert number_for(offices(mine), mine, 2026, again=True) == "校总公开〔2026〕4号"
    assert number_for(offices(mine), mine, 2027) == "校总公开〔2027〕1号"
    assert number_for(school(mine), mine, 2026) == "校公开〔2026〕1号"
    assert number_for(offices(mine, signed("02", "校总公开〔2026〕3号")), mine, 2026) == "校总公开〔2026〕4号"


def test_a_number_of_a_side_that_did_not_stand() -> None:
    """It stays given: nobody else gets it, the record gets it back, and whoever has the paper finds the record."""
    void = record([*chain("draft submit return"), step("merged", says={"numbers": ["校总公开〔2026〕1号"]})])
    snapshot = offices(void)
    assert number_of(void) == "" and former_numbers(void) == ["校总公开〔2026〕1号"]
    assert next_number(snapshot, "校总公开", 2026) == "校总公开〔2026〕2号"
    assert number_for(snapshot, void, 2026) == "校总公开〔2026〕1号"
    assert called(snapshot, "校总公开1", 2026) == [void]


def test_a_number_as_people_write_it() -> None:
    """Short, whole, in any brackets; of every series without one; the old number leads to the record, too."""
    one, two = signed("01", "校总公开〔2026〕3号"), signed("02", "校公开〔2026〕3号", "校公开〔2026〕4号")
    snapshot = offices(one, two)
    for text in ("校总公开〔2026〕3号", "校总公开(2026)第3号", "校总公开[2026]３", "校总公开2026-3", "校总公开3号"):
        assert called(snapshot, text, 2026) == [one], text
    for text in ("3", "2026-3", "3号", "〔2026〕3号"):
        assert called(snapshot, text, 2026) == [one, two], text
    assert called(snapshot, "校公开3", 2026) == [two] == called(snapshot, "4", 2026)
    for text in ("", "号", "校总公开", "03", "校公开〔2025〕3号", "总公开3", "-3"):
        assert called(snapshot, text, 2026) == [], text
    assert called(snapshot, "3", 2027) == []


def test_a_number_given_twice() -> None:
    """The later one is to be numbered again; in two series the same running number is no collision."""
    early = record([step("sign", says={"number": "校公开〔2026〕1号"}, at=DAY - timedelta(hours=1))], id="z")
    late, other = signed("01", "校公开〔2026〕1号"), signed("02", "校总公开〔2026〕1号")
    snapshot = offices(late, early, other)
    assert collisions(snapshot) == [("校公开〔2026〕1号", early, late)]
    assert [p.record for p in numbers_are_given_once(snapshot)] == [late.id]
    assert givers(snapshot, 2026) == {"校公开": {"sun-jie"}, "校总公开": {"sun-jie"}} and givers(snapshot, 2025) == {}


def test_the_register_has_a_section_for_each_series() -> None:
    """The school's own series first, then the others as the school names them, then what is used no more."""
    snapshot = offices(
        signed("01", "旧〔2026〕1号", "校总公开〔2026〕2号"), signed("02", "校总公开〔2026〕1号"),
        signed("03", "校公开〔2026〕10号"), signed("04", "校公开〔2026〕9号"), signed("05", "校公开〔2025〕9号"),
    )  # fmt: skip
    assert {s: [(n, valid) for n, _, valid in of] for s, of in registered(snapshot, 2026).items()} == {
        "校公开": [("校公开〔2026〕9号", True), ("校公开〔2026〕10号", True)],
        "校总公开": [("校总公开〔2026〕1号", True), ("校总公开〔2026〕2号", True)],
        "旧": [("旧〔2026〕1号", False)],
    }
    assert list(registered(snapshot, 2026)) == ["校公开", "校总公开", "旧"]


def test_a_series_of_nobody() -> None:
    """A department that the school does not have would never use its series: told, with the nearest name."""
    made = school()
    wrong = replace(made, school=replace(made.school, series_of={"总务出": "校总公开", **OWN}))
    assert [(p.code, p.where) for p in series_have_users(wrong)] == [("series-unused", ("series-of", "总务出"))]


def test_the_number_that_a_record_bears() -> None:
    """The last one given; the old ones stay readable."""
    made = signed("01", "校公开〔2026〕3号", "校公开〔2026〕9号")
    assert number_of(made) == "校公开〔2026〕9号"
    assert [n for n, _ in numbers(made)] == ["校公开〔2026〕3号", "校公开〔2026〕9号"]
    assert number_of(record("draft")) == ""


@given(series=st.text("校公开办x", max_size=6), year=st.integers(1900, 2999), number=st.integers(1, 10**6))
def test_reading_a_number(series: str, year: int, number: int) -> None:
    """A number is read into series, year and running number; padded, in other brackets or of zero it is none."""
    assert parse_number(f"{series}〔{year}〕{number}号") == (series, year, number)
    assert parse_number(f"{series}[{year}]{number}号") is None
    assert parse_number(f"{series}〔{year}〕0{number}号") is None
    assert parse_number(f"{series}〔{year}〕{number}") is None
    assert parse_number(f"{series}〔{year}〕0号") is None
