"""Tables and matrices as plain blocks: heads over heads, trees, totals, merged cells; shaped as `field_blocks` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from schoolpub.model.catalogue import Field, Head
from schoolpub.rules.totals import column_totals, own_cells
from schoolpub.rules.values import Matrix, MatrixRow, Number, Part, Row, Table, Value
from schoolpub.rules.values.tables import footer_field
from schoolpub.views.fields import field_text
from schoolpub.views.fields.field_text import NOTHING, Around

Block = dict[str, Any]

_NOTE = "备注"
_CENTRED = frozenset({"choice", "yes-no", "date", "month", "period", "datetime", "person"})


def table(field: Field, value: Table, around: Around = NOTHING) -> Block:
    """Return *value*, the table in *field*, as a block."""
    columns = _used(value.columns or field.columns, value)
    noted = any(row.note for row in value.rows) and not any(c.name == _NOTE for c in columns.values())
    keys = list(columns)
    rows = [_row(row, columns, around, noted) for row in value.rows]
    _merge(rows, [i for i, key in enumerate(keys) if columns[key].merge])
    rows += _total(field, value, columns, noted)
    rows += [_footer(footer_field(field, name), footer, columns, noted) for name, footer in value.footers.items()]
    aligned = [{"key": key, "align": _align(column)} for key, column in columns.items()]
    if noted:
        aligned.append({"key": "note", "align": "left"})
    heads = _heads(columns, field.heads, aligned)
    if noted:
        heads[0].append({"text": _NOTE, "colspan": 1, "rowspan": len(heads), "align": "left"})
    priced = any(c.type in field_text.MONEY for c in columns.values())
    return {
        "kind": "table",
        "key": field.key,
        "name": field.name,
        "unit": (value.unit or field.unit or "元") if priced else value.unit,
        "heads": heads,
        "rows": rows,
        "note": value.note,
        "columns": aligned,
    }


def matrix(field: Field, value: Matrix) -> Block:
    """Return *value*, the matrix in *field*, as a block."""
    kind = field.kind or "money"
    cell = Field(key="", name="", type=kind, unit=value.unit or field.unit)
    summed = (field.matrix_total in ("row", "both") and not value.sums) or any(r.total is not None for r in value.rows)
    noted = any(row.note for row in value.rows) and _NOTE not in value.columns
    names = [*value.columns, *(["合计"] if summed else [])]
    aligned = [{"key": "", "align": "left"}, *({"key": name, "align": _align(cell)} for name in names)]
    rows = [_matrix_row(row, value, cell, summed) for row in value.rows]
    if value.totals or field.matrix_total in ("column", "both"):
        rows.append(_matrix_total(value, cell, summed))
    head = [field.row_head, *names]
    if noted:
        head.append(_NOTE)
        aligned.append({"key": "note", "align": "left"})
        for line in rows:
            line["cells"].append(_cell(line["note"], "left"))
    return {
        "kind": "table",
        "key": field.key,
        "name": field.name,
        "unit": (value.unit or field.unit or "元") if kind in field_text.MONEY else value.unit or field.unit,
        "heads": [[_head(text, a["align"]) for text, a in zip(head, aligned, strict=True)]],
        "rows": rows,
        "note": value.note,
        "columns": aligned,
    }


def _used(columns: Mapping[str, Field], value: Table) -> dict[str, Field]:
    """Return the columns that something stands in; an optional one that is empty throughout is not shown."""
    return {
        key: column
        for key, column in columns.items()
        if not column.optional or key in value.totals or any(row.cells.get(key) is not None for row in value.rows)
    }


def _align(column: Field) -> str:
    if column.type in field_text.NUMERIC:
        return "right"
    return "center" if column.type in _CENTRED else "left"


def _head(text: str, align: str, colspan: int = 1, rowspan: int = 1) -> Block:
    return {"text": text, "colspan": colspan, "rowspan": rowspan, "align": align}


def _cell(text: str, align: str, colspan: int = 1, parts: Sequence[Block] = (), url: str = "") -> Block:
    return {"text": text, "align": align, "colspan": colspan, "rowspan": 1, "parts": list(parts), "url": url}


def _heads(
    columns: Mapping[str, Field], heads: Sequence[Head], aligned: Sequence[Mapping[str, str]]
) -> list[list[Block]]:
    """Return the rows of heads: a head stands above the columns and the smaller heads that it covers."""
    by_size = sorted(heads, key=lambda h: -len(h.over))
    chains = {key: [h for h in by_size if key in h.over] for key in columns}
    depth = max((len(c) for c in chains.values()), default=0) + 1
    rows: list[list[Block]] = []
    for level in range(depth):
        row: list[Block] = []
        above: Head | None = None
        for (key, column), place in zip(columns.items(), aligned, strict=False):
            chain = chains[key]
            if len(chain) == level:
                row.append(_head(_column_name(column), place["align"], rowspan=depth - level))
                above = None
            elif len(chain) > level:
                if chain[level] is above:
                    row[-1]["colspan"] += 1
                else:
                    above = chain[level]
                    row.append(_head(above.name, "center"))
            else:
                above = None
        rows.append(row)
    return rows


def _column_name(column: Field) -> str:
    plain = not column.unit or column.unit in ("元", "万元", "%") or column.unit in column.name
    return column.name if plain else f"{column.name}（{column.unit}）"


def _row(row: Row, columns: Mapping[str, Field], around: Around, noted: bool) -> Block:
    cells = [
        _cell(
            field_text.words(row.cells.get(key), column, around),
            _align(column),
            parts=[_part(p, column) for p in row.parts.get(key, ())],
            url=field_text.address(row.cells.get(key), column, around),
        )
        for key, column in columns.items()
    ]
    if noted:
        cells.append(_cell(row.note, "left"))
    return {"level": max(0, row.level - 1), "kind": "row", "note": row.note, "cells": cells}


def _part(part: Part, column: Field) -> Block:
    return {"name": part.name, "text": field_text.number(part.amount, column.type)}


def _merge(rows: list[Block], places: Sequence[int]) -> None:
    """Merge equal cells that stand below each other in the columns at *places*."""
    covered: set[tuple[int, int]] = set()
    for place in places:
        top = 0
        for index in range(1, len(rows)):
            if rows[index]["cells"][place]["text"] == rows[top]["cells"][place]["text"] != "":
                rows[top]["cells"][place]["rowspan"] += 1
                covered.add((index, place))
            else:
                top = index
    for index, row in enumerate(rows):
        row["cells"] = [cell for place, cell in enumerate(row["cells"]) if (index, place) not in covered]


def _total(field: Field, value: Table, columns: Mapping[str, Field], noted: bool) -> list[Block]:
    """Return the row of totals: those that were printed, else those that the tool computes."""
    summed = [key for key, column in columns.items() if column.total]
    if not value.rows or not (summed or value.totals):
        return []
    sums = column_totals(value, field) if summed and not value.totals else {}
    texts = {}
    for key, column in columns.items():
        if (printed := value.totals.get(key)) is not None:
            texts[key] = field_text.words(printed, column)
        elif key in sums:
            texts[key] = field_text.computed(sums[key], column.type, value.unit or column.unit)
    return [_line("合计", texts, columns, "total", noted)]


def _footer(line: Field, footer: Value, columns: Mapping[str, Field], noted: bool) -> Block:
    if isinstance(footer, Mapping):
        texts = {key: field_text.words(footer.get(key), column) for key, column in columns.items()}
        return _line(line.name, texts, columns, "footer", noted)
    width = len(columns) - 1 + noted
    cells = [_cell(line.name, "left"), _cell(field_text.words(footer, line), "right", max(1, width))]
    return {"level": 0, "kind": "footer", "note": "", "cells": cells}


def _line(name: str, texts: Mapping[str, str], columns: Mapping[str, Field], kind: str, noted: bool) -> Block:
    """Return a line below the rows; its name stretches to the first column that it fills."""
    keys = list(columns)
    filled = next((i for i, key in enumerate(keys) if texts.get(key)), len(keys))
    cells = [_cell(name, "left", max(1, filled))]
    cells += [_cell(texts.get(key, ""), _align(columns[key])) for key in keys[max(1, filled) :]]
    if noted:
        cells.append(_cell("", "left"))
    return {"level": 0, "kind": kind, "note": "", "cells": cells}


def _matrix_row(row: MatrixRow, value: Matrix, cell: Field, summed: bool) -> Block:
    cells = [_cell(row.label, "left")]
    for name in value.columns:
        parts = [_part(p, cell) for p in row.parts.get(name, ())]
        cells.append(_cell(field_text.words(row.cells.get(name), cell), _align(cell), parts=parts))
    if summed:
        total = row.total if row.total is not None else _sum(own_cells(value, row), cell)
        cells.append(_cell(field_text.words(total, cell), _align(cell)))
    return {"level": 0, "kind": "row", "note": row.note, "cells": cells}


def _matrix_total(value: Matrix, cell: Field, summed: bool) -> Block:
    printed = value.totals
    totals = [_or(printed.get(n), [r.cells.get(n) for r in value.rows], cell) for n in value.columns]
    texts = [field_text.words(total, cell) for total in totals]
    if summed:
        everything = [cell for row in value.rows for cell in own_cells(value, row)]
        texts.append(field_text.words(_or(printed.get("total"), everything, cell), cell))
    cells = [_cell("合计", "left"), *(_cell(text, _align(cell)) for text in texts)]
    return {"level": 0, "kind": "total", "note": "", "cells": cells}


def _or(printed: Value, values: Sequence[Value], cell: Field) -> Value:
    return printed if printed is not None else _sum(values, cell)


def _sum(values: Sequence[Value], cell: Field) -> Number | None:
    numbers = [v.amount for v in values if isinstance(v, Number)]
    if not numbers:
        return None
    total = sum(numbers, Decimal(0))
    return Number(total, f"{total:f}", cell.unit)
