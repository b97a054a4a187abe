"""Changing the register of people: shown, agreed to by a second person, recorded as a change of policy."""

from __future__ import annotations

from schoolpub.cli import console
from schoolpub.cli.policy import adopting
from schoolpub.cli.session import Session
from schoolpub.errors import ProblemsFound, SchoolpubError, errors, say
from schoolpub.model.people import Appointment
from schoolpub.rules.checks.registers import groups_are_disjoint
from schoolpub.store.files import policy
from schoolpub.store.files.layout import PEOPLE


def register(session: Session) -> bytes:
    """Return the register as git has it; refuse while somebody has edited it by hand."""
    recorded = policy.recorded(session.ledger).get(PEOPLE)
    if recorded is None or session.workspace.data(PEOPLE) != recorded:
        raise SchoolpubError(
            say("records/people.yaml was edited by hand and not adopted yet."),
            fix=say("`schoolpub adopt records/people.yaml --reason …` first"),
        )
    return recorded


def change(
    session: Session,
    data: bytes,
    *,
    subject: str,
    reason: str,
    agreed: str,
    yes: bool,
    quiet: bool,
) -> str:
    """Let the register be *data* from now on; return the commit's id."""
    before = policy.recorded(session.ledger)
    old, _ = policy.snapshot_with(session.snapshot, before)
    new, found = policy.snapshot_with(session.snapshot, {**before, PEOPLE: data})
    already = [str(problem.message) for problem in groups_are_disjoint(old)]
    found += [problem for problem in groups_are_disjoint(new) if str(problem.message) not in already]
    if errors(found):
        raise ProblemsFound(errors(found))
    second = adopting.seconded(session, agreed)
    if not quiet:
        was = before[PEOPLE].decode("utf-8").splitlines()
        for line in data.decode("utf-8").splitlines():
            if line not in was:
                console.out(f"  + {line.strip()}")
    moved = adopting.preview(old, new, session, quiet=True)
    adopting.confirm(yes)
    return adopting.commit(
        session, {PEOPLE: data}, {PEOPLE: before[PEOPLE]},
        subject=subject, reason=reason, second=second, found=moved, before=old, after=new,
    )  # fmt: skip


def post(session: Session, person: str, role: str, department: str = "", body: str = "") -> Appointment:
    """Return the open appointment of *person* that is meant; refuse where none or several are."""
    held = [
        a
        for a in session.snapshot.people.appointments
        if a.person == person and a.until is None and a.answers_to(role)
        and (not department or a.department == department) and (not body or a.body == body)
    ]  # fmt: skip
    if len(held) != 1:
        all_held = [a for a in session.snapshot.people.appointments if a.person == person and a.until is None]
        raise SchoolpubError(
            say("{person} holds {count} posts that “{role}” could mean.", role=role, count=len(held),
                person=session.snapshot.people.name(person)),
            fix=say("open posts: {posts}; add --department or --body", posts="、".join(map(words, all_held)) or "-"),
        )  # fmt: skip
    return held[0]


def words(appointment: Appointment) -> str:
    """Return an appointment in words: 总务处填报人, 监督小组组长."""
    return f"{appointment.body or appointment.department}{appointment.role}"
