"""Values: text becomes dates, exact numbers and tables; every mistake is told with its place and its mending."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.errors import Problem
from schoolpub.model.catalogue import Field
from schoolpub.model.period import parse_period
from schoolpub.model.school import Account
from schoolpub.rules.values import (
    Document,
    Hours,
    InWords,
    Number,
    Part,
    Range,
    Row,
    Section,
    Table,
    Telephone,
    Votes,
    Word,
    read_fields,
    read_scalar,
    read_values,
)
from tests.rules.sample_things import SCHOOL, attachment, item, read, record

MONEY = Field(key="sum", name="金额", type="money")


def field(kind: str, **changes: object) -> Field:
    return replace(Field(key="f", name="栏", type=kind), **changes)


def scalar(kind: str, text: str, **changes: object) -> object:
    return read_scalar(field(kind, **changes), text, SCHOOL)


def said(found: object) -> str:
    assert isinstance(found, Problem), found
    return f"{found.code}: {found.message} | {found.fix}"


@pytest.mark.parametrize(
    ("kind", "unit", "text", "amount"),
    [
        ("money", "", "152300.00", "152300.00"),
        ("money", "", "1,234.50", "1234.50"),
        ("money", "", "12,345,678", "12345678"),
        ("money", "", "-480", "-480"),
        ("money", "", "0", "0"),
        ("money", "万元", "23.520001", "23.520001"),
        ("money", "新台币元", "160732", "160732"),
        ("integer", "人", "1,200", "1200"),
        ("decimal", "平方米", "12.345", "12.345"),
        ("signed", "", "+3", "3"),
        ("signed", "", "-0.5", "-0.5"),
        ("percent", "", "16.05%", "16.05"),
        ("percent", "", "3.31", "3.31"),
    ],
)
def test_numbers_are_exact_and_keep_their_text(kind, unit, text, amount):
    """A number is read to the last digit, and what was entered stays beside it."""
    found = scalar(kind, text, unit=unit)

    assert (found.amount, found.text) == (Decimal(amount), text)
    assert found.amount.as_tuple() == Decimal(amount).as_tuple()


@pytest.mark.parametrize(
    ("kind", "text", "fix"),
    [
        ("money", "１２３", "Write 123."),
        ("money", "1，234.50", "Write 1234.50."),
        ("money", "1e3", "Write 1000."),
        ("money", "1_000", "Write 1000."),
        ("money", "+5", "Write 5."),
        ("money", "12,34", "Write 1234."),
        ("money", "12,3456.00", "Write 123456.00."),
        ("money", "(480)", "Write -480."),
        ("money", "（480.50）", "Write -480.50."),
        ("money", "−480", "Write -480."),
        ("money", "￥480.00", "Write 480.00."),
        ("money", ".5", "Write 0.5."),
        ("money", "010", "Write 10."),
        ("money", "-0", "Write 0."),
        ("money", "NaN", "Write a number such as 1234.50."),
        ("money", "Infinity", "Write a number such as 1234.50."),
        ("money", "16%", "Write a number such as 1234.50."),
        ("money", "一百", "Write a number such as 1234.50."),
        ("money", "-", "Write a number such as 1234.50."),
        ("money", "1.234", "Write it with at most 2 decimals (元)."),
        ("integer", "12.0", "Write 12."),
        ("integer", "12.5", "Write a number such as 12."),
        ("signed", "＋3", "Write +3."),
        ("percent", "16 %", "Write 16%."),
    ],
)
def test_what_is_no_number_is_refused_with_what_to_write(kind, text, fix):
    """Every other way of writing a number is refused, with the form that was most likely meant."""
    assert str(scalar(kind, text).fix) == fix


@given(st.decimals(-(10**14), 10**14, places=2, allow_nan=False))
def test_any_amount_is_read_as_it_is_written(amount):
    """Any amount with two decimals is read exactly, with and without separators."""
    amount = abs(amount) if amount == 0 else amount

    assert scalar("money", f"{amount:f}").amount == amount
    assert scalar("money", f"{amount:,f}").amount == amount


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_problem(text):
    """No text breaks the reader, and nothing but plain digits becomes a number."""
    found = scalar("money", text, optional=True)

    if isinstance(found, Number):
        assert found.text.strip("-").replace(",", "").replace(".", "").isascii()
        assert Decimal(found.text.replace(",", "")) == found.amount
    else:
        assert found is None or isinstance(found, Word | Problem)


def test_long_numbers_are_masked_in_messages():
    """A number that could be a card or an identity number is not repeated in the message."""
    assert "000000199001011234" not in said(scalar("money", "000000199001011234"))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("据实收取", None),
        ("免收", None),
        ("详见附件", None),
        ("不超过 60", "60"),
        ("不低于60", "60"),
        ("约 12.5", "12.5"),
    ],
)
def test_a_price_may_be_a_word(text, bound):
    """Prices in words stay words; the number in 不超过 N is known, but is not the price."""
    assert scalar("price", text) == Word(text, Decimal(bound) if bound else None)


def test_words_of_the_catalogue_stand_in_a_numbers_place():
    """A number takes the words that its field lists, and says so when it is given another."""
    assert scalar("money", "本校无此项收费", words=("本校无此项收费",)) == Word("本校无此项收费")
    assert said(scalar("money", "没有", words=("本校无此项收费",))) == (
        "value-money: 没有 is not an amount as it is written here | Write a number, or one of: 本校无此项收费."
    )


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "2026-11-03", date(2026, 11, 3)),
        ("datetime", "2026-11-03T09:00", datetime(2026, 11, 3, 9, 0)),
        ("month", "2026-11", parse_period("2026-11")),
        ("period", "2026-2027-1", parse_period("2026-2027-1")),
        ("yes-no", "是", True),
        ("yes-no", "no", False),
        ("words", "壹佰贰拾元整", InWords(Decimal(120), "壹佰贰拾元整")),
        ("reference", "finance-monthly-2026-10.v2", "finance-monthly-2026-10.v2"),
        ("url", "https://school.invalid/", "https://school.invalid/"),
        ("email", "office@school.invalid", "office@school.invalid"),
        ("telephone", "000-00000001", "000-00000001"),
        ("telephone", "000-00000001转8001", "000-00000001转8001"),
        ("telephone", "12345", "12345"),
        ("text", " 一行 ", "一行"),
    ],
)
def test_scalars_are_read(kind, text, value):
    """Each type of one text becomes its value."""
    assert scalar(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "fix"),
    [
        ("date", "2026-02-30", "Write it like 2026-11-03."),
        ("date", "2026/11/3", "Write 2026-11-03."),
        ("date", "2026年11月3日", "Write 2026-11-03."),
        ("date", "20261103", "Write 2026-11-03."),
        ("date", "2026-11-3", "Write 2026-11-03."),
        ("date", "2026/2/30", "Write it like 2026-11-03."),
        ("datetime", "2026-11-03 9:00", "Write 2026-11-03T09:00."),
        ("datetime", "2026年11月3日9时30分", "Write 2026-11-03T09:30."),
        ("datetime", "2026-11-03T24:00", "Write it like 2026-11-03T09:00."),
        ("month", "2026年11月", "Write 2026-11."),
        ("month", "2026-13", "Write it like 2026-11."),
        ("yes-no", "有", "Write yes."),
        ("words", "120", "Write 壹佰贰拾元整."),
        ("url", "school.invalid/a", "Write https://school.invalid/a."),
    ],
)
def test_usual_slips_are_mended(kind, text, fix):
    """The usual other ways of writing a value are refused, and the right one is offered."""
    assert str(scalar(kind, text).fix) == fix


def test_choice_is_one_of_its_words():
    """A choice that is misspelt is refused with the nearest one, unless the field is open."""
    choices = ("公开招标", "询价", "自行")

    assert scalar("choice", "询价", choices=choices) == "询价"
    assert str(scalar("choice", "公开招标法", choices=choices).fix) == "Did you mean 公开招标?"
    assert scalar("choice", "议标", choices=choices, open=True) == "议标"


def test_telephone_must_be_declared():
    """A number that the school has not declared is refused and masked."""
    assert said(scalar("telephone", "000-00000099")) == (
        "telephone-not-declared: the telephone number 000******99 is not declared as a public number of the school | "
        "Declare it in school.yaml (office, hotlines), or write a number that is declared there."
    )


def test_groups_are_read():
    """Ranges, votes, accounts, telephones, documents, hours, sections, lists and blocks become their values."""
    text = """
