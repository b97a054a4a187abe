"""Spreadsheets saved as CSV, read into the fields of a draft: one table, or fields and tables one after another.

A table begins with its heads.  A file with several begins each with a line that holds only the table's name; between
them stand lines of a field's name and its value.  A cell stays what was typed, without the blanks around it.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from schoolpub.errors import Problem, Text, Where, say
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.store.csv_rows import Row, divide, fold
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
_TOTALS = frozenset(["合计", "总计", "共计"])
_MARKS = (frozenset(["字段", "field"]), frozenset(["值", "value", "内容"]))
_NESTED = frozenset(["table", "matrix", "blocks"])
_GROUPS = frozenset(["range", "votes", "account"])
"""Types whose parts may be named: `notice.from`."""
_BRACKETS = re.compile(r"\([^()]*\)$")


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


def locate_csv(data: bytes, name: str, item: Item, table: str | None, where: Where) -> tuple[int, int]:
    """Return line and column (from 1) of the value at *where* in the fields of a CSV file; 0 when it has none."""
    reading = _Reading(name, item)
    text = reading.decode(data)
    if text is not None:
        reading.read(reading.rows(text), item.fields.get(table) if table else None)
    plain = tuple(part for part in where if part != "rows")
    for length in range(len(plain), 0, -1):
        if place := reading.places.get(plain[:length]):
            return place
    return 0, 0


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
        self.places: dict[Where, tuple[int, int]] = {}
        """Where a field, a row of a table or a cell stands."""

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

    def rows(self, text: str) -> list[Row]:
        """Return the rows, divided by the delimiter that makes most sense of them."""
        best: list[Row] = []
        best_score = (-1, -1)
        for delimiter in _DELIMITERS:
            try:
                rows = list(divide(text, delimiter))
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
        return [Row(row.line, tuple(FORBIDDEN_VALUE.sub("", cell) for cell in row.cells)) for row in best]

    def _names(self, row: Row) -> int:
        """Return how many cells of *row* are names that the item knows."""
        wide = [cell for cell in row.cells if cell]
        if len(wide) < 2:
            return 0
        fields = (*self._tables.values(),)
        columns = max((sum(_column(cell, field) != "" for cell in wide) for field in fields), default=0)
        return columns or int(self._scalar(row.cells[0]) is not None) or 2 * int(_is_mark(row))

    def read(self, rows: list[Row], table: Field | None) -> None:
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
            kept = [row for row in rows[position:] if not row.empty]
            self._matrix(table, kept) if table.type == "matrix" else self._table(table, kept)
            return
        while position < len(rows):
            row = rows[position]
            position += 1
            if row.empty or _is_mark(row):
                continue
            section = next((f for f in self._item.fields.values() if row.alone and _same(row.alone, f)), None)
            if section is not None and section.type in ("table", "matrix"):
                start = next((n for n in range(position, len(rows)) if not rows[n].empty), len(rows))
                position = next((n for n in range(start, len(rows)) if rows[n].empty), len(rows))
                read = self._matrix if section.type == "matrix" else self._table
                read(section, rows[start:position], row.line)
            elif section is not None and section.type == "blocks":
                self._wrong(
                    row.line, 1, "table-kind", say("“{name}” cannot be given as CSV.", name=section.name),
                    say("Give it in a YAML file."),
                )  # fmt: skip
                position = next((n for n in range(position, len(rows)) if rows[n].empty), len(rows))
            else:
                self._field(row)

    def _is_scalar(self, row: Row) -> bool:
        return self._scalar(row.cells[0]) is not None and sum(map(bool, row.cells)) <= 2 and not self._fitting(row)

    def _scalar(self, cell: str) -> tuple[dict[str, Tree], str, str] | None:
        """Return where the value of the field called *cell* belongs: mapping, key, and part of a group."""
        folded, part = fold(cell), ""
        for key, field in self._scalars.items():
            if folded in (fold(key), fold(field.name)):
                return self.fields, key, ""
            if field.type in _GROUPS and folded.startswith((fold(key) + ".", fold(field.name) + ".")):
                part = cell.rpartition(".")[2].strip()
                return self.fields, key, {"起": "from", "止": "to"}.get(part, part)
        for key, name in HEAD_KEYS.items():
            if folded in (key, fold(name)) or (key == "date" and folded == fold(self._item.date_name)):
                return self.head, key, ""
        return None

    def _field(self, row: Row) -> None:
        place = self._scalar(row.cells[0])
        if place is None:
            self._unknown(row.line, 1, row.cells[0], self._all_names())
            return
        for column, cell in enumerate(row.cells[2:], 3):
            if cell:
                self._too_many(row.line, column)
        into, key, part = place
        value = (row.cells[1] if len(row.cells) > 1 else "") or None
        self.places.setdefault((key,), (row.line, 2))
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

    def _fitting(self, row: Row) -> list[Field]:
        heads = [cell for cell in row.cells if cell]
        return [f for f in self._tables.values() if heads and all(_column(cell, f) for cell in heads)]

    def _table_of(self, heads: Row) -> Field | None:
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

    def _table(self, field: Field, rows: list[Row], line: int = 0) -> None:
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
        self.places[field.key,] = rows[0].line, 1
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
            if fold(name) in _TOTALS:
                totals |= {key: value for key, value in cells.items() if value is not None and value != name}
            elif name in field.footers:
                values = [value for value in cells.values() if value is not None and value != name]
                footers[name] = values[0] if values else None
            else:
                self.places[field.key, len(table)] = row.line, 1
                for column, head in enumerate(heads, 1):
                    if head:
                        self.places[field.key, len(table), head] = row.line, column
                table.append(cells)
        whole: dict[str, Tree] = {"rows": table}
        whole |= {key: group for key, group in (("totals", totals), ("footers", footers)) if group}
        self.fields[field.key] = whole if len(whole) > 1 else table

    def _matrix(self, field: Field, rows: list[Row], line: int = 0) -> None:
        """Read the heads, of which the first stands above the labels, and the rows; a head 合计 is a row's total."""
        if len(rows) < 2:
            self._wrong(
                line, 1, "table-empty", say("“{name}” has no heads.", name=field.name),
                say("Write the heads of its columns in the next line."),
            )  # fmt: skip
            return
        keys = {**dict.fromkeys(_TOTALS, "total"), ROW_KEYS["note"]: "note"}
        heads = [keys.get(fold(head), head) for head in rows[0].cells]
        self.places[field.key,] = rows[0].line, 1
        table: list[Tree] = []
        for row in rows[1:]:
            cells: dict[str, Tree] = {"label": row.cells[0]}
            for column, cell in enumerate(row.cells[1:], 2):
                if column <= len(heads) and heads[column - 1]:
                    cells[heads[column - 1]] = cell or None
                    self.places[field.key, len(table), heads[column - 1]] = row.line, column
                elif cell:
                    self._too_many(row.line, column)
            self.places[field.key, len(table)] = row.line, 1
            table.append(cells)
        columns: list[Tree] = [head for head in heads[1:] if head and head not in ("total", "note")]
        self.fields[field.key] = {"columns": columns, "rows": table}

    def _heads(self, field: Field, row: Row) -> list[str | None]:
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


def _is_mark(row: Row) -> bool:
    """Return whether *row* is the heading 字段,值 of a file of fields."""
    filled = [fold(cell) for cell in row.cells if cell]
    return len(filled) == 2 and filled[0] in _MARKS[0] and filled[1] in _MARKS[1]


def _same(cell: str, field: Field) -> bool:
    return bool(cell) and fold(cell) in (fold(field.key), fold(field.name))


def _column(cell: str, field: Field) -> str:
    """Return the key of the column of *field* that the head *cell* means, or nothing."""
    folded = fold(cell)
    names: Mapping[str, str] = {key: column.name for key, column in field.columns.items()} | {
        key: name for key, name in ROW_KEYS.items() if key not in field.columns
    }
    for wanted in (folded, _BRACKETS.sub("", folded)):
        for key, name in names.items():
            if wanted and wanted in (fold(key), fold(name), _BRACKETS.sub("", fold(name))):
                return key
    return ""
