"""When a matter is over."""

OVER = frozenset({"closed", "transferred", "merged", "declined"})
"""Statuses in which nothing more is done."""
