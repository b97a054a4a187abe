"""The language of the rules: what it computes, what it refuses, how it is told."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.model.catalogue import Field, Item
from schoolpub.rules.expressions import (
    CellWord,
    Days,
    ExpressionError,
    Given,
    Path,
    chinese_names,
    compile_expression,
    evaluate,
    in_words,
    written,
)

D = Decimal


class Values:
    """A scope of fixed values."""

    def __init__(self, **values: Given) -> None:
        self.values = {key.replace("__", "."): value for key, value in values.items()}

    def resolve(self, path: Path) -> Given:
        return self.values.get(".".join(path))

    def workdays(self, first: date, last: date) -> int:
        return (last - first).days - 1


SCOPE = Values(
    a=D("7.50"),
    b=D("2.5"),
    zero=D(0),
    word=CellWord("据实"),
    text="询价",
    yes_field=True,
    start=date(2026, 11, 2),
    end=date(2026, 12, 2),
    income=[object(), object(), object()],
    income__month=[D("100.10"), None, D("-0.10"), CellWord("-")],
    empty__month=[],
    dates__day=[date(2026, 1, 2), None, date(2026, 1, 1)],
    row__month=D(40),
    row__class="三（1）班",
    votes__for=D(30),
    morning=datetime(2026, 11, 2, 9, 0),
    noon=datetime(2026, 11, 2, 12, 0),
)
SCOPE.values["*.month"] = [D(40), D(60), None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b * 2", D("12.5")),
        ("(a + b) * 2", D("20.0")),
        ("-a - -b", D("-5.0")),
        ("a / b", D(3)),
        ("a / zero", None),
        ("a + missing", None),
        ("a + word", None),
        ("a - sum(income.month)", D("-92.50")),
        ("sum(empty.month)", D(0)),
        ("sum(a, missing, b)", D("10.0")),
        ("count(income)", D(3)),
        ("count(income.month)", D(3)),
        ("count(missing)", D(0)),
        ("min(a, b)", D("2.5")),
        ("max(income.month)", D("100.10")),
        ("max(a, missing)", None),
        ("min(dates.day)", date(2026, 1, 1)),
        ("max(empty.month)", None),
        ("share(b, a + b)", D(25)),
        ("share(a, zero)", None),
        ("total(month)", D(100)),
        ("row.month / total(row.month)", D("0.4")),
        ("days(start, end)", Days(31)),
        ("end - start", Days(30)),
        ("start + days(30) == end", True),
        ("end - start >= 30", True),
        ("days(end, start) + days(1)", Days(-28)),
        ("workdays(start, end)", D(29)),
        ("present(a) and not present(missing)", True),
        ("present(word)", True),
        ("present(income.month) and not present(empty.month)", True),
        ("text != '自行'", True),
        ("text in ['询价', '自行']", True),
        ("text not in ['询价', '自行']", False),
        ("missing in ['询价']", None),
        ("word == '据实'", True),
        ("word == 3", None),
        ("yes_field == yes", True),
        ("b < a <= 8", True),
        ("b < a < 3", False),
        ("missing > 1 and a < 1", False),
        ("missing > 1 and a > 1", None),
        ("missing > 1 or a > 1", True),
        ("not (missing > 1)", None),
        ("row.class == '三（1）班'", True),
        ("votes.for * 3 >= 90", True),
        ("0.1 + 0.2 == 0.3", True),
        ("morning < noon and morning == start", True),
        ("noon - morning", Days(0)),
        ("1 in [0, 1]", True),
    ],
)
def test_values(text: str, value: object) -> None:
    """An expression is exact; what needs an empty value or a word is None."""
    found = evaluate(compile_expression(text), SCOPE)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "a + text",
        "a + start",
        "start + b",
        "text < 'x'",
        "a == text",
        "a and b",
        "not a",
        "income + 1",
        "income.month + 1",
        "sum(income)",
        "sum(text)",
        "days(a, b)",
        "days(a)",
        "workdays(start, a)",
        "yes_field + 1",
        "start * 2",
        "start + days(99999) * 1",
        "a * 999999999999999 * 999999999999999 * 999999999999999 * 999999999999999 * 999999999999999",
    ],
)
def test_values_that_do_not_fit_are_errors(text: str) -> None:
    """Texts are no numbers, columns no single values, and nothing grows without bound."""
    with pytest.raises(ExpressionError):
        evaluate(compile_expression(text), SCOPE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a +",
        "a ** 9",
        "a % 2",
        "a // 2",
        "a if b else a",
        "[x for x in a]",
        "lambda: a",
        "a.b()",
        "().__class__",
        "a.__class__",
        "__import__('os')",
        "open('x')",
        "a[0]",
        "f'{a}'",
        "b'x'",
        "a := 1",
        "a is b",
        "a in b",
        "sum()",
        "sum(x=1)",
        "sum(*a)",
        "share(a)",
        "total(a + b)",
        "total(a.b.c)",
        "1e9",
        "1_000",
        "0x1f",
        "1j",
        "12abc",
        "True",
        "None",
        "Amount",
        "金额 + 1",
        "a ＋ b",
        "'x\\n'",
        "a # b",
        "a; b",
        "a\nb",
        "1" * 30,
        "((((((((((" * 20,
        "-" * 300 + "a",
        "not " * 90 + "a",
        "a" + "+a" * 200,
        "a, b",
        "...",
        "{1: 2}",
        "a @ b",
        "~a",
        "a & b",
        "[1, 2]",
        "a.b.c.d.e.f",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    """What is not named in the grammar does not compile, and says so to a person."""
    with pytest.raises(ExpressionError) as refused:
        compile_expression(text)

    assert str(refused.value)


def test_full_width_signs_are_told_in_half_width() -> None:
    """A sign typed with the Chinese keyboard is answered with the one to write."""
    with pytest.raises(ExpressionError) as refused:
        compile_expression("a ＋ b")

    assert str(refused.value.fix) == "Write + instead."


@given(st.text("abc.()[]+-*/<>=!,'\" 0123456789andornotinif:_", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text compiles or is refused; nothing else happens."""
    try:
        expression = compile_expression(text)
    except ExpressionError:
        return
    assert compile_expression(written(expression.tree)).tree == expression.tree


