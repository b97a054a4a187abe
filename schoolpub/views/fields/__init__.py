"""Fields of a record in words, blocks and tables, wherever they are shown."""
