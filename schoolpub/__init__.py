"""schoolpub keeps a school's disclosure records honest: files in git, checked, approved, published."""

__version__ = "1.0.0"
