"""One thing that must be done, as the list of things to do, the calendar file and scripts take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schoolpub.rules.clock.proofs import Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do."""

    kind: str
    """duty, mailbox, waiting, notice, prove, takedown, decide, confirm, appeal, rectification, mend, stale, plan,
    calendar."""
    state: str
    """late, due (today), soon, later, or open where there is no day to keep."""
    what: str
    note: str = ""
    command: str = ""
    persons: tuple[str, ...] = ()
    """Who can do it, by slug."""
    due: date | None = None
    late_by: int = 0
    provisional: bool = False
    item: str = ""
    item_name: str = ""
    category: str = ""
    department: str = ""
    period: str = ""
    day: str = ""
    part: str = ""
    record: str = ""
    status: str = ""
    spot: Spot | None = None
