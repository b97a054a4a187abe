"""Text in terminal columns: a Chinese character takes two."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Return how many columns *text* takes."""
    return sum(0 if unicodedata.combining(ch) else 2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def pad(text: str, columns: int, align: str = "left") -> str:
    """Return *text* filled with spaces to *columns*."""
    gap = " " * max(0, columns - width(text))
    return gap + text if align == "right" else text + gap


def wrap(text: str, columns: int) -> list[str]:
    """Return *text* in lines of at most *columns*; Chinese breaks anywhere, words of letters and figures stay whole."""
    lines, line, used = [], "", 0
    for piece in _pieces(text):
        size = width(piece)
        if used + size > columns and line:
            lines.append(line.rstrip())
            line, used = "", 0
            piece = piece.lstrip()
            size = width(piece)
        line += piece
        used += size
    return [*lines, line.rstrip()] if line or not lines else lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for ch in text:
        before = pieces[-1][-1] if pieces else " "
        in_word = ch.isascii() and before.isascii() and not ch.isspace() and not before.isspace()
        if pieces and (in_word or ch in "，。；：、！？）》」』】〕％"):
            pieces[-1] += ch
        else:
            pieces.append(ch)
    return pieces


def grid(rows: Sequence[Sequence[str]], aligns: Sequence[str], columns: int, gap: int = 2) -> list[str]:
    """Return *rows* as lines of aligned columns within *columns*; the widest flush-left one is wrapped if needed."""
    count = max((len(row) for row in rows), default=0)
    cells = [[*row, *[""] * (count - len(row))] for row in rows]
    widths = [max((width(row[i]) for row in cells), default=0) for i in range(count)]
    spare = columns - gap * max(0, count - 1)
    while sum(widths) > spare and any(w > 8 for w in widths):
        widest = max(range(count), key=lambda i: (aligns[i : i + 1] != ["right"], widths[i]))
        widths[widest] = max(8, widths[widest] - (sum(widths) - spare))
        if widths[widest] == 8 and sum(widths) > spare:
            rest = [i for i in range(count) if widths[i] > 8]
            if not rest:
                break
            other = max(rest, key=lambda i: widths[i])
            widths[other] = max(8, widths[other] - (sum(widths) - spare))
    lines = []
    for row in cells:
        wrapped = [wrap(cell, widths[i]) for i, cell in enumerate(row)]
        for at in range(max(len(part) for part in wrapped)):
            parts = [
                pad(part[at] if at < len(part) else "", widths[i], aligns[i] if i < len(aligns) else "left")
                for i, part in enumerate(wrapped)
            ]
            lines.append((" " * gap).join(parts).rstrip())
    return lines
