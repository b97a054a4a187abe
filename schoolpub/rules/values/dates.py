"""Dates, times and periods: only days that exist, in one form; the usual other forms are told apart."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from unicodedata import normalize

from schoolpub.errors import Text, say
from schoolpub.model.period import Period, PeriodKind, parse_period
from schoolpub.rules.values.wrong import Wrong, shown

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII).fullmatch
_DATETIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::00)?", re.ASCII).fullmatch
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII).fullmatch
_LOOSE_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII).fullmatch
_LOOSE_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d{2})", re.ASCII).fullmatch
_LOOSE_TIME = re.compile(r"(.+?)(?:T| |日)(\d{1,2})[:时点](\d{1,2})?分?(?::\d{2})?(?:\+08:00|Z)?", re.ASCII).fullmatch


def read_date(text: str) -> date | Wrong:
    """Return the day that *text* names."""
    if _DATE(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return Wrong("value-date", say("{value} is not a day of the calendar", value=text), _example("2026-11-03"))
    meant = _loose_date(normalize("NFKC", text))
    return Wrong(
        "value-date", say("{value} is not a date as it is written here", value=shown(text)), _offer(meant, "2026-11-03")
    )


def read_datetime(text: str) -> datetime | Wrong:
    """Return the minute that *text* names."""
    if _DATETIME(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return Wrong(
                "value-datetime", say("{value} is not a day of the calendar", value=text), _example("2026-11-03T09:00")
            )
    message = say("{value} is not a date with a time as it is written here", value=shown(text))
    return Wrong("value-datetime", message, _offer(_loose_datetime(text), "2026-11-03T09:00"))


def read_moment(text: str) -> date | Wrong:
    """Return the minute that *text* names, or the day where it names no time."""
    day = read_date(text) if _DATE(text) else None
    return read_datetime(text) if day is None or isinstance(day, Wrong) else day


def read_point(text: str) -> date | Period | Wrong:
    """Return the day, minute, month or year that *text* names: an end of a range."""
    with suppress(ValueError):
        found = parse_period(text)
        if found.kind in (PeriodKind.MONTH, PeriodKind.YEAR):
            return found
    return read_datetime(text) if _DATETIME(text) else read_date(text)


def read_month(text: str) -> Period | Wrong:
    """Return the month that *text* names."""
    found = read_period(text)
    if isinstance(found, Period) and found.kind is PeriodKind.MONTH:
        return found
    return Wrong(
        "value-month",
        say("{value} is not a month as it is written here", value=shown(text)),
        _offer(_loose_month(text), "2026-11"),
    )


def read_period(text: str) -> Period | Wrong:
    """Return the period that *text* names."""
    try:
        return parse_period(text)
    except ValueError:
        return Wrong(
            "value-period",
            say("{value} is not a period", value=shown(text)),
            say("Write a month 2026-10, a quarter 2026Q4, a week 2026-W44, a term 2026-2027-1 or a year 2026."),
        )


def read_clock(text: str) -> str | Wrong:
    """Return a time of day such as 08:00."""
    if _CLOCK(text):
        return text
    return Wrong(
        "value-time", say("{value} is not a time of day as it is written here", value=shown(text)), _example("08:00")
    )


def _loose_date(text: str) -> str | None:
    found = _LOOSE_DATE("".join(text.split()))
    if not found:
        return None
    year, month, day = (int(part) for part in (found.groups()[:3] if found[1] else found.groups()[3:]))
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _loose_month(text: str) -> str | None:
    loose = _LOOSE_MONTH("".join(normalize("NFKC", text).split()))
    written = f"{loose[1] or loose[3]}-{int(loose[2] or loose[4]):02}" if loose else ""
    return written if loose and isinstance(read_period(written), Period) else None


def meant(kind: str, text: str) -> str | None:
    """Return the day, minute or month that *text* means, in the form that is read; None when it cannot be told."""
    if kind == "month":
        return _loose_month(text)
    day = _loose_date(normalize("NFKC", text))
    return day if day or kind == "date" else _loose_datetime(text)


def _loose_datetime(text: str) -> str | None:
    found = _LOOSE_TIME(normalize("NFKC", text).strip())
    if not found or (day := _loose_date(found[1])) is None:
        return None
    written = f"{day}T{int(found[2]):02}:{int(found[3] or 0):02}"
    return written if _DATETIME(written) else None


def _offer(meant: str | None, example: str) -> Text:
    return say("Write {value}.", value=meant) if meant else _example(example)


def _example(example: str) -> Text:
    return say("Write it like {example}.", example=example)
