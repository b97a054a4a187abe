"""Entitlement: who may take a step, on a day, by the appointments of `people.yaml`; and which day counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from schoolpub.errors import Problem, Text, say
from schoolpub.model.catalogue import Flow, FlowStep
from schoolpub.model.people import Appointment, People
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow as flows


def entitlement(people: People, person: str, line: FlowStep, department: str, day: date) -> Appointment | None:
    """Return the appointment by which *person* may take the step *line* on a record of *department* on *day*."""
    held = list(people.held(person, day))
    if not line.by:
        return held[0] if held else None
    return next((a for name in line.by for a in held if a.answers_to(name) and a.department in ("", department)), None)


def entitled(people: People, line: FlowStep, department: str, day: date) -> list[str]:
    """Return the persons who may take *line* on *day*, in the register's order."""
    return [p for p in people.persons if entitlement(people, p, line, department, day)]


def acted_as(appointment: Appointment, line: FlowStep) -> str:
    """Return the role to write into the step: the one the flow asked for."""
    return next((name for name in line.by if appointment.answers_to(name)), appointment.role)


def conflict(replay: flows.Replay, person: str, line: FlowStep) -> Text | None:
    """Return why *person* may not take *line* after what they did before in the same round, or None."""
    if line.own and replay.taken and replay.taken[-1].step.by != person:
        return say("only the person who took the last step can undo it")
    for taken in replay.taken:
        if taken.step.step in line.not_by and taken.step.by == person:
            return say("whoever took the step “{step}” cannot take this one too", step=taken.line.name)
    return None


def earliest(replay: flows.Replay, line: FlowStep) -> flows.Taken | None:
    """Return the step before whose day *line* cannot have been taken, whatever date the paper bears.

    An approval follows the one before it; what hangs on a wall is no older than its sign-off.
    """
    bound = [t for t in replay.round if t.step.content]
    if line.approves or line.signs_off:
        return max(bound, key=lambda t: t.step.day, default=None)
    return next((t for t in reversed(replay.taken) if t.line.signs_off), None)


def judge(record: Record, flow: Flow, snapshot: Snapshot) -> Iterator[Problem]:
    """Yield each step that was taken by somebody who was not entitled to it on its day."""
    done: list[flows.Taken] = []
    index_of = {id(step): index for index, step in enumerate(record.steps)}
    for taken in flows.replay(record, flow).taken:
        step = taken.step
        department = flows.Replay(taken.before, tuple(done)).department(record)
        reason: Text | None = None
        if step.by not in snapshot.people.persons:
            reason = say("people.yaml knows no “{person}”", person=step.by)
        elif entitlement(snapshot.people, step.by, taken.line, department, step.day) is None:
            reason = say(
                "“{person}” held none of these posts on {day}: {roles}",
                person=snapshot.people.name(step.by),
                day=step.day.isoformat(),
                roles="、".join(taken.line.by) or "-",
            )
        else:
            so_far = flows.Replay(taken.before, tuple(done))
            reason = conflict(so_far, step.by, taken.line) or _too_early(so_far, taken)
        if reason is not None:
            yield Problem(
                code="not-entitled",
                message=say("step “{step}”: {reason}", step=taken.line.name, reason=reason),
                fix=say("have the right person take the step, or mend the appointment in people.yaml"),
                record=record.id,
                file=record.file,
                where=("steps", index_of[id(step)], "by"),
            )
        done.append(taken)


def _too_early(replay: flows.Replay, taken: flows.Taken) -> Text | None:
    before = earliest(replay, taken.line)
    if before is None or taken.step.day >= before.step.day:
        return None
    return say(
        "it is dated {day}, before the step “{step}” of {last}",
        day=taken.step.day.isoformat(),
        step=before.line.name,
        last=before.step.day.isoformat(),
    )


def dated_back(line: FlowStep, on: date, recorded: date, says: Mapping[str, Tree]) -> bool:
    """Return whether an approval bears an earlier day than that of its recording, and nothing shows that day.

    A signed paper does, or, where a meeting decides, its minutes.
    """
    shown = says.get("paper") or ("meeting" in line.needs and says.get("meeting"))
    return line.approves and on < recorded and not shown
