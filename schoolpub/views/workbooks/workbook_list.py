"""A list of records as one table: what a register shows of each, and the single fields where all are of one item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Record
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.rows import NESTED, sheet_title
from schoolpub.views.workbooks.workbook_cells import Box, Page, value_box

_HEADS = {
    "id": "编号（id）", "number": "文号", "item_name": "事项", "title": "标题", "period": "期间", "date": "日期",
    "department": "部门", "status_name": "状态", "due": "应公开", "actual": "实际公开",
}  # fmt: skip


def list_rows(rows: Sequence[Mapping[str, Any]], records: Mapping[str, Record], item: Item | None) -> list[list[str]]:
    """Return heads and rows as texts; with *item*, of which all are, also its single fields that are not restricted."""
    keys = [key for key in _HEADS if any(row.get(key) for row in rows)]
    fields = _fields(item)
    table = [[*(_HEADS[key] for key in keys), *(field.name for field in fields)]]
    for row in rows:
        values = records[row["id"]].fields
        table.append(
            [
                *(str(row.get(key) or "") for key in keys),
                *(written.text_for(values.get(field.key), field.type) for field in fields),
            ]
        )
    return table


def list_page(table: Sequence[Sequence[str]], item: Item | None) -> Page:
    """Return *table* as a sheet; numbers and days are such."""
    page = Page(sheet_title(item.name if item else "清单"), frozen=1)
    fields = _fields(item)
    first = len(table[0]) - len(fields)
    for line, row in enumerate(table, 1):
        for number, text in enumerate(row, 1):
            own = fields[number - 1 - first] if number > first else Field(key="", name="", type="date")
            box = Box(text, look="head") if line == 1 else value_box(own, text or None)
            if text:
                page.put(line, number, box)
    for number, head in enumerate(table[0], 1):
        longest = max(len(row[number - 1]) for row in table)
        page.widths[number] = min(max(2 * len(head), longest) + 4, 40)
    return page


def _fields(item: Item | None) -> list[Field]:
    known = item.fields.values() if item else ()
    return [field for field in known if field.type not in NESTED and field.privacy != "restricted"]
