"""Exact figures of the story, written as the clerks write them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from schoolpub.model.record import Tree

CENT = Decimal("0.01")


def amounts(text: str) -> list[Decimal]:
    """Return the figures in *text*, which are set apart by spaces."""
    return [Decimal(word) for word in text.split()]


def money(amount: Decimal) -> str:
    """Return *amount* with two decimals."""
    return f"{amount.quantize(CENT, ROUND_HALF_UP):f}"


def percent(part: Decimal, whole: Decimal) -> str:
    """Return *part* in percent of *whole* with two decimals; a dash where there is nothing to divide by."""
    return f"{(part * 100 / whole).quantize(CENT, ROUND_HALF_UP):f}%" if whole else "-"


def total(rows: list[Tree], column: str) -> Decimal:
    """Return the sum of *column* over the main rows."""
    cells = (row for row in rows if isinstance(row, dict) and row.get("level", "1") == "1")
    return sum((Decimal(str(row[column])) for row in cells), Decimal(0))
