"""What concerns a record: the feedback, requests, rectifications and results that name it, or that it names.

A link is an id that one record of the ledgers writes down: in its body, or in a step.  Nothing is stored twice, and a
chain is followed to its end: from a disclosed record to the feedback about it, on to the rectification that this led
to, and to the result that was disclosed.  A report (举报) is never part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schoolpub.model.record import Record, Tree, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.remembered import remembered

FEEDBACK = frozenset({"feedback"})
REQUESTS = frozenset({"disclosure-request"})
RECTIFICATIONS = frozenset({"rectification", "improvement"})
RESULTS = frozenset({"rectification-result"})
HEARINGS = frozenset({"hearing"})
_LINKING = FEEDBACK | REQUESTS | RECTIFICATIONS | RESULTS | HEARINGS
"""Items whose records may name others."""

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[A-Za-z0-9]+)+", re.ASCII)
_ONWARD: Mapping[frozenset[str], frozenset[str]] = {
    FEEDBACK | REQUESTS | HEARINGS: RECTIFICATIONS | RESULTS,
    RECTIFICATIONS: RESULTS,
}
"""From which found records it goes on, to which."""


@dataclass(frozen=True, slots=True)
class Around:
    """The records of the ledgers that concern a record, each kind in order of id; none was given up."""

    feedback: tuple[Record, ...] = ()
    requests: tuple[Record, ...] = ()
    rectifications: tuple[Record, ...] = ()
    """Rectifications and improvements."""
    results: tuple[Record, ...] = ()
    """Disclosed results of rectifications, drafts of them included."""
    hearings: tuple[Record, ...] = ()

    def __bool__(self) -> bool:
        return any((self.feedback, self.requests, self.rectifications, self.results, self.hearings))


def around(snapshot: Snapshot, record_id: str) -> Around:
    """Return what concerns the record called *record_id* (any edition of it) in *snapshot*."""
    start = base_id(record_id)
    links = remembered(snapshot.memory, "links", (), lambda: _links(snapshot))
    own = snapshot.records.get(start)
    found = set(links.get(start, ()))
    if own is not None and own.item in RESULTS:  # from a result back over its rectification to what began it
        found |= {far for near in found if _item(snapshot, near) in RECTIFICATIONS for far in links.get(near, ())}
    for begins, leads in _ONWARD.items():
        for near in [near for near in found if _item(snapshot, near) in begins]:
            found |= {far for far in links.get(near, ()) if _item(snapshot, far) in leads}
    found.discard(start)
    kinds = (FEEDBACK, REQUESTS, RECTIFICATIONS, RESULTS, HEARINGS)
    return Around(*(_chosen(snapshot, found, items) for items in kinds))


def mentions(record: Record, name: str) -> bool:
    """Return whether the text of *record* names *name*: an id, or a receipt number."""
    return bool(name) and any(name in text for text in _texts(dict(record.fields)))


def _links(snapshot: Snapshot) -> dict[str, set[str]]:
    """Return for each base id the base ids that it is linked with, in either direction."""
    links: dict[str, set[str]] = {}
    for record in snapshot.records.values():
        if record.item in _LINKING and flow.status(snapshot, record) != "void":
            for named in _named(record):
                if named in snapshot.records and named != record.base and _item(snapshot, named) != "report":
                    links.setdefault(record.base, set()).add(named)
                    links.setdefault(named, set()).add(record.base)
    return links


def _named(record: Record) -> Iterator[str]:
    for tree in (dict(record.fields), *(dict(step.says) for step in record.steps)):
        for text in _texts(tree):
            yield from _ID.findall(text)  # the mark of an edition (`.v2`) stays behind


def _texts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif tree:
        for part in tree.values() if isinstance(tree, dict) else tree:
            yield from _texts(part)


def _item(snapshot: Snapshot, base: str) -> str:
    record = snapshot.records.get(base)
    return record.item if record else ""


def _chosen(snapshot: Snapshot, bases: set[str], items: frozenset[str]) -> tuple[Record, ...]:
    wanted = sorted(base for base in bases if _item(snapshot, base) in items)
    found = (editions.current(snapshot, base) for base in wanted)
    return tuple(record for record in found if record is not None)