fields:
  notice: {name: 公示期, type: range}
  span: {name: 期间, type: range, kind: month}
  votes: {name: 表决, type: votes}
  account: {name: 账户, type: account}
  phones: {name: 电话, type: telephones}
  basis: {name: 依据, type: documents}
  hours: {name: 时间, type: hours}
  body: {name: 正文, type: sections}
  scope: {name: 范围, type: list}
  awards:
    name: 奖项
    type: blocks
    fields:
      award: {name: 名称, type: text}
      quota: {name: 名额, type: integer}
"""
    found = read(text, """
notice: {from: 2026-11-03, to: 2026-11-09}
span: {from: 2026-01}
votes: {method: 无记名, for: 30, against: 2, abstain: 1}
account: {name: 示例学校, bank: 示例银行, number: "0000000000000000001"}
phones:
- {label: 监督, number: 000-00000004}
- 000-00000001
basis:
- {title: 示例办法, number: 示例〔2026〕1号}
- 示例通知
hours:
- {days: 周一至周五, from: "08:00", to: "17:00"}
body:
- {heading: 一、总则, text: 内容}
scope: [甲, 乙]
awards:
- {award: 示例奖, quota: 3}
""")  # fmt: skip

    assert found.problems == ()
    assert found.values == {
        "notice": Range(date(2026, 11, 3), date(2026, 11, 9), "2026-11-03..2026-11-09"),
        "span": Range(parse_period("2026-01"), None, "2026-01.."),
        "votes": Votes("无记名", 30, 2, 1),
        "account": Account(name="示例学校", bank="示例银行", number="0000000000000000001"),
        "phones": (Telephone("监督", "000-00000004"), Telephone("", "000-00000001")),
        "basis": (Document("示例办法", "示例〔2026〕1号"), Document("示例通知")),
        "hours": (Hours("周一至周五", "08:00", "17:00"),),
        "body": (Section("一、总则", "内容"),),
        "scope": ("甲", "乙"),
        "awards": ({"award": "示例奖", "quota": Number(Decimal(3), "3")},),
    }


TABLE = """
fields:
  income:
    name: 收入
    type: table
    key: item
    columns:
      item: {name: 项目, type: text}
      month: {name: 本月, type: money, total: true}
      ytd: {name: 累计, type: money, optional: yes}
