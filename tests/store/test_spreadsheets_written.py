"""Workbooks written by `sheet` and `export` come back: every real notice, and whatever a cell may hold."""

from __future__ import annotations

import errno
import io
import subprocess
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schoolpub.model.catalogue import Field, Item
from schoolpub.rules.sheets.own import OwnReading
from schoolpub.rules.sheets.own_book import own_book
from schoolpub.rules.sheets.rows import Row
from schoolpub.store import csv_rows
from schoolpub.store.spreadsheets.reading import book_of
from schoolpub.store.spreadsheets.writing import workbook
from schoolpub.store.tables import read_csv
from schoolpub.store.workspace import Workspace
from schoolpub.store.yaml import strict_yaml
from schoolpub.views.workbooks.workbook import pages, text_page
from schoolpub.views.workbooks.workbook_cells import Page, text_rows
from schoolpub.views.workbooks.workbook_tables import bare
from tests.programs import needs

ROOT = Path(__file__).parent.parent.parent
NOTICES = sorted((ROOT / "tests" / "catalogue" / "notices").glob("*.yaml"))


@pytest.fixture(scope="module")
def items() -> dict[str, Item]:
    """The items of the catalogue that is shipped."""
    catalogues = Workspace(ROOT).read(cache=False).catalogues
    return dict(catalogues[max(catalogues)].items)


def test_every_real_notice_comes_back_unchanged(items: dict[str, Item]) -> None:
    """What was published by real schools is written as xlsx and as CSV and read again: the same values."""
    lost = []
    for path in (*NOTICES[::5], *(path for path in NOTICES if path.stem.startswith("shape"))):
        tree, _problems = strict_yaml.parse(path.read_bytes(), path.name)
        assert isinstance(tree, dict)
        item = items.get(str(tree["item"]))
        given_values = tree.get("add")
        if item is None or not isinstance(given_values, dict):
            continue
        fields = {
            key: value
            for key, value in given_values.items()
            if key in item.fields and not (item.fields[key].type == "reference" and isinstance(value, dict))
        }
        own = own_book(book_of(workbook(pages(item, {}, fields, blank=False)), "x.xlsx"), item)
        assert own is not None, path.name
        text = csv_rows.table_text(text_page(item, {}, fields))
        for kind, read in (("xlsx", own[0]), ("csv", read_csv(text, "x.csv", item))):
            if bare(read.fields) != bare(fields) or read.problems:
                lost.append((path.name, kind, [p.code for p in read.problems]))
    assert lost == []


ITEM = Item(
    slug="x", name="事项", category="财务", department="总务处", flow="f",
    fields={
        "sum": Field(key="sum", name="金额", type="money"),
        "share": Field(key="share", name="占比", type="percent"),
        "day": Field(key="day", name="日子", type="date"),
        "note": Field(key="note", name="说明文字", type="long-text"),
        "rows": Field(key="rows", name="表", type="table", columns={
            "name": Field(key="name", name="名称", type="text"),
            "month": Field(key="month", name="本月", type="money", total=True),
        }),
    },
)  # fmt: skip

MONEY = st.decimals(-(10**12), 10**12, places=2).map(lambda d: f"{d if d else abs(d):f}")
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"), min_size=1)


@settings(max_examples=60)
@given(MONEY, st.sampled_from(["16.05%", "3.31", "0%", "100.00%", "-"]), LINES, st.lists(st.tuples(LINES, MONEY), min_size=1, max_size=4))
@example("0.00", "-", "=SUM(A1:A9)", [("@cmd", "/"), ("+1", "-"), ("-1", "0"), ("'x", "1,234.50"), ("101", "007")])
@example("-0.01", "/", "_x0041_", [("a", "999999999999.99")])
def test_any_value_comes_back(amount: str, share: str, note: str, rows: list[tuple[str, str]]) -> None:
    """Money to the cent, marks, percentages, and texts that look like formulas are the same after a round trip."""
    table = [{"name": name, "month": month} for name, month in rows]
    fields = {"sum": amount, "share": share, "note": note, "rows": table}

    own = own_book(book_of(workbook(pages(ITEM, {}, fields, blank=False)), "x.xlsx"), ITEM)
    as_csv = read_csv(csv_rows.table_text(text_page(ITEM, {}, fields)), "x.csv", ITEM)

    assert own is not None
    assert bare(own[0].fields) == bare(fields)
    assert bare(as_csv.fields) == bare(fields)


