"""One school with everything a page can show, built once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schoolpub.board import build
from tests.views.making import TEMPLATES, add, finance, policy, read
from tests.views.matters import term
from tests.views.test_gate import CONGRESS, HONOURS, RESULT

TODAY = date(2026, 11, 18)


def numbered(number: int) -> dict[str, dict[str, str]]:
    """Return what the sign-off says: the official number."""
    return {"sign": {"number": f"校公开〔2026〕{number}号"}}


def fill(root: Path) -> None:
    """Post a school's year in *root*: in time and late, corrected, suspended, internal, with attachments and lists."""
    for month in range(7, 11):
        day = date(2026, month + 1, 4 if month != 8 else 9)
        add(
            root,
            f"finance-monthly-2026-{month:02}",
            finance(f"2026-{month:02}"),
            day=day,
            proofs={"board": day.isoformat(), "website": day.isoformat()} if month != 10 else {"website": "2026-11-04"},
            says={"sign": {"number": f"校公开〔2026〕{month}号"}, "post": {"due": f"2026-{month + 1:02}-05"}},
            files={"支出 明细#1.pdf": b"%PDF-1.4"} if month == 9 else None,
        )
    add(
        root,
        "finance-monthly-2026-09.v2",
        {**finance("2026-09"), "reason": "电费误记，已更正"},
        day=date(2026, 10, 20),
        says=numbered(12),
        proofs={"board": "2026-10-20", "website": "2026-10-20"},
    )
    result = {**RESULT, "fields": {**RESULT["fields"], "reason": "=SUM(A1)是不是公式", "notice_to": "2026-11-24"}}
    reviewed = "disclosure-reviewed"
    add(root, "procurement-result-20261116-abcd", result, day=date(2026, 11, 16), chain=reviewed, says=numbered(16))
    add(root, "honours-student-20261103-abcd", HONOURS, day=date(2026, 11, 3), chain=reviewed, says=numbered(15))
    add(root, "congress-20261030-aaaa", CONGRESS, day=date(2026, 11, 2), chain=reviewed, says=numbered(14))
    stop = ("suspend", "chu-wei", "公开办", date(2026, 10, 13), {"reason": "有误"})
    news = {
        "item": "good-news",
        "title": "误发的喜报",
        "date": "2026-10-12",
        "department": "德育处",
        "audience": "external",
        "fields": {},
    }
    day = date(2026, 10, 12)
    add(root, "good-news-20261012-abcd", news, day=day, chain="disclosure", more=(stop,), says=numbered(13))
    term(root)


def make(root: Path, out: str = "site", today: date = TODAY, **changes: object):
    """Build the site of *root*."""
    return build(
        read(root),
        today,
        templates=[TEMPLATES],
        out=root / out,
        attachments=root / "records" / "attachments",
        commit=("c0ffee", True),
        **changes,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="session")
def school(tmp_path_factory) -> Path:
    """Return a school with its site built; tests that change it take `own_school`."""
    root = policy(tmp_path_factory.mktemp("school"))
    fill(root)
    make(root)
    return root


@pytest.fixture
def own_school(tmp_path) -> Path:
    """Return a school of the test's own."""
    root = policy(tmp_path)
    fill(root)
    return root
