"""What is said around a proof: which board is meant, what still lacks one, whether a notice became too short."""

from __future__ import annotations

from collections.abc import Iterable

from schoolpub.cli import console
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.rules.chain import flow
from schoolpub.rules.checks.notices import notice_is_long_enough
from schoolpub.rules.clock.proofs import BOARD, proofs_of, spots
from schoolpub.rules.clock.removals import still_up


def board(session: Session, record: Record, channel: str, place: str, *, needed: bool = False) -> str:
    """Return the board that is meant: *place*, or the only one of the record's audience; say so when none is.

    Where it is *needed*, none is a refusal: a takedown from nowhere would take nothing down.
    """
    item = session.snapshot.item(record)
    if channel != BOARD or item is None:
        return place
    boards = [spot.place for spot in spots(record, item, session.snapshot.school) if spot.place]
    if not place and len(boards) == 1:
        return boards[0]
    known = [*(b.name for b in session.snapshot.school.boards), *_once(session, record, item)]
    if not place and boards and needed:
        raise SchoolpubError(
            say("{id} hangs on several boards: {boards}.", id=record.id, boards="、".join(boards)),
            fix=say("name the one it was taken down from: --place {board}", board=boards[0]),
        )
    if not place and boards:
        console.note(
            say("{id}: no board was named, so none of these is proven by it: {boards} → --place NAME",
                id=record.id, boards="、".join(boards))
        )  # fmt: skip
    if place and known and place not in known:
        missing = say("school.yaml knows no board “{place}”.", place=place)
        if needed:
            raise SchoolpubError(missing, fix=say("write one of: {names}", names="、".join(boards or known)))
        console.note(missing)
        console.note(
            say(
                "It is recorded, and proves none of these: {boards}. Prove those, or enter the board in school.yaml.",
                boards="、".join(boards or known),
            )
        )
    return place


def _once(session: Session, record: Record, item: Item) -> list[str]:
    """Return the boards on which *record* was proven: one that the school gave up is still to be cleared."""
    own = session.snapshot.flow(record)
    found = proofs_of(record, flow.replay(record, own), item, session.snapshot.school).proven if own else ()
    return [spot.place for spot in found if spot.channel == BOARD and spot.place]


def is_down(session: Session, record: Record) -> bool:
    """Return whether *record*, as it is now, was taken down everywhere, and its flow has a step that says so."""
    item, own = session.snapshot.item(record), session.snapshot.flow(record)
    if item is None or own is None:
        return False
    played = flow.replay(record, own)
    ends = flow.find_line(own, "end", played.status) is not None and played.taken[-1].step.step == "takedown"
    return ends and not still_up(record, item, session.snapshot)


def remaining(session: Session, records: Iterable[Record]) -> None:
    """Say what is still without a proof, and which notice period is too short because its sheet hung late."""
    from schoolpub.views.pages.catalogue_words import spot_words

    for record in records:
        item, own = session.snapshot.item(record), session.snapshot.flow(record)
        if item is None or own is None:
            continue
        played = flow.replay(record, own)
        missing = proofs_of(record, played, item, session.snapshot.school).missing
        catalogue = session.snapshot.catalogues[record.catalogue]
        if missing and played.status in flow.PUBLIC_STATUSES:
            places = "、".join(spot_words(spot, catalogue) for spot in missing)
            console.out(say("  without a proof: {places}", places=places))
        found = notice_is_long_enough(record, session.snapshot, session.moment.today)
        console.problems(session.workspace.locate(found))
