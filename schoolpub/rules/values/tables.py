"""Tables and trees: rows of cells, the printed totals and the other printed lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from schoolpub.errors import Level, Where, say
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree
from schoolpub.rules.values.cells import SUM_NAMES, cell_of, is_sum_name, no_rows, note_of, unit_of
from schoolpub.rules.values.groups import known_keys
from schoolpub.rules.values.kinds import Part, Row, Table, Value
from schoolpub.rules.values.numbers import NUMBER_TYPES
from schoolpub.rules.values.written import around_rows, rows_of, stands_alone
from schoolpub.rules.values.wrong import Wrong, nearest, shown

if TYPE_CHECKING:
    from schoolpub.rules.values.reader import Reader

_TABLE_KEYS = ("unit", "rows", "totals", "footers", "note")


def read_table(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return a table, entered as a list of rows, as a mapping around it, or as one row alone."""
    listed = isinstance(tree, list) or stands_alone(tree, field.columns)
    if not listed and not isinstance(tree, dict):
        return reader.wrong(no_rows(field, "table"), where)
    around = around_rows(tree, field.columns)
    known_keys(reader, around, _TABLE_KEYS, where)
    unit = unit_of(reader, field, around, where)
    if not listed and not (isinstance(tree, dict) and isinstance(tree.get("rows"), list)):
        reader.wrong(no_rows(field, "table"), (*where, "rows"))
    trees = [(((*where, *place)), row) for place, row in rows_of(tree, field.columns)]
    totals = _totals(reader, field, around.get("totals"), unit, (*where, "totals"))
    note = note_of(reader, field, around.get("note"), (*where, "note"))
    total_row = None
    if not totals and len(trees) > 1 and _is_total(field, trees[-1][1]):
        place, last = trees.pop()
        total_row = len(trees)
        totals, said = _total_row(reader, field, last, unit, place)
        note = "；".join(filter(None, (note, said)))
    return Table(
        _rows(reader, field, trees, unit),
        unit,
        totals,
        _footers(reader, field, around.get("footers"), unit, (*where, "footers")),
        note,
        field.columns,
        listed=listed,
        total_row=total_row,
    )


def _heading(field: Field, tree: Tree) -> str:
    """Return the key of the column that says what the row in *tree* is: the first that is filled and no number."""
    texts = (key for key, column in field.columns.items() if column.type not in NUMBER_TYPES)
    return next((key for key in texts if isinstance(tree, dict) and tree.get(key)), "")


def _is_total(field: Field, tree: Tree) -> bool:
    """Return whether the row in *tree* holds the printed totals: it is called 合计."""
    return isinstance(tree, dict) and is_sum_name(tree.get(_heading(field, tree)))


def _total_row(reader: Reader, field: Field, tree: Tree, unit: str, where: Where) -> tuple[dict[str, Value], str]:
    """Return the totals that a last row holds, and its note."""
    assert isinstance(tree, dict)
    found: dict[str, Value] = {}
    note, heading = "", _heading(field, tree)
    for key, value in tree.items():
        column = field.columns.get(key)
        if column is not None and column.type in NUMBER_TYPES:
            found[key] = cell_of(reader, column, value, unit, where, {})
        elif column is not None and key != heading:
            found[key] = reader.text(value, column.name, (*where, key)) if value else None
        elif key == "note" and (said := note_of(reader, field, value, (*where, key))):
            note = f"{tree[heading]}：{said}"
        elif column is None and key not in ("note", "level"):
            _unknown_column(reader, field, key, (*where, key))
    return found, note


def _rows(reader: Reader, field: Field, trees: list[tuple[Where, Tree]], unit: str) -> tuple[Row, ...]:
    rows: list[Row] = []
    before = 0
    for where, tree in trees:
        row = _row(reader, field, tree, unit, where)
        if row.level > before + 1:
            _skipped_level(reader, row.level, before, where)
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
            cells[key] = cell_of(reader, column, value, unit, where, parts)
        elif key == "note":
            note = note_of(reader, field, value, (*where, key))
        elif key == "parts" and (priced := _priced(columns)) is not None and priced.key in tree:
            whole: Tree = {"value": tree[priced.key], "parts": value}
            cells[priced.key] = cell_of(reader, priced, whole, unit, where, parts)
        elif key == "level" and field.tree:
            level = _level(reader, value, (*where, key))
        else:
            _unknown_column(reader, field, key, (*where, key))
    for key, column in columns.items():
        if key not in cells and not column.optional:
            message = say("{column} is missing in this row of {name}", column=column.name, name=field.name)
            reader.wrong(Wrong("missing", message, say("Write {key}: …", key=key)), (*where, key))
    return Row(cells, level, note, parts)


def _priced(columns: Mapping[str, Field]) -> Field | None:
    """Return the column that the `parts` of a row are parts of: its first one of money."""
    return next((column for column in columns.values() if column.type in ("money", "price")), None)


def _unknown_column(reader: Reader, field: Field, key: str, where: Where) -> None:
    names = [*field.columns, "note", *(["level"] if field.tree else [])]
    message = say("{name} has no column {key}", name=field.name, key=shown(key))
    reader.wrong(Wrong("unknown-column", message, nearest(key, names)), where)


def _level(reader: Reader, tree: Tree, where: Where) -> int:
    if isinstance(tree, str) and tree in ("1", "2", "3", "4"):
        return int(tree)
    reader.wrong(
        Wrong("table-level", say("a level is a number from 1 to 4"), say("Write level: 1 for a main row.")), where
    )
    return 1


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
            found[key] = cell_of(reader, column, value, unit, where, {})
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
        if name not in field.footers and not name.endswith(tuple(SUM_NAMES)):
            # It is printed all the same: a line that no rule knows is no reason to lose it.
            message = say("{name} has no line {key}", name=field.name, key=shown(name))
            reader.wrong(Wrong("unknown-footer", message, nearest(name, field.footers), Level.WARNING), place)
        if isinstance(value, dict):
            found[name] = _totals(reader, field, value, unit, place)
        elif value is not None:
            found[name] = cell_of(reader, footer_field(field, name), value, unit, where, {})
    return found


def footer_field(field: Field, name: str) -> Field:
    """Return what a line below the table *field* holds when it is one number: the like of the column that is summed."""
    summed = next((column for column in field.columns.values() if column.total), None)
    return Field(key=name, name=name, type=summed.type if summed else "money", unit=summed.unit if summed else "")
