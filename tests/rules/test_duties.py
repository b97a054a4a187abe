"""What is owed: catalogue times calendar, less what was posted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schoolpub.model.calendar import Calendar, Closing
from schoolpub.model.catalogue import Catalogue, Due, Duty
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.duties import Owed, State, owed, started
from tests.rules.sample_calendar import CALENDAR, day
from tests.rules.sample_records import FLOW, item, record, snapshot, steps

MONTHLY = item(duties=(Duty(every="month", due=Due(day=5, of="next-month")),), period="month")
TODAY = day("2026-03-05")


def lines(found: list[Owed]) -> list[tuple[str, str, str, str]]:
    """Return item key, part, due date and state of each."""
    return [(o.key, o.part, o.due.date.isoformat(), o.state.value) for o in found]


def test_months_are_owed_paid_and_late() -> None:
    """Each month since the edition is owed; a posted record pays it, a draft does not."""
    records = [
        record(key="2026-01", steps=steps("draft sign post", "2026-02-06")),
        record(key="2026-02", steps=steps("draft sign")),
    ]
    found = owed(snapshot([MONTHLY], records), day("2026-03-09"), horizon_days=40)

    assert [(o.key, o.due.date.isoformat(), o.state, o.record_id, o.late_by) for o in found] == [
        ("2026-01", "2026-02-05", State.PAID, "finance-monthly-2026-01", 1),
        ("2026-02", "2026-03-05", State.LATE, "finance-monthly-2026-02", 2),
        ("2026-03", "2026-04-05", State.LATER, None, 0),
    ]
    assert found[0].done == day("2026-02-06")


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2026-02-25", State.LATER),
        ("2026-02-26", State.SOON),
        ("2026-03-05", State.DUE),
        ("2026-03-06", State.LATE),
        ("2026-03-07", State.LATE),
    ],
)
def test_the_state_follows_the_day(today: str, state: State) -> None:
    """A duty becomes soon, due and late as the day comes nearer."""
    found = owed(snapshot([MONTHLY]), day(today), horizon_days=30)

    assert {o.key: o.state for o in found}["2026-02"] is state


def test_a_zero_report_pays() -> None:
    """A posted zero report pays like any other; a void record pays nothing."""
    zero = record(key="2026-01", zero=True, steps=steps("draft sign post", "2026-02-01"))
    void = record(key="2026-02", steps=steps("draft discard"))
    found = owed(snapshot([MONTHLY], [zero, void]), TODAY)

    assert [(o.key, o.state, o.record_id) for o in found] == [
        ("2026-01", State.PAID, "finance-monthly-2026-01"),
        ("2026-02", State.DUE, None),
    ]


def test_what_was_posted_once_stays_paid() -> None:
    """A record that was suspended later, or that a second edition follows, has paid."""
    suspended = record(key="2026-01", steps=steps("draft sign post suspend", "2026-02-01"))
    second = replace(suspended, id=f"{suspended.id}.v2", edition=2, steps=steps("draft"))
    found = owed(snapshot([MONTHLY], [suspended, second]), TODAY)

    assert (found[0].state, found[0].record_id) == (State.PAID, "finance-monthly-2026-01")


def test_a_span_pays_its_months() -> None:
    """One record about several months pays each of them."""
    span = record(key="2026-01..2026-02", steps=steps("draft sign post", "2026-02-01"))

    assert [o.state for o in owed(snapshot([MONTHLY], [span]), TODAY)] == [State.PAID, State.PAID]


def test_parts_are_owed_one_by_one() -> None:
    """Mid-term and end of term are two duties, paid by records of their part."""
    circular = item(
        "circular",
        duties=(
            Duty(every="term", part="mid", due=Due(within="10wd", of="term-middle")),
            Duty(every="term", part="end", due=Due(within="10wd", of="term-end")),
        ),
        period="term",
        parts={"mid": "期中", "end": "期末"},
    )
    halves = item("halves", duties=(Duty(every="half-term", due=Due(within="10wd", of="period-end")),), period="term")
    paid = record("circular", "2025-2026-2", part="mid", steps=steps("draft sign post"))
    found = owed(snapshot([circular, halves], [paid]), day("2026-08-30"))

    assert [(o.item.slug, *line) for o, line in zip(found, lines(found), strict=True)] == [
        ("circular", "2025-2026-1", "end", "2026-02-06", "late"),
        ("halves", "2025-2026-1", "end", "2026-02-06", "late"),
        ("circular", "2025-2026-2", "mid", "2026-05-21", "paid"),
        ("halves", "2025-2026-2", "mid", "2026-05-21", "late"),
        ("circular", "2025-2026-2", "end", "2026-07-24", "late"),
        ("halves", "2025-2026-2", "end", "2026-07-24", "late"),
    ]


def test_weeks_are_owed_in_term_only() -> None:
    """A week of the vacation, and one on which the school was closed, are not listed."""
    weekly = item(duties=(Duty(every="week", in_term=True, due=Due(weekday=1, of="next-week")),), period="week")
    closing = Closing(name="校庆", first=day("2026-03-16"), last=day("2026-03-22"))
    calendar = Calendar(years=CALENDAR.years, terms=CALENDAR.terms, closings=(closing,))
    found = owed(snapshot([weekly], calendar=calendar), day("2026-03-31"), since=day("2026-01-19"))

    assert [o.key for o in found] == ["2026-W03", "2026-W04", "2026-W10", "2026-W11", "2026-W13", "2026-W14"]


def test_tuesdays_roll_over_holidays() -> None:
    """Every Tuesday of the term is owed; one on a holiday is due on the next working day, none in vacations."""
    due = Due(same_day=True, roll="next-workday")
    mailbox = item("mailbox", duties=(Duty(every="tuesday", in_term=True, due=due),))
    checked = record("mailbox", "2026-04-28", steps=steps("draft sign post", "2026-04-28"))
    late = record("mailbox", "2026-05-07", steps=steps("draft sign post", "2026-05-07"))
    found = owed(snapshot([mailbox], [checked, late]), day("2026-05-13"), since=day("2026-04-28"), horizon_days=6)

    assert lines(found) == [
        ("2026-04-28", "", "2026-04-28", "paid"),
        ("2026-05-05", "", "2026-05-06", "paid"),
        ("2026-05-12", "", "2026-05-12", "late"),
        ("2026-05-19", "", "2026-05-19", "soon"),
    ]
    assert [o.late_by for o in found] == [0, 1, 1, 0]
    assert owed(snapshot([mailbox]), day("2026-03-02"), since=day("2026-01-24"), horizon_days=0) == []


def test_no_tuesday_is_owed_while_the_school_is_closed() -> None:
    """The school's own closing days are vacation: the box is not opened on them."""
    mailbox = item("mailbox", duties=(Duty(every="tuesday", in_term=True, due=Due(same_day=True, roll="next-workday")),))
    closing = Closing(name="校庆", first=day("2026-03-16"), last=day("2026-03-18"))
    calendar = Calendar(years=CALENDAR.years, terms=CALENDAR.terms, closings=(closing,))
    found = owed(snapshot([mailbox], calendar=calendar), day("2026-03-24"), since=day("2026-03-09"), horizon_days=0)

    assert [line[0] for line in lines(found)] == ["2026-03-10", "2026-03-24"]


