"""Receipt numbers: 意见反馈〔2026〕12号, one series for each item and year, given when a matter is registered."""

from __future__ import annotations

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.numbering import parse_number


def receipt_of(record: Record) -> str:
    """Return the receipt number of *record*, or nothing."""
    return next((step.said("receipt") for step in record.steps if step.said("receipt")), "")


def next_receipt(snapshot: Snapshot, item: Item, year: int, taken: int = 0) -> str:
    """Return the next receipt number of *item* in *year*; *taken* more are being given in the same act."""
    given = (parse_number(receipt_of(r)) for r in snapshot.records.values() if r.item == item.slug)
    last = max((found[2] for found in given if found and found[:2] == (item.name, year)), default=0)
    return f"{item.name}〔{year}〕{last + 1 + taken}号"
