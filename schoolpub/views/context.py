"""What every view of one audience needs: the gated snapshot, the day, and the few indexes that are made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from schoolpub.model.catalogue import Catalogue, Field, Item
from schoolpub.model.record import Record, Tree, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow as flows
from schoolpub.rules.clock import freshness
from schoolpub.rules.ledgers import around
from schoolpub.rules.values.written import rows_of
from schoolpub.views import gate, gate_ledger, places
from schoolpub.views.sheets.qr import Squares
from schoolpub.views.sheets.title_lines import plain

T = TypeVar("T")

_SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Context:
    """One audience's site on one day.  *seen* has been through the gate."""

    seen: Snapshot
    audience: str
    today: date
    shared: dict[tuple[str, str, int], Any] = field(default_factory=dict)
    """What the public's views worked out, kept for the school's own where both see the very same fields."""
    squares: Squares = field(default_factory=Squares)

    def once(self, what: str, record: Record, make: Callable[[], T]) -> T:
        """Return what *make* makes of the fields of *record*; the second audience takes it from the first."""
        # The gate hands on the same fields, as one object, where it had nothing to take out.
        key = (what, record.id, id(record.fields))
        if self.public:
            made = self.shared[key] = make()
            return made
        return self.shared.pop(key) if key in self.shared else make()

    @property
    def public(self) -> bool:
        """Whether everybody may read it."""
        return self.audience == gate.PUBLIC

    @cached_property
    def catalogue(self) -> Catalogue:
        """The edition of the catalogue in force; before the first one the next to come, or an empty one."""
        editions = self.seen.catalogues
        return (
            self.seen.in_force(self.today)
            or (editions[min(editions)] if editions else None)
            or Catalogue(edition=self.today)
        )

    @cached_property
    def editions(self) -> dict[str, list[Record]]:
        """Base id → its posted editions, the first one first."""
        found: dict[str, list[Record]] = {}
        for record in self.seen.records.values():
            if self.item(record).ledger not in gate_ledger.LEDGERS:
                found.setdefault(record.base, []).append(record)
        for records in found.values():
            records.sort(key=lambda r: r.edition)
        return found

    @cached_property
    def entries(self) -> dict[str, Record]:
        """The matters in the ledgers that have a page of their own, by id."""
        shown = gate_ledger.FIELDS.keys() | {"improvement"}
        return {key: record for key, record in self.seen.records.items() if record.item in shown}

    def around(self, base: str) -> around.Around:
        """Return what of the ledgers concerns the record *base*."""
        return around.around(self.seen, base) if self.entries else around.Around()

    def current(self, record_id: str) -> Record | None:
        """Return the edition at the address of *record_id*."""
        editions = self.editions.get(base_id(record_id))
        return editions[-1] if editions else None

    def is_current(self, record: Record) -> bool:
        """Return whether *record* stands at the address without an edition."""
        return self.editions[record.base][-1] is record

    def url(self, record: Record) -> str:
        """Return the page of *record* from the site's root."""
        if record.base not in self.editions:
            return places.record(record, current=True)
        return places.record(record, current=self.is_current(record))

    def item(self, record: Record) -> Item:
        """Return the item of a record; the gate lets no record through without one."""
        item = self.seen.item(record)
        assert item is not None
        return item

    def replay(self, record: Record) -> flows.Replay:
        """Return the steps of *record*, played through its flow."""
        flow = self.seen.flow(record)
        assert flow is not None
        return flows.replay(record, flow)

    def status(self, record: Record, status: str) -> str:
        """Return *status*, or superseded where a later edition is posted."""
        return status if self.is_current(record) else _SUPERSEDED

    def status_word(self, record: Record, status: str) -> str:
        """Return the Chinese name of *status* in the record's own edition of the catalogue."""
        return self.seen.catalogues[record.catalogue].statuses.get(status, status)

    def title(self, record: Record) -> str:
        """Return the title without the marks for its line breaks."""
        return plain(record.title)

    @cached_property
    def mentions(self) -> dict[str, list[str]]:
        """Base id → ids of the current records that refer to it."""
        found: dict[str, list[str]] = {}
        for base, editions in self.editions.items():
            for target in sorted(self.mentioned(editions[-1])):
                if target != base:
                    found.setdefault(target, []).append(editions[-1].id)
        return found

    def mentioned(self, record: Record) -> set[str]:
        """Return the base ids of the visible records that *record* refers to."""
        found: set[str] = set()
        if isinstance(amends := record.body.get("amends"), str):
            found.add(base_id(amends))
        item = self.item(record)
        referring = self._referring.get(id(item))
        if referring is None:
            referring = self._referring[id(item)] = {k: of for k, of in item.fields.items() if _refers(of)}
        _collect(record.fields, referring, found)
        return found & self.editions.keys() if found else found

    @cached_property
    def stale(self) -> list[tuple[Record, date]]:
        """The records that nobody looked at again in time, each with the day from which it is stale."""
        return freshness.stale(self.seen, self.today)

    @cached_property
    def _referring(self) -> dict[int, dict[str, Field]]:
        """Item (by identity) → its fields that refer to other records."""
        return {}


def _refers(of: Field) -> bool:
    return of.type == "reference" or any(map(_refers, of.columns.values()))


def _collect(values: Mapping[str, Tree], fields: Mapping[str, Field], found: set[str]) -> None:
    """Add the base ids in the references among *values* to *found*, also those in tables and blocks."""
    for key, known in fields.items():
        value = values.get(key)
        if known.type == "reference":
            if isinstance(value, str):
                found.add(base_id(value))
        elif known.columns and value:
            for _, row in rows_of(value, known.columns):
                if isinstance(row, dict):
                    _collect(row, known.columns, found)
