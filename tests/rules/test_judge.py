"""Rules of an item: what they find, how it is told, and when they are judged."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from schoolpub.rules.values import read_values
from tests.rules.sample_things import SCHOOL, catalogue, judged, record, shipped, step, thing

MONTHLY = """
fields:
  start: {name: 上月结余, type: money}
  income:
    name: 收入
    type: table
    key: item
    columns:
      item: {name: 项目, type: text}
      month: {name: 本月, type: money, total: true}
  expense:
    name: 支出
    type: table
    key: item
    columns:
      item: {name: 项目, type: text}
      month: {name: 本月, type: money, total: true}
      ytd: {name: 本年累计, type: money, optional: yes, total: true, previous: previous.row.ytd + row.month}
      share: {name: 占比, type: percent, optional: yes, of: month / total(month)}
  end: {name: 本月结余, type: money}
rules:
- name: balance
  equal: [start + sum(income.month) - sum(expense.month), end]
  say: 上月结余＋本月收入－本月支出 应等于 本月结余
- equal: [start, previous.end]
"""


def monthly(period="2026-10", start="152300.00", income="85000.00", expense="117000.00", end="120300.00", **changes):
    """Return a month's account with one row on each side."""
    ytd = changes.pop("ytd", None)
    spent = {"item": "水电费", "month": expense, **({"ytd": ytd} if ytd else {}), **changes.pop("cells", {})}
    fields = {"start": start, "income": [{"item": "公用经费", "month": income}], "expense": [spent], "end": end}
    return record(fields, period=period, **changes)


def test_both_sides_and_the_difference_are_told():
    """A balance that is wrong is told with the fields' names, both figures and the difference."""
    assert judged(thing(MONTHLY, period="month"), monthly(end="120030.00")) == [
        "error rule-equal end: 上月结余＋收入·本月合计－支出·本月合计 = 120,300.00, "
        "but 本月结余 is entered as 120,030.00; "
        "difference 270.00"
    ]


def test_a_right_account_passes_also_with_a_deficit():
    """Figures that agree are silent; a closing below zero is no mistake."""
    assert judged(thing(MONTHLY, period="month"), monthly()) == []
    assert judged(thing(MONTHLY, period="month"), monthly(expense="300000.00", end="-62700.00")) == []


def test_an_explained_rule_is_a_warning_with_both_figures():
    """What the record explains under `says` stays visible, but does not stop it."""
    found = judged(thing(MONTHLY, period="month"), monthly(end="120030.00", says={"balance": "更正分录见下月"}))

    assert found == [
        "warning rule-equal end: 上月结余＋收入·本月合计－支出·本月合计 = 120,300.00, "
        "but 本月结余 is entered as 120,030.00; "
        "difference 270.00 (the record explains: 更正分录见下月)"
    ]


def test_opening_equals_the_closing_before():
    """The opening is held against the current edition of the month before."""
    edition = thing(MONTHLY, period="month")
    before = monthly("2026-09", start="1.00", income="1.00", expense="1.00", end="1.00")
    mended = monthly("2026-09", "152300.00", "1.00", "1.00", "152300.00", id="thing-2026-09.v2", edition=2)

    assert judged(edition, monthly(), [before]) == [
        "error rule-equal start: 上期本月结余 = 1.00, but 上月结余 is entered as 152,300.00; difference -152,299.00"
    ]
    assert judged(edition, monthly(), [before, mended]) == []
    assert judged(edition, monthly(), [before], outside=False) == []


