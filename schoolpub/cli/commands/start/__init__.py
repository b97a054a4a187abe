"""Commands that make a school's folder."""
