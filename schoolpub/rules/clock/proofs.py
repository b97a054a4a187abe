"""Where a record has to be shown, and since when that is proven.

A spot is a channel, or one board of the channel `board`: a sheet hangs on each board of its audience.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record, Step
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.chain.flow import Replay
from schoolpub.rules.remembered import remembered

BOARD = "board"
"""The channel that has several places: the boards of `school.yaml`."""

INSIDE = "校内"
"""What outsiders read in place of an inner board's name."""

PASSING = frozenset({
    "congress", "staff-meeting", "parents-meeting", "party-meeting", "student-meeting", "joint-meeting",
    "broadcast", "sms", "letter", "hotline",
})  # fmt: skip
"""Channels on which something is said or sent: there is nothing to take down afterwards."""


_HANGING = flow.PUBLIC_STATUSES - {"ended"}
"""What is on show has to hang."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a record is shown: a channel, and the board where it is the channel of boards."""

    channel: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """What is proven of a record's posting."""

    required: tuple[Spot, ...]
    """Where its item and its audience want it."""
    proven: Mapping[Spot, date]
    """Spot → the first day on which it was proven, also where nobody asked for it."""
    up: frozenset[Spot]
    """Spots that were proven and not taken down since."""
    down: Mapping[Spot, date]
    """Spots taken down and not proven again since → on which day."""
    missing: tuple[Spot, ...]
    """Required spots without a proof: they are owed."""
    shown: date | None
    """The day from which it was really public (实际公开): the latest among the required channels.

    None while one of them has no proof at all; a board that is proven later moves it.
    """


def spots(record: Record, item: Item, school: School) -> tuple[Spot, ...]:
    """Return where *record* has to be shown."""
    found: list[Spot] = []
    for channel in item.channels:
        boards = _boards(record, school) if channel == BOARD else []
        found += [Spot(channel, name) for name in boards] or [Spot(channel)]
    return tuple(found)


def proofs_of(record: Record, played: Replay, item: Item, school: School) -> Proofs:
    """Return what the steps of *record* prove."""
    work_out = partial(_proofs, record, played, item, school)
    return remembered(record.memory, "proofs", (played, item, school), work_out)


def _proofs(record: Record, played: Replay, item: Item, school: School) -> Proofs:
    required = spots(record, item, school)
    proven: dict[Spot, date] = {}
    down: dict[Spot, date] = {}
    stopped: set[Spot] = set()
    for taken in played.taken:
        step = taken.step
        if step.step == "prove":
            for spot in _meant(step, required):
                proven[spot] = min(step.day, proven.get(spot, step.day))
                if step.day >= down.get(spot, step.day):  # an older photo, handed in late, hangs nothing up again
                    down.pop(spot, None)
                    stopped.discard(spot)
        elif step.step == "takedown":
            meant = list(_meant(step, required))
            down |= dict.fromkeys(meant, step.day)
            stopped.update(meant if taken.before == "suspended" else ())
    return Proofs(
        required=required,
        proven=proven,
        up=frozenset(proven.keys() - down.keys()),
        down=down,
        # Taken down while it was suspended, then resumed: it has to hang again.
        missing=tuple(s for s in required if s not in proven or (s in stopped and played.status in _HANGING)),
        shown=_shown(record, item, required, proven),
    )


def public_since(record: Record, played: Replay, item: Item, school: School) -> date | None:
    """Return the day that counts for the deadline: the proven one, else that of the posting; None before it."""
    posted = next((t.step.day for t in played.taken if t.after in flow.POSTED_STATUSES), None)
    if posted is None:
        return None
    return proofs_of(record, played, item, school).shown or posted


def hung(record: Record, item: Item, snapshot: Snapshot) -> date | None:
    """Return the day from which *record* was really on show: on all channels where all are proven, else on the boards.

    While only the boards are proven it is not before the posting; without a proof of them it is not known.
    """
    own = snapshot.flow(record)
    if own is None:
        return None
    played = flow.replay(record, own)
    found = proofs_of(record, played, item, snapshot.school)
    if found.shown:
        return found.shown
    boards = _since(record, BOARD, found.required, found.proven)
    post = played.last("post")
    return max(boards, post.day) if boards and post else boards


def _boards(record: Record, school: School) -> list[str]:
    wanted = ("external", "internal") if record.audience == "both" else (record.audience,)
    return [board.name for board in school.boards if board.audience in wanted]


def _meant(step: Step, required: tuple[Spot, ...]) -> Iterator[Spot]:
    """Yield the spots that *step* is about."""
    channel, place = step.said("channel"), step.said("place")
    named = [spot for spot in required if spot.channel == channel and spot.place]
    if channel != BOARD:
        yield Spot(channel)
    elif not place and len(named) == 1:
        yield named[0]
    else:
        yield Spot(channel, place)


def _shown(record: Record, item: Item, required: tuple[Spot, ...], proven: Mapping[Spot, date]) -> date | None:
    days = [_since(record, channel, required, proven) for channel in item.channels]
    known = [day for day in days if day]
    return max(known) if known and len(known) == len(days) else None


def _since(record: Record, channel: str, required: tuple[Spot, ...], proven: Mapping[Spot, date]) -> date | None:
    """Return since when *channel* is proven: a board that nobody asked for counts only where no other was proven."""
    every = {spot: day for spot, day in proven.items() if spot.channel == channel}
    counted = [day for spot, day in every.items() if spot in required or not spot.place]
    if record.audience == "both" and Spot(channel, INSIDE) in every:
        counted.append(every[Spot(channel, INSIDE)])
    return max(counted or every.values(), default=None)