def test_cumulative_sums_carry_on_and_begin_anew():
    """The year's sum is last month's and this month's; a new year begins with nothing."""
    edition = thing(MONTHLY, period="month")
    december = monthly("2025-12", end="120300.00", ytd="900000.00")
    february = monthly("2026-02", "88300.00", end="56300.00", ytd="234000.00")
    wrong = monthly("2026-02", "88300.00", end="56300.00", ytd="117000.00")
    january_ytd = monthly("2026-01", "120300.00", end="88300.00", ytd="117000.00")
    january_old = monthly("2026-01", "120300.00", end="88300.00", ytd="1017000.00")

    assert judged(edition, february, [january_ytd]) == []
    assert judged(edition, wrong, [january_ytd]) == [
        "error previous-differs expense.0.ytd: 水电费: 上期本年累计＋本月 = 234,000.00, "
        "but 本年累计 is entered as 117,000.00; difference 117,000.00"
    ]
    assert judged(edition, january_ytd, [december]) == []
    assert [line.split(":")[0] for line in judged(edition, january_old, [december])] == [
        "error previous-differs expense.0.ytd"
    ]


def test_sums_carry_over_zero_reports():
    """A month of which there was nothing to tell leaves sums and balance as they were; a year begun in it does not."""
    edition = thing(MONTHLY, period="month")
    april = monthly("2026-04", "120300.00", end="88300.00", ytd="400000.00")
    nothing = [record({}, period=f"2026-{month}", zero=True) for month in ("05", "06")]
    july = monthly("2026-07", "88300.00", end="56300.00", ytd="517000.00")
    wrong = monthly("2026-07", "88300.01", end="56300.01", ytd="117000.00")

    assert judged(edition, july, [april, *nothing]) == []
    assert [line.split(":")[0] for line in judged(edition, wrong, [april, *nothing])] == [
        "error previous-differs expense.0.ytd",
        "error rule-equal start",
    ]
    december = monthly("2025-12", "120300.00", end="88300.00", ytd="900000.00")
    january = record({}, period="2026-01", zero=True)
    february = monthly("2026-02", "88300.00", end="56300.00", ytd="117000.00")
    assert judged(edition, february, [december, january]) == []
    assert judged(edition, february, [january]) == []


def test_a_row_that_vanished_is_a_warning():
    """A row that carried a cumulative sum last month and is gone now is told."""
    before = monthly("2026-09", "152300.00", "1.00", "1.00", "152300.00", ytd="5.00")
    now = record(
        {
            "start": "152300.00",
            "income": [{"item": "公用经费", "month": "1.00"}],
            "expense": [{"item": "维修费", "month": "1.00", "ytd": "1.00"}],
            "end": "152300.00",
        },
        period="2026-10",
    )

    assert judged(thing(MONTHLY, period="month"), now, [before]) == [
        "warning row-missing expense: 支出: the row 水电费 of thing-2026-09, with 5.00, is missing here"
    ]


@pytest.mark.parametrize(
    ("share", "level"), [("100%", None), ("100.00", None), ("99.99%", "warning"), ("99.90%", "error")]
)
def test_percent_is_held_against_its_numbers(share, level):
    """A share is compared at the decimals entered; `a / b` and share(a, b) are the same."""
    found = judged(thing(MONTHLY, period="month"), monthly(cells={"share": share}))

    assert [line.partition(":")[0] for line in found] == ([f"{level} percent-differs expense.0.share"] if level else [])


def test_unreadable_figures_do_not_cause_more_problems():
    """A rule over a field that could not be read, or that an attachment carries, is not judged."""
    edition = thing(MONTHLY, period="month")

    assert judged(edition, monthly(expense="1e3")) == []
    zero = record({}, period="2026-10", zero=True)
    assert judged(edition, zero) == []


WORDS = """
fields:
  amount: {name: 金额, type: money}
  amount_words: {name: 大写金额, type: words, of: amount}
  formula: {name: 计算, type: formula, of: amount, optional: yes}
"""


def test_words_equal_their_figure():
    """An amount in words that says something else is told, with the words of the figure."""
    edition = thing(WORDS)

    assert judged(edition, record("{amount: 120300.00, amount_words: 壹拾贰万零叁佰元整}")) == []
    assert judged(edition, record("{amount: 120300.00, amount_words: 壹拾陆万零叁佰元整}")) == [
        "error words-differ amount_words: 大写金额 says 壹拾陆万零叁佰元整, that is 160,300.00; 金额 is 120,300.00, "
        "difference -40,000.00"
    ]


