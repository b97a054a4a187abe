"""The sheets of a workbook for an item: blank to be filled in, or with the values of a record.

One sheet holds the single fields, and each table, matrix and list of blocks has its own.  What a sheet cannot hold
as it is (a cell that is a sum of parts, a table within a table) stands as text in the cell of its field, so that
reading the workbook always gives back what was written.
"""

from __future__ import annotations

from collections.abc import Mapping

from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.rows import HEAD_KEYS, NESTED, PARTS, fold, sheet_title
from schoolpub.views import formats
from schoolpub.views.pages.catalogue_words import TYPES
from schoolpub.views.workbooks.workbook_cells import Box, Page, text_rows, value_box
from schoolpub.views.workbooks.workbook_tables import nested_pages, section_rows


def pages(item: Item, head: Mapping[str, Tree], fields: Mapping[str, Tree], *, blank: bool) -> list[Page]:
    """Return the sheets for *item* with the values given; *blank* adds empty rows to be filled in."""
    tables: list[Page] = []
    in_cells: dict[str, str] = {}
    for key, own in item.fields.items():
        if own.type not in NESTED:
            continue
        made = nested_pages(item, own, fields.get(key), blank)
        if made is None:
            in_cells[key] = written.text_for(fields[key])
        elif blank or fields.get(key) is not None:
            tables += made
    return [_single(item, head, fields, in_cells, blank), *tables]


def _single(
    item: Item,
    head: Mapping[str, Tree],
    fields: Mapping[str, Tree],
    in_cells: Mapping[str, str],
    blank: bool,
) -> Page:
    page = Page(sheet_title(item.name), widths={1: 24, 2: 40, 3: 60}, frozen=2, wide=False)
    page.put(1, 1, Box(item.name, look="title", note=item.help))
    for column, text in enumerate(("字段", "值", "说明"), 1):
        page.put(2, column, Box(text, look="head"))
    row = 3
    for key, name in HEAD_KEYS.items():
        if key == ("date" if item.periodic else "period") or (key == "part" and not item.parts):
            continue
        if not head.get(key) and (key == "audience" or not blank):
            continue
        page.put(
            row, 1, Box(item.date_name if key == "date" and not _named(item, item.date_name) else name, look="label")
        )
        page.put(row, 2, _head_box(key, name, head.get(key)))
        page.put(row, 3, Box(_HINTS.get(key, "") if blank else "", look="hint"))
        row += 1
    for key, own in item.fields.items():
        if own.type in NESTED:
            if key in in_cells:
                page.put(row, 1, Box(own.name, look="label"))
                page.put(row, 2, Box(in_cells[key]))
                row += 1
            continue
        value = fields.get(key)
        parts = PARTS.get(own.type)
        if not blank and value is None:
            continue
        if parts and (value is None or (isinstance(value, dict) and set(value) <= set(parts))):
            for part, name in parts.items():
                inside = value.get(part) if isinstance(value, dict) else None
                kind = (own.kind or "date") if own.type == "range" else "text"
                page.put(row, 1, Box(f"{own.name}.{name}", look="label", note=own.help))
                page.put(row, 2, value_box(Field(key=part, name=name, type=kind), inside))
                page.put(row, 3, Box(_hint(own) if blank else "", look="hint"))
                row += 1
            continue
        page.put(row, 1, Box(own.name, look="label", note=own.help))
        page.put(row, 2, value_box(own, value))
        page.put(row, 3, Box(_hint(own) if blank else "", look="hint"))
        row += 1
    return page


def _head_box(key: str, name: str, value: Tree) -> Box:
    if key == "audience":
        told = formats.AUDIENCES.get(str(value), str(value))
        return value_box(Field(key=key, name=name, type="choice", choices=tuple(formats.AUDIENCES.values())), told)
    return value_box(Field(key=key, name=name, type="date" if key == "date" else "text"), value)


_HINTS = {
    "title": "不填即按事项拟题",
    "period": "如 2026-10、2026Q4、2026-2027-1",
    "department": "不填即为事项的责任部门",
}


def _hint(own: Field) -> str:
    """Return what is to be written into a field, in a few words."""
    told = ["选填" if own.optional else "必填", TYPES.get(own.type, own.type)]
    if own.unit or own.type == "money":
        told.append(f"单位：{own.unit or '元'}")
    if own.choices:
        told.append("从下拉中选" + ("，也可另写" if own.open else ""))
    if own.type in ("list", "documents", "telephones"):
        told.append("一项一行（同一单元格内换行）")
    return "；".join(told) + (f"。{own.help}" if own.help else "")


def _named(item: Item, name: str) -> bool:
    return any(fold(own.name) == fold(name) for own in item.fields.values())


def text_page(item: Item, head: Mapping[str, Tree], fields: Mapping[str, Tree]) -> list[list[str]]:
    """Return a record as the rows of one CSV file: its single fields, then each table below its name."""
    sections: list[list[str]] = []
    in_cells: dict[str, str] = {}
    for key, own in item.fields.items():
        value = fields.get(key)
        if own.type not in NESTED or value is None:
            continue
        rows = section_rows(item, own, value)
        if rows is None:
            in_cells[key] = written.text_for(value)
        else:
            sections += [[], [own.name], *rows]
    single = text_rows(_single(item, head, fields, in_cells, False))
    return [*(list(row.cells[:2]) for row in single[1:]), *sections]
