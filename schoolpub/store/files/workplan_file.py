"""`workplan/`: plans of work by phases, written by people."""

from __future__ import annotations

import re
from datetime import date

from schoolpub.errors import Problem, Where, say
from schoolpub.model.period import PeriodKind, parse_period
from schoolpub.model.record import Tree
from schoolpub.model.workplan import Phase, PlanTask, WorkPlan
from schoolpub.store.yaml.shape import Shape

_WEEKS = re.compile(r"([1-9]\d?)(?:\s*(?:-|—|\.\.)\s*([1-9]\d?))?", re.ASCII)
_AUDIENCES = ("internal", "external", "both")


def read_plan(tree: Tree, file: str) -> tuple[WorkPlan | None, list[Problem]]:
    """Return the plan that *tree* states, None when it has errors, and everything that is wrong with it."""
    shape = Shape(file)
    top = shape.group(tree, (), ("name", "term", "aims", "audience", "phases"), ("name", "phases"))
    term = shape.text(top, "term", ())
    if term and not _is_term(term):
        shape.wrong("workplan-term", ("term",), say("“term” is no term."), say("Write it as 2026-2027-1."))
    listed = shape.items(top.get("phases"), ("phases",))
    phases = tuple(_phase(child, where, bool(term), shape) for where, child in listed)
    plan = WorkPlan(
        id=file.rpartition("/")[2].removesuffix(".yaml"),
        name=shape.text(top, "name", ()),
        term=term,
        aims=shape.text(top, "aims", ()),
        audience=shape.choice(top, "audience", (), _AUDIENCES) or "both",
        phases=phases,
    )
    return (None if shape.broken else plan), shape.problems


def _is_term(text: str) -> bool:
    try:
        return parse_period(text).kind is PeriodKind.TERM
    except ValueError:
        return False


def _phase(tree: Tree, where: Where, has_term: bool, shape: Shape) -> Phase:
    line = shape.group(tree, where, ("name", "weeks", "from", "to", "tasks"), ("name",))
    weeks = _weeks(line.get("weeks"), (*where, "weeks"), has_term, shape)
    first, last = _end(line, "from", where, shape), _end(line, "to", where, shape)
    if weeks is None and (first is None or last is None):
        shape.wrong(
            "workplan-phase", where, say("It is not said when the phase begins and ends."),
            say("Write weeks: 3-10, or from: and to: with dates or months."),
        )  # fmt: skip
    if first and last and last < first:
        shape.wrong("workplan-phase", where, say("The phase ends before it begins."), say("Write the first day first."))
    tasks = tuple(_task(child, at, has_term, shape) for at, child in shape.items(line.get("tasks"), (*where, "tasks")))
    return Phase(name=shape.text(line, "name", where), weeks=weeks, first=first, last=last, tasks=tasks)


def _weeks(value: Tree, where: Where, has_term: bool, shape: Shape) -> tuple[int, int] | None:
    if value is None:
        return None
    match = _WEEKS.fullmatch(value) if isinstance(value, str) else None
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not match or last < first:
        shape.wrong("workplan-weeks", where, say("These are no weeks."), say("Write 3-10, or 15."))
        return None
    if not has_term:
        shape.wrong("workplan-weeks", where, say("Weeks are counted in a term, but none is named."), say("Add term: …"))
    return first, last


def _end(line: dict[str, Tree], key: str, where: Where, shape: Shape) -> date | None:
    """Return a day; of a month the first or the last one."""
    value = line.get(key)
    if value is None:
        return None
    try:
        month = parse_period(value) if isinstance(value, str) else None
    except ValueError:
        return shape.day(line, key, where)
    if month is None or month.kind is not PeriodKind.MONTH:
        return shape.day(line, key, where)
    return month.first if key == "from" else month.last


def _task(tree: Tree, where: Where, has_term: bool, shape: Shape) -> PlanTask:
    line = shape.group(tree, where, ("name", "owner", "week", "due", "proof", "done"), ("name",))
    weeks = _weeks(line.get("week"), (*where, "week"), has_term, shape)
    return PlanTask(
        name=shape.text(line, "name", where),
        owner=shape.text(line, "owner", where),
        week=weeks[1] if weeks else 0,
        due=shape.day(line, "due", where),
        proof=shape.text(line, "proof", where),
        done=shape.day(line, "done", where),
    )
