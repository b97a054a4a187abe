"""A value that could not be read, before it is known where in which file it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from schoolpub.errors import Level, Text, say

# Eleven digits are a mobile number, sixteen to nineteen a card, seventeen and one more an identity number.
_LONG = re.compile(r"\d{7,}(?=\d{2}[\dXx]?)")


class Wrong(NamedTuple):
    """What is wrong with one value, and what to write instead."""

    code: str
    message: Text
    fix: Text | None = None
    level: Level = Level.ERROR


def nearest(word: str, known: Iterable[str]) -> Text | None:
    """Return "did you mean …" for a misspelt *word*, else the list of what is *known*."""
    names = list(known)
    if close := get_close_matches(word, names, 1, 0.5):
        return say("Did you mean {name}?", name=close[0])
    return say("Write one of: {names}.", names="、".join(names)) if names else None


def shown(text: str) -> str:
    """Return *text* fit to stand in a message: short, in one line, long numbers masked."""
    line = _LONG.sub(lambda m: m[0][:3] + "*" * (len(m[0]) - 3), " ".join(text.split()))
    return line if len(line) <= 40 else line[:39] + "…"
