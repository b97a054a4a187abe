"""The registration form (校务公开登记表) of a record as a plain value: every cell filled from the record.

It is printed before the chain begins, to be signed with a pen, and again afterwards for the file.  The text code on it
ties the signatures to the words that were signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from schoolpub.model.catalogue import FlowStep
from schoolpub.model.record import Record, Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import witness
from schoolpub.rules.chain.acts import leads_on
from schoolpub.rules.chain.flow import Taken, replay
from schoolpub.views import formats
from schoolpub.views.sheets.poster import key_figures
from schoolpub.views.sheets.sheet import SAMPLE, Sheet, mentioned

LEVELS = (
    ("部门负责人", "部门负责人意见"),
    ("领导小组", "领导小组意见"),
    ("监督小组", "监督小组意见"),
    ("校长", "主要领导审批（签字盖章）"),
)
"""Whose opinion the form always has a cell for; a flow may add others."""

NOT_ASKED = "本程序不设此环节。"
_BLANK_DAY = "　　　年　　月　　日"
_LONGEST = {"content": 260, "line": 120}
_CLOSED = frozenset({"closed", "replied", "done", "verified", "posted", "ended"})


def value(snapshot: Snapshot, record: Record, today: date) -> dict[str, Any]:
    """Return the registration form of *record* as it is printed on *today*."""
    sheet = Sheet(snapshot, record, today)
    edition = snapshot.catalogues.get(record.catalogue)
    names = edition.channels if edition else {}
    drafter = next((t.step for t in reversed(sheet.played.taken) if t.step.step in ("submit", "draft")), None)
    return {
        "id": record.id,
        "plain_title": f"校务公开登记表：{sheet.title}",
        "school": snapshot.school.name,
        "marks": [SAMPLE] if snapshot.school.sample else [],
        "number": sheet.number,
        "title": sheet.title,
        "content": clip(content(sheet), _LONGEST["content"]),
        "category": sheet.item.category,
        "scope": formats.AUDIENCES.get(record.audience, record.audience),
        "forms": "、".join(names.get(c, c) for c in sheet.item.channels),
        "places": clip(_places(sheet), _LONGEST["line"]),
        "time": _time(sheet),
        "department": record.department,
        "drafter": f"{snapshot.people.name(drafter.by)}　{formats.day(drafter.day)}" if drafter else "",
        "opinions": list(_opinions(sheet)),
        "feedback": _about(sheet, "feedback", "意见"),
        "rectification": _about(sheet, "rectifications", "整改"),
        "evidence": clip("；".join(_evidence(sheet, names)), _LONGEST["line"]),
        "keep": formats.KEEP.get(sheet.item.keep, sheet.item.keep),
        "remarks": clip("；".join(_remarks(sheet)), _LONGEST["line"]),
        "text_code": witness.text_code(record.content),
        "code": sheet.code["short"] if sheet.code else "",
    }


def clip(text: str, longest: int) -> str:
    """Return *text* on one line, cut with an ellipsis when it is longer than *longest*."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def content(sheet: Sheet) -> str:
    """Return what the record says in short: its summary, else its first facts and the totals of its tables."""
    if sheet.shown.summary:
        return sheet.shown.summary
    if sheet.record.zero:
        return "零报告：本期没有应公开的内容。"
    parts = [f"{figure['label']}{figure['text']}" for figure in key_figures(sheet.blocks, sheet.item)]
    for block in sheet.blocks:
        if block["kind"] == "facts":
            parts += [f"{row['label']}：{row['text']}" for row in block["rows"] if row["align"] != "right"]
        elif block["kind"] == "text":
            parts.append(f"{block['name']}：{' '.join(p['text'] for p in block['paragraphs'])}")
        elif block["kind"] in ("table", "blocks"):
            entries = block.get("groups") or [row for row in block["rows"] if row["kind"] == "row"]
            parts.append(f"{block['name']}{len(entries)}项")
    return "；".join(part.rstrip("。；") for part in parts) + ("。" if parts else "")


