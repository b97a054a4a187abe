"""Digests of what a site is made from, so that what did not change is not made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from schoolpub.board.output import digest
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
    """Return a digest of everything but the records: school, people, calendar, catalogue."""
    parts = (snapshot.school, snapshot.people, snapshot.calendar, snapshot.catalogues)
    return digest(*("\n".join(_told(part)).encode() for part in parts))


def _told(value: Any) -> Iterable[str]:
    """Yield a value as lines that are the same for equal values, in any process."""
    if value is None or isinstance(value, str | int | bool):
        yield repr(value)
    elif isinstance(value, Expression):
        yield value.text
    elif is_dataclass(value):
        for field in fields(value):
            if field.compare:
                yield field.name
                yield from _told(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key in value:
            yield str(key)
            yield from _told(value[key])
    elif isinstance(value, frozenset | set):
        yield from sorted(str(entry) for entry in value)
    elif isinstance(value, Iterable):
        yield "["
        for entry in value:
            yield from _told(entry)
        yield "]"
    else:
        yield str(value)
