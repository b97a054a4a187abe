"""What a history is made of, as values: a commit as an act, the files it touched, and what was found wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from schoolpub.errors import Text
from schoolpub.model.record import Record, Step, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow

GRACE = timedelta(minutes=2)
"""How far the clocks of two machines may differ."""

DAY = timedelta(days=1)
"""How far a commit may lie before an earlier one: further, and a clock was wrong or somebody dated back."""

OPEN = frozenset(["draft", "returned", flow.NONE])
"""Statuses in which the body may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in the history that no permitted act explains."""

    code: str
    message: Text
    record: str = ""
    commit: str = ""
    """The commit; empty for what lies in the folder and is not committed."""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signature line of a record, as far as it can be judged without the register of keys."""

    step: int
    """Which step it follows, from 0; -1 where it stands above all."""
    person: str
    key: str = ""
    """The public key inside the signature: `ssh-ed25519 AAAA…`; empty where it cannot be read."""
    good: bool = False
    """Whether it is a signature by that key over all bytes above it, for this purpose."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A record's file as one commit left it."""

    id: str
    """The id in the file; where it cannot be read, the file's name."""
    file: str
    record: Record | None
    """None when the file cannot be read."""
    signatures: tuple[Signed, ...] = ()
    data: bytes = field(default=b"", repr=False, compare=False)
    why: Text | None = None
    """Why it cannot be read."""
    plain: bool = True
    """Whether it is a file with LF alone and no mark at its head."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its steps; none when it cannot be read."""
        return self.record.steps if self.record else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A record as it was before a commit, and after it."""

    file: str
    before: Version | None
    after: Version | None
    appended: bool = False
    """Whether everything below `steps:` stands as it was, byte for byte, and new entries follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """A file that is no record: its digest before and after; empty where there is none."""

    file: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A commit, and what it did."""

    commit: str
    parents: tuple[str, ...] = ()
    author: str = ""
    email: str = ""
    committer: str = ""
    committer_email: str = ""
    at: datetime
    recorded: datetime
    trailers: tuple[tuple[str, str], ...] = ()
    records: tuple[Touched, ...] = ()
    attachments: tuple[FileChange, ...] = ()
    policy: tuple[FileChange, ...] = ()
    strange: tuple[str, ...] = ()
    """Files that may not stand where they are, links, and programs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stood before a commit."""

    snapshot: Snapshot
    """The policy, without records."""
    founded: Mapping[str, Snapshot] = field(default_factory=dict)
    """Id of a record about policy → the policy before it was drafted, by which all its steps are judged."""
    versions: Mapping[str, Version] = field(default_factory=dict)
    """File → the record in it."""
    attachments: Mapping[str, str] = field(default_factory=dict)
    """File → its SHA-256, after the commit."""
    signatures: Mapping[str, str] = field(default_factory=dict)
    """Every signature seen so far → the record it was made for."""
    given: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """Series and year → the highest official number that was ever given."""
    latest: datetime | None = None
    """The time of the newest commit before it."""

    def as_stood(self, snapshot: Snapshot) -> Snapshot:
        """Return *snapshot*, a policy, with the records as they stood; those that cannot be read are left out."""
        records = {version.id: version.record for version in self.versions.values() if version.record is not None}
        return replace(snapshot, records=records)


def named_files(record: Record) -> dict[str, set[str]]:
    """Return the files that *record* names, with every digest that it gives for each."""
    found: dict[str, set[str]] = {}
    for attachment in record.attachments:
        found.setdefault(attachment.file, set()).add(attachment.sha256)
    for step in record.steps:
        for value in step.says.values():
            _named_in(value, found)
    return found


def _named_in(value: Tree, found: dict[str, set[str]]) -> None:
    if isinstance(value, list):
        for child in value:
            _named_in(child, found)
    elif isinstance(value, dict):
        file, digest = value.get("file"), value.get("sha256")
        if isinstance(file, str) and isinstance(digest, str):
            found.setdefault(file, set()).add(digest)
