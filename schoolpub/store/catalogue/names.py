"""Looking up the names in expressions, once all items of the edition are known.

Each name gives a sample of what it stands for, and each expression is computed once with these samples: so a text
where a number is needed is a mistake of the catalogue, and not one of the first record that meets the rule.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from schoolpub.errors import say
from schoolpub.model.catalogue import Field, Item
from schoolpub.rules.expressions import EVERY_ROW, Days, ExpressionError, Given, Path, Single, evaluate
from schoolpub.store.catalogue.entry import Place
from schoolpub.store.catalogue.fields import NUMBERS, TYPES, Pending

_NUMBER, _DATE, _TEXT = Decimal(1), date(2026, 1, 1), "文"
_PERIOD: Mapping[str, Given] = {
    **dict.fromkeys(("year", "month", "quarter", "week"), _NUMBER),
    **dict.fromkeys(("first", "last"), _DATE),
}
_PARTS: Mapping[str, Mapping[str, Given]] = {
    "range": dict.fromkeys(("from", "to", "first", "last"), _DATE),
    **dict.fromkeys(("month", "period"), dict.fromkeys(("first", "last"), _DATE)),
    "votes": {**dict.fromkeys(("for", "against", "abstain"), _NUMBER), "unanimous": True},
}
"""Type → the parts of its value that an expression may name."""
_SAMPLES: Mapping[str, Given] = {
    **dict.fromkeys((*NUMBERS, "words", "votes"), _NUMBER),
    **dict.fromkeys(("date", "datetime", "month", "period", "range"), _DATE),
    **{kind: [object()] for kind in ("table", "blocks")},
    **{kind: [_TEXT] for kind in ("list", "telephones", "documents", "sections", "hours")},
    "account": None,
    "yes-no": True,
}
"""Type → a value as expressions see it; every other type is a text."""
_NEEDS = {
    "row": say("“row.” needs the table whose rows are meant: each: TABLE."),
    EVERY_ROW: say("total() needs the table whose rows are meant: each: TABLE."),
    "other": say("“other.” is for “where” of a rule with “record”."),
    "period": say("Use it in items that have a period, and name a part of it: period.month."),
}
"""Name that is unknown only for want of something → what it needs."""


class _Unknown(Exception):
    """A name leads nowhere; holds the part that is wrong and what it could have been."""

    def __init__(self, part: str, known: Collection[str]) -> None:
        self.part, self.known = part, known


@dataclass(slots=True)
class _Samples:
    """The scope of an expression while the catalogue is read; None stands for what only a record can tell."""

    pending: Pending
    item: Item
    items: Mapping[str, Item]
    unknown: dict[Path, _Unknown] = field(default_factory=dict)

    def resolve(self, path: Path) -> Given:
        try:
            return self._look_up(path)
        except _Unknown as unknown:
            self.unknown[path] = unknown
            return None

    def workdays(self, first: date, last: date) -> int:
        return (last - first).days + 1

    def _look_up(self, path: Path) -> Given:
        pending, item = self.pending, self.item
        columns = _columns(pending.table, item)
        match path[0]:
            case "school":
                # Settings are open: a school may name its own numbers.
                if len(path) != 2:
                    raise _Unknown(path[-1], ["school.large_sum"])
                return _NUMBER if path[1] == "large_sum" else None
            case "previous":
                if path[1:2] == ("row",) and columns is not None:
                    return self._row(path[2:], columns)
                return self._own(path[1:], item)
            case "other" if pending.other:
                return self._own(path[1:], self.items[pending.other]) if pending.other in self.items else None
            case "row" if columns is not None:
                return self._row(path[1:], columns)
            case "*" if columns is not None:
                return [self._row(path[1:], columns)]
            case head if pending.bare and columns is not None and head in columns:
                return self._inside(columns[head], path[1:])
        return self._own(path, item, extra=columns if pending.bare and columns else ())

    def _row(self, path: Path, columns: Mapping[str, Field]) -> Given:
        if path and path[0] in columns:
            return self._inside(columns[path[0]], path[1:])
        if path != ("level",):
            raise _Unknown(path[0] if path else "row", [*columns, "level"])
        return _NUMBER

    def _own(self, path: Path, item: Item, *, extra: Collection[str] = ()) -> Given:
        """Look up *path* among the fields of *item* and what every record has."""
        head, rest = (path[0], path[1:]) if path else ("", ())
        if head in item.fields:
            return self._inside(item.fields[head], rest)
        if head == "period" and item.periodic and rest:
            if len(rest) > 1 or rest[0] not in _PERIOD:
                raise _Unknown(rest[0], _PERIOD)
            return _PERIOD[rest[0]]
        if head == "date" and not item.periodic and not rest:
            return _DATE
        raise _Unknown(head, [*item.fields, *extra, *([] if item.periodic else ["date"])])

    def _inside(self, field: Field, path: Path) -> Given:
        """Look up what *path* names inside a value of *field*."""
        if field.type not in TYPES:
            return None
        if not path:
            kind = field.kind if field.type == "matrix" else field.type
            sample = _SAMPLES.get(kind, _TEXT)
            return [sample] if field.type == "matrix" else sample
        head, rest = path[0], path[1:]
        if field.type in ("table", "blocks"):
            if head not in field.columns:
                raise _Unknown(head, field.columns)
            found = self._inside(field.columns[head], rest)
            return found if isinstance(found, list) else [found]
        if field.type == "reference":
            return self._through(field, path)
        parts = _PARTS.get(field.type, {})
        if rest or head not in parts:
            raise _Unknown(head, parts)
        return parts[head]

    def _through(self, field: Field, path: Path) -> Given:
        """Look up *path* in the items that a reference may point to: one of them must know it."""
        targets = [self.items[slug] for slug in field.to if slug in self.items]
        missing: _Unknown | None = None
        for target in targets:
            try:
                return self._own(path, target)
            except _Unknown as unknown:
                missing = unknown
        if missing and len(targets) == len(field.to):
            raise missing
        return None


def check_names(pending: Pending, item: Item, items: Mapping[str, Item]) -> None:
    """Report names in the expression of *pending* that nobody knows; else values in it that do not fit."""
    samples = _Samples(pending, item, items)
    for path in sorted(pending.expression.names):
        samples.resolve(path)
    for path, unknown in samples.unknown.items():
        _report(pending.place, ".".join(path[1:] if path[0] == EVERY_ROW else path), unknown)
    if samples.unknown:
        return
    try:
        value = evaluate(pending.expression, samples)
        beside = evaluate(pending.beside, samples) if pending.beside else None
    except ExpressionError as error:
        pending.place.wrong("expression-type", error.message, error.fix)
        return
    if pending.condition and not isinstance(value, bool | None):
        pending.place.wrong(
            "expression-type",
            say("“{text}” is neither yes nor no.", text=pending.expression.text),
            say("Write a comparison, such as amount > 0."),
        )
    elif value is not None and beside is not None and _kind(value) != _kind(beside):
        pending.place.wrong("expression-type", say("The two sides of the rule are not of one kind."))


def _kind(value: Single) -> type:
    return Decimal if isinstance(value, Days) else type(value)


def _report(place: Place, name: str, unknown: _Unknown) -> None:
    if unknown.part in _NEEDS:
        place.wrong("expression-unknown-name", say("“{name}” has no meaning here.", name=name), _NEEDS[unknown.part])
        return
    message = say("The name “{name}” is unknown.", name=name)
    if unknown.part != name:
        message = say("In “{name}” the part “{part}” is unknown.", name=name, part=unknown.part)
    place.unknown("expression-unknown-name", message, unknown.part, sorted(unknown.known))


def _columns(table: str, item: Item) -> Mapping[str, Field] | None:
    """Return the columns of the table called *table* (dotted inside blocks), None when there is none."""
    columns: Mapping[str, Field] = item.fields
    for part in table.split(".") if table else ():
        if part not in columns or not columns[part].columns:
            return None
        columns = columns[part].columns
    return columns if table else None
