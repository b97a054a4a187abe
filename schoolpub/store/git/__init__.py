"""The ledger: the school's git repository, and others like it."""
