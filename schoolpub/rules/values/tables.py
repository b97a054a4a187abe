"""Tables, trees and matrices: rows of cells, the printed totals and the other printed lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from schoolpub.errors import Where, say
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree
from schoolpub.rules.values.groups import known_keys
from schoolpub.rules.values.kinds import Matrix, MatrixRow, Number, Part, Row, Table, Value
from schoolpub.rules.values.numbers import NUMBER_TYPES, read_cell, read_number
from schoolpub.rules.values.wrong import Wrong, nearest, shown

if TYPE_CHECKING:
    from schoolpub.rules.values.reader import Reader

_TABLE_KEYS = ("unit", "rows", "totals", "footers", "note")
_MATRIX_KEYS = ("columns", "unit", "rows", "totals", "note")
_MATRIX_ROW = ("label", "total", "note")


def read_table(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return a table, entered as a list of rows or as a mapping around it."""
    if isinstance(tree, list):
        unit = reader.unit_of(field)
        return Table(_rows(reader, field, tree, unit, where), unit, columns=field.columns)
    if not isinstance(tree, dict):
        return reader.wrong(_no_rows(field, "table"), where)
    known_keys(reader, tree, _TABLE_KEYS, where)
    unit = _unit(reader, field, tree, where)
    rows = tree.get("rows")
    if not isinstance(rows, list):
        reader.wrong(_no_rows(field, "table"), (*where, "rows"))
        rows = []
    return Table(
        _rows(reader, field, rows, unit, (*where, "rows")),
        unit,
        _totals(reader, field, tree.get("totals"), unit, (*where, "totals")),
        _footers(reader, field, tree.get("footers"), unit, (*where, "footers")),
        _note(reader, field, tree.get("note"), (*where, "note")),
        field.columns,
        listed=False,
    )


def _no_rows(field: Field, kind: str) -> Wrong:
    return Wrong(
        f"value-{kind}", say("{name} has no rows", name=field.name), say("Write a list of rows, each after a dash.")
    )


def _unit(reader: Reader, field: Field, tree: Mapping[str, Tree], where: Where) -> str:
    named = reader.text(tree.get("unit"), field.name, (*where, "unit")) if tree.get("unit") is not None else None
    return named or reader.unit_of(field)


def _note(reader: Reader, field: Field, tree: Tree, where: Where) -> str:
    return (reader.text(tree, field.name, where) or "") if tree is not None else ""


def _rows(reader: Reader, field: Field, trees: list[Tree], unit: str, where: Where) -> tuple[Row, ...]:
    rows: list[Row] = []
    before = 0
    for index, tree in enumerate(trees):
        row = _row(reader, field, tree, unit, (*where, index))
        if row.level > before + 1:
            _skipped_level(reader, row.level, before, (*where, index))
        before = row.level
        rows.append(row)
    return tuple(rows)


def _skipped_level(reader: Reader, level: int, before: int, where: Where) -> None:
    if before:
        message = say("a row of level {level} follows one of level {before}", level=level, before=before)
    else:
        message = say("the first row has level {level}", level=level)
    reader.wrong(Wrong("table-level", message, say("Write level: {most} at most.", most=before + 1)), (*where, "level"))


def _row(reader: Reader, field: Field, tree: Tree, unit: str, where: Where) -> Row:
    """Return a row; one that cannot be read stays as an empty row, so that positions remain those of the file."""
    columns = field.columns
    if not isinstance(tree, dict) or not tree:
        form = "{" + ", ".join(f"{key}: …" for key in columns) + "}"
        message = say("this row of {name} is empty", name=field.name)
        reader.wrong(Wrong("value-row", message, say("Write {form}.", form=form)), where)
        return Row({}, 1)
    cells: dict[str, Value] = {}
    parts: dict[str, tuple[Part, ...]] = {}
    level, note = 1, ""
    for key, value in tree.items():
        column = columns.get(key)
        if column is not None:
            cells[key] = _cell(reader, column, value, unit, where, parts)
        elif key == "note":
            note = _note(reader, field, value, (*where, key))
        elif key == "level" and field.tree:
            level = _level(reader, value, (*where, key))
        else:
            names = [*columns, "note", *(["level"] if field.tree else [])]
            message = say("{name} has no column {key}", name=field.name, key=shown(key))
            reader.wrong(Wrong("unknown-column", message, nearest(key, names)), (*where, key))
    for key, column in columns.items():
        if key not in cells and not column.optional:
            message = say("{column} is missing in this row of {name}", column=column.name, name=field.name)
            reader.wrong(Wrong("missing", message, say("Write {key}: …", key=key)), (*where, key))
    return Row(cells, level, note, parts)


