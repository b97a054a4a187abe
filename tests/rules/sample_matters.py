"""Matters in the ledgers of the sample school's catalogue: each test says step by step what was done, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from schoolpub.model.record import Record, Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.store.workspace import Workspace
from tests.rules.sample_calendar import day

ACTORS = {"assign": "chen-xi", "review": "wang-lan", "reply": "qian-li"}


@cache
def school() -> Snapshot:
    """Return the sample school, without a record."""
    return Workspace(Path(__file__).parent.parent.parent).read(cache=False)


def matter(*acts: tuple[str, str] | tuple[str, str, dict[str, str]], kind: str = "咨询", **about: Any) -> Record:
    """Return a matter received on the day of its first act; each act is its step, its day, and what it says."""
    on = acts[0][1]
    slug = str(about.pop("item", "feedback"))
    record_id = str(about.pop("id", f"{slug}-{on.replace('-', '')}-abcd"))
    fields = {"channel": "热线", "topic": "示例事由", **({"kind": kind} if slug == "feedback" else {}), **about}
    body = {"id": record_id, "item": slug, "fields": fields}
    steps = tuple(_step(*act) for act in acts)
    return Record(
        id=record_id, item=slug, catalogue=day("2026-01-01"), title="示例事由", date=day(on), department="办公室",
        audience="both", body=body, fields=fields, steps=steps, content="sha256:0",
        file=f"records/feedback/{on[:4]}/{record_id}.yaml",
    )  # fmt: skip


def within(*records: Record) -> Snapshot:
    """Return the sample school with *records*."""
    return replace(school(), records={record.id: record for record in records})


def _step(name: str, on: str, says: dict[str, str] | None = None) -> Step:
    at = datetime.combine(day(on), time(9), timezone(timedelta(hours=8)))
    return Step(step=name, by=ACTORS.get(name, "chen-xi"), role="公开办", at=at, says=dict(says or {}))
