"""What whoever wrote in is told at once: the receipt number, by when there is an answer, where to ask."""

from __future__ import annotations

from typing import Any

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.deadlines import due_of
from schoolpub.rules.ledgers.receipts import receipt_of
from schoolpub.views import formats


def text(record: Record, snapshot: Snapshot) -> list[str]:
    """Return the acknowledgement, to be read out, pasted into a mail, or copied onto a slip."""
    told = data(record, snapshot)
    office = snapshot.school.office
    day = formats.day(record.date) if record.date else ""
    lines = [f"您的{told['kind']}已于 {day}收到，回执编号 {told['receipt']}。"]
    if told["topic"]:
        lines.append(f"事由：{told['topic']}。")
    if told["due"]:
        due = due_of_date(record, snapshot)
        lines.append(f"最迟 {due} 答复，凭回执编号可查询办理情况。" if due else "")
    where = "，".join(part for part in (office.name, office.place, office.telephone, office.email) if part)
    lines.append(f"联系：{where}。")
    return [line for line in lines if line]


def due_of_date(record: Record, snapshot: Snapshot) -> str:
    """Return by when it is answered, in words: 2026年11月10日（推算）."""
    item = snapshot.item(record)
    due = due_of(record, item, snapshot) if item else None
    return f"{formats.day(due.date)}{'（推算）' if due.provisional else ''}" if due else ""


def data(record: Record, snapshot: Snapshot) -> dict[str, Any]:
    """Return the receipt for a script or a printed slip; what may not be told is not in it."""
    item = snapshot.item(record)
    due = due_of(record, item, snapshot) if item else None
    kind = record.fields.get("kind")
    secret = item is not None and item.privacy == "restricted"
    return {
        "id": record.id,
        "receipt": receipt_of(record),
        "kind": kind if isinstance(kind, str) and kind else item.name if item else "",
        "topic": "" if secret else str(record.fields.get("topic") or ""),
        "date": record.date.isoformat() if record.date else "",
        "due": due.date.isoformat() if due else "",
        "file": record.file,
    }
