"""Digests of what a site is made from, so that what did not change is not made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from schoolpub.board.output import digest
from schoolpub.model.catalogue import Catalogue
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.expressions import Expression


def record(of: Record) -> str:
    """Return a digest of a record: its text (by its own digest), its steps, and what was read from the text."""
    steps = "\n".join(
        f"{s.step}|{s.by}|{s.role}|{s.via}|{s.at}|{s.on}|{s.content}|{s.says}" for s in of.steps
    )
    body = f"{of.id}|{of.item}|{of.catalogue}|{of.edition}|{of.audience}|{of.content}|{of.file}\n{steps}"
    return digest(body.encode())


def records(snapshot: Snapshot) -> dict[str, str]:
    """Return the digest of every record."""
    return {key: record(found) for key, found in snapshot.records.items()}


def policy(snapshot: Snapshot) -> str:
    """Return a digest of everything but the records: school, people, calendar, catalogue, plans."""
    lines: list[str] = []
    for part in (snapshot.school, snapshot.people, snapshot.calendar, snapshot.catalogues, snapshot.plans):
        _tell(part, lines)
    return digest("\n".join(lines).encode())


def _tell(value: Any, lines: list[str]) -> None:
    """Add *value* to *lines*, the same for equal values in any process."""
    kind = type(value)
    if kind is str:
        lines.append(repr(value))
    elif isinstance(value, Sequence):
        lines.append(f"[{len(value)}")
        for entry in value:
            _tell(entry, lines)
    elif isinstance(value, Expression):
        lines.append(value.text)
    elif isinstance(value, Catalogue) and value.content:
        lines.append(value.content)
    elif is_dataclass(kind):
        lines.append(kind.__name__)
        for name in _names(kind):
            _tell(getattr(value, name), lines)
    elif isinstance(value, Mapping):
        lines.append(f"{{{len(value)}")
        for key in value:
            lines.append(str(key))
            _tell(value[key], lines)
    elif isinstance(value, frozenset | set):
        lines.append(repr(sorted(map(str, value))))
    else:
        lines.append(repr(value))


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields that tell values of *kind* apart; what was worked out about one before is none of them."""
    return tuple(field.name for field in fields(kind) if field.compare)
