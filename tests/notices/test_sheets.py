"""The sheets as they come out of the printer: what they say, how they are laid out, that they never change."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from schoolpub.errors import SchoolpubError
from schoolpub.notices import Printer, pages
from schoolpub.views.ledgers import opinions, slip
from schoolpub.views.sheets import notice, poster, register
from tests.notices.sample import APPROVED, DRAFTED, SCHOOL, SIGNED, STAMP, TODAY, finance, honours, snapshot
from tests.programs import needs
from tests.views.making import policy, read
from tests.views.matters import term

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates" / "print"
MM = 72 / 25.4
FORM_LABELS = [
    *("编号", "公开事项", "主要内容", "类别", "公开范围", "公开形式", "公开地点", "公开时间", "承办部门", "填报人"),
    *("部门负责人意见", "财务小组意见", "领导小组意见", "监督小组意见", "主要领导审批", "反馈意见", "整改情况"),
    *("公开凭证", "归档号", "保管期限", "备注", "文本码"),
]


@pytest.fixture(scope="module")
def printer() -> Printer:
    return Printer([TEMPLATES])


def texts(sheet: bytes) -> list[str]:
    """Return the text of each page without blanks."""
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(BytesIO(sheet)).pages]


def glyphs(sheet: bytes, page: int) -> list[tuple[float, float, str]]:
    """Return each piece of text on *page* with its place from the left and top edge, in points."""
    leaf = PdfReader(BytesIO(sheet)).pages[page]
    height = float(leaf.mediabox.height)
    found: list[tuple[float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((x, height - y, text.strip()))

    leaf.extract_text(visitor_text=visit)
    return found


def bare(**changes: Any) -> dict[str, Any]:
    """Return the value of a notice with nothing in it."""
    given = {
        "id": "x",
        "plain_title": "题",
        "title": ["题"],
        "school": "示例学校",
        "number": "",
        "marks": [],
        "blocks": [],
        "attachments": [],
        "sender": ["示例学校"],
        "date": "2026年11月4日",
        "code": None,
        "chain": [],
    }
    return {**given, **changes}


def paragraph(text: str) -> dict[str, Any]:
    return {"kind": "paragraph", "level": 0, "head": "", "text": text}


def test_a_full_page_has_22_lines_of_28_characters(printer: Printer) -> None:
    """The grid of GB/T 9704: 22 lines a page, 28 characters a line, 28 mm from the left, 28.99 pt from line to line."""
    sheet = printer.notice(bare(blocks=[paragraph("国" * 28 * 60)]), STAMP)

    lines = [line for line in PdfReader(BytesIO(sheet)).pages[1].extract_text().splitlines() if "国" in line]
    assert [len(line.strip()) for line in lines] == [28] * 22
    rows = sorted({round(y, 1) for _, y, text in glyphs(sheet, 1) if "国" in text})
    assert rows[1] - rows[0] == pytest.approx(637.8 / 22, abs=0.15)
    assert rows[-1] - rows[0] == pytest.approx(21 * 637.8 / 22, abs=0.3)
    assert min(x for x, _, text in glyphs(sheet, 1) if "国" in text) == pytest.approx(28 * MM, abs=0.5)


def test_page_numbers_stand_outside(printer: Printer) -> None:
    """Odd pages have the number on the right, even pages on the left, one character in, 7 mm below the type area."""
    sheet = printer.notice(bare(blocks=[paragraph("国" * 28 * 60)]), STAMP)

    numbers = {}
    for page in (0, 1):
        place = [(x, y) for x, y, text in glyphs(sheet, page) if "—" in text]
        numbers[page] = (min(x for x, _ in place), place[0][1])
    assert numbers[0][0] > 140 * MM
    assert numbers[1][0] == pytest.approx(28 * MM + 14, abs=1.5)
    # The dash is in the middle of the character, whose foot is 0.38 em lower.
    assert numbers[0][1] - 0.38 * 14 == pytest.approx((297 - 35 + 7) * MM, abs=2)


def test_the_notice_says_everything(printer: Printer) -> None:
    """Figures, totals, number, date, chain, contacts and code can be read back from the PDF."""
    record = finance()
    value = notice.value(snapshot(record), record, TODAY)

    text = "".join(texts(printer.notice(value, STAMP)))

    for said in (
        "2026年10月财务收支月报",
        "校公开〔2026〕31号",
        "上月结余：152,300.00元",
        "单位：元",
        "生均公用经费85,000.00850,000.00",
        "合计86,200.50851,200.50",
        "合计72,300.10",
        "本月结余：166,200.40元",
        "联系方式：校务公开办公室：000-00000001",
        "示例学校2026年11月4日",
        f"核对码：{value['code']['short']}",
        "公开程序：报送（11月2日）→部门审核（11月3日）→专审（11月3日）",
    ):
        assert re.sub(r"\s", "", said) in text
    assert "未签发" not in text


@needs("pdftoppm")
def test_the_square_on_a_sheet_can_be_read(printer: Printer, tmp_path: Path) -> None:
    """What a telephone reads from the printed square is the page's address with the whole code."""
    record = finance()
    value = notice.value(snapshot(record), record, TODAY)
    sheet = printer.notice(value, STAMP)
    (tmp_path / "notice.pdf").write_bytes(sheet)
    last = ("-f", str(pages(sheet)), "-singlefile")
    subprocess.run(["pdftoppm", "-r", "150", "-png", *last, "notice.pdf", "notice"], cwd=tmp_path, check=True)

    found = [square.text for square in zxingcpp.read_barcodes(Image.open(tmp_path / "notice.png"))]
    assert found == [value["code"]["qr_text"]]
    assert re.search(r"/records/finance-monthly-2026-10\.html#[0-9a-f]{64}$", found[0])


