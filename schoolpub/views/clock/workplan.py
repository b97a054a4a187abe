"""The work plan in words: for the terminal, for a script and as a page."""

from __future__ import annotations

from datetime import date
from typing import Any

from schoolpub.model.snapshot import Snapshot
from schoolpub.model.workplan import WorkPlan
from schoolpub.rules.clock.workplan import PhaseState, TaskState, state_of, week_of_term
from schoolpub.views import formats
from schoolpub.views.columns import wrap

_COLUMNS = 80


def page(snapshot: Snapshot, today: date, *, public: bool) -> list[dict[str, Any]]:
    """Return the plans that the audience may see, the one that runs first."""
    shown = [plan for plan in snapshot.plans if not (public and plan.audience == "internal")]
    made = [plan_value(plan, snapshot, today) for plan in shown]
    return sorted(made, key=lambda p: (not p["now"], p["last"]))


def plan_value(plan: WorkPlan, snapshot: Snapshot, today: date) -> dict[str, Any]:
    """Return *plan* on *today* as a plain value."""
    phases = state_of(plan, snapshot, today)
    running = [p.phase.name for p in phases if p.runs]
    week = f"第{week_of_term(plan.term, today, snapshot.calendar)}周" if plan.term and running else ""
    return {
        "id": plan.id,
        "name": plan.name,
        "aims": plan.aims,
        "now": f"今天{f'（{week}）' if week else ''}处于：{'、'.join(running)}" if running else "",
        "last": max((p.last.isoformat() for p in phases), default=""),
        "phases": [_phase(p, today) for p in phases],
    }


def _phase(state: PhaseState, today: date) -> dict[str, Any]:
    weeks = state.phase.weeks
    told = f"第{weeks[0]}—{weeks[1]}周" if weeks and weeks[0] != weeks[1] else f"第{weeks[0]}周" if weeks else ""
    guess = "（推算）" if state.provisional else ""
    return {
        "name": state.phase.name,
        "weeks": told,
        "first": state.first.isoformat(),
        "last": state.last.isoformat(),
        "days": formats.span(state.first, state.last) + guess,
        "runs": state.runs,
        "tasks": [_task(task, today) for task in state.tasks],
    }


def _task(state: TaskState, today: date) -> dict[str, Any]:
    how = "done" if state.done else "late" if state.late_by else "open"
    late = f"，逾期 {state.late_by} 个工作日" if state.late_by else ""
    if state.done:
        told = f"{formats.day(state.done)}完成{late}"
    else:
        told = f"应于 {formats.day(state.due)} 前完成{late or ('，今天到期' if state.due == today else '')}"
    return {
        "name": state.task.name,
        "owner": state.task.owner,
        "due": state.due.isoformat(),
        "done": state.done.isoformat() if state.done else "",
        "late_workdays": state.late_by,
        "how": how,
        "text": told,
        "proof": state.task.proof,
    }


def text(plan: dict[str, Any]) -> list[str]:
    """Return a plan for the terminal."""
    lines = [plan["name"], *([plan["now"]] if plan["now"] else [])]
    for phase in plan["phases"]:
        weeks = f"{phase['weeks']}，" if phase["weeks"] else ""
        lines += ["", f"{'▶ ' if phase['runs'] else '  '}{phase['name']}（{weeks}{phase['days']}）"]
        for task in phase["tasks"]:
            owner = f"（{task['owner']}）" if task["owner"] else ""
            told = wrap(f"{task['name']}{owner}：{task['text']}", _COLUMNS - 6)
            lines += [f"    {'· ' if not index else '  '}{line}" for index, line in enumerate(told)]
    return lines
