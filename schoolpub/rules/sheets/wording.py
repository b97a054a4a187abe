"""What to do about a value of a spreadsheet, in the words of its heads instead of those of a record's file."""

from __future__ import annotations

from dataclasses import replace

from schoolpub.errors import Problem, Text, Where, say
from schoolpub.model.catalogue import Field, Item
from schoolpub.rules.sheets.rows import HEAD_KEYS, PARTS, ROW_KEYS


def as_on_the_sheet(problem: Problem, item: Item, where: Where) -> Problem:
    """Return *problem* of the value at *where* of the fields; its fix names the column as the sheet does."""
    fix = _fix(problem, item, where)
    return problem if fix is None else replace(problem, fix=fix)


def _fix(problem: Problem, item: Item, where: Where) -> Text | None:
    own, name = _named(item, where)
    if problem.fix is not None and "the difference under says: {name}" in problem.fix.template:
        rule = problem.fix.values.get("rule")
        if rule is not None:
            return say("{rule}. Check the figures, or explain the difference: --set says.{name}=…",
                       rule=rule, name=problem.fix.values["name"])  # fmt: skip
        return say("Check the figures, or explain the difference: --set says.{name}=…",
                   name=problem.fix.values["name"])  # fmt: skip
    if problem.code == "missing" and name:
        return say("fill in “{name}”", name=name)
    if problem.code == "table-level" and problem.fix is not None:
        most = problem.fix.values.get("most")
        column = ROW_KEYS["level"]
        if most is not None:
            return say("write {most} at most under “{column}”", most=most, column=column)
        return say("under “{column}” write 1 for a main row, 2 for the rows below it", column=column)
    if own is not None and problem.code == f"value-{own.type}" and own.type in PARTS:
        parts = "、".join(f"“{own.name}.{part}”" for part in PARTS[own.type].values())
        return say("fill in {names}", names=parts)
    return None


def _named(item: Item, where: Where) -> tuple[Field | None, str]:
    """Return the field or column at *where*, if any, and what its head is called."""
    keys = [part for part in where if isinstance(part, str) and part != "rows"]
    if not keys:
        return None, ""
    own = item.fields.get(keys[0])
    if own is None:
        return None, HEAD_KEYS.get(keys[0], "")
    for key in keys[1:]:
        column = own.columns.get(key)
        if column is None:
            part = PARTS.get(own.type, {}).get(key)
            return None, f"{own.name}.{part}" if part else ROW_KEYS.get(key, "")
        own = column
    return own, own.name
