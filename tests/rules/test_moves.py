"""A changed calendar or catalogue: exactly which dates move, and what stands."""

from __future__ import annotations

from dataclasses import replace

from schoolpub.model.calendar import Calendar, Term, YearTable
from schoolpub.model.catalogue import Due, Duty, Field, Notice
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.deadlines import due_of
from schoolpub.rules.clock.moves import Move, moves
from tests.rules.sample_calendar import CALENDAR, day
from tests.rules.sample_chain import posted, record, snapshot, step
from tests.rules.sample_records import EDITION, item

FIFTH = Due(day=5, of="next-month", roll="next-workday")
MONTHLY = item("monthly", duties=(Duty(every="month", due=FIFTH),), period="month")
TERMLY = item("termly", duties=(Duty(every="term", due=Due(within="10wd", of="term-end")),), period="term")
EVENT = item("event", duties=(Duty(due=Due(within="5wd", of="date")),))
NOTICE = item(
    "list",
    notice=Notice(days="5wd", first="from", last="to"),
    fields={key: Field(key=key, name=key, type="date") for key in ("from", "to")},
)
NEXT = YearTable(
    year=2027,
    holidays={day(f"2027-01-0{n}"): "元旦" for n in (1, 2, 3)} | {day("2027-01-05"): "假日"},
    workdays={day("2027-01-09"): "元旦"},
)
TODAY = day("2026-12-30")


def entered(before: Snapshot) -> Snapshot:
    """Return *before* with the table of 2027."""
    years = {**before.calendar.years, 2027: NEXT}
    return replace(before, calendar=replace(before.calendar, years=years))


def hung(on: str, first: str, last: str) -> Record:
    """Return a notice that was posted on the day *on*."""
    return record("list", on, fields={"from": first, "to": last}, steps=posted(on))


def lines(found: tuple[Move, ...]) -> list[tuple[str, str, str, str, str]]:
    return [
        (m.kind, m.item.slug, m.record_id or (m.period.text if m.period else str(m.day)), str(m.before), str(m.after))
        for m in found
    ]


def test_a_new_year_moves_what_counts_with_it() -> None:
    """Only dates that come out differently are listed; the others are no longer provisional, and that is counted."""
    begun = record("event", "2026-12-30", steps=(step("draft", "2026-12-30"),))
    hanging = hung("2026-12-28", "2026-12-29", "2027-01-05")
    before = snapshot([MONTHLY, TERMLY, EVENT, NOTICE], [begun, hanging])
    found = moves(before, entered(before), TODAY)

    assert lines(found.moved) == [
        ("due", "monthly", "2026-12", "2027-01-05", "2027-01-06"),
        ("due", "event", begun.id, "2027-01-06", "2027-01-08"),
        ("notice", "list", hanging.id, "2027-01-04", "2027-01-06"),
    ]
    assert found.settled > 0
    assert found.unsettled == 0


def test_nothing_moves_when_nothing_changes() -> None:
    """The same policy on both sides gives no move at all."""
    school = snapshot([MONTHLY, TERMLY])

    assert moves(school, school, TODAY) == moves(school, snapshot([MONTHLY, TERMLY]), TODAY)
    assert moves(school, school, TODAY).moved == ()


def test_a_term_that_moves_takes_its_dates_along() -> None:
    """Terms, too, are part of the calendar."""
    terms = tuple(replace(t, last=day("2027-01-15")) if t.id == "2026-2027-1" else t for t in CALENDAR.terms)
    before = snapshot([TERMLY])
    after = replace(before, calendar=replace(before.calendar, terms=terms))

    assert ("due", "termly", "2026-2027-1", "2027-02-05", "2027-01-29") in lines(moves(before, after, TODAY).moved)


def test_duties_come_and_go_with_the_catalogue() -> None:
    """What is asked for anew has no date before, and what is no longer asked for none after."""
    both, one = snapshot([MONTHLY, EVENT]), snapshot([EVENT])
    appear = lines(moves(one, both, day("2026-01-10")).moved)
    vanish = lines(moves(both, one, day("2026-01-10")).moved)

    assert appear[0] == ("due", "monthly", "2026-01", "None", "2026-02-05")
    assert vanish[0] == ("due", "monthly", "2026-01", "2026-02-05", "None")
    assert len(appear) == len(vanish)


def test_what_was_posted_keeps_the_date_that_it_showed() -> None:
    """A posted record's date stands; the new table's date is told beside it, and it is no open date that moves."""
    done = record("monthly", "2026-12", steps=posted("2026-12-30", due="2027-01-05"))
    before = snapshot([MONTHLY], [done])
    after = entered(before)
    due = due_of(done, MONTHLY, after)

    assert due is not None
    assert (due.date, due.said, due.recomputed) == (day("2027-01-05"), day("2027-01-05"), day("2027-01-06"))
    assert ("stands", "monthly", done.id, "2027-01-05", "2027-01-06") in lines(moves(before, after, TODAY).moved)
    assert not [m for m in moves(before, after, TODAY).moved if m.kind == "due" and m.record_id == done.id]


def test_a_running_notice_may_have_to_hang_longer() -> None:
    """The earliest lawful end of a notice that still runs is one of the dates that move."""
    hanging, over = hung("2026-12-28", "2026-12-29", "2027-01-06"), hung("2026-11-02", "2026-11-03", "2026-11-09")
    before = snapshot([NOTICE], [hanging, over])
    found = lines(moves(before, entered(before), TODAY).moved)

    assert found == [("notice", "list", hanging.id, "2027-01-04", "2027-01-06")]


def test_a_new_edition_moves_only_what_arises_in_it() -> None:
    """Months before the new edition keep the old day."""
    later = replace(MONTHLY, duties=(Duty(every="month", due=Due(day=10, of="next-month")),))
    before = snapshot([MONTHLY])
    edition = replace(before.catalogues[EDITION], edition=day("2027-03-01"), items={"monthly": later})
    after = replace(before, catalogues={**before.catalogues, day("2027-03-01"): edition})
    found = lines(moves(before, after, day("2027-01-10")).moved)

    assert found[0] == ("due", "monthly", "2027-03", "2027-04-05", "2027-04-10")
    assert all(key >= "2027-03" for _, _, key, _, _ in found)


def test_calendar_without_terms() -> None:
    """A school that has entered no terms yet can still enter a year."""
    before = snapshot([MONTHLY], calendar=Calendar(years=CALENDAR.years))
    after = replace(before, calendar=Calendar(years=CALENDAR.years, terms=(
        Term(id="2026-2027-2", name="", first=day("2027-02-22"), last=day("2027-07-09")),)))  # fmt: skip

    assert moves(before, after, TODAY).moved == ()