def test_a_long_table_repeats_its_heads(printer: Printer) -> None:
    """A list of 120 pupils runs over pages, every page has the heads, no row is lost."""
    record = honours(120)

    found = texts(printer.notice(notice.value(snapshot(record), record, TODAY), STAMP))

    with_rows = [page for page in found if "事迹第" in page]
    assert len(with_rows) > 3
    assert all("姓名班级主要事迹" in page for page in with_rows)
    assert [f"学生{i:03}" for i in range(1, 121)] == re.findall(r"学生\d{3}", "".join(found))
    assert "公示时间：2026年11月5日至2026年11月11日（5个工作日）。" in "".join(found)


@pytest.mark.parametrize(("figures", "beside"), [(1, True), (4, False)])
def test_two_tables_stand_beside_each_other_while_their_words_stay_whole(
    printer: Printer, figures: int, beside: bool
) -> None:
    """收入 and 支出 share a line while both have room; wide ones stand one below the other, and no word is broken up."""

    def one(name: str) -> dict[str, Any]:
        def cell(text: str) -> dict[str, Any]:
            return {"text": text, "align": "right", "colspan": 1, "rowspan": 1, "parts": []}

        return {
            "kind": "table", "name": name, "unit": "元", "note": "",
            "heads": [[cell("科目"), *[cell("本年累计")] * figures]],
            "columns": [{"align": "left", "width": 6.0}, *[{"align": "right", "width": 6.0}] * figures],
            "rows": [{"kind": "row", "level": 0, "cells": [cell("维修（护）费"), *[cell("209,051.48")] * figures]}],
        }  # fmt: skip

    sheet = printer.notice(bare(blocks=[{"kind": "pair", "tables": [one("收入"), one("支出")]}]), STAMP)
    page = PdfReader(BytesIO(sheet)).pages[0].extract_text()
    tops = {text: top for _, top, text in glyphs(sheet, 0) if text in ("收入", "支出")}
    assert page.count("维修（护）费") == 2
    assert (tops["收入"] == tops["支出"]) is beside


def test_a_draft_says_so_on_every_page(printer: Printer) -> None:
    """Before sign-off every page is marked, there is no code and no date."""
    record = replace(honours(60), steps=DRAFTED)

    found = texts(printer.notice(notice.value(snapshot(record), record, TODAY), STAMP))

    assert all("未签发，仅供校对" in page and "示例" in page for page in found)
    assert "核对码" not in "".join(found)


def test_an_internal_record_says_so_after_sign_off(printer: Printer) -> None:
    """Internal sheets are marked from sign-off on, so that nobody hangs them outside."""
    record = finance(audience="internal")

    found = texts(printer.notice(notice.value(snapshot(record), record, TODAY), STAMP))

    assert all("对内公开" in page for page in found)


def test_markup_prints_literally(printer: Printer) -> None:
    """What a clerk writes is never read as markup or as a path out of a string."""
    nasty = r"""$x$ #panic() \u{41} "q" 'q' *b* _i_ @ref <a> `c` // x /* y */ = h - l + m [z] ~ \ """
    record = finance(title=f"报表{nasty}", fields={"notes": nasty}, summary=nasty)
    whole = snapshot(record)

    for sheet in (
        printer.notice(notice.value(whole, record, TODAY), STAMP),
        printer.poster(poster.value(whole, record, TODAY), "A3", STAMP),
        printer.register(register.value(whole, record, TODAY), STAMP),
        printer.opinions(opinions.value(whole, record, TODAY), STAMP),
    ):
        text = "".join(texts(sheet))
        assert re.sub(r"\s", "", nasty) in text.replace("”", '"').replace("’", "'")