@pytest.mark.parametrize(
    ("formula", "problems"),
    [("180×620+300", 0), ("（180＋1）×620", 1), ("180元/人×620人", 0), ("111,900", 0), ("111900=", 0)],
)
def test_formula_of_figures_is_computed(formula, problems):
    """A formula that holds only figures and signs is computed; one with words in it is not judged."""
    one = record({"amount": "111900", "amount_words": "壹拾壹万壹仟玖佰元整", "formula": formula})

    assert len(judged(thing(WORDS), one)) == problems


UNITS = """
fields:
  basis_unit: {name: 单位, type: choice, choices: [元, 万元]}
  a: {name: 甲, type: money, unit-from: basis_unit}
  b: {name: 乙, type: money, unit-from: basis_unit}
  total: {name: 合计, type: money}
rules:
- equal: [a + b, total]
"""


def test_figures_in_different_units_are_compared():
    """万元 on one side and 元 on the other are the same money."""
    assert judged(thing(UNITS), record("{basis_unit: 万元, a: 12.5, b: 0.5, total: 130000.00}")) == []
    assert judged(thing(UNITS), record("{basis_unit: 元, a: 12.5, b: 0.5, total: 13.01}")) == [
        "error rule-equal total: 甲＋乙 = 13.00, but 合计 is entered as 13.01; difference -0.01"
    ]


PRICES = """
fields:
  lines:
    name: 采购
    type: table
    columns:
      item: {name: 品名, type: text}
      price: {name: 单价, type: price}
      quantity: {name: 数量, type: decimal, optional: yes, empty: zero}
      amount: {name: 金额, type: money, optional: yes}
rules:
- each: lines
  equal: [row.price * row.quantity, row.amount]
"""


@pytest.mark.parametrize(
    ("price", "quantity", "amount", "levels"),
    [
        ("2.50", "3.333", "8.33", []),
        ("2.50", "3.333", "8.34", ["warning"]),
        ("2.50", "3.333", "8.35", ["error"]),
        ("2.50", "12", "30.01", ["error"]),
        ("据实", "12", "30.00", []),
        ("2.50", None, "0", []),
        ("2.50", None, "1", ["error"]),
        ("2.50", "12", None, []),
    ],
)
def test_products_are_rounded_to_the_cent(price, quantity, amount, levels):
    """A product that has no cent is compared after rounding; words are not judged, `empty: zero` is 0."""
    one = record({"lines": [{"item": "甲", "price": price, "quantity": quantity, "amount": amount}]})

    assert [line.partition(" ")[0] for line in judged(thing(PRICES), one)] == levels


PROCESS = """
fields:
  need: {name: 需求日期, type: date}
  notice: {name: 公示期, type: range, optional: yes}
  opening: {name: 开标时间, type: datetime, optional: yes}
  signed: {name: 签订日期, type: date}
  amount: {name: 金额, type: money}
  limit: {name: 限价, type: money}
rules:
- order: [need, notice, opening, signed]
- name: limit
  at-most: [amount, limit]
- need: signed >= need + days(10)
  level: warning
  say: 需求提出十日后方可签订
"""


def test_order_limits_and_conditions():
    """Dates out of order, a limit that is exceeded and a condition that is not met are told with their figures."""
    one = record("""
need: 2026-03-10
notice: {from: 2026-03-12, to: 2026-03-18}
opening: 2026-03-11T09:00
signed: 2026-03-15
amount: 1200
limit: 1000
""")

    assert judged(thing(PROCESS), one) == [
        "error rule-order opening: 开标时间 on 2026-03-11 lies before 公示期 on 2026-03-12",
        "error rule-at-most limit: 金额 = 1,200.00 is more than 限价 = 1,000.00, by 200.00（20.00%）",
        "warning rule-need signed: not met: 签订日期≥需求日期＋10天 (签订日期 = "
        "2026-03-15，需求日期＋10天 = 2026-03-20)",
    ]


