"""The rows of tables and the entries of blocks, one by one, each with what identifies it and where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schoolpub.errors import Where
from schoolpub.model.catalogue import Field
from schoolpub.rules.totals import tree_of
from schoolpub.rules.values import Row, Table, Value


@dataclass(frozen=True, slots=True)
class Line:
    """The row, or the entry of a block, that is being judged."""

    cells: Mapping[str, Value]
    field: Field
    """The table or block that it belongs to."""
    table: Value
    """The whole table or the tuple of entries."""
    index: int
    where: Where
    level: int = 1
    key: tuple[str, ...] = ()
    """What identifies the row in another month: its key, below the keys of its parents."""
    leaf: bool = True


def lines_of(field: Field, value: Value, rest: str, where: Where) -> list[Line]:
    """Return the rows of a table or the entries of blocks, or the rows of the tables *rest* inside blocks."""
    if isinstance(value, Table):
        place = where if value.listed else (*where, "rows")
        keys = row_keys(value.rows, field.row_key)
        parents = _parents(value.rows) if field.tree else frozenset()
        return [
            Line(row.cells, field, value, index, (*place, index), row.level, keys[index], index not in parents)
            for index, row in enumerate(value.rows)
        ]
    if not isinstance(value, tuple):
        return []
    if not rest:
        return [Line(cells, field, value, index, (*where, index)) for index, cells in enumerate(value)]
    key, _, deeper = rest.partition(".")
    inner = field.columns.get(key)
    if inner is None:
        return []
    return [
        line
        for index, entry in enumerate(value)
        for line in lines_of(inner, entry.get(key), deeper, (*where, index, key))
    ]


def _parents(rows: Sequence[Row]) -> frozenset[int]:
    """Return the positions of the rows that have deeper rows below them."""
    found = set()
    queue = tree_of(rows)
    while queue:
        node = queue.pop()
        if node.children:
            found.add(node.index)
            queue += node.children
    return frozenset(found)


def row_keys(rows: Sequence[Row], column: str) -> list[tuple[str, ...]]:
    """Return what identifies each row: its text in *column*, below that of its parents; empty where it has none."""
    found: list[tuple[str, ...]] = []
    path: list[str] = []
    seen: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        text = row.cells.get(column) if column else None
        path[row.level - 1 :] = [text if isinstance(text, str) else ""]
        key = tuple(path) if path[-1] else ()
        seen[key] += 1
        # Two rows of one name are told apart by their order.
        found.append(key if seen[key] == 1 or not key else (*key[:-1], f"{key[-1]}（{seen[key]}）"))
    return found