def test_the_form_for_opinions_is_one_sheet(printer: Printer) -> None:
    """Long or short, the form keeps lines to write on, the page's square code, the boxes and the receipt on one A4."""
    for record in (finance(), finance(summary="很长的内容提要。" * 200, title="很长的标题" * 12)):
        sheet = printer.opinions(opinions.value(snapshot(record), record, TODAY), STAMP)
        text = re.sub(r"\s", "", "".join(texts(sheet)))

        assert pages(sheet) == 1
        assert "当面" in text and "回执" in text and "可以不填" in text and "扫码看全文" in text


@pytest.mark.parametrize("paper", ["A4", "A3", "A2"])
def test_a_poster_is_one_sheet(printer: Printer, paper: str) -> None:
    """The poster fits itself to one sheet of each paper, with its key figures and code."""
    record = finance()
    value = poster.value(snapshot(record), record, TODAY)

    sheet = printer.poster(value, paper, STAMP)

    assert pages(sheet) == 1
    box = PdfReader(BytesIO(sheet)).pages[0].mediabox
    assert round(float(box.width) / MM) == {"A4": 210, "A3": 297, "A2": 420}[paper]
    text = "".join(texts(sheet))
    for said in ("上月结余152,300.00元", "收入合计（本月）86,200.50元", "本月结余166,200.40元", value["code"]["short"]):
        assert said in text


def test_a_fuller_poster_is_set_in_smaller_type(printer: Printer) -> None:
    """The type is stepped down as far as it can be read; beyond that the larger paper is named, at last the notice."""
    full = honours(20)
    fuller = honours(30)
    too_full = honours(200)

    assert pages(printer.poster(poster.value(snapshot(full), full, TODAY), "A4", STAMP)) == 1
    larger = poster.value(snapshot(fuller), fuller, TODAY)
    value = poster.value(snapshot(too_full), too_full, TODAY)
    with pytest.raises(SchoolpubError) as on_a4:
        printer.poster(larger, "A4", STAMP)
    assert pages(printer.poster(larger, "A3", STAMP)) == 1
    with pytest.raises(SchoolpubError) as on_a2:
        printer.poster(value, "A2", STAMP)
    assert str(on_a4.value) == f"{full.id} does not fit on one A4 poster in type that can be read."
    assert str(on_a4.value.fix) == "Print it on A3, or print the notice instead."
    assert "Print the notice instead" in str(on_a2.value.fix)


def test_an_unknown_paper_is_refused(printer: Printer) -> None:
    """Only papers that a school's printer takes are known."""
    with pytest.raises(SchoolpubError, match="“B5” is no paper size for a poster"):
        printer.poster({}, "B5", STAMP)


def test_the_registration_form_is_one_page_however_long_the_record(printer: Printer) -> None:
    """Long contents are summarised; a form with signatures and one without are both a single page."""
    long = "说明" * 2000
    signed = finance(summary=long, title="示例学校" * 20, fields={"notes": long})
    unsigned = finance(steps=DRAFTED)

    for record in (signed, unsigned):
        sheet = printer.register(register.value(snapshot(record), record, TODAY), STAMP)
        assert pages(sheet) == 1
        text = texts(sheet)[0]
        for label in FORM_LABELS:
            assert label in text


def test_the_same_value_gives_the_same_bytes(printer: Printer) -> None:
    """Twice, in another printer and in a fresh process: the same bytes."""
    record = finance()
    value = notice.value(snapshot(record), record, TODAY)
    code = (
        "import hashlib\n"
        "from pathlib import Path\n"
        "from schoolpub.notices import Printer\n"
        "from schoolpub.views.sheets import notice\n"
        "from tests.notices.sample import STAMP, TODAY, finance, snapshot\n"
        "record = finance()\n"
        "sheet = Printer([Path('templates/print')]).notice(notice.value(snapshot(record), record, TODAY), STAMP)\n"
        "print(hashlib.sha256(sheet).hexdigest())\n"
    )

    first = printer.notice(value, STAMP)
    printer.poster(poster.value(snapshot(record), record, TODAY), "A4", STAMP)
    again = Printer([TEMPLATES]).notice(value, STAMP)
    fresh = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert first == printer.notice(value, STAMP) == again
    assert fresh.stdout.strip() == hashlib.sha256(first).hexdigest()
    assert first != printer.notice(value, datetime(2026, 11, 6, tzinfo=STAMP.tzinfo))


