"""An `.ods` workbook of LibreOffice or WPS, read from its XML: repeated cells are counted, never laid out."""

from __future__ import annotations

from schoolpub.errors import say
from schoolpub.model.book import EMPTY, Area, Book, Cell, Kind, Sheet
from schoolpub.store.spreadsheets import number_formats
from schoolpub.store.spreadsheets.bounds import (
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Filling,
    locked,
    refused,
    text_cell,
    too_large,
)
from schoolpub.store.spreadsheets.package import Package

_CONTENT = "content.xml"
_NOT_SHOWN = ("collapse", "filter")
_NUMBERS = ("float", "currency", "percentage")
_ASIDE = ("annotation", "tracked-changes", "shapes", "ruby-text")
"""Elements whose text is no part of a cell."""


def read(data: bytes, name: str) -> Book:
    """Return the workbook; raise `SchoolpubError` when it is none, locked, damaged or too large."""
    package = Package(data, name)
    if _CONTENT not in package:
        raise refused(name, say("it is no workbook"))
    modules = (part for part in package.parts if part.startswith("Basic/") and part.count("/") > 1)
    if any(not part.endswith("script-lb.xml") for part in modules):
        raise refused(name, say("it carries macros"), say("save it as .xlsx, without macros"))
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise locked(name)
    reading = _Reading(name)
    package.walk(_CONTENT, reading.start, reading.end, reading.characters)
    if not reading.sheets:
        raise refused(name, say("it has no sheet with cells"))
    return Book(name=name, kind="ods", sheets=tuple(reading.sheets))


class _Reading:
    def __init__(self, name: str) -> None:
        self._name = name
        self.sheets: list[Sheet] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._title, self._visible = "", True
        self._filling = Filling(name)
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merged: list[Area] = []
        self._row = self._column = self._columns = 0
        self._rows_again = 1
        self._attributes: dict[str, str] = {}
        self._row_cells: list[tuple[int, Cell]] = []
        self._text: list[str] = []
        self._in_cell = False
        self._paragraphs = 0
        self._aside = 0
        self._row_hidden = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Begin an element; attributes are known by their names without prefix."""
        attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if element in _ASIDE:
            self._aside += 1
        elif element == "style":
            self._style = attributes.get("name", "")
        elif element == "table-properties" and attributes.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif element == "table":
            self._begin_sheet(attributes)
        elif element == "table-column":
            again = _count(attributes, "number-columns-repeated")
            if attributes.get("visibility") in _NOT_SHOWN:
                self._hidden_columns.update(range(self._columns + 1, min(self._columns + again, MAX_COLUMNS) + 1))
            self._columns += again
        elif element == "table-row":
            self._row += 1
            self._column = 0
            self._rows_again = _count(attributes, "number-rows-repeated")
            self._row_hidden = attributes.get("visibility") in _NOT_SHOWN
            self._row_cells = []
        elif element in ("table-cell", "covered-table-cell"):
            self._attributes, self._text, self._paragraphs, self._in_cell = attributes, [], 0, True
        elif self._in_cell and element == "p":
            if self._paragraphs:
                self._text.append("\n")
            self._paragraphs += 1
        elif self._in_cell and element == "s":
            self._text.append(" " * min(_count(attributes, "c"), 100))
        elif self._in_cell and element in ("line-break", "tab"):
            self._text.append("\n" if element == "line-break" else "\t")

    def end(self, element: str) -> None:
        """End an element."""
        if element in _ASIDE:
            self._aside -= 1
        elif element in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif element == "table-row":
            self._end_row()
        elif element == "table":
            self.sheets.append(
                Sheet(
                    name=self._title,
                    visible=self._visible,
                    cells=self._filling.cells,
                    hidden_rows=frozenset(self._hidden_rows),
                    hidden_columns=frozenset(self._hidden_columns),
                    merged=tuple(self._merged),
                )
            )

    def characters(self, piece: str) -> None:
        """Take in characters."""
        if self._in_cell and self._paragraphs and not self._aside:
            self._text.append(piece)

    def _begin_sheet(self, attributes: dict[str, str]) -> None:
        if len(self.sheets) >= MAX_SHEETS:
            raise too_large(self._name)
        self._title = attributes.get("name", "")
        self._visible = attributes.get("style-name", "") not in self._hidden_styles
        self._filling = Filling(self._name, self._filling.count)
        self._hidden_rows, self._hidden_columns, self._merged = set(), set(), []
        self._row = self._columns = 0

    def _end_cell(self) -> None:
        self._in_cell = False
        again = _count(self._attributes, "number-columns-repeated")
        cell = self._cell()
        if cell.filled:
            if self._column + again > MAX_COLUMNS:
                raise too_large(self._name)
            self._row_cells += [(self._column + n, cell) for n in range(1, again + 1)]
        down = _count(self._attributes, "number-rows-spanned")
        across = _count(self._attributes, "number-columns-spanned")
        if down > 1 or across > 1:
            top, left = self._row, self._column + 1
            self._merged.append(Area(top, left, min(top + down - 1, MAX_ROWS), min(left + across - 1, MAX_COLUMNS)))
        self._column += again

    def _end_row(self) -> None:
        again = self._rows_again
        if self._row_hidden:
            self._hidden_rows.update(range(self._row, min(self._row + again, MAX_ROWS + 1)))
        if self._row_cells:
            if self._row + again - 1 > MAX_ROWS:
                raise too_large(self._name)
            for row in range(self._row, self._row + again):
                for column, cell in self._row_cells:
                    self._filling.put(row, column, cell)
        self._row += again - 1

    def _cell(self) -> Cell:
        attributes = self._attributes
        kind, formula = attributes.get("value-type", ""), "formula" in attributes
        seen = text_cell("".join(self._text))
        if formula and not kind and not seen.filled:
            return Cell(formula=True, uncomputed=True)
        if kind in _NUMBERS:
            code = "0%" if kind == "percentage" else number_formats.GENERAL
            cell = number_formats.number_cell(attributes.get("value", ""), code, formula=formula)
            shown = seen.text if seen.filled else cell.text
            return Cell(_digits(shown) or cell.text, Kind.NUMBER, cell.exact, formula)
        if kind == "date":
            return Cell(_day(attributes.get("date-value", ""), seen.text), Kind.DATE, formula=formula)
        if kind == "time":
            return Cell(seen.text, Kind.DATE, formula=formula)
        if kind == "boolean":
            return Cell("TRUE" if attributes.get("boolean-value") == "true" else "FALSE", Kind.BOOLEAN, formula=formula)
        if seen.filled and formula and seen.text.startswith(("#", "Err:")):
            return Cell(seen.text, Kind.ERROR, formula=formula)
        return Cell(seen.text, Kind.TEXT, formula=formula) if seen.filled else EMPTY


def _digits(shown: str) -> str:
    """Return the number that a cell shows, without a currency's sign; nothing when it shows something else."""
    bare = shown.strip("¥￥元 ").replace("\u2212", "-")
    return bare if bare and all(sign in "0123456789,.%-+" for sign in bare) else ""


def _day(stored: str, seen: str) -> str:
    """Return a day as it is stored, as a month alone where only that is shown."""
    day = stored.removesuffix("T00:00:00")
    only_month = "月" in seen and "日" not in seen and seen.count("年") == 1
    return day[:7] if only_month and len(day) == 10 else day


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else 1
