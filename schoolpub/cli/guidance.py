"""What comes next: who can take which step, with the command to copy."""

from __future__ import annotations

from collections.abc import Sequence

from schoolpub.cli.session import Session
from schoolpub.model.catalogue import FlowStep
from schoolpub.model.record import Record
from schoolpub.rules import acts


def whats_next(session: Session, record: Record) -> list[str]:
    """Return, line by line, who can do what next with *record*."""
    snapshot = session.snapshot
    lines = []
    for line, persons in acts.next_steps(snapshot, record, session.moment.today):
        who = "、".join(snapshot.people.name(p) for p in persons) or "、".join(line.by)
        command = f"schoolpub {command_for(line.step, line.approves)} {record.id}"
        lines.append(f"{line.name}（{who}）：{command}{_options(session, record, line, persons)}")
    return lines


def _options(session: Session, record: Record, line: FlowStep, persons: Sequence[str]) -> str:
    """Return what must stand behind the command, so that it can be copied."""
    item = session.snapshot.item(record)
    values = {"meeting": "MEETING", "on": "DATE", "evidence": "FILE", "reason": "TEXT"}
    values["channel"] = next(iter(item.channels), "board") if item else "board"
    names = {"meeting": "--meeting", "on": "--on", "evidence": "--photo", "reason": "--reason", "channel": "--channel"}
    own = line.approves or line.step == "prove"
    told = [f"{names[n]} {values[n]}" if own and n in names else f"--set {n}=…" for n in line.needs]
    if session.snapshot.school.shared_machine and persons and session.typist not in persons:
        told.append(f"--as {persons[0]}")
    return "".join(f" {part}" for part in told)


def command_for(step: str, approves: bool) -> str:
    """Return the command that takes *step*."""
    own = {"submit", "post", "prove", "takedown", "withdraw", "resume"}
    return step if step in own else "approve" if approves else f"do {step}"
