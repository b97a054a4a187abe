"""Named checks that hold a record against others: its project, its title, last year's things, the year's count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from schoolpub.errors import Level, say
from schoolpub.model.record import Record
from schoolpub.rules.chain import flow
from schoolpub.rules.clock.notice_periods import notice_of
from schoolpub.rules.judge.finding import Finding, number
from schoolpub.rules.judge.scope import RecordScope
from schoolpub.rules.tolerance import figure, scale
from schoolpub.rules.values import Number


def same_project(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Hold a contract against the result of its project: not above its amount, not inside its notice period.

    *fields* are the project number, the amount, the day of signing, and the reference to the result; where that one is
    given, its own rules judge.
    """
    project, amount, signed, award = fields
    items = scope.item.fields[award].to if scope.outside and not scope.values.get(award) else ()
    results = [found for item in items for found in _with_same(scope, project, item)]
    own, day = number(scope, amount), scope.values.get(signed) or scope.record.date
    if not results:
        return
    awards = {record.id: sum_ for record, other in results if (sum_ := number(other, amount)) is not None}
    if own is not None and awards and own > max(awards.values()):
        best = max(awards, key=lambda record_id: awards[record_id])
        unit = scope.unit((amount,))
        size = scale(unit)
        message = say(
            "{left} = {a} is more than {right} = {b}, by {difference}",
            left=scope.item.fields[amount].name,
            a=figure(own / size, unit),
            right=_called(scope, best, amount),
            b=figure(awards[best] / size, unit),
            difference=figure((own - awards[best]) / size, unit),
        )
        yield Finding(message, ("fields", amount))
    if isinstance(day, date):
        yield from _inside_notice(scope, [record for record, _ in results], signed, day)


def _inside_notice(scope: RecordScope, results: list[Record], signed: str, day: date) -> Iterator[Finding]:
    snapshot = scope.known.snapshot
    for record in results:
        item = snapshot.item(record)
        period = notice_of(record, item, snapshot) if item else None
        if period is not None and period.last is not None and day <= period.last:
            message = say(
                "{later} on {day} lies before {earlier} on {before}",
                later=scope.item.fields[signed].name,
                day=day.isoformat(),
                earlier=_called(scope, record.id, item.notice.last if item and item.notice else ""),
                before=period.last.isoformat(),
            )
            yield Finding(message, ("fields", signed) if signed in scope.values else ("date",))
            return


def _called(scope: RecordScope, record_id: str, key: str) -> str:
    """Return what a field of another record is called: 采购结果公示 procurement-result-…·成交金额."""
    record = scope.known.current(record_id)
    item = scope.known.snapshot.item(record) if record else None
    field = item.fields.get(key) if item else None
    return f"{item.name if item else ''} {record_id}" + (f"·{field.name}" if field else "")


def project_repeats(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Warn of another record of the item with the same project number that neither supplements the other."""
    if not scope.outside:
        return
    for record, _ in _with_same(scope, fields[0], scope.record.item):
        if scope.record.base in _amended(record) or record.base in _amended(scope.record):
            continue
        message = say("{other} says the same {name}: {value}", other=record.id, name=scope.item.fields[fields[0]].name,
                      value=str(scope.values[fields[0]]))  # fmt: skip
        yield Finding(message, ("fields", fields[0]), Level.WARNING)
        return


def _amended(record: Record) -> str:
    amends = record.body.get("amends")
    return amends if isinstance(amends, str) else ""


def _with_same(scope: RecordScope, key: str, item: str) -> list[tuple[Record, RecordScope]]:
    """Return the records of *item* that say the same under *key*."""
    wanted = scope.values.get(key)
    if not isinstance(wanted, str) or not wanted:
        return []
    others = ((r, scope.of(r)) for r in scope.known.of_item(item) if r.base != scope.record.base)
    return [(record, other) for record, other in others if other is not None and other.values.get(key) == wanted]


def title_repeats(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Report a rule whose title another one bears, and that does not say that it takes its place.

    *fields* are the reference to the rule that is replaced.
    """
    if not scope.outside or scope.values.get(fields[0]):
        return
    for record in scope.known.of_item(scope.record.item):
        replaced = record.fields.get(fields[0])
        if record.base == scope.record.base or _bare(record.title) != _bare(scope.record.title):
            continue
        if isinstance(replaced, str) and replaced.startswith(scope.record.base):
            continue
        message = say("{other} has the same title: does this one take its place?", other=record.id)
        yield Finding(message, ("fields", fields[0]))
        return


def _bare(title: str) -> str:
    return "".join(c for c in title if c.isalnum())


def assets_accounted(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Report things of the list before that are neither listed now nor were disposed of.

    *fields* are the columns that identify a thing, name it and tell its value (`assets.no`, `assets.name`,
    `assets.value`), then the table of disposals.
    """
    listed = fields[0].partition(".")[0]
    key, name, value = (field.partition(".")[2] for field in fields[:3])
    disposed = fields[3]
    before = scope.before if scope.outside and scope.values.get(listed) else None
    if before is None:
        return
    year = scope.record.year
    ended = [o for r in scope.known.of_item(scope.record.item) if r.year == year and (o := scope.of(r)) is not None]
    known = {_thing(line.cells, key, name) for table in (listed, disposed) for line in scope.lines(table)}
    known |= {_thing(line.cells, key, name) for other in ended for line in other.lines(disposed)}
    for line in before.lines(listed):
        thing, worth = _thing(line.cells, key, name), line.cells.get(value)
        if thing and thing not in known:
            message = say(
                "{table}: the row {row} of {record}, with {amount}, is missing here",
                table=scope.item.fields[listed].name,
                row=thing,
                record=before.record.id,
                amount=figure(worth.amount, worth.unit) if isinstance(worth, Number) else "-",
            )
            yield Finding(message, ("fields", listed))


def _thing(cells: object, key: str, name: str) -> str:
    assert hasattr(cells, "get")
    return str(cells.get(key) or cells.get(name) or "")


def records_counted(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Warn of a total that is not the number of records that were posted in the period."""
    printed, period, snapshot = number(scope, fields[0]), scope.record.period, scope.known.snapshot
    if not scope.outside or printed is None or period is None:
        return
    posted = set()
    for record in snapshot.records.values():
        own = snapshot.flow(record)
        post = flow.replay(record, own).last("post") if own else None
        if post is not None and period.first <= post.day <= period.last:
            posted.add(record.base)
    if posted and printed != len(posted):
        message = say(
            "{left} = {a}, but {right} = {b}; difference {difference}",
            left="已公开的记录",
            a=figure(Decimal(len(posted))),
            right=scope.item.fields[fields[0]].name,
            b=figure(printed),
            difference=figure(len(posted) - printed),
        )
        yield Finding(message, ("fields", fields[0]), Level.WARNING)