def test_the_sheet_is_pdf_a_2a_tagged_chinese_with_its_title(printer: Printer) -> None:
    """Archives and screen readers get what they need: PDF/A-2a, language, title, tags, embedded fonts."""
    record = finance()

    sheet = printer.notice(notice.value(snapshot(record), record, TODAY), STAMP)

    reader = PdfReader(BytesIO(sheet))
    catalog = reader.trailer["/Root"]
    assert re.search(rb"pdfaid:part[>=\"]+2", sheet) and re.search(rb"pdfaid:conformance[>=\"]+A", sheet)
    assert str(catalog["/Lang"]).startswith("zh")  # type: ignore[index]
    assert catalog["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert reader.metadata and reader.metadata.title == "2026年10月财务收支月报"
    assert reader.metadata.author == "示例学校"


@pytest.mark.parametrize(("character", "code"), [("☑", "U+2611"), ("\ue000", "U+E000"), ("\x07", "U+0007")])
def test_a_character_without_a_glyph_is_named(printer: Printer, character: str, code: str) -> None:
    """A character that no font has is an error that names it and where it stands, never an empty box."""
    record = finance(fields={"notes": f"本月水电费{character}已核对。"})

    with pytest.raises(SchoolpubError) as refused:
        printer.notice(notice.value(snapshot(record), record, TODAY), STAMP)

    shown = character if character.isprintable() else "?"
    assert str(refused.value) == (
        f"The character “{shown}” ({code}) in “本月水电费{shown}已核对。” cannot be printed: no font at hand has it."
    )
    assert refused.value.fix is not None


def test_rare_characters_of_names_print(printer: Printer) -> None:
    """Characters that occur in names are in the packaged fonts."""
    names = "昇堃喆犇翀暠垚頔璟龑"
    record = finance(summary=names)

    assert names in "".join(texts(printer.notice(notice.value(snapshot(record), record, TODAY), STAMP)))


def test_a_school_without_site_or_sample_mark(printer: Printer) -> None:
    """Without a site the square code holds the record's id; a real school's sheets carry no sample mark."""
    record = finance()
    school = replace(SCHOOL, sample=False, site="")
    value = notice.value(snapshot(record, school=school), record, TODAY)

    assert value["code"]["qr_text"] == f"finance-monthly-2026-10.v1#{value['code']['digest']}"
    assert value["marks"] == []
    assert "可到校务公开办公室核对" in "".join(texts(printer.notice(value, STAMP)))


def test_long_titles_and_long_senders_stay_inside(printer: Printer) -> None:
    """A title of 60 characters and three issuers with long names print inside the type area."""
    title = "示例市示例区示例实验学校关于2026—2027学年第一学期家庭经济困难学生生活补助拟发放名单及发放标准的公示"
    issuers = [
        "中共示例市示例区示例实验学校总支部委员会",
        "示例市示例区示例实验学校",
        "示例市示例区示例实验学校工会委员会",
    ]
    record = finance(title=title, body={"issuers": issuers})

    sheet = printer.notice(notice.value(snapshot(record), record, TODAY), STAMP)

    assert title in texts(sheet)[0]
    by_page: dict[int, list[float]] = defaultdict(list)
    for page in range(pages(sheet)):
        by_page[page] += [x for x, _, _ in glyphs(sheet, page)]
    assert all(x > 28 * MM - 1 for page in by_page.values() for x in page)


def test_a_hundred_sheets_are_quick(printer: Printer) -> None:
    """One printer prints many different sheets in well under a tenth of a second each."""
    from time import perf_counter

    values = []
    for number in range(20):
        record = finance(summary=f"第{number}份。")
        values.append(notice.value(snapshot(record), record, TODAY))
    began = perf_counter()
    for value in values:
        printer.notice(value, STAMP)

    assert (perf_counter() - began) / len(values) < 0.5


def test_only_steps_after_the_last_return_are_told() -> None:
    """The chain on the sheet is the one that vouches for the present text."""
    record = finance(steps=(*DRAFTED, *APPROVED[:2]))
    signed = finance(steps=(*DRAFTED, *APPROVED, *SIGNED))

    chain = notice.value(snapshot(record), record, TODAY)["chain"]
    assert chain == ["报送（11月2日）", "部门审核（11月3日）", "专审（11月3日）"]
    assert notice.value(snapshot(signed), signed, TODAY)["chain"][-1] == "签发（11月4日）"


def test_a_receipt_names_nobody(printer: Printer, tmp_path: Path) -> None:
    """The slip has number, days, topic and office; of what was written and by whom, and of a report, not a word."""
    policy(tmp_path)
    term(tmp_path, "来信的原话")
    whole = read(tmp_path)

    sheet = printer.slip(slip.value(whole, whole.records["feedback-20261102-aaaa"], TODAY), STAMP)
    text = re.sub(r"\s", "", "".join(texts(sheet)))
    assert pages(sheet) == 1
    assert "意见反馈〔2026〕1号" in text and "食堂菜价为什么上调" in text and "最迟答复2026年11月9日" in text
    assert "来信的原话" not in text and "家长" not in text
    secret = slip.value(whole, whole.records["report-20261104-aaaa"], TODAY)
    assert [row["label"] for row in secret["rows"]] == ["回执编号", "收到日期", "类别", "最迟答复"] and not secret["code"]
    with pytest.raises(SchoolpubError):
        slip.value(whole, whole.records["mailbox-check-20261103-aaaa"], TODAY)
