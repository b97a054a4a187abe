"""The list of what must be done, for a terminal of 80 columns and for a script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from schoolpub.model.snapshot import Snapshot
from schoolpub.views import formats
from schoolpub.views.clock.task import Task
from schoolpub.views.columns import wrap

_COLUMNS = 80
_SECTIONS = (
    # title, kind, states
    ("逾期未办", ("duty",), ("late",)),
    ("今天到期", ("duty",), ("due",)),
    ("应开箱", ("mailbox",), ("late", "due", "soon")),
    ("应撤下", ("takedown",), ("late", "due")),
    ("紧急公开，待追认", ("confirm",), ("late", "due", "soon")),
    ("暂停公开，待决定", ("decide",), ("late", "due", "soon")),
    ("申诉", ("appeal",), ("late", "due", "open")),
    ("整改逾期", ("rectification",), ("late",)),
    ("近期到期", ("duty",), ("soon", "later")),
    ("待办理", ("waiting",), ("open",)),
    ("整改和改进", ("rectification",), ("due", "soon", "open")),
    ("已公开，待取证", ("prove",), ("late", "open")),
    ("公示期将满", ("notice",), ("due", "soon")),
    ("因更正需说明", ("mend",), ("open",)),
    ("超过复核期限", ("stale",), ("open",)),
    ("工作计划", ("plan",), ("late", "due", "soon")),
    ("日历", ("calendar",), ("open",)),
    ("第二份副本", ("copy",), ("open",)),
)


def text(found: Sequence[Task], snapshot: Snapshot, today: date, *, most: int = 0, me: str = "") -> list[str]:
    """Return *found* as lines; *most* entries a section, all when 0.  What waits for *me* comes first."""
    lines = [f"{formats.day(today)} {formats.weekday(today)}　{snapshot.school.name}"]
    mine = [task for task in found if task.kind in ("waiting", "rectification") and me and me in task.persons]
    others = [task for task in found if task not in mine] if mine else list(found)
    if mine:
        lines += _section("等我办理", mine, snapshot, most)
    for title, kinds, states in _SECTIONS:
        chosen = [task for task in others if task.kind in kinds and task.state in states]
        if chosen:
            lines += _section("等他人办理" if mine and title == "待办理" else title, chosen, snapshot, most)
    if len(lines) == 1:
        lines += ["", "没有到期、待办或者待取证的事项。"]
    return lines


def _section(title: str, chosen: Sequence[Task], snapshot: Snapshot, most: int) -> list[str]:
    lines = ["", f"{title}（{len(chosen)}）"]
    repeated = _repeated(chosen) if most else {}
    one_each = [task for task in chosen if id(task) not in repeated]
    shown = one_each[:most] if most else one_each
    for task in shown:
        more = sum(first is task for first in repeated.values())
        note = (f"，{task.note}" if task.note else "") + (f"；之后还有 {more} 期" if more else "")
        who = _who(task, snapshot)
        lines += [f"  {'· ' if not index else '  '}{line}" for index, line in enumerate(
            wrap(f"{task.what}{note}{f'（{who}）' if who else ''}", _COLUMNS - 4))]  # fmt: skip
        if task.command:
            lines.append(f"      {task.command}")
    if len(one_each) > len(shown):
        lines.append(f"  …… 还有 {len(one_each) - len(shown)} 项：schoolpub due")
    return lines


def _repeated(chosen: Sequence[Task]) -> dict[int, Task]:
    """Return the tasks (by identity) that ask for the same item again, each with the first that did."""
    first: dict[tuple[str, str, str], Task] = {}
    found: dict[int, Task] = {}
    for task in chosen:
        if task.kind in ("duty", "mailbox") and not task.record:
            key = (task.kind, task.item, task.part)
            if first.setdefault(key, task) is not task:
                found[id(task)] = first[key]
    return found


def _who(task: Task, snapshot: Snapshot) -> str:
    names = [snapshot.people.name(person) for person in task.persons]
    told = "、".join(names[:3]) + ("等" if len(names) > 3 else "")
    return "　".join(part for part in (task.department, told) if part)


def rows(found: Sequence[Task]) -> list[dict[str, Any]]:
    """Return *found* as flat rows: what `due --json` gives."""
    return [
        {
            "kind": task.kind,
            "state": task.state,
            "late_workdays": task.late_by,
            "due": task.due.isoformat() if task.due else "",
            "provisional": task.provisional,
            "item": task.item,
            "item_name": task.item_name,
            "category": task.category,
            "department": task.department,
            "title": task.what,
            "period": task.period,
            "date": task.day,
            "part": task.part,
            "record": task.record,
            "status": task.status,
            "channel": task.spot.channel if task.spot else "",
            "place": task.spot.place if task.spot else "",
            "persons": ",".join(task.persons),
            "note": task.note,
            "command": task.command,
        }
        for task in found
    ]
