"""The list of a handover (移交清单): posts, unfinished records and what falls due, for both to sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from schoolpub.model.people import Appointment
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.views import formats
from schoolpub.views.clock import todo

HORIZON = 60
"""Days ahead for which the list tells what falls due."""


def value(
    snapshot: Snapshot, giver: str, taker: str, first: date, posts: Sequence[Appointment], today: date, keys: int
) -> dict[str, Any]:
    """Return what the list shows of the handover from *giver* to *taker*, who begins on *first*."""
    people = snapshot.people
    tasks = todo.for_person(todo.tasks(snapshot, today, horizon_days=HORIZON), giver)
    return {
        "plain_title": "校务公开工作移交清单",
        "school": snapshot.school.name,
        "marks": ["示例"] if snapshot.school.sample else [],
        "giver": people.name(giver),
        "taker": people.name(taker),
        "day": formats.day(first),
        "posts": [[f"{a.body or a.department}{a.role}", a.since.isoformat(), first.isoformat()] for a in posts],
        "drafts": [list(row) for row in drafts(snapshot, giver)],
        "tasks": [[task.what, task.due.isoformat() if task.due else "", task.note] for task in tasks],
        "keys": keys,
    }


def drafts(snapshot: Snapshot, person: str) -> list[tuple[str, str, str]]:
    """Return what *person* drafted and what is not finished: id, title, status."""
    found = []
    for record in snapshot.records.values():
        status = flow.status(snapshot, record)
        catalogue = snapshot.catalogues.get(record.catalogue)
        unfinished = status in ("draft", "returned")
        if unfinished and record.steps and record.steps[0].by == person and catalogue:
            found.append((record.id, record.title, catalogue.statuses.get(status, status)))
    return found
