"""Numbers of documents held against the record before: the same document has the same year."""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.errors import Level, Problem, say
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.rules.checks.texts import documents
from schoolpub.rules.judge import Known


def documents_keep_their_year(record: Record, item: Item, known: Known) -> Iterator[Problem]:
    """Warn of a document that the record before cites with the same mark and number, but of another year."""
    own = list(documents(record))
    earlier = _before(record, item, known) if own else None
    if earlier is None:
        return
    years: dict[tuple[str, str], set[str]] = {}
    for _, found in documents(earlier):
        years.setdefault((found["mark"], found["number"]), set()).add(found["year"])
    for where, found in own:
        cited = years.get((found["mark"], found["number"]))
        if cited and found["year"] not in cited:
            before = f"{found['mark']}〔{min(cited)}〕{found['number']}号"
            yield Problem(
                code="document-changed",
                message=say(
                    "{number} is cited here, {before} in {record}: one of the years is likely a slip",
                    number=found[0], before=before, record=earlier.id,
                ),
                fix=say("Check the year of the document."),
                level=Level.WARNING,
                record=record.id,
                file=record.file,
                where=where,
                field=".".join(map(str, where[1:])),
            )  # fmt: skip


def _before(record: Record, item: Item, known: Known) -> Record | None:
    """Return the record of the item before this one: of the period before, or of the nearest earlier day."""
    if record.period is not None:
        return known.before(record, item)
    day = record.date
    if day is None:
        return None
    earlier = [r for r in known.of_item(record.item) if r.date is not None and r.date < day]
    return max(earlier, key=lambda r: (r.date or day, r.id), default=None)
