"""Which dates move, in words: for the screen before it is committed, and for the commit itself."""

from __future__ import annotations

from typing import Any

from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.moves import Move, Moves
from schoolpub.views import formats

_KINDS = {
    "due": "",
    "notice": "公示期最早期满日",
    "stands": "已公开，所示期限不变；按新的安排应为",
}


def lines(found: Moves, snapshot: Snapshot) -> list[str]:
    """Return a line for each date that moves; of what is posted, the date that was shown stays."""
    told = [_line(move, snapshot) for move in found.moved]
    if found.settled:
        told.append(f"另有 {found.settled} 个日期不变，不再是推算。")
    if found.unsettled:
        told.append(f"另有 {found.unsettled} 个日期不变，改为推算。")
    return told or ["没有日期因此变动。"]


def _line(move: Move, snapshot: Snapshot) -> str:
    record = snapshot.records.get(move.record_id)
    part = move.item.parts.get(move.part, "")
    about = formats.period(move.period, snapshot.calendar) if move.period else formats.day(move.day) if move.day else ""
    name = f"{move.item.name}　{about}" + (f"（{part}）" if part else "") + (f"（{record.id}）" if record else "")
    before = move.before.isoformat() if move.before else "原来不要求"
    after = move.after.isoformat() if move.after else "不再要求"
    kind = _KINDS[move.kind]
    return f"{name}：{kind}{' ' if kind else ''}{before} → {after}"


def rows(found: Moves) -> list[dict[str, Any]]:
    """Return the moves as flat rows for a script."""
    return [
        {
            "kind": move.kind,
            "item": move.item.slug,
            "period": move.period.text if move.period else "",
            "date": move.day.isoformat() if move.day else "",
            "part": move.part,
            "record": move.record_id,
            "before": move.before.isoformat() if move.before else "",
            "after": move.after.isoformat() if move.after else "",
        }
        for move in found.moved
    ]
