"""Reading spreadsheets: what a person sees is what is read, and hostile files are refused quickly."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlwt

from schoolpub.errors import SchoolpubError
from schoolpub.model.book import Area, Book, Kind, letters
from schoolpub.store.spreadsheets.bounds import MAX_BYTES
from schoolpub.store.spreadsheets.number_formats import number_cell
from schoolpub.store.spreadsheets.reading import book_of, read_book


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def texts(book: Book, sheet: int = 0) -> list[list[str]]:
    """Return the texts of a sheet, row by row."""
    return [[cell.text for cell in cells] for _number, cells in book.sheets[sheet].rows()]


@pytest.mark.parametrize(
    ("raw", "code", "kind", "text", "exact"),
    [
        ("0.30000000000000004", "General", Kind.NUMBER, "0.3", "0.3"),
        ("52119", "#,##0.00", Kind.NUMBER, "52,119.00", "52119"),
        ("9630.5", "General", Kind.NUMBER, "9630.5", "9630.5"),
        ("0.1605", "0.00%", Kind.NUMBER, "16.05%", "0.1605"),
        ("-1234.5", "#,##0.00_);(#,##0.00)", Kind.NUMBER, "-1,234.50", "-1234.5"),
        ("0", "0.00", Kind.NUMBER, "0.00", "0"),
        ("-0.001", "0.00", Kind.NUMBER, "0.00", "-0.001"),
        ("33.333333", "0.00", Kind.NUMBER, "33.33", "33.333333"),
        ("1.1010519491231E+17", "General", Kind.NUMBER, "110105194912310000", "110105194912310000"),
        ("46329", "yyyy\"年\"m\"月\"d\"日\"", Kind.DATE, "2026-11-03", "46329"),
        ("46327", "yyyy\"年\"m\"月\"", Kind.DATE, "2026-11", "46327"),
        ("46329.375", "yyyy/m/d h:mm", Kind.DATE, "2026-11-03T09:00", "46329.375"),
        ("0.375", "h:mm", Kind.DATE, "09:00", "0.375"),
        ("46329", "[$-804]yyyy\\-mm\\-dd;@", Kind.DATE, "2026-11-03", "46329"),
        ("12", "0\"元\"", Kind.NUMBER, "12", "12"),
        ("5", "G/通用格式", Kind.NUMBER, "5", "5"),
        ("nan", "General", Kind.TEXT, "nan", ""),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_shown(raw: str, code: str, kind: Kind, text: str, exact: str) -> None:
    """Floats lose their noise, percentages and days are those that the cell shows."""
    cell = number_cell(raw, code)

    assert (cell.kind, cell.text, cell.exact) == (kind, text, exact)


def test_an_xlsx_is_read_as_a_person_sees_it() -> None:
    """Merged heads, hidden rows, columns and sheets, formulas that nobody computed: all of it is known."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "收入"
    sheet.append(["　收入明细 "])
    sheet.append(["项目", "本月", "日期"])
    sheet.append(["生均公用经费", 0.1 + 0.2, date(2026, 11, 3)])
    sheet.append(["合计", "=SUM(B3:B3)", datetime(2026, 11, 3, 9, 30)])
    sheet["D3"] = 0
    sheet.merge_cells("A1:C1")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.create_sheet("底稿").sheet_state = "hidden"

    read = book_of(saved(book), "十月.xlsx")

    first = read.sheets[0]
    assert texts(read) == [
        ["收入明细"],
        ["项目", "本月", "日期"],
        ["生均公用经费", "0.3", "2026-11-03", "0"],
        ["合计", "", "2026-11-03T09:30"],
    ]
    assert first.cell(4, 2).uncomputed
    assert first.merged == (Area(1, 1, 1, 3),)
    assert (first.hidden(3, 2), first.hidden(2, 4), first.hidden(2, 2)) == (True, True, False)
    assert [(s.name, s.visible) for s in read.sheets] == [("收入", True), ("底稿", False)]
    assert (first.place(7, 3), letters(28)) == ("收入!C7", "AB")


