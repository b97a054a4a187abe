"""A finding that somebody let pass: shown as a warning until its day, then stopped again."""

from __future__ import annotations

from datetime import date

import pytest

from schoolpub.errors import Level, Problem, say
from schoolpub.model.school import School
from schoolpub.rules.checks.let_pass import in_force, let_pass
from schoolpub.store.files.school_file import read_school

WAIVER = {
    "record": "good-news-20261103", "kind": "phone", "value": "138****0001", "why": "本人同意",
    "by": "信息保护员", "until": "2026-12-31",
}  # fmt: skip


def school(**changes: str) -> School:
    """A school with one waiver."""
    found, problems = read_school(
        {"name": "示例学校", "privacy-waivers": [{**WAIVER, **changes}]}, "records/school.yaml"
    )
    assert found is not None and not problems
    return found


def problem(**changes: object) -> Problem:
    """What the look-out says of a mobile number."""
    told = say("There is {masked}", masked=changes.pop("masked", "138****0001"))
    return Problem(**{"code": "personal-phone", "message": told, "record": "good-news-20261103", **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "day", "level"),
    [
        (problem(), date(2026, 12, 31), Level.WARNING),
        (problem(), date(2027, 1, 1), Level.ERROR),
        (problem(masked="139****0001"), date(2026, 11, 3), Level.ERROR),
        (problem(record="good-news-20261104"), date(2026, 11, 3), Level.ERROR),
        (problem(code="personal-id"), date(2026, 11, 3), Level.ERROR),
        (problem(record="", file="records/attachments/good-news-20261103/a.txt"), date(2026, 11, 3), Level.WARNING),
        (problem(record="", file="records/disclosures/2026/good-news-20261103.yaml"), date(2026, 11, 3), Level.WARNING),
    ],
)
def test_one_finding_passes_until_its_day(found, day, level):
    """Only this kind and value in this record."""
    assert [one.level for one in let_pass([found], school(), day)] == [level]


def test_what_is_in_force_is_counted():
    """The public site says how many."""
    assert len(in_force(school(), date(2026, 12, 31))) == 1
    assert not in_force(school(), date(2027, 1, 1))


@pytest.mark.parametrize("key", sorted(WAIVER))
def test_nothing_may_be_left_out(key):
    """Who, why and until when belong to it."""
    told = {k: v for k, v in WAIVER.items() if k != key}
    found, problems = read_school({"name": "示例学校", "privacy-waivers": [told]}, "records/school.yaml")
    assert found is None and problems
