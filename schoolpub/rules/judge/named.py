"""Checks that an expression cannot say; a rule asks for one by its name, with the fields that it looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from schoolpub.errors import Level, say
from schoolpub.rules.chain.flow import PUBLIC_STATUSES, status
from schoolpub.rules.judge import named_counts, named_records
from schoolpub.rules.judge.finding import Finding
from schoolpub.rules.judge.finding import number as _number
from schoolpub.rules.judge.results import lasts_until
from schoolpub.rules.judge.scope import RecordScope
from schoolpub.rules.tolerance import figure
from schoolpub.rules.values import Value, Votes

WINDOW = timedelta(30)
"""Payments this close to each other may be one payment that was split."""


def votes_majority(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Report a vote that did not pass.

    *fields* are a vote; or those entitled, those present and those in favour: two thirds must be present, and more
    than half of those entitled must be in favour.
    """
    if len(fields) == 1:
        yield from _simple_majority(scope, fields[0])
        return
    entitled, present, agree = (_number(scope, name) for name in (*fields, "", "", "")[:3])
    if entitled is None:
        return
    if present is not None and present * 3 < entitled * 2:
        message = say(
            "{present} of {entitled} were present, fewer than two thirds",
            present=figure(present), entitled=figure(entitled),
        )  # fmt: skip
        yield Finding(message, ("fields", fields[1].split(".")[0]))
    if agree is not None and agree * 2 <= entitled:
        message = say(
            "{agree} of {entitled} were in favour, not more than half", agree=figure(agree), entitled=figure(entitled)
        )
        yield Finding(message, ("fields", fields[2].split(".")[0]))


def _simple_majority(scope: RecordScope, name: str) -> Iterator[Finding]:
    votes = scope.find(tuple(name.split(".")))
    if not isinstance(votes, Votes) or votes.agree is None:
        return
    cast = votes.agree + (votes.against or 0) + (votes.abstain or 0)
    if votes.agree * 2 <= cast:
        message = say("{agree} of {cast} votes were in favour, not more than half", agree=votes.agree, cast=cast)
        yield Finding(message, ("fields", name.split(".")[0]))


def split_spending(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Warn of payments below the large sum that together reach it.

    *fields* are the amount, then what makes payments belong together (payee, purpose), in this order.  Payments belong
    together when one of these is the same and they lie within 30 days.
    """
    large = scope.known.snapshot.school.large_sum
    amount, day = _number(scope, fields[0]) if fields else None, _day(scope)
    if not scope.outside or amount is None or day is None or not 0 < amount < large:
        return
    for name in fields[1:]:
        wanted = scope.resolve((name,))
        if not isinstance(wanted, str) or not wanted:
            continue
        others = _near(scope, fields[0], name, wanted, day)
        total = amount + sum(others.values())
        if others and total >= large:
            message = say(
                "{records} and this one have the same {field} within 30 days; each is below {large}, together they are "
                "{total}: was one payment split?",
                records="、".join(others),
                field=scope.item.fields[name].name,
                large=figure(large, "元"),
                total=figure(total, "元"),
            )
            yield Finding(message, ("fields", fields[0]), Level.WARNING)


def _near(scope: RecordScope, amount: str, name: str, wanted: str, day: date) -> Mapping[str, Decimal]:
    """Return the records of the same item near *day* that say *wanted* under *name*, with their amounts."""
    found = {}
    for record in scope.known.of_item(scope.record.item):
        if record.base == scope.record.base or (other := scope.of(record)) is None:
            continue
        other_day, sum_paid = _day(other), _number(other, amount)
        if other_day is None or sum_paid is None or abs(other_day - day) > WINDOW or other.resolve((name,)) != wanted:
            continue
        if 0 < sum_paid < scope.known.snapshot.school.large_sum:
            found[record.id] = sum_paid
    return found


def unique_rows(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Report values that stand more than once in a column (`table.column`) where each should be another."""
    for name in fields:
        table, _, column = name.partition(".")
        seen: Counter[str] = Counter()
        for line in scope.lines(table):
            value = line.cells.get(column)
            if not isinstance(value, str):
                continue
            seen[value] += 1
            if seen[value] == 2:
                message = say("{value} stands in {table} more than once", value=value, table=line.field.name)
                yield Finding(message, (*line.where, column))


def after_notice(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Report a result that comes before the notice period of the record that it follows is over.

    *fields* are the reference to that record, then the dates that must lie behind the period; without one of these it
    is the record's own date.  A period that was too short lasts until its earliest lawful end.
    """
    snapshot = scope.known.snapshot
    wanted = scope.record.fields.get(fields[0]) if fields and scope.outside else None
    notice = scope.known.current(wanted) if isinstance(wanted, str) else None
    item = snapshot.item(notice) if notice else None
    if notice is None or item is None or item.notice is None:
        return
    if status(snapshot, notice) not in PUBLIC_STATUSES:
        message = say("{id} is not posted, so its notice period has not begun", id=notice.id)
        yield Finding(message, ("fields", fields[0]))
        return
    until = lasts_until(notice, snapshot)
    if until is None:
        return
    days = [(name, value) for name in fields[1:] if isinstance(value := scope.resolve((name,)), date)]
    own = _day(scope)
    for name, day in days or ([("date", own)] if own else []):
        if date(day.year, day.month, day.day) <= until:
            message = say(
                "the notice period of {id} lasts until {last}; this is allowed from {earliest} on, not on {day}",
                id=notice.id,
                last=until.isoformat(),
                earliest=(until + timedelta(1)).isoformat(),
                day=day.isoformat()[:10],
            )
            yield Finding(message, ("date",) if name == "date" else ("fields", name))


NAMED: Mapping[str, Callable[[RecordScope, tuple[str, ...]], Iterator[Finding]]] = {
    "votes-majority": votes_majority,
    "split-spending": split_spending,
    "unique-rows": unique_rows,
    "after-notice": after_notice,
    "parents-and-pupils": named_counts.parents_and_pupils,
    "groups-sum": named_counts.groups_sum,
    "satisfied": named_counts.satisfied,
    "same-project": named_records.same_project,
    "project-repeats": named_records.project_repeats,
    "title-repeats": named_records.title_repeats,
    "assets-accounted": named_records.assets_accounted,
    "records-counted": named_records.records_counted,
}
"""Name in the catalogue → check."""


def _day(scope: RecordScope) -> date | None:
    """Return the day of the record: its own date, else its first date field."""
    if scope.record.date is not None:
        return scope.record.date
    values: list[Value] = [scope.values.get(key) for key, field in scope.item.fields.items() if field.type == "date"]
    return next((value for value in values if isinstance(value, date)), None)
