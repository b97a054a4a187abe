"""What a named check finds, and what these checks have in common."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from schoolpub.errors import Level, Text, Where
from schoolpub.rules.judge.scope import RecordScope


@dataclass(frozen=True, slots=True)
class Finding:
    """What a named check found."""

    message: Text
    where: Where
    level: Level = Level.ERROR


def number(scope: RecordScope, name: str) -> Decimal | None:
    """Return the number called *name* in the record, None where there is none."""
    value = scope.resolve(tuple(name.split("."))) if name else None
    return value if isinstance(value, Decimal) else None
