"""Commands that make the site and the sheets."""