def _level(reader: Reader, tree: Tree, where: Where) -> int:
    if isinstance(tree, str) and tree in ("1", "2", "3", "4"):
        return int(tree)
    reader.wrong(
        Wrong("table-level", say("a level is a number from 1 to 4"), say("Write level: 1 for a main row.")), where
    )
    return 1


def _cell(
    reader: Reader, column: Field, tree: Tree, unit: str, where: Where, parts: dict[str, tuple[Part, ...]]
) -> Value:
    """Return a cell; where it is a sum of named parts, put these into *parts*."""
    kind = column.type
    if kind not in NUMBER_TYPES:
        if (tree is None or tree == "") and not column.optional:
            message = say("{name} is empty", name=column.name)
            return reader.wrong(Wrong("missing", message, say("Write {key}: …", key=column.key)), (*where, column.key))
        return reader.value(column, tree, (*where, column.key))
    if tree is None:
        return None
    own = column.unit or (unit if kind in ("money", "price") else "%" if kind == "percent" else "")
    if type(tree) is str:
        found = read_cell(tree, column, own, marks=True)
        return reader.wrong(found, (*where, column.key)) if isinstance(found, Wrong) else found
    return _parted(reader, column, tree, own, (*where, column.key), parts)


def _parted(
    reader: Reader, column: Field, tree: Tree, unit: str, where: Where, parts: dict[str, tuple[Part, ...]]
) -> Value:
    """Return the value of a cell `{value, parts}`, whose parts must sum to it."""
    form = say("Write {form}.", form="{value: 164.00, parts: [{name: …, amount: 61.00}]}")
    if not isinstance(tree, dict) or not isinstance(tree.get("value"), str):
        return reader.wrong(Wrong("value-cell", say("{name} is not one value", name=column.name), form), where)
    known_keys(reader, tree, ("value", "parts"), where)
    found = read_cell(str(tree["value"]), column, unit, marks=True)
    if isinstance(found, Wrong):
        return reader.wrong(found, (*where, "value"))
    named = tree.get("parts")
    entries = named if isinstance(named, list) else []
    read: list[Part] = []
    for index, entry in enumerate(entries):
        place = (*where, "parts", index)
        if (
            not isinstance(entry, dict)
            or not isinstance(entry.get("name"), str)
            or not isinstance(entry.get("amount"), str)
        ):
            reader.wrong(
                Wrong("value-cell", say("a part of {name} needs a name and an amount", name=column.name), form), place
            )
            continue
        known_keys(reader, entry, ("name", "amount"), place)
        amount = read_number(str(entry["amount"]), column.type, unit)
        if isinstance(amount, Wrong):
            reader.wrong(amount, (*place, "amount"))
        else:
            read.append(Part(str(entry["name"]), amount))
    if not entries:
        return reader.wrong(Wrong("value-cell", say("{name} has no parts", name=column.name), form), where)
    parts[column.key] = tuple(read)
    total = sum(part.amount.amount for part in read)
    if isinstance(found, Number) and len(read) == len(entries) and total != found.amount:
        message = say(
            "the parts of {name} sum to {total}, entered is {value}, difference {difference}",
            name=column.name, total=f"{total:,f}", value=f"{found.amount:,f}", difference=f"{total - found.amount:,f}",
        )  # fmt: skip
        reader.wrong(Wrong("cell-parts", message, say("Check the parts and the value.")), where)
    return found


def _totals(reader: Reader, field: Field, tree: Tree, unit: str, where: Where) -> dict[str, Value]:
    """Return the printed totals, by column."""
    if tree is None:
        return {}
    numeric = {key: column for key, column in field.columns.items() if column.type in NUMBER_TYPES}
    if not isinstance(tree, dict):
        form = "{" + ", ".join(f"{key}: …" for key in numeric) + "}"
        reader.wrong(
            Wrong(
                "value-totals",
                say("the totals of {name} are not by column", name=field.name),
                say("Write {form}.", form=form),
            ),
            where,
        )
        return {}
    found = {}
    for key, value in tree.items():
        if column := numeric.get(key):
            found[key] = _cell(reader, column, value, unit, where, {})
        else:
            message = say("{name} has no column {key} that can be summed", name=field.name, key=shown(key))
            reader.wrong(Wrong("unknown-column", message, nearest(key, numeric)), (*where, key))
    return found


