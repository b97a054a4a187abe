"""A correction that makes another record untrue: a duty to explain, never an error of the old record."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schoolpub.errors import errors
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.aftermath import aftermaths
from schoolpub.rules.checks import check_record
from tests.views import making

NOVEMBER = "finance-monthly-2026-11"
TODAY = date(2026, 12, 20)


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """October and November, which follows from it; then October is corrected: its closing balance is another."""
    root = making.policy(tmp_path)
    making.add(root, "finance-monthly-2026-10", making.finance("2026-10"), day=date(2026, 11, 4))
    return root


def november(root: Path, **more: object) -> None:
    body = making.finance(
        "2026-11",
        balance_start="175080.50",
        income=[{"item": "生均公用经费", "month": "0.00", "ytd": "850000.00"},
                {"item": "其他收入", "month": "0.00", "ytd": "21800.50"}],
        expense=[{"head": "办公费", "month": "80.50", "ytd": "301260.50"}],
        balance_end="175000.00",
        agency=[],
    )  # fmt: skip
    making.add(root, NOVEMBER, body, day=date(2026, 12, 4), **more)  # type: ignore[arg-type]


def correct(root: Path) -> None:
    body = making.finance("2026-10", balance_start="152310.00", balance_end="175090.50")
    making.add(root, "finance-monthly-2026-10.v2", {**body, "reason": "期初数有误"}, day=date(2026, 12, 10))


def owing(snapshot: Snapshot) -> list[tuple[str, str]]:
    return [(found.record.id, found.because.id) for found in aftermaths(snapshot)]


def test_what_followed_from_it_is_owed_an_explanation(school: Path) -> None:
    """November's opening balance is not October's closing one any more: that is owed, and no error of November."""
    november(school)
    assert owing(making.read(school)) == []
    correct(school)
    snapshot = making.read(school)

    assert owing(snapshot) == [(NOVEMBER, "finance-monthly-2026-10.v2")]
    assert errors(check_record(snapshot.records[NOVEMBER], snapshot, TODAY)) == []


def test_a_remark_pays(school: Path) -> None:
    """A remark after the correction pays; one before it does not."""
    before = ("remark", "zhao-min", "填报人", date(2026, 12, 8), {"remark": "已核对"})
    november(school, more=(before,))
    correct(school)
    assert owing(making.read(school)) == [(NOVEMBER, "finance-monthly-2026-10.v2")]

    after = ("remark", "zhao-min", "填报人", date(2026, 12, 11), {"remark": "10月更正后，本月期初数相应更正"})
    november(school, more=(before, after))
    assert owing(making.read(school)) == []


def test_an_edition_pays(school: Path) -> None:
    """A corrected November pays, too."""
    november(school)
    correct(school)
    body = making.finance(
        "2026-11", balance_start="175090.50", income=[{"item": "生均公用经费", "month": "0.00", "ytd": "850000.00"}],
        expense=[{"head": "办公费", "month": "90.50", "ytd": "301270.50"}], balance_end="175000.00", agency=[],
    )  # fmt: skip
    making.add(school, f"{NOVEMBER}.v2", {**body, "reason": "随10月更正"}, day=date(2026, 12, 15))

    assert owing(making.read(school)) == []