TWO = """
spend:
  name: 大额资金使用
  category: 财务
  department: 总务处
  flow: plain
  channels: [board]
  fields:
    amount: {name: 金额, type: money}
    contract: {name: 合同, type: reference, to: [contract], optional: yes}
    payee: {name: 收款单位, type: text, optional: yes}
  rules:
  - at-most: [amount, contract.amount]
  - check: split-spending
    fields: [amount, payee]
contract:
  name: 合同
  category: 财务
  department: 总务处
  flow: plain
  channels: [board]
  fields:
    amount: {name: 合同金额, type: money}
month:
  name: 月报
  category: 财务
  department: 总务处
  flow: plain
  channels: [board]
  period: month
  fields:
    expense:
      name: 支出
      type: table
      rows: tree
      columns:
        item: {name: 科目, type: text}
        month: {name: 本月, type: money}
  rules:
  - each: expense
    when: row.month >= school.large_sum
    record: {item: spend, where: other.amount == row.month}
"""


def test_a_large_sum_needs_a_record_of_its_own():
    """A row from the large sum on needs a record: a draft is enough, a void one is not; sub-totals need none."""
    edition = catalogue(TWO)
    rows = """
expense:
- {item: 维修, month: 9000.00}
- {item: 屋面, month: 6000.00, level: 2}
- {item: 门窗, month: 2999.99, level: 2}
"""
    month = record(rows, item="month", period="2026-10")
    spend = record("{amount: 6000.00}", item="spend")
    void = record("{amount: 6000.00}", item="spend", steps=(step("draft"), step("discard", says={"reason": "重复"})))

    assert judged(edition, month, [spend]) == []
    assert (
        judged(edition, month, [void])
        == judged(edition, month)
        == [
            "error rule-record expense.1.month: 支出, 屋面: there is no "
            "record of “大额资金使用” with “大额资金使用”的金额＝本月 "
            "(本月 = 6,000.00)"
        ]
    )
    assert judged(edition, month, outside=False) == []


def test_references_lead_to_the_other_records_fields():
    """A payment is held against the contract that it names."""
    edition = catalogue(TWO)
    contract = record("{amount: 5000.00}", item="contract")
    spend = record({"amount": "5000.01", "contract": contract.id}, item="spend")

    assert judged(edition, spend, [contract]) == [
        "error rule-at-most contract: 金额 = 5,000.01 is more than 合同·合同金额 = 5,000.00, by 0.01"
    ]


def test_payments_to_one_payee_that_reach_the_large_sum_are_noticed():
    """Two payments below the large sum to the same payee within 30 days, together at or above it, are a warning."""
    edition = catalogue(TWO)
    first = record("{amount: 1800.00, payee: 示例公司}", item="spend", date=date(2026, 10, 10))
    second = record("{amount: 1200.00, payee: 示例公司}", item="spend", date=date(2026, 11, 3))
    late = record("{amount: 1200.00, payee: 示例公司}", item="spend", date=date(2026, 11, 10))

    assert judged(edition, second, [first]) == [
        "warning check-split-spending amount: spend-20261010-abcd and this one have the same 收款单位 within 30 days; "
        "each is below 3,000.00, together they are 3,000.00: was one payment split?"
    ]
    assert judged(edition, late, [first]) == []


VOTE = """
fields:
  entitled: {name: 应到, type: integer}
  present: {name: 实到, type: integer}
  agree: {name: 赞成, type: integer}
  rows:
    name: 名单
    type: table
    optional: yes
    columns:
      name: {name: 名称, type: text}
rules:
- check: votes-majority
  fields: [entitled, present, agree]
- check: unique-rows
  fields: [rows.name]
- check: no-such-check
"""


