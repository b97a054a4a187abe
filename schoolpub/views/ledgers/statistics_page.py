"""What became of what people said, in figures: each with its definition, and each leading to the matters behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from schoolpub.rules.clock.duties import Owed, State, owed
from schoolpub.rules.ledgers import statistics
from schoolpub.rules.ledgers.statistics import Figure, Figures, Matter
from schoolpub.views import formats, places
from schoolpub.views.context import Context
from schoolpub.views.ledgers.ledger_card import Card
from schoolpub.views.pages import data

_FIGURES = (
    ("brought_forward", "上期结转"), ("received", "收到"), ("closed", "办结"), ("open", "期末在办"),
    ("due", "应答复"), ("in_time", "按期答复"), ("late", "逾期"),
)  # fmt: skip
_GROUPS = (("kind", "按类别"), ("channel", "按渠道"), ("department", "按办理部门"))
DEFINITIONS = (
    ("上期结转", "期初之前收到、期初尚未办结的件数。"),
    ("收到", "期内登记的件数，作废的不计。"),
    ("办结", "期内办结、移送、并案或者不予受理的件数。"),
    ("期末在办", "期末（本年为制表日）尚未办结的件数。上期结转＋收到＝办结＋期末在办。"),
    ("应答复", "期内收到、已经答复或者到制表日已满期限的件数。"),
    ("按期答复", "应答复的件数中，首次答复不晚于应答复日期的；等待补充说明的日子不计。"),
    ("答复用时", "期内收到并已答复的，自收到次日至首次答复日的工作日数，取中位数。"),
    ("举报", "只计件数，不列明细。"),
)
_HIGH, _STEP, _BAR = 96, 27, 10


def years(context: Context) -> list[tuple[int, date, date]]:
    """Return the years with matters, the newest first, each with its first day and the last one that is counted."""
    received = [m.received for m in statistics.matters(context.seen)]
    if not received:
        return []
    found = range(context.today.year, min(received).year - 1, -1)
    return [(year, date(year, 1, 1), min(date(year, 12, 31), context.today)) for year in found]


def page(context: Context) -> dict[str, Any]:
    """Return the page of figures."""
    found = statistics.matters(context.seen)
    return {
        "years": [_year(year, first, last, found, context) for year, first, last in years(context)],
        "heads": [name for _, name in _FIGURES] + ["用时中位数"],
        "definitions": [{"name": name, "text": text} for name, text in DEFINITIONS],
        "mailbox": _mailbox(context),
        "empty": "还没有收到意见，没有可统计的。",
        "ledger": places.LEDGER_FEEDBACK,
    }


def _year(year: int, first: date, last: date, found: Sequence[Matter], context: Context) -> dict[str, Any]:
    whole = statistics.figures(found, first, last, context.today)
    groups = []
    for key, name in _GROUPS:
        rows = [_row(value, key, year, members, first, last, context) for value, members in by(found, key)]
        rows = [row for row in rows if any(cell["text"] != "0" for cell in row["cells"][:4])]
        groups.append({"key": key, "name": name, "head": name.removeprefix("按"), "rows": rows})
    share = f"{round(100 * whole.in_time.count / whole.due.count)}%" if whole.due.count else "—"
    return {
        "year": year,
        "name": f"{year}年" + ("" if last.month == 12 and last.day == 31 else f"（至{formats.day(last)}）"),
        "identity": f"上期结转 {whole.brought_forward.count} ＋ 收到 {whole.received.count}"
        f" ＝ 办结 {whole.closed.count} ＋ 期末在办 {whole.open.count}",
        "figures": [
            {"name": "收到", "text": f"{whole.received.count} 件"},
            {"name": "按期答复", "text": f"{whole.in_time.count} / {whole.due.count}（{share}）"},
            {"name": "答复用时中位数", "text": _days(whole)},
            {"name": "期末在办", "text": f"{whole.open.count} 件"},
        ],
        "total": _row("全部", "", year, found, first, last, context),
        "groups": groups,
        "chart": _chart(year, last, found, context),
    }


def by(found: Sequence[Matter], key: str) -> list[tuple[str, tuple[Matter, ...]]]:
    """Return *found* in groups, those of a kind that nobody named called as such."""
    return list(statistics.by(found, key).items())


def _row(
    name: str, key: str, year: int, members: Sequence[Matter], first: date, last: date, context: Context
) -> dict[str, Any]:
    found = statistics.figures(members, first, last, context.today)
    target = listing(year, key, name)
    cells = []
    for part, _ in _FIGURES:
        figure: Figure = getattr(found, part)
        cells.append({"text": str(figure.count), "url": f"{target}#{_anchor(part)}" if figure.ids else ""})
    return {"name": name, "cells": [*cells, {"text": _days(found), "url": ""}]}


def _days(found: Figures) -> str:
    return f"{found.median_days:g} 个工作日" if found.median_days is not None else "—"


def listing(year: int, key: str, name: str) -> str:
    """Return the page that lists the matters behind a row of figures."""
    return f"ledgers/{year}-{hashlib.sha256(f'{key}:{name}'.encode()).hexdigest()[:8]}.html"


def _anchor(part: str) -> str:
    return part.replace("_", "-")


def listings(cards: Sequence[Card], context: Context) -> list[tuple[str, str, dict[str, Any]]]:
    """Return path, title and value of each page that lists what figures count."""
    found = statistics.matters(context.seen)
    known = {card["id"]: card for card in cards}
    pages = []
    for year, first, last in years(context):
        rows = [("", "全部", tuple(found))]
        rows += [(key, name, members) for key, _ in _GROUPS for name, members in by(found, key)]
        for key, name, members in rows:
            counted = statistics.figures(members, first, last, context.today)
            groups = [(part, word, getattr(counted, part)) for part, word in _FIGURES]
            value = {
                "groups": [
                    {"anchor": _anchor(part), "name": word, "count": figure.count,
                     "cards": [known[one] for one in figure.ids if one in known],
                     "hidden": figure.count - len(figure.ids)}
                    for part, word, figure in groups if figure.ids
                ],
                "statistics": places.STATISTICS,
            }  # fmt: skip
            if value["groups"]:
                pages.append((listing(year, key, name), f"{year}年意见反馈：{name}", value))
    return pages


def _chart(year: int, last: date, found: Sequence[Matter], context: Context) -> dict[str, Any]:
    """Return received and closed by month, as bars and as a table."""
    months = []
    for month in range(1, last.month + 1):
        first = date(year, month, 1)
        until = min(last, (first + timedelta(31)).replace(day=1) - timedelta(1))
        counted = statistics.figures(found, first, until, context.today)
        months.append((f"{month}月", counted.received.count, counted.closed.count))
    most = max([1, *(max(got, done) for _, got, done in months)])
    bars = []
    for place, (name, got, done) in enumerate(months):
        left = place * _STEP + 4
        bars.append({
            "name": name, "middle": left + _BAR,
            "received": _bar(left, got, most), "closed": _bar(left + _BAR + 1, done, most),
        })  # fmt: skip
    return {
        "width": len(months) * _STEP + 4,
        "base": _HIGH + 18,
        "bars": bars,
        "rows": [{"name": name, "received": got, "closed": done} for name, got, done in months],
    }


def _bar(left: int, count: int, most: int) -> dict[str, int]:
    high = round(_HIGH * count / most)
    place = {"x": left, "y": 18 + _HIGH - high, "width": _BAR, "height": high}
    return {**place, "count": count, "middle": left + _BAR // 2}


def _mailbox(context: Context) -> dict[str, Any] | None:
    """Return how the mailbox was opened this term; the records of it are the school's own affair."""
    term = context.seen.calendar.term_of(context.today)
    item = context.catalogue.items.get("mailbox-check")
    if context.public or term is None or item is None:
        return None
    found = owed(context.seen, context.today, horizon_days=0, since=term.first)
    balance = [o for o in found if o.item.slug == item.slug]
    opened = [o for o in balance if o.state is State.PAID and o.due.date >= term.first]
    missed = [o for o in balance if o.state is State.LATE and o.due.date >= term.first]
    return {
        "name": f"{term.name}校长信箱",
        "text": f"应开箱 {len(opened) + len(missed)} 次，已开 {len(opened)} 次，漏开 {len(missed)} 次。",
        "missed": [_told(o) for o in missed],
    }


