"""What a rectification or an improvement waits for: the next thing to do, by when, with the step that does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.clock.deadlines import lateness
from schoolpub.rules.ledgers.rectification import (
    IMPROVEMENT,
    LEDGER,
    TOLD_WITHIN,
    UNDER_WAY,
    Standing,
    lacking,
    standing,
)
from schoolpub.views import formats

__all__ = ["LEDGER", "Waiting", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The next thing to do."""

    note: str
    step: str
    """The step of the flow that does it."""
    command: str
    due: date | None = None
    late_by: int = 0
    state: str = "open"
    """late, due (today), soon, or open."""

    @property
    def told(self) -> dict[str, object]:
        """What the list of things to do says of it."""
        about = {"note": self.note, "command": self.command, "due": self.due, "late_by": self.late_by}
        return {"kind": "rectification", "state": self.state, **about}


def waiting(snapshot: Snapshot, record: Record, today: date) -> Waiting | None:
    """Return what *record* waits for on *today*, None while nothing is to be done."""
    now = standing(snapshot, record, today)
    if now.status in UNDER_WAY:
        return _at_work(snapshot, now, today)
    match now.status:
        case "presented":
            return Waiting(note="待验收", step="accept", command=f"schoolpub rectify accept {record.id}")
        case "accepted":
            return _to_publish(snapshot, now, today)
        case "republished" | "tracked":
            return _to_close(snapshot, now, today)
    return None


def _at_work(snapshot: Snapshot, now: Standing, today: date) -> Waiting:
    record = now.record
    step, command = ("plan", f'schoolpub rectify plan {record.id} --measures "…"')
    if now.status != "opened":
        step, command = ("present", f'schoolpub rectify present {record.id} --result "…"')
    word = "待定措施" if now.status == "opened" else "改进中" if record.item == IMPROVEMENT else "整改中"
    again = f"，第 {now.reopened} 次重新整改" if now.reopened else ""
    moved = f"（原期限 {formats.day(now.first_due)}）" if now.first_due and now.first_due != now.due else ""
    by = f"，应于 {formats.day(now.due)} 前完成{moved}" if now.due else ""
    return _dated(snapshot, now.due, today, f"{word}{again}{by}", step, command)


def _to_publish(snapshot: Snapshot, now: Standing, today: date) -> Waiting:
    assert now.accepted is not None
    due = days.add(now.accepted.day, TOLD_WITHIN, snapshot.calendar).end
    by = f"已验收，结果应于 {formats.day(due)} 前公布"
    if now.result is None:
        return _dated(snapshot, due, today, by, "republish", f"schoolpub rectify publish {now.record.id}")
    if flow.status(snapshot, now.result) in flow.PUBLIC_STATUSES:
        command = f"schoolpub rectify republish {now.record.id}"
        return Waiting(note="结果已经公布，待登记", step="republish", command=command)
    return _dated(snapshot, due, today, f"{by}，公示办理中", "republish", f"schoolpub show {now.result.id}")


def _to_close(snapshot: Snapshot, now: Standing, today: date) -> Waiting | None:
    record = now.record
    if record.item == IMPROVEMENT and now.effect is None:
        command = f'schoolpub rectify track {record.id} --effect "…"'
        tracked = _date(record.fields.get("tracking"))
        if tracked is None:
            return Waiting(note="待跟踪效果", step="track", command=command)
        return _dated(snapshot, tracked, today, f"应于 {formats.day(tracked)} 跟踪效果", "track", command)
    if now.opinions_until is not None and today <= now.opinions_until:
        return None
    missing = lacking(snapshot, record, today)
    if missing is None:
        return Waiting(note="征求意见期满，可以销号", step="close", command=f"schoolpub rectify close {record.id}")
    note = "结果已停止公开" if now.opinions_until is None else "征求意见期满，收到的意见尚未办结"
    return Waiting(note=note, step="close", command=f"schoolpub show {now.result.id if now.result else record.id}")


def _dated(snapshot: Snapshot, due: date | None, today: date, note: str, step: str, command: str) -> Waiting:
    if due is None:
        return Waiting(note=note, step=step, command=command)
    late = lateness(due, today, snapshot.calendar)
    soon = today + timedelta(snapshot.school.due_soon_days)
    state = "late" if late else "due" if due == today else "soon" if due <= soon else "open"
    told = note + (f"，逾期 {late} 个工作日" if late else "")
    return Waiting(note=told, step=step, command=command, due=due, late_by=late, state=state)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
