"""Rows that use the item's own names, read into fields: one table, or fields and tables one after another.

A table begins with its heads.  Rows with several begin each with a row that holds only the table's name; between
them stand rows of a field's name and its value.  In a workbook each table may have a sheet that is called like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from schoolpub.errors import Problem, Text, Where, say
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.rows import (
    BELONGS,
    HEAD_KEYS,
    NESTED,
    PARTS,
    REMARK,
    ROW_KEYS,
    TOTALS,
    UNIT,
    Row,
    Spot,
    column_of,
    fold,
    names_field,
    sheet_title,
)
from schoolpub.rules.sheets.spots import cell_name
from schoolpub.rules.values.wrong import shown

_MARKS = (frozenset(["字段", "field"]), frozenset(["值", "value", "内容"]), frozenset(["说明", "help"]))
_INDEX = re.compile(r"[1-9]\d{0,3}", re.ASCII)


class OwnReading:
    """What was read so far: fields, the head of the record (title, period …), problems, and where values stand."""

    def __init__(self, item: Item, file: str, *, workbook: bool = False) -> None:
        self._item = item
        self._file = file
        self._workbook = workbook
        self._sheet = ""
        self._tables = {key: field for key, field in item.fields.items() if field.type == "table"}
        self._scalars = {key: field for key, field in item.fields.items() if field.type not in NESTED}
        self.fields: dict[str, Tree] = {}
        self.head: dict[str, Tree] = {}
        self.problems: list[Problem] = []
        self.places: dict[Where, Spot] = {}
        """Where a field, a row of a table or a cell stands."""

    def sheet(self, title: str, rows: Sequence[Row], *, shown: str = "") -> bool:
        """Read the rows of the sheet *title* (in the file: *shown*); return False when it is not the item's own."""
        self._sheet = shown or title
        kept = [row for row in rows if not row.empty]
        if not kept:
            return True
        if mark := next((n for n, row in enumerate(kept[:8]) if is_mark(row)), None):
            kept = kept[mark:]
        if is_mark(kept[0]):
            self.read([Row(row.line, row.cells[:2]) for row in kept], None)
            return True
        field, inner = self._sheet_field(title)
        target = inner or field
        if field is None or target is None:
            return False
        if not all(self._known(cell, target, inner is not None) for cell in kept[0].cells if cell):
            return False
        if inner is not None:
            self._inner(field, inner, kept)
        elif len(kept) > 1:
            self._section(field, kept, kept[0].line)
        return True

    def _sheet_field(self, title: str) -> tuple[Field | None, Field | None]:
        for field in self._item.fields.values():
            if field.type in NESTED and fold(title) in (fold(sheet_title(field.name)), fold(field.key)):
                return field, None
            for inner in field.columns.values() if field.type == "blocks" else ():
                if inner.type in NESTED and fold(title) == fold(sheet_title(f"{field.name}·{inner.name}")):
                    return field, inner
        return None, None

    @staticmethod
    def _known(cell: str, field: Field, belongs: bool) -> bool:
        return field.type == "matrix" or bool(column_of(cell, field)) or (belongs and fold(cell) == BELONGS)

    def read(self, rows: Sequence[Row], table: Field | None) -> None:
        """Read *rows* one after another; the first may be the heads of a table without its name."""
        position = next((n for n, row in enumerate(rows) if not row.empty), len(rows))
        if position == len(rows):
            self.wrong(1, 1, "table-empty", say("The file has no rows."), say("Write heads and rows."))
            return
        first = rows[position]
        if table is not None and names_field(first.alone, table):
            position += 1
        elif table is None and not is_mark(first) and not first.alone and not self._is_scalar(first):
            table = self._table_of(first)
            if table is None:
                return
        if table is not None:
            self._section(table, [row for row in rows[position:] if not row.empty], 0)
            return
        while position < len(rows):
            row = rows[position]
            position += 1
            if row.empty or is_mark(row):
                continue
            section = next((f for f in self._item.fields.values() if row.alone and names_field(row.alone, f)), None)
            if section is not None and section.type in NESTED and not self._workbook:
                start = next((n for n in range(position, len(rows)) if not rows[n].empty), len(rows))
                position = next((n for n in range(start, len(rows)) if rows[n].empty), len(rows))
                self._section(section, rows[start:position], row.line)
            elif not (self._workbook and row.alone):
                self._field(row)

    def names_known(self, row: Row) -> int:
        """Return how many cells of *row* are names that the item knows."""
        wide = [cell for cell in row.cells if cell]
        if len(wide) < 2:
            return 0
        columns = max((sum(column_of(cell, f) != "" for cell in wide) for f in self._tables.values()), default=0)
        return columns or int(self._scalar(row.cells[0]) is not None) or 2 * int(is_mark(row))

    def _section(self, field: Field, rows: Sequence[Row], line: int) -> None:
        if field.type == "matrix":
            self._matrix(field, rows, line)
        elif field.type == "blocks":
            self._blocks(field, rows, line)
        else:
            self._table(field, rows, line)

    def _is_scalar(self, row: Row) -> bool:
        return self._scalar(row.cells[0]) is not None and sum(map(bool, row.cells)) <= 2 and not self._fitting(row)

    def _scalar(self, cell: str) -> tuple[dict[str, Tree], str, str] | None:
        """Return where the value of the field called *cell* belongs: mapping, key, and part of a group."""
        folded = fold(cell)
        for key, field in self._scalars.items():
            if folded in (fold(key), fold(field.name)):
                return self.fields, key, ""
            if field.type in PARTS and folded.startswith((fold(key) + ".", fold(field.name) + ".")):
                part = cell.rpartition(".")[2].strip()
                return self.fields, key, {name: own for own, name in PARTS[field.type].items()}.get(part, part)
        for key, name in HEAD_KEYS.items():
            if folded in (key, fold(name)) or (key == "date" and folded == fold(self._item.date_name)):
                return self.head, key, ""
        return None

    def _field(self, row: Row) -> None:
        text = row.cells[1] if len(row.cells) > 1 else ""
        nested = next(
            (f for f in self._item.fields.values() if f.type in NESTED and names_field(row.cells[0], f)), None
        )
        if nested is not None and text[:1] in "[{":
            self.fields[nested.key] = written.value(nested, text)
            self._placed((nested.key,), row.line, 2)
            return
        place = self._scalar(row.cells[0])
        if place is None:
            self._unknown(row.line, 1, row.cells[0], self._all_names())
            return
        for column, cell in enumerate(row.cells[2:], 3):
            if cell:
                self._too_many(row.line, column)
        into, key, part = place
        if self._workbook and not text:
            return
        self.places.setdefault((key,), Spot(self._sheet, row.line, 2))
        field = self._item.fields.get(key) if into is self.fields else None
        value: Tree = text or None
        if field is not None and not part:
            value = written.value(field, text)
        elif (field is not None and field.type == "range") or (field is None and key == "date"):
            kind = field.kind if field is not None and field.kind else "date"
            value = written.value(Field(key=part, name=part, type=kind), text)
        group = into.get(key)
        if part and isinstance(group, dict) and part not in group:
            group[part] = value
        elif key in into:
            self._twice(row.line, 1, row.cells[0])
        else:
            into[key] = {part: value} if part else value

    def _all_names(self) -> list[str]:
        return [*HEAD_KEYS.values(), *(f.name for f in self._item.fields.values()), *HEAD_KEYS, *self._item.fields]

    def _fitting(self, row: Row) -> list[Field]:
        heads = [cell for cell in row.cells if cell]
        return [f for f in self._tables.values() if heads and all(column_of(cell, f) for cell in heads)]

    def _table_of(self, heads: Row) -> Field | None:
        """Return the only table whose columns *heads* names; where there is none or several, say so."""
        fitting = self._fitting(heads)
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = ", ".join(f"{field.name} ({field.key})" for field in fitting)
            self.wrong(
                heads.line, 1, "table-which", say("These heads fit several tables: {names}.", names=names),
                say("Write the table's name alone in the line above, or give --from {key}=FILE.", key=fitting[0].key),
            )  # fmt: skip
            return None
        tables = sorted(self._tables.values(), key=lambda f: -sum(column_of(c, f) != "" for c in heads.cells))
        if tables and any(column_of(cell, tables[0]) for cell in heads.cells):
            return tables[0]
        self.wrong(
            heads.line, 1, "table-heads", say("The first line holds no heads of a table and no name of a field."),
            say("Known are: {names}.", names=", ".join(self._names_for_help())),
        )  # fmt: skip
        return None

    def _names_for_help(self) -> list[str]:
        columns = [f"{f.name}: {' / '.join(c.name for c in f.columns.values())}" for f in self._tables.values()]
        return [*columns, *(f.name for f in self._scalars.values())]

    def _begun(self, field: Field, rows: Sequence[Row], line: int, least: int) -> bool:
        if len(rows) < least:
            self.wrong(
                line, 1, "table-empty", say("“{name}” has no heads.", name=field.name),
                say("Write the heads of its columns in the next line."),
            )  # fmt: skip
        elif field.key in self.fields:
            self._twice(line, 1, field.name)
        else:
            return True
        return False

    def _table(self, field: Field, rows: Sequence[Row], line: int) -> None:
        if not self._begun(field, rows, line, 1):
            return
        heads = self._heads(field, rows[0])
        self._placed((field.key,), rows[0].line, 1)
        table: list[Tree] = []
        around: dict[str, dict[str, Tree]] = {"totals": {}, "footers": {}}
        whole: dict[str, Tree] = {"rows": table}
        for row in rows[1:]:
            name = next((cell for cell in row.cells if cell), "")
            if self._workbook and name in (UNIT, REMARK) and sum(map(bool, row.cells)) == 2:
                whole["unit" if name == UNIT else "note"] = [cell for cell in row.cells if cell][1]
                continue
            cells = self._cells(field, heads, row)
            if fold(name) in TOTALS:
                found = {key: value for key, value in cells.items() if value is not None and value != name}
                around["totals"] |= found
                for key in found:
                    self._placed((field.key, "totals", key), row.line, heads.index(key) + 1)
            elif name in field.footers:
                values = [value for value in cells.values() if value is not None and value != name]
                around["footers"][name] = values[0] if values else None
                self._placed((field.key, "footers", name), row.line, 1)
            else:
                self._row_placed((field.key, len(table)), row, heads)
                table.append(cells)
        if self._workbook:
            around["footers"] = {key: value for key, value in around["footers"].items() if value is not None}
        if self._workbook and not table and not around["totals"]:
            return
        whole |= {key: group for key, group in around.items() if group}
        self.fields[field.key] = whole if len(whole) > 1 else table

    def _cells(self, field: Field, heads: Sequence[str | None], row: Row) -> dict[str, Tree]:
        cells: dict[str, Tree] = {}
        for column, cell in enumerate(row.cells):
            key = heads[column] if column < len(heads) else None
            if key is None:
                if cell and column >= len(heads):
                    self._too_many(row.line, column + 1)
            elif cell or key in field.columns:
                inner = field.columns.get(key)
                cells[key] = written.value(inner, cell, field.unit) if inner is not None else cell
        return cells

    def _matrix(self, field: Field, rows: Sequence[Row], line: int) -> None:
        """Read the heads, of which the first stands above the labels, and the rows; a head 合计 is a row's total."""
        if not self._begun(field, rows, line, 2):
            return
        keys = {**dict.fromkeys(TOTALS, "total"), ROW_KEYS["note"]: "note"}
        heads = [keys.get(fold(head), head) for head in rows[0].cells]
        self._placed((field.key,), rows[0].line, 1)
        kind = Field(key="cell", name=field.name, type=field.kind or "money", unit=field.unit, words=field.words)
        table: list[Tree] = []
        for row in rows[1:]:
            cells: dict[str, Tree] = {"label": row.cells[0]}
            for column, cell in enumerate(row.cells[1:], 2):
                if column <= len(heads) and heads[column - 1]:
                    head = heads[column - 1]
                    cells[head] = (cell or None) if head == "note" else written.value(kind, cell)
                elif cell:
                    self._too_many(row.line, column)
            self._row_placed((field.key, len(table)), row, heads)
            if not (self._workbook and fold(row.cells[0]) in TOTALS and not any(row.cells[1:])):
                table.append(cells)
        columns: list[Tree] = [head for head in heads[1:] if head and head not in ("total", "note")]
        if self._workbook and not table:
            return
        self.fields[field.key] = {"columns": columns, "rows": table}

    def _blocks(self, field: Field, rows: Sequence[Row], line: int) -> None:
        if not self._begun(field, rows, line, 1):
            return
        heads = self._heads(field, rows[0])
        self._placed((field.key,), rows[0].line, 1)
        blocks: list[Tree] = []
        for row in rows[1:]:
            self._row_placed((field.key, len(blocks)), row, heads)
            blocks.append({key: value for key, value in self._cells(field, heads, row).items() if value is not None})
        if blocks or not self._workbook:
            self.fields[field.key] = blocks

    def _inner(self, blocks: Field, inner: Field, rows: Sequence[Row]) -> None:
        """Read the sheet of a table inside blocks; its first column tells to which of them a row belongs."""
        position = next((n for n, cell in enumerate(rows[0].cells) if fold(cell) == BELONGS), 0)
        listed = self.fields.get(blocks.key)
        known = listed if isinstance(listed, list) else []
        reading = OwnReading(self._item, self._file, workbook=True)
        reading._sheet = self._sheet
        by_block: dict[int, list[Row]] = {}
        for row in rows[1:]:
            index = row.cells[position] if position < len(row.cells) else ""
            if not _INDEX.fullmatch(index) or int(index) > len(known):
                self.wrong(
                    row.line, position + 1, "table-belongs",
                    say("The row belongs to no entry of “{name}”.", name=blocks.name),
                    say("Write the number of the entry: 1 for the first."),
                )  # fmt: skip
                continue
            cells = (*row.cells[:position], "", *row.cells[position + 1 :])
            by_block.setdefault(int(index), []).append(Row(row.line, cells))
        heads = Row(rows[0].line, (*rows[0].cells[:position], "", *rows[0].cells[position + 1 :]))
        for number, own in by_block.items():
            reading.fields, reading.places = {}, {}
            reading._section(inner, [heads, *own], heads.line)
            block = known[number - 1]
            if isinstance(block, dict) and inner.key in reading.fields:
                block[inner.key] = reading.fields[inner.key]
            for where, spot in reading.places.items():
                self.places[(blocks.key, number - 1, *where)] = spot
        self.problems += reading.problems

    def _heads(self, field: Field, row: Row) -> list[str | None]:
        heads: list[str | None] = []
        for column, cell in enumerate(row.cells, 1):
            key = column_of(cell, field) or None
            if cell and key is None:
                names = [*(c.name for c in field.columns.values()), *field.columns, *ROW_KEYS.values()]
                self._unknown(row.line, column, cell, names)
            elif key and key in heads:
                self._twice(row.line, column, cell)
            heads.append(key)
        return heads

    def _placed(self, where: Where, line: int, column: int) -> None:
        self.places[where] = Spot(self._sheet, line, column)

    def _row_placed(self, where: Where, row: Row, heads: Sequence[str | None]) -> None:
        self._placed(where, row.line, 1)
        for column, head in enumerate(heads, 1):
            if head:
                self._placed((*where, head), row.line, column)

    def _unknown(self, line: int, column: int, cell: str, names: Iterable[str]) -> None:
        known = list(names)
        near = get_close_matches(cell, known, 1, 0.7)
        fix = (
            say("Did you mean “{near}”?", near=near[0]) if near else say("Known are: {names}.", names=", ".join(known))
        )
        self.wrong(line, column, "table-unknown", say("“{name}” is not known here.", name=shown(cell)), fix)

    def _twice(self, line: int, column: int, name: str) -> None:
        message = say("“{name}” stands here a second time.", name=name)
        self.wrong(line, column, "table-twice", message, say("Keep one."))

    def _too_many(self, line: int, column: int) -> None:
        self.wrong(
            line, column, "table-too-many", say("This cell has no head above it."),
            say("Delete it, or put the value before it in quotes if it contains the delimiter."),
        )  # fmt: skip

    def wrong(self, line: int, column: int, code: str, message: Text, fix: Text | None) -> None:
        """Note what is wrong at a line and column of the sheet being read."""
        cell = cell_name(Spot(self._sheet, line, column)) if self._workbook else ""
        self.problems.append(
            Problem(code=code, message=message, fix=fix, file=self._file, line=line, column=column, cell=cell)
        )


def is_mark(row: Row) -> bool:
    """Return whether *row* is the heading 字段,值 of rows of fields."""
    filled = [fold(cell) for cell in row.cells if cell]
    return 2 <= len(filled) <= 3 and all(cell in known for cell, known in zip(filled, _MARKS, strict=False))
