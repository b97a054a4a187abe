"""What became of what people said, counted: received, closed, open, answered in time, and how long it took.

Definitions.  *Brought forward*: received before the period and not over when it began.  *Received*: received in the
period.  *Closed*: over in the period (closed, transferred, merged or declined).  *Open*: not over at its end.
So brought forward + received = closed + open, for every group of matters.  *Answered in time*: of those received in the
period whose answer was given or is due by the day that is judged, those answered by their due date (first round; days
of waiting for the writer do not count).  *Days*: working days from the day after receipt to the first answer.
A matter given up (void) was never one.  Reports (举报) are counted and never named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.ledgers import clock
from schoolpub.rules.ledgers.over import OVER

"""By what matters are grouped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that somebody said, as it counts."""

    id: str
    """Empty for a report, which is never named."""
    item: str
    channel: str
    kind: str
    department: str
    received: date
    over: date | None
    """The day on which it was closed, transferred, merged or declined."""
    answered: date | None
    """The day of the first answer."""
    due: date | None
    """By when the first answer is due; None while the writer is asked for more."""
    took: int | None
    """Working days from the day after receipt to the first answer."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the records behind it; reports are in the number alone."""

    count: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The account of a period."""

    brought_forward: Figure
    received: Figure
    closed: Figure
    open: Figure
    due: Figure
    """Of the received: answered, or due by the day that is judged."""
    in_time: Figure
    """Of these: answered by the due date."""
    late: Figure
    """Of these: answered late, or not yet."""
    median_days: float | None
    """Of the received and answered ones."""


def matters(snapshot: Snapshot) -> tuple[Matter, ...]:
    """Return every matter that waits, or waited, for an answer, the oldest first."""
    found = [matter for record in snapshot.records.values() if (matter := _matter(record, snapshot)) is not None]
    return tuple(sorted(found, key=lambda m: (m.received, m.id)))


def by(found: Iterable[Matter], key: str) -> dict[str, tuple[Matter, ...]]:
    """Return *found* in groups by `item`, `channel`, `kind` or `department`, the largest first.

    Reports are one group of their own.
    """
    groups: dict[str, list[Matter]] = {}
    for matter in found:
        groups.setdefault(getattr(matter, key) or "—", []).append(matter)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return {name: tuple(members) for name, members in ordered}


def figures(found: Sequence[Matter], first: date, last: date, today: date) -> Figures:
    """Return the account of *found* from *first* to *last*, judged on *today*."""
    received = [m for m in found if first <= m.received <= last]
    due = [m for m in received if m.answered is not None or (m.due is not None and m.due < today and m.over is None)]
    in_time = [m for m in due if m.answered is not None and (m.due is None or m.answered <= m.due)]
    took = [m.took for m in received if m.took is not None]
    return Figures(
        brought_forward=_figure(m for m in found if m.received < first and not _over_by(m, first - timedelta(1))),
        received=_figure(received),
        closed=_figure(m for m in found if m.over is not None and first <= m.over <= last),
        open=_figure(m for m in found if m.received <= last and not _over_by(m, last)),
        due=_figure(due),
        in_time=_figure(in_time),
        late=_figure(m for m in due if m not in in_time),
        median_days=median(took) if took else None,
    )


def _over_by(matter: Matter, day: date) -> bool:
    return matter.over is not None and matter.over <= day


def _figure(found: Iterable[Matter]) -> Figure:
    listed = list(found)
    return Figure(len(listed), tuple(m.id for m in listed if m.id))


def _matter(record: Record, snapshot: Snapshot) -> Matter | None:
    item, own = snapshot.item(record), snapshot.flow(record)
    if item is None or own is None or record.date is None or not clock.runs(item):
        return None
    played = flow.replay(record, own)
    if played.status in (flow.NONE, "void"):
        return None
    secret = item.privacy == "restricted"
    first = next(iter(clock.rounds(record, snapshot)), None)
    reply = next((t.step.day for t in played.taken if t.step.step == "reply"), None)
    answered = max(reply, record.date) if reply else None
    took = days.workdays_between(record.date + timedelta(1), answered, snapshot.calendar) if answered else None
    return Matter(
        id="" if secret else record.id,
        item=item.name,
        channel=item.name if secret else _said(record, "channel"),
        kind=_said(record, "kind") or item.name,
        department=item.name if secret else played.department(record),
        received=record.date,
        over=_over(played, record.date),
        answered=answered,
        due=first.deadline.date if first and first.deadline else None,
        took=took,
    )


def _over(played: flow.Replay, received: date) -> date | None:
    if played.status not in OVER:
        return None
    ended = next(t.step.day for t in played.taken if t.after == played.status)
    return max(ended, received)


def _said(record: Record, key: str) -> str:
    value = record.fields.get(key)
    return value if isinstance(value, str) else ""
