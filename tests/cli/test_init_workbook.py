"""A new school's answers in a workbook: made, filled in as a person would, and read; mistakes told by their cells."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import run_inside

_ANSWERS: dict[Any, Any] = {
    "学校名称": "示例镇中心小学",
    "主管部门": "示例县教育局",
    "办公室电话": "000-00000011",
    "从哪天起按时公开": date(2026, 9, 1),
    "这台电脑由谁使用": "林一",
}
_HOLDERS: dict[Any, str] = {
    "填报人": "林一", "校长": "林三", "公开办": "林四", "信息保护员": "林四", "部门负责人": "林二",
    ("组长", "领导小组"): "林三", ("组长", "监督小组"): "林五", ("组长", "财务小组"): "林六",
}  # fmt: skip
_MAILS: dict[Any, str] = {"林一": "lin-yi", "林二": "lin-er", "林三": "lin-san", "林四": "lin-si", "林五": "lin-wu"}


def _filled(folder: Path) -> Any:
    file = folder / "建校.xlsx"
    assert run_inside("sheet", "--school", "-o", str(file)).code == 0
    book = openpyxl.load_workbook(file)
    school, posts = book["学校"], book["任职"]
    for row in range(2, school.max_row + 1):
        if school.cell(row, 1).value in _ANSWERS:
            school.cell(row, 2).value = _ANSWERS[school.cell(row, 1).value]
    mails = dict(_MAILS)
    for row in range(2, posts.max_row + 1):
        role, body = posts.cell(row, 1).value, posts.cell(row, 2).value
        name = _HOLDERS.get((role, body) if body else role)
        if name:
            posts.cell(row, 4).value = name
        if name in mails:
            posts.cell(row, 5).value = f"{mails.pop(name)}@school.invalid"  # once is enough
    return book


@pytest.mark.usefixtures("surroundings")
def test_a_school_from_a_workbook(tmp_path: Path) -> None:
    """What was filled in stands in the school's files; posts left empty are told; who has no e-mail is a person too."""
    book = _filled(tmp_path)
    for column, text in enumerate(("示例镇中心小学", "示例银行", "0000000000000000011"), 1):
        book["单位账户"].cell(2, column).value = text
    book.save(tmp_path / "a.xlsx")
    root = tmp_path / "school"
    made = run_inside("init", str(root), "--answers", str(tmp_path / "a.xlsx"))
    assert made.code == 0, made.err
    school, people = ((root / f"records/{name}.yaml").read_text("utf-8") for name in ("school", "people"))
    assert "settings: {owed-since: 2026-09-01}" in school
    assert '{name: 示例镇中心小学, bank: 示例银行, number: "0000000000000000011"}' in school
    assert "- {name: 校门外公开栏, audience: external}" in school
    assert "lin-yi:\n    name: 林一\n    emails: [lin-yi@school.invalid]" in people
    assert people.count("name: 林三") == 1
    assert "{person: lin-wu, role: 组长, body: 监督小组, from: 20" in people
    assert "name: 林六" in people
    assert run_inside("check", "--root", str(root)).code == 0


@pytest.mark.usefixtures("surroundings")
def test_mistakes_are_told_by_their_cells(tmp_path: Path) -> None:
    """All that is wrong is told at once, and no folder is made."""
    book = _filled(tmp_path)
    book["学校"].cell(2, 2).value = None
    book["公开栏"].cell(2, 2).value = "校外"
    book["任职"].cell(2, 6).value = "2026.13.1"
    book["单位账户"].cell(2, 3).value = 6222000000000000011
    book.save(tmp_path / "b.xlsx")
    made = run_inside("init", str(tmp_path / "school"), "--answers", str(tmp_path / "b.xlsx"))
    assert made.code == 1
    for place in ("学校!B2", "公开栏!B2", "任职!F2", "单位账户!C2"):
        assert f"b.xlsx:{place} " in made.err
    blank = run_inside("init", str(tmp_path / "school"), "--answers", str(tmp_path / "建校.xlsx"))
    assert (blank.code, "建校.xlsx:学校!B15 answers-clerk" in blank.err) == (1, True)
    openpyxl.Workbook().save(tmp_path / "c.xlsx")
    other = run_inside("init", str(tmp_path / "school"), "--answers", str(tmp_path / "c.xlsx"))
    assert (other.code, "sheet --school" in other.err) == (3, True)
    assert not (tmp_path / "school").exists()
