"""Sums of tables: what enters them, and printed totals that disagree."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.errors import Level
from schoolpub.rules.tolerance import figure, judge_rounded, round_half_up
from schoolpub.rules.totals import column_totals, differences
from schoolpub.rules.values import read_values
from tests.rules.sample_things import SCHOOL, item, record

TABLE = """
fields:
  lines:
    name: 收支
    type: table
    rows: {rows}
    key: item
    columns:
      item: {{name: 项目, type: text}}
      kind: {{name: 性质, type: choice, choices: [收入, 减免], optional: yes, sign: {{收入: "+", 减免: "-"}}}}
      each: {{name: 标准, type: money, optional: yes}}
      month: {{name: 本月, type: money, total: true, parts: sum}}
      count: {{name: 人数, type: integer, optional: yes, total: true, words: ["<5"]}}
    footers: [本月合计]
"""


def table(rows, kind: str = "plain"):
    """Return the table and its field, read from *rows*."""
    own = item(TABLE.format(rows=kind))
    reading = read_values(record(rows), own, SCHOOL)
    assert not reading.problems, [str(p.message) for p in reading.problems]
    return reading.values["lines"], own.fields["lines"]


def told(rows, kind: str = "plain") -> list[str]:
    return [
        f"{d.level} {d.code} {d.name} {'.'.join(map(str, d.where))}: {d.message}"
        for d in differences(*table(rows, kind))
    ]


def test_sum_skips_words_and_empty_cells():
    """Empty cells, `-`, `/` and words do not enter the sum; a column without numbers has none."""
    found = table(
        "lines: [{item: 甲, month: 1.10}, {item: 乙, month: '-'}, {item: 丙, month: }, {item: 丁, month: 2.20}]"
    )

    assert column_totals(*found) == {"month": Decimal("3.30")}


def test_subtracted_rows_enter_with_their_sign():
    """A row of a kind that is subtracted lowers the sum."""
    found = table("lines: [{item: 甲, kind: 收入, month: 10}, {item: 乙, kind: 减免, month: 3}]")

    assert column_totals(*found) == {"month": Decimal(7)}


TREE = """
lines:
  rows:
  - {item: 一, month: 30}
  - {item: 一1, month: 10, level: 2}
  - {item: 一2, month: 20, level: 2}
  - {item: 二, month: }
  - {item: 二1, month: 5, level: 2}
  - {item: 二2, month: 6, level: 2}
  - {item: 二21, month: 6, level: 3}
  totals: {month: 41}
"""


def test_only_main_rows_of_a_tree_are_summed():
    """Sub-totals and their parts are not counted twice; a heading without a figure stands for the rows below it."""
    assert column_totals(*table(TREE, "tree")) == {"month": Decimal(41)}
    assert told(TREE, "tree") == []


def test_a_parent_equals_its_children():
    """A sub-total that is not the sum of its parts is told with both figures."""
    assert told(TREE.replace("一2, month: 20", "一2, month: 21"), "tree") == [
        "error tree-parts lines.month rows.0.month: 收支: the rows "
        "below 一 sum to 31.00 in 本月, printed is 30.00; difference 1.00"
    ]


def test_children_of_a_subtracted_row_add_up_to_it():
    """Below a reduction, further reductions make it up, and it lowers the sum once."""
    rows = """
lines:
- {item: 减免, kind: 减免, month: 5}
- {item: 甲, kind: 减免, month: 2, level: 2}
- {item: 乙, kind: 减免, month: 3, level: 2}
- {item: 学费, kind: 收入, month: 20}
"""
    assert told(rows, "tree") == []
    assert column_totals(*table(rows, "tree")) == {"month": Decimal(15)}


def test_printed_total_is_held_against_its_rows():
    """A printed total that is off by a cent is told with the sum, the print and the difference."""
    assert told(
        "lines: {rows: [{item: 甲, month: 1000.10}, {item: 乙, month: 2000.20}], totals: {month: 3000.31}}"
    ) == [
        "error total-column lines.month totals.month: "
        "收支: the rows of 本月 sum to 3,000.30, printed is 3,000.31; difference -0.01"
    ]


def test_a_line_called_a_sum_is_one():
    """A line below the table that is called 合计 must be the sum of each column it has a figure for."""
    rows = "lines: {rows: [{item: 甲, month: 3, count: 4}], footers: {本月合计: {month: 3, count: 5}}}"

    assert told(rows) == [
        "error total-column lines.count footers.本月合计.count: "
        "收支: the rows of 人数 sum to 4, printed is 5; difference -1"
    ]


@pytest.mark.parametrize(("printed", "level"), [("3.00", None), ("3.01", "warning"), ("3.02", "error")])
def test_ten_thousands_have_a_rounding_tolerance(printed, level):
    """In 万元 half a unit of the second decimal for each row is rounding; more is an error."""
    lines = [{"item": "甲", "month": "1.00"}, {"item": "乙", "month": "2.00"}]
    rows = {"lines": {"unit": "万元", "rows": lines, "totals": {"month": printed}}}

    assert [d.level for d in differences(*table(rows))] == ([level] if level else [])


def test_row_totals_subtract_what_is_less():
    """A column that is the sum of others in its row is checked row by row, several of them in one row."""
    own = item("""
fields:
  fees:
    name: 收费
    type: table
    columns:
      grade: {name: 年级, type: text}
      a: {name: 课本, type: money, optional: yes}
      b: {name: 住宿, type: money, optional: yes}
      off: {name: 减免, type: money, optional: yes}
      day: {name: 走读合计, type: money}
      full: {name: 住宿合计, type: money}
    totals:
    - {of: row, over: [a], less: [off], into: day}
    - {of: row, over: [a, b], less: [off], into: full}
