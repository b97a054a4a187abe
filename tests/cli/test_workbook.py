"""A clerk's first hour with a workbook: what is wrong in it is told in the words of its sheets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl

from tests.cli.office import Office

GOOD: dict[str, list[Mapping[str, object]]] = {
    "收入": [{"项目": "财政拨款", "本月": 500, "本年累计": 5000}],
    "支出": [{"科目": "办公费", "本月": 120, "本年累计": 600}, {"科目": "水电费", "本月": 80, "本年累计": 500}],
}


def filled(office: Office, name: str, rows: Mapping[str, list[Mapping[str, object]]], **values: object) -> Path:
    """Fill in the blank workbook of the monthly accounts as a clerk does."""
    path = office.root.parent / name
    office.done("sheet", "finance-monthly", "-o", str(path), "--period", "2026-10", "--force")
    book = openpyxl.load_workbook(path)
    for line in book.worksheets[0].iter_rows(min_row=3):
        if line[0].value in values:
            line[1].value = values[str(line[0].value)]
    for title, listed in rows.items():
        heads = {cell.value: cell.column for cell in book[title][1]}
        for number, row in enumerate(listed, 2):
            for key, value in row.items():
                book[title].cell(number, heads[key]).value = value
    book.save(path)
    return path


def test_fixes_name_the_columns_of_the_sheet(office: Office) -> None:
    """Who fills in a workbook never sees the keys of the record's file."""
    rows = {"收入": GOOD["收入"], "支出": [{"本月": 120, "本年累计": 600}, {"科目": "纸", "本月": 1, "层级": 5}]}
    said = office.refused(
        "add", "finance-monthly", "--from", str(filled(office, "a.xlsx", rows, 上月结余=1000)), code=1
    )
    assert "a.xlsx:支出!A2 missing 科目 is empty → fill in “科目”" in said
    assert "a.xlsx:支出!F3 table-level" in said
    assert "under “层级” write 1 for a main row" in said
    assert "→ fill in “本月结余”" in said
    assert "head:" not in said
    assert "balance_end" not in said


def test_a_workbook_with_a_password_says_so(office: Office) -> None:
    """Excel keeps a protected .xlsx in an old container: the refusal says what it is and how to take the password off."""
    entry = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0")
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(1024, b"\0") + entry.ljust(512, b"\0")
    said = office.refused("add", "finance-monthly", "--from", office.write("月报.xlsx", locked))
    assert "月报.xlsx cannot be read: it is locked with a password." in said
    assert "Encrypt with Password" in said


def test_a_difference_in_a_workbook_is_explained_on_the_command_line(office: Office) -> None:
    """The sheets have no place for explanations, so the fix gives the option that takes one, and it works."""
    path = str(filled(office, "b.xlsx", GOOD, 上月结余=1000, 本月结余=1299))
    said = office.refused("add", "finance-monthly", "--from", path, code=1)
    assert "b.xlsx:财务收支月报!B9 rule-equal" in said
    assert "--set says.balance=…" in said
    office.done("add", "finance-monthly", "--from", path, "--set", "says.balance=利息下月入账")
    assert "says:\n  balance: 利息下月入账\n" in office.text("finance-monthly-2026-10")


def test_a_list_in_the_schools_own_layout(office: Office) -> None:
    """A list of names is confirmed once, with the column that is left out; --set takes values of parts in braces."""

    def add(day: str, number: int, *more: str) -> tuple[str, ...]:
        rows = ["2026年度表彰名单", "序号,姓名,班级,荣誉称号,学号", f"1,甲某,七(1)班,三好学生,2026010{number}"]
        path = office.write(f"{number}.csv", "\n".join(rows) + "\n")
        notice = f"notice={{from: {day}, to: 2026-12-31}}"
        return (
            "add",
            "honours-student",
            "--date",
            day,
            "--from",
            path,
            "--set",
            "stage=推荐公示",
            "--set",
            notice,
            *more,
        )

    office.done(*add("2026-11-03", 1, "--yes"))
    later = office(*add("2026-11-04", 2))
    assert later.code == 0, later.err
    assert "2.csv: not taken, as confirmed before: 学号." in later.err
    text = office.text(later.last)
    assert "- {award: 三好学生, winners: [{name: 甲某, class: 七(1)班}]}" in text
    assert "notice: {from: 2026-11-04, to: 2026-12-31}" in text
    layout = (office.root / "records/layouts/honours-student.yaml").read_text("utf-8")
    assert layout.endswith("left: [学号]\n")
