"""What comes next: who can take which step, with the command to copy."""

from __future__ import annotations

from collections.abc import Sequence

from schoolpub.cli.session import Session
from schoolpub.model.catalogue import FlowStep, Item
from schoolpub.model.record import Record
from schoolpub.rules.chain import acts, saying
from schoolpub.rules.chain.flow import replay
from schoolpub.rules.clock.proofs import Spot, proofs_of
from schoolpub.rules.ledgers.rectification import LEDGER, standing


def whats_next(session: Session, record: Record) -> list[str]:
    """Return, line by line, who can do what next with *record*."""
    snapshot = session.snapshot
    lines = []
    for line, persons in acts.next_steps(snapshot, record, session.moment.today):
        item = snapshot.item(record)
        if line.step == "prove" and item is not None and not _unproven(session, record, item):
            continue
        who = "、".join(snapshot.people.name(p) for p in persons) or "、".join(line.by)
        command = saying.command(item, line, record.id)
        if line.step == "prove" and item is not None:
            command += _proof(session, record, item)
        elif line.step == "republish" and item is not None and item.ledger == LEDGER:
            command = _result(session, record)
        elif line.step == "rectify":
            command = f"schoolpub rectify add --from {record.id} --owner … --due …"
        else:
            command += "".join(f" {part}" for part in saying.words(item, line, _needs(item, line)))
        command += "".join(f" {part}" for part in _as(session, persons))
        lines.append(f"{line.name}（{who}）：{command}")
    return lines


def _needs(item: Item | None, line: FlowStep) -> Sequence[str]:
    """Return what *line* must say; a plan tells its measures, unless the record does."""
    return ("measures",) if item is not None and item.ledger == LEDGER and line.step == "plan" else line.needs


def _result(session: Session, record: Record) -> str:
    """Return the command that tells the result: it is drafted before it can be called published."""
    drafted = standing(session.snapshot, record, session.moment.today).result is not None
    return f"schoolpub rectify {'republish' if drafted else 'publish'} {record.id}"


def _as(session: Session, persons: Sequence[str]) -> list[str]:
    shared = session.snapshot.school.shared_machine and persons and session.typist not in persons
    return [f"--as {persons[0]}"] if shared else []


def _proof(session: Session, record: Record, item: Item) -> str:
    """Return what stands behind `prove`, so that it can be copied: the first place that lacks a proof."""
    missing = _unproven(session, record, item)
    spot = missing[0] if missing else Spot(next(iter(item.channels), "board"))
    place = f" --place {spot.place}" if spot.place else ""
    return f" --channel {spot.channel}{place} --on DATE --photo FILE"


def _unproven(session: Session, record: Record, item: Item) -> Sequence[Spot]:
    """Return where *record* is posted without a proof."""
    own = session.snapshot.flow(record)
    return proofs_of(record, replay(record, own), item, session.snapshot.school).missing if own else ()
