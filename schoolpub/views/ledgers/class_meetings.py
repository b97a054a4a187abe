"""Parents' meetings, class by term: what `coverage` adds below its matrix."""

from __future__ import annotations

from datetime import date
from typing import Any

from schoolpub.model.calendar import Term
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.ledgers.hearings import HEARING, PARENTS_MEETING, class_meetings


def terms(snapshot: Snapshot, today: date, year: int) -> list[Term]:
    """Return the terms that have begun by *today* and lie in *year*, in part at least.

    Terms that were over before the school kept records here are passed over.
    """
    begun = [t for t in snapshot.calendar.terms if t.first <= today and t.first.year <= year <= t.last.year]
    since = snapshot.school.owed_since
    return [t for t in begun if since is None or t.last >= since]


def lines(snapshot: Snapshot, today: date, year: int) -> list[str]:
    """Return for each term how many classes had a parents' meeting, and which had none."""
    return [_line(snapshot, term) for term in terms(snapshot, today, year) if snapshot.school.classes]


def table(snapshot: Snapshot, today: date, year: int) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows of the matrix: a class a row, a term a column, the days of its meetings as cells."""
    found = {term.id: class_meetings(snapshot, term) for term in terms(snapshot, today, year)}
    heads = ["班级", *(snapshot.calendar.term(term).name or term for term in found)]  # type: ignore[union-attr]
    rows = [
        [name, *(_days(found[term][index].meetings) for term in found)]
        for index, name in enumerate(snapshot.school.classes)
    ]
    return heads, rows


def rows(snapshot: Snapshot, today: date, year: int) -> list[dict[str, Any]]:
    """Return the matrix as flat rows for a script."""
    return [
        {
            "item": HEARING,
            "kind": PARENTS_MEETING,
            "term": term.id,
            "class": one.name,
            "meetings": len(one.meetings),
            "date": one.meetings[-1].date.isoformat() if one.meetings and one.meetings[-1].date else "",
            "record": one.meetings[-1].id if one.meetings else "",
        }
        for term in terms(snapshot, today, year)
        for one in class_meetings(snapshot, term)
    ]


def _line(snapshot: Snapshot, term: Term) -> str:
    found = class_meetings(snapshot, term)
    without = [one.name for one in found if not one.meetings]
    if len(without) == len(found):
        return f"家长会　{term.name or term.id}：{len(found)} 个班，都还没有登记。"
    told = f"家长会　{term.name or term.id}：{len(found)} 个班，已开 {len(found) - len(without)} 个班"
    return f"{told}；未开 {len(without)} 个班：{'、'.join(without)}" if without else f"{told}，全部开过。"


def _days(meetings: Any) -> str:
    return "、".join(r.date.isoformat() for r in meetings if r.date) or "缺"