def test_names_and_what_looks_outside() -> None:
    """An expression knows its names, and whether it needs more than its own record."""
    own = compile_expression("balance_start + sum(income.month) - total(month)")
    assert own.names == {("balance_start",), ("income", "month"), ("*", "month")}
    assert not own.looks_outside
    assert compile_expression("previous.row.ytd + row.month").looks_outside
    assert compile_expression("other.amount == row.month").looks_outside
    assert compile_expression("row.month >= school.large_sum").looks_outside
    assert compile_expression("contract.amount <= 1", {"contract"}).looks_outside
    assert compile_expression("row.contract.amount <= 1", {"contract"}).looks_outside
    assert not compile_expression("present(contract)", {"contract"}).looks_outside
    assert not compile_expression("contract.amount <= 1").looks_outside


def test_keys_may_be_words_of_python() -> None:
    """A school may call its fields `from`, `for`, `class` and `in`."""
    expression = compile_expression("days(from, to) + row.in - votes.for * row.class")

    assert expression.names == {("from",), ("to",), ("row", "in"), ("votes", "for"), ("row", "class")}


NAMES = chinese_names(
    Item(
        slug="finance-monthly",
        name="月报",
        category="财务",
        department="总务处",
        flow="f",
        fields={
            "balance_start": Field(key="balance_start", name="上月结余", type="money"),
            "balance_end": Field(key="balance_end", name="本月结余", type="money"),
            "income": Field(
                key="income",
                name="收入",
                type="table",
                columns={
                    "month": Field(key="month", name="本月", type="money"),
                    "ytd": Field(key="ytd", name="本年累计", type="money"),
                },
            ),
        },
    )
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("balance_start + sum(income.month)", "上月结余＋收入·本月合计"),
        ("balance_start - (balance_end - 1.50)", "上月结余－（本月结余－1.50）"),
        ("previous.balance_end", "上期本月结余"),
        ("previous.row.ytd + row.month", "上期本年累计＋本月"),
        ("month / total(month)", "本月÷本月合计"),
        ("share(balance_end, balance_start)", "本月结余占上月结余的百分比"),
        ("row.month >= school.large_sum", "本月≥学校设定的大额标准"),
        ("period.month > 1 and method != '自行'", "月份＞1且method≠“自行”"),
        ("(a or b) and not c", "（a或b）且并非c"),
        ("days(date, planned) >= 30", "日期至planned的天数≥30"),
    ],
)
def test_expressions_are_told_in_chinese(text: str, told: str) -> None:
    """A rule that fails shows both sides with the fields' names."""
    assert in_words(compile_expression(text), NAMES) == told