""")
    rows = """
fees:
- {grade: 一, a: 60, b: 500, off: 10, day: 50, full: 550}
- {grade: 二, a: 60, b: 500, day: 60, full: 563}
"""
    value = read_values(record(rows), own, SCHOOL).values["fees"]

    assert [(d.where, str(d.message)) for d in differences(value, own.fields["fees"])] == [
        ((1, "full"), "收费: 二 sums to 560.00, 住宿合计 is printed as 563.00; difference -3.00")
    ]


MATRIX = "fields:\n  prices: {name: 收费, type: matrix, rows: 年级, total: both, kind: price}\n"


def test_matrix_totals_are_checked_in_both_directions():
    """Row totals, column totals and the total of all are held against their cells; words do not count."""
    own = item(MATRIX)
    rows = """
prices:
  columns: [课本, 作业本]
  rows:
  - {label: 一年级, 课本: 60, 作业本: 12.50, total: 72.50}
  - {label: 二年级, 课本: 65, 作业本: 不收, total: 66}
  totals: {课本: 125, 作业本: 12, total: 137.50}
"""
    value = read_values(record(rows), own, SCHOOL).values["prices"]

    assert [(".".join(map(str, d.where)), str(d.message)) for d in differences(value, own.fields["prices"])] == [
        ("rows.1.total", "收费: 二年级 sums to 65.00, printed is 66.00; difference -1.00"),
        ("totals.作业本", "收费: 作业本 sums to 12.50, printed is 12.00; difference 0.50"),
    ]


@pytest.mark.parametrize(
    ("computed", "entered", "level"),
    [
        ("16.045", "16.05", None),
        ("16.044", "16.05", Level.WARNING),
        ("16.034", "16.05", Level.ERROR),
        ("-2.345", "-2.35", None),
        ("3.3", "3", None),
        ("4.5", "4", Level.WARNING),
    ],
)
def test_percentages_are_compared_as_precisely_as_entered(computed, entered, level):
    """One unit in the last place is a warning, more is an error; a half is rounded up."""
    places = len(entered.partition(".")[2])

    assert judge_rounded(Decimal(computed), Decimal(entered), places) is level


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 4))
def test_rounding_stays_within_half_a_unit(amount, places):
    """Rounding half up never moves a number by more than half a unit of the last place."""
    assert abs(round_half_up(amount, places) - amount) * 2 <= Decimal(1).scaleb(-places)


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=8))
def test_the_true_total_is_never_reported(amounts):
    """Whatever the amounts are, their exact sum passes and any other sum in 元 does not."""
    own = item(TABLE.format(rows="plain"))
    rows = [{"item": str(i), "month": f"{a + 0:f}"} for i, a in enumerate(amounts)]
    for wrong in (Decimal(0), Decimal("0.01")):
        total = f"{sum(amounts) + wrong + 0:f}"
        reading = read_values(record({"lines": {"rows": rows, "totals": {"month": total}}}), own, SCHOOL)
        if not reading.problems:
            assert len(list(differences(reading.values["lines"], own.fields["lines"]))) == bool(wrong)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("120300"), "元", "120,300.00"),
        (Decimal("23.5201"), "万元", "23.5201万元"),
        (Decimal("16.05"), "%", "16.05%"),
        (Decimal("12"), "人", "12"),
        (Decimal("1") / Decimal("3"), "", "0.333333"),
        (True, "", "是"),
    ],
)
def test_figures_in_messages(value, unit, text):
    """Messages show amounts with separators and two decimals, other figures as they are."""
    assert figure(value, unit) == text


@pytest.mark.parametrize(
    ("counts", "total", "said"),
    [
        (("12", '"<5"'), 15, "the total 15 tells what “<5” hides: it is 3 more than the other rows"),
        (("12", '"<5"', '"<5"'), 17, ""),
        (("12", '"<5"', '"<5"'), 20, "the total 20 tells what “<5” hides: it is 8 more than the other rows"),
        (("12", '"<5"', '"<5"'), 14, "the total 14 tells what “<5” hides: it is 2 more than the other rows"),
        (("12", '"<5"'), 30, "收支: the rows of 人数 sum to 12, printed is 30; difference -18"),
    ],
)
def test_a_total_does_not_tell_a_hidden_number(counts: tuple[str, ...], total: int, said: str) -> None:
    """A reader subtracts the rows from the total; what is left must leave the hidden numbers open, and be possible."""
    rows = ", ".join(f"{{item: {name}, month: '-', count: {count}}}" for name, count in zip("甲乙丙", counts, strict=False))

    found = list(differences(*table(f"lines: {{rows: [{rows}], totals: {{count: {total}}}}}")))

    assert [str(d.message) for d in found] == ([said] if said else [])
    assert column_totals(*table(f"lines: [{rows}]")) == {}


def test_an_amount_at_a_standard_tells_a_hidden_number():
    """1500 for all at 500 each is three persons; without a standard, or beside one that does not divide it, it is not."""
    rows = "{item: 甲, each: 500, month: 1500, count: \"<5\"}", "{item: 乙, month: 1500, count: \"<5\"}"
    other = "{item: 丙, each: 700, month: 1500, count: \"<5\"}"
    assert told(f"lines: [{', '.join(rows)}, {other}]") == [
        "warning small-number  0.month: 本月 1500 at 500 each tells what “<5” hides"
    ]
