"""Spreadsheets saved as CSV, read into the fields of a draft: one table, or fields and tables one after another.

A table begins with its heads.  A file with several begins each with a line that holds only the table's name; between
them stand lines of a field's name and its value.  A cell stays what was typed, without the blanks around it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from schoolpub.errors import Problem, Text, say
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.store.shape import closest, shown
from schoolpub.store.strict_yaml import FORBIDDEN_VALUE, MAX_BYTES

HEAD_KEYS = {
    "title": "标题",
    "period": "期间",
    "date": "日期",
    "department": "部门",
    "audience": "公开范围",
    "summary": "摘要",
}
"""What a record has beside its fields → the Chinese name in a spreadsheet."""
ROW_KEYS = {"level": "层级", "note": "备注"}
"""What a row may have beside its columns."""

_DELIMITERS = (",", "\t", ";", "，")
_TOTALS = frozenset(["合计", "总计"])
_MARKS = (frozenset(["字段", "field"]), frozenset(["值", "value", "内容"]))
_NESTED = frozenset(["table", "matrix", "blocks"])
_GROUPS = frozenset(["range", "votes", "account"])
"""Types whose parts may be named: `notice.from`."""
_BRACKETS = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not any(self.cells)

    @property
    def alone(self) -> str:
        """The only text of the row, or nothing."""
        filled = [cell for cell in self.cells if cell]
        return filled[0] if len(filled) == 1 and self.cells[0] else ""


def read_csv(
    data: bytes, name: str, item: Item, table: str | None = None
) -> tuple[dict[str, Tree], dict[str, Tree], list[Problem]]:
    """Return the fields and the head (title, period …) that the file *name* gives for *item*, and all problems.

    With *table* the file holds the rows of that table.
    """
    reading = _Reading(name, item)
    text = reading.decode(data)
    if text is not None:
        rows = reading.rows(text)
        reading.read(rows, item.fields.get(table) if table else None)
    return reading.fields, reading.head, sorted(reading.problems, key=lambda p: (p.line, p.column))


class _Reading:
    def __init__(self, name: str, item: Item) -> None:
        self._name = name
        self._item = item
        self._tables = {key: field for key, field in item.fields.items() if field.type == "table"}
        self._scalars = {
            key: field for key, field in item.fields.items() if field.type not in ("table", "matrix", "blocks")
        }
        self.fields: dict[str, Tree] = {}
        self.head: dict[str, Tree] = {}
        self.problems: list[Problem] = []

    def decode(self, data: bytes) -> str | None:
        encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
        if len(data) > MAX_BYTES:
            self._wrong(
                0, 0, "table-too-large", say("The file has more than 2 MiB."), say("Attach it as a file instead.")
            )
            return None
        for encoding in () if data.startswith(b"PK") else encodings:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
        self._wrong(
            0,
            0,
            "table-encoding",
            say("The file is neither UTF-8 nor GBK text."),
            say("In Excel choose “Save as → CSV UTF-8”; a workbook itself (.xlsx) is no CSV file."),
        )
        return None

    def rows(self, text: str) -> list[_Row]:
        """Return the rows, divided by the delimiter that makes most sense of them."""
        best: list[_Row] = []
        best_score = (-1, -1)
        for delimiter in _DELIMITERS:
            try:
                rows = list(_divide(text, delimiter))
            except csv.Error:
                continue
            known = sum(self._names(row) for row in rows)
            widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
            score = (known, max(widths.values(), default=0))
            if score > best_score:
                best, best_score = rows, score
        if not best and text.strip():
            self._wrong(1, 1, "table-csv", say("The file cannot be read as CSV."), say("Save it again as CSV UTF-8."))
        for row in best:
            for column, cell in enumerate(row.cells, 1):
                if FORBIDDEN_VALUE.search(cell):
                    self._wrong(
                        row.line, column, "table-control-character", say("The cell contains a control character."),
                        say("Type its text again."),
                    )  # fmt: skip
        return [_Row(row.line, tuple(FORBIDDEN_VALUE.sub("", cell) for cell in row.cells)) for row in best]

    def _names(self, row: _Row) -> int:
        """Return how many cells of *row* are names that the item knows."""
        wide = [cell for cell in row.cells if cell]
        if len(wide) < 2:
            return 0
        fields = (*self._tables.values(),)
        columns = max((sum(_column(cell, field) != "" for cell in wide) for field in fields), default=0)
        return columns or int(self._scalar(row.cells[0]) is not None) or 2 * int(_is_mark(row))

    def read(self, rows: list[_Row], table: Field | None) -> None:
        """Read *rows* one after another; the first may be the heads of a table without its name."""
        position = next((n for n, row in enumerate(rows) if not row.empty), len(rows))
        if position == len(rows):
            self._wrong(1, 1, "table-empty", say("The file has no rows."), say("Write heads and rows."))
            return
        first = rows[position]
        if table is not None and _same(first.alone, table):
            position += 1
        elif table is None and not _is_mark(first) and not first.alone and not self._is_scalar(first):
            table = self._table_of(first)
            if table is None:
                return
        if table is not None:
            self._table(table, [row for row in rows[position:] if not row.empty])
            return
        while position < len(rows):
            row = rows[position]
            position += 1
            if row.empty or _is_mark(row):
                continue
            section = next((f for f in self._item.fields.values() if row.alone and _same(row.alone, f)), None)
            if section is not None and section.type == "table":
                start = next((n for n in range(position, len(rows)) if not rows[n].empty), len(rows))
                position = next((n for n in range(start, len(rows)) if rows[n].empty), len(rows))
                self._table(section, rows[start:position], row.line)
            elif section is not None and section.type in ("matrix", "blocks"):
                self._wrong(
                    row.line, 1, "table-kind", say("“{name}” cannot be given as CSV.", name=section.name),
                    say("Give it in a YAML file."),
                )  # fmt: skip
                position = next((n for n in range(position, len(rows)) if rows[n].empty), len(rows))
            else:
                self._field(row)

    def _is_scalar(self, row: _Row) -> bool:
        return self._scalar(row.cells[0]) is not None and sum(map(bool, row.cells)) <= 2 and not self._fitting(row)

    def _scalar(self, cell: str) -> tuple[dict[str, Tree], str, str] | None:
        """Return where the value of the field called *cell* belongs: mapping, key, and part of a group."""
        folded, part = _fold(cell), ""
        for key, field in self._scalars.items():
            if folded in (_fold(key), _fold(field.name)):
                return self.fields, key, ""
            if field.type in _GROUPS and folded.startswith((_fold(key) + ".", _fold(field.name) + ".")):
                part = cell.rpartition(".")[2].strip()
                return self.fields, key, {"起": "from", "止": "to"}.get(part, part)
        for key, name in HEAD_KEYS.items():
            if folded in (key, _fold(name)) or (key == "date" and folded == _fold(self._item.date_name)):
                return self.head, key, ""
        return None

    def _field(self, row: _Row) -> None:
        place = self._scalar(row.cells[0])
        if place is None:
            self._unknown(row.line, 1, row.cells[0], self._all_names())
            return
        for column, cell in enumerate(row.cells[2:], 3):
            if cell:
                self._too_many(row.line, column)
        into, key, part = place
        value = (row.cells[1] if len(row.cells) > 1 else "") or None
        group = into.get(key)
        if part and isinstance(group, dict) and part not in group:
            group[part] = value
        elif key in into:
            self._wrong(
                row.line,
                1,
                "table-twice",
                say("“{name}” stands here a second time.", name=row.cells[0]),
                say("Keep one."),
            )
        else:
            into[key] = {part: value} if part else value

    def _all_names(self) -> list[str]:
        return [*HEAD_KEYS.values(), *(f.name for f in self._item.fields.values()), *HEAD_KEYS, *self._item.fields]

    def _fitting(self, row: _Row) -> list[Field]:
        heads = [cell for cell in row.cells if cell]
        return [f for f in self._tables.values() if heads and all(_column(cell, f) for cell in heads)]

    def _table_of(self, heads: _Row) -> Field | None:
        """Return the only table whose columns *heads* names; where there is none or several, say so."""
        fitting = self._fitting(heads)
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = ", ".join(f"{field.name} ({field.key})" for field in fitting)
            self._wrong(
                heads.line,
                1,
                "table-which",
                say("These heads fit several tables: {names}.", names=names),
                say("Write the table's name alone in the line above, or give --from {key}=FILE.", key=fitting[0].key),
            )
            return None
        tables = sorted(self._tables.values(), key=lambda f: -sum(_column(c, f) != "" for c in heads.cells))
        if tables and any(_column(cell, tables[0]) for cell in heads.cells):
            return tables[0]
        self._wrong(
            heads.line,
            1,
            "table-heads",
            say("The first line holds no heads of a table and no name of a field."),
            say("Known are: {names}.", names=", ".join(self._names_for_help())),
        )
        return None

    def _names_for_help(self) -> list[str]:
        columns = [f"{f.name}: {' / '.join(c.name for c in f.columns.values())}" for f in self._tables.values()]
        return [*columns, *(f.name for f in self._scalars.values())]

    def _table(self, field: Field, rows: list[_Row], line: int = 0) -> None:
        if not rows:
            self._wrong(
                line, 1, "table-empty", say("“{name}” has no heads.", name=field.name),
                say("Write the heads of its columns in the next line."),
            )  # fmt: skip
            return
        if field.key in self.fields:
            self._wrong(
                line, 1, "table-twice", say("“{name}” stands here a second time.", name=field.name), say("Keep one.")
            )
            return
        heads = self._heads(field, rows[0])
        table: list[Tree] = []
        totals: dict[str, Tree] = {}
        footers: dict[str, Tree] = {}
        for row in rows[1:]:
            cells: dict[str, Tree] = {}
            for column, cell in enumerate(row.cells):
                if column >= len(heads) or (cell and heads[column] is None):
                    if cell and column >= len(heads):
                        self._too_many(row.line, column + 1)
                    continue
                key = heads[column]
                if key and (cell or key in field.columns):
                    cells[key] = cell or None
            name = next((cell for cell in row.cells if cell), "")
            if _fold(name) in _TOTALS:
                totals |= {key: value for key, value in cells.items() if value is not None and value != name}
            elif name in field.footers:
                values = [value for value in cells.values() if value is not None and value != name]
                footers[name] = values[0] if values else None
            else:
                table.append(cells)
        whole: dict[str, Tree] = {"rows": table}
        whole |= {key: group for key, group in (("totals", totals), ("footers", footers)) if group}
        self.fields[field.key] = whole if len(whole) > 1 else table

    def _heads(self, field: Field, row: _Row) -> list[str | None]:
        heads: list[str | None] = []
        for column, cell in enumerate(row.cells, 1):
            key = _column(cell, field) or None
            if cell and key is None:
                names = [*(c.name for c in field.columns.values()), *field.columns, *ROW_KEYS.values()]
                self._unknown(row.line, column, cell, names)
            elif key and key in heads:
                self._wrong(
                    row.line,
                    column,
                    "table-twice",
                    say("“{name}” stands here a second time.", name=cell),
                    say("Keep one."),
                )
            heads.append(key)
        return heads

    def _unknown(self, line: int, column: int, cell: str, names: Iterable[str]) -> None:
        known = list(names)
        near = closest(cell, known)
        fix = say("Did you mean “{near}”?", near=near) if near else say("Known are: {names}.", names=", ".join(known))
        self._wrong(line, column, "table-unknown", say("“{name}” is not known here.", name=shown(cell)), fix)

    def _twice(self, line: int, column: int, name: str) -> None:
        message = say("“{name}” stands here a second time.", name=shown(name))
        self._wrong(line, column, "table-twice", message, say("Keep one of the two."))

    def _too_many(self, line: int, column: int) -> None:
        self._wrong(
            line,
            column,
            "table-too-many",
            say("This cell has no head above it."),
            say("Delete it, or put the value before it in quotes if it contains the delimiter."),
        )

    def _wrong(self, line: int, column: int, code: str, message: Text, fix: Text) -> None:
        self.problems.append(Problem(code=code, message=message, fix=fix, file=self._name, line=line, column=column))


def _divide(text: str, delimiter: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="\n"), delimiter=delimiter)
    line = 1
    for cells in reader:
        yield _Row(line, tuple(cell.strip() for cell in cells))
        line = reader.line_num + 1


def _is_mark(row: _Row) -> bool:
    """Return whether *row* is the heading 字段,值 of a file of fields."""
    filled = [_fold(cell) for cell in row.cells if cell]
    return len(filled) == 2 and filled[0] in _MARKS[0] and filled[1] in _MARKS[1]


def _same(cell: str, field: Field) -> bool:
    return bool(cell) and _fold(cell) in (_fold(field.key), _fold(field.name))


def _column(cell: str, field: Field) -> str:
    """Return the key of the column of *field* that the head *cell* means, or nothing."""
    folded = _fold(cell)
    names: Mapping[str, str] = {key: column.name for key, column in field.columns.items()} | {
        key: name for key, name in ROW_KEYS.items() if key not in field.columns
    }
    for wanted in (folded, _BRACKETS.sub("", folded)):
        for key, name in names.items():
            if wanted and wanted in (_fold(key), _fold(name), _BRACKETS.sub("", _fold(name))):
                return key
    return ""


def _fold(text: str) -> str:
    """Return *text* without blanks, in half width and small letters, to compare names."""
    return "".join(normalize("NFKC", text).split()).casefold()
