"""How things are worded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.model.period import parse_period
from schoolpub.views import formats


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1234.5", "元", "1,234.50"),
        ("0", "元", "0.00"),
        ("-152300.00", "元", "-152,300.00"),
        ("8.1234", "万元", "8.1234"),
        ("12000", "万元", "12,000"),
    ],
)
def test_money(value, unit, text):
    """Yuan have two decimals; larger units keep those that were entered."""
    assert formats.money(Decimal(value), unit) == text


@pytest.mark.parametrize(
    ("period", "text"),
    [
        ("2026-10", "2026年10月"),
        ("2026Q4", "2026年第四季度"),
        ("2026-W44", "2026年第44周（10月26日—11月1日）"),
        ("2026-2027-1", "2026—2027学年第一学期"),
        ("2026-2027", "2026—2027学年"),
        ("2026", "2026年"),
        ("2026-01..2026-11", "2026年1月至2026年11月"),
        ("2026..2028", "2026年至2028年"),
    ],
)
def test_periods(period, text):
    """Every kind of period has its words."""
    assert formats.period(parse_period(period)) == text


def test_a_date_has_no_leading_zeros():
    """Dates are written as GB/T 9704 asks."""
    assert formats.day(date(2026, 1, 3)) == "2026年1月3日"


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "-", "--5", "＝1", "－1", "＋x", "＠y"]
)
def test_what_would_be_a_formula_gets_an_apostrophe(text):
    """Texts that a spreadsheet would run become text; full-width signs, which some read alike, too."""
    assert formats.spreadsheet_text(text) == "'" + text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_real_numbers_stay_numbers(value):
    """A number, negative or with thousands separators, is never apostrophed."""
    assert formats.spreadsheet_text(f"{value:f}") == f"{value:f}"
    assert formats.spreadsheet_text(formats.amount(value)) == formats.amount(value)
