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
    """Yield row, column and reason of each sum that tells a hidden number of its row: 1500 at 500 each is 3."""
    for index, row in enumerate(table.rows):
        word, bound = next(((cell.text, hidden(cell)) for cell in row.cells.values() if hidden(cell)), ("", 0))
        numbers = {key: cell for key, cell in row.cells.items() if isinstance(cell, Number) and cell.amount}
        standards = [cell for key, cell in numbers.items() if not field.columns[key].total]
        for key, cell in numbers.items() if word else ():
            standard = next((one for one in standards if cell.amount / one.amount in range(1, bound)), None)
            if standard is not None and field.columns[key].total:
                yield index, key, say(
                    "{column} {figure} at {standard} each tells what “{word}” hides",
                    column=field.columns[key].name, figure=cell.text, standard=standard.text, word=word,
                )  # fmt: skip
