"""The ledger of rectifications (整改台账) or of improvements (改进台账): one row an entry, for every form it takes.

What a script, a spreadsheet, the terminal and the printed sheet show is cut from the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from schoolpub.model.record import Step, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.ledgers.rectification import IMPROVEMENT, Standing, standings
from schoolpub.views import formats
from schoolpub.views.sheets.sheet import SAMPLE
from schoolpub.views.workbooks.workbook_cells import Box, Page

RECTIFICATION = "rectification"
TITLES = {RECTIFICATION: "整改台账", IMPROVEMENT: "改进台账"}
ITEMS = tuple(TITLES)

_HEADS = (
    # key of the row, head, its share of a printed line
    ("number", "序号", 2.7), ("opened", "立项", 5.6), ("problem", "问题", 11), ("source_told", "来源", 8),
    ("who", "责任部门、岗位", 6), ("measures", "措施", 11), ("due_told", "期限", 5.8), ("done", "完成情况", 11),
    ("accepted_told", "验收", 5.6), ("published", "结果公布", 6), ("effect", "效果", 8), ("state", "状态", 6),
)  # fmt: skip
_SHORT = ("number", "problem", "who", "due_told", "state", "id")
"""What a terminal shows; the rest stands in the other forms."""


def rows(snapshot: Snapshot, today: date, *, item: str = "", year: str = "") -> list[dict[str, Any]]:
    """Return a flat row for each entry of the ledger *item* (both when empty) opened in *year* (any when empty)."""
    found = [
        one
        for one in standings(snapshot, today)
        if item in ("", one.record.item) and year in ("", str(one.record.year))
    ]
    return [_row(snapshot, one, number, today) for number, one in enumerate(found, 1)]


def heads(item: str) -> list[str]:
    """Return the heads of the ledger as a table; the effect is a column of the improvements."""
    return [head for _, head, _ in _columns(item)]


def cells(found: Sequence[dict[str, Any]], item: str) -> list[list[str]]:
    """Return *found* as rows of that table."""
    return [[str(row[key]) for key, _, _ in _columns(item)] for row in found]


def short_heads() -> list[str]:
    """Return the heads of what a terminal shows."""
    named = {key: head for key, head, _ in _HEADS}
    return [named.get(key, "编号") for key in _SHORT]


def short_cells(found: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Return *found* as a terminal shows it."""
    return [[str(row[key]) for key in _SHORT] for row in found]


def summary(found: Sequence[dict[str, Any]]) -> str:
    """Return how many there are, and how they stand: 共 3 项：已销号 1，未销号 2，其中逾期 1。."""
    still = [row for row in found if row["open"]]
    late = sum(1 for row in still if row["late_workdays"])
    again = sum(1 for row in found if row["reopened"])
    told = f"共 {len(found)} 项：已销号 {len(found) - len(still)}，未销号 {len(still)}"
    return told + (f"，其中逾期 {late}" if late else "") + (f"；重新整改过 {again}" if again else "") + "。"


def page(found: Sequence[dict[str, Any]], item: str) -> Page:
    """Return the ledger as a sheet of a workbook."""
    made = Page(TITLES[item], frozen=1)
    for column, (_, head, share) in enumerate(_columns(item), 1):
        made.put(1, column, Box(head, look="head"))
        made.widths[column] = round(share * 2.2)
    for line, row in enumerate(cells(found, item), 2):
        for column, text in enumerate(row, 1):
            if text:
                made.put(line, column, Box(text))
    return made


def value(snapshot: Snapshot, today: date, item: str, year: str = "") -> dict[str, Any]:
    """Return the printed ledger as a plain value."""
    found = rows(snapshot, today, item=item, year=year)
    title = f"{snapshot.school.name}{f'{year}年' if year else ''}{TITLES[item]}"
    return {
        "id": item,
        "plain_title": title,
        "school": snapshot.school.name,
        "marks": [*([SAMPLE] if snapshot.school.sample else []), *(["对内"] if item == IMPROVEMENT else [])],
        "title": title,
        "day": formats.day(today),
        "summary": summary(found) if found else "本期没有立项。",
        "columns": [{"head": head, "share": share} for _, head, share in _columns(item)],
        "rows": cells(found, item),
        "office": snapshot.school.office.name,
    }


