"""What comes next: who can take which step, with the command to copy."""

from __future__ import annotations

from collections.abc import Sequence

from schoolpub.cli.session import Session
from schoolpub.model.catalogue import FlowStep, Item
from schoolpub.model.record import Record
from schoolpub.rules.chain import acts
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
        if item is not None and item.ledger == "feedback":
            command = f"schoolpub feedback {line.step} {record.id}{_words(session, line, persons)}"
        elif item is not None and item.ledger == LEDGER:
            command = _rectify(session, record, line) + "".join(f" {part}" for part in _as(session, persons))
        else:
            command = f"schoolpub {command_for(line.step, line.approves)} {record.id}"
            if command_for(line.step, line.approves).startswith("do "):
                command = f"schoolpub do {record.id} {line.step}"
            command += _options(session, record, line, persons)
        lines.append(f"{line.name}（{who}）：{command}")
    return lines


_ASKED = {
    "department": "部门", "into": "ID", "rectification": "ID", "record": "ID", "rating": "满意",
    "question": "--text …", "answer": "--text …", "reply": "--text …", "decision": "--decision 公开",
    "organisation": "--to …", "ground": "--ground …", "opinion": "--opinion …", "reason": "--reason …",
    "result": "--result 查实",
}  # fmt: skip
"""What a step of a ledger must say → how it is said to `schoolpub feedback`."""


_RIGHTED = {"plan": " --measures …", "progress": " …", "present": " --result …", "track": " --effect …"}
"""A step of a rectification → what must stand behind its command."""


def _rectify(session: Session, record: Record, line: FlowStep) -> str:
    """Return the command of a rectification's step; the result is drafted before it can be called published."""
    step = line.step
    if step == "republish" and standing(session.snapshot, record, session.moment.today).result is None:
        step = "publish"
    return f"schoolpub rectify {step} {record.id}{_RIGHTED.get(step, '')}"


def _words(session: Session, line: FlowStep, persons: Sequence[str]) -> str:
    told = [_ASKED[need] for need in line.needs if need in _ASKED]
    return "".join(f" {part}" for part in [*told, *_as(session, persons)])


def _as(session: Session, persons: Sequence[str]) -> list[str]:
    shared = session.snapshot.school.shared_machine and persons and session.typist not in persons
    return [f"--as {persons[0]}"] if shared else []


def _options(session: Session, record: Record, line: FlowStep, persons: Sequence[str]) -> str:
    """Return what must stand behind the command, so that it can be copied."""
    item = session.snapshot.item(record)
    values = {"meeting": "MEETING", "on": "DATE", "evidence": "FILE", "reason": "TEXT"}
    values["channel"] = next(iter(item.channels), "board") if item else "board"
    if line.step == "prove" and item is not None and (missing := _unproven(session, record, item)):
        values["channel"] = missing[0].channel + (f" --place {missing[0].place}" if missing[0].place else "")
    names = {"meeting": "--meeting", "on": "--on", "evidence": "--photo", "reason": "--reason", "channel": "--channel"}
    own = line.approves or line.step == "prove"
    told = [f"{names[n]} {values[n]}" if own and n in names else f"--set {n}=…" for n in line.needs]
    told += _as(session, persons)
    return "".join(f" {part}" for part in told)


def _unproven(session: Session, record: Record, item: Item) -> Sequence[Spot]:
    """Return where *record* is posted without a proof."""
    own = session.snapshot.flow(record)
    return proofs_of(record, replay(record, own), item, session.snapshot.school).missing if own else ()


def command_for(step: str, approves: bool) -> str:
    """Return the command that takes *step*."""
    own = {"submit", "post", "prove", "takedown", "withdraw", "resume"}
    return step if step in own else "approve" if approves else f"do {step}"
