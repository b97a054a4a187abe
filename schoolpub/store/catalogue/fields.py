"""Fields, columns, tables, matrices and blocks of an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from schoolpub.errors import say
from schoolpub.model.catalogue import Field, Head, RowTotal
from schoolpub.model.record import Tree
from schoolpub.store.catalogue.entry import KEY, Entry, Place

if TYPE_CHECKING:
    from schoolpub.rules.expressions import Expression

NUMBERS = ("money", "price", "integer", "decimal", "signed", "percent")
SCALARS = (
    *("text", "long-text", "date", "month", "datetime", "period", *NUMBERS, "words", "formula", "choice", "yes-no"),
    *("person", "post", "organisation", "url", "email", "document-number", "reference", "telephone"),
)
TYPES = (
    *SCALARS,
    *("sections", "range", "hours", "telephones", "documents", "account", "votes", "list", "table", "matrix", "blocks"),
)
PRIVACY = ("none", "staff-name", "pupil-name", "aggregate", "restricted")

_ALL = ("name", "type", "optional", "help", "privacy")
_SPECIAL: Mapping[str, tuple[str, ...]] = {
    "default": SCALARS,
    "choices": ("choice",),
    "open": ("choice",),
    "unit": (*NUMBERS, "table", "matrix"),
    "unit-from": (*NUMBERS, "table", "matrix"),
    "words": (*NUMBERS, "matrix"),
    "empty": NUMBERS,
    "to": ("reference",),
    "of": ("words", "formula", "percent"),
    "kind": ("range", "matrix"),
    "columns": ("table", "matrix"),
    "key": ("table",),
    "rows": ("table", "matrix"),
    "heads": ("table",),
    "footers": ("table",),
    "totals": ("table",),
    "total": (*NUMBERS, "matrix"),
    "parts": NUMBERS,
    "previous": NUMBERS,
    "sign": ("choice",),
    "merge": SCALARS,
    "fields": ("blocks",),
    "title": ("blocks",),
}
"""Key → the types that take it."""
_COLUMN_ONLY = ("parts", "previous", "sign", "merge")
_KEYS = dict.fromkeys((*_ALL, *_SPECIAL))
_COMMON = {"name", "type", "optional", "help"}
_RESERVED = {"yes", "no", "and", "or", "not", "in", "row", "previous", "other", "school"}
_DEMANDING = ("table", "blocks", "choice")
"""Types that cannot do with the common keys alone."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An expression or a name whose parts are looked up once all items are known."""

    place: Place
    expression: Expression
    table: str = ""
    """Dotted key of the table whose rows are judged."""
    bare: bool = False
    """Whether the table's columns may be named without `row.`."""
    other: str = ""
    """The item that `other.` means."""
    condition: bool = False
    """Whether it must be yes or no."""
    beside: Expression | None = None
    """The other side of the rule, which must be of the same kind."""


@dataclass(slots=True)
class Context:
    """What is gathered while the fields and rules of one item are read."""

    references: frozenset[str] = frozenset()
    pending: list[Pending] = field(default_factory=list)
    targets: list[tuple[Place, str]] = field(default_factory=list)
    """Items that references and rules point to."""

    def expression(
        self,
        tree: Tree,
        place: Place,
        *,
        table: str = "",
        bare: bool = False,
        other: str = "",
        condition: bool = False,
        beside: Expression | None = None,
    ) -> Expression | None:
        """Compile the expression in *tree*; its names are looked up later."""
        if not isinstance(tree, str):
            place.wrong("expression", say("An expression is expected here."), say("Write it as one text, in quotes."))
            return None
        from schoolpub.rules.expressions import ExpressionError, compile_expression

        try:
            expression = compile_expression(tree, self.references)
        except ExpressionError as error:
            place.wrong("expression", error.message, error.fix)
            return None
        self.pending.append(Pending(place, expression, table, bare, other, condition, beside))
        return expression


def references_in(tree: Tree) -> frozenset[str]:
    """Return the keys of all fields below *tree* that lead to other records."""
    found: set[str] = set()
    if isinstance(tree, dict):
        for key, entry in tree.items():
            if isinstance(entry, dict):
                if entry.get("type") == "reference":
                    found.add(key)
                found |= references_in(entry.get("columns")) | references_in(entry.get("fields"))
    return frozenset(found)