def _footers(reader: Reader, field: Field, tree: Tree, unit: str, where: Where) -> dict[str, Value]:
    """Return the other printed lines: each a number, or numbers by column."""
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        reader.wrong(
            Wrong(
                "value-footers",
                say("the lines below {name} need names", name=field.name),
                say("Write {form}.", form="{…: 0.00}"),
            ),
            where,
        )
        return {}
    found: dict[str, Value] = {}
    for name, value in tree.items():
        place = (*where, name)
        if name not in field.footers:
            message = say("{name} has no line {key}", name=field.name, key=shown(name))
            reader.wrong(Wrong("unknown-footer", message, nearest(name, field.footers)), place)
        elif isinstance(value, dict):
            found[name] = _totals(reader, field, value, unit, place)
        elif value is not None:
            found[name] = _cell(reader, Field(key=name, name=name, type="money"), value, unit, where, {})
    return found


def read_matrix(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return a matrix: the columns that the record chose, and rows with a label."""
    if not isinstance(tree, dict):
        form = "{columns: […], rows: [{label: …, …}]}"
        return reader.wrong(
            Wrong(
                "value-matrix", say("{name} needs columns and rows", name=field.name), say("Write {form}.", form=form)
            ),
            where,
        )
    known_keys(reader, tree, _MATRIX_KEYS, where)
    columns = _matrix_columns(reader, field, tree.get("columns"), (*where, "columns"))
    unit = _unit(reader, field, tree, where)
    rows = tree.get("rows")
    if not isinstance(rows, list) or not rows:
        reader.wrong(_no_rows(field, "matrix"), (*where, "rows"))
        rows = []
    cell = Field(
        key="",
        name=field.name,
        type=field.kind or "money",
        unit=field.unit if field.kind else "",
        words=field.words,
        optional=True,
    )
    read = (_matrix_row(reader, cell, row, columns, unit, (*where, "rows", index)) for index, row in enumerate(rows))
    totals = {}
    if (given := tree.get("totals")) is not None:
        totals = _named_cells(reader, cell, given, (*columns, "total"), unit, (*where, "totals"), {})
    return Matrix(
        columns,
        tuple(read),
        unit,
        totals,
        _note(reader, field, tree.get("note"), (*where, "note")),
    )


def _matrix_columns(reader: Reader, field: Field, tree: Tree, where: Where) -> tuple[str, ...]:
    fixed = field.matrix_columns
    if tree is None and fixed:
        return fixed
    names = [name for name in tree if isinstance(name, str)] if isinstance(tree, list) else []
    if not names or not isinstance(tree, list) or len(names) != len(tree):
        form = "columns: [" + ", ".join(fixed or ("…",)) + "]"
        reader.wrong(
            Wrong(
                "matrix-columns",
                say("{name} does not name its columns", name=field.name),
                say("Write {form}.", form=form),
            ),
            where,
        )
    for index, name in enumerate(names):
        if name in names[:index] or name in _MATRIX_ROW:
            message = say("the column {name} cannot be used here: the name is taken", name=shown(name))
            reader.wrong(Wrong("matrix-columns", message, say("Give each column a name of its own.")), (*where, index))
        elif fixed and name not in fixed:
            message = say("{name} has no column {key}", name=field.name, key=shown(name))
            reader.wrong(Wrong("unknown-column", message, nearest(name, fixed)), (*where, index))
    return tuple(dict.fromkeys(names))


def _matrix_row(
    reader: Reader, cell: Field, tree: Tree, columns: tuple[str, ...], unit: str, where: Where
) -> MatrixRow:
    label = tree.get("label") if isinstance(tree, dict) else None
    if not isinstance(tree, dict) or not isinstance(label, str):
        message = say("this row of {name} has no label", name=cell.name)
        reader.wrong(Wrong("value-row", message, say("Write {form}.", form="{label: …}")), where)
        return MatrixRow("", {})
    given = {key: value for key, value in tree.items() if key not in ("label", "note")}
    parts: dict[str, tuple[Part, ...]] = {}
    cells = _named_cells(reader, cell, given, (*columns, "total"), unit, where, parts)
    total = cells.pop("total", None)
    return MatrixRow(label, cells, total, _note(reader, cell, tree.get("note"), (*where, "note")), parts)


def _named_cells(
    reader: Reader,
    cell: Field,
    tree: Tree,
    columns: tuple[str, ...],
    unit: str,
    where: Where,
    parts: dict[str, tuple[Part, ...]],
) -> dict[str, Value]:
    if not isinstance(tree, dict):
        reader.wrong(_no_rows(cell, "matrix"), where)
        return {}
    found: dict[str, Value] = {}
    for key, value in tree.items():
        if key not in columns:
            message = say("{name} has no column {key}", name=cell.name, key=shown(key))
            reader.wrong(Wrong("unknown-column", message, nearest(key, columns)), (*where, key))
            continue
        found[key] = _cell(reader, _named(cell, key), value, unit, where, parts)
    return found


def _named(cell: Field, key: str) -> Field:
    return Field(key=key, name=key, type=cell.type, unit=cell.unit, words=cell.words, optional=True)
