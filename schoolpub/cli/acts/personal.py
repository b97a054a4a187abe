"""Personal data is stopped inside the act, before the commit: history never forgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from schoolpub.cli import console
from schoolpub.cli.session import Session
from schoolpub.errors import Problem, ProblemsFound, errors, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.values import read_values

if TYPE_CHECKING:
    from schoolpub.store.attachments import Cleaned

_PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def refuse(session: Session, record: Record, text: bytes, *, steps_only: bool) -> None:
    """Raise ProblemsFound when the record, or a comment in its file, holds personal data: history never forgets.

    With *steps_only* the body was judged just before.
    """
    from schoolpub.rules.checks.privacy import personal_data, raw_text
    from schoolpub.rules.privacy import declared_of

    item = None if steps_only else session.snapshot.item(record)
    if steps_only:
        record = replace(record, title="", summary="", body={}, fields={}, attachments=())

    def look(policy: Snapshot) -> Iterator[Problem]:
        declared = declared_of(policy.school, policy.people)
        yield from personal_data(record, policy)
        yield from raw_text(text, declared, record.file, comments_only=True)
        if item is not None:
            reading = read_values(record, item, policy.school)
            yield from (problem for problem in reading.problems if problem.code == "restricted-in-record")

    if found := _stopped(session, look):
        raise ProblemsFound(session.workspace.locate(found))


def _stopped(session: Session, look: Callable[[Snapshot], Iterator[Problem]]) -> list[Problem]:
    """Return what *look* finds of persons under the adopted policy: what the folder alone lets pass passes nobody."""
    from schoolpub.rules.checks.let_pass import let_pass

    def stopping(policy: Snapshot) -> list[Problem]:
        return errors(let_pass(look(policy), policy.school, session.moment.today))

    adopted = session.adopted
    found = stopping(adopted)
    if not found or adopted is session.snapshot:
        return found
    anyhow = stopping(session.snapshot)
    fix = say("what lies edited under records/ counts from `schoolpub adopt` on: adopt it, or take it back")
    return [problem if problem in anyhow else replace(problem, fix=fix) for problem in found]


def refuse_inside(session: Session, record: Record, file: Cleaned) -> None:
    """Raise ProblemsFound when the readable text of a file holds personal data."""
    from schoolpub.rules.checks.privacy import inside
    from schoolpub.store.attachments import reading

    told = reading(file.data, file.name)
    if found := _stopped(session, lambda policy: inside(told.text, file.name, record, policy)):
        raise ProblemsFound(found)
    if not told.whole and not file.name.lower().endswith(_PICTURES):
        console.note(
            say("{file}: no text could be read in it, so it was not checked for personal data.", file=file.name)
        )
