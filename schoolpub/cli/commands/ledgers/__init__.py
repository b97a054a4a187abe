"""Commands of the ledgers: what people said, and what is put right."""
