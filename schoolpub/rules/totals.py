"""Sums of tables: what a column adds up to, and whether the totals that the school printed agree with their rows.

What is printed is never replaced: each disagreement shows the sum, the printed figure and the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schoolpub.errors import Level, Text, Where, say
from schoolpub.model.catalogue import Field, RowTotal
from schoolpub.rules.small_numbers import hidden, told_beside, told_by_total
from schoolpub.rules.tolerance import PERCENT, figure, judge_money
from schoolpub.rules.values import NUMBER_TYPES, Matrix, MatrixRow, Number, Row, Table, Value
from schoolpub.rules.values.cells import SUM_NAMES


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures that should be equal and are not."""

    code: str
    name: str
    """What an explanation in `says` is filed under: `expense.month`."""
    level: Level
    message: Text
    where: Where
    """Below the field: `("totals", "month")`."""
    fix: Text | None = None
    """What to do, where an explanation does not help."""


def column_totals(table: Table, field: Field) -> Mapping[str, Decimal]:
    """Return the computed sum of each column of *field* that has a total, at least one number and no hidden one."""
    sums = {}
    for key, column in field.columns.items():
        if column.total and column.type in NUMBER_TYPES:
            cells = summed(table, field, key)
            amounts = [cell.amount for cell in cells if isinstance(cell, Number)]
            if amounts and not any(map(hidden, cells)):
                sums[key] = sum(amounts, Decimal(0))
    return sums


def summed(table: Table, field: Field, key: str) -> list[Value]:
    """Return the cells of column *key* that enter its sum, with their sign; of a tree only the top level.

    A heading in a tree that holds no number itself stands for the sum of the rows below it.
    """
    signs = _sign_columns(field)
    if not field.tree:
        if not signs:
            return [row.cells.get(key) for row in table.rows]
        return [_signed(row.cells.get(key), _sign(row, signs)) for row in table.rows]
    return [_effective(node, key, signs, _sign(node.row, signs)) for node in tree_of(table.rows)]


@dataclass(slots=True)
class Node:
    """A row of a tree with the rows below it."""

    row: Row
    index: int
    children: list[Node]


def tree_of(rows: Sequence[Row]) -> list[Node]:
    """Return the main rows, each with its deeper rows below it."""
    top: list[Node] = []
    path: list[Node] = []
    for index, row in enumerate(rows):
        node = Node(row, index, [])
        while path and path[-1].row.level >= row.level:
            path.pop()
        (path[-1].children if path else top).append(node)
        path.append(node)
    return top


def _sign_columns(field: Field) -> list[Field]:
    return [column for column in field.columns.values() if column.sign]


def _sign(row: Row, signs: list[Field]) -> int:
    """Return whether *row* is added or subtracted."""
    sign = 1
    for column in signs:
        sign *= column.sign.get(str(row.cells.get(column.key)), 1)
    return sign


def _signed(cell: Value, sign: int) -> Value:
    if sign == 1 or not isinstance(cell, Number):
        return cell
    return Number(-cell.amount, cell.text, cell.unit)


def _effective(node: Node, key: str, signs: list[Field], sign: int) -> Value:
    own = node.row.cells.get(key)
    if isinstance(own, Number) or not node.children:
        return _signed(own, sign)
    below = _children_sum(node, key, signs)
    if below is None:
        return own
    return Number(below * sign, f"{below}", _unit(node.children[0].row.cells.get(key)))


def _children_sum(node: Node, key: str, signs: list[Field]) -> Decimal | None:
    """Return the sum of the rows right below *node*, None when none of them has a number.

    Below a row that is subtracted itself, rows of the same kind are added to it.
    """
    own = _sign(node.row, signs)
    cells = (_effective(child, key, signs, _sign(child.row, signs) * own) for child in node.children)
    amounts = [cell.amount for cell in cells if isinstance(cell, Number)]
    return sum(amounts, Decimal(0)) if amounts else None


