"""Item by period: what was disclosed, what is missing.  Nothing that was not declared ever counts as fine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Catalogue, Item
from schoolpub.model.period import PeriodKind
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.clock.anchors import term_called
from schoolpub.rules.clock.duties import Owed, State, owed
from schoolpub.rules.clock.proofs import proofs_of
from schoolpub.rules.ledgers.clock import runs
from schoolpub.views import formats

MARKS = {
    "kept": ("按", "按期公开"),
    "late": ("迟", "逾期公开"),
    "zero": ("零", "零报告"),
    "unproven": ("证", "已公开，待取证"),
    "missing": ("缺", "逾期未公开"),
    "soon": ("近", "今天或者近期到期"),
    "later": ("未", "尚未到期"),
    "waived": ("免", "免予公开"),
}
"""How a duty stands → its mark in the matrix, and what the mark means."""

_LEGEND = {**MARKS, "none": ("空白", "这一期没有要求")}
_MONTHS = tuple(f"{month}月" for month in range(1, 13))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One duty in the matrix."""

    owed: Owed
    how: str
    """A key of MARKS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """An item that is disclosed when something happens: how often it did, in a year."""

    item: Item
    posted: int
    open: int
    zero: int = 0
    """Those of the posted ones that say that there was nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Items of one rhythm: a head for each column, and for each item the cells of each column."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Item, str, tuple[tuple[Cell, ...], ...]], ...]
    """Item, the name of the part, and for each column its cells: a month may hold several weeks."""


def cells(snapshot: Snapshot, today: date, year: int) -> list[Cell]:
    """Return every repeated duty that is about *year*, by due date."""
    ahead = (date(year + 2, 1, 31) - today).days
    found = owed(snapshot, today, horizon_days=max(ahead, 0), since=date(year - 1, 1, 1))
    return [Cell(owed=entry, how=_how(entry, snapshot)) for entry in found if _year(entry, snapshot.calendar) == year]


def occurrences(snapshot: Snapshot, today: date, year: int) -> list[Occurrence]:
    """Return the items without a rhythm: how many records of *year* are public, and how many are on their way."""
    catalogue = snapshot.in_force(min(today, date(year, 12, 31)))
    if catalogue is None:
        return []
    posted: dict[str, int] = {}
    underway: dict[str, int] = {}
    zero: dict[str, int] = {}
    for record in snapshot.records.values():
        if record.year == year and record.edition == 1:
            status = flow.status(snapshot, record)
            if status in flow.POSTED_STATUSES:
                posted[record.item] = posted.get(record.item, 0) + 1
                zero[record.item] = zero.get(record.item, 0) + record.zero
            elif status not in ("void", flow.NONE):
                underway[record.item] = underway.get(record.item, 0) + 1
    return [
        Occurrence(
            item=item, posted=posted.get(item.slug, 0), open=underway.get(item.slug, 0), zero=zero.get(item.slug, 0)
        )
        for item in catalogue.items.values()
        if not any(duty.every for duty in item.duties) and not runs(item)
    ]


def _how(entry: Owed, snapshot: Snapshot) -> str:
    match entry.state:
        case State.LATE:
            return "missing"
        case State.WAIVED:
            return "waived"
        case State.DUE | State.SOON:
            return "soon"
        case State.LATER:
            return "later"
    if entry.late_by:
        return "late"
    record = snapshot.records[entry.record_id or ""]
    item, own = snapshot.item(record), snapshot.flow(record)
    played = flow.replay(record, own) if own else None
    if item and played and played.status in flow.PUBLIC_STATUSES:
        if proofs_of(record, played, item, snapshot.school).missing:
            return "unproven"
        if record.zero:
            return "zero"
    return "kept"


def _year(entry: Owed, calendar: Calendar) -> int:
    """Return the year that a duty is about; a term belongs to the one in which its middle lies."""
    if entry.period is None:
        return entry.day.year if entry.day else entry.due.date.year
    if entry.period.kind is PeriodKind.TERM:
        term, _ = term_called(entry.period.text, calendar)
        return (term.first + (term.last - term.first) / 2).year
    return entry.period.year


