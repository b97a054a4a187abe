"""The chain of a record as it is shown: who did what when, and where it was proven to hang."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from schoolpub.model.record import Record
from schoolpub.rules.chain import flow as flows
from schoolpub.views import formats
from schoolpub.views.context import Context
from schoolpub.views.pages import evidence

_UNTOLD = frozenset({"edit", "attach", "undo", "renumber"})
_PROOF = "prove"
_STOPS = frozenset({"suspend", "withdraw"})
_TEXTS = ("opinion", "meeting", "reason")


def chain(played: flows.Replay, context: Context) -> list[dict[str, Any]]:
    """Return the steps that led to the present text and what happened since, in order."""
    present = {id(taken) for taken in played.round}
    drafted = next((taken for taken in played.taken if taken.before == flows.NONE), None)
    found = [
        _told(taken, context)
        for taken in played.taken
        if (id(taken) in present or taken is drafted) and taken.step.step not in (*_UNTOLD, _PROOF)
    ]
    for earlier, later in pairwise(found):
        if earlier["name"] == later["name"] and earlier["who"] == later["who"] and earlier["day"] == later["day"]:
            earlier["name"] = ""
    return [step for step in found if step["name"]]


def _told(taken: flows.Taken, context: Context) -> dict[str, Any]:
    step = taken.step
    name = context.seen.people.name(step.by)
    kind = "approves" if taken.line.approves else "posts" if taken.after == "posted" else ""
    texts = [text for key in _TEXTS if (text := step.said(key))]
    via = context.seen.people.name(step.via) if step.via and step.via != step.by else ""
    return {
        "name": taken.line.name,
        "who": f"{step.role} {name}" + (f"（{via}代录）" if via else ""),
        "day": step.day.isoformat(),
        "day_word": formats.day(step.day),
        "kind": "stops" if step.step in _STOPS else kind,
        "text": "；".join(texts),
    }


def proofs(record: Record, played: flows.Replay, context: Context, held: evidence.Held) -> list[dict[str, Any]]:
    """Return where and when it was proven that the record hung, said or stood."""
    channels = context.seen.catalogues[record.catalogue].channels
    return [
        {
            "key": step.said("channel"),
            "channel": channels.get(step.said("channel"), step.said("channel")),
            "place": step.said("place"),
            "day": step.day.isoformat(),
            "day_word": formats.day(step.day),
            "evidence": evidence.pieces(step, record, held),
        }
        for step in (taken.step for taken in played.taken)
        if step.step == _PROOF
    ]
