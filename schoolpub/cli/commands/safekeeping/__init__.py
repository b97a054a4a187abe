"""Commands that prove, copy, guard and archive."""
