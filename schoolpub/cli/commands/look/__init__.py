"""Commands that look things up and write them out."""
