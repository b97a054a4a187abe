"""When records are due, how late they are, and how long notices must hang."""

from __future__ import annotations

from typing import Any

import pytest

from schoolpub.errors import Level
from schoolpub.model.catalogue import Due, Duty, Field, Notice
from schoolpub.rules.clock.calendar import add
from schoolpub.rules.clock.deadlines import Deadline, NoticePeriod, due_of, lateness, notice_of, propose_end
from tests.rules.sample_calendar import CALENDAR, day
from tests.rules.sample_records import item, record, snapshot, steps

FIFTH = Duty(every="month", due=Due(day=5, of="next-month"))


def due(key: str, duty: Duty, **changes: Any) -> Deadline | None:
    """Return when a record of *key* is due by *duty*."""
    found = record(key=key, **changes)
    one = item(
        duties=(duty,),
        date_name="支付日期",
        fields={"opening": Field(key="opening", name="开标时间", type="datetime")},
    )
    return due_of(found, one, snapshot([one], [found]))


def within(count: str, of: str, **duty: Any) -> Duty:
    return Duty(due=Due(within=count, of=of), **duty)


@pytest.mark.parametrize(
    ("key", "duty", "expected", "why"),
    [
        ("2026-10", FIFTH, "2026-11-05", "次月5日前"),
        ("2026-12", FIFTH, "2027-01-05", "次月5日前"),
        ("2026-01", Duty(every="month", due=Due(day=31, of="next-month")), "2026-02-28", "次月31日前"),
        (
            "2026-11",
            Duty(every="month", due=Due(day=5, of="next-month", roll="next-workday")),
            "2026-12-07",
            "次月5日前，遇休息日顺延至2026年12月7日",
        ),
        ("2026Q3", Duty(every="quarter", due=Due(day=15, of="next-month")), "2026-10-15", "次月15日前"),
        ("2026-W44", Duty(every="week", due=Due(weekday=1, of="next-week")), "2026-11-02", "下周一前"),
        ("2026-W44", Duty(every="week", due=Due(weekday=5, of="this-week")), "2026-10-30", "当周五前"),
        (
            "2026-W44",
            Duty(every="week", due=Due(before="1wd", of="period-start")),
            "2026-10-23",
            "期初（2026年10月26日）的1个工作日前",
        ),
        ("2025", Duty(every="year", due=Due(month_day="01-31", of="next-year")), "2026-01-31", "次年1月31日前"),
        ("2026", Duty(every="year", due=Due(month_day="02-29", of="this-year")), "2026-02-28", "当年2月29日前"),
        (
            "2026-2027-1",
            within("10wd", "term-middle", every="term"),
            "2026-11-20",
            "自期中（2026年11月6日）起10个工作日内（起算日不计）",
        ),
        (
            "2025-2026-2",
            within("20wd", "term-end", every="term"),
            "2026-08-07",
            "自学期结束（2026年7月10日）起20个工作日内（起算日不计）",
        ),
        (
            "2026-2027",
            Duty(every="school-year", due=Due(before="1d", of="term-start")),
            "2026-08-30",
            "学期开始（2026年8月31日）的1日前",
        ),
        (
            "2026-11-20",
            within("20wd", "date"),
            "2026-12-18",
            "自支付日期（2026年11月20日）起20个工作日内（起算日不计）",
        ),
        (
            "2026-10-01",
            Duty(due=Due(before="2wd", of="opening")),
            "2026-09-29",
            "开标时间（2026年10月8日）的2个工作日前",
        ),
        ("2026-11-25", Duty(every="tuesday", due=Due(same_day=True)), "2026-11-24", "每周二当日"),
        (
            "2026-W19",
            Duty(every="tuesday", due=Due(same_day=True, roll="next-workday")),
            "2026-05-06",
            "每周二当日，遇休息日顺延至2026年5月6日",
        ),
    ],
)
def test_due_dates(key: str, duty: Duty, expected: str, why: str) -> None:
    """Each form of duty gives its day, and says in Chinese how."""
    found = due(key, duty, fields={"opening": "2026-10-08T09:30"})

    assert found is not None
    assert (found.date, found.why, found.provisional) == (day(expected), why, False)


