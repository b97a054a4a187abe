"""Judgements of the ledgers: clocks that stop, what must be there before a matter is closed, receipt numbers."""
