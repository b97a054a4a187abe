"""Records as data: JSON for programs, CSV for spreadsheets, equal to the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from schoolpub.views import formats
from schoolpub.views.context import Context
from schoolpub.views.pages.cards import Card

_COLUMNS = (
    ("id", "编号"),
    ("number", "文号"),
    ("title", "标题"),
    ("item_name", "公开事项"),
    ("category", "类别"),
    ("department", "责任部门"),
    ("period", "期间"),
    ("date", "日期"),
    ("edition", "版本"),
    ("status_word", "状态"),
    ("day", "公开日期"),
    ("due", "应公开日期"),
    ("shown", "实际公开日期"),
    ("late", "逾期工作日"),
    ("notice_from", "公示开始"),
    ("notice_to", "公示截止"),
    ("code", "核对码"),
    ("content", "正文摘要值"),
    ("url", "页面"),
)
_HIDDEN = frozenset({"find", "tags", "day_word", "day_short", "period_word", "until", "status_word", "base"})


def records(cards: Collection[Card], context: Context) -> dict[str, Any]:
    """Return `records.json`: every posted record, all editions."""
    return {
        "school": context.seen.school.name,
        "audience": context.audience,
        "date": context.today.isoformat(),
        "records": [{key: value for key, value in card.items() if key not in _HIDDEN} for card in cards],
    }


def records_csv(cards: Collection[Card]) -> str:
    """Return `records.csv`: the same, a line each."""
    lines = [[_said(card[key]) for key, _ in _COLUMNS] for card in cards]
    return table([name for _, name in _COLUMNS], lines)


def _said(value: object) -> str:
    return "" if value is None else str(value)


def record_csv(card: Card, blocks: Iterable[dict[str, Any]]) -> str:
    """Return one record as a spreadsheet: facts first, then each table with its heads."""
    lines: list[Sequence[str]] = [["标题", card["title"]], ["文号", card["number"]], ["公开日期", card["day"]]]
    _append(lines, blocks)
    return table(lines[0], lines[1:])


def _append(lines: list[Sequence[str]], blocks: Iterable[dict[str, Any]]) -> None:
    for block in blocks:
        match block["kind"]:
            case "facts":
                lines += [[row["label"], row["text"]] for row in block["rows"]]
            case "text":
                lines.append([block["name"], "\n".join(p["text"] for p in block["paragraphs"])])
            case "table":
                _append_table(lines, block)
            case "pair":
                for one in block["tables"]:
                    _append_table(lines, one)
            case "blocks":
                for group in block["groups"]:
                    lines += [[], [block["name"], group["title"]]]
                    _append(lines, group["blocks"])
            case "carried":
                lines.append([block["name"], "见附件：" + "、".join(file["title"] for file in block["files"])])
            case "gone":
                lines.append([block["name"], "公示期已满，已撤下"])


def _append_table(lines: list[Sequence[str]], block: dict[str, Any]) -> None:
    lines += [[], [block["name"], *([f"单位：{block['unit']}"] if block["unit"] else [])]]
    width = len(block["columns"])
    lines += _grid(block["heads"], width)
    lines += _grid([row["cells"] for row in block["rows"]], width)
    if block["note"]:
        lines.append([block["note"]])


def _grid(rows: Sequence[Sequence[dict[str, Any]]], width: int) -> list[list[str]]:
    """Return cells that span rows and columns as a full grid, each text once, at its upper left."""
    covered: set[tuple[int, int]] = set()
    grid = []
    for index, row in enumerate(rows):
        line = [""] * width
        place = 0
        for cell in row:
            while (index, place) in covered:
                place += 1
            if place < width:
                line[place] = plain(cell["text"], cell["align"]) + _parts(cell)
            for down in range(cell["rowspan"]):
                covered |= {(index + down, place + right) for right in range(cell["colspan"])}
            place += cell["colspan"]
        grid.append(line)
    return grid


def _parts(cell: dict[str, Any]) -> str:
    """Return the parts that a cell is the sum of: （运动装 61.00；冬装 103.00）."""
    parts = "；".join(f"{part['name']} {part['text']}" for part in cell.get("parts", ()))
    return f"（{parts}）" if parts else ""


def plain(text: str, align: str) -> str:
    """Return a number without its thousands separators, so that a spreadsheet reads it as one."""
    return text.replace(",", "") if align == "right" else text


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a CSV that spreadsheets open rightly: a byte order mark, CRLF, and no text that would be a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([formats.spreadsheet_text(text) for text in head])
    writer.writerows([formats.spreadsheet_text(text) for text in line] for line in lines)
    return "\ufeff" + out.getvalue()