def test_the_working_shows_each_day() -> None:
    """A deadline that was counted carries its counting, the rolling included."""
    found = due("2026-09-15", within("20wd", "date"))
    rolled = due("2026-09-20", Duty(due=Due(within="5d", of="date", roll="next-workday")))

    assert found is not None
    assert found.working == add(day("2026-09-15"), "20wd", CALENDAR)
    assert rolled is not None
    assert rolled.working is not None
    assert [(d.date.day, d.counts) for d in rolled.working.working] == [
        *[(20, False), (21, True), (22, True), (23, True), (24, True), (25, True)],
        *[(26, False), (27, False), (28, True)],
    ]


def test_half_terms_count_from_their_own_end() -> None:
    """The first half of a term ends in its middle, the second with the term."""
    duty = within("10wd", "period-end", every="half-term")

    assert [due("2026-2027-1", duty, part=part).date for part in ("mid", "end")] == [  # type: ignore[union-attr]
        day("2026-11-20"),
        day("2027-02-05"),
    ]


def test_a_term_not_entered_gives_a_provisional_date() -> None:
    """Before the school has entered a term, its dates are a guess and say so."""
    found = due("2030-2031-1", within("5d", "term-end", every="term"))

    assert found is not None
    assert (found.date, found.provisional) == (day("2031-02-05"), True)


def test_a_missing_date_gives_no_deadline() -> None:
    """A duty that counts from a field is silent until the field is filled."""
    duty = Duty(due=Due(before="2wd", of="opening"))

    assert due("2026-10-01", duty) is None
    assert due("2026-10-01", duty, fields={"opening": "soon"}) is None


def test_the_duty_of_the_part_counts() -> None:
    """Of several duties the one for the record's part and kind of period is taken; of equals the earliest."""
    one = item(
        duties=(
            within("10wd", "term-middle", every="term", part="mid"),
            within("10wd", "term-end", every="term", part="end"),
            within("5d", "period-end", every="year"),
        )
    )
    records = [record(key="2026-2027-1", part="mid"), record(key="2026-2027-1", part="end"), record(key="2025")]
    found = [due_of(r, one, snapshot([one])) for r in records]

    assert [d and d.date for d in found] == [day("2026-11-20"), day("2027-02-05"), day("2026-01-05")]


def test_the_date_shown_when_posted_stands() -> None:
    """What `post` wrote down wins; what today's calendar gives is kept beside it."""
    one = item(duties=(FIFTH,))
    posted = record(steps=steps("draft sign post", "2026-11-04", due="2026-11-09"))
    found = due_of(posted, one, snapshot([one], [posted]))

    assert found is not None
    assert (found.date, found.said, found.recomputed) == (day("2026-11-09"), day("2026-11-09"), day("2026-11-05"))
    same = record(steps=steps("draft sign post", "2026-11-04", due="2026-11-05"))
    again = due_of(same, one, snapshot([one], [same]))
    assert again is not None
    assert (again.date, again.recomputed) == (day("2026-11-05"), None)


@pytest.mark.parametrize(
    ("due_on", "done", "late"),
    [
        ("2026-11-05", "2026-11-05", 0),
        ("2026-11-05", "2026-11-01", 0),
        ("2026-11-05", "2026-11-06", 1),
        ("2026-09-30", "2026-10-08", 1),
        ("2026-09-30", "2026-10-01", 1),
        ("2026-09-30", "2026-10-10", 3),
    ],
)
def test_lateness(due_on: str, done: str, late: int) -> None:
    """Lateness counts working days; what is late is late by one at least."""
    assert lateness(day(due_on), day(done), CALENDAR) == late


def shown(first: str, last: str | None, *, days: str = "5wd", at_least: str = "", **more: Any) -> NoticePeriod:
    """Return the notice period of a record that prints *first* and *last*."""
    one = item(notice=Notice(days=days, range="shown", at_least=at_least, law=more.pop("law", "")))
    school = {"notice_counts_start_day": more.pop("counts", False)}
    found = record(key="2026-11-02", fields={"shown": {"from": first, "to": last}}, **more)
    notice = notice_of(found, one, snapshot([one], [found], **school))
    assert notice is not None
    return notice


