"""Take values out of a plain tree and collect what is wrong with them, all of it at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.record import Tree

YES = frozenset(["yes", "true", "是"])
NO = frozenset(["no", "false", "否"])
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INTEGER = re.compile(r"\d{1,9}", re.ASCII)
_SUM = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_MOST = 500
"""So many problems of one file are told."""
_WIDE = re.compile("[：，［｛｝］]")


def shown(text: str, longest: int = 40) -> str:
    """Return *text* as it may stand in a message: personal data masked, and not too long."""
    from schoolpub.rules.privacy import mask

    text = mask(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def closest(word: str, known: Iterable[str]) -> str:
    """Return the one of *known* that *word* was probably meant to be, or nothing."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), 1, 0.7)), "")


def unknown(word: str, known: Collection[str]) -> Text:
    """Return what to write instead of the unknown name *word*."""
    near = closest(word, known)
    if near:
        return say("Did you mean “{near}”?", near=near)
    return say("Known are: {names}.", names=", ".join(known))


class Shape:
    """The reading of one file: its methods return what they could make of a value, and note problems."""

    def __init__(self, file: str, record: str = "") -> None:
        self.file = file
        self.record = record
        self.problems: list[Problem] = []

    @property
    def broken(self) -> bool:
        """Whether an error was found."""
        return any(p.level is Level.ERROR for p in self.problems)

    def wrong(
        self, code: str, where: Where, message: Text, fix: Text | None = None, level: Level = Level.ERROR
    ) -> None:
        """Note a problem of the value at *where*; after so many nobody reads on."""
        if len(self.problems) >= _MOST and (level is not Level.ERROR or self.broken):
            return
        way = where[1:] if len(where) > 1 and where[0] == "fields" else where
        self.problems.append(
            Problem(
                code=code, message=message, fix=fix, level=level, record=self.record, file=self.file, where=where,
                field=".".join(map(str, way)),
            )
        )  # fmt: skip

    def group(
        self, tree: Tree, where: Where, known: Collection[str] = (), needed: Iterable[str] = ()
    ) -> dict[str, Tree]:
        """Return the mapping at *where*; unknown names are problems when *known* lists any, and so are missing ones."""
        if not isinstance(tree, dict):
            self._not_a(say("a group of “name: value”"), tree, where)
            return {}
        for key in tree:
            if known and key not in known:
                self.wrong(
                    "unknown-key", (*where, key), say("“{key}” is not known here.", key=shown(key)), unknown(key, known)
                )
        for key in needed:
            if tree.get(key) is None:
                self.missing(key, where)
        return tree

    def missing(self, key: str, where: Where) -> None:
        """Note that *key* is missing or empty at *where*."""
        self.wrong(
            "missing-key",
            (*where, key),
            say("“{key}” is missing.", key=key),
            say("Write a line “{key}: …”.", key=key),
        )

    def items(self, tree: Tree, where: Where) -> Iterator[tuple[Where, Tree]]:
        """Yield place and value of each entry of the list at *where*; empty is no entry."""
        if isinstance(tree, list):
            for index, child in enumerate(tree):
                yield (*where, index), child
        elif tree is not None:
            self._not_a(say("a list"), tree, where)

    def text(self, group: Mapping[str, Tree], key: str, where: Where, default: str = "") -> str:
        """Return the text under *key*, *default* when there is none."""
        value = group.get(key)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        self._not_a(say("a text"), value, (*where, key))
        return default

    def texts(self, group: Mapping[str, Tree], key: str, where: Where) -> tuple[str, ...]:
        """Return the list of texts under *key*."""
        found: list[str] = []
        for place, child in self.items(group.get(key), (*where, key)):
            if isinstance(child, str):
                found.append(child)
            else:
                self._not_a(say("a text"), child, place)
        return tuple(found)

    def day(self, group: Mapping[str, Tree], key: str, where: Where) -> date | None:
        """Return the date under *key*."""
        value = group.get(key)
        if value is None:
            return None
        day = self._day(value)
        if day is None:
            self.wrong(
                "value-date",
                (*where, key),
                say("“{key}” is no date.", key=key),
                say("Write year, month and day: 2026-11-03."),
            )
        return day

    @staticmethod
    def _day(value: Tree) -> date | None:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None

    def yes(self, group: Mapping[str, Tree], key: str, where: Where, default: bool = False) -> bool:
        """Return whether *key* says yes."""
        value = group.get(key)
        if value is None:
            return default
        if not isinstance(value, str) or value.casefold() not in YES | NO:
            self.wrong(
                "value-yes-no", (*where, key), say("“{key}” is neither yes nor no.", key=key), say("Write yes or no.")
            )
            return default
        return value.casefold() in YES

    def integer(self, group: Mapping[str, Tree], key: str, where: Where, default: int) -> int:
        """Return the whole number under *key*."""
        value = group.get(key)
        if value is None:
            return default
        if not isinstance(value, str) or not _INTEGER.fullmatch(value):
            self.wrong(
                "value-integer", (*where, key), say("“{key}” is no whole number.", key=key), say("Write digits only.")
            )
            return default
        return int(value)

    def sum(self, group: Mapping[str, Tree], key: str, where: Where, default: Decimal) -> Decimal:
        """Return the sum of money under *key*, in 元."""
        value = group.get(key)
        if value is None:
            return default
        if not isinstance(value, str) or not _SUM.fullmatch(value):
            self.wrong(
                "value-money",
                (*where, key),
                say("“{key}” is no sum of money.", key=key),
                say("Write digits with at most two decimals: 3000.00"),
            )
            return default
        return Decimal(value)

    def choice(self, group: Mapping[str, Tree], key: str, where: Where, known: Collection[str]) -> str:
        """Return the word under *key*, which must be one of *known*."""
        word = self.text(group, key, where)
        if word and word not in known:
            self.wrong(
                "value-choice",
                (*where, key),
                say("“{key}” may not be “{word}”.", key=key, word=shown(word)),
                unknown(word, known),
            )
        return word

    def _not_a(self, wanted: Text, tree: Tree, where: Where) -> None:
        found = (
            say("nothing")
            if tree is None
            else say("a text")
            if isinstance(tree, str)
            else say("a list")
            if isinstance(tree, list)
            else say("a group of “name: value”")
        )
        fix = None
        if isinstance(tree, str) and _WIDE.search(tree):
            fix = say("Write colons, commas and brackets in half width: “: ” “, ” “[ ]”.")
        elif wanted.template == "a list":
            fix = say("Write each entry on a line of its own that begins with “- ”.")
        elif wanted.template.startswith("a group"):
            fix = say("Write “name: value”, one on each line.")
        self.wrong(
            "wrong-shape",
            where,
            say("Here {wanted} is expected, but there is {found}.", wanted=wanted, found=found),
            fix,
        )
