"""The rules of an item."""

from __future__ import annotations

from collections.abc import Mapping

from schoolpub.errors import say
from schoolpub.model.catalogue import Field, Rule
from schoolpub.model.record import Tree
from schoolpub.store.catalogue.entry import SLUG, Entry, Place
from schoolpub.store.catalogue.fields import Context

KINDS = ("equal", "at-most", "need", "record", "order", "check")
_KEYS = ("name", *KINDS, "when", "each", "level", "say", "fields")
_ORDERED = ("date", "datetime", "month", "range")


def read_rules(entry: Entry, fields: Mapping[str, Field], context: Context) -> tuple[Rule, ...]:
    """Return the rules under `rules` of the item *entry*."""
    rules: list[Rule] = []
    names: set[str] = set()
    for place, tree in entry.members("rules"):
        rule = _rule(tree, place, fields, context)
        if rule is None:
            continue
        if rule.name and rule.name in names:
            place.at("name").wrong("catalogue-repeated", say("Two rules are called “{name}”.", name=rule.name))
        names.add(rule.name)
        rules.append(rule)
    return tuple(rules)


def _rule(tree: Tree, place: Place, fields: Mapping[str, Field], context: Context) -> Rule | None:
    entry = Entry.of(tree, place, _KEYS)
    kinds = [kind for kind in KINDS if kind in entry]
    if len(kinds) != 1:
        place.wrong(
            "rule-kind",
            say("A rule holds exactly one of: {kinds}.", kinds=", ".join(KINDS)),
            say("Write several rules instead of one.") if kinds else None,
        )
        return None
    kind = kinds[0]
    inner = Entry(place)
    if kind == "record":
        inner = Entry.of(entry.get("record"), place.at("record"), ("item", "where", "each", "when"), ("item",))
    # `each` and `when` may stand beside `record:` or within it.
    each = entry.text("each") or inner.text("each")
    if each and not _rows_of(each, fields):
        tables = [key for key, f in fields.items() if f.columns]
        at = entry.at("each") if "each" in entry else inner.at("each")
        at.unknown("catalogue-unknown-name", say("There is no table “{name}” here.", name=each), each, tables)
    holder = entry if "when" in entry else inner
    when = None
    if "when" in holder:
        when = context.expression(holder.get("when"), holder.at("when"), table=each, condition=True)
    left = right = where = None
    names: tuple[str, ...] = ()
    match kind:
        case "equal" | "at-most":
            sides = list(entry.members(kind))
            if len(sides) == 2:
                left = context.expression(sides[0][1], sides[0][0], table=each)
                right = context.expression(sides[1][1], sides[1][0], table=each, beside=left)
            else:
                place.at(kind).wrong("rule-sides", say("Two expressions are expected: {kind}: [A, B].", kind=kind))
        case "need":
            left = context.expression(entry.get("need"), place.at("need"), table=each, condition=True)
        case "record":
            item = inner.text("item")
            if item:
                context.targets.append((inner.at("item"), item))
            if "where" in inner:
                at = inner.at("where")
                where = context.expression(inner.get("where"), at, table=each, other=item, condition=True)
        case "order":
            names = _dates(entry, fields)
        case "check":
            names = entry.texts("fields")
            for at, name in entry.placed_texts("fields"):
                if name.partition(".")[0] not in fields:
                    message = say("There is no field “{name}”.", name=name)
                    at.unknown("catalogue-unknown-name", message, name, fields)
            if not SLUG.fullmatch(name := entry.text("check")):
                place.at("check").wrong("catalogue-key", say("“{name}” is not the name of a check.", name=name))
    return Rule(
        name=entry.text("name"),
        kind=kind,
        left=left,
        right=right,
        when=when,
        each=each,
        level=entry.choice("level", ("error", "warning"), "error"),
        say=entry.text("say"),
        item=inner.text("item") if kind == "record" else "",
        where=where,
        fields=names,
        check=entry.text("check"),
    )


def _rows_of(each: str, fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """Return the columns of the table or blocks called *each* (dotted inside blocks), empty when there is none."""
    columns = fields
    for part in each.split("."):
        found = columns.get(part)
        if found is None or not found.columns:
            return {}
        columns = found.columns
    return columns


def _dates(entry: Entry, fields: Mapping[str, Field]) -> tuple[str, ...]:
    """Return the names under `order`, each `date`, a date field, or a field reached through a reference."""
    dates = ["date", *(key for key, f in fields.items() if f.type in _ORDERED)]
    for at, name in entry.placed_texts("order"):
        head = fields.get(name.partition(".")[0])
        if name in dates or ("." in name and head is not None and head.type in ("reference", "range")):
            continue
        at.unknown("catalogue-unknown-name", say("“{name}” is not a date of this item.", name=name), name, dates)
    names = entry.texts("order")
    if len(names) < 2:
        entry.at("order").wrong("rule-sides", say("An order needs two dates or more."))
    return names
