"""Judgements: pure functions of values and a date."""
