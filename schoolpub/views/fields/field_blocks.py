"""The fields of a record as plain blocks, shared by the page, the printed notice, the poster and `show`.

`blocks(item, values, …)` returns a list of dicts, in the order of the fields; every leaf is text, a whole number,
a list or a dict, so that it survives JSON.  Empty optional fields are left out.  The kinds:

- `{"kind": "facts", "rows": [{"key", "label", "text", "align": "left"|"right", "url", "lines": […]}]}`
  Short fields that follow each other. *lines* has several texts where the field is a list; *text* is then them joined
  with "；".  *url* is a page of this site (`<id>.html`), an address, or empty.
- `{"kind": "text", "key", "name", "paragraphs": [{"level": 0…4, "text"}]}`
  A long text; *level* 1–4 is a heading of that depth.
- `{"kind": "table", "key", "name", "unit", "heads", "rows", "note", "columns"}`
    *heads*: `[[{"text", "colspan", "rowspan", "align"}, …], …]`, a list for each row of heads, covered cells left out;
    *rows*: `[{"level": 0…3, "kind": "row"|"total"|"footer", "note", "cells": [cell, …]}]`;
    a cell: `{"text", "align": "left"|"right"|"center", "colspan", "rowspan", "parts": [{"name", "text"}], "url"}`,
    a covered cell left out;
    *level* indents the first cell; *columns*: `[{"key", "align"}]`, the leaf columns, one each.
- `{"kind": "pair", "tables": [table, table]}`: two tables that stand side by side (收入 | 支出).
- `{"kind": "blocks", "key", "name", "groups": [{"title", "blocks": [facts, text and tables as above]}]}`
  A repeated group of fields.
- `{"kind": "carried", "key", "name", "files": [{"title", "file"}]}`: an attachment holds what the field asks for.
- `{"kind": "gone", "key", "name"}`: a list that was taken down when its notice period ended.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Attachment
from schoolpub.rules.values import Matrix, Section, Table, Value
from schoolpub.views.fields import field_tables, field_text
from schoolpub.views.fields.field_text import Around

Block = dict[str, Any]

_LONG_TYPES = frozenset({"long-text", "sections"})


def blocks(
    item: Item,
    values: Mapping[str, Value],
    *,
    titles: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    gone: Collection[str] = (),
    calendar: Calendar | None = None,
) -> list[Block]:
    """Return *values*, the fields of a record of *item*, as blocks.

    *titles* and *links* say what a reference to another record is called and where it leads; *gone* are the fields
    whose lists were taken down.
    """
    around = Around(titles or {}, links or {}, calendar)
    carried = {key: [a for a in attachments if key in a.carries] for key in item.fields}
    found: list[Block] = []
    for key, field in item.fields.items():
        if key in gone:
            found.append({"kind": "gone", "key": key, "name": field.name})
        elif values.get(key) is not None:
            _add(found, _block(field, values[key], around))
        elif carried[key]:
            files = [{"title": a.title or a.file, "file": a.file} for a in carried[key]]
            found.append({"kind": "carried", "key": key, "name": field.name, "files": files})
    return _paired(found, item.side_by_side)


def _block(field: Field, value: Value, around: Around) -> Block:
    if isinstance(value, Table):
        return field_tables.table(field, value, around)
    if isinstance(value, Matrix):
        return field_tables.matrix(field, value)
    if field.type == "blocks":
        return _groups(field, value, around)
    if field.type in _LONG_TYPES or _sections(value):
        return {"kind": "text", "key": field.key, "name": field.name, "paragraphs": field_text.paragraphs(value)}
    return {"kind": "facts", "rows": [_fact(field, value, around)]}


def _fact(field: Field, value: Value, around: Around) -> Block:
    text, unit = field_text.words(value, field, around), field_text.unit(value, field)
    return {
        "key": field.key,
        "label": field.name,
        "text": f"{text} {unit}" if unit else text,
        "align": "right" if field.type in field_text.NUMERIC else "left",
        "url": field_text.address(value, field, around),
        "lines": field_text.lines(value, field, around) if isinstance(value, tuple) else [],
    }


def _groups(field: Field, value: Sequence[Mapping[str, Value]], around: Around) -> Block:
    head = field.columns.get(field.title_field)
    groups = []
    for number, entry in enumerate(value, 1):
        title = field_text.words(entry.get(head.key), head, around) if head else ""
        inner: list[Block] = []
        for key, part in field.columns.items():
            if part is not head and entry.get(key) is not None:
                _add(inner, _block(part, entry[key], around))
        groups.append({"title": title or f"{field.name}（{number}）", "blocks": inner})
    return {"kind": "blocks", "key": field.key, "name": field.name, "groups": groups}


def _sections(value: Value) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Section)


def _add(found: list[Block], block: Block) -> None:
    """Append *block*; facts that follow each other become one block."""
    if block["kind"] == "facts" and found and found[-1]["kind"] == "facts":
        found[-1]["rows"] += block["rows"]
    else:
        found.append(block)


def _paired(found: list[Block], pairs: Sequence[Sequence[str]]) -> list[Block]:
    """Put the tables that stand side by side into one block, where the first of them stood."""
    for pair in pairs:
        tables = [b for b in found if b["kind"] == "table" and b["key"] in pair]
        if len(tables) > 1:
            place = found.index(tables[0])
            found = [b for b in found if b not in tables]
            found.insert(place, {"kind": "pair", "tables": tables})
    return found
