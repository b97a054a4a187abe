"""Records on their way through the shipped flows, for the tests of chains: each states the steps that matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from schoolpub.model.catalogue import Flow
from schoolpub.model.people import Appointment
from schoolpub.model.period import parse_period
from schoolpub.model.record import Record, Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.store.workspace import Workspace

BEIJING = timezone(timedelta(hours=8))
DAY = datetime(2026, 11, 3, 9, 0, tzinfo=BEIJING)
CONTENT = "sha256:" + "0" * 64

BY = {
    "draft": ("zhao-min", "填报人"), "submit": ("zhao-min", "填报人"), "edit": ("zhao-min", "填报人"),
    "review": ("qian-li", "部门负责人"), "screen": ("hua-rong", "财务小组"), "decide": ("shen-jing", "领导小组"),
    "verify": ("jin-ye", "监督小组"), "sign": ("sun-jie", "校长"), "post": ("chen-xi", "公开办"),
    "prove": ("chen-xi", "公开办"), "takedown": ("chen-xi", "公开办"), "return": ("qian-li", "部门负责人"),
    "suspend": ("chen-xi", "公开办"), "resume": ("sun-jie", "校长"), "withdraw": ("sun-jie", "校长"),
    "discard": ("zhao-min", "填报人"), "remark": ("wang-lan", "监督小组"), "renumber": ("chen-xi", "公开办"),
}  # fmt: skip
"""Step → who takes it in the sample school."""

_BOUND = frozenset(["submit", "review", "screen", "decide", "verify", "sign", "post", "withdraw"])
WHOLE = "draft submit review screen decide verify sign post"


@cache
def shipped() -> Snapshot:
    """Return the sample school with no record."""
    return Workspace(Path(__file__).parents[2]).read(cache=False)


def flow() -> Flow:
    """Return the flow of sensitive items."""
    return shipped().catalogues[date(2026, 1, 1)].flows["disclosure-sensitive"]


def step(name: str, **changes: Any) -> Step:
    """Return the step *name* as its usual person takes it."""
    by, role = BY.get(name, ("zhao-min", "填报人"))
    given: dict[str, Any] = {"step": name, "by": by, "role": role, "at": DAY, **changes}
    return Step(**{"content": CONTENT if name in _BOUND else "", **given})


def chain(names: str) -> tuple[Step, ...]:
    """Return the steps called *names*; `undo:qian-li` is an undo by that person."""
    made = []
    for name in names.split():
        word, _, by = name.partition(":")
        made.append(step(word, **({"by": by} if by else {})))
    return tuple(made)


def record(steps: str | Iterable[Step] = WHOLE, **changes: Any) -> Record:
    """Return October's account with *steps*."""
    given: dict[str, Any] = {
        "id": "finance-monthly-2026-10",
        "item": "finance-monthly",
        "catalogue": date(2026, 1, 1),
        "title": "2026年10月财务收支月报",
        "period": parse_period("2026-10"),
        "department": "总务处",
        "audience": "both",
        "content": CONTENT,
        "file": "records/disclosures/2026/finance-monthly-2026-10.yaml",
        "steps": chain(steps) if isinstance(steps, str) else tuple(steps),
        **changes,
    }
    return Record(**given)


def school(*records: Record, appointments: Iterable[Appointment] = ()) -> Snapshot:
    """Return the sample school with *records*, and with further *appointments*."""
    base = shipped()
    people = replace(base.people, appointments=(*base.people.appointments, *appointments))
    return replace(base, people=people, records={r.id: r for r in records})
