"""The work plan on a day: which phase runs, what is done, what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schoolpub.model.calendar import Calendar
from schoolpub.model.snapshot import Snapshot
from schoolpub.model.workplan import Phase, PlanTask, WorkPlan
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.clock.anchors import term_called
from schoolpub.rules.clock.deadlines import lateness
from schoolpub.rules.clock.proofs import public_since

WEEK = timedelta(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """A task of the plan on a day."""

    task: PlanTask
    due: date
    done: date | None
    """When it was done: as the plan says, or when the record that proves it was public."""
    late_by: int
    """Working days by which it was, or is, late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseState:
    """A phase of the plan on a day."""

    phase: Phase
    first: date
    last: date
    runs: bool
    provisional: bool
    """The term's days are not entered yet."""
    tasks: tuple[TaskState, ...]


def week_of_term(term: str, day: date, calendar: Calendar) -> int:
    """Return in which week of *term* a *day* lies: the first is the one with the term's first day."""
    first = _monday(term_called(term, calendar)[0].first)
    return (_monday(day) - first) // WEEK + 1


def state_of(plan: WorkPlan, snapshot: Snapshot, today: date) -> tuple[PhaseState, ...]:
    """Return the phases of *plan* as they stand on *today*."""
    made = []
    for phase in plan.phases:
        first, last, provisional = _days(plan, phase, snapshot.calendar)
        tasks = tuple(_task(task, plan, last, snapshot, today) for task in phase.tasks)
        made.append(
            PhaseState(
                phase=phase, first=first, last=last, runs=first <= today <= last, provisional=provisional, tasks=tasks
            )
        )
    return tuple(made)


def _days(plan: WorkPlan, phase: Phase, calendar: Calendar) -> tuple[date, date, bool]:
    if phase.weeks is None:
        assert phase.first is not None and phase.last is not None
        return phase.first, phase.last, False
    term, provisional = term_called(plan.term, calendar)
    monday = _monday(term.first)
    return monday + WEEK * (phase.weeks[0] - 1), monday + WEEK * phase.weeks[1] - timedelta(1), provisional


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _task(task: PlanTask, plan: WorkPlan, last: date, snapshot: Snapshot, today: date) -> TaskState:
    due = task.due or last
    if task.week:
        due = _monday(term_called(plan.term, snapshot.calendar)[0].first) + WEEK * task.week - timedelta(1)
    done = task.done if task.done and task.done <= today else _proven(task.proof, snapshot)
    return TaskState(task=task, due=due, done=done, late_by=lateness(due, done or today, snapshot.calendar))


def _proven(proof: str, snapshot: Snapshot) -> date | None:
    """Return since when the record that proves a task is public."""
    record = editions.posted(snapshot, proof) if proof else None
    item, own = (snapshot.item(record), snapshot.flow(record)) if record else (None, None)
    if record is None or item is None or own is None:
        return None
    return public_since(record, flow.replay(record, own), item, snapshot.school)
