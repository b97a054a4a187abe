"""Judgements of the steps of a rectification: what is planned, until when, what tells the result, when it is closed."""

from __future__ import annotations

from datetime import date

from schoolpub.errors import StepRefused, Text, say
from schoolpub.rules.chain import flow
from schoolpub.rules.ledgers.around import around
from schoolpub.rules.ledgers.moment import Moment
from schoolpub.rules.ledgers.rectification import RESULT, lacking


def measures_known(moment: Moment) -> StepRefused | None:
    """Refuse a plan without measures."""
    if moment.said("measures") or moment.record.fields.get("measures"):
        return None
    return _refused(
        moment,
        say("no measures are named."),
        say("`schoolpub rectify plan {id} --measures TEXT`", id=moment.record.id),
    )


def later_date(moment: Moment) -> StepRefused | None:
    """Refuse a new due date that is none, or lies behind."""
    try:
        if date.fromisoformat(moment.said("until")) > moment.day:
            return None
    except ValueError:
        return _refused(
            moment, say("“{text}” is no date.", text=moment.said("until")), say("write it as 2026-12-15: --until DATE")
        )
    return _refused(
        moment,
        say("the new due date {day} does not lie ahead.", day=moment.said("until")),
        say("write a later day: --until DATE"),
    )


def result_told(moment: Moment) -> StepRefused | None:
    """Refuse to call the result published before a disclosure of its own tells it, and is public."""
    told = moment.named("record")
    if told is None or told.item != RESULT:
        return _refused(
            moment,
            say("“{id}” is no disclosure of a rectification's result.", id=moment.said("record")),
            say("`schoolpub rectify publish {id}` drafts the disclosure of the result", id=moment.record.id),
        )
    if told.base not in {record.base for record in around(moment.snapshot, moment.record.id).results}:
        return _refused(
            moment,
            say("{result} does not name this rectification as its source.", result=told.id),
            say("its field 来源 must name {id}: `schoolpub rectify publish {id}` writes it so", id=moment.record.id),
        )
    if moment.status_of(told) not in flow.PUBLIC_STATUSES:
        return _refused(
            moment,
            say("{result} is not public yet.", result=told.id),
            say("take {result} to its posting first: `schoolpub show {result}`", result=told.id),
        )
    return None


def put_right(moment: Moment) -> StepRefused | None:
    """Refuse to close before the result was published and opinions were collected again."""
    missing = lacking(moment.snapshot, moment.record, moment.day)
    return None if missing is None else _refused(moment, say("{reason}.", reason=missing.why), missing.way)


def _refused(moment: Moment, message: Text, fix: Text) -> StepRefused:
    return StepRefused(say("{id}: {reason}", id=moment.record.id, reason=message), fix=fix)
