"""The conditions of a step, judged again over the records as they stood: what is refused is no permitted act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schoolpub.errors import StepRefused, Text, say
from schoolpub.model.catalogue import FlowStep
from schoolpub.model.record import Record, Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import conditions, flow
from schoolpub.rules.history.facts import Deed, Standing
from schoolpub.rules.judge.results import follows_a_notice, hold
from schoolpub.rules.ledgers.moment import Moment


def unmet(
    step: Step, line: FlowStep, played: flow.Replay, so_far: Record, deed: Deed, standing: Standing, snapshot: Snapshot
) -> Iterator[tuple[str, Text]]:
    """Yield why *step* could not be taken by *line* upon *so_far*: its flow's conditions, and a notice period that ran.

    What one act did to several records may count for each other: before it or after it the condition must hold.
    """
    concluding = (line.signs_off or step.step == "post") and follows_a_notice(snapshot.item(so_far))
    if not (line.checks or concluding):
        return
    before, after = _as_stood(deed, standing, snapshot)
    if line.checks:
        refusals = [_refusal(step, line, played, so_far, then) for then in (before, after)]
        if refusals[0] is not None and refusals[1] is not None:
            yield "step-not-allowed", refusals[0].message
    if concluding and (held := hold(so_far, before, step.day)) is not None:
        yield (
            "step-not-allowed",
            say("on {day} it could not be decided before {allowed}: a notice period or its own date was to come",
                day=step.day.isoformat(), allowed=held.allowed.isoformat()),
        )  # fmt: skip


def _as_stood(deed: Deed, standing: Standing, snapshot: Snapshot) -> tuple[Snapshot, Snapshot]:
    acted = {touched.after.id: touched.after.record for touched in deed.records if touched.after is not None}
    later = {key: record for key, record in acted.items() if record is not None}
    before = standing.as_stood(snapshot)
    return before, replace(before, records={**before.records, **later})


def _refusal(step: Step, line: FlowStep, played: flow.Replay, so_far: Record, then: Snapshot) -> StepRefused | None:
    moment = Moment(snapshot=then, record=so_far, played=played, says=step.says, day=step.day)
    try:
        conditions.judge(line.checks, moment)
    except StepRefused as refusal:
        return refusal
    return None
