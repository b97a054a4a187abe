"""Reports (举报): what is said of them stays out of history, in their steps too."""

from __future__ import annotations

from collections.abc import Mapping

from schoolpub.errors import StepRefused, say
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot

_FREE = ("reply", "opinion", "remark", "question", "answer")
"""What a step may say in free words."""


def nothing_of_a_report(snapshot: Snapshot, record: Record, says: Mapping[str, Tree]) -> None:
    """Raise StepRefused when a step on a report says something in free words: git would keep it for ever."""
    item = snapshot.item(record)
    told = [key for key in _FREE if says.get(key)]
    if item is not None and item.ledger == "feedback" and item.privacy == "restricted" and told:
        raise StepRefused(
            say("{id}: what is said of a report would stay in history for ever.", id=record.id),
            fix=say("leave out {keys}; the result alone is recorded", keys="、".join(told)),
        )
