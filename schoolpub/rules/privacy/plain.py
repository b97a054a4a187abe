"""A text as the detectors read it: one form for each digit and mark, nothing invisible, every place known."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_SUSPICIOUS = re.compile(
    r"\d(?:[\s\-‐-―－_·\u200b-\u200d\u2060\ufeff\xad]*\d){10}|[@＠]|出生|生日|生于|住址|家住|住在|居住|户籍|身份证|银行卡"
    r"|手机号|家[庭长]|监护|父母|[父母]亲|个人|住宅|私人|村|[栋幢座患诊]|单元|号楼"
)
"""Cheap to look for and present in all that the detectors find; `\\d` means every script's digits."""

_DIGEST = re.compile(r"\b(?=[0-9]*[a-f])[0-9a-f]{40,64}\b|[A-Za-z0-9+/]{60,}={0,2}")
"""Digests, commit ids and signatures: their digits mean nothing."""

_DASHES = dict.fromkeys("‐‑‒–—―−－", "-")


@dataclass(frozen=True, slots=True)
class Plain:
    """A normalised text; `places` says for each of its characters where it stood in the original."""

    text: str
    places: tuple[int, ...] | None
    """None when nothing moved."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters from *start* to *end* stood."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def suspicious(text: str) -> bool:
    """Return whether a look at *text* by the detectors can find anything at all."""
    return _SUSPICIOUS.search(text) is not None


def plain(text: str) -> Plain:
    """Return *text* in the form that the detectors read."""
    if text.isascii():
        return Plain(_DIGEST.sub(_blank, text), None)
    characters: list[str] = []
    places: list[int] = []
    moved = False
    for place, character in enumerate(text):
        form = character if character.isascii() else _form(character)
        moved = moved or len(form) != 1
        characters.append(form)
        places.extend([place] * len(form))
    joined = _DIGEST.sub(_blank, "".join(characters))
    return Plain(joined, tuple(places) if moved else None)


def _blank(match: re.Match[str]) -> str:
    return "#" * len(match[0])


def _form(character: str) -> str:
    if character in _DASHES:
        return "-"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", character)
