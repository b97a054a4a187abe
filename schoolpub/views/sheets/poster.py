"""The poster of a record as a plain value: what `templates/print/poster.typ` sets on one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.views.sheets.notice import background, explanations
from schoolpub.views.sheets.sheet import Sheet, tight
from schoolpub.views.sheets.sheet_blocks import paragraph, poster
from schoolpub.views.sheets.title_lines import title_lines

TITLE_WIDTH = 14.0
"""Characters of a line of the title, whatever the paper."""

SENDER_WIDTH = 9.0
MOST_FIGURES = 4


def value(snapshot: Snapshot, record: Record, today: date) -> dict[str, Any]:
    """Return the poster of *record* as it is printed on *today*."""
    sheet = Sheet(snapshot, record, today)
    shown = sheet.shown
    figures = key_figures(sheet.blocks, sheet.item)
    opening = [paragraph(line.strip()) for line in shown.summary.splitlines() if line.strip()]
    if shown.zero:
        opening.append(paragraph("本期没有应公开的内容。"))
    opening += [paragraph(text) for text in background(sheet)]
    body = poster(sheet.blocks, [figure["key"] for figure in figures])
    return {
        "id": record.id,
        "plain_title": sheet.title,
        "title": title_lines(record.title, sheet.words, TITLE_WIDTH),
        "school": snapshot.school.name,
        "masthead": " · ".join(part for part in ("校务公开", sheet.item.category) if part),
        "department": record.department,
        "number": "　".join(part for part in (sheet.series, sheet.number) if part),
        "marks": sheet.marks,
        "figures": figures,
        "blocks": [*opening, *body, *explanations(sheet)],
        "attachments": sheet.attachments,
        # Two pieces that stay whole each: the days, and how many they are.
        "notice": [f"公示时间：{sheet.notice[0]}", *sheet.notice[1:]] if sheet.notice else [],
        "objection": sheet.objection,
        "contacts": sheet.contacts,
        "sender": [line for name in sheet.senders for line in title_lines(name, sheet.words, SENDER_WIDTH)],
        "date": sheet.date,
        "code": sheet.code,
        "chain": sheet.chain,
        "timing": sheet.timing,
    }


def key_figures(blocks: Sequence[Mapping[str, Any]], item: Item) -> list[dict[str, str]]:
    """Return the amounts to be read first, at most four, in the order of the fields and tables they come from."""
    found = list(_figures(blocks, item, _summed(item)))
    if len(found) > MOST_FIGURES:
        # The last is what it all comes to.
        found = [*found[: MOST_FIGURES - 1], found[-1]]
    return found if len(found) > 1 else []


def _summed(item: Item) -> dict[str, str]:
    """Return table → the column whose sum the item's rules speak of first: this month's, not the year's budget."""
    found: dict[str, str] = {}
    for rule in item.rules:
        for expression in (rule.left, rule.right):
            for path in sorted(expression.names) if expression else ():
                if len(path) == 2 and path[0] in item.fields and item.fields[path[0]].type == "table":
                    found.setdefault(*path)
    return found


def _figures(blocks: Sequence[Mapping[str, Any]], item: Item, summed: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for block in blocks:
        match block["kind"]:
            case "facts":
                for row in block["rows"]:
                    if row["align"] == "right" and row["text"][:1] in "-+0123456789":
                        yield {"key": row["key"], "label": row["label"], "text": tight(row["text"])}
            case "table":
                yield from _total(block, item.fields.get(block["key"]), summed.get(block["key"]))
            case "pair":
                for table in block["tables"]:
                    yield from _total(table, item.fields.get(table["key"]), summed.get(table["key"]))


def _total(table: Mapping[str, Any], field: Field | None, column: str | None) -> Iterator[dict[str, str]]:
    """Yield what *column* of *table* comes to; without one the first total, named where there are several."""
    amounts: dict[str, str] = {}
    for row in table["rows"]:
        if row["kind"] == "total" and not amounts:
            place = 0
            for cell in row["cells"]:
                if cell["align"] == "right" and cell["text"]:
                    amounts[table["columns"][place]["key"]] = cell["text"]
                place += cell.get("colspan", 1)
    if not amounts:
        return
    key = column if column in amounts else next(iter(amounts))
    told = key == column or len(amounts) == 1 or field is None or key not in field.columns
    label = f"{table['name']}合计" if told else f"{table['name']}合计（{field.columns[key].name}）"  # type: ignore[union-attr]
    yield {"key": "", "label": label, "text": f"{amounts[key]}{table['unit']}"}
