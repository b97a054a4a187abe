"""Matters in the ledgers: no step that a judgement would have refused, no receipt number given twice."""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.errors import Level, Problem, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import conditions, flow
from schoolpub.rules.ledgers.moment import Moment
from schoolpub.rules.ledgers.receipts import receipt_of


def steps_met_their_conditions(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report steps that the tool would have refused, as far as the record alone tells: closed without an answer."""
    own = snapshot.flow(record)
    if own is None or not any(line.checks for line in own.steps):
        return
    index_of = {id(step): index for index, step in enumerate(record.steps)}
    taken = flow.replay(record, own).taken
    for count, one in enumerate(taken):
        moment = Moment(
            snapshot=snapshot, record=record, played=flow.Replay(one.before, taken[:count]), says=one.step.says,
            day=one.step.day,
        )  # fmt: skip
        refusal = conditions.refusal_of_its_own(one.line.checks, moment)
        if refusal is not None:
            yield Problem(
                code="step-condition",
                message=say("step “{step}”: {reason}", step=one.line.name, reason=refusal.message),
                fix=say("take the step that is lacking, or have the office put it right with `schoolpub remark`"),
                record=record.id,
                file=record.file,
                where=("steps", index_of[id(one.step)]),
            )


def it_came_before_it_was_entered(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report a matter, or the opening of a box, on a day that had not come when it was entered."""
    item = snapshot.item(record)
    if item is None or item.ledger != "feedback" or record.date is None or not record.steps:
        return
    if record.date > record.steps[0].at.date():
        yield Problem(
            code="date-ahead",
            message=say("{day} had not come when it was entered", day=record.date.isoformat()),
            fix=say("write the day on which it happened"),
            record=record.id,
            file=record.file,
            where=("date",),
            field="date",
        )


def receipts_are_given_once(snapshot: Snapshot) -> Iterator[Problem]:
    """Report receipt numbers that two matters bear: two machines registered at the same time."""
    holder: dict[str, str] = {}
    for record in snapshot.records.values():
        number = receipt_of(record)
        if number and number in holder:
            yield Problem(
                code="receipt-repeated",
                level=Level.WARNING,
                message=say("the receipt number {number} is also that of {other}", number=number, other=holder[number]),
                fix=say("tell them apart by their ids, and say so in a remark"),
                record=record.id,
                file=record.file,
            )
        holder.setdefault(number, record.id)