def test_nothing_is_a_formula_but_our_totals() -> None:
    """A text that begins like a formula is text in xlsx and has an apostrophe in CSV."""
    fields = {"note": "=1+1", "rows": [{"name": "@SUM(1)", "month": "1.00"}]}

    book = openpyxl.load_workbook(io.BytesIO(workbook(pages(ITEM, {}, fields, blank=False))))
    text = csv_rows.table_text(text_page(ITEM, {}, fields)).decode("utf-8-sig")

    formulas = [cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert formulas == []
    assert "说明文字,'=1+1" in text
    assert "'@SUM(1),1.00" in text


def test_the_same_pages_give_the_same_bytes(items: dict[str, Item]) -> None:
    """A workbook holds no clock and no name of a person."""
    made = pages(items["finance-monthly"], {"period": "2026-10"}, {}, blank=True)

    assert workbook(made) == workbook(made)


def test_every_blank_sheet_is_recognised_and_says_nothing(items: dict[str, Item]) -> None:
    """A workbook that nobody filled in gives no field and no problem, whatever the item."""
    for number, item in enumerate(items.values()):
        made = pages(item, {}, {}, blank=True)
        titles = [page.title for page in made]
        assert len(set(titles)) == len(titles), item.slug
        if number % 6 == 0 or item.slug in ("honours-student", "fees-term", "congress", "canteen-monthly"):
            own = own_book(book_of(workbook(made), "x.xlsx"), item)
            assert own is not None, item.slug
            assert (item.slug, own[0].fields, own[0].problems, own[1]) == (item.slug, {}, [], [])


def test_the_level_stands_behind_the_names_and_is_read_in_either_place(items: dict[str, Item]) -> None:
    """A clerk types the name into the first column; sheets made when the level stood first are still read."""
    item = items["finance-monthly"]
    made = {page.title: page for page in pages(item, {}, {}, blank=True)}
    assert text_rows(made["收入"])[0].cells == ("项目", "本月", "本年累计", "层级", "备注")
    rows = [{"项目": "财政拨款", "本月": "30.00", "层级": "1"}, {"项目": "公用经费", "本月": "30.00", "层级": "2"}]
    for order in (("项目", "本月", "层级"), ("层级", "项目", "本月")):
        reading = OwnReading(item, "", workbook=True)
        reading.sheet("收入", [Row(1, order), *(Row(n, tuple(row[k] for k in order)) for n, row in enumerate(rows, 2))])
        assert not reading.problems
        assert reading.fields["income"] == [
            {"item": "财政拨款", "month": "30.00", "level": "1"},
            {"item": "公用经费", "month": "30.00", "level": "2"},
        ]


@needs("soffice")
def test_a_blank_sheet_goes_through_libreoffice(items: dict[str, Item], tmp_path: Path) -> None:
    """Drop-downs, notes and formulas survive another program, and the values come back as ods and xls."""
    item = items["finance-monthly"]
    blank = openpyxl.load_workbook(io.BytesIO(workbook(pages(item, {"period": "2026-10"}, {}, blank=True))))
    income = blank["收入"]
    income["A2"], income["B2"] = "生均公用经费", 85000
    income["A3"], income["B3"] = "利息收入", 12.34
    blank.save(tmp_path / "a.xlsx")
    for kind in ("xls", "ods"):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", kind,
             "--outdir", str(tmp_path / "out"), str(tmp_path / "a.xlsx")],
            check=True, capture_output=True,
        )  # fmt: skip
        book = book_of((tmp_path / "out" / f"a.{kind}").read_bytes(), f"a.{kind}")
        own = own_book(book, item)
        assert own is not None
        assert own[0].head == {"period": "2026-10"}
        assert bare(own[0].fields) == {
            "income": [{"item": "生均公用经费", "month": "85000.00"},
                       {"item": "利息收入", "month": "12.34"}]
        }  # fmt: skip
        total = book.sheet("收入").cell(22, 2)
        assert (total.exact, total.formula) == ("85012.34", True)


def test_no_room_for_a_workbook_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever library writes the parts, a full disk is the system's own error; another mistake stays what it is."""
    for words, kind in (("IO_ENOSPC", OSError), ("something else", RuntimeError)):

        def fall(*_: object, words: str = words) -> None:
            raise RuntimeError(words)

        monkeypatch.setattr(openpyxl.Workbook, "save", fall)
        with pytest.raises(kind) as told:
            workbook([Page("页")])
        assert kind is RuntimeError or told.value.errno == errno.ENOSPC
