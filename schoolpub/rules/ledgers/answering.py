"""What must hold before a step on a matter that somebody brought up: who answers, what is said, when it may be closed.

One rule stands behind them: a matter ends with a public reply, and with what the reply promised.
"""

from __future__ import annotations

from collections.abc import Sequence

from schoolpub.errors import StepRefused, Text, say
from schoolpub.model.record import Record, base_id
from schoolpub.rules.chain import flow
from schoolpub.rules.ledgers.around import around, mentions
from schoolpub.rules.ledgers.findings import Finding, taken_up
from schoolpub.rules.ledgers.moment import Moment
from schoolpub.rules.ledgers.receipts import receipt_of
from schoolpub.rules.ledgers.rectification import is_rectification

RATINGS = ("满意", "基本满意", "不满意")
DISSATISFIED = RATINGS[-1]
DECISIONS = ("公开", "部分", "不公开")
ROUNDS = 2
"""Answers that are given before the supervision group looks into it."""

_DONE = ("accepted", "republished", "tracked", "closed")
_CLOSED = "closed"
_VOID = "void"


def known_department(moment: Moment) -> StepRefused | None:
    """Refuse a department that the school does not have."""
    known = moment.snapshot.school.departments
    wanted = moment.said("department")
    if not known or wanted in known:
        return None
    return _refused(
        moment,
        say("the school has no department “{department}”.", department=wanted),
        say("write one of: {names}", names="、".join(known)),
    )


def extended_once(moment: Moment) -> StepRefused | None:
    """Refuse a second extension in the same round."""
    if moment.index("extend") <= max(moment.index("rate"), -1):
        return None
    step = moment.played.taken[moment.index("extend")].step
    return _refused(
        moment,
        say("it was extended on {day} already, and once is all.", day=step.day.isoformat()),
        say("answer in time; what comes next: `schoolpub feedback show {id}`", id=moment.record.id),
    )


def decision(moment: Moment) -> StepRefused | None:
    """Refuse an answer to a request that does not say whether it is disclosed, or not why it is not."""
    said = moment.said("decision")
    if said not in DECISIONS:
        return _refused(
            moment,
            say("“{decision}” is no decision.", decision=said),
            say("write one of: {names}", names="、".join(DECISIONS)),
        )
    if said != DECISIONS[0] and not moment.said("reason"):
        return _refused(
            moment,
            say("whoever discloses in part or not at all says why."),
            say("add the reason: --reason TEXT"),
        )
    return None


def known_answer(moment: Moment) -> StepRefused | None:
    """Refuse a reference to an answer that is no disclosed record."""
    if not moment.said("answer"):
        return None
    found = moment.named("answer")
    if found is not None and moment.status_of(found) in flow.PUBLIC_STATUSES:
        return None
    return _no_record(moment, "answer", say("a record that is disclosed"))


def rating(moment: Moment) -> StepRefused | None:
    """Refuse a rating in other words than the three."""
    if moment.said("rating") in RATINGS:
        return None
    return _refused(
        moment,
        say("“{rating}” is no rating.", rating=moment.said("rating")),
        say("write one of: {names}", names="、".join(RATINGS)),
    )


def one_more_round(moment: Moment) -> StepRefused | None:
    """Refuse a third answer after two that did not satisfy: the supervision group looks into it first."""
    if len(_complaints(moment)) < ROUNDS or moment.index("review") > _complaints(moment)[-1]:
        return None
    return _refused(
        moment,
        say("two answers did not satisfy; now the supervision group looks into it."),
        say("`schoolpub feedback review {id} --opinion …`, by the supervision group", id=moment.record.id),
    )


def dissatisfied(moment: Moment) -> StepRefused | None:
    """Refuse a review that nobody's dissatisfaction asks for."""
    if _complaints(moment):
        return None
    return _refused(
        moment,
        say("nobody rated the answer as {rating}; there is nothing to review.", rating=DISSATISFIED),
        say("first `schoolpub feedback rate {id} …`, if that is what was said", id=moment.record.id),
    )


def merged_elsewhere(moment: Moment) -> StepRefused | None:
    """Refuse merging into nothing, into itself, or into what was merged or given up itself."""
    into = moment.named("into")
    same_kind = into is not None and moment.snapshot.item(into) is not None and into.item == moment.record.item
    if into is None or not same_kind or into.id == moment.record.id:
        return _no_record(moment, "into", say("another record of the same ledger item"))
    if moment.status_of(into) in ("merged", _VOID):
        return _refused(
            moment,
            say("{into} was itself merged or given up.", into=into.id),
            say("name the record that is still being dealt with: `schoolpub show {into}`", into=into.id),
        )
    return None


def known_rectification(moment: Moment) -> StepRefused | None:
    """Refuse a rectification that does not exist, or is over: nothing would be put right any more."""
    found = moment.named("rectification")
    if found is None or not is_rectification(moment.snapshot, found) or moment.status_of(found) == _VOID:
        return _no_record(moment, "rectification", say("a record of the ledger of rectifications"), _to_one(moment))
    if moment.status_of(found) != _CLOSED:
        return None
    return _refused(moment, say("{rectification} is closed already.", rectification=found.id), _to_one(moment))


def rechecked(moment: Moment) -> StepRefused | None:
    """Refuse to call checked what is still being put right."""
    unfinished = [record for record in _promised(moment) if moment.status_of(record) not in _DONE]
    return _unfinished(moment, unfinished)


