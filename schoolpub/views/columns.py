"""Text in terminal columns: a Chinese character takes two."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence


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
        if pieces and (in_word or ch in "，。；：、！？）》」』】〕％”" or before in "（《「『【〔“"):
            pieces[-1] += ch
        else:
            pieces.append(ch)
    return pieces


_LEAST = 10
"""Columns that a text of Chinese keeps, however little room there is."""


def grid(rows: Sequence[Sequence[str]], aligns: Sequence[str], columns: int, gap: int = 2) -> list[str]:
    """Return *rows* as lines of aligned columns within *columns*.

    The widest flush-left column gives way first; words of letters and figures, such as ids and sums, are never cut, so
    that the lines are wider than *columns* when these alone need more (`fits` tells).  A cell may hold several lines.
    """
    return [line for lines in laid_out(rows, aligns, columns, gap) for line in lines]


def laid_out(rows: Sequence[Sequence[str]], aligns: Sequence[str], columns: int, gap: int = 2) -> list[list[str]]:
    """Return *rows* as `grid` does, each row's lines in a list of their own."""
    count = max((len(row) for row in rows), default=0)
    cells = [[*row, *[""] * (count - len(row))] for row in rows]
    widths = _widths(cells, aligns, columns - gap * max(0, count - 1))
    made = []
    for row in cells:
        lines = []
        wrapped = [_lines(cell, widths[i]) for i, cell in enumerate(row)]
        for at in range(max(len(part) for part in wrapped)):
            parts = [
                pad(part[at] if at < len(part) else "", widths[i], aligns[i] if i < len(aligns) else "left")
                for i, part in enumerate(wrapped)
            ]
            lines.append((" " * gap).join(parts).rstrip())
        made.append(lines)
    return made


def fits(rows: Sequence[Sequence[str]], columns: int, gap: int = 2) -> bool:
    """Return whether `grid` can keep *rows* within *columns*."""
    count = max((len(row) for row in rows), default=0)
    least = (max((_least(row[i]) for row in rows if i < len(row)), default=0) for i in range(count))
    return sum(least) + gap * max(0, count - 1) <= columns


def stacked(heads: Sequence[str], rows: Iterable[Sequence[str]], columns: int) -> list[str]:
    """Return *rows* one below the other, each cell beside its head: what a table becomes that does not fit."""
    lines: list[str] = []
    for row in rows:
        first, rest = row[0], [(head, cell) for head, cell in zip(heads[1:], row[1:], strict=False) if cell]
        lines += wrap(f"● {first}", columns)
        lines += [f"  {line}" for line in grid(rest, [], columns - 2)]
    return lines


def _widths(cells: Sequence[Sequence[str]], aligns: Sequence[str], spare: int) -> list[int]:
    count = len(cells[0]) if cells else 0
    widths = [max(_width(row[i]) for row in cells) for i in range(count)]
    least = [max(_least(row[i]) for row in cells) for i in range(count)]
    while sum(widths) > spare:
        able = [i for i in range(count) if widths[i] > least[i]]
        if not able:
            break
        widest = max(able, key=lambda i: (aligns[i : i + 1] != ["right"], widths[i]))
        # Down to the next widest at most, so that two long columns share what there is.
        others = [widths[i] for i in able if i != widest and widths[i] < widths[widest]]
        floor = max([least[widest], *others])
        widths[widest] = max(floor if floor < widths[widest] else least[widest], widths[widest] - (sum(widths) - spare))
    return widths


def _width(cell: str) -> int:
    return max(width(line) for line in cell.split("\n"))


def _least(cell: str) -> int:
    pieces = max((width(piece.strip()) for line in cell.split("\n") for piece in _pieces(line)), default=0)
    return max(pieces, min(_width(cell), _LEAST))


def _lines(cell: str, columns: int) -> list[str]:
    return [part for line in cell.split("\n") for part in wrap(line, columns)]
