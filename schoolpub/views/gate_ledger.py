"""The gate for what people brought up and what came of it: of each matter only what its ledger may show.

What is shown is listed here, item by item and step by step; all else stays behind: the words of who wrote, the names
of those who handled it, notes between desks.  Of a report (举报) nothing is left but that there was one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import TypeAlias

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record, Step, Tree, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow as flows
from schoolpub.views import gate_record

LEDGERS = frozenset({"feedback", "rectifications"})

FIELDS: Mapping[str, frozenset[str]] = {
    "feedback": frozenset({"channel", "kind", "topic", "about"}),
    "disclosure-request": frozenset({"channel", "topic", "about"}),
    "rectification": frozenset({"problem", "source", "source_record", "source_place", "measures", "owner", "due"}),
}
"""Item → its fields that everybody may read; an item that is not here is the school's own affair."""

SAYS: Mapping[str, frozenset[str]] = {
    "receive": frozenset({"receipt"}),
    "assign": frozenset({"department"}),
    "extend": frozenset({"days", "until"}),
    "reply": frozenset({"reply", "decision", "reason", "answer", "due"}),
    "rectify": frozenset({"rectification"}),
    "republish": frozenset({"record"}),
    "rate": frozenset({"rating"}),
    "transfer": frozenset({"organisation"}),
    "merge": frozenset({"into"}),
    "decline": frozenset({"ground"}),
    "plan": frozenset({"measures"}),
    "present": frozenset({"result"}),
    "reopen": frozenset({"until"}),
}
"""Step → what it says that everybody may read."""

_REFERENCES = frozenset({"about", "source_record", "answer", "rectification", "record", "into"})
_ACCEPTED = frozenset({"accepted", "republished", "tracked", "closed"})
_SECRET = "restricted"
_OPEN = ("external", "both")


Chosen: TypeAlias = "tuple[Record, Item, flows.Replay]"


def chosen(snapshot: Snapshot, *, public: bool) -> dict[str, Chosen]:
    """Return what an audience may know of in the ledgers, by the id under which it may know it."""
    found: dict[str, Chosen] = {}
    reports = 0
    for record in snapshot.records.values():
        item, own = snapshot.item(record), snapshot.flow(record)
        if item is None or own is None or item.ledger not in LEDGERS:
            continue
        played = flows.replay(record, own)
        if played.status in ("void", flows.NONE):
            continue
        if item.privacy == _SECRET:
            reports += 1
            found[f"{item.slug}-{reports}"] = record, item, played  # no id leads back to it
        elif not public or (item.slug in FIELDS and item.audience in _OPEN and record.audience in _OPEN):
            found[record.id] = record, item, played
    return found


def reduced(found: Mapping[str, Chosen], visible: frozenset[str], *, public: bool) -> dict[str, Record]:
    """Return what was *chosen* without all that its audience may not read; *visible* are the base ids that it may."""
    cut: dict[str, Record] = {}
    for key, one in found.items():
        if one[1].privacy == _SECRET:
            cut[key] = _shell(*one, key)
        else:
            cut[key] = _public(*one, visible) if public else _inner(*one, visible)
    return cut


def _public(record: Record, item: Item, played: flows.Replay, known: frozenset[str]) -> Record:
    """Return the public part of *record*, without any trace of who wrote and who handled it."""
    steps = tuple(_bare(taken.step, _says(taken.step, played.status, known)) for taken in played.taken)
    shown = FIELDS[item.slug] & item.fields.keys()
    fields = {k: v for k, v in record.fields.items() if k in shown and _may_stay(k, v, known)}
    title = record.title
    if not played.vouches_for(record.content):  # nobody registered a text that was changed afterwards
        fields, title = {}, item.name
    # The digest of a body is left out: with it a guess at the words inside could be tried.
    bare = replace(record, summary="", body={}, private_fields={}, attachments=(), content="")
    return replace(bare, title=title, fields=fields, steps=steps)


def _says(step: Step, status: str, known: frozenset[str]) -> dict[str, Tree]:
    open_keys = SAYS.get(step.step, frozenset())
    if step.step == "present" and status not in _ACCEPTED:
        open_keys = frozenset()  # what nobody has verified yet is no result
    return {k: v for k, v in step.says.items() if k in open_keys and _may_stay(k, v, known)}


def _may_stay(key: str, value: Tree, known: frozenset[str]) -> bool:
    return key not in _REFERENCES or (isinstance(value, str) and base_id(value) in known)


def _bare(step: Step, says: Mapping[str, Tree]) -> Step:
    at = datetime.combine(step.at.date(), time(), step.at.tzinfo)
    return Step(step=step.step, by="", role="", at=at, on=step.on, says=says)


def _inner(record: Record, item: Item, played: flows.Replay, known: frozenset[str]) -> Record:
    """Return what the school itself sees of *record*: all but restricted fields."""
    fields = gate_record.open_fields(record.fields, item.fields, known)
    steps = tuple(taken.step for taken in played.taken)
    return replace(record, body={"fields": fields}, fields=fields, private_fields={}, attachments=(), steps=steps)


def _shell(record: Record, item: Item, played: flows.Replay, key: str) -> Record:
    """Return what is counted of a report: its day, its way, and how far it came."""
    steps = tuple(_bare(taken.step, {}) for taken in played.taken)
    channel = record.fields.get("channel")
    return replace(
        record,
        id=key,
        title=item.name,
        summary="",
        body={},
        fields={"channel": channel} if isinstance(channel, str) else {},
        private_fields={},
        attachments=(),
        steps=steps,
        content="",
        file="",
    )
