"""How things are worded in Chinese: amounts, dates, periods, sizes.  Text in, text out."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from schoolpub.model.calendar import Calendar
from schoolpub.model.period import Period, PeriodKind

EMPTY = ""
WEEKDAYS = "一二三四五六日"
AUDIENCES = {"internal": "对内", "external": "对外", "both": "对内、对外"}
KEEP = {"Y": "永久", "D30": "30年", "D10": "10年"}
_COUNT = re.compile(r"(\d+)(wd|d|m|y)")


def amount(value: Decimal, *, places: int | None = None, sign: bool = False) -> str:
    """Return *value* with thousands separators: `1,234.50`; no *places* keeps the decimals that it has."""
    form = f"{'+' if sign else ''},{'' if places is None else f'.{places}'}f"
    return format(value, form)


def money(value: Decimal, unit: str = "元") -> str:
    """Return an amount of money: at least two decimals in 元, in larger units those that were entered."""
    entered = -int(value.as_tuple().exponent)
    return amount(value, places=max(2, entered) if unit in ("", "元") else max(0, entered))


def day(value: date) -> str:
    """Return a date as it is written in a notice: `2026年11月3日`, no leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """Return a date and time of day: `2026年11月3日 09:12`."""
    return f"{day(value)} {value:%H:%M}"


def weekday(value: date) -> str:
    """Return the day of the week: `星期二`."""
    return f"星期{WEEKDAYS[value.weekday()]}"


def month(text: str) -> str:
    """Return `2026-11` as `2026年11月`; what is no month stays as it is."""
    year, _, number = text.partition("-")
    return f"{year}年{int(number)}月" if year.isdigit() and number.isdigit() else text


def span(first: date, last: date | None) -> str:
    """Return a range of days: `2026年11月3日至2026年11月9日`, or an open one."""
    return f"{day(first)}至{day(last)}" if last else f"{day(first)}起"


def period(value: Period, calendar: Calendar | None = None) -> str:
    """Return a period in words: `2026年10月`, `2026年第44周`, `2026—2027学年第一学期`."""
    text = value.text
    match value.kind:
        case PeriodKind.MONTH:
            return month(text)
        case PeriodKind.QUARTER:
            return f"{text[:4]}年第{'一二三四'[int(text[-1]) - 1]}季度"
        case PeriodKind.WEEK:
            return f"{text[:4]}年第{int(text[-2:])}周（{value.first.month}月{value.first.day}日—{_end(value)}）"
        case PeriodKind.TERM:
            term = calendar.term(text) if calendar else None
            return term.name if term and term.name else f"{text[:4]}—{text[5:9]}学年第{'一二'[int(text[-1]) - 1]}学期"
        case PeriodKind.YEAR:
            return f"{text}年"
        case PeriodKind.SCHOOL_YEAR:
            return f"{text[:4]}—{text[5:9]}学年"
        case PeriodKind.SPAN:
            first, _, last = text.partition("..")
            return f"{_point(first)}至{_point(last)}"


def _end(value: Period) -> str:
    return f"{value.last.month}月{value.last.day}日"


def _point(text: str) -> str:
    match text.count("-"):
        case 0:
            return f"{text}年"
        case 1:
            return month(text)
    return day(date.fromisoformat(text))


def count(text: str) -> str:
    """Return a length of time in words: `5wd` is `5个工作日`, `20d` is `20日`, `1y` is `1年`."""
    match = _COUNT.fullmatch(text)
    if not match:
        return text
    return match[1] + {"wd": "个工作日", "d": "日", "m": "个月", "y": "年"}[match[2]]


def size(count_of_bytes: int) -> str:
    """Return the size of a file: `812 B`, `34 KB`, `1.2 MB`."""
    if count_of_bytes < 1000:
        return f"{count_of_bytes} B"
    if count_of_bytes < 1_000_000:
        return f"{max(1, round(count_of_bytes / 1000))} KB"
    return f"{count_of_bytes / 1_000_000:.1f} MB"


def spreadsheet_text(text: str) -> str:
    """Return *text* safe in a spreadsheet's CSV: what would start a formula gets an apostrophe, numbers do not."""
    if text[:1] in _FORMULA and text and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


# Spreadsheets set to an East Asian language take the full-width signs for the plain ones.
_FORMULA = "=+-@\t\r\n＝＋－＠"
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?", re.ASCII)
