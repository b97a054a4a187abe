"""The calendar as data: the State Council's holiday tables and the school's own terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTable:
    """One year's holidays and make-up working days, from the notice of the State Council's office."""

    year: int
    notice: str = ""
    """Title or number of the notice."""
    holidays: Mapping[date, str] = field(default_factory=dict)
    """Day off → the holiday's name."""
    workdays: Mapping[date, str] = field(default_factory=dict)
    """Weekend day worked (调休上班) → the holiday it makes up for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A school term: `2026-2027-1` from first to last day, both included."""

    id: str
    name: str
    first: date
    last: date
    middle: date | None = None
    """The day that counts as mid-term (期中)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Days on which the school itself is closed; they do not stop legal clocks."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Everything that dates are judged by."""

    years: Mapping[int, YearTable] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    closings: tuple[Closing, ...] = ()
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was worked out about it before (`rules.remembered`); no part of the value."""

    def term(self, term_id: str) -> Term | None:
        """Return the term called *term_id* (`2026-2027-1`)."""
        return next((t for t in self.terms if t.id == term_id), None)

    def term_of(self, day: date) -> Term | None:
        """Return the term in which *day* lies, None in a vacation."""
        return next((t for t in self.terms if t.first <= day <= t.last), None)
