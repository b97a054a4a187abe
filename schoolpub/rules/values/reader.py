"""Reading a record's `fields` by its item: every value typed, every mistake told with its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from schoolpub.errors import Problem, Where, say
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Record, Tree
from schoolpub.model.school import School
from schoolpub.rules.values import groups, matrices, tables, texts
from schoolpub.rules.values.dates import read_date, read_moment, read_month, read_period
from schoolpub.rules.values.kinds import Value
from schoolpub.rules.values.numbers import NUMBER_TYPES, read_cell
from schoolpub.rules.values.written import rows_of, stands_alone
from schoolpub.rules.values.wrong import Wrong, nearest, shown

RESTRICTED = "restricted"
"""The privacy of fields that live in `private/` and never in a record."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A record's values, and everything that could not be read."""

    values: Mapping[str, Value]
    """By key, in the item's order; an empty optional value is None, an absent one has no key."""
    problems: tuple[Problem, ...] = ()


def read_values(record: Record, item: Item, school: School) -> Reading:
    """Return the values of *record*, read by *item*, with all problems at once."""
    carried = {key for attachment in record.attachments for key in attachment.carries}
    waived = carried if not record.zero else set(item.fields)
    if record.body.get("private"):
        waived = waived | {key for key, field in item.fields.items() if field.privacy == RESTRICTED}
    fields = {**record.fields, **record.private_fields} if record.private_fields else record.fields
    reader = Reader(school, fields, item.fields)
    values = reader.fields(item.fields, fields, ("fields",), waived)
    for key in record.fields:
        if key in item.fields and item.fields[key].privacy == RESTRICTED:
            reader.wrong(_not_here(item.fields[key]), ("fields", key))
    return Reading(values, tuple(_problem(wrong, where, record.id, record.file) for wrong, where in reader.found))


def read_fields(
    tree: Mapping[str, Tree], fields: Mapping[str, Field], school: School, *, declared: bool = True
) -> Reading:
    """Return the values of *tree* alone, as a spreadsheet or `private/` gives them.

    *declared* tells whether telephone numbers must be the school's own.
    """
    reader = Reader(school, tree, fields, declared=declared)
    values = reader.fields(fields, tree, (), ())
    return Reading(values, tuple(_problem(wrong, where) for wrong, where in reader.found))


def read_scalar(field: Field, text: str, school: School, *, unit: str = "") -> Value | Problem:
    """Return the value that *text* is for *field*, or what is wrong with it: each answer is checked when it is given.

    Nothing but spaces is empty: None where the field is optional.  A table's column takes the table's *unit*.
    """
    text = text.strip() if field.type not in ("long-text", "sections") else text
    reader = Reader(school, {}, {}, unit=unit)
    tree = text if text.strip() else None
    if tree is None and not field.optional:
        reader.wrong(_missing(field), (field.key,))
    value = reader.value(field, tree, (field.key,)) if tree is not None else None
    return _problem(*reader.found[0]) if reader.found else value


def _problem(wrong: Wrong, where: Where, record: str = "", file: str = "") -> Problem:
    path = where[1:] if where[:1] == ("fields",) else where
    return Problem(
        code=wrong.code,
        message=wrong.message,
        fix=wrong.fix,
        level=wrong.level,
        record=record,
        file=file,
        where=where,
        field=".".join(map(str, path)),
    )


def _missing(field: Field) -> Wrong:
    return Wrong("missing", say("{name} is missing", name=field.name), say("Write {key}: …", key=field.key))


def _not_here(field: Field) -> Wrong:
    return Wrong(
        "restricted-in-record",
        say("{name} must be erasable and may not stand in the record", name=field.name),
        say("Take it out; the tool keeps it in private/ when you enter it with `schoolpub add` or `schoolpub edit`."),
    )


_EMPTY: tuple[Tree, ...] = ("", [], {})
"""What holds nothing although something was written."""


