"""A school year day by day: every duty appears, is paid, is late or expires on exactly the right day.

What is expected is worked out by hand-made arithmetic on plain lists of days, without the calendar module.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schoolpub.model.catalogue import Due, Duty, Field, Item, Waives
from schoolpub.model.period import week_of
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.as_of import known_on
from schoolpub.rules.clock.duties import State, owed
from tests.rules.sample_calendar import CALENDAR, day
from tests.rules.sample_chain import posted, proved, record, snapshot
from tests.rules.sample_records import item

HOLIDAYS = [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"),
            ("09-25", "09-27"), ("10-01", "10-07")]  # fmt: skip
WORKED = {day(f"2026-{text}") for text in ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")}
OFF = {
    day(f"2026-{first}") + timedelta(n)
    for first, last in HOLIDAYS
    for n in range((day(f"2026-{last}") - day(f"2026-{first}")).days + 1)
}
TERMS = [
    ("2025-2026-1", "2025-09-01", "2026-01-23", "2025-11-07"),
    ("2025-2026-2", "2026-03-02", "2026-07-10", "2026-05-08"),
    ("2026-2027-1", "2026-08-31", "2027-01-22", "2026-11-06"),
]
SOON = 7
END = day("2026-12-31")


def works(one: date) -> bool:
    return one in WORKED or (one.weekday() < 5 and one not in OFF)


def later(start: date, count: int) -> date:
    """The *count*th working day after *start*."""
    while count:
        start += timedelta(1)
        count -= works(start)
    return start


def late(due: date, done: date) -> int:
    if done <= due:
        return 0
    return max(1, sum(works(due + timedelta(n)) for n in range(1, (done - due).days + 1)))


@dataclass
class Expected:
    """One duty of the year: when it is due, and what the school did."""

    slug: str
    key: str
    part: str
    due: date
    posted: date | None = None
    public: date | None = None
    waived: bool = False
    """Let off by the waiver, from the day of its posting on."""
    due_before: date | None = None
    """The day it was due on before it was put off."""


def rhythm(slug: str, period: str, *duties: Duty, **more: object) -> Item:
    return item(slug, duties=duties, period=period, **more)


ITEMS = [
    rhythm("monthly", "month", Duty(every="month", due=Due(day=5, of="next-month"))),
    rhythm("canteen", "month", Duty(every="month", due=Due(day=15, of="next-month", roll="next-workday"))),
    rhythm("weekly", "week", Duty(every="week", in_term=True, due=Due(weekday=1, of="next-week"))),
    rhythm("mailbox", "none", Duty(every="tuesday", in_term=True, due=Due(same_day=True, roll="next-workday"))),
    rhythm(
        "circular",
        "term",
        Duty(every="term", part="mid", due=Due(within="10wd", of="term-middle")),
        Duty(every="term", part="end", due=Due(within="10wd", of="term-end")),
        parts={"mid": "期中", "end": "期末"},
    ),
    rhythm("fees", "term", Duty(every="term", due=Due(before="1d", of="term-start"))),
    rhythm("quarter", "quarter", Duty(every="quarter", due=Due(within="10d", of="period-end"))),
    rhythm("guide", "year", Duty(every="year", due=Due(month_day="01-31", of="this-year"))),
]
WAIVER = item(
    "waiver",
    waives=Waives(item="waived", periods="periods", until="until", postponed="postponed"),
    fields={
        "waived": Field(key="waived", name="公开事项", type="text"),
        "periods": Field(key="periods", name="期间", type="list"),
        "until": Field(key="until", name="有效期至", type="date"),
        "postponed": Field(key="postponed", name="暂缓至", type="date"),
    },
)


def duties() -> Iterator[Expected]:
    """Yield what the catalogue asks for in 2026, from its first day on."""
    for month in range(1, 13):
        following = date(2026 + month // 12, month % 12 + 1, 1)
        yield Expected("monthly", f"2026-{month:02}", "", following.replace(day=5))
        fifteenth = following.replace(day=15)
        while not works(fifteenth) and fifteenth.year == 2026:
            fifteenth += timedelta(1)
        yield Expected("canteen", f"2026-{month:02}", "", fifteenth)
    for monday in (day("2025-12-29") + timedelta(7 * n) for n in range(53)):
        taught = [d for d in (monday + timedelta(n) for n in range(7)) if works(d) and in_term(d)]
        if taught:
            yield Expected("weekly", week_of(monday).text, "", monday + timedelta(7))
    for tuesday in (day("2026-01-06") + timedelta(7 * n) for n in range(53)):
        if in_term(tuesday):
            due = tuesday
            while not works(due):
                due += timedelta(1)
            yield Expected("mailbox", tuesday.isoformat(), "", due)
    for term, first, last, middle in TERMS:
        if day(middle) >= day("2026-01-01"):
            yield Expected("circular", term, "mid", later(day(middle), 10))
            yield Expected("fees", term, "", day(first) - timedelta(1))
        if day(last) < END:
            yield Expected("circular", term, "end", later(day(last), 10))
    for quarter in range(1, 5):
        month = quarter * 3
        yield Expected("quarter", f"2026Q{quarter}", "", date(2026, month, monthrange(2026, month)[1]) + timedelta(10))
    yield Expected("guide", "2026", "", day("2026-01-31"))


def in_term(one: date) -> bool:
    return any(day(first) <= one <= day(last) for _, first, last, _ in TERMS)


def history() -> tuple[list[Expected], list[Record]]:
    """Return what was expected and done: in time, late by ever more days, proven later than posted, never."""
    expected = [e for e in duties() if e.due <= END + timedelta(SOON)]
    records = []
    for number, one in enumerate(sorted(expected, key=lambda e: (e.due, e.slug))):
        if number % 5 == 4 or one.key in ("2026-07", "2026-08"):
            continue
        one.posted = one.due + timedelta((number % 5 - 2) * (1 + number // 20))
        one.posted = min(max(one.posted, day("2026-01-02")), END + timedelta(30))
        one.public = one.posted + timedelta(3) if number % 3 == 0 else one.posted
        proof = (proved(one.public.isoformat(), "website"),) if number % 3 == 0 else ()
        key = one.due.isoformat() if one.slug == "mailbox" else one.key
        records.append(
            record(one.slug, key, part=one.part, audience="external", steps=(*posted(one.posted.isoformat()), *proof))
        )
        if one.part:
            records[-1] = replace(records[-1], id=f"{records[-1].id}-{one.part}")
        if one.slug == "mailbox":
            records[-1] = replace(records[-1], id=f"mailbox-{one.key}", date=date.fromisoformat(one.key))
    for one in expected:
        if one.slug == "canteen" and day("2026-07-06") <= one.due <= day("2026-09-20"):
            one.waived = True
        if one.slug == "monthly" and one.key == "2026-07":
            one.due_before, one.due = one.due, day("2026-09-30")
    summer = record(
        "waiver", "2026-07-06", fields={"waived": "canteen", "until": "2026-09-20"}, steps=posted("2026-07-06")
    )
    put_off = record(
        "waiver", "2026-08-03", fields={"waived": "monthly", "periods": ["2026-07"], "postponed": "2026-09-30"},
        steps=posted("2026-08-03"),
    )  # fmt: skip
    return expected, [*records, summer, put_off]


def standing(one: Expected, today: date) -> tuple[str, str, int] | None:
    """Return due day, state and working days late of *one* on *today*; None while it is not in sight."""
    due = one.due
    if one.due_before and today < day("2026-08-03"):
        due = one.due_before
    if one.posted and one.posted <= today:
        done = one.public if one.public and one.public <= today else one.posted
        return due.isoformat(), "paid", late(due, done)
    if due > today + timedelta(SOON) and (one.due_before or due) > today + timedelta(SOON):
        return None
    if one.waived and today >= day("2026-07-06"):
        return due.isoformat(), "waived", 0
    if late(due, today):
        return due.isoformat(), "late", late(due, today)
    state = "due" if due == today else "soon" if due <= today + timedelta(SOON) else "later"
    return due.isoformat(), state, 0


def test_every_day_of_the_year() -> None:
    """On each of the 365 days each duty stands as the hand-made account says, and nothing else is owed."""
    expected, records = history()
    school = _with_catalogue(records)
    for today in (day("2026-01-01") + timedelta(n) for n in range(365)):
        wanted = {
            (e.slug, e.key, e.part): found
            for e in expected
            if (found := standing(e, today)) and (e.due_before or e.due) <= today + timedelta(SOON)
        }
        found = {
            (o.item.slug, o.key, o.part): (o.due.date.isoformat(), o.state.value, o.late_by)
            for o in owed(known_on(school, today), today)
        }
        assert found == wanted, today


def test_the_states_meet_each_other() -> None:
    """In the course of the year each duty goes from soon over due to late or paid, never back."""
    expected, records = history()
    school = _with_catalogue(records)
    order = [State.LATER, State.SOON, State.DUE, State.LATE, State.WAIVED, State.PAID]
    last: dict[tuple[str, str, str], int] = {}
    seen: set[State] = set()
    for today in (day("2026-01-01") + timedelta(n) for n in range(0, 365, 5)):
        for one in owed(known_on(school, today), today):
            key = (one.item.slug, one.key, one.part)
            if key == ("monthly", "2026-07", ""):
                continue  # put off while it was due
            assert order.index(one.state) >= last.get(key, 0), (today, key)
            last[key] = order.index(one.state)
            seen.add(one.state)
    assert seen == {State.SOON, State.DUE, State.LATE, State.WAIVED, State.PAID}
    assert last.keys() <= {(e.slug, e.key, e.part) for e in expected}


def _with_catalogue(records: list[Record]) -> Snapshot:
    items: list[Item] = [replace(i, channels=("website",)) for i in ITEMS]
    return snapshot([*items, WAIVER], records, calendar=CALENDAR)
