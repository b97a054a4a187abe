"""Schools' own spreadsheets: what they are laid out like, understood or refused with the cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from schoolpub.model.book import Area, Book, Cell, Kind, Sheet
from schoolpub.model.catalogue import Item
from schoolpub.rules.sheets.bands import Learned
from schoolpub.rules.sheets.layout import Understood, learned_from, understand
from schoolpub.rules.sheets.synonyms import likeness, plain
from schoolpub.store.workspace import Workspace

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def item() -> Item:
    """The monthly account."""
    catalogues = Workspace(ROOT).read(cache=False).catalogues
    return catalogues[max(catalogues)].items["finance-monthly"]


def cell(value: object) -> Cell:
    """Return a cell: a number, a text, or a formula that was never computed (…)."""
    if value is ...:
        return Cell(formula=True, uncomputed=True)
    if isinstance(value, int | float):
        return Cell(repr(value), Kind.NUMBER, repr(value))
    return Cell(str(value), Kind.TEXT)


def book(*rows: list, name: str = "Sheet1", merged: tuple[Area, ...] = (), **more) -> Book:
    """Return a workbook with one sheet."""
    cells = {(r, c): cell(v) for r, row in enumerate(rows, 1) for c, v in enumerate(row, 1) if v is not None}
    return Book(name="月报.xlsx", kind="xlsx", sheets=(Sheet(name=name, cells=cells, merged=merged, **more),))


def names(tree: object, key: str) -> list[tuple[str | None, str | None]]:
    """Return name and amount of each row."""
    rows = tree["rows"] if isinstance(tree, dict) else tree
    assert isinstance(rows, list)
    return [(row.get(key), row.get("month")) for row in rows]


def told(found: Understood) -> list[tuple[str, str]]:
    """Return cell and code of each problem."""
    return [(p.cell, p.code) for p in found.problems]


SIDE = (
    ["示例小学2026年10月份收支情况公示表"],
    ["单位：元"],
    ["收入", None, None, "支出"],
    ["项目", "本月金额", "累计", "项目", "本月金额", "累计"],
    ["生均公用经费", 85000, 850000, "办公费", "1,200.00", 30000],
    ["利息收入", 12.34, 120.5, "水费", 2999.99, "２１０００"],
    ["合计", 85012.34, None, "合　计", 4199.99, 51000],
    ["上月结余：", 152300, None, "本月结余：233112.35元"],
    ["人民币大写：贰拾叁万叁仟壹佰壹拾贰元叁角伍分"],
    ["制表人：某某", None, None, "审核人：某某"],
)
MERGED = (Area(1, 1, 1, 6), Area(3, 1, 3, 3), Area(3, 4, 3, 6))


@pytest.mark.parametrize("merged", [MERGED, ()])
def test_income_and_expense_side_by_side(item: Item, merged: tuple[Area, ...]) -> None:
    """Two halves under heads of two levels, merged or not; totals are totals, the foot is nobody's figure."""
    found = understand(book(*SIDE, merged=merged), item, Learned(), period="2026-10")

    assert told(found) == []
    assert names(found.fields["income"], "item") == [("生均公用经费", "85000"), ("利息收入", "12.34")]
    assert names(found.fields["expense"], "head") == [("办公费", "1,200.00"), ("水费", "2999.99")]
    assert found.fields["expense"]["rows"][1]["ytd"] == "21000"
    assert found.fields["income"]["totals"] == {"month": "85012.34"}
    assert (found.fields["balance_start"], found.fields["balance_end"]) == ("152300", "233112.35元")
    assert found.head == {"period": "2026-10"}
    assert found.left == []


STACKED = (
    ["示例小学财务收支月报表", None, None, "单位：万元"],
    ["项　目", "本月数", "本年累计数", "备注"],
    ["一、上月结余", 15.23],
    ["二、收入合计", 8.5, 85],
    ["1.生均公用经费", 8.5, 85, "拨款"],
    ["三、支出合计", 0.42, 5.1],
    ["（一）公用支出", 0.42, 5.1],
    ["1.办公费", 0.12, 3],
    ["2.水费", 0.3, 2.1],
    ["四、本月结余", 23.31],
)