class Reader:
    """Reads values one after the other and collects what is wrong."""

    __slots__ = ("declared", "found", "school", "top", "top_fields", "unit")

    def __init__(
        self,
        school: School,
        top: Mapping[str, Tree],
        top_fields: Mapping[str, Field],
        *,
        unit: str = "",
        declared: bool = True,
    ) -> None:
        self.school = school
        self.top = top
        """The whole mapping, in which a field named by `unit-from` stands."""
        self.top_fields = top_fields
        self.unit = unit
        self.declared = declared
        self.found: list[tuple[Wrong, Where]] = []

    def wrong(self, wrong: Wrong, where: Where) -> Value:
        """Keep *wrong*, which stands at *where*, and return None: the value that could not be read."""
        self.found.append((wrong, where))
        return None

    def text(self, tree: Tree, name: str, where: Where) -> str | None:
        """Return *tree* where it is one text."""
        if isinstance(tree, str):
            return tree
        self.wrong(Wrong("value-text", say("{name} must be one value", name=name), say("Write one value here.")), where)
        return None

    def unit_of(self, field: Field) -> str:
        """Return the unit that the money of *field* is in."""
        if field.unit_from and isinstance(chosen := self.top.get(field.unit_from), str):
            return chosen
        return field.unit or self.unit or "元"

    def fields(
        self, fields: Mapping[str, Field], tree: Mapping[str, Tree], where: Where, waived: Collection[str]
    ) -> dict[str, Value]:
        """Return the values of *fields* in *tree*; those *waived* may be missing."""
        values: dict[str, Value] = {}
        for key, field in fields.items():
            given = tree.get(key)
            if given is None or given in _EMPTY:
                if not field.optional and key not in waived:
                    self.wrong(_missing(field), (*where, key))
                elif key in tree:
                    values[key] = None
                continue
            value = self.value(field, given, (*where, key))
            if value is not None:
                values[key] = value
        if len(values) < len(tree):
            for key in tree:
                if key not in fields:
                    message = say("there is no field {key} here", key=shown(key))
                    self.wrong(Wrong("unknown-field", message, nearest(key, fields)), (*where, key))
        return values

    def value(self, field: Field, tree: Tree, where: Where) -> Value:
        """Return the value of *field* in *tree*; None where it is empty or wrong."""
        if tree is None:
            return None
        kind = field.type
        if kind in NUMBER_TYPES:
            return self._number(field, tree, where)
        if grouped := _GROUPED.get(kind):
            return grouped(self, field, tree, where)
        if kind == "long-text" and isinstance(tree, list) and all(isinstance(part, str) for part in tree):
            tree = "\n".join(part for part in tree if isinstance(part, str))
        text = self.text(tree, field.name, where)
        if text is None:
            return None
        if kind == "telephone":
            found: Value = texts.read_telephone(
                text, self.school, declared=self.declared and field.privacy != RESTRICTED
            )
        else:
            found = _SCALARS.get(kind, texts.read_text)(text, field)
        if isinstance(found, Wrong):
            self.wrong(found, where)
            return text if found.code == "telephone-not-declared" else None
        return found

    def _number(self, field: Field, tree: Tree, where: Where) -> Value:
        text = self.text(tree, field.name, where)
        if text is None:
            return None
        kind = field.type
        unit = self.unit_of(field) if kind in ("money", "price") else field.unit or ("%" if kind == "percent" else "")
        found = read_cell(text, field, unit, marks=field.optional)
        return self.wrong(found, where) if isinstance(found, Wrong) else found


def read_blocks(reader: Reader, field: Field, tree: Tree, where: Where) -> tuple[Mapping[str, Value], ...] | None:
    """Return a repeated group of fields."""
    if not isinstance(tree, list) and not stands_alone(tree, field.columns):
        message = say("{name} is not a list", name=field.name)
        reader.wrong(Wrong("value-blocks", message, say("Write each entry on a line of its own, after a dash.")), where)
        return None
    read = []
    for place, entry in rows_of(tree, field.columns):
        if isinstance(entry, dict) and entry:
            read.append(reader.fields(field.columns, entry, (*where, *place), ()))
        else:
            form = "{" + ", ".join(f"{key}: …" for key in field.columns) + "}"
            message = say("this entry of {name} is empty", name=field.name)
            reader.wrong(Wrong("value-blocks", message, say("Write {form}.", form=form)), (*where, *place))
    return tuple(read)


_GROUPED: dict[str, Callable[[Reader, Field, Tree, Where], Value]] = {
    "table": tables.read_table,
    "matrix": matrices.read_matrix,
    "blocks": read_blocks,
    "range": groups.read_range,
    "hours": groups.read_hours,
    "sections": groups.read_sections,
    "telephones": groups.read_telephones,
    "documents": groups.read_documents,
    "account": groups.read_account,
    "votes": groups.read_votes,
    "list": groups.read_list,
}
"""Types that are more than one text."""

_SCALARS: dict[str, Callable[[str, Field], Value]] = {
    "long-text": lambda text, _: text.strip("\n"),
    "date": lambda text, _: read_date(text),
    "month": lambda text, _: read_month(text),
    "datetime": lambda text, _: read_moment(text),
    "period": lambda text, _: read_period(text),
    "choice": texts.read_choice,
    "yes-no": lambda text, _: texts.read_yes_no(text),
    "reference": lambda text, _: texts.read_reference(text),
    "url": lambda text, _: texts.read_url(text),
    "email": lambda text, _: texts.read_email(text),
    "words": lambda text, _: texts.read_words(text),
}
"""Types that are one text; all others are `text`."""

SCALAR_TYPES = frozenset(
    {*_SCALARS, *NUMBER_TYPES, "telephone", "text", "formula", "person", "post", "organisation", "document-number"}
)
"""Types whose value is one text: what `read_scalar` reads and a prompt can ask for."""
