"""The chain of steps: does the flow allow them, were their actors entitled, and is the text still the one they saw?"""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.errors import Problem, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import authority, flow


def steps_follow_the_flow(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report steps that the flow does not allow."""
    own = snapshot.flow(record)
    if own is not None:
        yield from flow.replay(record, own).problems


def actors_were_entitled(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report steps taken by somebody who did not hold the post on that day."""
    own = snapshot.flow(record)
    if own is not None:
        yield from authority.judge(record, own, snapshot)


def text_is_the_approved_one(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report a body that differs from what was submitted or approved since it was last open for editing."""
    own = snapshot.flow(record)
    if own is None:
        return
    vouching = {id(taken.step) for taken in _vouching(record, snapshot)}
    for index, step in enumerate(record.steps):
        if id(step) in vouching and step.content and step.content != record.content:
            yield Problem(
                code="content-changed",
                message=say(
                    "the text was changed after the step “{step}” of {day}: nobody approved what it says now",
                    step=step.step,
                    day=step.day.isoformat(),
                ),
                fix=say("Restore the text of that day; to change it, use `schoolpub return` or `schoolpub correct`."),
                record=record.id,
                file=record.file,
                where=("steps", index, "content"),
            )
            return


def _vouching(record: Record, snapshot: Snapshot) -> tuple[flow.Taken, ...]:
    own = snapshot.flow(record)
    return flow.replay(record, own).round if own else ()
