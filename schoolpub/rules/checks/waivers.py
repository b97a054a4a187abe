"""Waivers: do they name an item of the catalogue, and periods that can be read?"""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.errors import Problem, Text, Where, say
from schoolpub.model.period import parse_period
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.waivers import period_texts
from schoolpub.rules.values.wrong import nearest, shown


def waiver_names_a_duty(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report a waiver of an item that the catalogue does not have, and periods that nobody can read."""
    item = snapshot.item(record)
    if item is None or item.waives is None:
        return
    wanted = record.fields.get(item.waives.item)
    items = snapshot.catalogues[record.catalogue].items
    if isinstance(wanted, str) and wanted not in {name for one in items.values() for name in (one.slug, one.name)}:
        message = say("the catalogue has no item “{item}”, so nothing is waived", item=shown(wanted))
        near = nearest(wanted, [*items, *(one.name for one in items.values())])
        yield _problem(record, message, ("fields", item.waives.item), near)
    for text in period_texts(record.fields.get(item.waives.periods)):
        try:
            parse_period(text)
        except ValueError:
            message = say("{value} is no period", value=shown(text))
            yield _problem(record, message, ("fields", item.waives.periods), say("write it as 2026-10"))


def _problem(record: Record, message: Text, where: Where, fix: Text | None) -> Problem:
    return Problem(
        code="waiver", message=message, fix=fix, record=record.id, file=record.file, where=where, field=str(where[-1])
    )