def test_years_terms_and_school_years() -> None:
    """Longer periods are owed from the edition on: what was due before it is not its affair."""
    report = item("report", duties=(Duty(every="year", due=Due(month_day="01-31", of="next-year")),), period="year")
    plan = item("plan", duties=(Duty(every="year", due=Due(month_day="05-31", of="this-year")),), period="year")
    guide = item(
        "guide", duties=(Duty(every="school-year", due=Due(before="1d", of="term-start")),), period="school-year"
    )
    quarter = item("quarter", duties=(Duty(every="quarter", due=Due(within="10d", of="period-end")),), period="quarter")
    found = owed(snapshot([report, plan, guide, quarter]), day("2026-12-31"), horizon_days=60)

    assert [(o.item.slug, o.key, o.due.date.isoformat()) for o in found] == [
        ("quarter", "2026Q1", "2026-04-10"),
        ("plan", "2026", "2026-05-31"),
        ("quarter", "2026Q2", "2026-07-10"),
        ("guide", "2026-2027", "2026-08-30"),
        ("quarter", "2026Q3", "2026-10-10"),
        ("quarter", "2026Q4", "2027-01-10"),
        ("report", "2026", "2027-01-31"),
    ]


def test_a_duty_may_begin_later() -> None:
    """`since` keeps what arose before it out of the account."""
    late = item(duties=(Duty(every="month", due=Due(day=5, of="next-month"), since=day("2026-02-01")),), period="month")

    assert [o.key for o in owed(snapshot([late]), TODAY)] == ["2026-02"]


def test_an_event_item_may_owe_a_yearly_account() -> None:
    """Any posted record of the year pays what an item of events owes yearly."""
    donation = item("donation", duties=(Duty(every="year", due=Due(month_day="12-31", of="this-year")),))
    gift = record("donation", "2026-06-01", steps=steps("draft sign post", "2026-06-02"))

    assert lines(owed(snapshot([donation], [gift]), day("2026-12-30"))) == [("2026", "", "2026-12-31", "paid")]
    assert lines(owed(snapshot([donation]), day("2026-12-30"))) == [("2026", "", "2026-12-31", "soon")]


def test_each_edition_owes_what_arose_in_it() -> None:
    """A new edition changes what is owed from its day on, and nothing before."""
    earlier = item(duties=(Duty(every="month", due=Due(day=5, of="next-month")),), period="month")
    later = item(duties=(Duty(every="month", due=Due(day=15, of="next-month")),), period="month")
    base = snapshot([earlier])
    both = Snapshot(
        school=base.school,
        calendar=base.calendar,
        catalogues={
            **base.catalogues,
            day("2026-03-01"): Catalogue(edition=day("2026-03-01"), items={later.slug: later}, flows={"short": FLOW}),
        },
    )

    assert [(o.key, o.due.date.isoformat()) for o in owed(both, day("2026-04-20"))] == [
        ("2026-01", "2026-02-05"),
        ("2026-02", "2026-03-05"),
        ("2026-03", "2026-04-15"),
    ]


def test_events_under_way_are_listed_by_their_due_date() -> None:
    """A record of an event that is not posted yet is owed by its own deadline; posted and void ones are not."""
    spend = item("large-spend", duties=(Duty(due=Due(within="20wd", of="date")),))
    records = [
        record("large-spend", "2026-11-20", steps=steps("draft")),
        record("large-spend", "2026-10-20", steps=steps("draft sign")),
        record("large-spend", "2026-09-20", steps=steps("draft sign post")),
        record("large-spend", "2026-08-20", steps=steps("draft discard")),
    ]
    found = started(snapshot([spend], records), day("2026-11-23"))

    assert [(o.record_id, o.due.date.isoformat(), o.state, o.late_by) for o in found] == [
        ("large-spend-20261020", "2026-11-17", State.LATE, 4),
        ("large-spend-20261120", "2026-12-18", State.LATER, 0),
    ]
    school = snapshot([spend], records)
    young = replace(school, school=replace(school.school, owed_since=day("2026-12-01")))
    assert [o.record_id for o in started(young, day("2026-11-23"))] == ["large-spend-20261120"]
