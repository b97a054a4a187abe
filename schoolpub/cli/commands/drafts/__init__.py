"""Commands that make and change drafts."""