def read_fields(
    tree: Tree, place: Place, context: Context, *, inside: str = "", role: Literal["field", "column"] = "field"
) -> dict[str, Field]:
    """Return the fields (or the columns of the table *inside*) in *tree* by key."""
    found: dict[str, Field] = {}
    if tree is None:
        return found
    for key, entry in place.bounded(place.shape.group(tree, place.where).items()):
        if not KEY.fullmatch(key):
            place.at(key).wrong(
                "catalogue-key",
                say("“{key}” cannot be the key of a field.", key=key),
                say("Use small letters, digits and _, beginning with a letter; the Chinese word belongs in “name”."),
            )
        if key in _RESERVED and not inside:
            place.at(key).wrong(
                "catalogue-key",
                say("“{key}” has a meaning of its own in rules and cannot be the key of a field.", key=key),
                say("Choose another key."),
            )
        found[key] = read_field(key, entry, place.at(key), context, inside, role)
    return found


def read_field(
    key: str, tree: Tree, place: Place, context: Context, inside: str = "", role: str = "field"
) -> Field:
    """Return the field (or the column of the table *inside*) called *key*."""
    entry = Entry.of(tree, place, _KEYS, ("name", "type"))
    kind = entry.text("type")
    if kind and kind not in TYPES:
        message = say("There is no type “{type}”.", type=kind)
        place.at("type").unknown("catalogue-type", message, kind, TYPES)
    else:
        _misplaced(entry, kind, role)
    if entry.keys.keys() <= _COMMON and kind in TYPES and kind not in _DEMANDING:
        # Most fields say no more than this, and there are a thousand of them.
        name, optional = entry.text("name", key), entry.flag("optional")
        matrix_kind = _kind(entry, kind)
        return Field(key=key, name=name, type=kind, optional=optional, help=entry.text("help"), kind=matrix_kind)
    path = f"{inside}.{key}" if inside else key
    columns: dict[str, Field] = {}
    if kind == "table":
        columns = _columns(entry, place, context, path)
    elif kind == "blocks":
        columns = read_fields(entry.get("fields"), place.at("fields"), context, inside=path)
        if not columns:
            entry.missing("fields")
    formulas = {
        name: context.expression(entry.get(name), place.at(name), table=inside, bare=True)
        for name in ("of", "previous")
        if name in entry
    }
    context.targets += entry.placed_texts("to")
    return Field(
        key=key,
        name=entry.text("name", key),
        type=kind,
        optional=entry.flag("optional"),
        help=entry.text("help"),
        privacy=entry.choice("privacy", PRIVACY, ""),
        default=entry.text("default"),
        choices=_choices(entry, kind),
        open=entry.flag("open"),
        unit=entry.text("unit"),
        unit_from=entry.text("unit-from"),
        words=entry.texts("words"),
        empty_is_zero=entry.choice("empty", ("zero",), "") == "zero",
        to=entry.texts("to"),
        kind=_kind(entry, kind),
        of=formulas.get("of"),
        total=kind != "matrix" and entry.flag("total"),
        parts=entry.choice("parts", ("sum",), "") == "sum",
        previous=formulas.get("previous"),
        sign=_signs(entry),
        merge=entry.choice("merge", ("same",), "") == "same",
        columns=columns,
        row_key=_one_of(entry, "key", columns) if kind == "table" else "",
        tree=kind == "table" and entry.choice("rows", ("plain", "tree"), "plain") == "tree",
        heads=_heads(entry, columns),
        footers=_footers(entry, place, context, path),
        row_totals=_row_totals(entry, columns),
        row_head=entry.text("rows") if kind == "matrix" else "",
        matrix_columns=_matrix_columns(entry) if kind == "matrix" else (),
        matrix_total=entry.choice("total", ("row", "column", "both", "none"), "none") if kind == "matrix" else "none",
        title_field=_one_of(entry, "title", columns),
    )


