"""Putting right (整改) and improving (改进): how one stands on a day, and what it still lacks before it is closed.

A result counts when it is disclosed in a record of its own, hangs for its notice period so that opinions are collected
again, and what came in meanwhile is dealt with.  What was reopened begins anew: nothing from before it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schoolpub.errors import Text, say
from schoolpub.model.record import Record, Step, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.clock.deadlines import lateness, notice_of
from schoolpub.rules.clock.proofs import public_since
from schoolpub.rules.ledgers.around import RECTIFICATIONS, around

LEDGER = "rectifications"
IMPROVEMENT = "improvement"
RESULT = "rectification-result"
UNDER_WAY = frozenset({"opened", "planned", "working"})
"""Statuses in which the due date runs."""
ENDED = frozenset({"closed", "void"})
TOLD_WITHIN = "5wd"
"""Within so many working days after the acceptance its result is disclosed."""
_OPINIONS = "5wd"
"""How long opinions are collected again, where the item of the result says nothing else."""
_FEEDBACK_OVER = frozenset({"closed", "transferred", "merged", "declined", "void"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A rectification or an improvement as it stands on a day."""

    record: Record
    status: str
    due: date | None
    """As last extended, or set anew by a reopening."""
    first_due: date | None
    measures: str
    progress: tuple[Step, ...]
    presented: Step | None
    """Presented for acceptance, and not refused since."""
    accepted: Step | None
    result: Record | None
    """What tells the result: the disclosed record, else its draft."""
    opinions_until: date | None
    """The last day on which opinions on the result are collected; None before it is public."""
    effect: Step | None
    closed: date | None
    reopened: int
    """How often it was reopened."""
    extended: int
    late_by: int
    """Working days by which it was presented late, or is late now."""

    @property
    def over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class Lacking:
    """What stands between a rectification and its end, and the way on."""

    why: Text
    way: Text


def is_rectification(snapshot: Snapshot, record: Record) -> bool:
    """Return whether *record* is an entry of the ledger of rectifications and improvements."""
    item = snapshot.item(record)
    return item is not None and item.ledger == LEDGER and record.item in RECTIFICATIONS


def standings(snapshot: Snapshot, today: date) -> list[Standing]:
    """Return every rectification and improvement that was not given up, oldest first."""
    found = [r for r in snapshot.records.values() if is_rectification(snapshot, r)]
    found.sort(key=lambda r: (r.date or r.catalogue, r.id))
    return [one for record in found if (one := standing(snapshot, record, today)).status != "void"]


def standing(snapshot: Snapshot, record: Record, today: date) -> Standing:
    """Return how *record* stands on *today*."""
    own = snapshot.flow(record)
    played = flow.replay(record, own) if own else flow.Replay(flow.NONE, ())
    steps = [taken.step for taken in played.taken]
    since = max((i for i, step in enumerate(steps) if step.step == "reopen"), default=-1)
    fresh = steps[since + 1 :]
    refused = max((i for i, step in enumerate(fresh) if step.step == "refuse"), default=-1)
    presented = _last(fresh[refused + 1 :], "present")
    result = _result(snapshot, record, steps, fresh)
    due = _due(record, steps)
    done = presented.day if presented else today
    running = played.status in UNDER_WAY or presented is not None
    closing = _last(fresh, "close")
    return Standing(
        record=record,
        status=played.status,
        due=due,
        first_due=_date(record.fields.get("due")),
        measures=_measures(record, steps),
        progress=tuple(step for step in steps if step.step == "progress"),
        presented=presented,
        accepted=_last(fresh, "accept"),
        result=result,
        opinions_until=opinions_until(snapshot, result) if result else None,
        effect=_last(fresh, "track"),
        closed=closing.day if closing and played.status == "closed" else None,
        reopened=sum(step.step == "reopen" for step in steps),
        extended=sum(step.step == "extend" for step in steps),
        late_by=lateness(due, done, snapshot.calendar) if due and running else 0,
    )


