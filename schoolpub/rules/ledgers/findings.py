"""What a rectification begins with: a feedback, an accepted suggestion of a hearing, a finding of an inspection.

`ID#n` means the n-th entry of the record's list of findings, counted from 1 as the pages number them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.ledgers.rectification import is_rectification

_YES = frozenset({"yes", "true", "是"})
_LISTS: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    # item: (its list of findings, the columns that tell one, the source that it is)
    "hearing": ("questions", ("question",), ""),
    "safety-inspection": ("findings", ("finding",), "检查"),
    "inspection-random": ("results", ("object", "result"), "检查"),
    "audit-result": ("findings", ("finding",), "审计"),
    "supervision-report": ("findings", ("finding",), "检查"),
    "survey-result": ("suggestions", ("suggestion",), "评估"),
    "congress": ("proposals", ("topic",), "教代会"),
}
_SINGLE: Mapping[str, tuple[str, str]] = {
    # item: (the field that tells the matter in public, the source that it is)
    "feedback": ("topic", "意见反馈"),
    "disclosure-request": ("topic", "意见反馈"),
    "report": ("", "意见反馈"),
    "topic-request": ("topic", "意见反馈"),
}
_LONGEST = 60
"""Characters of a problem's title that are taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rectification is about, as far as its source tells it."""

    record: Record
    place: int = 0
    """Which entry of the record, from 1; 0 when the record as a whole is meant."""
    source: str
    """A choice of the field `source`."""
    problem: str = ""
    department: str = ""

    @property
    def fields(self) -> dict[str, Tree]:
        """The fields of the rectification that follow from it."""
        known = {"source": self.source, "source_record": self.record.id, "problem": self.problem}
        if self.place:
            known["source_place"] = str(self.place)
        return {key: value for key, value in known.items() if value}


def finding(snapshot: Snapshot, record: Record, place: int) -> Finding:
    """Return what *record* says at *place*; raise SchoolpubError when there is nothing to put right."""
    if flow.status(snapshot, record) == "void" or is_rectification(snapshot, record):
        raise SchoolpubError(
            say("{id} is nothing that a rectification can begin with.", id=record.id),
            fix=say("name a feedback, a hearing, an inspection or an audit: `schoolpub list`"),
        )
    if record.item in _SINGLE:
        topic, source = _SINGLE[record.item]
        return Finding(record=record, source=source, problem=_text(record.fields.get(topic)), department=_lies(record))
    if record.item not in _LISTS:
        return Finding(record=record, place=place, source="其他")
    key, columns, source = _LISTS[record.item]
    entries = _entries(record.fields.get(key))
    chosen = _which(record, entries, place)
    entry = entries[chosen - 1] if chosen else {}
    if record.item == "hearing":
        source = _text(record.fields.get("kind")) or "座谈会"
        if chosen and _text(entry.get("accepted")) not in _YES:
            raise SchoolpubError(
                say("{id}: the school did not accept suggestion {number}, so nothing follows from it.",
                    id=record.id, number=chosen),
                fix=say("only what the minutes mark as accepted (`accepted: yes`) becomes a rectification"),
            )  # fmt: skip
    told = "：".join(part for column in columns if (part := _text(entry.get(column))))
    return Finding(record=record, place=chosen, source=source, problem=told, department=_text(entry.get("dept")))


def taken_up(snapshot: Snapshot, found: Finding) -> Record | None:
    """Return the rectification that was made of *found* already, if any."""
    for record in snapshot.records.values():
        if not is_rectification(snapshot, record) or flow.status(snapshot, record) == "void":
            continue
        same_place = _text(record.fields.get("source_place")) == (str(found.place) if found.place else "")
        if same_place and _text(record.fields.get("source_record")) == found.record.id:
            return record
    return None


def followed_up(record: Record, begun: Sequence[Record]) -> Mapping[str, Tree]:
    """Return the fields of *record* with, beside each finding, the rectification of *begun* that began with it.

    Its text was fixed before that: a rectification that the text itself names stays.
    """
    places = {
        int(place): one.id
        for one in begun
        if _text(one.fields.get("source_record")) == record.id
        and (place := _text(one.fields.get("source_place"))).isdecimal()
    }
    key = _LISTS[record.item][0] if record.item in _LISTS else ""
    tree = record.fields.get(key)
    if not places or not tree:
        return record.fields
    rows: list[Tree] = [
        {"rectification": places[number], **row} if number in places else dict(row)
        for number, row in enumerate(_entries(tree), 1)
    ]
    return {**record.fields, key: {**tree, "rows": rows} if isinstance(tree, dict) and "rows" in tree else rows}


def _which(record: Record, entries: Sequence[Mapping[str, Tree]], place: int) -> int:
    """Return the entry that is meant: *place*, or the only one that it can be."""
    if place > len(entries):
        raise SchoolpubError(
            say("{id} has {count} entries, and no number {number}.", id=record.id, count=len(entries), number=place),
            fix=say("`schoolpub show {id}` shows them", id=record.id),
        )
    if place:
        return place
    able = [
        number
        for number, entry in enumerate(entries, 1)
        if record.item != "hearing" or _text(entry.get("accepted")) in _YES
    ]
    if len(able) == 1:
        return able[0]
    if able:
        raise SchoolpubError(
            say("{id} has several entries: which one is meant?", id=record.id),
            fix=say("write {id}#{number} (possible: {numbers})", id=record.id, number=able[0],
                    numbers="、".join(map(str, able))),
        )  # fmt: skip
    if record.item == "hearing" and entries:
        raise SchoolpubError(
            say("{id}: the school accepted none of the suggestions.", id=record.id),
            fix=say("only what the minutes mark as accepted (`accepted: yes`) becomes a rectification"),
        )
    return 0


def _entries(tree: Tree) -> list[Mapping[str, Tree]]:
    rows = tree.get("rows", [tree]) if isinstance(tree, dict) else tree
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _lies(record: Record) -> str:
    """Return the department that a matter lies with: the one it was last assigned to."""
    return next((s.said("department") for s in reversed(record.steps) if s.said("department")), record.department)


def _text(tree: Tree) -> str:
    text = " ".join(tree.split()) if isinstance(tree, str) else ""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
