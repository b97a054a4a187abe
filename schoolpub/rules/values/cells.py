"""One cell of a table or matrix: a value, or a value with the named parts that it is the sum of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from schoolpub.errors import Where, say
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree
from schoolpub.rules.values.groups import known_keys
from schoolpub.rules.values.kinds import Number, Part, Value
from schoolpub.rules.values.numbers import NUMBER_TYPES, read_cell, read_number
from schoolpub.rules.values.wrong import Wrong

if TYPE_CHECKING:
    from schoolpub.rules.values.reader import Reader

SUM_NAMES = frozenset({"合计", "总计", "共计"})
"""What the last row of a printed table is called when it holds the totals."""
_MONEY = frozenset({"money", "price"})


def is_sum_name(text: object) -> bool:
    """Return whether *text* heads a row of totals; clerks space its characters («合　计»)."""
    return isinstance(text, str) and "".join(text.split()) in SUM_NAMES


def no_rows(field: Field, kind: str) -> Wrong:
    """Return that *field* has no rows."""
    return Wrong(
        f"value-{kind}", say("{name} has no rows", name=field.name), say("Write a list of rows, each after a dash.")
    )


def unit_of(reader: Reader, field: Field, tree: Mapping[str, Tree], where: Where) -> str:
    """Return the unit of a table or matrix: the record's, else the catalogue's; none where there is no money in it."""
    if tree.get("unit") is not None and (named := reader.text(tree["unit"], field.name, (*where, "unit"))):
        return named
    kinds = {field.kind or "money"} if field.type == "matrix" else {column.type for column in field.columns.values()}
    return reader.unit_of(field) if kinds & _MONEY else field.unit


def note_of(reader: Reader, field: Field, tree: Tree, where: Where) -> str:
    """Return the note in *tree*."""
    return (reader.text(tree, field.name, where) or "") if tree is not None else ""


def cell_of(
    reader: Reader, column: Field, tree: Tree, unit: str, where: Where, parts: dict[str, tuple[Part, ...]]
) -> Value:
    """Return a cell; where it is a sum of named parts, put these into *parts*."""
    kind = column.type
    if kind not in NUMBER_TYPES:
        if (tree is None or tree == "") and not column.optional:
            message = say("{name} is empty", name=column.name)
            return reader.wrong(Wrong("missing", message, say("Write {key}: …", key=column.key)), (*where, column.key))
        return reader.value(column, tree, (*where, column.key))
    if tree is None:
        return None
    own = column.unit or (unit if kind in ("money", "price") else "%" if kind == "percent" else "")
    if type(tree) is str:
        found = read_cell(tree, column, own, marks=True)
        return reader.wrong(found, (*where, column.key)) if isinstance(found, Wrong) else found
    return _parted(reader, column, tree, own, (*where, column.key), parts)


def _parted(
    reader: Reader, column: Field, tree: Tree, unit: str, where: Where, parts: dict[str, tuple[Part, ...]]
) -> Value:
    """Return the value of a cell `{value, parts}`, whose parts must sum to it."""
    form = say("Write {form}.", form="{value: 164.00, parts: [{name: …, amount: 61.00}]}")
    if not isinstance(tree, dict) or not isinstance(tree.get("value"), str):
        return reader.wrong(Wrong("value-cell", say("{name} is not one value", name=column.name), form), where)
    known_keys(reader, tree, ("value", "parts"), where)
    found = read_cell(str(tree["value"]), column, unit, marks=True)
    if isinstance(found, Wrong):
        return reader.wrong(found, (*where, "value"))
    named = tree.get("parts")
    entries = named if isinstance(named, list) else []
    read: list[Part] = []
    for index, entry in enumerate(entries):
        place = (*where, "parts", index)
        if (
            not isinstance(entry, dict)
            or not isinstance(entry.get("name"), str)
            or not isinstance(entry.get("amount"), str)
        ):
            reader.wrong(
                Wrong("value-cell", say("a part of {name} needs a name and an amount", name=column.name), form), place
            )
            continue
        known_keys(reader, entry, ("name", "amount"), place)
        amount = read_number(str(entry["amount"]), column.type, unit)
        if isinstance(amount, Wrong):
            reader.wrong(amount, (*place, "amount"))
        else:
            read.append(Part(str(entry["name"]), amount))
    if not entries:
        return reader.wrong(Wrong("value-cell", say("{name} has no parts", name=column.name), form), where)
    parts[column.key] = tuple(read)
    total = sum(part.amount.amount for part in read)
    if isinstance(found, Number) and len(read) == len(entries) and total != found.amount:
        message = say(
            "the parts of {name} sum to {total}, entered is {value}, difference {difference}",
            name=column.name, total=f"{total:,f}", value=f"{found.amount:,f}", difference=f"{total - found.amount:,f}",
        )  # fmt: skip
        reader.wrong(Wrong("cell-parts", message, say("Check the parts and the value.")), where)
    return found