def _misplaced(entry: Entry, kind: str, role: str) -> None:
    """Report keys that the type does not take."""
    for key in entry.keys if kind else ():
        types = _SPECIAL.get(key)
        if types is None or key not in entry:
            continue
        if kind not in types:
            entry.at(key).wrong(
                "catalogue-misplaced-key",
                say("A field of the type “{type}” has no “{key}”.", type=kind, key=key),
                say("“{key}” belongs to: {types}.", key=key, types=", ".join(types)),
            )
        elif role != "column" and (key in _COLUMN_ONLY or (key == "total" and kind != "matrix")):
            entry.at(key).wrong("catalogue-misplaced-key", say("“{key}” is for columns of a table only.", key=key))
    if role == "column" and kind in ("table", "matrix", "blocks", "sections"):
        entry.at("type").wrong(
            "catalogue-type",
            say("A column cannot be of the type “{type}”.", type=kind),
            say("Use “blocks” for groups that hold tables."),
        )


def _columns(entry: Entry, place: Place, context: Context, path: str) -> dict[str, Field]:
    if "columns" not in entry:
        entry.missing("columns")
    return read_fields(entry.get("columns"), place.at("columns"), context, inside=path, role="column")


def _choices(entry: Entry, kind: str) -> tuple[str, ...]:
    if kind != "choice":
        return ()
    choices = entry.texts("choices")
    if not choices and not entry.flag("open"):
        entry.missing("choices")
    if len(set(choices)) < len(choices):
        entry.at("choices").wrong("catalogue-repeated", say("A word stands twice among the choices."))
    if entry.text("default") and choices and entry.text("default") not in choices and not entry.flag("open"):
        entry.at("default").unknown(
            "value-choice", say("The default is none of the choices."), entry.text("default"), choices
        )
    return choices


def _kind(entry: Entry, kind: str) -> str:
    if kind == "range":
        return entry.choice("kind", ("date", "datetime", "month"), "")
    if kind == "matrix":
        return entry.choice("kind", (*SCALARS,), "money")
    return ""


def _signs(entry: Entry) -> dict[str, int]:
    signs: dict[str, int] = {}
    choices = [choice for _, choice in entry.placed_texts("choices")]
    for place, name, value in entry.named("sign"):
        if value not in ("+", "-"):
            place.wrong("catalogue-sign", say("The sign must be “+” or “-”, in quotes."))
            continue
        if choices and name not in choices:
            place.unknown("value-choice", say("“{value}” is none of the choices.", value=name), name, choices)
        signs[name] = 1 if value == "+" else -1
    return signs


def _one_of(entry: Entry, key: str, columns: Mapping[str, Field]) -> str:
    value = entry.text(key)
    if value and value not in columns:
        message = say("There is no field or column “{value}” here.", value=value)
        entry.at(key).unknown("catalogue-unknown-name", message, value, columns)
    return value


def _heads(entry: Entry, columns: Mapping[str, Field]) -> tuple[Head, ...]:
    heads = []
    for place, tree in entry.members("heads"):
        head = Entry.of(tree, place, ("name", "over"), ("name", "over"))
        heads.append(Head(name=head.text("name"), over=_column_list(head, "over", columns)))
    return tuple(heads)


def _row_totals(entry: Entry, columns: Mapping[str, Field]) -> tuple[RowTotal, ...]:
    totals = []
    for place, tree in entry.members("totals"):
        total = Entry.of(tree, place, ("of", "over", "less", "into"), ("over", "into"))
        total.choice("of", ("row",), "row")
        into = _one_of(total, "into", columns)
        over, less = _column_list(total, "over", columns), _column_list(total, "less", columns)
        totals.append(RowTotal(into=into, over=over, less=less))
    return tuple(totals)


def _column_list(entry: Entry, key: str, columns: Mapping[str, Field]) -> tuple[str, ...]:
    for place, name in entry.placed_texts(key):
        if name not in columns:
            message = say("There is no column “{name}” here.", name=name)
            place.unknown("catalogue-unknown-name", message, name, columns)
    return entry.texts(key)


def _footers(entry: Entry, place: Place, context: Context, path: str) -> dict[str, Expression | None]:
    footers: dict[str, Expression | None] = {}
    tree = entry.get("footers")
    if isinstance(tree, dict):
        for name, formula in tree.items():
            at = place.at("footers", name)
            footers[name] = None if formula is None else context.expression(formula, at, table=path)
        return footers
    return dict.fromkeys(entry.texts("footers"))


def _matrix_columns(entry: Entry) -> tuple[str, ...]:
    value = entry.get("columns")
    if value is None or value == "from-record":
        return ()
    if isinstance(value, str):
        entry.at("columns").wrong("wrong-shape", say("A matrix takes a list of columns, or “from-record”."))
        return ()
    return entry.texts("columns")
