"""A title broken into lines for paper: words whole, lines shaped as a trapezoid or a diamond (GB/T 9704).

Where the title is too long for one line a clerk may mark with `|` or a new line where it can be broken; without a mark
the places are found from numbers, brackets, the catalogue's own words and a list of words that such titles are made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from schoolpub.views.sheets.title_words import WORDS

MARK = "|"

# Never broken inside: figures with their unit, years and terms, words in Latin letters, short words in brackets.
_FIGURE = (
    r"(?:\d{4}年\d{1,2}月(?:\d{1,2}日)?|[\d.,:%+~—–-]+(?:学年|学期|季度|周岁|个工作日|万元|平方米|年度|年级|[年月日号周届次期级班名人元件份套所岁%])?)"
)
_WHOLE = re.compile(
    rf"(?:{_FIGURE})+"
    r"|[二一〇○零三四五六七八九十]+年(?:[一二三四五六七八九十]+月)?(?:[一二三四五六七八九十]+日)?"
    r"|第[一二三四五六七八九十百〇\d]+(?:学期|季度|学年|批次|[届次期号批周月项轮阶]段?)"
    r"|[A-Za-z][A-Za-z0-9.+#&/-]*"
    r"|《[^》]{1,12}》|〔[^〕]*〕|（[^）]{1,8}）|\([^)]{1,16}\)|“[^”]{1,8}”|【[^】]{1,8}】"
)
_PART = re.compile(_FIGURE)
_NEVER_FIRST = frozenset("的了、，。；：！？）》〕】”’…—%之等号)]")
_NEVER_LAST = frozenset("（《〔【“‘(第与和及关在对向将")

_JOINING = frozenset("和与及或")
_OPENING = frozenset("（《〔【“‘([")
_CLOSING = frozenset("）》〕】”’)]")

_INSIDE = 60.0
"""What it costs to break between two characters that no list knows as a word's end."""
_BESIDE = 7.0
"""… where only one side is the edge of a known word."""
_BRACKETED = 12.0
"""… between brackets, besides."""
_SHORT = 200.0
"""… to leave less than `_LEAST` em on a line."""
_LEAST = 3.0
_MOST_LINES = 8
_LINE = 30.0
"""… to need a line more."""
_SLOPE = 1.6
"""How many em a line of a trapezoid is shorter than the next."""


def plain(title: str) -> str:
    """Return *title* without the marks that show where it may be broken."""
    return "".join(title.replace(MARK, "").split("\n"))


def title_lines(title: str, words: Iterable[str] = (), width: float = 19.0) -> list[str]:
    """Return *title* as lines of at most *width* em; *words* are names that stay whole where they can."""
    marked = [part.strip() for part in re.split(r"[|\n]", title) if part.strip()]
    if len(marked) > 1:
        lines = [[part] if _width(part) <= width else title_lines(part, words, width) for part in marked]
        return _arranged([(line, 0.0) for part in lines for line in part], width)
    whole = " ".join("".join(marked).split())
    if _width(whole) <= width or _width(whole) > width * _MOST_LINES:
        # A title beyond all measure is left to the paper's own line breaks.
        return [whole] if whole else []
    return _arranged(list(_pieces(whole, tuple(sorted({w for w in words if w}, key=len, reverse=True)), width)), width)


def _width(text: str) -> float:
    return sum(0.56 if ord(c) < 0x2E80 and c not in "“”‘’—…·" else 1.0 for c in text)


