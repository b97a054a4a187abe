"""Values and settings in the form that expressions compute with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from schoolpub.model.catalogue import Field
from schoolpub.model.period import Period
from schoolpub.model.school import School
from schoolpub.rules.expressions import CellWord, Given
from schoolpub.rules.tolerance import scale
from schoolpub.rules.values import InWords, Matrix, Number, Range, Table, Telephone, Value, Votes, Word

_ZERO = Decimal(0)
_OWN = ("large_sum", "due_soon_days", "small", "name", "stage")
"""Settings that every school has."""


def given(value: Value, column: Field | None) -> Given:
    """Return *value* as expressions see it; an empty cell of a *column* with `empty: zero` is 0."""
    if isinstance(value, Number):
        return value.amount * scale(value.unit) if "万" in value.unit else value.amount
    if value is None:
        return _ZERO if column is not None and column.empty_is_zero else None
    if isinstance(value, str | bool | date | Decimal):
        return value
    if isinstance(value, list):
        return [given(cell, column) for cell in value]
    if isinstance(value, Word):
        return CellWord(value.text)
    if isinstance(value, InWords):
        return value.amount
    if isinstance(value, Period | Range):
        return given(value.first, None)
    if isinstance(value, Matrix):
        return [given(cell, None) for row in value.rows for cell in row.cells.values()]
    if isinstance(value, Table):
        return list(value.rows)
    if isinstance(value, Votes):
        return None if value.agree is None else Decimal(value.agree)
    if isinstance(value, tuple):
        return [entry.number if isinstance(entry, Telephone) else entry for entry in value]
    return str(value)


def setting(school: School, name: str) -> Value:
    """Return a setting of the school: one of its own, or one that its `settings:` add."""
    value: object = getattr(school, name) if name in _OWN else None
    if value is None:
        value = school.settings.get(name, school.settings.get(name.replace("_", "-")))
    if isinstance(value, bool) or value is None:
        return value
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return {"yes": True, "no": False, "是": True, "否": False}.get(str(value), str(value))
    return Number(amount, str(value), "元" if name.endswith("sum") else "")
