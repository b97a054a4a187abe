"""The policy by which a step is judged: the adopted one; of a change of policy that of before it.

Nobody agrees to their own rise, and nobody acts by what they wrote into the folder and nobody adopted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from schoolpub.cli.session import Session
from schoolpub.errors import StepRefused, say
from schoolpub.model.record import Record, Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import acts, numbering
from schoolpub.rules.history.policy import ITEM
from schoolpub.store.files.layout import PEOPLE
from schoolpub.store.files.people_file import read_people
from schoolpub.store.yaml import strict_yaml


def policy_for(session: Session, record: Record) -> Snapshot:
    """Return the policy for a step on *record*: of a change of policy the posts as they were before it.

    An item that was never adopted goes by what the folder says of it.
    """
    adopted = session.adopted
    if record.item != ITEM:
        return adopted if adopted.flow(record) else replace(session.snapshot, people=adopted.people)
    past = session.ledger.log(record.file)
    if not past or not past[-1].parents:
        return adopted
    data = session.ledger.contents([f"{past[-1].parents[0]}:{PEOPLE}"])[0]
    people, _ = read_people(strict_yaml.parse(data or b"", PEOPLE)[0], PEOPLE)
    return replace(adopted, people=people) if people else adopted


def permitted(
    session: Session, record: Record, name: str, deed: acts.Act, numbered: Collection[str], *, emergency: bool
) -> Step:
    """Return the step *name* as the adopted policy permits it; what lies edited in the folder may refuse it as well."""
    if name == numbering.MERGED:
        raise StepRefused(
            say("{id}: this step decides between two offices that both worked on a record.", id=record.id),
            fix=say("`schoolpub sync` takes it where that has happened"),
        )
    policy = policy_for(session, record)
    if record.item == ITEM or policy is session.snapshot:
        return acts.take(policy, record, name, deed, numbered=numbered, emergency=emergency)
    acts.take(session.snapshot, record, name, deed, numbered=numbered, emergency=emergency)
    try:
        return acts.take(policy, record, name, deed, numbered=numbered, emergency=emergency)
    except StepRefused as stop:
        raise StepRefused(
            stop.message,
            fix=say("what lies edited under records/ counts from `schoolpub adopt` on: adopt it, or take it back"),
        ) from None
