"""A year's holidays and make-up days as the package chinesecalendar knows them; the notice itself decides."""

from __future__ import annotations

from datetime import date

from schoolpub.errors import SchoolpubError, say
from schoolpub.model.calendar import YearTable

_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


def table_of(year: int, notice: str = "") -> YearTable:
    """Return the table of *year*; raise SchoolpubError when the package does not know that year yet."""
    from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

    known = {day.year for day in holidays}
    if year not in known:
        raise SchoolpubError(
            say("The holidays of {year} are not known to this program (it knows {first} to {last}).",
                year=year, first=min(known), last=max(known)),
            fix=say("The notice of the State Council's office comes in November: then update the program, or write "
                    "a table like that of {last} and run `schoolpub calendar add {year} --from FILE`. Until then dates "
                    "are computed Monday to Friday and marked 推算.", year=year, last=max(known)),
        )  # fmt: skip
    return YearTable(
        year=year,
        notice=notice or f"国务院办公厅关于{year}年部分节假日安排的通知",
        holidays=_of(year, holidays),
        workdays=_of(year, workdays),
    )


def _of(year: int, days: dict[date, str]) -> dict[date, str]:
    return {day: _NAMES.get(name, name) for day, name in sorted(days.items()) if day.year == year}
