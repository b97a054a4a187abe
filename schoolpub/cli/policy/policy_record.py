"""The record that names a change of policy: which files, by their digests; one proposes it, another agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schoolpub.cli.acts import signing, taking
from schoolpub.cli.drafts import drafting
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record, Step, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import acts, authority, flow
from schoolpub.rules.history.policy import GONE, ITEM
from schoolpub.store.files import record_file


@dataclass(frozen=True, slots=True)
class Named:
    """A record about a change of policy, with its text."""

    record: Record
    text: bytes
    agreed: bool


def name(
    session: Session,
    before: Snapshot,
    changes: Mapping[str, bytes | None],
    *,
    subject: str,
    reason: str,
    second: str,
) -> Named | None:
    """Return the record that names *changes*, judged by the policy *before*; None where that knows no such record."""
    catalogue = before.in_force(session.moment.today)
    item = catalogue.items.get(ITEM) if catalogue else None
    if catalogue is None or item is None:
        return None
    own_flow = catalogue.flows[item.flow]
    draft = drafting.Draft(item, catalogue)
    draft.head |= {"title": subject, "date": session.moment.today.isoformat()}
    draft.head |= {"department": item.department, "audience": item.audience}
    rows: list[Tree] = [
        {"file": file, "sha256": taking.digest_of(data) if data is not None else GONE} for file, data in changes.items()
    ]
    draft.fields |= {"reason": reason or subject, "files": rows}
    line = next(step for step in own_flow.steps if flow.NONE in step.sources)
    deed = taking.act(session)
    appointment = authority.entitlement(before.people, deed.by, line, item.department, session.moment.today)
    if appointment is None:
        raise SchoolpubError(
            say("{person} holds no post today, so cannot change policy.", person=before.people.name(deed.by)),
            fix=say("have somebody in office do it"),
        )
    step = acts.first_step(line, appointment, deed)
    record, text = drafting.compose(session, draft, step)
    text = signing.signed(before, record, (step,), text)
    steps: list[Step] = [step]
    if second and _may_type_for(session, before, second):
        agree = next(line for line in own_flow.steps if line.approves)
        step = acts.take(before, record, agree.step, taking.act_for(session, second))
        text = signing.signed(before, record, (step,), record_file.append(text, [step]))
        steps.append(step)
    record = replace(record, steps=tuple(steps))
    return Named(record, text, len(steps) > 1)


def _may_type_for(session: Session, before: Snapshot, second: str) -> bool:
    """Return whether the agreement of *second* can be recorded at this keyboard: only on a shared office machine."""
    return before.school.shared_machine or second == session.typist
