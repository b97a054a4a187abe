"""CSV files: what Excel saves becomes the fields of a draft, or is told with line and column."""

from __future__ import annotations

import pytest

from schoolpub.model.catalogue import Field, Item
from schoolpub.store.tables import read_csv


def field(key: str, name: str, kind: str = "text", **more) -> Field:
    return Field(key=key, name=name, type=kind, **more)


MONEY = {
    "item": field("item", "项目"),
    "month": field("month", "本月收入", "money"),
    "ytd": field("ytd", "本年累计（元）", "money"),
}
SPENT = {**MONEY, "month": field("month", "本月支出", "money")}
ITEM = Item(
    slug="finance-monthly", name="财务收支月报", category="财务", department="总务处", flow="f", date_name="填报日期",
    fields={
        "balance_start": field("balance_start", "上月结余", "money"),
        "notice": field("notice", "公示期", "range"),
        "income": field("income", "收入", "table", columns=MONEY, footers={"其中专款": None}),
        "expense": field("expense", "支出", "table", columns=SPENT),
        "grades": field("grades", "各年级", "matrix"),
        "awards": field("awards", "奖项", "blocks"),
    },
)  # fmt: skip


def read(text: str | bytes, table: str | None = None):
    reading = read_csv(text.encode() if isinstance(text, str) else text, "表.csv", ITEM, table)
    return reading.fields, reading.head, reading.problems


def told(text: str | bytes, table: str | None = None) -> list[tuple[str, int, int]]:
    return [(p.code, p.line, p.column) for p in read(text, table)[2]]


ROWS = [
    {"item": "生均公用经费", "month": "85,000.00", "ytd": "850000.00"},
    {"item": "捐赠", "month": "-", "ytd": None},
]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_heads_tell_which_table_it_is(encoding, ends):
    """Heads, with blanks and brackets as people type them, choose the table; cells stay as typed."""
    text = '项 目,本 月 收 入,本年累计(元)\n 生均公用经费 ,"85,000.00",850000.00\n捐赠,-,\n,,\n'.replace("\n", ends)

    assert read(text.encode(encoding)) == ({"income": ROWS}, {}, [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，"])
def test_delimiters_are_recognised(delimiter):
    """Commas, semicolons, tabs and full-width commas divide cells, whichever the file uses."""
    text = 'item|本月收入|ytd\n生均公用经费|"85,000.00"|850000.00\n捐赠|-|\n'.replace("|", delimiter)

    assert read(text) == ({"income": ROWS}, {}, [])


def test_printed_totals_and_footers_are_not_rows():
    """A row called 合计 or 总计 is the printed total, a footer's row the footer; level and note are part of a row."""
    text = "层级,项目,本月支出,备注\n1,办公,10.00,见附件\n2,其中：纸,,\n,合计,10.00,\n"
    assert read(text) == (
        {
            "expense": {
                "rows": [
                    {"level": "1", "item": "办公", "month": "10.00", "note": "见附件"},
                    {"item": "其中：纸", "level": "2", "month": None},
                ],
                "totals": {"month": "10.00"},
            }
        },
        {},
        [],
    )

    text = "项目,本月收入,本年累计\na,1,2\n总 计,1,2\n其中专款,1\n"
    assert read(text)[0] == {
        "income": {
            "rows": [{"item": "a", "month": "1", "ytd": "2"}],
            "totals": {"month": "1", "ytd": "2"},
            "footers": {"其中专款": "1"},
        }
    }


def test_fields_and_tables_in_one_file():
    """A file of fields and values may hold tables, each below its name and up to an empty line."""
    text = (
        "字段,值,,\n标题,10月月报,,\n期间,2026-10,,\n上月结余,152300.00,,\n公示期.起,2026-11-01,,\n公示期.止,2026-11-07,,\n,,,\n"
        '收入,,,\n项目,本月收入,本年累计,备注\n捐赠,"多行\n文字",/,\n,,,\nexpense,,,\nitem,month\n办公,0\n\nsummary,说明\n'
    )

    assert read(text) == (
        {
            "balance_start": "152300.00",
            "notice": {"from": "2026-11-01", "to": "2026-11-07"},
            "income": [{"item": "捐赠", "month": "多行\n文字", "ytd": "/"}],
            "expense": [{"item": "办公", "month": "0"}],
        },
        {"title": "10月月报", "period": "2026-10", "summary": "说明"},
        [],
    )


def test_a_matrix_chooses_its_columns_by_its_heads():
    """The first head stands above the labels; a head called 合计 is the total of a row, 备注 its note."""
    found, _, problems = read("各年级\n年级,课本费,校服费,合 计,备注\n一年级,免收,164,164,\n二年级,30.5,/,30.5,选订\n")

    rows = [
        {"label": "一年级", "课本费": "免收", "校服费": "164", "total": "164", "note": None},
        {"label": "二年级", "课本费": "30.5", "校服费": "/", "total": "30.5", "note": "选订"},
    ]
    assert (found, problems) == ({"grades": {"columns": ["课本费", "校服费"], "rows": rows}}, [])


def test_a_named_table_needs_no_guess():
    """With the table named on the command line heads that fit several are no question."""
    assert read("项目,本年累计\na,1\n", "expense") == ({"expense": [{"item": "a", "ytd": "1"}]}, {}, [])
    assert read("支出\n项目,本年累计\na,1\n", "expense")[0] == {"expense": [{"item": "a", "ytd": "1"}]}


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [("table-empty", 1, 1)]),
        ("项目,本年累计\na,1\n", [("table-which", 1, 1)]),
        ("甲,乙\na,1\n", [("table-heads", 1, 1)]),
        ("项目,本月收人,本月收入\na,1,2\n", [("table-unknown", 1, 2)]),
        ("项目,本月收入,项目\na,1,2\n", [("table-twice", 1, 3)]),
        ('项目,本月收入\na,1,2\n\nb,"x\ny",,3\n', [("table-too-many", 2, 3), ("table-too-many", 4, 4)]),
        ("字段,值\n上月节余,1\n期间,2026-10,x\n", [("table-unknown", 2, 1), ("table-too-many", 3, 3)]),
        ("字段,值\n上月结余,1\n上月结余,2\n", [("table-twice", 3, 1)]),
        ("收入\n项目,本月收入\na,1\n\n收入\n项目,本月收入\n\n支出\n", [("table-twice", 5, 1), ("table-empty", 8, 1)]),
        ("各年级\n年级,甲\n\n上月结余,1\n", [("table-empty", 1, 1)]),
        ("奖项\n奖项,甲\n一,1\n\n上月结余,1\n", [("table-unknown", 2, 1), ("table-unknown", 2, 2)]),
        ("项目,本月收入\na\x1b[2J,1\n", [("table-control-character", 2, 1)]),
        (b"PK\x03\x04\x14\x00", [("table-encoding", 0, 0)]),
        (b"\xff\xff\xff", [("table-encoding", 0, 0)]),
    ],
)
def test_every_mistake_is_told(text, problems):
    """Unknown and repeated names, cells without a head and files that are no CSV are told by line and cell."""
    assert told(text) == problems


def test_a_slip_in_a_head_is_put_right():
    """An unknown head near a known one is answered with that."""
    (problem,) = read("项目,本月收人\na,1\n")[2]

    assert (str(problem.message), str(problem.fix), problem.file) == (
        "“本月收人” is not known here.",
        "Did you mean “本月收入”?",
        "表.csv",
    )
