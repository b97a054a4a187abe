"""The chain: which step may follow which, read from the flow that a record names, and nothing else.

The status is replayed from the names of the steps.  Whether somebody was entitled to a step is `authority`'s question
and never changes the status: mending an appointment must not unpublish what was posted.
"""

from __future__ import annotations

from dataclasses import dataclass

from schoolpub.errors import Problem, say
from schoolpub.model.catalogue import Flow, FlowStep
from schoolpub.model.record import Record, Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.remembered import remembered

NONE = "none"
"""The status before the first step."""

PUBLIC_STATUSES = frozenset({"posted", "ended", "urgent"})
"""The content is shown."""

POSTED_STATUSES = PUBLIC_STATUSES | {"suspended", "withdrawn"}
"""It was posted once: a page or a tombstone stands at its address."""

_UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that counted: what the flow says of it, and the status around it."""

    step: Step
    line: FlowStep
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Replay:
    """A record's steps, played through its flow."""

    status: str
    taken: tuple[Taken, ...]
    """Steps in force: what was undone is gone, and so is the undoing."""
    problems: tuple[Problem, ...] = ()

    def last(self, name: str) -> Step | None:
        """Return the last step called *name* that is in force."""
        return next((t.step for t in reversed(self.taken) if t.step.step == name), None)

    @property
    def round(self) -> tuple[Taken, ...]:
        """The steps since the body was last opened for editing: those that vouch for the present text."""
        opened = max((i for i, t in enumerate(self.taken) if t.after in ("draft", "returned")), default=-1)
        return self.taken[opened + 1 :]

    def vouches_for(self, content: str) -> bool:
        """Return whether every step that is bound to the present text is bound to *content*."""
        return all(t.step.content in ("", content) for t in self.round)

    def department(self, record: Record) -> str:
        """Return the department that *record* lies with: the one that it was last assigned to, else its own."""
        return next((t.step.said("department") for t in reversed(self.taken) if t.step.said("department")), "") or (
            record.department
        )

    @property
    def sign_off(self) -> Step | None:
        """The sign-off that vouches for the present text."""
        return next((t.step for t in reversed(self.round) if t.line.signs_off), None)


def replay(record: Record, flow: Flow) -> Replay:
    """Return where *record* stands in *flow*; a step that the flow does not allow is a problem and changes nothing."""
    return remembered(record.memory, "replay", (flow,), lambda: _replay(record, flow))


def _replay(record: Record, flow: Flow) -> Replay:
    status = NONE
    taken: list[Taken] = []
    problems = []
    for index, step in enumerate(record.steps):
        line = find_line(flow, step.step, status)
        if step.step == _UNDO and line and taken and taken[-1].step.by == step.by:
            status = taken.pop().before
            continue
        if line is None or step.step == _UNDO:
            problems.append(_not_allowed(record, flow, index, step, status))
            continue
        after = _after(line, status, taken)
        taken.append(Taken(step, line, status, after))
        status = after
    return Replay(status, tuple(taken), tuple(problems))


def find_line(flow: Flow, step: str, status: str) -> FlowStep | None:
    """Return the line of *flow* by which *step* may be taken from *status*."""
    try:
        found: FlowStep | None = flow.memory[step, status]
    except KeyError:
        found = flow.memory[step, status] = _find_line(flow, step, status)
    return found


def _find_line(flow: Flow, step: str, status: str) -> FlowStep | None:
    for line in flow.named(step):
        if status in line.sources or ("any" in line.sources and status != NONE):
            return line
    return None


def open_lines(flow: Flow, status: str) -> list[FlowStep]:
    """Return every line that may follow *status*, in the flow's order."""
    return [s for s in flow.steps if status in s.sources or ("any" in s.sources and status != NONE)]


def status(snapshot: Snapshot, record: Record) -> str:
    """Return the status of *record*, as its steps and flow give it; `none` when its flow is unknown."""
    flow = snapshot.flow(record)
    return replay(record, flow).status if flow else NONE


def _after(line: FlowStep, status: str, taken: list[Taken]) -> str:
    if line.to == "same":
        return status
    if line.to == "before":
        return next((t.before for t in reversed(taken) if t.after == status and t.before != status), status)
    return line.to


def _not_allowed(record: Record, flow: Flow, index: int, step: Step, status: str) -> Problem:
    possible = "、".join(dict.fromkeys(f"{s.name}（{s.step}）" for s in open_lines(flow, status))) or "-"
    known = next((f"{s.name}（{s.step}）" for s in flow.named(step.step)), step.step)
    if status == NONE:
        message = say("step “{step}” cannot come first", step=known)
    else:
        message = say("step “{step}” cannot follow status “{status}”", step=known,
                      status=flow.statuses.get(status, status))  # fmt: skip
    return Problem(
        code="step-not-allowed",
        message=message,
        fix=say("steps possible here: {possible}", possible=possible),
        record=record.id,
        file=record.file,
        where=("steps", index),
    )
