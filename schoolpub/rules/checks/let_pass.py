"""Findings of personal data that a person let pass: who, why and until when stand in `school.yaml`.

The finding stays visible as a warning, and stops again after its last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from schoolpub.errors import Level, Problem, say
from schoolpub.model.school import PrivacyWaiver, School


def let_pass(problems: Iterable[Problem], school: School, today: date) -> Iterator[Problem]:
    """Yield the *problems*; errors about persons that a waiver names are warnings until its last day."""
    held = {(one.record, one.kind, one.value): one for one in school.privacy_waivers if one.until >= today}
    for problem in problems:
        one = held.get(_named(problem)) if problem.level is Level.ERROR else None
        yield _passed(problem, one) if one else problem


def in_force(school: School, today: date) -> list[PrivacyWaiver]:
    """Return what lets a finding pass on *today*."""
    return [one for one in school.privacy_waivers if one.until >= today]


def _named(problem: Problem) -> tuple[str, str, str]:
    told = problem.message.values
    value = str(told.get("masked") or told.get("head") or "")
    kind = problem.code.removeprefix("personal-") if problem.code.startswith("personal-") else ""
    return problem.record or _of_file(problem.file), kind, value


def _of_file(file: str) -> str:
    """Return the record that the *file* is, or to which it is attached."""
    parts = file.split("/")
    return parts[2] if parts[:2] == ["records", "attachments"] and len(parts) > 3 else parts[-1].removesuffix(".yaml")


def _passed(problem: Problem, one: PrivacyWaiver) -> Problem:
    message = say(
        "{value} was let pass by {who} until {until}: {why}", value=one.value, who=one.by, until=one.until, why=one.why
    )
    return replace(problem, level=Level.WARNING, message=message, fix=say("mask it before that day"))