def _pieces(title: str, words: Sequence[str], width: float) -> Iterator[tuple[str, float]]:
    """Yield the pieces that stay whole, each with what a break after it costs."""
    atoms = list(_atoms(title, words, width))
    # A piece that may not begin a line joins the one before; one that may not end a line takes the next.
    joined: list[_Piece] = []
    depth = 0
    for text, known in atoms:
        inside = depth > 0
        depth += sum(c in _OPENING for c in text) - sum(c in _CLOSING for c in text)
        last = joined[-1] if joined else None
        if last and (text[0] in _NEVER_FIRST or text == " "):
            joined[-1] = _Piece(last.text + text, last.begins, True, depth > 0)
        elif last and last.text[-1] in _NEVER_LAST:
            joined[-1] = _Piece(last.text + text, last.begins, known, depth > 0)
        else:
            joined.append(_Piece(text, known or (inside and depth == 0), known, depth > 0))
    for piece, following in pairwise([*joined, _Piece("", True, True, False)]):
        edges = piece.ends + following.begins
        yield piece.text, (_INSIDE, _BESIDE, 0.0)[edges] + (_BRACKETED if piece.open else 0.0)


class _Piece(NamedTuple):
    """Text that stays whole; whether its two ends are edges of known words; whether a bracket is open after it."""

    text: str
    begins: bool
    ends: bool
    open: bool


def _atoms(title: str, words: Sequence[str], width: float) -> Iterator[tuple[str, bool]]:
    place = 0
    while place < len(title):
        rest = title[place:]
        matches = (form.match(rest) for form in (_WHOLE, _PART))
        if fitting := next((m[0] for m in matches if m and _width(m[0]) <= width), ""):
            found, known = fitting, True
        elif word := next((w for w in words if rest.startswith(w) and _width(w) <= width), "") or _word(rest):
            found, known = word, True
        else:
            found, known = rest[0], rest[0] in _JOINING
        yield found, known
        place += len(found)


@cache
def _longest() -> int:
    return max(len(w) for w in WORDS)


def _word(text: str) -> str:
    """Return the longest word of the list that *text* begins with."""
    return next((text[:n] for n in range(min(_longest(), len(text)), 1, -1) if text[:n] in WORDS), "")


def _arranged(pieces: Sequence[tuple[str, float]], width: float) -> list[str]:
    """Return *pieces* on few lines, in the best of the permitted shapes."""
    total = sum(_width(text) for text, _ in pieces)
    found: list[tuple[float, list[str]]] = []
    least = max(1, -int(-total // width))
    for count in range(least, len(pieces) + 1):
        dearer = _LINE * (count - least)
        shapes = (_best(pieces, [total / count + offset for offset in shape], width) for shape in _shapes(count))
        found += [(cost + dearer, lines) for cost, lines in filter(None, shapes)]
        if found and min(found)[0] < _LINE * (count + 1 - least):
            break
        if found and count > least + 1:
            break
    return [line.strip() for line in min(found)[1]] if found else [text for text, _ in pieces]


def _shapes(count: int) -> Iterator[list[float]]:
    """Yield how much each line is longer than the mean: falling, rising, and a diamond."""
    middle = (count - 1) / 2
    yield [(middle - i) * _SLOPE for i in range(count)]
    yield [(i - middle) * _SLOPE for i in range(count)]
    if count > 2:
        mean = sum(abs(i - middle) for i in range(count)) / count
        yield [(mean - abs(i - middle)) * _SLOPE * 1.5 for i in range(count)]


def _best(pieces: Sequence[tuple[str, float]], wanted: Sequence[float], width: float) -> tuple[float, list[str]] | None:
    """Return the cheapest way to set *pieces* on lines near the *wanted* widths, with its cost."""
    best: list[dict[int, tuple[float, list[str]]]] = [{0: (0.0, [])}]
    for target in wanted:
        row: dict[int, tuple[float, list[str]]] = {}
        for start, (cost, lines) in best[-1].items():
            for end in range(start + 1, len(pieces) + 1):
                text = "".join(t for t, _ in pieces[start:end])
                wide = _width(text)
                if wide > width:
                    break
                last = 0.0 if end == len(pieces) else pieces[end - 1][1]
                price = cost + (wide - target) ** 2 + last + (_SHORT if wide < _LEAST else 0.0)
                if end not in row or price < row[end][0]:
                    row[end] = (price, [*lines, text])
        best.append(row)
    return best[-1].get(len(pieces))
