"""An old `.xls` workbook, read by python-calamine; what is hidden is found in the file's own records."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from schoolpub.errors import say
from schoolpub.model.book import EMPTY, Area, Book, Cell, Kind, Sheet
from schoolpub.store.spreadsheets import number_formats
from schoolpub.store.spreadsheets.bounds import MAX_SHEETS, Filling, locked, refused, text_cell, too_large
from schoolpub.store.spreadsheets.xls_records import SheetRecords, records_of

_MOST_LAID_OUT = 2_000_000
"""Cells of the rectangle around all filled ones, which python-calamine lays out whole."""
_LOCKED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")


def read(data: bytes, name: str) -> Book:
    """Return the workbook; raise `SchoolpubError` when it is none, locked, damaged, too large or carries macros."""
    if any(mark in data for mark in _LOCKED):
        raise locked(name)
    if _MACROS in data:
        raise refused(name, say("it carries macros"), say("save it as .xlsx, without macros"))
    if _WORD in data:
        raise refused(name, say("it is a Word or PowerPoint document"), say("give a workbook (.xlsx)"))
    records = records_of(data)
    if any(sheet.width * sheet.height > _MOST_LAID_OUT for sheet in records):
        raise too_large(name)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = _sheets(book, name, records)
    except CalamineError as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise locked(name) from None
        raise refused(name, say("the file is damaged")) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise refused(name, say("the file is damaged")) from None
    if not sheets:
        raise refused(name, say("it has no sheet with cells"))
    return Book(name=name, kind="xls", sheets=tuple(sheets))


def _sheets(book: CalamineWorkbook, name: str, records: list[SheetRecords]) -> list[Sheet]:
    found: list[Sheet] = []
    taken = 0
    worksheets = [entry for entry in book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
    if len(worksheets) > MAX_SHEETS:
        raise too_large(name)
    for number, entry in enumerate(worksheets):
        told = records[number] if len(records) == len(worksheets) else SheetRecords()
        sheet = book.get_sheet_by_name(entry.name)
        filling = Filling(name, taken)
        for row, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
            for column, value in enumerate(cells, 1):
                if value != "":
                    filling.put(row, column, _cell(value, told, (row, column)))
        for row, column in told.formulas.keys() - filling.cells.keys():
            filling.put(row, column, _cell("", told, (row, column)))
        taken = filling.count
        merged = tuple(
            Area(first[0] + 1, first[1] + 1, last[0] + 1, last[1] + 1) for first, last in sheet.merged_cell_ranges or ()
        )
        found.append(
            Sheet(
                name=entry.name,
                visible=entry.visible == SheetVisibleEnum.Visible,
                cells=filling.cells,
                hidden_rows=frozenset(told.hidden_rows),
                hidden_columns=frozenset(told.hidden_columns),
                merged=merged,
            )
        )
    return found


def _cell(value: object, told: SheetRecords, place: tuple[int, int]) -> Cell:
    formula = place in told.formulas
    if formula and told.formulas[place]:
        return EMPTY  # a formula whose result is an empty text
    if formula and value == "":
        return Cell(formula=True, uncomputed=True)
    match value:
        case bool():
            return Cell("TRUE" if value else "FALSE", Kind.BOOLEAN, formula=formula)
        case float() | int():
            return number_formats.number_cell(
                repr(value), told.formats.get(place, number_formats.GENERAL), formula=formula
            )
        case datetime():
            whole = value.isoformat(timespec="minutes")
            return Cell(whole.removesuffix("T00:00"), Kind.DATE, formula=formula)
        case date():
            return Cell(value.isoformat(), Kind.DATE, formula=formula)
        case time():
            return Cell(value.isoformat(timespec="minutes"), Kind.DATE, formula=formula)
        case timedelta():
            minutes = int(value.total_seconds()) // 60
            return Cell(f"{minutes // 60:02d}:{minutes % 60:02d}", Kind.DATE, formula=formula)
        case str() if value.strip():
            made = text_cell(value)
            return Cell(made.text, Kind.ERROR if formula and value.startswith("#") else made.kind, formula=formula)
    return EMPTY
