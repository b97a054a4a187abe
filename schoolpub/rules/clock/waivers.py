"""Waivers: a public record, approved like any other, that lets off a duty of another item until a day.

It covers what falls due up to its end and nothing after; or it puts a duty off to another day.  One without an end
covers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schoolpub.model.catalogue import Item
from schoolpub.model.period import Period, parse_period
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.remembered import remembered

_BETWEEN = re.compile(r"[,，、;；\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """What one posted record lets off."""

    record_id: str
    item: str
    """Slug of the item whose duty it is."""
    periods: tuple[str, ...]
    """Empty: whatever falls due while it lasts."""
    posted: date
    until: date | None
    postponed: date | None

    def lets_off(self, due: date) -> bool:
        """Return whether nothing is owed of what falls due on *due*, of which it speaks."""
        return self.until is not None and due <= self.until

    def covers(self, item: Item, about: Period | None, day: date | None, due: date) -> bool:
        """Return whether it speaks of the duty of *item* about a period or a *day*, due on *due*."""
        if self.item != item.slug:
            return False
        if self.periods:
            return any(_names(text, about, day) for text in self.periods)
        return self.posted <= due


def waivers(snapshot: Snapshot) -> tuple[Waiver, ...]:
    """Return every waiver in force, by record."""
    return remembered(snapshot.memory, "waivers", (), lambda: tuple(_read(snapshot)))


def _read(snapshot: Snapshot) -> Iterator[Waiver]:
    slugs = {item.slug for edition in snapshot.catalogues.values() for item in edition.items.values() if item.waives}
    if not slugs:
        return
    for record in snapshot.records.values():
        item = snapshot.item(record) if record.item in slugs else None
        if item is None or item.waives is None or editions.superseded(snapshot, record):
            continue
        own = snapshot.flow(record)
        played = flow.replay(record, own) if own else None
        post = played.last("post") if played else None
        if played is None or post is None or played.status not in flow.PUBLIC_STATUSES:
            continue
        form = item.waives
        waiver = Waiver(
            record_id=record.id,
            item=_slug(snapshot, record, form.item),
            periods=period_texts(record.fields.get(form.periods)),
            posted=post.day,
            until=_day(record, form.until),
            postponed=_day(record, form.postponed),
        )
        if waiver.until or waiver.postponed:
            yield waiver


def waiver_of(known: Sequence[Waiver], item: Item, about: Period | None, day: date | None, due: date) -> Waiver | None:
    """Return the waiver that speaks of a duty: one that lets it off before one that puts it off."""
    speaking = [w for w in known if w.covers(item, about, day, due)]
    off = next((w for w in speaking if w.lets_off(due)), None)
    return off or next((w for w in speaking if w.postponed and w.postponed > due), None)


def _names(text: str, about: Period | None, day: date | None) -> bool:
    try:
        named = parse_period(text)
    except ValueError:
        return bool(day) and text == str(day)
    if about is not None:
        return named.text == about.text or (named.first <= about.first and about.last <= named.last)
    return day is not None and named.first <= day <= named.last


def _slug(snapshot: Snapshot, record: Record, key: str) -> str:
    """Return the item that is meant, by slug or by its name in the edition of the waiver."""
    wanted = _text(record, key)
    items = snapshot.catalogues[record.catalogue].items.values()
    return next((item.slug for item in items if wanted in (item.slug, item.name)), wanted)


def _text(record: Record, key: str) -> str:
    value = record.fields.get(key)
    return value.strip() if isinstance(value, str) else ""


def period_texts(value: Tree) -> tuple[str, ...]:
    """Return the periods that a waiver names, written as a list or with commas."""
    if isinstance(value, str):
        return tuple(part for part in _BETWEEN.split(value) if part)
    entries = value if isinstance(value, list) else []
    return tuple(part for entry in entries if isinstance(entry, str) for part in period_texts(entry))


def _day(record: Record, key: str) -> date | None:
    try:
        return date.fromisoformat(_text(record, key)) if key else None
    except ValueError:
        return None