def _columns(item: str) -> list[tuple[str, str, float]]:
    return [column for column in _HEADS if column[0] != "effect" or item == IMPROVEMENT]


def _row(snapshot: Snapshot, one: Standing, number: int, today: date) -> dict[str, Any]:
    record, fields = one.record, one.record.fields
    catalogue = snapshot.catalogues.get(record.catalogue)
    status = catalogue.statuses.get(one.status, one.status) if catalogue else one.status
    status = "已销号" if one.status == "closed" else status
    late = f"，逾期 {one.late_by} 个工作日" if one.late_by and not one.over else ""
    return {
        "number": number,
        "id": record.id,
        "item": record.item,
        "opened": record.date.isoformat() if record.date else "",
        "problem": _text(fields.get("problem")),
        "source": _text(fields.get("source")),
        "source_record": _text(fields.get("source_record")),
        "source_place": _text(fields.get("source_place")),
        "source_told": _source(snapshot, one),
        "department": record.department,
        "owner": _text(fields.get("owner")),
        "who": f"{record.department}　{_text(fields.get('owner'))}",
        "measures": one.measures,
        "due": one.due.isoformat() if one.due else "",
        "first_due": one.first_due.isoformat() if one.first_due else "",
        "due_told": _due(one),
        "done": _done(one),
        "accepted": one.accepted.day.isoformat() if one.accepted else "",
        "accepted_told": f"{one.accepted.day.isoformat()} {one.accepted.role}" if one.accepted else "",
        "result": one.result.id if one.result else "",
        "opinions_until": one.opinions_until.isoformat() if one.opinions_until else "",
        "published": _published(one),
        "effect": one.effect.said("effect") if one.effect else "",
        "closed": one.closed.isoformat() if one.closed else "",
        "status": one.status,
        "status_name": status,
        "state": status + late + (f"，第 {one.reopened} 次重新整改" if one.reopened else ""),
        "open": not one.over,
        "reopened": one.reopened,
        "extended": one.extended,
        "late_workdays": one.late_by,
        "days_open": (today - record.date).days if record.date and not one.over else 0,
    }


def _source(snapshot: Snapshot, one: Standing) -> str:
    """Return where it came from; of a source that is restricted (举报) only its kind."""
    fields = one.record.fields
    source = snapshot.records.get(_text(fields.get("source_record")))
    item = snapshot.item(source) if source else None
    told = _text(fields.get("source_name"))
    if source is not None and item is not None and item.privacy != "restricted":
        told = told or source.title
    place = _text(fields.get("source_place"))
    kind = _text(fields.get("source"))
    return f"{kind}：{told}{f'第{place}条' if place else ''}" if told else kind


def _due(one: Standing) -> str:
    if one.due is None:
        return ""
    moved = f"（原 {one.first_due.isoformat()}）" if one.first_due and one.first_due != one.due else ""
    return one.due.isoformat() + moved


def _done(one: Standing) -> str:
    """Return what came of it, else what was done last."""
    if one.presented is not None:
        return _dated(one.presented, "result")
    return _dated(one.progress[-1], "progress") if one.progress else ""


def _published(one: Standing) -> str:
    if one.result is None:
        return ""
    if one.opinions_until is None:
        return "未公布"
    return f"已公布，意见征至 {one.opinions_until.isoformat()}"


def _dated(step: Step, key: str) -> str:
    return f"{step.said(key)}（{step.day.isoformat()}）"


def _text(tree: Tree) -> str:
    return tree if isinstance(tree, str) else ""