def _told(entry: Owed) -> str:
    return f"{formats.day(entry.due.date)}（{formats.weekday(entry.due.date)}）"


def as_data(context: Context) -> dict[str, Any]:
    """Return the figures for programs: the same numbers as on the page."""
    told = page(context)
    return {
        "school": context.seen.school.name,
        "audience": context.audience,
        "date": context.today.isoformat(),
        "years": [
            {
                "year": one["year"],
                "total": _numbers(one["total"]),
                "groups": {g["key"]: {row["name"]: _numbers(row) for row in g["rows"]} for g in one["groups"]},
                "months": one["chart"]["rows"],
            }
            for one in told["years"]
        ],
    }


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    cells = [cell["text"] for cell in row["cells"]]
    counts = {part: int(text) for (part, _), text in zip(_FIGURES, cells[:-1], strict=True)}
    return {**counts, "median_days": float(cells[-1].split()[0]) if cells[-1] != "—" else None}


def as_csv(context: Context) -> str:
    """Return the figures for spreadsheets."""
    lines = []
    for one in page(context)["years"]:
        for name, rows in [("", [one["total"]]), *((g["name"], g["rows"]) for g in one["groups"])]:
            lines += [[str(one["year"]), name, row["name"], *(c["text"] for c in row["cells"])] for row in rows]
    return data.table(["年度", "分组", "名称", *(word for _, word in _FIGURES), "用时中位数"], lines)
