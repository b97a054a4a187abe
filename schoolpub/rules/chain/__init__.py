"""The chain: which step may follow, who may take it, what it leaves behind."""
