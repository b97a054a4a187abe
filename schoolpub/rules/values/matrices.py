"""Matrices: tables whose columns the record chooses, with a label and a total in each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schoolpub.errors import Where, say
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree
from schoolpub.rules.values.cells import cell_of, is_sum_name, no_rows, note_of, unit_of
from schoolpub.rules.values.groups import known_keys
from schoolpub.rules.values.kinds import Matrix, MatrixRow, Part, Value
from schoolpub.rules.values.numbers import NUMBER_TYPES
from schoolpub.rules.values.wrong import Wrong, nearest, shown

if TYPE_CHECKING:
    from schoolpub.rules.values.reader import Reader

_MATRIX_KEYS = ("columns", "unit", "rows", "totals", "sums", "note")
_MATRIX_ROW = ("label", "total", "note")


def read_matrix(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return a matrix: the columns that the record chose, and rows with a label; a list of rows chooses by its keys."""
    around = {} if isinstance(tree, list) else tree
    if not isinstance(around, dict):
        form = "{columns: […], rows: [{label: …, …}]}"
        return reader.wrong(
            Wrong(
                "value-matrix", say("{name} needs columns and rows", name=field.name), say("Write {form}.", form=form)
            ),
            where,
        )
    known_keys(reader, around, _MATRIX_KEYS, where)
    given = tree if isinstance(tree, list) else around.get("rows")
    rows, place = (given, (*where, "rows") if given is not tree else where) if isinstance(given, list) else ([], where)
    if not rows:
        reader.wrong(no_rows(field, "matrix"), (*where, "rows"))
    labelled = [_labelled(field, row, around.get("columns")) for row in rows]
    columns = _columns(reader, field, around.get("columns"), labelled, (*where, "columns"))
    unit = unit_of(reader, field, around, where)
    cell = Field(
        key="",
        name=field.name,
        type=field.kind or "money",
        unit=field.unit if field.kind else "",
        words=field.words,
        optional=True,
    )
    read = [_row(reader, cell, row, columns, unit, (*place, index)) for index, row in enumerate(labelled)]
    totals, total_row = {}, None
    if (printed := around.get("totals")) is not None:
        totals = _named_cells(reader, cell, printed, (*columns, "total"), unit, (*where, "totals"), {})
    elif len(read) > 1 and is_sum_name(read[-1].label) and cell.type in NUMBER_TYPES:
        last = read.pop()
        totals, total_row = dict(last.cells) | ({"total": last.total} if last.total is not None else {}), len(read)
    return Matrix(
        columns,
        tuple(read),
        unit,
        totals,
        note_of(reader, field, around.get("note"), (*where, "note")),
        _sums(reader, field, around.get("sums"), columns, (*where, "sums")),
        total_row,
        listed=isinstance(tree, list),
    )


def _labelled(field: Field, tree: Tree, columns: Tree) -> Tree:
    """Return the row in *tree* with its label under `label`: it may stand under another name that is no column's."""
    if not isinstance(tree, dict) or "label" in tree:
        return tree
    named = columns if isinstance(columns, list) else field.matrix_columns
    first = next((key for key in tree if key not in named and key not in _MATRIX_ROW), "")
    head = field.row_head if field.row_head in tree else first
    return {("label" if key == head else key): value for key, value in tree.items()}


def _sums(
    reader: Reader, field: Field, tree: Tree, columns: tuple[str, ...], where: Where
) -> dict[str, dict[str, int]]:
    """Return the columns that are sums of others in their row: `内宿合计: [学费, 住宿费, -减免]`."""
    if tree is None:
        return {}
    if not isinstance(tree, dict):
        form = say("Write {form}.", form="sums: {…: [" + ", ".join(columns) + "]}")
        return reader.wrong(Wrong("matrix-sums", say("{name} is not a list", name="sums"), form), where) or {}
    found: dict[str, dict[str, int]] = {}
    for into, named in tree.items():
        parts = [part for part in (named if isinstance(named, list) else [named]) if isinstance(part, str)]
        signs = {part.removeprefix("-"): -1 if part.startswith("-") and part not in columns else 1 for part in parts}
        for name in (into, *signs):
            if name not in columns:
                _unknown_column(reader, field, name, columns, (*where, into))
        found[into] = signs
    return found


def _unknown_column(reader: Reader, field: Field, name: str, columns: tuple[str, ...], where: Where) -> None:
    message = say("{name} has no column {key}", name=field.name, key=shown(name))
    reader.wrong(Wrong("unknown-column", message, nearest(name, columns)), where)


def _columns(reader: Reader, field: Field, tree: Tree, rows: list[Tree], where: Where) -> tuple[str, ...]:
    fixed = field.matrix_columns
    if tree is None:
        used = dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row if key not in _MATRIX_ROW)
        return fixed or tuple(used)
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
            _unknown_column(reader, field, name, fixed, (*where, index))
    return tuple(dict.fromkeys(names))


def _row(reader: Reader, cell: Field, tree: Tree, columns: tuple[str, ...], unit: str, where: Where) -> MatrixRow:
    label = tree.get("label") if isinstance(tree, dict) else None
    if not isinstance(tree, dict) or not isinstance(label, str):
        message = say("this row of {name} has no label", name=cell.name)
        reader.wrong(Wrong("value-row", message, say("Write {form}.", form="{label: …}")), where)
        return MatrixRow("", {})
    given = {key: value for key, value in tree.items() if key not in ("label", "note")}
    parts: dict[str, tuple[Part, ...]] = {}
    cells = _named_cells(reader, cell, given, (*columns, "total"), unit, where, parts)
    total = cells.pop("total", None)
    return MatrixRow(label, cells, total, note_of(reader, cell, tree.get("note"), (*where, "note")), parts)


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
        reader.wrong(no_rows(cell, "matrix"), where)
        return {}
    found: dict[str, Value] = {}
    for key, value in tree.items():
        if key not in columns:
            message = say("{name} has no column {key}", name=cell.name, key=shown(key))
            reader.wrong(Wrong("unknown-column", message, nearest(key, columns)), (*where, key))
            continue
        found[key] = cell_of(reader, _named(cell, key), value, unit, where, parts)
    return found


def _named(cell: Field, key: str) -> Field:
    return Field(key=key, name=key, type=cell.type, unit=cell.unit, words=cell.words, optional=True)
