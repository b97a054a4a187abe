"""Everything that was read, once, as one immutable value: the only input of judgements and views beside the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schoolpub.errors import Problem
from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Catalogue, Flow, Item
from schoolpub.model.people import People
from schoolpub.model.record import Record
from schoolpub.model.school import School
from schoolpub.model.workplan import WorkPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A school's folder as it stood when it was read."""

    school: School
    people: People = field(default_factory=People)
    calendar: Calendar = field(default_factory=Calendar)
    catalogues: Mapping[date, Catalogue] = field(default_factory=dict)
    plans: tuple[WorkPlan, ...] = ()
    """Plans of work, by file name."""
    records: Mapping[str, Record] = field(default_factory=dict)
    """By id, in order of id."""
    problems: tuple[Problem, ...] = ()
    """What could not be read; a record with such a problem is not in `records`."""
    correcting: Mapping[str, date] | None = None
    """What is public and being corrected (`rules.editions.correcting`), where the gate took the editions in preparation
    out; None where they are still among the records."""
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was worked out about it before (`rules.remembered`); no part of the value."""

    def in_force(self, day: date) -> Catalogue | None:
        """Return the edition of the catalogue in force on *day*."""
        begun = [edition for edition in self.catalogues if edition <= day]
        return self.catalogues[max(begun)] if begun else None

    def item(self, record: Record) -> Item | None:
        """Return the item of *record* in the edition that it names."""
        catalogue = self.catalogues.get(record.catalogue)
        return catalogue.items.get(record.item) if catalogue else None

    def flow(self, record: Record) -> Flow | None:
        """Return the flow that *record* takes."""
        catalogue = self.catalogues.get(record.catalogue)
        item = catalogue.items.get(record.item) if catalogue else None
        return catalogue.flows.get(item.flow) if catalogue and item else None
