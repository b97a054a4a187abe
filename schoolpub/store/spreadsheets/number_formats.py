"""A number as its cell shows it: the few number formats that tables of schools use.

Excel keeps 0.1605 and shows 16.05%; it keeps a day as 46329 and shows 2026年11月3日.  What cannot be shown here is
shown as the number itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from schoolpub.model.book import Cell, Kind

GENERAL = "General"
_BUILTIN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00", 9: "0%",
    10: "0.00%",
    14: "yyyy-mm-dd", 15: "yyyy-mm-dd", 16: "mm-dd", 17: "yyyy-mm", 18: "h:mm", 19: "h:mm", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 27: "yyyy-mm", 28: "mm-dd", 29: "mm-dd", 30: "yyyy-mm-dd", 31: "yyyy-mm-dd", 32: "h:mm",
    33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy-mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "h:mm", 46: "h:mm", 47: "h:mm",
    50: "yyyy-mm", 51: "mm-dd", 52: "yyyy-mm", 53: "mm-dd", 54: "mm-dd", 55: "yyyy-mm", 56: "mm-dd", 57: "yyyy-mm",
    58: "mm-dd",
}  # fmt: skip
"""Formats that a file names by number only; those from 27 on as Chinese Excel has them."""

_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_PLACES = re.compile(r"[0#?](?:[0#?,]*[0#?])?(?:\.[0#?]*)?")
_DATE_LETTERS = re.compile("[ymdhs年月日时分秒上下]", re.IGNORECASE)
_MOST_DIGITS = 15
"""What Excel itself keeps and shows of a number; the rest is the machine's noise (0.30000000000000004)."""


@dataclass(frozen=True, slots=True)
class _Shape:
    decimals: int | None
    """None: as many as the number has."""
    grouped: bool
    percent: bool
    date: str
    """`date`, `month`, `datetime`, `time`, or nothing."""
    thousands: int
    """How many commas behind the digits: each divides by a thousand what is shown."""


def builtin(number: int) -> str:
    """Return the format with a number of its own."""
    return _BUILTIN.get(number, GENERAL)


def number_cell(raw: str, code: str = GENERAL, *, from_1904: bool = False, formula: bool = False) -> Cell:
    """Return the cell of a number that is stored as *raw* and shown by the format *code*."""
    value = _decimal(raw)
    if value is None:
        return Cell(raw.strip(), Kind.TEXT, formula=formula)
    shape = _shape(code)
    exact = plain(value)
    if shape.date:
        text = _day(value, shape.date, from_1904)
        if text:
            return Cell(text, Kind.DATE, exact, formula)
    return Cell(_shown(value, shape), Kind.NUMBER, exact, formula)


def plain(value: Decimal) -> str:
    """Return *value* in plain digits without idle zeros."""
    if value == value.to_integral_value():
        return f"{value if value else abs(value):.0f}"
    return f"{value.normalize():f}"


def _decimal(raw: str) -> Decimal | None:
    try:
        value = Decimal(raw.strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or value.adjusted() > 40 or value.adjusted() < -40:
        return None
    if len(value.as_tuple().digits) > _MOST_DIGITS:
        value = Decimal(f"{value:.{_MOST_DIGITS - 1}e}")
    return value


def _shown(value: Decimal, shape: _Shape) -> str:
    if shape.percent:
        value = value * 100
    if shape.thousands:
        value = value.scaleb(-3 * shape.thousands)
    if shape.decimals is None:
        text = plain(value)
    else:
        rounded = value.quantize(Decimal(1).scaleb(-shape.decimals), ROUND_HALF_UP)
        text = f"{rounded if rounded else abs(rounded):{',' if shape.grouped else ''}f}"
    return f"{text}%" if shape.percent else text


@cache
def _shape(code: str) -> _Shape:
    first = _first_section(code)
    bare = _QUOTED.sub("", first)
    elapsed = re.search(r"\[(?:h+|m+|s+)\]", first, re.IGNORECASE)
    places = _PLACES.search(bare)
    dated = _DATE_LETTERS.search(bare.replace("General", "")) and not re.search("[0#]", re.sub(r"\.0+", "", bare))
    if elapsed or dated:
        return _Shape(None, False, False, _date_kind(bare + (elapsed[0] if elapsed else "")), 0)
    percent = "%" in bare
    if places is None or "E+" in bare or "E-" in bare or "/" in bare:
        return _Shape(None, False, percent, "", 0)
    behind = bare[places.end() :]
    thousands = len(behind) - len(behind.lstrip(","))
    digits = places[0]
    decimals = len(digits.partition(".")[2])
    return _Shape(decimals, "," in digits, percent, "", thousands)


def _first_section(code: str) -> str:
    """Return what stands before the first `;` that is no text."""
    quoted = escaped = False
    for position, sign in enumerate(code):
        if escaped:
            escaped = False
        elif sign == "\\" and not quoted:
            escaped = True
        elif sign == '"':
            quoted = not quoted
        elif sign == ";" and not quoted:
            return code[:position]
    return code


def _date_kind(bare: str) -> str:
    letters = bare.lower()
    days, clock = "y" in letters or "d" in letters, "h" in letters or "s" in letters
    if clock:
        return "datetime" if days else "time"
    if "y" in letters and "m" in letters and "d" not in letters:
        return "month"
    return "date"


def _day(value: Decimal, kind: str, from_1904: bool) -> str:
    """Return a day that is stored as a number of days, or nothing when there is no such day."""
    if value < 0 or value > 2_958_465:
        return ""
    seconds = int((value * 86400).to_integral_value(ROUND_HALF_UP))
    days, rest = divmod(seconds, 86400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")
    if kind == "time":
        return clock if days == 0 else ""
    if not from_1904:
        if days == 60:  # Lotus's 29 February 1900, which never was
            return ""
        days -= days > 60
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31)
    try:
        day = start + timedelta(days=days)
    except OverflowError:
        return ""
    if kind == "month":
        return f"{day:%Y-%m}"
    if kind == "datetime" or rest:
        return f"{day:%Y-%m-%d}T{clock}" if rest or kind == "datetime" else f"{day:%Y-%m-%d}"
    return f"{day:%Y-%m-%d}"
