"""The other records that a judgement looks at, each read once."""

from __future__ import annotations

from collections.abc import Mapping

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions
from schoolpub.rules.previous import carrying, previous
from schoolpub.rules.values import Reading, Value, read_values

_MOST = 500
"""So many readings are kept: enough for neighbours in time, and ten thousand records still fit into memory."""


class Known:
    """A snapshot with the readings of its records, for as long as one command judges them."""

    __slots__ = ("_by_item", "_counting", "_readings", "snapshot")

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._readings: dict[str, Reading] = {}
        self._by_item: dict[str, list[Record]] = {}
        self._counting: dict[str, list[Record]] = {}

    def reading(self, record: Record, item: Item) -> Reading:
        """Return what the fields of *record* hold."""
        found = self._readings.get(record.id)
        if found is None:
            if len(self._readings) >= _MOST:
                self._readings.clear()
            found = self._readings[record.id] = read_values(record, item, self.snapshot.school)
        return found

    def values(self, record: Record) -> tuple[Item, Mapping[str, Value]] | None:
        """Return the item of *record* and its values; None when its item is unknown."""
        item = self.snapshot.item(record)
        return (item, self.reading(record, item).values) if item else None

    def current(self, record_id: str) -> Record | None:
        """Return the latest edition of the record called *record_id*."""
        return editions.current(self.snapshot, record_id)

    def before(self, record: Record, item: Item) -> Record | None:
        """Return the record of the same item (and part) about the period before."""
        return previous(self.snapshot, item, record.period, record.part)

    def carrying(self, record: Record, item: Item) -> tuple[Record | None, bool]:
        """Return the record from which sums carry over, and whether an accounting year began after it."""
        return carrying(self.snapshot, item, record.period, record.part)

    def of_item(self, slug: str) -> list[Record]:
        """Return the records of the item *slug* that count: of each the latest edition that was not given up."""
        if not self._by_item:
            for record in self.snapshot.records.values():
                self._by_item.setdefault(record.item, []).append(record)
        if slug not in self._counting:
            found = self._by_item.get(slug, [])
            self._counting[slug] = [r for r in found if (now := self.current(r.id)) is not None and now.id == r.id]
        return self._counting[slug]
