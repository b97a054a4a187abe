"""What stands after a commit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import numbering
from schoolpub.rules.history.facts import Version

_EMPTY = Snapshot(school=School(name=""))


@dataclass(slots=True)
class State:
    """What stands after a commit."""

    blobs: dict[str, str] = field(default_factory=dict)
    """File → blob, of everything that is judged."""
    changed_by: dict[str, int] = field(default_factory=dict)
    """File → the commits that changed it last, as a bit for each place: those beside each other that made the same."""
    versions: dict[str, Version] = field(default_factory=dict)
    attachments: dict[str, str] = field(default_factory=dict)
    policy: dict[str, str] = field(default_factory=dict)
    founded: dict[str, Snapshot] = field(default_factory=dict)
    given: dict[tuple[str, int], int] = field(default_factory=dict)
    """Series and year → the highest official number that was given."""
    snapshot: Snapshot = _EMPTY
    latest: datetime | None = None

    def copy(self) -> State:
        """Return a state that goes its own way."""
        return replace(
            self,
            blobs=dict(self.blobs), changed_by=dict(self.changed_by), versions=dict(self.versions),
            attachments=dict(self.attachments), policy=dict(self.policy), founded=dict(self.founded),
            given=dict(self.given),
        )  # fmt: skip

    def stand(self, file: str, version: Version) -> None:
        """Let *version* stand in *file*."""
        self.versions[file] = version
        for number, _ in numbering.numbers(version.record) if version.record else ():
            if parsed := numbering.parse_number(number):
                self.given[parsed[:2]] = max(self.given.get(parsed[:2], 0), parsed[2])
