"""What an act may build upon: posts that were adopted, steps that acts recorded, numbers that can all be seen.

A line that somebody wrote below `steps:` by hand is no act; the next command must not carry it into the history.
"""

from __future__ import annotations

from schoolpub.cli.session import Session
from schoolpub.errors import ProblemsFound, SchoolpubError, StepRefused, errors, say
from schoolpub.model.record import Record
from schoolpub.rules.chain import flow
from schoolpub.store.files import record_file
from schoolpub.store.git import placing

_BY_HAND = frozenset(["draft", "returned", flow.NONE])
"""Statuses in which a file may come into the history that no command made."""


def in_office(session: Session) -> None:
    """Refuse whoever holds no post today, or acts for another, by the policy that was adopted."""
    adopted = session.adopted
    typist = session.typist or session.actor
    if next(adopted.people.held(typist, session.moment.today), None) is None:
        raise SchoolpubError(
            say("{person} holds no post today, so can record nothing.", person=adopted.people.name(typist)),
            fix=say("have somebody in office do it; an appointment in people.yaml counts from `schoolpub adopt` on"),
        )
    if typist != session.actor and not adopted.school.shared_machine:
        raise SchoolpubError(
            say("`shared-machine: yes` was written into records/school.yaml and not adopted."),
            fix=say("`schoolpub adopt records/school.yaml --reason …` first"),
        )


def steps_are_recorded(session: Session, record: Record) -> None:
    """Raise StepRefused when the steps in the file of *record* are not those that its last act left."""
    head = session.ledger.head()
    known = session.ledger.contents([f"{head}:{record.file}"])[0] if head else None
    if known is None:
        if flow.status(session.snapshot, record) in _BY_HAND:
            return
        raise StepRefused(
            say("{id}: no act made this file, and yet it says that it was submitted.", id=record.id),
            fix=say("make records with `schoolpub add`; leave only the first step below `steps:`"),
        )
    before, _problems = record_file.read_record(known, record.file)
    if before is None or before.steps == record.steps:
        return
    added = len(record.steps) > len(before.steps) and record.steps[: len(before.steps)] == before.steps
    raise StepRefused(
        say("{id}: somebody added steps by hand in {file}.", id=record.id, file=record.file)
        if added
        else say("{id}: somebody changed the steps by hand in {file}.", id=record.id, file=record.file),
        fix=say("bring the lines below `steps:` back as they were: `git diff {file}` shows them", file=record.file),
    )


def no_number_is_hidden(session: Session) -> None:
    """Raise ProblemsFound when a record that cannot be read may bear a number, which would be given again."""
    for problem in errors(session.snapshot.problems):
        if not session.mistakes_in(problem.file.rpartition("/")[2].removesuffix(".yaml")):
            continue
        data = placing.read(session.workspace.path(problem.file))
        if data is not None and b"number:" in data:
            raise ProblemsFound(
                [problem],
                say("A number cannot be given: {file} bears one and cannot be read.", file=problem.file),
            )