def _unit(cell: Value) -> str:
    return cell.unit if isinstance(cell, Number) else ""


def differences(value: Value, field: Field) -> Iterator[Difference]:
    """Yield every printed total of a table or matrix that disagrees with what it sums."""
    if isinstance(value, Table):
        yield from _printed_totals(value, field)
        for index, key, message in told_beside(value, field):
            yield _told(message, (*row_place(value, index), key), say("Leave the cell empty."))
        yield from _parents(value, field)
        for total in field.row_totals:
            yield from _row_totals(value, field, total)
        yield from _sum_lines(value, field)
    elif isinstance(value, Matrix):
        yield from _matrix(value, field)


def _printed_totals(table: Table, field: Field) -> Iterator[Difference]:
    place = ("totals",) if table.total_row is None else row_place(table, table.total_row)
    for key, printed in table.totals.items():
        yield from _printed(table, field, key, printed, (*place, key))


def _printed(table: Table, field: Field, key: str, printed: Value, where: Where) -> Iterator[Difference]:
    """Compare a printed sum of column *key* with its rows."""
    if not isinstance(printed, Number):
        return
    cells = summed(table, field, key)
    if any(map(hidden, cells)):
        possible, told = told_by_total(cells, printed)
        if told is not None:
            yield _told(told, where, say("Leave the total out, or put the row together with another one."))
        if possible:
            return
    amounts = [cell.amount for cell in cells if isinstance(cell, Number)]
    computed = sum(amounts, Decimal(0))
    column = field.columns[key]
    if level := _level(computed - printed.amount, printed, len(amounts)):
        message = say(
            "{table}: the rows of {column} sum to {computed}, printed is {printed}; difference {difference}",
            table=field.name,
            column=column.name,
            **_figures(computed, printed),
        )
        yield Difference("total-column", f"{field.key}.{key}", level, message, where)


def _told(message: Text, where: Where, fix: Text) -> Difference:
    return Difference("small-number", "", Level.WARNING, message, where, fix)


def _level(difference: Decimal, printed: Number, rows: int) -> Level | None:
    if not difference:
        return None
    if printed.unit == PERCENT:
        # Each share was rounded by up to half a unit of its last place.
        return (
            Level.WARNING if abs(difference) <= Decimal(1).scaleb(-printed.places) * max(rows, 2) / 2 else Level.ERROR
        )
    return judge_money(difference, printed.unit, rows)


def _figures(computed: Decimal, printed: Number) -> dict[str, str]:
    unit = printed.unit
    return {
        "computed": figure(computed, unit),
        "printed": figure(printed.amount, unit),
        "difference": figure(computed - printed.amount, unit),
    }


def _parents(table: Table, field: Field) -> Iterator[Difference]:
    """Compare each row of a tree with the rows right below it, in the columns that say `parts: sum`."""
    columns = [column for column in field.columns.values() if column.parts]
    if not field.tree or not columns or all(row.level == 1 for row in table.rows):
        return
    signs = _sign_columns(field)
    queue = tree_of(table.rows)
    while queue:
        node = queue.pop(0)
        queue = node.children + queue
        for column in columns if node.children else ():
            printed = node.row.cells.get(column.key)
            below = _children_sum(node, column.key, signs)
            if not isinstance(printed, Number) or below is None or (_only_some(node, field) and below < printed.amount):
                continue
            if level := _level(below - printed.amount, printed, len(node.children)):
                message = say(
                    "{table}: the rows below {row} sum to {computed} in {column}, printed is {printed}; "
                    "difference {difference}",
                    table=field.name,
                    row=row_name(node.row, field, node.index),
                    column=column.name,
                    **_figures(below, printed),
                )
                name = f"{field.key}.{column.key}"
                yield Difference("tree-parts", name, level, message, (*row_place(table, node.index), column.key))


def _only_some(node: Node, field: Field) -> bool:
    """Return whether the rows below *node* are but some of what it holds: the first is called 其中."""
    return row_name(node.children[0].row, field, 0).startswith("其中")


