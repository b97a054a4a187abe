"""Judgements of the steps of an accountability case (问责) and of the appeal against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from schoolpub.errors import StepRefused, Text, say
from schoolpub.model.record import Step
from schoolpub.rules.chain import flow
from schoolpub.rules.ledgers.moment import Moment

NOTICE = "accountability-notice"
OUTCOMES = ("维持", "变更", "撤销")
REVOKED = OUTCOMES[-1]
_OVER = frozenset({"closed", "dropped", "void"})
TO_APPEAL = timedelta(30)
"""Days after the decision in which one may ask for its review."""
TO_ANSWER = timedelta(30)
"""Days after the appeal in which it is answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Which of the two times of an appeal runs: to file it, or, once it is filed, to answer it."""

    filed: date | None
    until: date


def appeal_of(played: flow.Replay) -> Appeal | None:
    """Return the time that was given last; None before the decision, after an answer, and once the case is over."""
    decided, filed = played.last("decide"), played.last("appeal")
    if decided is None or played.status in _OVER:
        return None
    if filed is None:
        return Appeal(filed=None, until=decided.day + TO_APPEAL)
    return Appeal(filed=filed.day, until=filed.day + TO_ANSWER) if _waits(played) else None


def known_measure(moment: Moment) -> StepRefused | None:
    """Refuse a measure that the school's ladder does not have; the ladder is that of the notice in the catalogue."""
    item = moment.snapshot.catalogues[moment.record.catalogue].items.get(NOTICE)
    ladder = item.fields["measure"].choices if item is not None and "measure" in item.fields else ()
    if not ladder or moment.said("measure") in ladder:
        return None
    return _refused(
        moment,
        say("“{measure}” is none of the measures that the school may take.", measure=moment.said("measure")),
        say("write one of: {names}", names="、".join(ladder)),
    )


def notice_posted(moment: Moment) -> StepRefused | None:
    """Refuse to call a case disclosed whose masked notice does not hang."""
    told = moment.named("record")
    if told is not None and told.item == NOTICE and moment.status_of(told) in flow.PUBLIC_STATUSES:
        return None
    return _refused(
        moment,
        say("“{id}” is no posted notice of an accountability case.", id=moment.said("record")),
        say("draft one that names nobody with `schoolpub add accountability-notice`, and take it to its posting"),
    )


def in_time_to_appeal(moment: Moment) -> StepRefused | None:
    """Refuse an appeal while one is open, or after the time for it."""
    if (pending := _pending(moment)) is not None:
        return _refused(
            moment,
            say("the appeal of {day} is not decided yet.", day=pending.day.isoformat()),
            say("decide it first: `schoolpub do {id} answer-appeal`", id=moment.record.id),
        )
    last = _decided(moment) + TO_APPEAL
    if moment.day <= last:
        return None
    return _refused(
        moment,
        say("the time to appeal ended on {day}.", day=last.isoformat()),
        say("write the day on which it was filed, if it was in time: `--on DATE`"),
    )


def appeal_answered(moment: Moment) -> StepRefused | None:
    """Refuse an answer to no appeal, or in other words than the three."""
    if _pending(moment) is None:
        return _refused(
            moment,
            say("there is no open appeal."),
            say("enter it first: `schoolpub do {id} appeal`", id=moment.record.id),
        )
    if moment.said("outcome") in OUTCOMES:
        return None
    return _refused(
        moment,
        say("“{outcome}” is no outcome of an appeal.", outcome=moment.said("outcome")),
        say("write one of: {names}", names="、".join(OUTCOMES)),
    )


def was_revoked(moment: Moment) -> StepRefused | None:
    """Refuse to drop a case that was decided, unless the decision was revoked on appeal."""
    answered = moment.played.last("answer-appeal")
    if answered is not None and answered.said("outcome") == REVOKED:
        return None
    return _refused(
        moment,
        say("it is decided, and the decision stands."),
        say("go on: `schoolpub show {id}`; only a decision that was revoked is dropped", id=moment.record.id),
    )


def corrected(moment: Moment) -> StepRefused | None:
    """Refuse a correction that is not public on the same board: a notice of its own, or a new edition of the first."""
    told, first = moment.named("record"), _first_notice(moment)
    public = told is not None and told.item == NOTICE and moment.status_of(told) in flow.PUBLIC_STATUSES
    if told is not None and public and told.id != first:
        return None
    return _refused(
        moment,
        say("“{id}” is no posted correction of the notice.", id=moment.said("record")),
        say("`schoolpub correct {notice} --reason TEXT` opens it; take it to its posting", notice=first or "ID"),
    )


def case_settled(moment: Moment) -> StepRefused | None:
    """Refuse to close a case while an appeal is open or possible, or one revoked without a correction."""
    if (pending := _pending(moment)) is not None:
        return _refused(
            moment,
            say("the appeal is not decided yet; it is due by {day}.", day=(pending.day + TO_ANSWER).isoformat()),
            say("decide it first: `schoolpub do {id} answer-appeal`", id=moment.record.id),
        )
    answered, last = moment.played.last("answer-appeal"), _decided(moment) + TO_APPEAL
    if answered is None and moment.day <= last:
        return _refused(
            moment,
            say("the decision may still be appealed against, until {day}.", day=last.isoformat()),
            say("close the case after that day"),
        )
    if answered is None or answered.said("outcome") != REVOKED or moment.index("correct-notice") > -1:
        return None
    if not _first_notice(moment):
        return None
    return _refused(
        moment,
        say("the decision was revoked, and its notice is not corrected in public yet."),
        say("post the correction, then `schoolpub do {id} correct-notice --set record=…`", id=moment.record.id),
    )


def _pending(moment: Moment) -> Step | None:
    """Return the appeal that is not answered."""
    return moment.played.last("appeal") if _waits(moment.played) else None


def _waits(played: flow.Replay) -> bool:
    """Return whether an appeal was filed that nobody answered."""
    last = next((t.step.step for t in reversed(played.taken) if t.step.step in ("appeal", "answer-appeal")), "")
    return last == "appeal"


def _decided(moment: Moment) -> date:
    step = moment.played.last("decide")
    return step.day if step is not None else moment.day


def _first_notice(moment: Moment) -> str:
    told = moment.played.last("disclose")
    return told.said("record") if told is not None else ""


def _refused(moment: Moment, message: Text, fix: Text) -> StepRefused:
    return StepRefused(say("{id}: {reason}", id=moment.record.id, reason=message), fix=fix)