def test_both_printed_ends_count() -> None:
    """Five working days from Monday to Friday are enough, over a holiday as well."""
    week = shown("2026-11-02", "2026-11-06")
    holiday = shown("2026-09-24", "2026-10-08")

    assert (week.counted, week.required, week.enough, week.earliest) == (5, 5, True, day("2026-11-06"))
    assert (holiday.counted, holiday.enough, holiday.earliest) == (5, True, day("2026-10-08"))
    assert week.rule == "公示期不少于5个工作日，首日和末日均计入"
    assert week.level is None


def test_one_day_short_is_an_error() -> None:
    """A range that is too short says how long it must be."""
    short = shown("2026-11-02", "2026-11-05", law="令40")

    assert (short.counted, short.enough, short.level) == (4, False, Level.ERROR)
    assert short.earliest == day("2026-11-06")
    assert short.rule == "公示期不少于5个工作日，首日和末日均计入。依据：令40"


@pytest.mark.parametrize(
    ("posted", "counts", "required", "earliest"),
    [
        ("2026-11-01", False, 5, "2026-11-06"),
        ("2026-11-02", False, 6, "2026-11-09"),
        ("2026-11-02", True, 5, "2026-11-06"),
        ("2026-11-03", False, 7, "2026-11-10"),
        ("2026-11-03", True, 6, "2026-11-09"),
    ],
)
def test_the_day_of_posting(posted: str, counts: bool, required: int, earliest: str) -> None:
    """The day of posting does not count unless the school says so, nor do the days before it hung."""
    notice = shown("2026-11-02", "2026-11-06", counts=counts, steps=steps("draft sign post", posted))

    assert (notice.counted, notice.required, notice.earliest) == (5, required, day(earliest))
    assert notice.enough is (required == 5)


def test_a_day_that_ends_at_noon_does_not_count() -> None:
    """An end before 17:00 leaves its day out."""
    noon = shown("2026-11-02T08:00", "2026-11-06T12:00")
    evening = shown("2026-11-02T08:00", "2026-11-06T17:00")

    assert (noon.counted, noon.enough) == (4, False)
    assert noon.rule == "公示期不少于5个工作日，首日和末日均计入；末日在17:00前截止，不计"
    assert noon.working is not None
    assert noon.working.working[-1].why == "未满一日，不计"
    assert (evening.counted, evening.enough) == (5, True)


def test_a_lesser_length_is_a_warning() -> None:
    """Between the lesser and the usual length the problem is a warning."""
    assert shown("2026-11-02", "2026-11-02", at_least="1wd").level is Level.WARNING
    assert shown("2026-11-01", "2026-11-01", at_least="1wd").level is Level.ERROR


def test_an_open_end_is_not_enough() -> None:
    """While the end is open the earliest lawful one is proposed."""
    notice = shown("2026-11-02", None, days="3d")

    assert (notice.last, notice.counted, notice.enough, notice.earliest) == (None, 0, False, day("2026-11-04"))


def test_two_fields_may_hold_the_ends() -> None:
    """An item may keep first and last day in fields of their own."""
    one = item(notice=Notice(days="5d", first="notice_from", last="notice_to"))
    found = record(key="2026-11-02", fields={"notice_from": "2026-11-02", "notice_to": "2026-11-06"})
    notice = notice_of(found, one, snapshot([one], [found]))

    assert notice is not None
    assert (notice.counted, notice.unit, notice.enough) == (5, "d", True)
    assert notice_of(record(key="2026-11-02"), one, snapshot([one])) is None
    assert notice_of(found, item(), snapshot([one])) is None


def test_proposed_ends() -> None:
    """The proposed end counts the first day when it is a working day."""
    assert propose_end(day("2026-09-24"), "5wd", CALENDAR).end == day("2026-10-08")
    assert propose_end(day("2026-11-07"), "5wd", CALENDAR).end == day("2026-11-13")
    assert propose_end(day("2026-11-07"), "3d", CALENDAR).end == day("2026-11-09")
