"""A matrix on a school's own sheet: grades by charges, classes by points, questions by answers, months by heads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schoolpub.errors import Problem, Where
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.grid import Grid
from schoolpub.rules.sheets.own_book import placed
from schoolpub.rules.sheets.rows import ROW_KEYS, TOTALS, Spot, fold
from schoolpub.rules.values.numbers import NUMBER_TYPES, read_cell
from schoolpub.rules.values.wrong import Wrong

_RUNNING = frozenset(["序号", "编号", "行次"])
_FEWEST = 2
"""Columns and rows that make a matrix."""


@dataclass(slots=True)
class MatrixFound:
    """A matrix that was read: its field and value, and where all of it stands."""

    key: str
    tree: Tree
    corner: tuple[Spot, str]
    taken: set[tuple[int, int]] = field(default_factory=set)
    places: dict[Where, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def matrix_of(grid: Grid, fields: Mapping[str, Field], unit: str, file: str) -> MatrixFound | None:
    """Return the first matrix in the sheet: a row of heads, and below it labels with figures or marks."""
    for before, first in zip(grid.rows, grid.rows[1:], strict=False):
        heads = _heads(grid, before)
        label = min(heads, default=0)
        columns = {c: text for c, text in heads.items() if c > label}
        if len(columns) < _FEWEST or any(grid.number(before, c) for c in heads):
            continue
        key = _field_for(grid, first, columns, fields)
        if not key:
            continue
        if fields[key].kind != "percent":  # 满意率 beside counts is no column of theirs
            columns = {c: text for c, text in columns.items() if not grid.text(first, c).endswith("%")}
        rows = []
        for row in grid.rows:
            if row >= first:
                if not _is_row(grid, row, label, columns, _kind(fields[key])):
                    break
                rows.append(row)
        if len(rows) >= _FEWEST:
            return _read(grid, before, label, columns, rows, fields[key], unit, file)
    return None


def _heads(grid: Grid, row: int) -> dict[int, str]:
    heads = {c: grid.head(row, c) for c in range(1, grid.width + 1) if grid.head(row, c)}
    left = min(heads, default=1)
    if heads and left > 1 and len(set(heads.values())) > 1:
        heads[left - 1] = ""  # labels without a head of their own
    heads = {c: text for c, text in heads.items() if fold(text) not in _RUNNING}
    return heads if len(set(heads.values())) == len(heads) else {}


def _kind(own: Field) -> Field:
    return Field(key="cell", name=own.name, type=own.kind or "money", unit=own.unit, words=own.words)


def _field_for(grid: Grid, row: int, columns: Mapping[int, str], fields: Mapping[str, Field]) -> str:
    """Return the matrix whose kind the figures are: percentages, or the first other."""
    percent = sum(grid.text(row, c).endswith("%") for c in columns) * 2 > len(columns)
    fitting = [key for key, own in fields.items() if (own.kind == "percent") == percent]
    return fitting[0] if fitting and any(grid.number(row, c) for c in columns) else ""


def _is_row(grid: Grid, row: int, label: int, columns: Mapping[int, str], kind: Field) -> bool:
    if not grid.text(row, label) or grid.number(row, label):
        return False
    filled = [c for c in columns if grid.text(row, c) or (row, c) in grid.wrong]
    good = [c for c in filled if (row, c) in grid.wrong or grid.number(row, c) or _word(grid.text(row, c), kind)]
    return len(good) >= min(_FEWEST, len(columns))


def _word(text: str, kind: Field) -> bool:
    return kind.type in NUMBER_TYPES and not isinstance(read_cell(text, kind, kind.unit, marks=True), Wrong)


def _read(
    grid: Grid, top: int, label: int, columns: Mapping[int, str], rows: list[int], own: Field, unit: str, file: str
) -> MatrixFound:
    special = {**dict.fromkeys(TOTALS, "total"), fold(ROW_KEYS["note"]): "note"}
    keys = {c: special.get(fold(text), text) for c, text in columns.items()}
    kind, name = _kind(own), grid.sheet.name
    corner = Spot(name, top, label)
    found = MatrixFound(own.key, None, (corner, grid.head(top, label) or own.name))
    found.places[own.key,] = corner
    found.taken |= {(top, c) for c in (label, *columns)}
    found.taken |= {(a.top, a.left) for a in grid.sheet.merged if a.left >= label and a.top < top <= a.bottom + 1}
    listed: list[Tree] = []
    totals: dict[str, Tree] = {}
    for row in rows:
        text = grid.text(row, label)
        summed = fold(text) in TOTALS
        place: Where = (own.key, "totals") if summed else (own.key, len(listed))
        cells: dict[str, Tree] = {} if summed else {"label": text}
        found.places[place] = Spot(name, row, label)
        found.taken.add((row, label))
        for column, key in keys.items():
            spot = Spot(name, row, column)
            found.taken.add((row, column))
            found.places[*place, key] = spot
            if (row, column) in grid.wrong:
                found.problems.append(placed(grid.wrong[row, column], file, spot))
            elif key == "note":
                cells[key] = grid.text(row, column) or None
            else:
                cells[key] = written.value(kind, grid.text(row, column))
        if summed:
            totals = {key: value for key, value in cells.items() if value is not None and key != "note"}
        else:
            listed.append(cells)
    whole: dict[str, Tree] = {"columns": [key for key in keys.values() if key not in ("total", "note")], "rows": listed}
    if unit == "万元" and kind.type in ("money", "price") and own.unit != "万元":
        whole = {"unit": "万元", **whole}
    found.tree = {**whole, "totals": totals} if totals else whole
    return found
