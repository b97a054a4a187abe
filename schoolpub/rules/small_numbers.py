"""Numbers too small to be told (“<5”), and figures beside them from which a reader could compute them all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from schoolpub.errors import Text, say
from schoolpub.model.catalogue import Field
from schoolpub.rules.values import Number, Table, Value, Word

_HIDES = re.compile(r"(?:[<＜]|不足|少于)\s*(\d{1,3})\s*人?")


def hidden(cell: Value) -> int:
    """Return the number below which a cell hides its own, 0 for a cell that hides nothing."""
    found = _HIDES.fullmatch(cell.text.strip()) if isinstance(cell, Word) else None
    return int(found[1]) if found else 0


def told_by_total(cells: Sequence[Value], printed: Number) -> tuple[bool, Text | None]:
    """Return whether a printed total may stand above *cells* that hide numbers, and why it tells them."""
    bounds = [bound for cell in cells if (bound := hidden(cell))]
    rest = printed.amount - sum((cell.amount for cell in cells if isinstance(cell, Number)), Decimal(0))
    most = sum(bounds) - len(bounds)
    if not 0 <= rest <= most:
        return False, None
    if len(bounds) > 1 and len(bounds) < rest < most:
        return True, None
    return True, say(
        "the total {printed} tells what “{word}” hides: it is {rest} more than the other rows",
        printed=printed.text, word=next(cell.text for cell in cells if isinstance(cell, Word) and hidden(cell)),
        rest=f"{rest:f}",
    )  # fmt: skip


def told_beside(table: Table, field: Field) -> Iterator[tuple[int, str, Text]]:
    """Yield row, column and reason of each sum that stands in a row with a hidden number: 1500 of 500 each is 3."""
    for index, row in enumerate(table.rows):
        word = next((cell.text for cell in row.cells.values() if hidden(cell)), "")
        for key, cell in row.cells.items() if word else ():
            if isinstance(cell, Number) and field.columns[key].total:
                yield index, key, say(
                    "{column} {figure} beside “{word}” tells how many they are",
                    column=field.columns[key].name, figure=cell.text, word=word,
                )  # fmt: skip
