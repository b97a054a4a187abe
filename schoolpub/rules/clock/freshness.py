"""Records that stand for long and must be looked at again: the review period (`stale-after`) of an item."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow


def stale_from(record: Record, item: Item, snapshot: Snapshot) -> date | None:
    """Return the day from which *record* is stale, None when its item has no review period or it is not posted."""
    own = snapshot.flow(record) if item.stale_after else None
    post = flow.replay(record, own).last("post") if own else None
    return later(post.day, item.stale_after) if post else None


def stale(snapshot: Snapshot, today: date) -> list[tuple[Record, date]]:
    """Return the current records that nobody renewed in time, each with the day from which it is stale."""
    latest: dict[str, tuple[date, Record]] = {}
    for record in snapshot.records.values():
        item = snapshot.item(record)
        since = stale_from(record, item, snapshot) if item else None
        if item is None or since is None or flow.status(snapshot, record) not in flow.PUBLIC_STATUSES:
            continue
        if editions.superseded(snapshot, record):
            continue
        # Regulations stand side by side; of what describes the school, the newest record replaces those before.
        key = record.base if _library(item) else record.item
        if key not in latest or latest[key][0] < since:
            latest[key] = since, record
    return [(record, since) for since, record in latest.values() if since <= today]


def _library(item: Item) -> bool:
    return "supersedes" in item.fields


def later(day: date, span: str) -> date:
    """Return the day a *span* (`1y`, `6m`, `90d`) after *day*."""
    number = int(span[:-1])
    if span[-1] == "d":
        return day + timedelta(number)
    months = day.year * 12 + day.month - 1 + number * (12 if span[-1] == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
