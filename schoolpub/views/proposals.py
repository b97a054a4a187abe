"""What is proposed to a drafter: the period that is due, the title, and values that follow from the record before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.period import Period, PeriodKind, before, parse_period, week_of
from schoolpub.model.record import Record, Tree
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.anchors import moments
from schoolpub.rules.clock.calendar import parse_count
from schoolpub.rules.clock.notice_periods import propose_end
from schoolpub.rules.previous import carrying
from schoolpub.views import formats

_OF_ITS_DAY = ("date", "datetime", "range", "month", "period", "reference")
"""Types of values that belong to one record: its days, and the records that it refers to."""
_PLACE = re.compile(r"\{(\w+)\}")


def period(item: Item, calendar: Calendar, today: date) -> Period | None:
    """Return the period that a record of *item* drafted *today* is most likely about: the last one that is over."""
    kind = item.period.split()[0]
    match kind:
        case PeriodKind.MONTH:
            return before(parse_period(f"{today:%Y-%m}"))
        case PeriodKind.QUARTER:
            return before(parse_period(f"{today.year}Q{(today.month + 2) // 3}"))
        case PeriodKind.WEEK:
            return before(week_of(today)) if today.weekday() < 3 else week_of(today)
        case PeriodKind.YEAR:
            return parse_period(str(today.year - 1 if today.month < 7 else today.year))
        case PeriodKind.SCHOOL_YEAR:
            first = today.year if today.month >= 8 else today.year - 1
            return parse_period(f"{first}-{first + 1}")
        case PeriodKind.TERM:
            begun = [term for term in calendar.terms if term.first <= today]
            return parse_period(max(begun, key=lambda term: term.first).id) if begun else None
    return None


def title(
    item: Item, school: School, about: Period | None, day: date | None, part: str, fields: Mapping[str, Tree]
) -> str:
    """Return the title that the item's template gives; a place that has no value yet is left out.

    An item's own field called `name` (of a project) is meant by `{name}`, else the item's name.
    """
    values = {"name": "" if "name" in item.fields else item.name, "school": school.name}
    values |= {key: value for key, value in fields.items() if isinstance(value, str)}
    if about is not None:
        values["period"] = formats.period(about)
        values["part"] = item.parts.get(part, "")
    if day is not None:
        values |= {"date": formats.day(day), "year": str(day.year)}
    made = _PLACE.sub(lambda place: values.get(place[1], ""), item.title or "{name}")
    return made.strip() or item.name


def previous(snapshot: Snapshot, item: Item, about: Period | None, part: str = "") -> Record | None:
    """Return the record of the period before; after zero reports the last one that holds figures."""
    return carrying(snapshot, item, about, part)[0]


def defaults(item: Item) -> dict[str, Tree]:
    """Return the values that the catalogue itself proposes."""
    return {field.key: field.default for field in item.fields.values() if field.default}


def carried(item: Item, last: Record | None) -> dict[str, Tree]:
    """Return what the item's rules say must equal the record before: this month's opening is last month's closing."""
    found: dict[str, Tree] = {}
    if last is None:
        return found
    for rule in item.rules:
        if rule.kind != "equal" or rule.left is None or rule.right is None:
            continue
        left, right = rule.left.text.strip(), rule.right.text.strip()
        if left in item.fields and right.startswith("previous.") and right[9:] in last.fields:
            found[left] = last.fields[right[9:]]
    return found


def like(item: Item, model: Record) -> dict[str, Tree]:
    """Return the values of *model* that may stand again in a new record.

    What its other values or the record before determine, days and links to other records are entered anew.
    """
    determined = _determined(item)
    return {
        key: _rows_again(item.fields[key], value)
        for key, value in model.fields.items()
        if key in item.fields and key not in determined and item.fields[key].type not in _OF_ITS_DAY
    }


def _determined(item: Item) -> set[str]:
    """Return the fields that a rule says must equal what is computed of others."""
    sides = [(r.left, r.right) for r in item.rules if r.kind == "equal" and not r.each and r.left and r.right]
    return {
        one.text.strip()
        for left, right in sides
        for one, other in ((left, right), (right, left))
        if one.text.strip() in item.fields and other.text.strip() not in item.fields
    }


def _rows_again(own: Field, value: Tree) -> Tree:
    """Return the rows of a table without printed totals and without cells that are computed of others."""
    if own.type != "table":
        return value
    whole = value if isinstance(value, dict) else {"rows": value}
    rows = whole.get("rows")
    computed = {key for key, column in own.columns.items() if column.previous is not None or column.of is not None}
    kept: list[Tree] = [
        {key: cell for key, cell in row.items() if key not in computed} if isinstance(row, dict) else row
        for row in (rows if isinstance(rows, list) else [])
    ]
    around = {key: part for key, part in whole.items() if key not in ("rows", "totals", "footers")}
    return {**around, "rows": kept} if around else kept


def notice_end(
    item: Item, fields: Mapping[str, Tree], calendar: Calendar, school: School
) -> tuple[str, Tree, date] | None:
    """Return field, value and day of the safe end of a notice whose first day is given and whose last is not.

    Safe: a day longer than the law asks where the day of posting may be the first one and does not count.
    """
    notice = item.notice
    if notice is None:
        return None
    key = notice.range or notice.last
    given = fields.get(key)
    ends = moments(notice.range or notice.first, fields)
    first = ends[0] if ends else None
    if first is None or (notice.range and ends and ends[1]) or (not notice.range and given):
        return None
    number, unit = parse_count(notice.days)
    end = propose_end(first.date(), f"{number + (not school.notice_counts_start_day)}{unit}", calendar).end
    value = {**given, "to": end.isoformat()} if isinstance(given, dict) else end.isoformat()
    return key, value, end
