"""What every view of one audience needs: the gated snapshot, the day, and the few indexes that are made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from schoolpub.model.catalogue import Catalogue, Field, Item
from schoolpub.model.record import Record, Tree, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules import flow as flows
from schoolpub.views import gate, places
from schoolpub.views.title_lines import plain

_SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Context:
    """One audience's site on one day.  *seen* has been through the gate."""

    seen: Snapshot
    audience: str
    today: date

    @property
    def public(self) -> bool:
        """Whether everybody may read it."""
        return self.audience == gate.PUBLIC

    @cached_property
    def catalogue(self) -> Catalogue:
        """The edition of the catalogue in force; before the first one the next to come, or an empty one."""
        editions = self.seen.catalogues
        return (
            self.seen.in_force(self.today) or (editions[min(editions)] if editions else None) or Catalogue(edition=self.today)
        )

    @cached_property
    def editions(self) -> dict[str, list[Record]]:
        """Base id → its posted editions, the first one first."""
        found: dict[str, list[Record]] = {}
        for record in self.seen.records.values():
            found.setdefault(record.base, []).append(record)
        for records in found.values():
            records.sort(key=lambda r: r.edition)
        return found

    def current(self, record_id: str) -> Record | None:
        """Return the edition at the address of *record_id*."""
        editions = self.editions.get(base_id(record_id))
        return editions[-1] if editions else None

    def is_current(self, record: Record) -> bool:
        """Return whether *record* stands at the address without an edition."""
        return self.editions[record.base][-1] is record

    def url(self, record: Record) -> str:
        """Return the page of *record* from the site's root."""
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
        _collect(record.fields, self.item(record).fields, found)
        return found & self.editions.keys()


def _collect(values: Mapping[str, Tree], fields: Mapping[str, Field], found: set[str]) -> None:
    """Add the base ids in the references among *values* to *found*, also those in tables and blocks."""
    for key, field in fields.items():
        value = values.get(key)
        if field.type == "reference":
            if isinstance(value, str):
                found.add(base_id(value))
        elif field.columns and value:
            rows = value.get("rows") if isinstance(value, dict) else value
            for row in rows if isinstance(rows, list) else ():
                if isinstance(row, dict):
                    _collect(row, field.columns, found)
