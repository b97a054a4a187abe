"""What a file given to `add` may call things beside the item's own names: its table, its period, its notice period."""

from __future__ import annotations

import re
from collections.abc import Mapping

from schoolpub.model.catalogue import Item
from schoolpub.model.period import parse_period
from schoolpub.model.record import Tree

_AUDIENCES = {"对内": "internal", "对外": "external", "对内对外": "both", "对外对内": "both"}
_PERIODS = ("period", "term", "week", "year")


def by_own_names(item: Item, key: str, value: Tree) -> Mapping[str, Tree]:
    """Return what stands under *key* by the names of *item*.

    `table` is the item's first table.  A notice period may be entered as `notice: {from, to}` where the item has two
    dates, and as two dates where it has a range.  A period may be a mapping `{from, to}`.
    """
    notice, fields = item.notice, item.fields
    if key == "table" and key not in fields:
        return {next((k for k, f in fields.items() if f.type == "table"), key): value}
    if key == "notice" and notice and notice.first and isinstance(value, dict) and set(value) <= {"from", "to"}:
        return {name: value[end] for name, end in ((notice.first, "from"), (notice.last, "to")) if end in value}
    if notice and notice.range and key in ("notice_from", "notice_to") and key not in fields:
        return {notice.range: {key.removeprefix("notice_"): value}}
    if key == "period" and isinstance(value, dict) and key not in fields:
        return {key: "..".join(end for end in (value.get("from"), value.get("to")) if isinstance(end, str))}
    return {key: value}


def period_in(item: Item, key: str, value: Tree) -> str:
    """Return the period of the record that the field *key* (学期, 周次, 年度) tells, or nothing."""
    if key not in _PERIODS or not isinstance(value, str):
        return ""
    try:
        return value if parse_period(value).kind in item.period.split() else ""
    except ValueError:
        return ""


def audience(value: Tree) -> Tree:
    """Return the key of an audience that is given in Chinese (对内、对外), else *value* itself."""
    return _AUDIENCES.get(re.sub(r"[、，,\s]", "", value), value) if isinstance(value, str) else value