"""


def test_empty_zero_and_words_are_different_cells():
    """Empty, 0, `-` and `/` are four different things and stay what they are."""
    found = read(TABLE, """
income:
- {item: 甲, month: , ytd: 0}
- {item: 乙, month: "-", ytd: /}
""")  # fmt: skip

    assert found.problems == ()
    cells = [dict(row.cells) for row in found.values["income"].rows]
    assert cells == [
        {"item": "甲", "month": None, "ytd": Number(Decimal(0), "0", "元")},
        {"item": "乙", "month": Word("-"), "ytd": Word("/")},
    ]


def test_table_with_unit_totals_and_parts():
    """A table keeps its own unit, its printed totals and the parts of a cell."""
    found = read(TABLE, """
income:
  unit: 万元
  rows:
  - item: 校服
    month: {value: 164.00, parts: [{name: 运动装, amount: 61.00}, {name: 冬装, amount: 103.00}]}
    note: 两套
  totals: {month: 164.00}
  note: 单位为万元
""")  # fmt: skip

    table = found.values["income"]
    assert found.problems == ()
    month = Number(Decimal("164.00"), "164.00", "万元")
    parts = tuple(Part(n, Number(Decimal(a), a, "万元")) for n, a in (("运动装", "61.00"), ("冬装", "103.00")))
    assert table.rows == (Row({"item": "校服", "month": month}, 1, "两套", {"month": parts}),)
    assert (table.unit, table.totals, table.note, table.listed) == ("万元", {"month": month}, "单位为万元", False)


def test_parts_must_sum_to_their_cell():
    """Parts that sum to something else are told with both figures."""
    found = read(
        TABLE,
        "income:\n- {item: 校服, month: {value: 165.00, parts: [{name: "
        "甲, amount: 61.00}, {name: 乙, amount: 103.00}]}}\n",
    )

    assert [(p.field, str(p.message)) for p in found.problems] == [
        ("income.0.month", "the parts of 本月 sum to 164.00, entered is 165.00, difference -1.00")
    ]


def test_all_mistakes_of_a_table_are_told_at_once():
    """Each wrong cell, missing column and unknown key has its own problem with its place."""
    found = read(TABLE, """
