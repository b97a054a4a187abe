"""What a correction left behind: records that were right when they were signed off, and are not any more.

Such a record has no error: it is owed a correction or an explanation, paid by a new edition or a remark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from schoolpub.errors import Problem, errors
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.period import PeriodKind, before
from schoolpub.model.record import Record, Tree, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.identity import periodic_id
from schoolpub.rules.judge import Known, judge
from schoolpub.rules.previous import carrying


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """A record that must be corrected or explained, because of the correction of another."""

    record: Record
    because: Record
    """The corrected edition."""
    problems: tuple[Problem, ...]


def aftermaths(snapshot: Snapshot) -> list[Aftermath]:
    """Return every record that a later correction made untrue and nobody corrected or explained since."""
    corrected = _Corrected.of(snapshot)
    if not corrected.by_base:
        return []
    known = Known(snapshot)
    found = []
    for record in snapshot.records.values():
        item = snapshot.item(record)
        near = corrected.near(record, item) if item else []
        own = snapshot.flow(record) if near else None
        played = flow.replay(record, own) if own else None
        if item is None or played is None or played.status not in flow.PUBLIC_STATUSES:
            continue
        signed = played.sign_off or played.last("post")
        later = [(other, at) for other, at in near if signed and signed.at < at]
        if not later or editions.posted(snapshot, record.id) is not record:
            continue
        because, at = max(later, key=lambda pair: pair[1])
        explained = any(t.step.step == "remark" and t.step.at >= at for t in played.taken)
        if not explained and (problems := _broken(record, item, known, [other for other, _ in later])):
            found.append(Aftermath(record=record, because=because, problems=problems))
    return found


_Correction: TypeAlias = tuple[Record, datetime]
"""A later edition that is public, and the moment of its posting."""


@dataclass(frozen=True, slots=True)
class _Corrected:
    """The corrections, found by what other records look at."""

    snapshot: Snapshot
    by_base: dict[str, list[_Correction]]
    by_item: dict[str, list[_Correction]]
    zeros: frozenset[str]
    """The zero reports: the sums of the record before them carry over."""
    referring: dict[int, tuple[str, ...]]
    """Items (by identity) → their fields that hold references, also inside tables and blocks."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> _Corrected:
        """Return the corrections in *snapshot*."""
        by_base: dict[str, list[_Correction]] = {}
        by_item: dict[str, list[_Correction]] = {}
        for record in snapshot.records.values():
            own = snapshot.flow(record) if record.edition > 1 else None
            played = flow.replay(record, own) if own else None
            post = played.last("post") if played and played.status in flow.PUBLIC_STATUSES else None
            if post:
                by_base.setdefault(record.base, []).append((record, post.at))
                by_item.setdefault(record.item, []).append((record, post.at))
        zeros = frozenset(record.base for record in snapshot.records.values() if record.zero)
        return cls(snapshot, by_base, by_item, zeros, {})

    def near(self, record: Record, item: Item) -> list[_Correction]:
        """Return the corrections that *record* can be held against: of the period before, a reference, an item."""
        bases = set(self._references(record, item))
        if record.period is not None and record.period.kind is not PeriodKind.SPAN:
            earlier = periodic_id(item, before(record.period), record.part)
            bases.add(earlier)
            if earlier in self.zeros and (summed := carrying(self.snapshot, item, record.period, record.part)[0]):
                bases.add(summed.base)
        found = [one for base in bases - {record.base} for one in self.by_base.get(base, ())]
        wanted = {rule.item for rule in item.rules if rule.item} & self.by_item.keys()
        return found + [one for slug in sorted(wanted) for one in self.by_item[slug] if one[0].base != record.base]

    def _references(self, record: Record, item: Item) -> Iterator[str]:
        if id(item) not in self.referring:
            self.referring[id(item)] = tuple(key for key, field in item.fields.items() if _refers(field))
        for key in self.referring[id(item)]:
            for text in _texts(record.fields.get(key)):
                base = base_id(text)
                if base in self.by_base:
                    yield base


def _refers(field: Field) -> bool:
    return field.type == "reference" or any(map(_refers, field.columns.values()))


def _texts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    else:
        for child in tree.values() if isinstance(tree, dict) else tree or ():
            yield from _texts(child)


def _broken(record: Record, item: Item, known: Known, corrections: list[Record]) -> tuple[Problem, ...]:
    """Return the errors of *record* that it has since *corrections* and did not have before them."""
    reading = known.reading(record, item)
    now = errors(judge(record, item, reading, known.snapshot, outside=True, known=known))
    if not now:
        return ()
    later = {correction.id for correction in corrections}
    records = {key: other for key, other in known.snapshot.records.items() if key not in later}
    earlier = replace(known.snapshot, records=records)
    had = {(p.code, p.where) for p in judge(record, item, reading, earlier, outside=True, known=Known(earlier))}
    return tuple(p for p in now if (p.code, p.where) not in had)
