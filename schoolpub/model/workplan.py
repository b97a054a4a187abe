"""The work plan (工作计划): phases by week of term or by month, and what is to be done in each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTask:
    """Something to be done in a phase."""

    name: str
    owner: str = ""
    """A department or a body."""
    week: int = 0
    """The week of term by whose end it is due; 0 when `due` says it, or the phase's end."""
    due: date | None = None
    proof: str = ""
    """What proves it: the id of a record, or a text."""
    done: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the plan; phases may overlap."""

    name: str
    weeks: tuple[int, int] | None = None
    """First and last week of term, both included."""
    first: date | None = None
    last: date | None = None
    tasks: tuple[PlanTask, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPlan:
    """One plan: of a term, or of a year."""

    id: str
    name: str
    term: str = ""
    """The term whose weeks are counted."""
    aims: str = ""
    audience: str = "both"
    phases: tuple[Phase, ...] = ()
