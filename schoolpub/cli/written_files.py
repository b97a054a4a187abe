"""Writing a file that the user asked for: never over another one unasked, and whole or not at all."""

from __future__ import annotations

from pathlib import Path

from schoolpub.errors import SchoolpubError, say, system_cure, system_words
from schoolpub.store import durable


def write(path: Path, data: bytes, *, force: bool) -> None:
    """Write *data* to *path*; raise `SchoolpubError` when a file stands there and may not be written over."""
    if path.exists() and not force:
        raise SchoolpubError(
            say("{file} exists already.", file=str(path)), fix=say("choose another name, or add --force")
        )
    try:
        durable.write(path, data)
    except OSError as error:
        raise SchoolpubError(
            say("{file} cannot be written ({why}).", file=str(path), why=system_words(error)),
            fix=system_cure(error, say("close it in Excel, or choose another folder")),
        ) from None
