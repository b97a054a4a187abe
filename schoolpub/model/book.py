"""A workbook as it was read: sheets, and cells with what a person sees in them and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    """A day, month or time; its text is in the manner of ISO: 2026-11-03, 2026-11, 2026-11-03T09:00, 09:00."""
    BOOLEAN = "boolean"
    ERROR = "error"
    """What Excel shows in place of a result: #REF!, #DIV/0!."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell."""

    text: str = ""
    """What a person sees, as far as it can be known; without blanks around it."""
    kind: Kind = Kind.EMPTY
    exact: str = ""
    """A number's value in plain digits, as exact as the program that saved it shows; it may be finer than `text`."""
    formula: bool = False
    uncomputed: bool = False
    """A formula whose result was never computed and saved: the cell looks empty and is not."""

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.text) or self.uncomputed


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class Area:
    """Cells that are merged into one; both ends belong to it, numbers from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: its filled cells by row and column, from 1."""

    name: str
    """Nothing for a CSV file, which has no name for its only sheet."""
    visible: bool = True
    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Area, ...] = ()

    @property
    def height(self) -> int:
        """The number of the last row with something in it."""
        return max((row for row, _column in self.cells), default=0)

    @property
    def width(self) -> int:
        """The number of the last column with something in it."""
        return max((column for _row, column in self.cells), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at *row* and *column*; an empty one where nothing stands."""
        return self.cells.get((row, column), EMPTY)

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield each row that is not empty, with its number and its cells from the first column on."""
        last: dict[int, int] = {}
        for row, column in self.cells:
            last[row] = max(last.get(row, 0), column)
        for row in sorted(last):
            yield row, [self.cell(row, column) for column in range(1, last[row] + 1)]

    def place(self, row: int, column: int) -> str:
        """Return a cell's place as people write it: `收入!C7`."""
        return f"{self.name}!{letters(column)}{row}" if self.name else f"{letters(column)}{row}"

    def hidden(self, row: int, column: int) -> bool:
        """Whether a person who opens the sheet does not see the cell."""
        return not self.visible or row in self.hidden_rows or column in self.hidden_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook, or a CSV file as one with a single sheet."""

    name: str
    kind: str
    """xlsx, xls, ods or csv."""
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet called *name*."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def letters(column: int) -> str:
    """Return the letters over *column*: A, Z, AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