income:
- {item: 甲, month: 1e3}
- {item: 乙, mnth: 5}
- {}
- {item: 丙, month: 2026/11/3, level: 2}
""")  # fmt: skip

    assert [(p.code, p.where, str(p.fix)) for p in found.problems] == [
        ("value-money", ("fields", "income", 0, "month"), "Write 1000."),
        ("unknown-column", ("fields", "income", 1, "mnth"), "Did you mean month?"),
        ("missing", ("fields", "income", 1, "month"), "Write month: …"),
        ("value-row", ("fields", "income", 2), "Write {item: …, month: …, ytd: …}."),
        ("value-money", ("fields", "income", 3, "month"), "Write a number such as 1234.50."),
        ("unknown-column", ("fields", "income", 3, "level"), "Write one of: item、month、ytd、note."),
    ]
    assert len(found.values["income"].rows) == 4


def test_tree_levels_do_not_skip():
    """The first row of a tree is a main row, and no level is skipped below it."""
    text = TABLE.replace("type: table", "type: table\n    rows: tree")

    found = read(text, """
income:
- {item: 甲, month: 1, level: 2}
- {item: 乙, month: 1}
- {item: 丙, month: 1, level: 3}
- {item: 丁, month: 1, level: 五}
""")  # fmt: skip

    assert [(p.field, str(p.message)) for p in found.problems] == [
        ("income.0.level", "the first row has level 2"),
        ("income.2.level", "a row of level 3 follows one of level 1"),
        ("income.3.level", "a level is a number from 1 to 4"),
    ]


def test_matrix_takes_the_columns_of_the_record():
    """A matrix has the columns that the record lists; a cell outside them is a mistake."""
    text = "fields:\n  prices: {name: 收费, type: matrix, rows: 年级, total: row}\n"

    found = read(text, """
prices:
  columns: [课本, 作业本]
  rows:
  - {label: 一年级, 课本: 60, 作业本: 不收, total: 60}
  - {label: 二年级, 课文: 65}
  totals: {课本: 60}
""")  # fmt: skip

    assert [(p.code, p.where, str(p.fix)) for p in found.problems] == [
        ("value-money", ("fields", "prices", "rows", 0, "作业本"), "Write a number such as 1234.50."),
        ("unknown-column", ("fields", "prices", "rows", 1, "课文"), "Did you mean 课本?"),
    ]
    assert found.values["prices"].columns == ("课本", "作业本")
    assert found.values["prices"].rows[0].total == Number(Decimal(60), "60", "元")


def test_unit_comes_from_another_field():
    """With `unit-from` the record chooses the unit of its amounts."""
    text = """
