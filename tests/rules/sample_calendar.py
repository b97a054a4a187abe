"""The calendar of 2025 and 2026, as the notices of the State Council's office have it, and two school years."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from schoolpub.model.calendar import Calendar, Term, YearTable


def day(text: str) -> date:
    return date.fromisoformat(text)


def year_table(year: int, holidays: Iterable[tuple[str, str, str]], workdays: dict[str, str]) -> YearTable:
    off: dict[date, str] = {}
    for name, first, last in holidays:
        count = (day(f"{year}-{last}") - day(f"{year}-{first}")).days
        off |= {day(f"{year}-{first}") + timedelta(n): name for n in range(count + 1)}
    return YearTable(year=year, holidays=off, workdays={day(f"{year}-{text}"): name for text, name in workdays.items()})


def term(term_id: str, first: str, last: str, middle: str) -> Term:
    return Term(id=term_id, name=f"{term_id}学期", first=day(first), last=day(last), middle=day(middle))


CALENDAR = Calendar(
    years={
        2025: year_table(
            2025,
            [
                ("元旦", "01-01", "01-01"),
                ("春节", "01-28", "02-04"),
                ("清明节", "04-04", "04-06"),
                ("劳动节", "05-01", "05-05"),
                ("端午节", "05-31", "06-02"),
                ("国庆节、中秋节", "10-01", "10-08"),
            ],
            {"01-26": "春节", "02-08": "春节", "04-27": "劳动节", "09-28": "国庆节", "10-11": "国庆节"},
        ),
        2026: year_table(
            2026,
            [
                ("元旦", "01-01", "01-03"),
                ("春节", "02-15", "02-23"),
                ("清明节", "04-04", "04-06"),
                ("劳动节", "05-01", "05-05"),
                ("端午节", "06-19", "06-21"),
                ("中秋节", "09-25", "09-27"),
                ("国庆节", "10-01", "10-07"),
            ],
            {
                "01-04": "元旦",
                "02-14": "春节",
                "02-28": "春节",
                "05-09": "劳动节",
                "09-20": "国庆节",
                "10-10": "国庆节",
            },
        ),
    },
    terms=(
        term("2025-2026-1", "2025-09-01", "2026-01-23", "2025-11-07"),
        term("2025-2026-2", "2026-03-02", "2026-07-10", "2026-05-08"),
        term("2026-2027-1", "2026-08-31", "2027-01-22", "2026-11-06"),
    ),
)
