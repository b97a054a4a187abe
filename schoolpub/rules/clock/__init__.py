"""Dates: the calendar, what is owed and when, notice periods, proofs and removals."""