def test_sections_one_below_another(item: Item) -> None:
    """Numbered sections tell the tables, their figures are totals, the numbering is a tree; 万元 stays 万元."""
    found = understand(book(*STACKED), item, Learned())

    assert told(found) == []
    assert names(found.fields["income"], "item") == [("生均公用经费", "8.5")]
    expense = found.fields["expense"]
    assert [(row["head"], row.get("level")) for row in expense["rows"]] == [("公用支出", None), ("办公费", "2"), ("水费", "2")]
    assert (expense["unit"], expense["totals"]) == ("万元", {"month": "0.42", "ytd": "5.1"})
    assert (found.fields["balance_start"], found.fields["balance_end"]) == ("15.23万元", "23.31万元")


def test_percentages_and_subtotals(item: Item) -> None:
    """`29.17%` beside 6 stays as it is; a subtotal is checked and never summed twice."""
    rows = [
        ["支出科目", "年初预算", "本月支出", "累计支出", "执行率"],
        ["办公费", 120000, 12500, 35000, "29.17%"],
        ["水费", 50000, 3000, 3000, 6],
        ["小计", 170000, 15500, 38000],
        ["维修费", 10000, 0, "-"],
        ["小　计", 10000, 5, None],
        ["合计", 180000, 15500, 38000],
    ]

    found = understand(book(*rows, name="支出"), item, Learned())

    expense = found.fields["expense"]
    assert [row["percent"] for row in expense["rows"]] == ["29.17%", "6", None]
    assert [row["ytd"] for row in expense["rows"]] == ["35000", "3000", "-"]
    assert len(expense["rows"]) == 3
    assert told(found) == [("支出!C6", "sheet-subtotal")]


def test_categories_in_merged_cells_and_what_follows_a_total(item: Item) -> None:
    """A column of categories says nothing to the item; its subtotals are checked; below the total is no row any more."""
    rows = [
        ["2026年10月支出明细表（单位：元）"],
        ["类别", "支出项目", "本月支出数", "备注"],
        ["人员经费", "工资", 1000],
        [None, "绩效", 500],
        [None, "小计", 1500],
        ["公用经费", "水费", 100],
        [None, "小计", 100],
        ["总计", None, 1600],
        [None, "其中：财政", 900],
    ]
    merged = (Area(3, 1, 5, 1), Area(6, 1, 7, 1), Area(8, 1, 8, 2))

    found = understand(book(*rows, merged=merged), item, Learned())

    assert names(found.fields["expense"], "head") == [("工资", "1000"), ("绩效", "500"), ("水费", "100")]
    assert found.fields["expense"]["totals"] == {"month": "1600"}
    assert told(found) == []
    assert [text for _spot, text in found.left] == ["人员经费", "公用经费", "900"]


def test_a_total_that_holds_the_opening_balance(item: Item) -> None:
    """Income that is printed with the balance brought forward among its rows adds up so, and the total is left out."""
    rows = [
        ["收入", None, "支出"],
        ["项目", "金额", "项目", "金额"],
        ["上期结余", 326.4, "粮食", 1200],
        ["学费", 44049.6, "油", 546],
        ["合计", 44376, "合计", 1746],
        ["本期结余", 42630],
    ]

    found = understand(book(*rows), item, Learned())

    assert names(found.fields["income"], "item") == [("学费", "44049.6")]
    assert found.fields["expense"]["totals"] == {"month": "1746"}
    assert (found.fields["balance_start"], found.fields["balance_end"]) == ("326.4", "42630")
    assert len(found.notes) == 1


def test_what_cannot_be_taken_is_told_with_its_cell(item: Item) -> None:
    """Uncomputed formulas, amounts in words that differ, and a sheet about another month."""
    rows = [list(row) for row in SIDE]
    rows[4][1] = ...
    rows[8] = ["合计大写：贰拾叁万元整"]

    found = understand(book(*rows, merged=MERGED), item, Learned(), period="2026-09")

    assert {code for _cell, code in told(found)} == {"sheet-period", "sheet-words", "sheet-uncomputed"}
    assert ("Sheet1!B5", "sheet-uncomputed") in told(found)


def test_hidden_rows_and_sheets_are_said_and_not_taken(item: Item) -> None:
    """What a person does not see is not disclosed."""
    hidden = book(*SIDE, merged=MERGED, hidden_rows=frozenset([6]))

    found = understand(hidden, item, Learned())

    assert names(found.fields["income"], "item") == [("生均公用经费", "85000")]
    assert len(found.notes) == 1
    none = understand(book(*SIDE, visible=False), item, Learned())
    assert (none.fields, len(none.notes)) == ({}, 1)


