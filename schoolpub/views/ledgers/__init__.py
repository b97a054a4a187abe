"""The ledgers in words: matters, rectifications, statistics."""