fields:
  basis_unit: {name: 单位, type: choice, choices: [元, 万元]}
  total: {name: 合计, type: money, unit-from: basis_unit}
"""
    found = read(text, "{basis_unit: 万元, total: 12.3456}")

    assert found.problems == ()
    assert found.values["total"] == Number(Decimal("12.3456"), "12.3456", "万元")


REQUIRED = """
fields:
  amount: {name: 金额, type: money}
  income:
    name: 收入
    type: table
    columns:
      item: {name: 项目, type: text}
  note: {name: 说明, type: text, optional: yes}
  writer: {name: 反映人, type: person, privacy: restricted}
"""


def places(found):
    return [(p.code, ".".join(map(str, p.where))) for p in found.problems]


def test_what_is_missing_is_told():
    """A required field that is absent or empty is missing; an unknown one is told with the nearest."""
    found = read(REQUIRED, "{amount: , incom: []}")

    assert places(found) == [
        ("missing", "fields.amount"),
        ("missing", "fields.income"),
        ("missing", "fields.writer"),
        ("unknown-field", "fields.incom"),
    ]
    assert str(found.problems[-1].fix) == "Did you mean income?"


def test_a_field_may_be_carried_by_an_attachment():
    """What an attachment carries, what lives in private/ and everything of a zero report may be absent."""
    own = item(REQUIRED)

    carried = read_values(record("{amount: 1}", attachments=(attachment("income"),)), own, SCHOOL)
    private = read_values(record("{amount: 1, income: [{item: 甲}]}", body={"private": "sha256:0"}), own, SCHOOL)
    zero = read_values(record({}, zero=True), own, SCHOOL)

    assert [places(r) for r in (carried, private, zero)] == [[("missing", "fields.writer")], [], []]


def test_restricted_fields_do_not_stand_in_the_record():
    """A field that must be erasable is refused in the body, which git never forgets."""
    found = read(REQUIRED, "{amount: 1, income: [{item: 甲}], writer: 某人}")

    assert places(found) == [("restricted-in-record", "fields.writer")]


def test_fields_alone_are_read_for_private_files_and_spreadsheets():
    """`read_fields` reads any mapping; numbers of persons pass where they need not be declared."""
    fields = {"phone": Field(key="phone", name="电话", type="telephone")}

    assert [p.field for p in read_fields({"phone": "000-00000099"}, fields, SCHOOL).problems] == ["phone"]
    assert read_fields({"phone": "000-00000099"}, fields, SCHOOL, declared=False).values == {"phone": "000-00000099"}


def test_a_prompt_learns_at_once_what_is_wrong():
    """An empty answer is missing for a required field, and empty for an optional one."""
    assert said(read_scalar(MONEY, " ", SCHOOL)) == "missing: 金额 is missing | Write sum: …"
    assert read_scalar(replace(MONEY, optional=True), "", SCHOOL) is None
    assert read_scalar(replace(MONEY, optional=True), "-", SCHOOL) == Word("-")
    assert isinstance(read_scalar(MONEY, "12.345", SCHOOL, unit="万元"), Number)


@pytest.mark.parametrize(
    "kind", ["table", "matrix", "blocks", "range", "votes", "account", "list", "money", "date", "text"]
)
@pytest.mark.parametrize(
    "value", ["", "字", [], ["字"], {}, {"字": "字"}, [[]], [{}], {"rows": "字"}, {"rows": [["字"]]}]
)
def test_no_shape_of_value_breaks_the_reader(kind, value):
    """Whatever stands where a value should stand is read or told, never an exception."""
    fields = {"f": field(kind, columns={"c": field("money")})}

    reading = read_fields({"f": value}, fields, SCHOOL)

    assert reading.problems or isinstance(reading.values.get("f"), str | tuple | Table)
