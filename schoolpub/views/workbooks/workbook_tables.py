"""The sheets of tables, matrices and blocks: made, and read again at once to see that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from schoolpub.model.book import letters
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.own import OwnReading
from schoolpub.rules.sheets.rows import BELONGS, REMARK, ROW_KEYS, UNIT, Row, sheet_title
from schoolpub.rules.values.numbers import NUMBER_TYPES
from schoolpub.views.workbooks.workbook_cells import Box, Page, text_rows, value_box

BLANK_ROWS = 20
"""Rows that a blank table offers above its total."""
_WIDTHS = {"text": 22, "long-text": 46, "money": 15, "date": 13, "integer": 10, "percent": 11}


def nested_pages(item: Item, own: Field, value: Tree, blank: bool) -> list[Page] | None:
    """Return the sheets of a table, matrix or blocks; None when no sheet gives back *value*."""
    if own.type == "matrix":
        made: list[Page] | None = _matrix_pages(own, value, blank)
    elif own.type == "blocks":
        made = _block_pages(own, value, blank)
    else:
        made = _table_pages(own, value, blank, sheet_title(own.name))
    if made is None or value is None:
        return made
    reading = OwnReading(item, "", workbook=True)
    for page in made:
        reading.sheet(page.title, text_rows(page))
    same = not reading.problems and bare(reading.fields.get(own.key)) == bare(value)
    return made if same else None


def section_rows(item: Item, own: Field, value: Tree) -> list[list[str]] | None:
    """Return a table as rows of texts for a CSV file; None when these would not give back *value*."""
    made = nested_pages(item, own, value, False)
    if made is None or len(made) != 1:
        return None
    rows = text_rows(made[0])
    reading = OwnReading(item, "")
    reading.read([Row(1, (own.name,)), *rows], None)
    same = not reading.problems and bare(reading.fields.get(own.key)) == bare(value)
    return [list(row.cells) for row in rows] if same else None


def bare(tree: Tree) -> Tree:
    """Return *tree* without what is empty, and a table with nothing around its rows as these alone."""
    if isinstance(tree, dict):
        kept = {key: bare(child) for key, child in tree.items() if child is not None and child != {}}
        return kept["rows"] if set(kept) == {"rows"} else kept
    return [bare(child) for child in tree] if isinstance(tree, list) else tree


def _table_pages(own: Field, value: Tree, blank: bool, title: str, *, belongs: bool = False) -> list[Page] | None:
    around = value if isinstance(value, dict) else {"rows": value if isinstance(value, list) else []}
    rows = around.get("rows")
    if not isinstance(rows, list) or set(around) - {"rows", "unit", "totals", "footers", "note"}:
        return None
    columns = _columns(own, rows, blank)
    page = Page(title, frozen=1)
    start = 1 + belongs
    if belongs:
        page.put(1, 1, Box(BELONGS, look="head", note="写该行属于第几项：1、2、3……"))
        page.widths[1] = 8
    for number, (key, column) in enumerate(columns, start):
        page.put(1, number, Box(column.name, look="head", note=_column_note(own, key, column)))
        page.widths[number] = max(_WIDTHS.get(column.type, 18), 2 * len(column.name) + 4)
    line = 2
    for row in rows:
        if not isinstance(row, dict) or set(row) - {key for key, _column in columns}:
            return None
        for number, (key, column) in enumerate(columns, start):
            if (box := value_box(column, row.get(key))) != Box():
                page.put(line, number, box)
        line += 1
    if blank:
        for row_number in range(line, line + BLANK_ROWS):
            for number, (_key, column) in enumerate(columns, start):
                page.put(row_number, number, value_box(column, None))
        line += BLANK_ROWS
    _below(page, own, around, [key for key, _column in columns], line, start, blank and not belongs)
    return [page]


def _columns(own: Field, rows: Iterable[Tree], blank: bool) -> list[tuple[str, Field]]:
    """Return the columns of a sheet; the row's own (level, note) stand last, for a clerk types the name first."""
    used = {key for row in rows if isinstance(row, dict) for key in row}
    extra = [key for key in ROW_KEYS if key in used or (blank and ((key == "level" and own.tree) or key == "note"))]
    beside = [(key, Field(key=key, name=ROW_KEYS[key], type="integer" if key == "level" else "text")) for key in extra
              if key not in own.columns]  # fmt: skip
    return [*own.columns.items(), *beside]


def _column_note(own: Field, key: str, column: Field) -> str:
    if key == "level" and own.tree:
        return "层级：小计行写 1，其下各行写 2；都不写即为同一级"
    unit = f"单位：{column.unit or own.unit}" if column.unit or own.unit else ""
    return "\n".join(filter(None, (column.help, unit, "选填" if column.optional else "")))


