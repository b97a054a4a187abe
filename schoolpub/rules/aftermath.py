"""What a correction left behind: records that were right when they were signed off, and are not any more.

Such a record has no error: it is owed a correction or an explanation, paid by a new edition or a remark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from schoolpub.dataclass import dataclass
from schoolpub.errors import Problem, errors
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules import editions, flow
from schoolpub.rules.judge import Known, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """A record that must be corrected or explained, because of the correction of another."""

    record: Record
    because: Record
    """The corrected edition."""
    problems: tuple[Problem, ...]


def aftermaths(snapshot: Snapshot) -> list[Aftermath]:
    """Return every record that a later correction made untrue and nobody corrected or explained since."""
    corrected = list(_corrections(snapshot))
    if not corrected:
        return []
    known = Known(snapshot)
    found = []
    for record in snapshot.records.values():
        item, own = snapshot.item(record), snapshot.flow(record)
        played = flow.replay(record, own) if own else None
        if item is None or played is None or played.status not in flow.PUBLIC_STATUSES:
            continue
        signed = played.sign_off or played.last("post")
        near = [
            (other, at)
            for other, at in corrected
            if other.base != record.base and signed and signed.at < at and _near(other, record, item)
        ]
        if not near or editions.posted(snapshot, record.id) is not record:
            continue
        because, at = max(near, key=lambda pair: pair[1])
        explained = any(t.step.step == "remark" and t.step.at >= at for t in played.taken)
        if not explained and (problems := _broken(record, item, known, [other for other, _ in near])):
            found.append(Aftermath(record=record, because=because, problems=problems))
    return found


def _corrections(snapshot: Snapshot) -> Iterator[tuple[Record, datetime]]:
    """Yield every later edition that is public, with the moment of its posting."""
    for record in snapshot.records.values():
        own = snapshot.flow(record) if record.edition > 1 else None
        played = flow.replay(record, own) if own else None
        post = played.last("post") if played and played.status in flow.PUBLIC_STATUSES else None
        if post:
            yield record, post.at


def _near(corrected: Record, record: Record, item: Item) -> bool:
    """Return whether a rule of *record* can look at *corrected*."""
    if corrected.item == record.item:
        return any(not rule.own for rule in item.rules) or any(f.columns for f in item.fields.values())
    if any(rule.item == corrected.item for rule in item.rules):
        return True
    return _mentions(dict(record.fields), corrected.base)


def _mentions(tree: Tree, base: str) -> bool:
    if isinstance(tree, str):
        return tree == base or tree.startswith(f"{base}.v")
    children = tree.values() if isinstance(tree, dict) else tree or ()
    return any(_mentions(child, base) for child in children)


def _broken(record: Record, item: Item, known: Known, corrections: list[Record]) -> tuple[Problem, ...]:
    """Return the errors of *record* that it has since *corrections* and did not have before them."""
    reading = known.reading(record, item)
    now = errors(judge(record, item, reading, known.snapshot, outside=True, known=known))
    if not now:
        return ()
    later = {correction.id for correction in corrections}
    records = {key: other for key, other in known.snapshot.records.items() if key not in later}
    earlier = replace(known.snapshot, records=records)
    before = {(p.code, p.where) for p in judge(record, item, reading, earlier, outside=True, known=Known(earlier))}
    return tuple(p for p in now if (p.code, p.where) not in before)