def opinions_until(snapshot: Snapshot, result: Record) -> date | None:
    """Return the last day of the collection of opinions on *result*; None while it is not public.

    What is printed counts where it is long enough, else the length that the catalogue asks for from the real posting.
    """
    item, own = snapshot.item(result), snapshot.flow(result)
    played = flow.replay(result, own) if own else None
    if item is None or played is None or played.status not in flow.PUBLIC_STATUSES:
        return None
    notice = notice_of(result, item, snapshot)
    if notice is not None:
        return max(notice.last or notice.earliest, notice.earliest)
    since = public_since(result, played, item, snapshot.school)
    counts = snapshot.school.notice_counts_start_day
    length = item.notice.days if item.notice else _OPINIONS
    return days.add(since, length, snapshot.calendar, start_counts=counts).end if since else None


def lacking(snapshot: Snapshot, record: Record, today: date) -> Lacking | None:
    """Return the first thing that *record* lacks before it may be closed on *today*, None when nothing is missing."""
    now = standing(snapshot, record, today)
    if now.accepted is None:
        return Lacking(say("it is not accepted yet"), _towards_acceptance(now))
    if record.item == IMPROVEMENT and now.status == "republished" and now.effect is None:
        return Lacking(
            say("its effect was not followed up yet"),
            say("`schoolpub rectify track {id} --effect TEXT`", id=record.id),
        )
    if now.status not in ("republished", "tracked", "closed"):
        return Lacking(say("the result was not published again yet"), _towards_publication(snapshot, now))
    if now.result is None or now.opinions_until is None:
        return Lacking(
            say("the result is no longer disclosed"),
            say("`schoolpub resume` or post it again, or `schoolpub rectify reopen {id}`", id=record.id),
        )
    if today <= now.opinions_until:
        return Lacking(
            say("opinions on the result are still collected, until {day}", day=now.opinions_until.isoformat()),
            say("close it after that day"),
        )
    waiting = [one for one in around(snapshot, now.result.id).feedback if not _settled(snapshot, one, now.result)]
    if waiting:
        return Lacking(
            say("opinions on the result are not dealt with yet: {ids}", ids="、".join(r.id for r in waiting)),
            say("`schoolpub show {id}` tells what they wait for", id=waiting[0].id),
        )
    return None


def _settled(snapshot: Snapshot, feedback: Record, result: Record) -> bool:
    """Return whether *feedback* is dealt with, or is not about *result* at all but what led to it."""
    about = feedback.fields.get("about")
    about_result = isinstance(about, str) and base_id(about) == result.base
    return not about_result or flow.status(snapshot, feedback) in _FEEDBACK_OVER


def _towards_acceptance(now: Standing) -> Text:
    if now.status == "presented":
        return say("`schoolpub rectify accept {id}`, by somebody who did not do it", id=now.record.id)
    if now.status == "opened":
        return say("`schoolpub rectify plan {id} --measures TEXT`", id=now.record.id)
    return say("`schoolpub rectify present {id} --result TEXT`", id=now.record.id)


def _towards_publication(snapshot: Snapshot, now: Standing) -> Text:
    if now.result is None:
        return say("`schoolpub rectify publish {id}` drafts the disclosure of the result", id=now.record.id)
    if flow.status(snapshot, now.result) in flow.PUBLIC_STATUSES:
        return say("`schoolpub rectify republish {id}`", id=now.record.id)
    return say("take {result} to its posting first: `schoolpub show {result}`", result=now.result.id)


def _result(snapshot: Snapshot, record: Record, steps: Sequence[Step], fresh: Sequence[Step]) -> Record | None:
    """Return what tells the result of *record*: the record named by its publication, else one that names it."""
    told = _last(fresh, "republish")
    if told is not None:
        return editions.posted(snapshot, told.said("record")) or editions.current(snapshot, told.said("record"))
    before = {base_id(step.said("record")) for step in steps if step.step == "republish"}
    found = [r for r in around(snapshot, record.id).results if r.base not in before]
    return found[-1] if found else None


def _due(record: Record, steps: Sequence[Step]) -> date | None:
    moved = [day for step in steps if step.step in ("extend", "reopen") and (day := _date(step.said("until")))]
    return moved[-1] if moved else _date(record.fields.get("due"))


def _measures(record: Record, steps: Sequence[Step]) -> str:
    planned = _last(steps, "plan")
    given = planned.said("measures") if planned else ""
    written = record.fields.get("measures")
    if isinstance(written, list):
        written = "\n".join(str(part) for part in written)
    return (given or (written if isinstance(written, str) else "")).strip()


def _last(steps: Sequence[Step], name: str) -> Step | None:
    return next((step for step in reversed(steps) if step.step == name), None)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
