"""Official numbers: one series a year, no gap, never given twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schoolpub.rules.chain.numbering import next_number, number_of, numbers, parse_number
from tests.rules.chains import chain, record, school, step


def signed(key: str, *given_numbers: str):
    """Return a record that was given numbers, one after another."""
    steps = [*chain("draft submit"), *(step("sign", says={"number": n}) for n in given_numbers)]
    return record(steps, id=f"finance-monthly-2026-{key}")


def test_the_next_number() -> None:
    """It follows the highest of its series and year, also one that was replaced; others do not count."""
    assert next_number(school(), 2026) == "校公开〔2026〕1号"
    snapshot = school(
        signed("01", "校公开〔2026〕3号", "校公开〔2026〕9号", "校公开〔2026〕4号"),
        signed("02", "校公开〔2025〕88号"),
        signed("03", "别的〔2026〕99号"),
        signed("04", "不是号码"),
    )
    assert next_number(snapshot, 2026) == "校公开〔2026〕10号"
    assert next_number(snapshot, 2026, 3) == "校公开〔2026〕13号"
    assert next_number(snapshot, 2025) == "校公开〔2025〕89号"


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