def tables(found: Sequence[Cell], year: int, calendar: Calendar) -> list[Table]:
    """Return the matrix of *year*, one table for each rhythm."""
    often = [c for c in found if _kind(c) in ("week", "day")]
    monthly = [c for c in found if _kind(c) == "month"]
    quarterly = [c for c in found if _kind(c) == "quarter"]
    termly = [c for c in found if _kind(c) == "term"]
    yearly = [c for c in found if _kind(c) in ("year", "school-year")]
    terms = tuple(dict.fromkeys(c.owed.key for c in sorted(termly, key=lambda c: c.owed.key)))
    made = [
        _table("每月", _MONTHS, monthly, lambda c: _MONTHS[c.owed.period.first.month - 1] if c.owed.period else ""),
        _table("每季度", tuple(f"第{n}季度" for n in "一二三四"), quarterly, _quarter),
        _table("每学期", tuple(_term(t, calendar) for t in terms), termly, lambda c: _term(c.owed.key, calendar)),
        _table("每年、每学年", (f"{year}年",), yearly, lambda _: f"{year}年"),
        _table("每周、每日（按到期的月份）", _MONTHS, often, lambda c: _MONTHS[_month_of(c, year) - 1]),
    ]
    return [table for table in made if table.rows]


def _kind(cell: Cell) -> str:
    period = cell.owed.period
    return period.kind.value if period else "day"


def _quarter(cell: Cell) -> str:
    return f"第{'一二三四'[int(cell.owed.key[-1]) - 1]}季度"


def _term(key: str, calendar: Calendar) -> str:
    term = calendar.term(key)
    return term.name if term else key


def _month_of(cell: Cell, year: int) -> int:
    """Return the month in which a week or a day fell due; what fell into a neighbouring year stands at the edge."""
    due = cell.owed.due.date
    return due.month if due.year == year else 1 if due.year < year else 12


def _table(name: str, heads: tuple[str, ...], found: Iterable[Cell], column: Callable[[Cell], str]) -> Table:
    lines: dict[tuple[str, str], tuple[Item, dict[str, list[Cell]]]] = {}
    for cell in found:
        entry = cell.owed
        _, by_head = lines.setdefault((entry.item.slug, entry.part), (entry.item, {}))
        by_head.setdefault(column(cell), []).append(cell)
    rows = tuple(
        (item, item.parts.get(part, ""), tuple(tuple(by_head.get(head, ())) for head in heads))
        for (_, part), (item, by_head) in lines.items()
    )
    return Table(name=name, heads=heads, rows=rows)


def row_name(item: Item, part: str) -> str:
    """Return the name of a row."""
    return item.name + (f"（{part}）" if part else "")


def marks(cell: Iterable[Cell]) -> str:
    """Return the marks of what stands in one place of the matrix."""
    return "".join(MARKS[c.how][0] for c in cell)


def legend(school: School) -> str:
    """Return what the marks mean, and from which day on anything is owed."""
    marks = "　".join(f"{mark}＝{meaning}" for mark, meaning in _LEGEND.values())
    return f"{marks}\n{counted}" if (counted := _counted_since(school)) else marks


def _counted_since(school: School) -> str:
    return f"{formats.day(school.owed_since)}以前到期的不列入。" if school.owed_since else ""


def declared(entry: Occurrence) -> str:
    """Return how often something happened: never without a record."""
    if not entry.posted and not entry.open:
        return "未申报"
    underway = f"，办理中 {entry.open} 件" if entry.open else ""
    zero = f"（其中零报告 {entry.zero} 件）" if entry.zero else ""
    return f"已公开 {entry.posted} 件{zero}{underway}"


def totals(found: Iterable[Cell]) -> dict[str, int]:
    """Return how many duties stand how: what the annual report will say."""
    counted = dict.fromkeys(MARKS, 0)
    for cell in found:
        counted[cell.how] += 1
    return counted


