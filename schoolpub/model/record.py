"""A record: a body of text, and the steps appended to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias

from schoolpub.model.period import Period

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"
"""YAML as it was written: every scalar is text, empty is None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An act on a record by a person at a moment."""

    step: str
    by: str
    role: str
    at: datetime
    """When it was recorded, always +08:00."""
    via: str = ""
    """Who typed it, when it was not the person themselves."""
    on: date | None = None
    """The date written on the paper."""
    content: str = ""
    """The digest of the body that the step is bound to."""
    says: Mapping[str, Tree] = field(default_factory=dict)
    """Everything else the step wrote down: number, after, due, reason, channel, evidence …"""

    @property
    def day(self) -> date:
        """The day the act counts for: the paper's, else the clock's."""
        return self.on or self.at.date()

    def said(self, key: str) -> str:
        """Return the text that the step wrote under *key*, or nothing."""
        value = self.says.get(key)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature over everything above it."""

    person: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that belongs to the body."""

    file: str
    title: str
    sha256: str
    carries: tuple[str, ...] = ()
    """Fields that the file holds instead of the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One YAML file under `records/`: the body as text, the steps, and nothing derived but its digest."""

    id: str
    item: str
    catalogue: date
    edition: int = 1
    title: str
    period: Period | None = None
    date: date | None = None
    part: str = ""
    department: str
    audience: str
    summary: str = ""
    zero: bool = False
    body: Mapping[str, Tree] = field(default_factory=dict)
    """Every top-level key above `steps:` as it was written, also those named here."""
    fields: Mapping[str, Tree] = field(default_factory=dict)
    private_fields: Mapping[str, Tree] = field(default_factory=dict)
    """Restricted fields, from the file in `private/` that the body names; empty where that file is not at hand."""
    attachments: tuple[Attachment, ...] = ()
    steps: tuple[Step, ...] = ()
    content: str
    """`sha256:` of the bytes above `steps:`."""
    file: str
    """Path below the school's folder, with `/`."""
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was worked out about it before (`rules.remembered`); no part of the value."""

    @property
    def year(self) -> int:
        """The year of its folder."""
        return self.period.year if self.period else self.date.year if self.date else self.catalogue.year

    @property
    def base(self) -> str:
        """The id without the edition: what all editions share."""
        return base_id(self.id)

    @property
    def edition_id(self) -> str:
        """The id with its edition, always: `finance-monthly-2026-10.v1`."""
        return f"{self.base}.v{self.edition}"

    @property
    def says(self) -> Mapping[str, Tree]:
        """Explanations of rules that the record does not meet, by the rule's name."""
        value = self.body.get("says")
        return value if isinstance(value, dict) else {}


def base_id(record_id: str) -> str:
    """Return *record_id* without its edition."""
    head, mark, number = record_id.rpartition(".v")
    return head if mark and number.isdigit() else record_id
