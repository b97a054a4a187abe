"""Is a printed sheet still good?  How the edition that it shows stands in the records today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from schoolpub.model.catalogue import Flow
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow, witness
from schoolpub.rules.clock.removals import gone_from

GOOD = frozenset({"current", "correcting"})
"""The sheet may hang."""
_STOPPED = frozenset({"suspended", "withdrawn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an edition stands on a day."""

    kind: str
    """current, correcting, corrected, over, suspended, withdrawn, void, signed (not posted yet), draft, outdone (two
    offices signed it off, and the other's sheet counts), or undone (the sign-off was taken back)."""
    record: Record
    since: date | None = None
    """The day from which it is so."""
    current: Record | None = None
    """The edition that replaced it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a code says."""

    kind: str
    """As a standing's; or unknown, altered (both: today's records contradict the sheet) or mistyped."""
    standings: tuple[Standing, ...] = ()
    by: str = "code"
    """By what it was found: the sheet's code; that of a sign-off that became void (void); the code of the words alone
    (text); the official number, which proves nothing (number)."""


def answer(code: str, snapshot: Snapshot, today: date) -> Answer:
    """Return what *code*, typed or taken from the square, says on *today*."""
    signed = {record.edition_id: (record, whole) for record, whole in signed_off(snapshot)}
    found = [signed[key][0] for key in witness.find(code, {key: whole for key, (_, whole) in signed.items()})]
    by = "code"
    if not found:
        void = dict(pair for record in snapshot.records.values() for pair in set_aside(record, snapshot.flow(record)))
        if found_void := [void[whole] for whole in witness.find(code, {whole: whole for whole in void})]:
            return Answer(kind=found_void[0].kind, standings=tuple(found_void), by="void")
        found = [r for r in snapshot.records.values() if witness.same_code(code, witness.text_code(r.content))]
        by = "text"
    if not found:
        known = witness.is_digest(code) or witness.well_typed(code.rpartition("#")[2])
        return Answer(kind="unknown" if known else "mistyped")
    return _found(found, snapshot, today, by)


def set_aside(record: Record, own: Flow | None) -> Iterator[tuple[str, Standing]]:
    """Yield the codes of sheets of *record* that were genuine and do not count: outdone or taken back."""
    for whole in witness.void(record):
        yield whole, Standing(kind="outdone", record=record)
    stands = flow.replay(record, own).sign_off if own else None
    for index, whole in witness.signed(record, own):
        if record.steps[index] is not stands:
            yield whole, Standing(kind="undone", record=record)


def by_number(records: Sequence[Record], snapshot: Snapshot, today: date) -> Answer:
    """Return what is known of *records*, which were found by their official number."""
    return _found(records, snapshot, today, "number")


def _found(records: Sequence[Record], snapshot: Snapshot, today: date, by: str) -> Answer:
    standings = tuple(standing(record, snapshot, today) for record in records)
    return Answer(kind=standings[0].kind, standings=standings, by=by)


def signed_off(snapshot: Snapshot) -> Iterator[tuple[Record, str]]:
    """Yield every record that was signed off, with its whole witness code."""
    for record in snapshot.records.values():
        if whole := code_of(record, snapshot.flow(record)):
            yield record, whole


def code_of(record: Record, own: Flow | None) -> str:
    """Return the whole witness code of *record*, nothing before its sign-off.

    A record that was given up afterwards keeps its code: its sheet may lie about.
    """
    sign = flow.replay(record, own).sign_off if own else None
    return witness.digest(record, sign) if sign is not None and sign.content in ("", record.content) else ""


def standing(record: Record, snapshot: Snapshot, today: date) -> Standing:
    """Return how *record*, which was signed off, stands on *today*."""
    own = snapshot.flow(record)
    played = flow.replay(record, own) if own else None
    status = played.status if played else flow.NONE
    if played is None or status not in flow.POSTED_STATUSES:
        kind = "void" if status == "void" else "signed" if played and played.sign_off else "draft"
        return Standing(kind=kind, record=record)
    later = editions.posted(snapshot, record.id)
    if later is not None and later.edition > record.edition:
        return _replaced(record, later, snapshot, today)
    if status not in flow.PUBLIC_STATUSES:
        stop = next((t for t in reversed(played.taken) if t.after == status and t.before != status), played.taken[-1])
        return Standing(kind=status, record=record, since=stop.step.day)
    item = snapshot.item(record)
    gone = gone_from(record, item, snapshot) if item else None
    if gone is not None and gone <= today:
        return Standing(kind="over", record=record, since=gone)
    if item is not None and item.after_notice != "keep" and status == "ended":
        return Standing(kind="over", record=record, since=played.taken[-1].step.day)
    if (since := editions.correcting(snapshot).get(record.base)) is not None:
        return Standing(kind="correcting", record=record, since=since)
    return Standing(kind="current", record=record)


def _replaced(record: Record, later: Record, snapshot: Snapshot, today: date) -> Standing:
    """Return how an edition stands that a later one replaced: the next one that was posted ended it."""
    following = (e for e in editions.editions(snapshot, record.id) if e.edition > record.edition)
    posts = (flow.replay(e, own).last("post") for e in following if (own := snapshot.flow(e)))
    first = next((post for post in posts if post), None)
    stood = standing(later, snapshot, today)
    if stood.kind in _STOPPED:  # the matter itself was stopped, with all its editions
        return Standing(kind=stood.kind, record=record, since=stood.since, current=later)
    return Standing(kind="corrected", record=record, since=first.day if first else None, current=later)