def row_place(table: Table, index: int) -> Where:
    """Return the place of a row below its field."""
    return (index,) if table.listed else ("rows", index)


def row_name(row: Row, field: Field, index: int) -> str:
    """Return what a row is called: its key, else its first text, else its number."""
    keys = (field.row_key, *field.columns)
    texts = (row.cells.get(key) for key in keys)
    return next((text for text in texts if isinstance(text, str) and text), f"第{index + 1}行")


def _row_totals(table: Table, field: Field, total: RowTotal) -> Iterator[Difference]:
    for index, row in enumerate(table.rows):
        printed = row.cells.get(total.into)
        cells = [(row.cells.get(key), 1) for key in total.over] + [(row.cells.get(key), -1) for key in total.less]
        amounts = [cell.amount * sign for cell, sign in cells if isinstance(cell, Number)]
        if not isinstance(printed, Number) or not amounts:
            continue
        computed = sum(amounts, Decimal(0))
        if level := _level(computed - printed.amount, printed, len(amounts)):
            message = say(
                "{table}: {row} sums to {computed}, {column} is printed as {printed}; difference {difference}",
                table=field.name,
                row=row_name(row, field, index),
                column=field.columns[total.into].name,
                **_figures(computed, printed),
            )
            where = (*row_place(table, index), total.into)
            yield Difference("total-row", f"{field.key}.{total.into}", level, message, where)


def _sum_lines(table: Table, field: Field) -> Iterator[Difference]:
    """Compare the lines below a table that are sums by their name (本月合计) and have no expression of their own."""
    for name, printed in table.footers.items():
        if field.footers.get(name) is not None or not name.endswith(tuple(SUM_NAMES)):
            continue
        if isinstance(printed, Mapping):
            for key, cell in printed.items():
                yield from _printed(table, field, key, cell, ("footers", name, key))
        else:
            columns = list(column_totals(table, field))
            if len(columns) == 1:
                yield from _printed(table, field, columns[0], printed, ("footers", name))


def _matrix(matrix: Matrix, field: Field) -> Iterator[Difference]:
    around: Where = () if matrix.listed else ("rows",)
    for index, row in enumerate(matrix.rows):
        yield from _sum_of(own_cells(matrix, row), row.total, field, row.label, (*around, index, "total"))
        for into, signs in matrix.sums.items():
            cells = [_signed(row.cells.get(column), sign) for column, sign in signs.items()]
            line = f"{row.label}·{into}"
            yield from _sum_of(cells, row.cells.get(into), field, line, (*around, index, into))
    place = ("totals",) if matrix.total_row is None else (*around, matrix.total_row)
    for column in matrix.columns:
        cells = [row.cells.get(column) for row in matrix.rows]
        yield from _sum_of(cells, matrix.totals.get(column), field, column, (*place, column))
    if "total" in matrix.totals:
        cells = [cell for row in matrix.rows for cell in own_cells(matrix, row)]
        yield from _sum_of(cells, matrix.totals["total"], field, "总计", (*place, "total"))


def own_cells(matrix: Matrix, row: MatrixRow) -> list[Value]:
    """Return the cells of *row* that make its total: those that are no sums of others."""
    return [row.cells.get(column) for column in matrix.parts]


def _sum_of(cells: Sequence[Value], printed: Value, field: Field, line: str, where: Where) -> Iterator[Difference]:
    amounts = [cell.amount for cell in cells if isinstance(cell, Number)]
    if not isinstance(printed, Number) or not amounts:
        return
    computed = sum(amounts, Decimal(0))
    if level := _level(computed - printed.amount, printed, len(amounts)):
        message = say(
            "{table}: {line} sums to {computed}, printed is {printed}; difference {difference}",
            table=field.name,
            line=line,
            **_figures(computed, printed),
        )
        yield Difference("total-matrix", field.key, level, message, where)
