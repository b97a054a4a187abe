"""The pages of the clock: item by period, the calendar file, the plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schoolpub import board
from tests.views import making

TODAY = date(2026, 11, 18)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = making.policy(tmp_path_factory.mktemp("clock"))
    for month, day in ((8, "2026-09-04"), (9, "2026-10-09")):
        making.add(
            root, f"finance-monthly-2026-{month:02}", making.finance(f"2026-{month:02}"), day=date.fromisoformat(day),
            proofs={"board": day, "website": day},
        )  # fmt: skip
    out = root / "site"
    board.build(
        making.read(root), TODAY, templates=[making.TEMPLATES], out=out, attachments=root / "records" / "attachments"
    )
    return out


def test_gaps_are_visible(site: Path) -> None:
    """A month in time is linked and marked so, a late one says by how much, a missing one is a gap."""
    page = (site / "public/coverage.html").read_text("utf-8")

    assert 'href="records/finance-monthly-2026-08.html" title="2026年8月：按期公开，应公开 2026年9月5日，' in page
    assert "2026年9月：逾期公开，应公开 2026年10月5日，实际公开 2026年10月9日，逾期 2 个工作日" in page
    assert "2026年10月：逾期未公开，应公开 2026年11月5日，逾期 9 个工作日" in page
    assert "未申报" in page


def test_inner_items_stay_inside(site: Path) -> None:
    """The public's matrix and calendar name no item that is for the school alone."""
    for name in ("coverage.html", "duties.ics"):
        texts = [(site / side / name).read_bytes().decode() for side in ("public", "internal")]
        public, internal = (text.replace("\r\n ", "") for text in texts)
        assert "职称评聘推荐" not in public
        assert "职称评聘推荐" in internal


def test_the_plan_is_a_page(site: Path) -> None:
    """Today's phase is marked."""
    page = (site / "public/workplan.html").read_text("utf-8")

    assert "今天（第12周）处于：监督评估" in page
    assert 'href="workplan.html"' in (site / "public/catalogue.html").read_text("utf-8")


def test_the_proof_of_an_inner_board_counts_for_both_sites(site: Path) -> None:
    """The board that outsiders do not see is not named to them."""
    page = (site / "public/records/finance-monthly-2026-08.html").read_text("utf-8")
    inside = (site / "internal/records/finance-monthly-2026-08.html").read_text("utf-8")

    assert "待取证" not in page
    assert "待取证：办公楼内公开栏" in inside
    assert "办公楼内公开栏" not in page
