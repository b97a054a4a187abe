"""One flat row for each matter in the ledgers of what people said: for lists on a terminal and for scripts."""

from __future__ import annotations

from datetime import date
from typing import Any

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.ledgers import clock
from schoolpub.rules.ledgers.over import OVER
from schoolpub.rules.ledgers.receipts import receipt_of
from schoolpub.views import formats

_OVER = OVER | {"void"}


def rows(snapshot: Snapshot, today: date) -> list[dict[str, Any]]:
    """Return a row for each matter that waits, or waited, for an answer; the oldest first."""
    found = [row(record, snapshot, today) for record in snapshot.records.values() if clock.runs(snapshot.item(record))]
    return sorted(found, key=lambda one: (one["date"], one["id"]))


def row(record: Record, snapshot: Snapshot, today: date) -> dict[str, Any]:
    """Return the row of *record*."""
    item, own = snapshot.item(record), snapshot.flow(record)
    played = flow.replay(record, own) if own else flow.Replay(flow.NONE, ())
    catalogue = snapshot.catalogues.get(record.catalogue)
    found = clock.clock_of(record, snapshot)
    due = found.deadline if found else None
    late = clock.late_by(found, today, snapshot) if found and played.status != "void" else 0
    last = played.last("reply")
    return {
        "id": record.id,
        "item": record.item,
        "item_name": item.name if item else record.item,
        "receipt": receipt_of(record),
        "date": record.date.isoformat() if record.date else "",
        "channel": _said(record, "channel"),
        "kind": _said(record, "kind") or (item.name if item else ""),
        "topic": record.title if item and item.privacy == "restricted" else _said(record, "topic") or record.title,
        "about": _said(record, "about"),
        "department": played.department(record),
        "status": played.status,
        "status_name": catalogue.statuses.get(played.status, played.status) if catalogue else played.status,
        "open": played.status not in _OVER,
        "round": found.round if found else 1,
        "due": due.date.isoformat() if due else "",
        "due_words": _due_words(found, late),
        "answered": found.settled.isoformat() if found and found.settled else "",
        "late_workdays": late,
        "rating": rated.said("rating") if (rated := played.last("rate")) else "",
        "decision": last.said("decision") if last else "",
        "reply": last.said("reply") if last else "",
    }


_SAID = {
    "question": "请补充说明", "answer": "补充说明", "reply": "答复", "decision": "决定", "rating": "评价",
    "organisation": "移送", "ground": "不予受理的依据", "into": "并入", "rectification": "整改", "record": "公布结果",
    "result": "核查结果", "days": "延期",
}  # fmt: skip


def said(record: Record, snapshot: Snapshot, today: date) -> list[str]:
    """Return what was said step by step, and how each round of the clock stands."""
    own = snapshot.flow(record)
    played = flow.replay(record, own) if own else flow.Replay(flow.NONE, ())
    lines = []
    for taken in played.taken:
        for key, word in _SAID.items():
            if text := taken.step.said(key):
                if key == "days":
                    text = formats.count(text)
                lines += [f"{word}（{formats.day(taken.step.day)}）", *(f"  {part}" for part in text.splitlines())]
    clocks = rounds(record, snapshot, today)
    for one in clocks:
        number = f"（第{one['round']}轮）" if len(clocks) > 1 else ""
        lines.append(f"期限{number}　{one['words']}")
    return ["", *lines] if lines else []


def rounds(record: Record, snapshot: Snapshot, today: date) -> list[dict[str, Any]]:
    """Return each round of the clock: begun, due, answered, how late, how long it stood still."""
    found = []
    for one in clock.rounds(record, snapshot):
        due, late = one.deadline, clock.late_by(one, today, snapshot)
        stops = [
            {"asked": s.asked.isoformat(), "answered": s.answered.isoformat() if s.answered else ""} for s in one.stops
        ]
        words = f"应答复 {formats.day(due.date)}：{due.why}" if due else _paused(one, today)
        if one.settled:
            words += f"。{formats.day(one.settled)}办理" + (f"，逾期 {late} 个工作日" if late else "，按期")
        elif late:
            words += f"。已逾期 {late} 个工作日"
        found.append(
            {
                "round": one.round,
                "begun": one.begun.isoformat(),
                "due": due.date.isoformat() if due else "",
                "provisional": bool(due and due.provisional),
                "stops": stops,
                "extended": one.extended,
                "answered": one.settled.isoformat() if one.settled else "",
                "late_workdays": late,
                "words": words,
            }
        )
    return found


def _paused(found: clock.Clock, today: date) -> str:
    """Return since when the clock stands still, for how long already, and what is left."""
    asked = found.stops[-1].asked
    waited = (today - asked).days
    long = f"，已 {waited} 天" if waited > 0 else ""
    return f"{formats.day(asked)}起等待补充说明，期限暂停{long}，还余 {found.left} 个工作日"


def _due_words(found: clock.Clock | None, late: int) -> str:
    if found is None:
        return ""
    if found.stopped:
        return f"暂停（余{found.left}个工作日）"
    due = found.deadline.date.isoformat() if found.deadline else ""
    return f"{due} 逾期{late}" if late else due


def _said(record: Record, key: str) -> str:
    value = record.fields.get(key)
    return value if isinstance(value, str) else ""
