"""The first page: what is in its notice period, the boards' columns, what is new."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from schoolpub.model.catalogue import Column
from schoolpub.rules.clock.duties import Owed
from schoolpub.views import formats, places
from schoolpub.views.context import Context
from schoolpub.views.pages import lists, owing
from schoolpub.views.pages.cards import Card

_IN_COLUMN = 5
_LATEST = 12


def home(cards: list[Card], balance: Collection[Owed], context: Context) -> dict[str, Any]:
    """Return the first page; *cards* are the current ones, newest first."""
    shown = [c for c in cards if not c["stopped"]]
    running = sorted((c for c in shown if c["running"]), key=lambda c: (c["notice_to"] or "9999", c["id"]))
    return {
        "lead": _lead(context),
        "figures": _figures(shown, running, balance, context),
        "running": running,
        "objections": _objections(context),
        "columns": [
            _column(column, chosen, balance, context)
            for column, chosen in lists.by_column(shown, context.catalogue.columns)
        ],
        "latest": shown[:_LATEST],
        "browse": lists.browse(cards, context),
    }


def _lead(context: Context) -> str:
    whom = "向社会公开的事项" if context.public else "对内、对外公开的全部事项"
    return f"{context.seen.school.name}{whom}。每件事项都附有审批过程、公开凭证和可以自行核对的码。"


def _figures(
    shown: list[Card], running: list[Card], balance: Collection[Owed], context: Context
) -> list[dict[str, str]]:
    year = str(context.today.year)
    this_year = [c for c in shown if c["day"].startswith(year) and c["edition"] == 1]
    due = [c for c in this_year if c["due"]]
    kept = [c for c in due if not c["late"]]
    missing = owing.missing(balance)
    figures = [(f"{year}年公开", f"{len(this_year)} 件", "")]
    if due:
        figures.append(("其中按期", f"{len(kept)} / {len(due)}", ""))
    figures.append(("公示中", f"{len(running)} 件", "#running" if running else ""))
    figures.append(("逾期未公开", f"{len(missing)} 项", f"{places.CATALOGUE}#missing" if missing else ""))
    return [{"name": name, "text": text, "url": url} for name, text, url in figures]


def _objections(context: Context) -> str:
    school = context.seen.school
    contacts = [school.office, *school.hotlines[:1], *([school.authority] if school.authority else [])]
    told = [f"{c.name} {c.telephone}".strip() for c in contacts if c.telephone]
    return "；".join(told) or school.office.name


def _column(column: Column, cards: list[Card], balance: Collection[Owed], context: Context) -> dict[str, Any]:
    entry = owing.next_due(balance, column.items)
    late = entry is not None and entry.late_by > 0
    return {
        "name": column.name,
        "mark": "" if context.public else formats.AUDIENCES.get(column.audience, ""),
        "cards": cards[:_IN_COLUMN],
        "empty": owing.column(entry, context),
        "owed": owing.column(entry, context) if cards and late else "",
        "more": len(cards) if len(cards) > _IN_COLUMN else 0,
        "url": places.column(column.name),
    }

