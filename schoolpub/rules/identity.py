"""Ids: which record is this?  An id gives the file's path without a search and never changes."""

from __future__ import annotations

import hashlib
from datetime import date

from schoolpub.model.catalogue import Item
from schoolpub.model.period import Period

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def periodic_id(item: Item, period: Period, part: str = "") -> str:
    """Return the id of the record of *item* about *period* (and *part*): `finance-monthly-2026-10`."""
    return f"{item.slug}-{period.slug}" + (f"-{part}" if part else "")


def event_id(item: Item, day: date, first_step: bytes, attempt: int = 0) -> str:
    """Return the id of a record about an event: item, day, and four letters from the digest of its first step.

    *first_step* is the text of the first step with the body that it drafts; no chance is involved.  *attempt* counts
    how many ids were taken already.
    """
    counted = attempt.to_bytes((attempt.bit_length() + 7) // 8 or 1, "big")
    digest = int.from_bytes(hashlib.sha256(first_step + counted).digest()[:8], "big")
    letters = ""
    for _ in range(4):
        digest, place = divmod(digest, len(_LETTERS))
        letters += _LETTERS[place]
    return f"{item.slug}-{day:%Y%m%d}-{letters}"


def edition_id(base: str, edition: int) -> str:
    """Return the id of an edition: the first bears the base's name, later ones `.v2`, `.v3`."""
    return base if edition == 1 else f"{base}.v{edition}"


def path_of(item: Item, record_id: str, year: int) -> str:
    """Return the record's path below the school's folder."""
    return f"records/{item.ledger}/{year:04}/{record_id}.yaml"