def test_an_xls_is_read() -> None:
    """The old format gives the same: percentages as shown, what is hidden, formulas that nobody computed."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("支出")
    sheet.write(0, 0, "科目")
    sheet.write(1, 0, "水费")
    sheet.write(1, 1, 1234.5, xlwt.easyxf(num_format_str="#,##0.00"))
    sheet.write(1, 2, date(2026, 11, 3), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(1, 3, 0.1605, xlwt.easyxf(num_format_str="0.00%"))
    sheet.write(1, 4, xlwt.Formula("B2+1"))
    sheet.write(2, 0, "x")
    sheet.row(2).hidden = True
    sheet.col(3).hidden = True
    sheet.write_merge(4, 4, 0, 2, "标题")
    hidden = book.add_sheet("底稿")
    hidden.write(0, 0, "x")
    hidden.visibility = 1
    out = io.BytesIO()
    book.save(out)

    read = book_of(out.getvalue(), "旧.xls")

    first = read.sheets[0]
    assert texts(read) == [["科目"], ["水费", "1,234.50", "2026-11-03", "16.05%", ""], ["x"], ["标题"]]
    assert first.cell(2, 5).uncomputed
    assert (first.hidden_rows, first.hidden_columns, first.merged) == ({3}, {4}, (Area(5, 1, 5, 3),))
    assert [s.visible for s in read.sheets] == [True, False]


def test_an_xls_that_spans_the_world_is_refused() -> None:
    """Two cells in opposite corners would be sixteen million."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(0, 0, 1)
    sheet.write(65535, 255, 1)
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(SchoolpubError, match="more than a table"):
        book_of(out.getvalue(), "x.xls")


def ods(body: str) -> bytes:
    """Return an ods file with the sheets *body*."""
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text", "style"))
    content = f"<office:document-content{names}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
    return out.getvalue()


def test_an_ods_is_read() -> None:
    """Repeated cells and rows are counted; the exact value stands beside the shown one."""
    data = ods(
        '<table:table table:name="表"><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row table:visibility="collapse"><table:table-cell table:number-columns-repeated="2" office:value-type="string">'
        '<text:p>水<text:s/>费</text:p></table:table-cell><table:table-cell office:value-type="percentage" office:value="0.1605">'
        "<text:p>16.05%</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        "</table:table>"
    )

    read = book_of(data, "表.ods")

    assert texts(read) == [["水 费", "水 费", "16.05%"]]
    assert read.sheets[0].cell(3, 3).exact == "0.1605"
    assert read.sheets[0].hidden_rows == {3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_every_encoding(encoding: str) -> None:
    """Excel in China saves GBK, WPS UTF-8, and some programs tabs in UTF-16; the guard of exports is taken off."""
    text = "项目\t本月\n\"生均, 公用\"\t'-1\n" if encoding == "utf-16" else "项目,本月\n\"生均, 公用\",'-1\n"

    read = book_of(text.encode(encoding), "收入.csv")

    assert texts(read) == [["项目", "本月"], ["生均, 公用", "-1"]]
    assert read.sheets[0].place(2, 2) == "B2"


def packed(**parts: bytes) -> bytes:
    """Return a zip file; `_` in a name stands for `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


BOOK = b'<workbook><sheets><sheet name="a" r:id="1" xmlns:r="r"/></sheets></workbook>'
LINK = b'<Relationships><Relationship Id="1" Target="s.xml"/></Relationships>'


def workbook_with(sheet: bytes) -> bytes:
    """Return the smallest workbook around the XML of a sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", BOOK)
        package.writestr("xl/_rels/workbook.xml.rels", LINK)
        package.writestr("xl/s.xml", sheet)
    return out.getvalue()


HOSTILE = {
    "a bomb": workbook_with(b"<worksheet>" + b" " * (60 * 2**20) + b"</worksheet>"),
    "a cell at the end of the world": workbook_with(b'<worksheet><c r="XFD1048576"><v>1</v></c></worksheet>'),
    "entities": workbook_with(b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><c r="A1"><v>&a;</v></c></worksheet>'),
    "a macro": packed(xl__vbaProject=b"").replace(b"vbaProject.xml", b"vbaProject.bin"),
    "half a file": workbook_with(b"<worksheet/>")[:200],
    "a Word document": packed(word__document=b"<w/>"),
    "a picture": b"\x89PNG\r\n",
    "a web page": "<html><table><tr><td>水费</td></tr></table></html>".encode(),
    "repeated cells": ods(
        '<table:table><table:table-row table:number-rows-repeated="60000"><table:table-cell table:number-columns-repeated="900" '
        'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
    ),
    "an old file that is damaged": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "no text": bytes(range(128, 256)) * 10,
    "nothing": b"",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_quickly(what: str) -> None:
    """Bombs, macros and damage end in a plain refusal within a second."""
    begun = time.perf_counter()

    with pytest.raises(SchoolpubError) as stop:
        book_of(HOSTILE[what], "x.xlsx")

    assert stop.value.exit_code == 3
    assert stop.value.fix is not None
    assert time.perf_counter() - begun < 2


def test_two_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    """The size of a file is asked before it is read."""
    file = tmp_path / "大.xlsx"
    with file.open("wb") as handle:
        handle.truncate(200 * 2**20)

    with pytest.raises(SchoolpubError, match=f"at most {MAX_BYTES // 2**20} MB"):
        read_book(file)