def rows(found: Iterable[Cell], happened: Iterable[Occurrence], catalogue: Catalogue | None) -> list[dict[str, Any]]:
    """Return the matrix as flat rows: what `coverage --json` gives."""
    made: list[dict[str, Any]] = []
    for cell in found:
        entry = cell.owed
        made.append(
            _row(entry.item) | {
                "period": entry.period.text if entry.period else "",
                "date": entry.day.isoformat() if entry.day else "",
                "part": entry.part,
                "due": entry.due.date.isoformat(),
                "since": entry.since.isoformat() if entry.since else "",
                "provisional": entry.due.provisional,
                "state": entry.state.value,
                "how": cell.how,
                "how_name": MARKS[cell.how][1],
                "shown": entry.done.isoformat() if entry.done else "",
                "late_workdays": entry.late_by,
                "record": entry.record_id or "",
                "waiver": entry.waiver or "",
                "posted": int(entry.state is State.PAID),
                "open": int(bool(entry.record_id) and entry.state is not State.PAID),
            }
        )  # fmt: skip
    for event in happened:
        declared_one = bool(event.posted or event.open)
        made.append(
            _row(event.item) | {
                "period": "", "date": "", "part": "", "due": "", "since": "", "provisional": False,
                "state": "event", "how": "declared" if declared_one else "undeclared", "how_name": declared(event),
                "shown": "", "late_workdays": 0, "record": "", "waiver": "",
                "posted": event.posted, "open": event.open,
            }
        )  # fmt: skip
    order = list(catalogue.items) if catalogue else []
    places = {slug: number for number, slug in enumerate(order)}
    return sorted(made, key=lambda row: (places.get(row["item"], len(order)), row["due"], row["part"]))


def _row(item: Item) -> dict[str, Any]:
    return {
        "item": item.slug,
        "item_name": item.name,
        "category": item.category,
        "department": item.department,
        "audience": item.audience,
    }


def page(snapshot: Snapshot, today: date, url: Callable[[str], str], *, public: bool) -> dict[str, Any]:
    """Return the page of the site: this year's matrix, and last year's where there is one.

    *url* gives the page of a record, or nothing where the audience has none; the *public* is told of no inner item.
    """
    years = []
    for year in (today.year, today.year - 1):
        found = [c for c in cells(snapshot, today, year) if not (public and c.owed.item.audience == "internal")]
        happened = [e for e in occurrences(snapshot, today, year) if not (public and e.item.audience == "internal")]
        if found:
            years.append(_year_page(found, happened, year, snapshot, url))
    return {
        "lead": "应当公开的每一项、每一期：公开了没有，是否按期。空缺如实标出，没有申报的不算完成。"
        + _counted_since(snapshot.school),
        "legend": [{"mark": mark, "how": how, "text": meaning} for how, (mark, meaning) in _LEGEND.items()],
        "years": years,
    }


def _year_page(
    found: Sequence[Cell], happened: Sequence[Occurrence], year: int, snapshot: Snapshot, url: Callable[[str], str]
) -> dict[str, Any]:
    counted = totals(found)
    told = "，".join(f"{MARKS[how][1]} {number}" for how, number in counted.items() if number)
    return {
        "name": f"{year}年",
        "anchor": f"y{year}",
        "summary": f"定期公开 {len(found)} 项次：{told}。",
        "tables": [_table_page(table, snapshot, url) for table in tables(found, year, snapshot.calendar)],
        "events": [
            {"name": e.item.name, "slug": e.item.slug, "text": declared(e), "none": not e.posted} for e in happened
        ],
    }


def _table_page(table: Table, snapshot: Snapshot, url: Callable[[str], str]) -> dict[str, Any]:
    return {
        "name": table.name,
        "heads": list(table.heads),
        "rows": [
            {
                "name": row_name(item, part),
                "slug": item.slug,
                "cells": [[_cell_page(cell, snapshot, url) for cell in place] for place in places],
            }
            for item, part, places in table.rows
        ],
    }


def _cell_page(cell: Cell, snapshot: Snapshot, url: Callable[[str], str]) -> dict[str, str]:
    entry = cell.owed
    about = formats.period(entry.period, snapshot.calendar) if entry.period else ""
    about = about or (formats.day(entry.day) if entry.day else "")
    due = formats.day(entry.due.date) + ("（推算）" if entry.due.provisional else "")
    late = f"，逾期 {entry.late_by} 个工作日" if entry.late_by else ""
    done = f"，实际公开 {formats.day(entry.done)}" if entry.done else ""
    record = entry.waiver if cell.how == "waived" else entry.record_id
    return {
        "mark": MARKS[cell.how][0],
        "how": cell.how,
        "text": f"{about}：{MARKS[cell.how][1]}，应公开 {due}{done}{late}",
        "url": url(record) if record else "",
    }
