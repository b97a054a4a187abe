"""Notice periods (公示期): is the printed range as long as the catalogue asks?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.editions import superseded
from schoolpub.rules.chain.flow import POSTED_STATUSES, status
from schoolpub.rules.clock.deadlines import notice_of
from schoolpub.rules.clock.notice_periods import NoticePeriod
from schoolpub.rules.clock.proofs import hung


def notice_is_long_enough(record: Record, snapshot: Snapshot, today: date) -> Iterator[Problem]:
    """Report a notice period that is too short, with the earliest lawful end.

    One that was long enough, but whose first days went by before the sheet hung, is a warning until it is posted.
    """
    item = snapshot.item(record)
    # A later edition with another end has mended what was too short.
    if item is None or item.notice is None or record.zero or superseded(snapshot, record):
        return
    period = notice_of(record, item, snapshot)
    if period is None or isinstance(record.fields.get(item.notice.range), str):
        return  # no period, or one day where two belong: the value itself is told already
    where: Where = ("fields", item.notice.range, "to") if item.notice.range else ("fields", item.notice.last)
    if period.last is None:
        yield from _without_an_end(record, item, period)
        return
    if period.last < period.first:
        return
    if not period.enough:
        unit = say("working days") if period.unit == "wd" else say("days")
        message = say(
            "the notice period from {first} to {last} has {counted} {unit}, required are {required}",
            first=period.first.isoformat(),
            last=period.last.isoformat(),
            counted=period.counted,
            unit=unit,
            required=period.required,
        )
        since = hung(record, item, snapshot)
        if since is not None and since > period.first:
            message = say("the sheet hung from {day} on only: {message}", day=since.isoformat(), message=message)
        yield _problem(record, message, period, where, period.level or Level.ERROR)
    elif today >= period.first and status(snapshot, record) not in POSTED_STATUSES:
        late = notice_of(record, item, snapshot, posted=today)
        if late is not None and not late.enough:
            message = say(
                "the notice period began on {first}, but the notice is not posted yet; it is too short by now",
                first=period.first.isoformat(),
            )
            yield _problem(record, message, late, where, Level.WARNING)


def _without_an_end(record: Record, item: Item, period: NoticePeriod) -> Iterator[Problem]:
    """Report a period that never ends: nothing could follow it, and its lists would stay for ever."""
    assert item.notice is not None
    last = item.notice.range or item.notice.last
    if last in item.fields and not (item.notice.range or item.fields[last].optional):
        return  # a field that must be there is missed already
    message = say("the notice period from {first} on has no end", first=period.first.isoformat())
    yield _problem(record, message, period, ("fields", last), Level.ERROR)


def _problem(record: Record, message: Text, period: NoticePeriod, where: Where, level: Level) -> Problem:
    return Problem(
        code="notice-too-short",
        message=message,
        fix=say("Let it end on {earliest} or later ({rule}).", earliest=period.earliest.isoformat(), rule=period.rule),
        level=level,
        record=record.id,
        file=record.file,
        where=where,
        field=".".join(map(str, where[1:])),
    )
