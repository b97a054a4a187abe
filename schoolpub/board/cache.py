"""What the last build made, in one file that may be deleted at any time."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schoolpub.board.output import Entry, write
from schoolpub.views import gate

_FORM = (1, sys.version_info[:3])
"""Marshal's form belongs to one version of Python."""


@dataclass(slots=True)
class Made:
    """What was made of one record: its cards, what it is found by, its files."""

    key: str
    cards: list[dict[str, Any]]
    terms: list[str]
    files: dict[str, Entry]


@dataclass(slots=True)
class Side:
    """What was made for one audience."""

    files: dict[str, Entry] = field(default_factory=dict)
    units: dict[str, Made] = field(default_factory=dict)
    shards: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Cache:
    """Everything that the last finished build made."""

    path: Path
    key: str = ""
    sides: Mapping[str, Side] = field(default_factory=lambda: {audience: Side() for audience in gate.AUDIENCES})

    @classmethod
    def read(cls, path: Path) -> Cache:
        """Return the cache in *path*, an empty one when it is missing, broken or of another version."""
        try:
            form, key, sides = marshal.loads(path.read_bytes())
            if form != _FORM or set(sides) != set(gate.AUDIENCES):
                return cls(path)
            found = {
                audience: Side(files, {base: Made(*made) for base, made in units.items()}, shards)
                for audience, (files, units, shards) in sides.items()
            }
        except (OSError, ValueError, EOFError, TypeError):
            return cls(path)
        return cls(path, key, found)

    def write(self) -> None:
        """Write the cache."""
        sides = {
            audience: (
                side.files,
                {base: (made.key, made.cards, made.terms, made.files) for base, made in side.units.items()},
                side.shards,
            )
            for audience, side in self.sides.items()
        }
        write(self.path, marshal.dumps((_FORM, self.key, sides)))
