"""What each path of the history is to the proof: a record, policy, an attachment, or nothing that may stand there."""

from __future__ import annotations

import re
import unicodedata

from schoolpub.store.files.layout import Kind, is_litter, kind_of

_GUARDED = ("records", "templates", "private", ".git", ".gitmodules", ".gitattributes")
"""What nothing else may be called at the top of the folder, whatever its letters."""
_SHORT = re.compile(r"([a-z]{2,6})~\d+")


def part_of(file: str) -> Kind | None:
    """Return what *file* is to the proof; None for what it does not look at."""
    parts = file.split("/")
    if parts[0] == "records" and len(parts) > 1:
        kind = kind_of(tuple(parts[1:]))
        return None if is_litter(parts[-1]) else kind
    if parts[0] in ("private", ".git"):
        return Kind.UNKNOWN
    if (parts[0] == "templates" and len(parts) > 1) or file == ".gitattributes":
        return Kind.SCHOOL
    return Kind.UNKNOWN if _stands_for_ours(parts[0]) else None


def _stands_for_ours(name: str) -> bool:
    """Return whether a file system may take *name*, at the top of the folder, for one of our own.

    Windows does not tell large letters from small ones, `\\` from `/`, nor what follows a dot, a space or a colon at
    the end, and gives long names short ones (`GIT~1`); a Mac does not see letters without a width.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf").casefold()
    plain = re.split(r"[\\/:]", plain)[0].rstrip(". ")
    short = _SHORT.fullmatch(plain)
    return plain in _GUARDED or bool(short and any(own.lstrip(".").startswith(short[1]) for own in _GUARDED))


def id_of(file: str) -> str:
    """Return the id of the record that *file* is named for; nothing for other files."""
    return file.rpartition("/")[2].removesuffix(".yaml") if part_of(file) is Kind.RECORD else ""
