"""Which classes had a parents' meeting in a term: by class, by grade, by the whole school; and which had none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from schoolpub.model.calendar import Calendar, Term
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.ledgers.hearings import class_meetings
from schoolpub.views.ledgers import class_meetings as shown
from tests.rules import sample_things as things

TERM = Term(id="2026-2027-1", name="第一学期", first=date(2026, 8, 31), last=date(2027, 1, 22))
CLASSES = tuple(f"{grade}年级{number}班" for grade in "一二三四五六" for number in (1, 2, 3, 4))
WEEK_18 = date(2026, 12, 30)


def meeting(scope: list[str], day: date, letters: str, **fields: str) -> object:
    held = {"kind": "家长会", "scope": scope, **fields}
    return things.record(held, item="hearing", id=f"hearing-{day:%Y%m%d}-{letters}", date=day)


def school(*records: object) -> Snapshot:
    where = replace(things.SCHOOL, classes=CLASSES)
    return things.snapshot(things.shipped(), records, school=where, calendar=Calendar(terms=(TERM,)))  # type: ignore[arg-type]


def test_two_of_twenty_four_classes_are_listed() -> None:
    """Grades stand for their classes; what lies outside the term, or is no parents' meeting, does not count."""
    snapshot = school(
        meeting(["一年级", "二年级", "三年级", "四年级"], date(2026, 9, 18), "aaaa"),
        meeting(["五年级1班", "五年级2班", "五年级3班", "六年级1班", "六年级2班", "六年级3班"], date(2026, 11, 6), "bbbb"),
        meeting(["六年级4班"], date(2026, 8, 20), "cccc"),
        meeting(["五年级4班"], date(2026, 11, 9), "dddd", kind="座谈会"),
    )

    assert [one.name for one in class_meetings(snapshot, TERM) if not one.meetings] == ["五年级4班", "六年级4班"]
    assert shown.lines(snapshot, WEEK_18, 2026) == [
        "家长会　第一学期：24 个班，已开 22 个班；未开 2 个班：五年级4班、六年级4班"
    ]
    assert {row["class"]: row["meetings"] for row in shown.rows(snapshot, WEEK_18, 2026)}["一年级1班"] == 1


def test_nothing_is_told_of_terms_before_the_school_began_here() -> None:
    """A school that keeps records since January owes nothing for the term before."""
    snapshot = school()
    later = replace(snapshot, school=replace(snapshot.school, owed_since=date(2027, 2, 1)))

    assert shown.lines(snapshot, WEEK_18, 2026) == ["家长会　第一学期：24 个班，都还没有登记。"]
    assert shown.lines(later, WEEK_18, 2026) == []