def _below(
    page: Page, own: Field, around: Mapping[str, Tree], keys: Sequence[str], line: int, start: int, blank: bool
) -> None:
    """Put the totals, the other printed lines, the unit and the note below the rows."""
    first = next((n for n, key in enumerate(keys, start) if _summed(own, key)), start + len(keys))
    labels = [n for n, key in enumerate(keys, start) if key != "level" and n < first]
    label = labels[0] if labels else start
    totals, footers = around.get("totals"), around.get("footers")
    sums = [(n, key) for n, key in enumerate(keys, start) if _summed(own, key)]
    if isinstance(totals, dict):
        page.put(line, label, Box("合计", look="total"))
        for number, key in enumerate(keys, start):
            if totals.get(key) is not None:
                page.put(line, number, value_box(own.columns[key], totals[key]) if key in own.columns else Box())
        line += 1
    elif blank and sums and labels and not any(column.sign for column in own.columns.values()):
        page.put(line, label, Box("合计", look="total", note="合计由公式算出；也可以改写为账面上的数"))
        level = next((n for n, key in enumerate(keys, start) if key == "level"), 0)
        for number, _key in sums:
            page.put(line, number, Box(_sum(number, level, line - 1), "formula", "#,##0.00", "total"))
        line += 1
    for name in own.footers:
        value = footers.get(name) if isinstance(footers, dict) else None
        if value is not None or blank:
            page.put(line, label, Box(name, look="total", note="账面上印有这一行时填写"))
            if value is not None:
                page.put(
                    line,
                    next((n for n, _key in sums), label + 1),
                    value_box(Field(key="", name="", type="money"), value),
                )
            line += 1
    for name, key in ((UNIT, "unit"), (REMARK, "note")):
        if around.get(key) is not None:
            page.put(line, label, Box(name, look="total"))
            page.put(line, label + 1, Box(written.text_for(around[key])))
            line += 1


def _summed(own: Field, key: str) -> bool:
    return key in own.columns and own.columns[key].total and own.columns[key].type in NUMBER_TYPES


def _sum(column: int, level: int, last: int) -> str:
    area = f"{letters(column)}2:{letters(column)}{last}"
    levels = f"{letters(level)}2:{letters(level)}{last}" if level else ""
    total = f'SUMIF({levels},1,{area})+SUMIF({levels},"",{area})' if level else f"SUM({area})"
    return f'=IF(COUNT({area})=0,"",{total})'


def _matrix_pages(own: Field, value: Tree, blank: bool) -> list[Page] | None:
    if value is not None and not (isinstance(value, dict) and set(value) == {"columns", "rows"}):
        return None
    listed = value.get("columns") if isinstance(value, dict) else list(own.matrix_columns)
    rows = value.get("rows") if isinstance(value, dict) else []
    if not isinstance(listed, list) or not isinstance(rows, list):
        return None
    heads = [head for head in listed if isinstance(head, str)]
    if blank and not heads:
        heads = [""] * 6
    extra = [key for key in ("total", "note") if any(isinstance(row, dict) and key in row for row in rows)]
    extra = extra or (["total"] if own.matrix_total in ("row", "both") and blank else [])
    page = Page(sheet_title(own.name), frozen=1)
    page.put(1, 1, Box(own.row_head or "项目", look="head", note=own.help))
    names = {"total": "合计", "note": "备注"}
    for number, head in enumerate([*heads, *(names[key] for key in extra)], 2):
        hint = "在这里写列名，如 课本费" if not head else ""
        page.put(1, number, Box(head, look="head", note=hint))
        page.widths[number] = 14
    cell = Field(key="cell", name=own.name, type=own.kind or "money", unit=own.unit)
    for line, row in enumerate(rows, 2):
        if not isinstance(row, dict) or set(row) - {"label", *heads, *extra}:
            return None
        page.put(line, 1, Box(written.text_for(row.get("label"))))
        for number, key in enumerate([*heads, *extra], 2):
            page.put(
                line, number, value_box(cell, row.get(key)) if key != "note" else Box(written.text_for(row.get(key)))
            )
    return [page]


def _block_pages(own: Field, value: Tree, blank: bool) -> list[Page] | None:
    blocks = value if isinstance(value, list) else []
    if value is not None and not isinstance(value, list):
        return None
    inner = {key: column for key, column in own.columns.items() if column.type == "table"}
    plain = Field(
        key=own.key, name=own.name, type="table", columns={k: c for k, c in own.columns.items() if k not in inner}
    )
    flat = [
        {k: v for k, v in block.items() if k not in inner} if isinstance(block, dict) else block for block in blocks
    ]
    made = _table_pages(plain, flat, blank, sheet_title(own.name))
    if made is None:
        return None
    for key, column in inner.items():
        rows: list[Tree] = []
        owners: list[int] = []
        for index, block in enumerate(blocks, 1):
            held = block.get(key) if isinstance(block, dict) else None
            if held is not None and not isinstance(held, list):
                return None
            rows += held or []
            owners += [index] * len(held or [])
        pages = _table_pages(column, rows, blank, sheet_title(f"{own.name}·{column.name}"), belongs=True)
        if pages is None:
            return None
        for line, owner in enumerate(owners, 2):
            pages[0].put(line, 1, Box(Decimal(owner), "number", "0"))
        if rows or blank:
            made += pages
    return made
