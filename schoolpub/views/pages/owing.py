"""What is owed, in words: for the columns of the home page and for the catalogue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from schoolpub.model.period import PeriodKind
from schoolpub.rules.clock.duties import Owed, State, owed
from schoolpub.views import formats, gate_ledger, places
from schoolpub.views.clock import coverage, ics
from schoolpub.views.context import Context

_BACK = timedelta(366)
_AHEAD = 200
"""Days ahead: a whole term, so that an empty column can say when something is due."""


def balance(context: Context) -> list[Owed]:
    """Return what this audience is owed: the past year and a term ahead, by due date."""
    found = owed(context.seen, context.today, horizon_days=_AHEAD, since=context.today - _BACK)
    found = [o for o in found if o.item.ledger not in gate_ledger.LEDGERS]  # they have pages of their own
    return [o for o in found if not (context.public and o.item.audience == "internal")]


def missing(balance: Collection[Owed]) -> list[Owed]:
    """Return what should be public and is not."""
    return [o for o in balance if o.state is State.LATE]


def coming(balance: Collection[Owed]) -> list[Owed]:
    """Return what is due today or soon."""
    return [o for o in balance if o.state in (State.DUE, State.SOON)]


def next_due(balance: Collection[Owed], items: Collection[str]) -> Owed | None:
    """Return the first unpaid duty among *items*, the latest of the overdue ones first."""
    unpaid = [o for o in balance if o.item.slug in items and o.state not in (State.PAID, State.WAIVED)]
    late = [o for o in unpaid if o.state is State.LATE]
    return late[-1] if late else unpaid[0] if unpaid else None


def period(entry: Owed, context: Context) -> str:
    """Return what the duty is about."""
    if entry.period:
        part = entry.item.parts.get(entry.part, "")
        return formats.period(entry.period, context.seen.calendar) + (f"（{part}）" if part else "")
    return formats.day(entry.day) if entry.day else ""


def deadline(entry: Owed) -> str:
    """Return by when: with the number of days that it is late, and 推算 where the calendar has a gap."""
    provisional = "（推算）" if entry.due.provisional else ""
    late = f"，已逾期 {entry.late_by} 个工作日" if entry.state is State.LATE else ""
    return f"应于 {formats.day(entry.due.date)} 前公开{provisional}{late}"


def column(entry: Owed | None, context: Context) -> str:
    """Return what a column says of what is not public yet: 本学期尚未公开，应于 2026年9月3日 前公开."""
    if entry is None:
        return "尚未公开。"
    return f"{_about(entry, context)}尚未公开，{deadline(entry)}：{entry.item.name}。"


def matrix(context: Context) -> dict[str, Any]:
    """Return the page that shows item by period what was disclosed."""

    def url(record_id: str) -> str:
        record = context.current(record_id)
        return context.url(record) if record else ""

    return coverage.page(context.seen, context.today, url, public=context.public)


def calendar(balance: Collection[Owed], context: Context) -> str:
    """Return the calendar file of what is owed: what is late, and a term ahead."""
    site = context.seen.school.site if context.public else ""
    entries = [
        ics.Entry(
            uid="-".join(part for part in ("duty", o.item.slug, o.key, o.part) if part),
            day=o.due.date,
            summary=f"应公开：{o.item.name}　{period(o, context)}",
            description=deadline(o),
            url=f"{site}{places.item(o.item.slug)}" if site else "",
            category=o.item.category,
        )
        for o in balance
        if o.state not in (State.PAID, State.WAIVED)
    ]
    return ics.calendar(f"{context.seen.school.name}校务公开期限", entries, context.today)


def _about(entry: Owed, context: Context) -> str:
    if entry.period and entry.period.kind is PeriodKind.TERM:
        term = context.seen.calendar.term_of(context.today)
        if term and term.id == entry.period.text and not entry.part:
            return "本学期"
    return period(entry, context)
