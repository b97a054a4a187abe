"""How large a spreadsheet may be, and how one that cannot be read is refused: quickly, with the way out."""

from __future__ import annotations

from schoolpub.errors import SchoolpubError, Text, say
from schoolpub.model.book import Cell, Kind

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_CELLS = 200_000
MAX_ROWS = 65_536
MAX_COLUMNS = 1_000
MAX_SHEETS = 100
MAX_TEXT = 32_767
"""What Excel allows in one cell."""


def refused(name: str, why: Text, fix: Text | None = None) -> SchoolpubError:
    """Return the refusal of the file *name*."""
    return SchoolpubError(
        say("{name} cannot be read: {why}.", name=name, why=why),
        fix=fix or say("open it in Excel or WPS and save it anew as .xlsx"),
    )


def locked(name: str) -> SchoolpubError:
    """Return the refusal of a file that opens with a password only."""
    return refused(
        name,
        say("it is locked with a password"),
        say("open it in Excel or WPS, empty the password under File › Info › Encrypt with Password, and save it"),
    )


def too_large(name: str) -> SchoolpubError:
    """Return the refusal of a file that holds far more than a table for people."""
    return refused(
        name,
        say("it holds more than a table for people to read"),
        say("copy the cells that are meant into a new workbook and give that"),
    )


class Filling:
    """The cells of a sheet, taken in one by one within bounds."""

    def __init__(self, name: str, taken: int = 0) -> None:
        self._name = name
        self._taken = taken
        self.cells: dict[tuple[int, int], Cell] = {}

    @property
    def count(self) -> int:
        """How many cells were taken in, those of the sheets before among them."""
        return self._taken + len(self.cells)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Take in *cell*; an empty one is none.  Raise `SchoolpubError` beyond the bounds."""
        if not cell.filled:
            return
        if row > MAX_ROWS or column > MAX_COLUMNS or self.count >= MAX_CELLS or len(cell.text) > MAX_TEXT:
            raise too_large(self._name)
        self.cells[row, column] = cell


def text_cell(text: str) -> Cell:
    """Return a cell with *text*, as people typed it: line ends made one kind, no blanks around it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").replace("\xa0", " ").strip()
    return Cell(plain, Kind.TEXT) if plain else Cell()
