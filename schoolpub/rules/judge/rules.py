"""The rules of an item, one kind after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.catalogue import Rule
from schoolpub.rules.expressions import (
    Expression,
    ExpressionError,
    Single,
    chinese_names,
    evaluate,
    in_words,
    row_names,
)
from schoolpub.rules.expressions.tree import Arithmetic, Call, Comparison, Days, Logic, Name, Negative, Node
from schoolpub.rules.judge.found import problem
from schoolpub.rules.judge.lines import Line
from schoolpub.rules.judge.named import NAMED
from schoolpub.rules.judge.results import AFTER_NOTICE
from schoolpub.rules.judge.scope import RecordScope
from schoolpub.rules.judge.sides import compare, unit_of
from schoolpub.rules.tolerance import figure, scale
from schoolpub.rules.totals import row_name


@dataclass(slots=True)
class Bench:
    """A record on the bench: its scope, and what its fields are called."""

    scope: RecordScope
    _names: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """The Chinese names of the fields, made when the first rule fails, and of the row being judged."""
        if not self._names:
            self._names.update(chinese_names(self.scope.item))
            self._names["date"] = self.scope.item.date_name
            for key, own in self.scope.item.fields.items():
                for slug in reversed(own.to if own.type == "reference" else ()):
                    self._names.update(self.of_item(slug, f"{key}.", f"{own.name}·"))
        line = self.scope.line
        return self._names if line is None else {**self._names, **row_names(line.field.columns, bare=self.scope.bare)}

    def of_item(self, slug: str, keys: str, lead: str) -> dict[str, str]:
        """Return the names of another item's fields, behind *lead*, by dotted key behind *keys*."""
        catalogue = self.scope.known.snapshot.catalogues.get(self.scope.record.catalogue)
        item = catalogue.items.get(slug) if catalogue else None
        named = {**chinese_names(item), "date": item.date_name} if item else {}
        return {f"{keys}{key}": f"{lead}{name}" for key, name in named.items()}


def judge_rule(bench: Bench, rule: Rule) -> Iterator[Problem]:
    """Yield what *rule* finds in the record, for each of its rows where it goes row by row."""
    scope = bench.scope
    try:
        if not rule.each:
            yield from _once(bench, rule, None)
            return
        for line in scope.lines(rule.each):
            # A sub-total is no payment of its own: only the rows that it sums need another record.
            if rule.kind == "record" and not line.leaf:
                continue
            scope.line = line
            yield from _once(bench, rule, line)
    except ExpressionError as error:
        message = say("a rule of the catalogue cannot be judged: {reason}", reason=error.message)
        yield problem(scope.record, "rule-unreadable", message, _place(rule, None))
    finally:
        scope.line = None


def _once(bench: Bench, rule: Rule, line: Line | None) -> Iterator[Problem]:
    if rule.when is not None and evaluate(rule.when, bench.scope) is not True:
        return
    for code, level, message, where in _KINDS[rule.kind](bench, rule):
        if line is not None:
            message = _in_row(line, message)
        if rule.level == "warning":
            level = Level.WARNING
        place, firm = where or _place(rule, line), rule.check == AFTER_NOTICE
        yield problem(bench.scope.record, code, message, place, name=rule.name, level=level, lead=rule.say, firm=firm)


_Finding = tuple[str, Level, Text, Where]


def _in_row(line: Line, message: Text) -> Text:
    name = _line_name(line)
    return say("{table}, {row}: {message}", table=line.field.name, row=name, message=message)


def _line_name(line: Line) -> str:
    if line.field.type == "table":
        return row_name(line.table.rows[line.index], line.field, line.index)
    title = line.cells.get(line.field.title_field)
    return title if isinstance(title, str) else f"第{line.index + 1}项"


def _sides(bench: Bench, rule: Rule) -> Iterator[_Finding]:
    assert rule.left is not None and rule.right is not None
    left, right = _plain(evaluate(rule.left, bench.scope)), _plain(evaluate(rule.right, bench.scope))
    most = rule.kind == "at-most"
    if left is None or right is None or left == right or (most and _not_more(left, right)):
        return
    if apart := compare(rule.left, rule.right, left, right, bench.scope, bench.names, most=most):
        yield f"rule-{rule.kind}", apart.level, apart.message, ()


def _plain(value: Single) -> Single:
    """Return a number of days as a number, so that it is compared like any other."""
    return Decimal(value) if isinstance(value, Days) else value


def _not_more(left: Single, right: Single) -> bool:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left <= right
    if isinstance(left, date) and isinstance(right, date):
        return _day(left) <= _day(right)
    return False


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)


def _need(bench: Bench, rule: Rule) -> Iterator[_Finding]:
    assert rule.left is not None
    if evaluate(rule.left, bench.scope) is not False:
        return
    told = in_words(rule.left, bench.names)
    figures = _shown_sides(bench, rule.left.tree)
    if figures:
        message = say("not met: {condition} ({figures})", condition=told, figures=figures)
    elif rule.say:
        message = say("not met: {condition}", condition=rule.say)
    else:
        message = say("not met: {condition}", condition=told)
    yield "rule-need", Level.ERROR, message, ()


