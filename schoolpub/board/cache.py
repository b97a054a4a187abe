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

CACHE = ".build"
"""Name of the file."""
_FORM = (4, sys.version_info[:3])
"""Marshal's form belongs to one version of Python."""


@dataclass(slots=True)
class Made:
    """What was made of one record: its cards, what it is found by, its files."""

    key: str
    cards: list[dict[str, Any]]
    terms: str
    files: dict[str, Entry]
    squares: dict[str, str]
    """Its square codes, by what they say; the audiences share them."""


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
    def left(cls, path: Path) -> tuple[str, dict[str, dict[str, int]]] | None:
        """Return the key of the last build, and for each audience path → size: all that an unchanged site needs."""
        try:
            form, key, sizes = marshal.loads(_parts(path)[0])
            return (key, sizes) if form == _FORM else None
        except (OSError, ValueError, EOFError, TypeError):
            return None

    @classmethod
    def read(cls, path: Path) -> Cache:
        """Return the cache in *path*, an empty one when it is missing, broken or of another version."""
        try:
            head, rest = _parts(path)
            form, key, _ = marshal.loads(head)
            if form != _FORM:
                return cls(path)
            sides = marshal.loads(rest)
            found = {
                audience: Side(files, {base: Made(*made) for base, made in units.items()}, shards)
                for audience, (files, units, shards) in sides.items()
            }
        except (OSError, ValueError, EOFError, TypeError, AttributeError):
            return cls(path)
        return cls(path, key, found) if found.keys() == set(gate.AUDIENCES) else cls(path)

    def write(self) -> None:
        """Write the cache."""
        sizes = {audience: {p: entry[1] for p, entry in side.files.items()} for audience, side in self.sides.items()}
        sides = {
            audience: (
                side.files,
                {base: (m.key, m.cards, m.terms, m.files, m.squares) for base, m in side.units.items()},
                side.shards,
            )
            for audience, side in self.sides.items()
        }
        head = marshal.dumps((_FORM, self.key, sizes))
        write(self.path, len(head).to_bytes(8) + head + marshal.dumps(sides))


def _parts(path: Path) -> tuple[memoryview, memoryview]:
    """Return what an unchanged site needs, and the rest; the length of the first stands before it."""
    data = memoryview(path.read_bytes())
    split = 8 + int.from_bytes(data[:8])
    return data[8:split], data[split:]
