"""Numbers of documents held against each other and against the record before: the same document has the same year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level, Problem, Where, say
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.checks.texts import documents, joined
from schoolpub.rules.judge import Known


def documents_keep_their_year(record: Record, item: Item, known: Known) -> Iterator[Problem]:
    """Warn of a document that the record before cites with the same mark and number, but of another year."""
    own = list(documents(record))
    earlier = _before(record, item, known) if own else None
    if earlier is None:
        return
    cited = [found for _, found in documents(earlier)]
    for where, found in own:
        others = [other for other in cited if _same_document(found, other)]
        if others and all(other["year"] != found["year"] for other in others):
            yield _changed(record, where, found, others[0], earlier)


def documents_agree(record: Record, _: Snapshot) -> Iterator[Problem]:
    """Warn of a document that the record itself cites with two years."""
    if joined(dict(record.fields)).count("号") < 2:
        return
    cited: list[re.Match[str]] = []
    for where, found in documents(record):
        others = [other for other in cited if _same_document(found, other)]
        if others and all(other["year"] != found["year"] for other in others):
            yield _changed(record, where, found, others[0], record)
        cited.append(found)


def _same_document(one: re.Match[str], other: re.Match[str]) -> bool:
    """Return whether two numbers differ in their year at most; words before the mark (根据…) do not count."""
    marks = one["mark"], other["mark"]
    return one["number"] == other["number"] and (marks[0].endswith(marks[1]) or marks[1].endswith(marks[0]))


def _changed(record: Record, where: Where, found: re.Match[str], other: re.Match[str], earlier: Record) -> Problem:
    mark = min(found["mark"], other["mark"], key=len)
    return Problem(
        code="document-changed",
        message=say(
            "{number} is cited here, {before} in {record}: one of the years is likely a slip",
            number=f"{mark}〔{found['year']}〕{found['number']}号",
            before=f"{mark}〔{other['year']}〕{other['number']}号",
            record=earlier.id,
        ),
        fix=say("Check the year of the document."),
        level=Level.WARNING,
        record=record.id,
        file=record.file,
        where=where,
        field=".".join(map(str, where[1:])),
    )


def _before(record: Record, item: Item, known: Known) -> Record | None:
    """Return the record of the item before this one: of the period before, or of the nearest earlier day."""
    if record.period is not None:
        return known.before(record, item)
    day = record.date
    if day is None:
        return None
    earlier = [r for r in known.of_item(record.item) if r.date is not None and r.date < day]
    return max(earlier, key=lambda r: (r.date or day, r.id), default=None)
