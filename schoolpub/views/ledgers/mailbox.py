"""The principal's mailbox: every day on which it had to be opened, and whether it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.duties import State, owed
from schoolpub.views import formats
from schoolpub.views.clock.due_words import opens_a_box

_STATES = {
    State.PAID: "已开箱",
    State.WAIVED: "免予开箱",
    State.LATE: "未开箱",
    State.DUE: "今天应开箱",
    State.SOON: "待开箱",
    State.LATER: "待开箱",
}


def rows(snapshot: Snapshot, today: date, first: date, last: date) -> list[dict[str, Any]]:
    """Return a row for each day from *first* to *last* on which a box had to be opened, the earliest first."""
    ahead = max((last - today).days, 0)
    found = []
    for entry in owed(snapshot, today, horizon_days=ahead, since=first - timedelta(7)):
        if entry.day is None or not opens_a_box(entry.item) or not first <= entry.day <= last:
            continue
        record = snapshot.records.get(entry.record_id or "")
        late = f"，迟 {entry.late_by} 个工作日" if entry.state is State.PAID and entry.late_by else ""
        entered = record.steps[0].at.date() if record else None
        if entered and entered > entry.due.date:
            late += f"（{formats.day(entered)}补记）"
        found.append(
            {
                "day": entry.day.isoformat(),
                "weekday": formats.weekday(entry.day),
                "due": entry.due.date.isoformat(),
                "moved": entry.due.date != entry.day,
                "state": entry.state.value,
                "state_name": _STATES[entry.state] + late,
                "letters": str(record.fields.get("letters") or "") if record else "",
                "entered": entered.isoformat() if entered else "",
                "opened": record.date.isoformat() if record and record.date else "",
                "late_workdays": entry.late_by,
                "record": entry.record_id or "",
            }
        )
    return found
