"""A record made of a plain tree that was checked before: what the cache remembers needs no YAML and no check."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from schoolpub.model.period import Period, parse_period
from schoolpub.model.record import Attachment, Record, Step
from schoolpub.store.yaml.shape import YES

_STEP_KEYS = frozenset(["step", "by", "role", "via", "on", "at", "content"])


def record_from_tree(tree: Mapping[str, Any], content: str, file: str) -> Record:
    """Return the record of a *tree* that was checked before; trusts it."""
    body = {key: value for key, value in tree.items() if key != "steps"}
    period, day = body.get("period"), body.get("date")
    return Record(
        id=body["id"],
        item=body["item"],
        catalogue=_day(body["catalogue"]),
        edition=int(body["edition"]),
        title=body["title"],
        period=period_of(period) if period else None,
        date=_day(day) if day else None,
        part=body.get("part") or "",
        department=body["department"],
        audience=body["audience"],
        summary=body.get("summary") or "",
        zero=(body.get("zero") or "").casefold() in YES,
        body=body,
        fields=body.get("fields") or {},
        attachments=tuple(
            Attachment(
                file=a["file"],
                title=a.get("title") or a["file"],
                sha256=a["sha256"],
                carries=tuple(a.get("carries") or ()),
            )
            for a in body.get("attachments") or ()
        ),
        steps=tuple([step_from_tree(s) for s in tree["steps"] if "step" in s]),
        content=content,
        file=file,
    )


def step_from_tree(tree: Mapping[str, Any]) -> Step:
    """Return the step of a *tree* that was checked before; trusts it."""
    day = tree.get("on")
    return Step(
        step=tree["step"],
        by=tree["by"],
        role=tree["role"],
        at=datetime.fromisoformat(tree["at"]),
        via=tree.get("via") or "",
        on=_day(day) if day else None,
        content=tree.get("content") or "",
        says={} if tree.keys() <= _STEP_KEYS else {k: v for k, v in tree.items() if k not in _STEP_KEYS},
    )


@lru_cache(4096)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(1024)
def period_of(text: str) -> Period:
    """Return the period written as *text*; raise ValueError when it is none."""
    return parse_period(text)