def result_posted(moment: Moment) -> StepRefused | None:
    """Refuse a publication of the result that is not public, or that has nothing to do with the matter."""
    found = moment.named("record")
    if found is None or moment.status_of(found) not in flow.PUBLIC_STATUSES:
        return _no_record(moment, "record", say("the posted record that tells the result"), _to_result(moment))
    if _concerns(moment, found):
        return None
    return _refused(moment, say("{record} does not concern this matter.", record=found.id), _to_result(moment))


def answered(moment: Moment) -> StepRefused | None:
    """Refuse to close what nobody was answered."""
    last = moment.index("reply")
    if last > -1 and last > _last_complaint(moment):
        return None
    if moment.index("review") > _last_complaint(moment) > -1:
        return None
    again = last > -1
    if (stop := one_more_round(moment)) is not None:
        return stop  # another answer would be refused in turn
    return _refused(
        moment,
        say("there is no new answer after the rating {rating}.", rating=DISSATISFIED)
        if again
        else say("there is no public reply yet."),
        say("first `schoolpub feedback reply {id} --text …`", id=moment.record.id),
    )


def rectified(moment: Moment) -> StepRefused | None:
    """Refuse to close while a rectification that was promised is not closed."""
    unfinished = [record for record in _promised(moment) if moment.status_of(record) != _CLOSED]
    return _unfinished(moment, unfinished)


def satisfied(moment: Moment) -> StepRefused | None:
    """Refuse to close after two dissatisfied ratings without a review."""
    if len(_complaints(moment)) < ROUNDS or moment.index("review") > _last_complaint(moment):
        return None
    return one_more_round(moment)


def _complaints(moment: Moment) -> list[int]:
    """Return the places of the ratings that were dissatisfied."""
    return [
        i
        for i, taken in enumerate(moment.played.taken)
        if taken.step.step == "rate" and taken.step.said("rating") == DISSATISFIED
    ]


def _last_complaint(moment: Moment) -> int:
    return max(_complaints(moment), default=-1)


def _promised(moment: Moment) -> list[Record]:
    """Return the rectifications that the steps promised; one that was given up counts until another takes its place."""
    named = [t.step.said("rectification") for t in moment.played.taken if t.step.said("rectification")]
    records = (moment.snapshot.records.get(record_id) for record_id in dict.fromkeys(named))
    found = [record for record in records if record is not None]
    return [record for record in found if moment.status_of(record) != _VOID] or found[-1:]


def _concerns(moment: Moment, told: Record) -> bool:
    """Return whether *told* has to do with the matter: it tells what was put right, answers it, or names it."""
    matter = moment.record
    results = {one.base for one in around(moment.snapshot, matter.id).results}
    answers = {base_id(taken.step.said("answer")) for taken in moment.played.taken}
    if told.base in results | answers or any(mentions(told, name) for name in (matter.base, receipt_of(matter))):
        return True
    about, own = matter.fields.get("about"), moment.snapshot.flow(told)
    post = flow.replay(told, own).last("post") if own else None
    again = post is not None and matter.date is not None and post.day >= matter.date
    return again and isinstance(about, str) and told.base == base_id(about)  # posted anew, as a new edition


def _to_one(moment: Moment) -> Text:
    """Return how a rectification of this matter comes about: a new one, or the one that it led to already."""
    own = taken_up(moment.snapshot, Finding(record=moment.record, source=""))
    if own is None:
        return say("open one: `schoolpub rectify add --from {id}`", id=moment.record.id)
    if moment.status_of(own) == _CLOSED:
        return say("what went wrong again: `schoolpub rectify reopen {rectification}`", rectification=own.id)
    return say("name the one that it led to: {rectification}", rectification=own.id)


def _to_result(moment: Moment) -> Text:
    """Return how a record that tells the result comes about."""
    promised = _promised(moment)
    if promised:
        return say("`schoolpub rectify publish {id}` drafts it; take it to its posting", id=promised[-1].id)
    return say(
        "name the record that answers it: `schoolpub feedback reply {id} --text … --answer RECORD`, "
        "or one whose text names {receipt}",
        id=moment.record.id,
        receipt=receipt_of(moment.record) or moment.record.id,
    )


def _unfinished(moment: Moment, records: Sequence[Record]) -> StepRefused | None:
    if not records:
        return None
    catalogue = moment.snapshot.catalogues[records[0].catalogue]
    status = moment.status_of(records[0])
    return _refused(
        moment,
        say(
            "the promised rectification {rectification} is “{status}”.",
            rectification=records[0].id,
            status=catalogue.statuses.get(status, status),
        ),
        say("open another: `schoolpub rectify add --from {id}`", id=moment.record.id)
        if status == _VOID
        else say("go on with it first: `schoolpub show {rectification}`", rectification=records[0].id),
    )


def _no_record(moment: Moment, key: str, wanted: Text, way: Text | None = None) -> StepRefused:
    return _refused(
        moment,
        say("“{id}” is not {wanted}.", id=moment.said(key) or "-", wanted=wanted),
        way or say("give its whole id; `schoolpub list` shows all ids"),
    )


def _refused(moment: Moment, message: Text, fix: Text) -> StepRefused:
    return StepRefused(say("{id}: {reason}", id=moment.record.id, reason=message), fix=fix)
