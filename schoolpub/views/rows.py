"""One flat row a record: what `list`, `find` and scripts show, and which words a record mentions."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.chain.numbering import number_of
from schoolpub.rules.clock.deadlines import Deadline, due_of, lateness
from schoolpub.rules.clock.proofs import proofs_of
from schoolpub.rules.ledgers import clock
from schoolpub.rules.ledgers.clock import paid_on
from schoolpub.rules.ledgers.receipts import receipt_of
from schoolpub.views.pages.catalogue_words import spot_words


def rows(snapshot: Snapshot, today: date) -> list[dict[str, Any]]:
    """Return one flat row a record, oldest first: what `list --json` gives."""
    made = [row(snapshot, record, today) for record in snapshot.records.values()]
    return sorted(made, key=lambda one: (one["period"] or one["date"], one["id"]))


def row(snapshot: Snapshot, record: Record, today: date) -> dict[str, Any]:
    """Return the row of *record*."""
    item = snapshot.item(record)
    own_flow = snapshot.flow(record)
    played = flow.replay(record, own_flow) if own_flow else flow.Replay("none", ())
    state = "superseded" if editions.superseded(snapshot, record) else played.status
    catalogue = snapshot.catalogues.get(record.catalogue)
    posted = played.last("post")
    deadline, shown, late = _timing(record, snapshot, today)
    proofs = proofs_of(record, played, item, snapshot.school) if item and state in flow.PUBLIC_STATUSES else None
    unproven = proofs.missing if proofs else ()
    status_name = catalogue.statuses.get(state, state) if catalogue else state
    return {
        "id": record.id,
        "item": record.item,
        "item_name": item.name if item else record.item,
        "category": item.category if item else "",
        "title": record.title,
        "period": record.period.text if record.period else "",
        "date": record.date.isoformat() if record.date else "",
        "year": str(record.year),
        "department": played.department(record),
        "audience": record.audience,
        "edition": record.edition,
        "status": state,
        "status_name": f"{status_name}，待取证" if unproven else status_name,
        "number": number_of(record) or receipt_of(record),
        "due": deadline.date.isoformat() if deadline else "",
        "provisional": bool(deadline and deadline.provisional),
        "recomputed": deadline.recomputed.isoformat() if deadline and deadline.recomputed else "",
        "posted": posted.day.isoformat() if posted else "",
        "shown": shown.isoformat() if shown else "",
        "unproven": "、".join(spot_words(spot, catalogue) for spot in unproven) if catalogue else "",
        "late_workdays": late,
        "late_mark": f" 逾期{late}" if late else "",
        "file": record.file,
    }


def _timing(record: Record, snapshot: Snapshot, today: date) -> tuple[Deadline | None, date | None, int]:
    """Return the deadline of *record*, since when it is proven to be public, and by how many working days it is late.

    A later edition has the timing of the first: the correction of what was posted in time is not late.
    """
    first = next((r for r in editions.editions(snapshot, record.id) if r.edition < record.edition), record)
    item, own = snapshot.item(first), snapshot.flow(first)
    if item is None or own is None:
        return None, None, 0
    played = flow.replay(first, own)
    deadline = due_of(first, item, snapshot)
    done = paid_on(first, played, item, snapshot)
    if deadline is None or (done is None and played.status == "void"):
        return deadline, done and proofs_of(first, played, item, snapshot.school).shown, 0
    if clock.runs(item):
        return deadline, done, lateness(deadline.date, done or today, snapshot.calendar)
    shown = proofs_of(first, played, item, snapshot.school).shown if done else None
    return deadline, shown, lateness(deadline.date, done or today, snapshot.calendar)


def mentions(record: Record, words: Sequence[str]) -> bool:
    """Return whether every one of *words* occurs in the record's text, full-width and half-width alike."""
    text = _folded(
        " ".join([record.id, *_texts(dict(record.body)), *(t for s in record.steps for t in _texts(dict(s.says)))])
    )
    return all(_folded(word) in text for word in words)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _texts(tree: Tree) -> list[str]:
    if isinstance(tree, dict):
        return [text for value in tree.values() for text in _texts(value)]
    if isinstance(tree, list):
        return [text for value in tree for text in _texts(value)]
    return [tree] if tree else []
