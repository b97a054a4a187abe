"""Field blocks → what a sheet is set from: paragraphs, numbered heads, tables with the width their columns want.

The kinds that the print templates know: `paragraph` {level, head, text}, `heading` {level, text}, `table`
{name, unit, heads, columns: [{align, width}], rows, note} and `pair` {tables}.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from schoolpub.views.sheets.sheet import tight

Block = dict[str, Any]

_NUMERALS = "一二三四五六七八九十"
_HEADED = (
    (1, re.compile(r"[一二三四五六七八九十]{1,3}、[^。：]{1,30}。(?=.)")),
    (2, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)][^。：]{1,30}。(?=.)")),
)
_LEAST, _MOST = 3.0, 24.0


def numeral(number: int) -> str:
    """Return *number* (below 100) in Chinese numerals: 12 is 十二."""
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, f"{_NUMERALS[tens - 1]}十" if tens else "")
    return head + (_NUMERALS[ones - 1] if ones else "")


def paragraph(text: str, head: str = "", level: int = 0) -> Block:
    """Return a paragraph; *head* begins it in the type of headings of *level*."""
    return {"kind": "paragraph", "level": level, "head": head, "text": text}


def heading(text: str, level: int = 1) -> Block:
    """Return a head that stands on its own line."""
    return {"kind": "heading", "level": level, "text": text}


def body(blocks: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Return *blocks* as the body of a notice; parts that need a head get numbers, unless a text brings its own."""
    headed = [b for b in blocks if b["kind"] in ("text", "table", "pair", "blocks")]
    own_numbers = any(p["level"] == 1 for b in headed if b["kind"] == "text" for p in b["paragraphs"])
    numbered = len(headed) > 1 and not own_numbers
    found: list[Block] = []
    count = 0
    for block in blocks:
        if block["kind"] in ("text", "table", "pair", "blocks"):
            count += 1
        found += _set(block, f"{numeral(count)}、" if numbered else "", own_numbers)
    return found


def poster(blocks: Sequence[Mapping[str, Any]], told: Collection[str]) -> list[Block]:
    """Return *blocks* as the body of a poster: short facts stay together, without those *told* as key figures."""
    own_numbers = any(p["level"] == 1 for b in blocks if b["kind"] == "text" for p in b["paragraphs"])
    found: list[Block] = []
    for block in blocks:
        if block["kind"] == "facts":
            rows = [{"label": r["label"], "text": tight(r["text"])} for r in block["rows"] if r["key"] not in told]
            found += [{"kind": "facts", "rows": rows}] if rows else []
        else:
            found += _set(block, "", own_numbers)
    return found


def _set(block: Mapping[str, Any], number: str, own_numbers: bool) -> Iterator[Block]:
    match block["kind"]:
        case "facts":
            yield from (paragraph(f"{row['label']}：{tight(row['text'])}") for row in block["rows"])
        case "text":
            if not (own_numbers and any(p["level"] == 1 for p in block["paragraphs"])):
                yield heading(f"{number}{block['name']}")
            yield from (_paragraph(p) for p in block["paragraphs"])
        case "table":
            yield heading(f"{number}{block['name']}")
            yield table(block)
        case "pair":
            yield heading(f"{number}{'与'.join(t['name'] for t in block['tables'])}")
            yield {"kind": "pair", "tables": [table(t) for t in block["tables"]]}
        case "blocks":
            yield heading(f"{number}{block['name']}")
            for place, group in enumerate(block["groups"], 1):
                yield heading(f"（{numeral(place)}）{group['title']}", 2)
                yield from _group(group["blocks"])
        case "carried":
            files = "、".join(f"《{f['title']}》" for f in block["files"])
            yield paragraph(f"{block['name']}：见附件{files}。")
        case "gone":
            yield paragraph(f"{block['name']}：公示期已满，名单已按规定撤下。")


def _group(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    place = 0
    for block in blocks:
        if block["kind"] in ("text", "table", "pair"):
            place += 1
            yield from (
                {**b, "level": 3} if b["kind"] == "heading" and b["level"] == 1 else b
                for b in _set(block, f"{place}. ", own_numbers=False)
            )
        else:
            yield from _set(block, "", own_numbers=False)


def _paragraph(entry: Mapping[str, Any]) -> Block:
    text, level = entry["text"], entry["level"]
    if level in (1, 2):
        return heading(text, level)
    for depth, form in _HEADED:
        if match := form.match(text):
            return paragraph(text[match.end() :], match[0], depth)
    return paragraph(text)


def table(block: Mapping[str, Any]) -> Block:
    """Return a table for print: parts of a cell as lines, and how much room each column of words needs."""
    rows = [{**row, "cells": [_cell(cell) for cell in row["cells"]]} for row in block["rows"]]
    widths = _widths(block, rows)
    columns = [{"align": c["align"], "width": w} for c, w in zip(block["columns"], widths, strict=True)]
    return {
        "kind": "table",
        "name": block["name"],
        "unit": block.get("unit", "") if any(c["align"] == "right" for c in columns) else "",
        "heads": block["heads"],
        "columns": columns,
        "rows": rows,
        "note": block.get("note", ""),
    }


def _cell(cell: Mapping[str, Any]) -> Block:
    return {
        "text": cell["text"],
        "align": cell["align"],
        "colspan": cell.get("colspan", 1),
        "rowspan": cell.get("rowspan", 1),
        "parts": [f"{part['name']} {part['text']}" for part in cell.get("parts", ())],
    }


def _widths(block: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return how wide the columns want to be, in characters; long texts are content with less and are wrapped."""
    width = [_LEAST] * len(block["columns"])
    for row in rows:
        if len(row["cells"]) == len(width):
            for place, cell in enumerate(row["cells"]):
                indent = row["level"] if place == 0 else 0
                width[place] = max(width[place], indent + em(cell["text"]))
    return [round(min(wide, _MOST), 2) for wide in width]


def em(text: str) -> float:
    """Return about how wide *text* is, in widths of a Chinese character."""
    return max((sum(0.56 if ord(c) < 0x2E80 else 1.0 for c in line) for line in text.split("\n")), default=0.0)