def test_figures_that_mean_nothing_to_the_item_are_listed(item: Item) -> None:
    """A column of voucher numbers and a stray sum are left over, and named."""
    rows = [["凭证号", "支出科目", "金额"], [101, "办公费", 1200], [102, "水费", 30], [None, None, None, 77]]

    found = understand(book(*rows, name="支出"), item, Learned())

    assert names(found.fields["expense"], "head") == [("办公费", "1200"), ("水费", "30")]
    assert [text for _spot, text in found.left] == ["101", "102", "77"]


def test_a_sheet_for_each_month(item: Item) -> None:
    """Of twelve sheets the one for the period is read; without a period it is asked which."""
    sheets = tuple(book(*SIDE[2:7], name=f"{month}月", merged=()).sheets[0] for month in (9, 10))
    both = Book(name="全年.xlsx", kind="xlsx", sheets=sheets)

    assert understand(both, item, Learned(), period="2026-10").places["income",].sheet == "10月"
    assert {code for _cell, code in told(understand(both, item, Learned()))} == {"sheet-twice"}


def test_what_is_left_is_confirmed_by_its_name(item: Item) -> None:
    """Next month's voucher numbers are left unasked like those before; a stray sum that nothing names is asked about."""
    october = [["凭证号", "支出科目", "本月"], [101, "办公费", 1200], [102, "水费", 30]]
    november = [["凭证号", "支出科目", "本月"], [201, "办公费", 900]]
    first = understand(book(*october, name="支出"), item, Learned())
    learned = learned_from(first, Learned())

    assert (first.sure, first.left_names) == (False, ["凭证号", "凭证号"])
    assert understand(book(*november, name="支出"), item, learned).sure
    assert not understand(book(*november, [None, None, None, 77], name="支出"), item, learned).sure


def test_several_labels_with_their_values_in_one_cell(item: Item) -> None:
    """What stands beside a label is taken before what is only like it; a signature is no head."""
    found = understand(
        book(["2026年10月收支"], ["上月结余：100　本月结余：120"], ["编制人：某某"], ["收入项目", "金额"], ["拨款", 20]),
        item,
        Learned(),
    )

    assert (found.fields["balance_start"], found.fields["balance_end"]) == ("100", "120")
    assert [use.text for use in found.uses if use.target == "income.item"] == ["收入项目"]


@pytest.mark.parametrize(
    "rows",
    [
        [["示例中学2026年表彰名单"], ["序号", "姓名", "班级", "荣誉称号"], [1, "甲某", "七(1)班", "三好学生"],
         [2, "乙某", "七(2)班", "三好学生"], [3, "丙某", "八(1)班", "优秀班干部"]],
        [["表彰名单"], ["一、三好学生（2人）"], ["姓名", "班级"], ["甲某", "七(1)班"], ["乙某", "七(2)班"],
         ["二、优秀班干部"], ["姓名", "班级"], ["丙某", "八(1)班"], ["制表：政教处", "2026年11月"]],
        [["名单"], ["姓名", "班级", "姓名", "班级"], ["三好学生"], ["甲某", "七(1)班", "乙某", "七(2)班"],
         ["2026年优秀班干部推荐名单"], ["丙某", "八(1)班"]],
    ],
)  # fmt: skip
def test_lists_of_names_below_or_beside_their_award(rows: list[list]) -> None:
    """A list without any number makes the groups that a column, or the rows above, tell."""
    catalogues = Workspace(ROOT).read(cache=False).catalogues
    found = understand(book(*rows), catalogues[max(catalogues)].items["honours-student"], Learned())

    assert found.fields == {
        "awards": [
            {"award": "三好学生", "winners": [{"name": "甲某", "class": "七(1)班"}, {"name": "乙某", "class": "七(2)班"}]},
            {"award": "优秀班干部", "winners": [{"name": "丙某", "class": "八(1)班"}]},
        ]
    }
    assert not found.sure
    assert found.left == []
    assert found.places["awards", 1, "winners", 0, "class"].line > found.places["awards", 0, "winners", 1, "class"].line


def test_what_was_confirmed_is_sure_the_next_time(item: Item) -> None:
    """Names that were understood by their sense are asked about once."""
    first = understand(book(*SIDE, merged=MERGED), item, Learned())

    again = understand(book(*SIDE, merged=MERGED), item, learned_from(first, Learned()))

    assert (first.sure, again.sure) == (False, True)
    assert again.fields == first.fields


