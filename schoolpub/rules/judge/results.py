"""Results that follow a notice period: from which day on they may be signed off and posted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schoolpub.errors import Level
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.notice_periods import notice_of
from schoolpub.rules.expressions import ExpressionError, evaluate
from schoolpub.rules.judge.known import Known
from schoolpub.rules.judge.scope import RecordScope

AFTER_NOTICE = "after-notice"
"""The check of the catalogue that makes a record a result."""


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps a result back."""

    allowed: date
    """The earliest day on which it may be signed off and posted."""
    notice: str = ""
    """The record whose notice period is not over; none where the result itself is dated later."""


def hold(record: Record, snapshot: Snapshot, day: date) -> Hold | None:
    """Return what keeps *record* from being decided on *day*: a notice period that runs, or its own later date."""
    holds = [found for found in _holds(record, snapshot) if found.allowed > day]
    return max(holds, key=lambda found: (found.allowed, bool(found.notice)), default=None)


def follows_a_notice(item: Item | None) -> bool:
    """Return whether records of *item* are results, which a notice period keeps back."""
    return item is not None and any(rule.check == AFTER_NOTICE for rule in item.rules)


def lasts_until(notice: Record, snapshot: Snapshot) -> date | None:
    """Return the last day of the period of *notice*: one that was too short lasts until its earliest lawful end."""
    item = snapshot.item(notice)
    period = notice_of(notice, item, snapshot) if item else None
    if period is None:
        return None
    return period.last if period.last and (period.enough or period.level is Level.WARNING) else period.earliest


def _holds(record: Record, snapshot: Snapshot) -> Iterator[Hold]:
    item = snapshot.item(record)
    rules = [rule for rule in item.rules if rule.check == AFTER_NOTICE] if item else []
    if item is None or not rules or record.zero:
        return
    known = Known(snapshot)
    scope = RecordScope(record, item, known.reading(record, item).values, known, outside=True)
    for rule in rules:
        try:
            if rule.when is not None and evaluate(rule.when, scope) is not True:
                continue
        except ExpressionError:
            continue
        wanted, *dates = rule.fields
        values = [scope.resolve((name,)) for name in dates] or [record.date]
        yield from (Hold(date(day.year, day.month, day.day)) for day in values if isinstance(day, date))
        named = record.fields.get(wanted)
        notice = known.current(named) if isinstance(named, str) else None
        if notice is not None and (last := lasts_until(notice, snapshot)):
            yield Hold(last + timedelta(1), notice.id)
