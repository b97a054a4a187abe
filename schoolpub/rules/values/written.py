"""Rows as they are written: a list, a mapping around it, or one row alone, which stands for a list of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from schoolpub.errors import Where
from schoolpub.model.record import Tree


def stands_alone(tree: Tree, columns: Collection[str]) -> bool:
    """Return whether *tree* is one row with *columns* (or one entry of a block), and not a mapping around rows."""
    return isinstance(tree, dict) and "rows" not in tree and any(key in columns for key in tree)


def rows_of(tree: Tree, columns: Collection[str]) -> list[tuple[Where, Tree]]:
    """Return the rows of a table, or the entries of a block, each with its place below the field."""
    if isinstance(tree, dict):
        if stands_alone(tree, columns):
            return [((0,), tree)]
        return [(("rows", index), row) for index, row in enumerate(_list(tree.get("rows")))]
    return [((index,), row) for index, row in enumerate(_list(tree))]


def around_rows(tree: Tree, columns: Collection[str]) -> Mapping[str, Tree]:
    """Return what stands around the rows of a table: its unit, totals, footers and note."""
    if not isinstance(tree, dict) or stands_alone(tree, columns):
        return {}
    return {key: part for key, part in tree.items() if key != "rows"}


def _list(tree: Tree) -> list[Tree]:
    return tree if isinstance(tree, list) else []
