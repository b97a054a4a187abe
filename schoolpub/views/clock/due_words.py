"""What is due, in a word: a disclosure, an answer, or the opening of a box."""

from __future__ import annotations

from datetime import date

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.clock.deadlines import WEEKDAYS
from schoolpub.rules.ledgers.clock import clock_of, runs
from schoolpub.views import formats


def verb(item: Item) -> str:
    """Return what is owed: 应公开, 应答复, 应开箱."""
    if runs(item):
        return "应答复"
    return "应开箱" if opens_a_box(item) else "应公开"


def opens_a_box(item: Item) -> bool:
    """Return whether *item* is the opening of a box on a weekday."""
    return item.ledger == "feedback" and any(duty.every in WEEKDAYS for duty in item.duties)


def words(item: Item, due: date, late_by: int, *, provisional: bool = False) -> str:
    """Return by when, and how late: 应公开 2026年11月5日，逾期 1 个工作日."""
    late = f"，逾期 {late_by} 个工作日" if late_by else ""
    return f"{verb(item)} {formats.day(due)}{'（推算）' if provisional else ''}{late}"


def stopped(record: Record, snapshot: Snapshot) -> str:
    """Return that the clock of *record* stands still, and since when; nothing while it runs."""
    found = clock_of(record, snapshot)
    if found is None or not found.stopped:
        return ""
    asked = found.stops[-1].asked
    return f"{formats.day(asked)}请补充说明，期限暂停，还余 {found.left} 个工作日"


def department_of(record: Record, snapshot: Snapshot) -> str:
    """Return the department that *record* lies with now."""
    own = snapshot.flow(record)
    return flow.replay(record, own).department(record) if own else record.department
