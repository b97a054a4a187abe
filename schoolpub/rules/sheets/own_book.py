"""A workbook that uses the item's own names: our blank sheets filled in, an export, or one made like them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from schoolpub.errors import Problem, Text, say
from schoolpub.model.book import Book, Sheet
from schoolpub.model.catalogue import Item
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.own import OwnReading
from schoolpub.rules.sheets.rows import TOTALS, Row, Spot, fold
from schoolpub.rules.sheets.spots import cell_name


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a sheet that a person sees, and what is wrong with its cells."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[Text, ...] = field(default=())


def own_book(book: Book, item: Item, table: str = "") -> tuple[OwnReading, list[Text]] | None:
    """Return what a workbook with the item's own names says, and what is to be told; None for another layout.

    With *table* the first sheet with anything in it holds the rows of that table.
    """
    reading = OwnReading(item, book.name, workbook=True)
    notes: list[Text] = []
    strange: list[str] = []
    known = False
    for sheet in sorted(book.sheets, key=lambda s: "·" in s.name):
        if not sheet.cells:
            continue
        if not sheet.visible:
            notes.append(say("The sheet “{name}” is hidden and was not taken.", name=sheet.name))
            continue
        texts = texts_of(sheet, book.name)
        title = next((f.name for f in item.fields.values() if table and f.key == table and not known), sheet.name)
        if reading.sheet(title, texts.rows, shown=sheet.name):
            known = True
            notes += texts.notes
            reading.problems += texts.problems
        else:
            strange.append(sheet.name)
    if not known:
        return None
    if strange and not reading.fields:
        return None
    notes += [say("The sheet “{name}” is none of this item's and was not taken.", name=name) for name in strange]
    return reading, notes


def texts_of(sheet: Sheet, file: str) -> Texts:
    """Return the texts of the cells that a person sees."""
    rows: list[Row] = []
    problems: list[Problem] = []
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    for number, cells in sheet.rows():
        if number in sheet.hidden_rows:
            hidden_rows.add(number)
            continue
        texts: list[str] = []
        total = next((fold(cell.text) in TOTALS for cell in cells if cell.filled), False)
        for column, cell in enumerate(cells, 1):
            if column in sheet.hidden_columns and cell.filled:
                hidden_columns.add(column)
                texts.append("")
                continue
            if total and cell.formula:  # computed by the sheet, as the tool itself does
                texts.append("")
                continue
            text, problem = written.text_of(cell)
            if problem is not None:
                problems.append(placed(problem, file, Spot(sheet.name, number, column)))
            texts.append(text)
        rows.append(Row(number, tuple(texts)))
    return Texts(tuple(rows), tuple(problems), tuple(_hidden(sheet, hidden_rows, hidden_columns)))


def placed(problem: Problem, file: str, spot: Spot) -> Problem:
    """Return *problem* at a cell of a workbook."""
    return replace(problem, file=file, line=spot.line, column=spot.column, cell=cell_name(spot))


def _hidden(sheet: Sheet, rows: set[int], columns: set[int]) -> list[Text]:
    from schoolpub.model.book import letters

    told = []
    if rows:
        numbers = "、".join(str(row) for row in sorted(rows)[:10])
        told.append(say("{sheet}: the hidden rows {rows} were not taken.", sheet=sheet.name, rows=numbers))
    if columns:
        names = "、".join(letters(column) for column in sorted(columns)[:10])
        told.append(say("{sheet}: the hidden columns {columns} were not taken.", sheet=sheet.name, columns=names))
    return told
