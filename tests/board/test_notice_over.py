"""The day after its notice period a list is in no file of any site; the page stays, with the working of its dates."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schoolpub import board
from tests.views import making

NAME, FIRST, LAST = "甲同学某", "2026-11-03", "2026-11-09"
NOTICE: dict[str, Any] = {
    "item": "honours-student",
    "title": "学生评优评先推荐公示",
    "date": "2026-11-02",
    "department": "德育处",
    "audience": "both",
    "fields": {
        "stage": "推荐公示",
        "awards": [{"award": "三好学生", "quota": "1", "winners": [{"kind": "个人", "name": NAME, "consent": "recorded"}]}],
        "notice": {"from": FIRST, "to": LAST},
    },
}
RECORD = "honours-student-20261102-abcd"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = making.policy(tmp_path_factory.mktemp("notice"))
    making.add(
        root, RECORD, NOTICE, day=date(2026, 11, 2), chain="disclosure-reviewed", proofs={"board": "2026-11-02"},
        files={"名单.txt": NAME.encode()},
    )  # fmt: skip
    return root


def built(root: Path, out: Path, today: str) -> dict[str, bytes]:
    """Build both sites on the day *today*, over what an earlier day left there, and return every file."""
    board.build(
        making.read(root),
        date.fromisoformat(today),
        templates=[making.TEMPLATES],
        out=out,
        attachments=root / "records" / "attachments",
    )
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("today", "shown"), [(FIRST, True), (LAST, True), ("2026-11-10", False), ("2026-11-30", False)]
)
def test_the_list_leaves_on_the_right_day(school: Path, tmp_path: Path, today: str, shown: bool) -> None:
    """Until the last day it is shown to both audiences; from the next day on no page, data, index or file holds it."""
    built(school, tmp_path, LAST)
    files = built(school, tmp_path, today)
    holding = sorted(name for name, data in files.items() if NAME.encode() in data)

    for audience in ("public", "internal"):
        page = files[f"{audience}/records/{RECORD}.html"].decode()
        assert (f"{audience}/records/{RECORD}.html" in holding) is shown
        assert "公示期：2026年11月3日至2026年11月9日，共 5 个工作日" in page
        assert "公示期是怎样算出来的" in page
        assert ("公示中" in page.partition("<footer")[0]) is shown
        assert ("公示期已满，名单已撤下，原有 1 项" in page) is not shown
        assert "三好学生" in page
        assert "名额" in page
    if not shown:
        assert holding == []


def test_the_right_day_follows_a_correction_of_the_end(school: Path, tmp_path: Path) -> None:
    """An edition that ends later keeps the list until its own end."""
    fields = {**NOTICE["fields"], "notice": {"from": FIRST, "to": "2026-11-12"}}
    longer = {**NOTICE, "reason": "延长公示", "fields": fields}
    making.add(school, f"{RECORD}.v2", longer, day=date(2026, 11, 9), chain="disclosure-reviewed")
    page = f"public/records/{RECORD}.html"

    assert NAME.encode() in built(school, tmp_path, "2026-11-12")[page]
    assert NAME.encode() not in built(school, tmp_path, "2026-11-13")[page]