def _shown_sides(bench: Bench, node: Node) -> str:
    """Return the values on both sides of a comparison, so that the figures are seen and not only the verdict."""
    if not isinstance(node, Comparison):
        return ""
    told = []
    for part in (node.first, *(right for _, right in node.rest)):
        if not isinstance(part, Name | Call | Arithmetic | Negative):
            continue
        expression = Expression("", frozenset(), False, part)
        value = evaluate(expression, bench.scope)
        if value is None:
            continue
        unit = unit_of(part, bench.scope)
        shown = figure(value / scale(unit), unit) if isinstance(value, Decimal) else figure(value)
        told.append(f"{in_words(expression, bench.names)} = {shown}")
    return "，".join(told)


def _record(bench: Bench, rule: Rule) -> Iterator[_Finding]:
    scope = bench.scope
    try:
        for other in scope.known.of_item(rule.item):
            if other.id == scope.record.id:
                continue
            scope.other = scope.of(other)
            if scope.other and (rule.where is None or evaluate(rule.where, scope) is True):
                return
    finally:
        scope.other = None
    catalogue = scope.known.snapshot.catalogues.get(scope.record.catalogue)
    item = catalogue.items.get(rule.item) if catalogue else None
    name = item.name if item else rule.item
    if rule.where is None:
        message = say("there is no record of “{item}”", item=name)
    else:
        names = bench.names | bench.of_item(rule.item, "other.", f"“{name}”的")
        condition = in_words(rule.where, names)
        shown = _shown_sides(bench, rule.where.tree)
        message = say("there is no record of “{item}” with {condition} ({figures})",
                      item=name, condition=condition, figures=shown or "-")  # fmt: skip
        if (met := _met_from(bench, rule)) is not None:
            message = say("{message}; {id} meets it from {day} on", message=message, id=met[1], day=met[0].isoformat())
    yield "rule-record", Level.ERROR, message, ()


def _met_from(bench: Bench, rule: Rule) -> tuple[date, str] | None:
    """Return from which day on a record will do that fails only because its time is not over: `other.to < date`."""
    assert rule.where is not None
    tree, scope = rule.where.tree, bench.scope
    parts = tree.parts if isinstance(tree, Logic) and tree.word == "and" else (tree,)
    found: list[tuple[date, str]] = []
    try:
        for other in scope.known.of_item(rule.item):
            scope.other = scope.of(other) if other.id != scope.record.id else None
            failing = [part for part in parts if scope.other and evaluate(_alone(part), scope) is not True]
            if len(failing) != 1 or not isinstance(last := failing[0], Comparison) or len(last.rest) != 1:
                continue
            day = evaluate(_alone(last.first), scope)
            if last.rest[0][0] in ("<", "<=") and isinstance(day, date):
                found.append((_day(day) + timedelta(last.rest[0][0] == "<"), other.id))
    finally:
        scope.other = None
    return min(found, default=None)


def _alone(part: Node) -> Expression:
    return Expression("", frozenset(), False, part)


def _order(bench: Bench, rule: Rule) -> Iterator[_Finding]:
    """Report each date that lies before one that must come first; the next is held against the later of them."""
    last: tuple[str, date] | None = None
    for name in rule.fields:
        path = tuple(name.split("."))
        value = bench.scope.resolve(path)
        if not isinstance(value, date):
            continue
        day, told = _day(value), in_words(Expression(name, frozenset({path}), False, Name(path)), bench.names)
        if last is not None and day < last[1]:
            message = say(
                "{later} on {day} lies before {earlier} on {before}",
                later=told, day=day.isoformat(), earlier=last[0], before=last[1].isoformat(),
            )  # fmt: skip
            yield "rule-order", Level.ERROR, message, ("fields", path[0]) if path != ("date",) else ("date",)
        else:
            last = told, day


def _named(bench: Bench, rule: Rule) -> Iterator[_Finding]:
    check = NAMED.get(rule.check)
    if check is None:
        message = say("the catalogue asks for the check “{name}”, which this program does not know", name=rule.check)
        yield "rule-check", Level.WARNING, message, ()
        return
    for finding in check(bench.scope, rule.fields):
        yield f"check-{rule.check}", finding.level, finding.message, finding.where


_KINDS = {
    "equal": _sides,
    "at-most": _sides,
    "need": _need,
    "record": _record,
    "order": _order,
    "check": _named,
}


def _place(rule: Rule, line: Line | None) -> Where:
    """Return where the figure stands that the rule speaks of: the side that is a single name, else its first field."""
    sides = [side for side in (rule.right, rule.left) if side is not None]
    nodes = [side.tree.first if isinstance(side.tree, Comparison) else side.tree for side in sides]
    paths = [node.path for node in nodes if isinstance(node, Name)]
    others = [side for side in (*sides, rule.when, rule.where) if side is not None]
    paths += [path for side in others for path in sorted(side.names)]
    if line is not None:
        column = next((p[1] for p in paths if p[0] == "row" and len(p) > 1 and p[1] in line.field.columns), None)
        return (*line.where, column) if column and column in line.cells else line.where
    own = (p[0] for p in paths if p[0] not in ("previous", "other", "school", "period", "row"))
    key = next(own, rule.each)
    return ("date",) if key == "date" else ("fields", key) if key else ("fields",)
