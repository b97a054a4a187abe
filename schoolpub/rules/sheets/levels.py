"""Which rows of a school's own table are parts of others: by the numbering before their names, and by 其中."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree

_WITHIN = 5
"""What `level_mark` says of 其中."""


def depths_of(marks: Sequence[int], inside: Sequence[int] = ()) -> list[int]:
    """Return levels from 1 without a gap: the kinds of numbering, in the order in which they go deeper.

    Rows that are *inside* the row above them are deeper than any numbering.
    """
    stack: list[int] = []
    depths = []
    for index, mark in enumerate(marks):
        own = 100 if index in inside else mark or 99
        while stack and stack[-1] >= own:
            stack.pop()
        stack.append(own)
        depths.append(min(len(stack), 4))
    return depths


def children(depths: Sequence[int], index: int) -> list[int]:
    """Return the rows right below the row at *index*."""
    below = []
    for child in range(index + 1, len(depths)):
        if depths[child] <= depths[index]:
            break
        if depths[child] == depths[index] + 1:
            below.append(child)
    return below


def within(rows: Sequence[Mapping[str, Tree]], marks: Sequence[int], own: Field) -> list[int]:
    """Return the rows that are parts of the row above them: 其中, and what follows until it adds up."""
    found: list[int] = []
    for index in range(1, len(marks)):
        above = rows[index - 1]
        key = next((k for k, column in own.columns.items() if column.total and amount_of(above.get(k)) is not None), "")
        whole = amount_of(above.get(key))
        if marks[index] != _WITHIN or whole is None:
            continue
        total, last = amount_of(rows[index].get(key)) or Decimal(0), index
        while total != whole and last + 1 < len(marks) and not marks[last + 1]:
            last += 1
            total += amount_of(rows[last].get(key)) or Decimal(0)
        found += range(index, last + 1) if total == whole else [index]
    return found


def amount_of(tree: Tree) -> Decimal | None:
    """Return an amount as it was read, None for words and nothing."""
    if not isinstance(tree, str):
        return None
    try:
        return Decimal(tree.replace(",", "").rstrip("元"))
    except InvalidOperation:
        return None
