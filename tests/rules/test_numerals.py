"""Amounts in words, there and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.rules.chinese_numerals import LIMIT, amount_in_words, parse_amount

FORMS = [
    ("0", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角整"),
    ("0.55", "伍角伍分"),
    ("1.05", "壹元零伍分"),
    ("10", "壹拾元整"),
    ("15.30", "壹拾伍元叁角整"),
    ("100", "壹佰元整"),
    ("101", "壹佰零壹元整"),
    ("110", "壹佰壹拾元整"),
    ("1001", "壹仟零壹元整"),
    ("1010.10", "壹仟零壹拾元壹角整"),
    ("10000", "壹万元整"),
    ("10005", "壹万零伍元整"),
    ("100500", "壹拾万零伍佰元整"),
    ("120300", "壹拾贰万零叁佰元整"),
    ("1001000", "壹佰万壹仟元整"),
    ("123456.78", "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("1000010000", "壹拾亿零壹万元整"),
    ("1000000000000", "壹万亿元整"),
    ("1200000000000", "壹万贰仟亿元整"),
    ("1000200000000", "壹万零贰亿元整"),
    ("1000000000001", "壹万亿零壹元整"),
    ("-480", "负肆佰捌拾元整"),
]


@pytest.mark.parametrize(("figure", "words"), FORMS)
def test_amount_is_written_as_on_a_cheque(figure, words):
    """Each amount has one form in words, and the form reads back to the amount."""
    assert amount_in_words(Decimal(figure)) == words
    assert parse_amount(words) == Decimal(figure)


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_words_say_the_amount_exactly(fen):
    """Any amount below a thousand 万亿, to the 分, is the same after it was written in words and read again."""
    amount = Decimal(fen).scaleb(-2)

    words = amount_in_words(amount)

    assert parse_amount(words) == amount
    assert "零零" not in words and "零元" not in words.removeprefix("零元")


@given(st.decimals(0, 99999, places=2), st.decimals(0, 99999, places=2))
def test_no_two_amounts_share_their_words(one, other):
    """Different amounts have different words."""
    assert (amount_in_words(one) == amount_in_words(other)) == (one == other)


@pytest.mark.parametrize("amount", [Decimal("0.001"), LIMIT, -LIMIT, Decimal("NaN"), Decimal("Infinity")])
def test_what_has_no_words_is_refused(amount):
    """A tenth of a 分, an amount from 1,0000 万亿 on and what is no number have no form in words."""
    with pytest.raises(ValueError):
        amount_in_words(amount)


@pytest.mark.parametrize(
    ("written", "figure"),
    [
        ("人民币壹佰贰拾元整", "120"),
        ("人民币：壹佰贰拾圆正", "120"),
        ("一百二十元", "120"),
        ("拾贰万元整", "120000"),
        ("壹拾贰万叁佰元整", "120300"),
        ("壹拾万零柒仟元零伍角叁分", "107000.53"),
        ("叁元零角伍分", None),
        ("壹仟零壹拾元零壹角整", "1010.10"),
        ("两千元", "2000"),
    ],
)
def test_common_ways_of_writing_are_read(written, figure):
    """Informal characters, 圆, 正, 人民币 and a missing or added 零 do not change what is said."""
    if figure is None:
        with pytest.raises(ValueError):
            parse_amount(written)
    else:
        assert parse_amount(written) == Decimal(figure)


@pytest.mark.parametrize(
    "text", ["", "元整", "壹", "120元", "壹贰叁元整", "拾佰元整", "佰壹元", "壹拾壹佰元", "整", "万元", "壹亿万元亿"]
)
def test_what_says_no_amount_is_refused(text):
    """Figures, places out of order and words without 元 are not amounts."""
    with pytest.raises(ValueError):
        parse_amount(text)


@given(st.text(alphabet="零壹贰叁拾佰仟万亿元角分整负", max_size=12))
def test_any_text_is_read_or_refused(text):
    """No text of these characters breaks the reader."""
    try:
        amount = parse_amount(text)
    except ValueError:
        return
    assert amount == amount.quantize(Decimal("0.01"))
