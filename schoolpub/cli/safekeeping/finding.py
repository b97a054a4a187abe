"""What was looked at on a machine, how it is, and what cures it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schoolpub.errors import Text

GOOD, HINT, BAD = "good", "hint", "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and what to do."""

    what: str
    """A short key: git, folder, identity, keys, clock, fonts, calendar, locks, remote, series, halfway, halves, copy,
    records, disk."""
    state: str
    """good, hint (may wait) or bad."""
    told: Text
    cure: Text | None = None
    mend: Callable[[], object] | None = None
    """The cure itself, where it is safe."""
