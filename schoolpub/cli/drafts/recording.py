"""A draft becomes a record: its first step, its id, its private file, its commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from schoolpub.cli import console
from schoolpub.cli.acts import personal, taking
from schoolpub.cli.drafts import drafting
from schoolpub.cli.session import Session
from schoolpub.model.record import Record, Tree
from schoolpub.rules.chain import acts, authority, flow
from schoolpub.rules.ledgers.receipts import next_receipt
from schoolpub.store.files import private


@dataclass(frozen=True, slots=True)
class Drafted:
    """A record that was drafted, its commit, and what is to be mended before it is submitted."""

    record: Record
    commit: str
    notes: list[str]


Linked = Callable[[Record], Sequence[taking.Taken]]
"""From the new record to the steps that other records take with it, in the same act."""


def record(session: Session, draft: drafting.Draft, linked: Linked | None = None, /, **says: Tree) -> Drafted:
    """Write *draft*, and what is *linked* with it, as one commit; *says* goes into its first step."""
    with session.acting():
        deed = taking.act(session, **says)
        line = next(s for s in draft.catalogue.flows[draft.item.flow].steps if flow.NONE in s.sources)
        department = str(draft.head.get("department") or draft.item.department)
        appointment = authority.entitlement(session.adopted.people, deed.by, line, department, session.moment.today)
        if appointment is None:
            raise drafting.not_a_drafter(session.snapshot, deed, department, line.by)
        if "receipt" in line.gives:
            number = next_receipt(session.snapshot, draft.item, session.moment.today.year)
            deed = replace(deed, says={**deed.says, "receipt": number})
        step = acts.first_step(line, appointment, deed)
        made, text = drafting.compose(session, draft, step)
        later = drafting.judge(session, draft, made)
        for file in draft.enclosed:
            personal.refuse_inside(session, made, file)
        files = {**taking.evidence(made, *draft.enclosed, named=True).files, **draft.beside}
        taken = taking.Taken(record=made, steps=made.steps, text=text, before=None, files=files)
        with private.keeping(session.root, made.id, draft.private_text):
            commit = taking.commit(session, [taken, *(linked(made) if linked else ())])
    return Drafted(made, commit, [console.problem_line(p) for p in drafting.warnings_as_notes(later)])
