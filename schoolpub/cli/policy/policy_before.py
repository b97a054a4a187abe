"""The policy by which a step is judged: the adopted one; of a change of policy that of before it.

Nobody agrees to their own rise, and nobody acts by what they wrote into the folder and nobody adopted.
"""

from __future__ import annotations

from dataclasses import replace

from schoolpub.cli.session import Session
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
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
    acts = session.ledger.log(record.file)
    if not acts or not acts[-1].parents:
        return adopted
    data = session.ledger.contents([f"{acts[-1].parents[0]}:{PEOPLE}"])[0]
    people, _ = read_people(strict_yaml.parse(data or b"", PEOPLE)[0], PEOPLE)
    return replace(adopted, people=people) if people else adopted
