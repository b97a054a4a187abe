"""Judging a record by its item: the rules, and what each field promises about its own figures.

Rules that look at nothing but the record are judged whenever it is read; those that look at other records only when
*outside* says so, at submission and at sign-off: a later correction elsewhere does not make this record wrong.
"""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.errors import Level, Problem
from schoolpub.model.catalogue import Item, Rule
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.expressions import Expression
from schoolpub.rules.judge.columns import judge_field, judge_previous
from schoolpub.rules.judge.known import Known
from schoolpub.rules.judge.named import NAMED
from schoolpub.rules.judge.rules import Bench, judge_rule
from schoolpub.rules.judge.scope import RecordScope
from schoolpub.rules.values import RESTRICTED, Reading, Table

__all__ = ["NAMED", "Known", "judge"]


def judge(
    record: Record,
    item: Item,
    reading: Reading,
    snapshot: Snapshot,
    *,
    outside: bool,
    known: Known | None = None,
) -> list[Problem]:
    """Return everything that the rules of *item* find wrong in *record*, whose values are in *reading*.

    *outside* also judges what depends on other records; *known* saves reading those again.
    """
    scope = RecordScope(record, item, reading.values, known or Known(snapshot), outside=outside)
    return list(_judged(Bench(scope), _unknown(record, item, reading)))


def _judged(bench: Bench, unknown: frozenset[str]) -> Iterator[Problem]:
    scope = bench.scope
    for key, value in scope.values.items():
        field = scope.item.fields[key]
        if value is None or key in unknown:
            continue
        if field.of is not None and _touches(field.of, unknown):
            continue
        yield from judge_field(bench, field, value, ("fields", key))
        if isinstance(value, Table):
            yield from judge_previous(bench, field, value, ("fields", key))
    for rule in scope.item.rules:
        if (scope.outside or rule.own) and not _skipped(bench, rule, unknown):
            yield from judge_rule(bench, rule)


def _unknown(record: Record, item: Item, reading: Reading) -> frozenset[str]:
    """Return the fields whose values are not known: unreadable, or held by an attachment or by `private/`.

    What cannot be read is told already; a rule over it would only repeat that in other words.
    """
    unread = {str(p.where[1]) for p in reading.problems if p.level is Level.ERROR and len(p.where) > 1}
    absent = {
        key
        for key, field in item.fields.items()
        if key not in reading.values and (not field.optional or field.privacy == RESTRICTED)
    }
    carried = {key for attachment in record.attachments for key in attachment.carries if key not in reading.values}
    return frozenset(unread | absent | carried)


def _skipped(bench: Bench, rule: Rule, unknown: frozenset[str]) -> bool:
    """Return whether *rule* cannot be judged because a field that it needs is not known."""
    if unknown and (rule.each in unknown or any(_touches(e, unknown) for e in _expressions(rule))):
        return True
    if not bench.scope.record.zero:
        return False
    heads = {path[0] for e in _expressions(rule) for path in e.names} | {rule.each, *rule.fields}
    return not any(bench.scope.values.get(head) is not None for head in heads)


def _expressions(rule: Rule) -> list[Expression]:
    return [e for e in (rule.left, rule.right, rule.when, rule.where) if e is not None]


def _touches(expression: Expression, keys: frozenset[str]) -> bool:
    return bool(keys) and any(path[0] in keys for path in expression.names)
