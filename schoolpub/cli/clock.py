"""The one place that reads the clock.  All times are +08:00, in whole seconds."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from schoolpub.errors import SchoolpubError, say

BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Moment:
    """When an act is taken; `set_by_hand` when SCHOOLPUB_NOW stood in for the clock, which the step then says."""

    at: datetime
    set_by_hand: bool

    @property
    def today(self) -> date:
        """The calendar day in Beijing."""
        return self.at.date()


def now() -> Moment:
    """Return the present moment, or the one that SCHOOLPUB_NOW states."""
    stated = os.environ.get("SCHOOLPUB_NOW")
    if not stated:
        return Moment(datetime.now(BEIJING).replace(microsecond=0), False)
    try:
        at = datetime.fromisoformat(stated)
        at = at.replace(tzinfo=BEIJING) if at.tzinfo is None else at.astimezone(BEIJING)
    except (ValueError, OverflowError):
        raise SchoolpubError(
            say("SCHOOLPUB_NOW is no moment: {value}", value=stated),
            fix=say("write it as 2026-11-03T09:12:00+08:00"),
        ) from None
    return Moment(at.replace(microsecond=0), True)
