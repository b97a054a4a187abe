"""What has to be taken down: lists whose notice period is over, and what was suspended, withdrawn or replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.clock.notice_periods import notice_of
from schoolpub.rules.clock.proofs import BOARD, PASSING, Spot, proofs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A sheet or page that must go."""

    spot: Spot
    since: date
    """The day from which it may not be there any more."""
    why: str
    """`notice-over`, `suspended`, `withdrawn` or `superseded`."""


def removals(record: Record, item: Item, snapshot: Snapshot, today: date) -> list[Removal]:
    """Return what has to be taken down of *record* on *today*, spot by spot."""
    own = snapshot.flow(record)
    if own is None:
        return []
    played = flow.replay(record, own)
    found = _reason(record, item, played, snapshot, today)
    if found is None:
        return []
    why, since = found
    hanging = still_up(record, item, snapshot)
    if why == "superseded":
        up, replaced = proofs_of(record, played, item, snapshot.school).up, _replaced(record, snapshot)
        hanging = [spot for spot in hanging if spot in up and spot not in replaced and spot.channel == BOARD]
    return [Removal(spot=spot, since=since, why=why) for spot in hanging]


def still_up(record: Record, item: Item, snapshot: Snapshot) -> list[Spot]:
    """Return where *record* is, or has to be, on show and was not taken down; what was only said or sent is nowhere."""
    own = snapshot.flow(record)
    known = proofs_of(record, flow.replay(record, own), item, snapshot.school) if own else None
    spots = dict.fromkeys((*known.required, *sorted(known.up, key=lambda s: (s.channel, s.place)))) if known else {}
    return [spot for spot in spots if known and spot not in known.down and spot.channel not in PASSING]


def _reason(
    record: Record, item: Item, played: flow.Replay, snapshot: Snapshot, today: date
) -> tuple[str, date] | None:
    if played.status in ("suspended", "withdrawn"):
        stops = (t for t in reversed(played.taken) if t.after == "suspended" and t.before != "suspended")
        return played.status, next(stops, played.taken[-1]).step.day
    if played.status not in flow.PUBLIC_STATUSES:
        return None
    if editions.superseded(snapshot, record):
        later = editions.posted(snapshot, record.id)
        own = snapshot.flow(later) if later else None
        post = flow.replay(later, own).last("post") if later and own else None
        return ("superseded", post.day) if post else None
    if (gone := gone_from(record, item, snapshot)) is not None and gone <= today:
        return "notice-over", gone
    return None


def gone_from(record: Record, item: Item, snapshot: Snapshot) -> date | None:
    """Return the first day on which the lists of *record* may not be shown any more, None when they may stay."""
    if item.after_notice == "keep":
        return None
    notice = notice_of(record, item, snapshot)
    return notice.last + timedelta(1) if notice and notice.last else None


def _replaced(record: Record, snapshot: Snapshot) -> set[Spot]:
    """Return the spots where a later edition of *record* is proven to hang."""
    found: set[Spot] = set()
    for later in editions.editions(snapshot, record.id):
        own, item = snapshot.flow(later), snapshot.item(later)
        if later.edition > record.edition and own and item:
            found |= proofs_of(later, flow.replay(later, own), item, snapshot.school).proven.keys()
    return found
