"""Amounts in words (大写金额): 壹拾贰万零叁佰元整, as cheques and contracts write them, there and back."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
LIMIT = Decimal(10) ** 16
"""Amounts from here on have no form in words."""

# What people write for the formal characters.  〇 and 圆 are as good as 零 and 元.
_INFORMAL = str.maketrans("〇○一二三四五六七八九两十百千圆萬億參陸貳", "零零壹贰叁肆伍陆柒捌玖贰拾佰仟元万亿叁陆贰")
_FORM = re.compile(
    r"(?P<sign>负)?(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?(?P<zero>零)?"
    r"(?:(?P<jiao>[壹贰叁肆伍陆柒捌玖])角)?零?(?:(?P<fen>[壹贰叁肆伍陆柒捌玖])分)?(?P<whole>[整正])?"
)


def amount_in_words(amount: Decimal) -> str:
    """Return *amount* (元, at most 2 decimals) in words; raise ValueError when it has no such form."""
    fen = amount.copy_abs() * 100
    if not amount.is_finite() or fen != fen.to_integral_value() or amount.copy_abs() >= LIMIT:
        raise ValueError(str(amount))
    yuan, rest = divmod(int(fen), 100)
    jiao, cents = divmod(rest, 10)
    sign = "负" if amount < 0 else ""
    if not rest:
        return f"{sign}{_whole(yuan)}元整"
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif yuan:
        words += "零"
    return f"{sign}{words}{DIGITS[cents]}分" if cents else f"{sign}{words}整"


def _whole(number: int) -> str:
    """Return a whole number in words: four digits a group, one 零 for any run of zeros inside."""
    if not number:
        return DIGITS[0]
    words, gap = "", False
    for group in range(3, -1, -1):
        four = number // 10000**group % 10000
        if not four:
            # 万亿 without 亿 below it still ends in 亿: 壹万亿.
            gap = gap or bool(words)
            continue
        if words and (gap or four < 1000):
            words += DIGITS[0]
        words += _four(four) + _mark(number, group)
        gap = False
    return words


def _mark(number: int, group: int) -> str:
    """Return the name of a group: 万 alone for the 万亿 whose 亿 follows, so that 壹万贰仟亿 has one 亿."""
    return "万" if group == 3 and number // 10**8 % 10000 else _GROUPS[group]


def _four(number: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += (DIGITS[0] if gap and words else "") + DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words


def parse_amount(text: str) -> Decimal:
    """Return the amount that *text* says; raise ValueError when it says none.

    The reader takes what people write (一百二十元, 圆, 正, 人民币 before it) and reads the places as they are named, so
    a 零 left out or one too many does not change the amount.
    """
    plain = "".join(text.split()).removeprefix("人民币").strip("：:").translate(_INFORMAL)
    found = _FORM.fullmatch(plain)
    if not found or not (found["yuan"] or found["jiao"] or found["fen"]):
        raise ValueError(text)
    yuan = _read_whole(found["yuan"]) if found["yuan"] else 0
    fen = yuan * 100 + _digit(found["jiao"]) * 10 + _digit(found["fen"])
    amount = Decimal(fen).scaleb(-2) if fen % 100 else Decimal(yuan)
    return -amount if found["sign"] else amount


def _digit(character: str | None) -> int:
    return DIGITS.index(character) if character else 0


def _read_whole(words: str) -> int:
    """Return the number in *words*; raise ValueError where places or digits stand in an order that means nothing."""
    high, mark, low = words.rpartition("亿")
    if mark:
        return _below_yi(high) * 10**8 + (_below_yi(low) if low else 0)
    return _below_yi(words)


def _below_yi(words: str) -> int:
    high, mark, low = words.partition("万")
    if not mark:
        return _read_four(words)
    return _read_four(high) * 10000 + (_read_four(low) if low else 0)


_UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def _read_four(words: str) -> int:
    """Return the number of up to four digits in *words*; places must fall from 仟 to 拾."""
    if words.startswith("拾"):
        words = "壹" + words
    total, digit, last = 0, 0, 10000
    for before, now in pairwise(" " + words):
        if now in _UNITS:
            unit = _UNITS[now]
            if not digit or unit >= last:
                raise ValueError(words)
            total, digit, last = total + digit * unit, 0, unit
        elif now in DIGITS:
            if digit or (now == "零" and before == "零"):
                raise ValueError(words)
            digit = DIGITS.index(now)
        else:
            raise ValueError(words)
    if not words or (digit and last <= 1):
        raise ValueError(words)
    return total + digit
