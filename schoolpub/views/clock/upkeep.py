"""What the school's own plan and calendar ask for: tasks of the work plan, years and terms that are not entered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.workplan import state_of
from schoolpub.views import formats
from schoolpub.views.clock.task import Task


def planned(snapshot: Snapshot, today: date, horizon_days: int | None) -> Iterator[Task]:
    """Yield the tasks of the work plans that are due on *today* or soon, and not done."""
    soon = today + timedelta(snapshot.school.due_soon_days if horizon_days is None else horizon_days)
    for plan in snapshot.plans:
        stated = [task for phase in state_of(plan, snapshot, today) for task in phase.tasks]
        for number, state in enumerate(stated, 1):
            if state.done or state.due > soon:
                continue
            owners = [a.person for a in snapshot.people.appointments if a.holds_on(today)
                      and state.task.owner and state.task.owner in (a.department, a.body)]  # fmt: skip
            late = f"，逾期 {state.late_by} 个工作日" if state.late_by else ""
            yield Task(
                kind="plan", state="late" if state.late_by else "due" if state.due == today else "soon",
                what=state.task.name, note=f"{plan.name}，应于 {formats.day(state.due)} 前完成{late}",
                item="workplan", period=plan.id, part=str(number),
                command=f"records/workplan/{plan.id}.yaml", persons=tuple(dict.fromkeys(owners)),
                due=state.due, late_by=state.late_by, department=state.task.owner,
            )  # fmt: skip


def calendar(snapshot: Snapshot, today: date, provisional: bool) -> Iterator[Task]:
    """Yield the years and terms that the calendar lacks and dates are already computed with."""
    known = snapshot.calendar
    keepers = tuple(a.person for a in snapshot.people.appointments if a.role == "公开办" and a.holds_on(today))
    years = [today.year] if today.year not in known.years else []
    # The notice of the next year comes in November; from then on its absence is a gap.
    if today.year + 1 not in known.years and (provisional or today.month >= 11):
        years.append(today.year + 1)
    for year in years:
        yield Task(
            kind="calendar", state="open", what=f"{year}年放假安排尚未登记",
            note="涉及的日期按周一至周五推算", command=f"schoolpub calendar add {year}", persons=keepers,
        )  # fmt: skip
    last = max((term.last for term in known.terms), default=None)
    if last is None or last < today + timedelta(30):
        until = f"学期起止日期只登记到 {formats.day(last)}" if last else "学期起止日期尚未登记"
        yield Task(
            kind="calendar", state="open", what=until, note="在 records/calendar/terms.yaml 中补充之后采用",
            command='schoolpub adopt records/calendar/terms.yaml --reason "…"', persons=keepers,
        )  # fmt: skip
