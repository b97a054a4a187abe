"""What stands around a number: the words of its sentence that say what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENDS = re.compile(r"[。;!?]")
_ENDS_BEHIND = re.compile(r"[。;!?\n]")


def each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield every match, also those that begin inside another: two numbers may stand in one row."""
    place = 0
    while match := pattern.search(text, place):
        yield match
        place = match.start() + 1


def near(pattern: re.Pattern[str], text: str, match: re.Match[str], *, before: int, after: int = 0) -> bool:
    """Return whether *pattern* is near *match*, in the same sentence."""
    return last_before(pattern, text, match, before=before) >= 0 or (
        after > 0 and pattern.search(_ENDS_BEHIND.split(text[match.end() : match.end() + after], 1)[0]) is not None
    )


def last_before(pattern: re.Pattern[str], text: str, match: re.Match[str], *, before: int) -> int:
    """Return where in *text* the last word of *pattern* ahead of *match* ends; -1 when there is none."""
    begin = max(0, match.start() - before)
    ahead = text[begin : match.start()]
    ends = [found.end() for found in _ENDS.finditer(ahead)]
    begin += ends[-1] if ends else 0
    found = -1
    for word in pattern.finditer(text, begin, match.start()):
        found = word.end()
    return found


def digits(text: str) -> str:
    """Return the digits of *text*, and an X at its end."""
    return "".join(character for character in text if character in "0123456789Xx").upper()
