"""An `.xlsx` workbook, read from its XML: values as they are stored, formats, what is merged and what is hidden."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from schoolpub.errors import say
from schoolpub.model.book import EMPTY, Area, Book, Cell, Kind, Sheet
from schoolpub.store.spreadsheets import number_formats
from schoolpub.store.spreadsheets.bounds import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    Filling,
    refused,
    text_cell,
    too_large,
)  # fmt: skip
from schoolpub.store.spreadsheets.package import Package

_WORKBOOK = "xl/workbook.xml"
_MACROS = re.compile(r"(?i).*(?:vbaProject\.bin|vbaData\.xml|activeX/.*|macrosheets/.*)")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read(data: bytes, name: str) -> Book:
    """Return the workbook; raise `SchoolpubError` when it is none, locked, damaged, too large or carries macros."""
    package = Package(data, name)
    if any(_MACROS.fullmatch(part) for part in package.parts):
        raise refused(name, say("it carries macros"), say("save it as .xlsx, without macros"))
    workbook = _workbook_part(package)
    if workbook not in package:
        if any(part.startswith(("word/", "ppt/")) for part in package.parts):
            raise refused(name, say("it is a Word or PowerPoint document"), say("give a workbook (.xlsx)"))
        raise refused(name, say("it is no workbook"))
    outline = _outline(package, workbook)
    strings = _strings(package, _beside(workbook, "sharedStrings.xml"))
    formats = _formats(package, _beside(workbook, "styles.xml"))
    sheets: list[Sheet] = []
    taken = 0
    for entry in outline.sheets:
        if entry.part not in package or "/chartsheets/" in entry.part:
            continue
        reading = _SheetReading(package.name, strings, formats, outline.from_1904, taken)
        package.walk(entry.part, reading.start, reading.end, reading.characters)
        taken = reading.filling.count
        sheets.append(reading.sheet(entry.name, entry.visible))
    if not sheets:
        raise refused(name, say("it has no sheet with cells"))
    return Book(name=name, kind="xlsx", sheets=tuple(sheets))


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    visible: bool
    part: str


@dataclass(frozen=True, slots=True)
class _Outline:
    sheets: Sequence[_Entry]
    from_1904: bool


def _workbook_part(package: Package) -> str:
    found = [_WORKBOOK]

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            found.append(attributes.get("Target", "").lstrip("/"))

    package.walk("_rels/.rels", start, _nothing, _nothing)
    return next((part for part in reversed(found) if part in package and part.startswith("xl/")), _WORKBOOK)


def _beside(workbook: str, name: str) -> str:
    return posixpath.join(posixpath.dirname(workbook), name)


def _outline(package: Package, workbook: str) -> _Outline:
    """Return the sheets in their order, and from which year days are counted."""
    folder, file = posixpath.split(workbook)
    targets: dict[str, str] = {}
    listed: list[tuple[str, bool, str]] = []
    old_mac: list[bool] = []

    def relation(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            targets[attributes.get("Id", "")] = path

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "sheet":
            relation_id = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            visible = attributes.get("state", "visible") == "visible"
            listed.append((attributes.get("name", ""), visible, relation_id))
        elif element == "workbookPr" and attributes.get("date1904", "") in ("1", "true"):
            old_mac.append(True)

    package.walk(posixpath.join(folder, "_rels", f"{file}.rels"), relation, _nothing, _nothing)
    package.walk(workbook, start, _nothing, _nothing)
    if len(listed) > MAX_SHEETS:
        raise too_large(package.name)
    return _Outline([_Entry(name, visible, targets.get(key, "")) for name, visible, key in listed], bool(old_mac))


def _strings(package: Package, part: str) -> list[str]:
    """Return the texts that cells name by number; readings above Chinese characters are no part of them."""
    found: list[str] = []
    text: list[str] = []
    silent = 0
    inside = False

    def start(element: str, _attributes: dict[str, str]) -> None:
        nonlocal silent, inside
        silent += element == "rPh"
        inside = element == "t"

    def end(element: str) -> None:
        nonlocal silent, inside
        inside = False
        silent -= element == "rPh"
        if element == "si":
            if len(found) >= MAX_CELLS:
                raise too_large(package.name)
            found.append(_unescaped("".join(text)))
            text.clear()

    def characters(piece: str) -> None:
        if inside and not silent:
            text.append(piece)

    package.walk(part, start, end, characters)
    return found


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _formats(package: Package, part: str) -> list[str]:
    """Return the number format of each cell style."""
    own: dict[int, str] = {}
    used: list[int] = []
    within = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal within
        if element == "cellXfs":
            within = True
        elif element == "numFmt":
            own[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif element == "xf" and within:
            used.append(_whole(attributes.get("numFmtId", "0")))

    def end(element: str) -> None:
        nonlocal within
        if element == "cellXfs":
            within = False

    package.walk(part, start, end, _nothing)
    return [own.get(number) or number_formats.builtin(number) for number in used]


class _SheetReading:
    """One pass over a sheet's XML."""

    def __init__(self, name: str, strings: list[str], formats: list[str], from_1904: bool, taken: int) -> None:
        self._name = name
        self._strings = strings
        self._formats = formats
        self._from_1904 = from_1904
        self.filling = Filling(name, taken)
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._merged: list[Area] = []
        self._row = 0
        self._column = 0
        self._attributes: dict[str, str] = {}
        self._value: list[str] = []
        self._has_value = False
        self._formula = False
        self._into: list[str] | None = None
        self._silent = 0

    def sheet(self, name: str, visible: bool) -> Sheet:
        """Return what was read."""
        return Sheet(
            name=name,
            visible=visible,
            cells=self.filling.cells,
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(self._hidden_columns),
            merged=tuple(self._merged),
        )

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if element == "c":
            self._begin(attributes)
        elif element in ("v", "t"):
            self._into = None if self._silent else self._value
            self._has_value = True
        elif element == "f":
            self._formula = True
        elif element == "rPh":
            self._silent += 1
        elif element == "row":
            self._row = _whole(attributes.get("r", "")) or self._row + 1
            self._column = 0
            if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
                self._hidden_rows.add(self._row)
        elif element == "col" and (attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0"):
            first, last = _whole(attributes.get("min", "")), _whole(attributes.get("max", ""))
            self._hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))
        elif element == "mergeCell" and len(self._merged) < MAX_CELLS:
            self._merge(attributes.get("ref", ""))

    def end(self, element: str) -> None:
        """End an element."""
        if element in ("v", "t", "f"):
            self._into = None
        elif element == "rPh":
            self._silent -= 1
        elif element == "c":
            self.filling.put(self._row, self._column, self._cell())

    def characters(self, piece: str) -> None:
        """Take in characters."""
        if self._into is not None:
            self._into.append(piece)

    def _begin(self, attributes: dict[str, str]) -> None:
        self._attributes = attributes
        self._value = []
        self._has_value = self._formula = False
        self._column += 1
        if found := _REFERENCE.fullmatch(attributes.get("r", "")):
            self._column, self._row = _number(found[1]), int(found[2])

    def _cell(self) -> Cell:
        raw = "".join(self._value)
        kind = self._attributes.get("t", "n")
        if self._formula and (not self._has_value or (not raw and kind != "str")):
            return Cell(kind=Kind.EMPTY, formula=True, uncomputed=True)
        if not self._has_value:
            return EMPTY
        if kind == "s":
            index = _whole(raw)
            return text_cell(self._strings[index]) if index < len(self._strings) else EMPTY
        if kind in ("str", "inlineStr"):
            cell = text_cell(_unescaped(raw))
            return Cell(cell.text, cell.kind, formula=self._formula)
        if kind == "b":
            return Cell("TRUE" if raw.strip() == "1" else "FALSE", Kind.BOOLEAN, formula=self._formula)
        if kind == "e":
            return Cell(raw.strip(), Kind.ERROR, formula=self._formula)
        if kind == "d":
            return Cell(raw.strip().removesuffix("T00:00:00"), Kind.DATE, formula=self._formula)
        style = _whole(self._attributes.get("s", "0"))
        code = self._formats[style] if style < len(self._formats) else number_formats.GENERAL
        return number_formats.number_cell(raw, code, from_1904=self._from_1904, formula=self._formula)

    def _merge(self, reference: str) -> None:
        begin, _colon, finish = reference.partition(":")
        first, last = _REFERENCE.fullmatch(begin), _REFERENCE.fullmatch(finish)
        if first and last:
            bottom, right = min(int(last[2]), MAX_ROWS), min(_number(last[1]), MAX_COLUMNS)
            self._merged.append(Area(int(first[2]), _number(first[1]), bottom, right))


def _number(column: str) -> int:
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _nothing(*_: object) -> None:
    """Pass over what is told."""