@pytest.mark.parametrize(
    ("text", "name", "sure"),
    [
        ("（一）上月结余：", "上月结余", 3), ("期初余额", "上月结余", 1), ("上期餘額", "上月结余", 1), ("水费金额", "水费", 2),
        ("本月（元）", "本月", 3), ("办公费", "水费", 0), ("12.5", "水费", 0), ("", "水费", 0),
    ],
)  # fmt: skip
def test_names_are_compared_by_what_they_say(text: str, name: str, sure: int) -> None:
    """Numbering, units, colons and traditional characters say nothing; synonyms are less sure."""
    assert likeness(text, name) == sure
    assert plain("  其中：1.水费（元）：") == "水费"


def test_parts_after_of_which_and_words_in_ten_thousands() -> None:
    """What follows 其中 belongs to the row above it until it adds up; 大写 is in yuan on a sheet in 万元."""
    catalogues = Workspace(ROOT).read(cache=False).catalogues
    found = understand(
        book(
            ["2026年10月收支公示"], ["单位：万元"], ["收入项目", "金额"],
            ["公用经费", 12.5], ["其中：生均经费", 8.5], ["上级补助", 4], ["其他", 3.5], ["小计", 16],
            ["支出项目", "金额"], ["办公费", 5.75], ["其中：纸张", 1.25], ["合计", 5.75], ["合计大写", "伍万柒仟伍佰元整"],
        ),
        catalogues[max(catalogues)].items["finance-monthly"],
        Learned(),
    )  # fmt: skip
    assert told(found) == []
    rows = found.fields["income"]["rows"]  # type: ignore[index, call-overload]
    assert [row.get("level", "1") for row in rows] == ["1", "2", "2", "1"]
    spent = found.fields["expense"]["rows"]  # type: ignore[index, call-overload]
    assert [row.get("level", "1") for row in spent] == ["1", "2"]


def test_words_in_a_numbers_place_are_rows_and_nothing_is_left_unsaid() -> None:
    """免收 makes a row as 260 does; a label with its value that means nothing is told, and asked about."""
    catalogues = Workspace(ROOT).read(cache=False).catalogues
    found = understand(
        book(
            ["收费公示表"],
            ["序号", "收费项目", "收费标准", "收费对象", "收费依据"],
            [1, "学费", "免收", "全体", "示价〔2024〕18号"], [2, "住宿费", 260, "住宿", "示价〔2024〕18号"],
            [3, "活动费", "不超过60元", "自愿", "示价〔2024〕18号"],
            ["收款人", "某老师"], ["制表人", "某老师"],
        ),
        catalogues[max(catalogues)].items["fees-term"],
        Learned(),
    )  # fmt: skip
    assert [row["item"] for row in found.fields["lists"]] == ["学费", "住宿费", "活动费"]  # type: ignore[index, call-overload]
    assert "basis" not in found.fields
    assert [text for _spot, text in found.left] == ["某老师"]
    assert not found.sure


def test_a_matrix_in_a_schools_own_layout() -> None:
    """Questions by answers below two rows of heads, a rate beside them that is none of the counts, a sum below."""
    catalogues = Workspace(ROOT).read(cache=False).catalogues
    items = catalogues[max(catalogues)].items
    found = understand(
        book(
            ["食堂满意度调查结果"], ["调查项目", "人数", None, None, "满意率"], [None, "满意", "不满意", "合计", None],
            ["饭菜", 80, "/", 80, "100%"], ["卫生", 100, 10, 110, "90.91%"], ["合计", 180, 10, 190, "94.74%"],
            merged=(Area(2, 1, 3, 1), Area(2, 2, 2, 4), Area(2, 5, 3, 5)),
        ),
        items["survey-result"],
        Learned(),
    )  # fmt: skip
    assert found.fields["questions"] == {
        "columns": ["满意", "不满意"],
        "rows": [
            {"label": "饭菜", "满意": "80", "不满意": "/", "total": "80"},
            {"label": "卫生", "满意": "100", "不满意": "10", "total": "110"},
        ],
        "totals": {"满意": "180", "不满意": "10", "total": "190"},
    }
    assert found.places["questions", 1, "不满意"].line == 5
    assert [text for _spot, text in found.left] == ["100%", "90.91%", "94.74%"]
    assert not found.sure
    fees = understand(
        book(["收费标准"], ["年级", "书本费", "校服费"], ["七年级", "免收", 328], ["八年级", 33, ...]),
        items["fees-term"],
        Learned(),
    )
    assert fees.fields["prices"]["columns"] == ["书本费", "校服费"]  # type: ignore[index, call-overload]
    assert told(fees) == [("Sheet1!C4", "sheet-uncomputed")]