def _places(sheet: Sheet) -> str:
    said = [t.step.said("place") for t in sheet.played.taken if t.step.said("place")]
    audiences = (
        {"internal"}
        if not sheet.public
        else {"external"}
        if sheet.record.audience == "external"
        else {"internal", "external"}
    )
    boards = [
        f"{b.name}{f'（{b.place}）' if b.place else ''}"
        for b in sheet.snapshot.school.boards
        if b.audience in audiences
    ]
    return "、".join(dict.fromkeys(said or boards))


def _time(sheet: Sheet) -> str:
    posted, taken_down = sheet.played.last("post"), sheet.played.last("takedown")
    if posted and taken_down:
        return formats.span(posted.day, taken_down.day)
    if sheet.notice:
        return "".join(sheet.notice)
    return formats.span(posted.day, None) if posted else f"{_BLANK_DAY}至{_BLANK_DAY}"


def _opinions(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Yield a cell for each approval of the flow in its order, then those of the form that the flow has not."""
    lines = [line for line in _unique(sheet.flow.steps) if line.approves and leads_on(line)]
    taken = {t.step.step: t.step for t in sheet.played.round if t.line.approves}
    yielded = set()
    for line in lines:
        label = next(
            (label for role, label in LEVELS if role in line.by), f"{line.by[0] if line.by else line.name}意见"
        )
        yielded.add(label)
        yield _opinion(label, line.name, taken.get(line.step), sheet, seal=line.signs_off)
    for _, label in LEVELS:
        if label not in yielded:
            yield {"label": label, "step": "", "text": NOT_ASKED, "name": "", "day": "", "open": False, "seal": False}


def _unique(lines: Sequence[FlowStep]) -> Iterator[FlowStep]:
    seen = set()
    for line in lines:
        if line.step not in seen:
            seen.add(line.step)
            yield line


def _opinion(label: str, name: str, step: Step | None, sheet: Sheet, *, seal: bool) -> dict[str, Any]:
    if step is None:
        return {"label": label, "step": name, "text": "", "name": "", "day": _BLANK_DAY, "open": True, "seal": seal}
    text = step.said("opinion") or "同意。"
    if meeting := step.said("meeting"):
        text = f"{text.rstrip('。')}（{meeting}）。"
    return {
        "label": label,
        "step": name,
        "text": clip(text, _LONGEST["line"]),
        "name": sheet.snapshot.people.name(step.by),
        "day": formats.day(step.day),
        "open": False,
        "seal": seal,
    }


def _about(sheet: Sheet, ledger: str, noun: str) -> str:
    """Return how many records of *ledger* speak of this one, and how many of them are closed."""
    ids = {sheet.record.id, sheet.record.base}
    found = []
    for record in sheet.snapshot.records.values():
        item = sheet.snapshot.item(record)
        if item is not None and item.ledger == ledger and not ids.isdisjoint(mentioned(record.fields)):
            flow = sheet.snapshot.flow(record)
            found.append(replay(record, flow).status if flow else "")
    if not found:
        return ""
    closed = sum(status in _CLOSED for status in found)
    return f"{noun}{len(found)}件，已办结{closed}件。"


def _evidence(sheet: Sheet, names: Mapping[str, str]) -> Iterator[str]:
    for taken in sheet.played.taken:
        if taken.step.step == "prove":
            yield _proof(taken, names)


def _proof(taken: Taken, names: Mapping[str, str]) -> str:
    step = taken.step
    evidence = step.says.get("evidence")
    file = evidence.get("file") if isinstance(evidence, dict) else evidence
    parts = (
        names.get(step.said("channel"), step.said("channel")),
        formats.day(step.day),
        file if isinstance(file, str) else "",
    )
    return " ".join(part for part in parts if part)


def _remarks(sheet: Sheet) -> Iterator[str]:
    record = sheet.record
    if record.edition > 1:
        reason = record.body.get("reason")
        yield f"第{record.edition}版" + (f"：{reason}" if isinstance(reason, str) and reason else "")
    if sheet.played.last("post") and sheet.timing:
        yield sheet.timing
    yield from (t.step.said("reason") for t in sheet.played.taken if t.step.step == "remark" and t.step.said("reason"))