def test_named_checks():
    """Majorities and repeated rows are found by named checks; an unknown name is the catalogue's mistake, told once."""
    assert judged(
        thing(VOTE), record("{entitled: 60, present: 39, agree: 30, rows: [{name: 甲}, {name: 乙}, {name: 甲}]}")
    ) == [
        "error check-votes-majority present: 39 of 60 were present, fewer than two thirds",
        "error check-votes-majority agree: 30 of 60 were in favour, not more than half",
        "error check-unique-rows rows.2.name: 甲 stands in 名单 more than once",
        "warning rule-check : the catalogue asks for the check “no-such-check”, which this program does not know",
    ]


FOOTERS = """
fields:
  opening: {name: 上月结存, type: money}
  lines:
    name: 收入
    type: table
    columns:
      item: {name: 项目, type: text}
      month: {name: 本月, type: money, total: true}
    footers: {本月结存: opening + sum(lines.month)}
"""


def test_footers_equal_their_expression():
    """A printed line below a table is held against what it says it is."""
    rows = "{opening: 10, lines: {rows: [{item: 甲, month: 5}], footers: {本月结存: 16}}}"

    assert judged(thing(FOOTERS), record(rows)) == [
        "error footer-differs lines.footers.本月结存: 上月结存＋收入·本月合计 = "
        "15.00, but 本月结存 is entered as 16.00; "
        "difference -1.00"
    ]


ACCOUNTS = Path(__file__).with_name("real_accounts.csv")


def account(name: str):
    """Return one of the real accounts as a monthly report of the shipped catalogue."""
    lines: dict[str, list[dict[str, str]]] = {}
    with ACCOUNTS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["account"] == name:
                lines.setdefault(row["line"], []).append(row)

    def table(kind: str, key: str):
        rows = [{key: row["name"], "month": row["amount"]} for row in lines[kind]]
        return {"rows": rows, "totals": {"month": lines[f"{kind}-total"][0]["amount"]}}

    period = {"lunch-2015-01": "2015-01", "meals-2022-03": "2022-03", "school-2023": "2023-01..2023-11"}[name]
    fields = {
        "balance_start": lines["opening"][0]["amount"],
        "income": table("income", "item"),
        "expense": table("expense", "head"),
        "balance_end": lines["closing"][0]["amount"],
    }
    return record(fields, item="finance-monthly", period=period)


@pytest.mark.parametrize("name", ["lunch-2015-01", "meals-2022-03"])
def test_real_accounts_that_add_up_pass(name):
    """Two accounts that schools really published are read without loss and found right."""
    one = account(name)

    reading = read_values(one, shipped().items["finance-monthly"], SCHOOL)

    assert reading.problems == ()
    assert judged(shipped(), one, outside=False) == []


def test_the_real_account_with_a_wrong_total_is_stopped():
    """The third account's printed total is not the sum of its rows, and its closing follows the wrong total."""
    assert judged(shipped(), account("school-2023"), outside=False) == [
        "error total-column expense.totals.month: 支出: the rows of 本月 sum to 9,252,948.86, printed is 9,252,949.36; "
        "difference -0.50",
        "error rule-equal balance_end: 上月结余＋收入·本月合计－支出·本月合计 = "
        "2,273,151.14, but 本月结余 is entered as "
        "2,273,150.64; difference 0.50",
    ]


def test_every_rule_of_the_shipped_catalogue_can_be_judged():
    """No rule, column or footer of the shipped catalogue breaks on a record without values."""
    edition = shipped()
    for slug, own in edition.items.items():
        kind = own.period.split()[0]
        period = {"month": "2026-10", "quarter": "2026Q4", "term": "2026-2027-1", "year": "2026", "week": "2026-W44"}
        span = {"school-year": "2026-2027", "span": "2026-01..2026-11", **period}
        one = record({}, item=slug, period=span[kind]) if own.periodic else record({}, item=slug)
        assert [line for line in judged(edition, one) if "cannot be judged" in line] == []
