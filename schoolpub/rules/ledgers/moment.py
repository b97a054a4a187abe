"""The moment of a step: everything that a judgement of it may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schoolpub.model.record import Record, Tree, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A step that is about to be taken on a record."""

    snapshot: Snapshot
    record: Record
    played: flow.Replay
    says: Mapping[str, Tree]
    """What the step will say."""
    day: date

    def said(self, key: str) -> str:
        """Return the text that the step will say under *key*, or nothing."""
        value = self.says.get(key)
        return value.strip() if isinstance(value, str) else ""

    def named(self, key: str) -> Record | None:
        """Return the record whose id the step will say under *key*."""
        wanted = self.said(key)
        return self.snapshot.records.get(wanted) or editions.current(self.snapshot, base_id(wanted)) if wanted else None

    def status_of(self, record: Record) -> str:
        """Return the status of another record."""
        return flow.status(self.snapshot, record)

    def index(self, *names: str) -> int:
        """Return the place of the last step called one of *names*, -1 when there is none."""
        taken = self.played.taken
        return next((i for i in reversed(range(len(taken))) if taken[i].step.step in names), -1)
