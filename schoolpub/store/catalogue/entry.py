"""A mapping of a catalogue file while it is read: its keys taken one by one, each with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.record import Tree
from schoolpub.store.yaml.shape import Shape, closest, unknown

T = TypeVar("T")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
MOST = 500
"""So many entries may stand in one list or group of a catalogue; a longer one is a mistake or an attack."""
_FEW = 24
"""A longer list of possible names than this is no help."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, and the shape that notes what is wrong there."""

    shape: Shape
    where: Where = ()

    @property
    def problems(self) -> list[Problem]:
        """What was noted so far, here and elsewhere in the shape."""
        return self.shape.problems

    def at(self, *keys: str | int) -> Place:
        """Return the place below this one."""
        return Place(self.shape, (*self.where, *keys))

    def wrong(self, code: str, message: Text, fix: Text | None = None, *, level: Level = Level.ERROR) -> None:
        """Note a problem here."""
        self.shape.wrong(code, self.where, message, fix, level)

    def bounded(self, entries: Iterable[T]) -> Iterator[T]:
        """Yield the first of *entries* here; more than `MOST` are noted and not looked at."""
        for number, entry in enumerate(entries):
            if number == MOST:
                self.wrong(
                    "catalogue-too-many",
                    say("More than {most} entries stand here; the rest is not read.", most=MOST),
                    say("Divide them into several files or items."),
                )
                return
            yield entry

    def unknown(self, code: str, message: Text, name: str, known: Collection[str]) -> None:
        """Note that *name* is none of *known*, with the likeliest one."""
        fix = unknown(name, known) if known and (len(known) <= _FEW or closest(name, known)) else None
        self.wrong(code, message, fix)


@dataclass(slots=True)
class Entry:
    """A mapping in a catalogue file while it is read."""

    place: Place
    keys: dict[str, Tree] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: Tree, place: Place, known: Collection[str], required: Collection[str] = ()) -> Entry:
        """Return *tree* as an entry; that it is no mapping, unknown keys and missing ones are noted."""
        entry = cls(place, place.shape.group(tree, place.where, known, required))
        for key in required:
            if entry.keys.get(key) == "":
                entry.missing(key)
        return entry

    def __contains__(self, key: str) -> bool:
        return self.keys.get(key) is not None

    def get(self, key: str) -> Tree:
        """Return the tree under *key*."""
        return self.keys.get(key)

    def at(self, *keys: str | int) -> Place:
        """Return the place of what stands under *keys*."""
        return self.place.at(*keys)

    def missing(self, key: str) -> None:
        """Note that *key* is missing."""
        self.place.shape.missing(key, self.place.where)

    def text(self, key: str, default: str = "") -> str:
        """Return the text under *key*."""
        value = self.keys.get(key)
        return value if isinstance(value, str) else self.place.shape.text(self.keys, key, self.place.where, default)

    def choice(self, key: str, choices: Collection[str], default: str) -> str:
        """Return the text under *key*, which must be one of *choices*."""
        if key not in self.keys:
            return default
        word = self.place.shape.choice(self.keys, key, self.place.where, choices)
        return word if word in choices else default

    def flag(self, key: str, default: bool = False) -> bool:
        """Return yes or no under *key*."""
        return self.place.shape.yes(self.keys, key, self.place.where, default) if key in self.keys else default

    def integer(self, key: str, first: int, last: int) -> int | None:
        """Return the whole number under *key*, which must lie between *first* and *last*."""
        if key not in self:
            return None
        number = self.place.shape.integer(self.keys, key, self.place.where, first)
        if first <= number <= last:
            return number
        self.at(key).wrong(
            "value-integer",
            say("“{key}” must lie between {first} and {last}.", key=key, first=first, last=last),
        )
        return None

    def date(self, key: str) -> date | None:
        """Return the date under *key*."""
        return self.place.shape.day(self.keys, key, self.place.where)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts under *key*."""
        return self.place.shape.texts(self.keys, key, self.place.where) if key in self.keys else ()

    def placed_texts(self, key: str) -> Iterator[tuple[Place, str]]:
        """Yield the texts of the list under *key*, each with its place; `texts` notes what is none."""
        value = self.keys.get(key)
        for index, member in enumerate(value) if isinstance(value, list) else ():
            if isinstance(member, str):
                yield self.at(key, index), member

    def members(self, key: str) -> Iterator[tuple[Place, Tree]]:
        """Yield the members of the list under *key*, each with its place."""
        for where, member in self.at(key).bounded(self.place.shape.items(self.keys.get(key), self.at(key).where)):
            yield Place(self.place.shape, where), member

    def named(self, key: str) -> Iterator[tuple[Place, str, Tree]]:
        """Yield the keys and values of the mapping under *key*, each with its place."""
        if key in self:
            at = self.at(key)
            for name, member in at.bounded(self.place.shape.group(self.keys[key], at.where).items()):
                yield self.at(key, name), name, member

    def names(self, key: str) -> dict[str, str]:
        """Return the mapping of texts under *key*."""
        if key not in self:
            return {}
        where = (*self.place.where, key)
        group = self.place.shape.group(self.keys[key], where)
        return {name: self.place.shape.text(group, name, where) for name in group}


def parse_date(text: str) -> date | None:
    """Return the date written as *text* (`2026-01-31`), None when it is none."""
    return Shape("").day({"date": text}, "date", ())
