"""The rows of a CSV file, and its words made comparable."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file, with the number of the line that it begins on."""

    line: int
    cells: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)

    @property
    def alone(self) -> str:
        """The only text of the row, or nothing."""
        filled = [cell for cell in self.cells if cell]
        return filled[0] if len(filled) == 1 and self.cells[0] else ""


def divide(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows of *text*; raise csv.Error when it cannot be divided."""
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="\n"), delimiter=delimiter)
    line = 1
    for cells in reader:
        yield Row(line, tuple(cell.strip() for cell in cells))
        line = reader.line_num + 1


def fold(text: str) -> str:
    """Return *text* without blanks, in half width and small letters, to compare names."""
    return "".join(normalize("NFKC", text).split()).casefold()
