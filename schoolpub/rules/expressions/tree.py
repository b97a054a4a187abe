"""What an expression is made of once it is read: a tree of plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeAlias

from schoolpub.errors import SchoolpubError

EVERY_ROW = "*"
"""First part of the path that `total(column)` asks for: the column in every row of the table being judged."""


class CellWord(str):
    """A word in a number's place (据实, `-`, `/`): comparable with texts, but nothing can be computed with it."""

    __slots__ = ()


class Days(int):
    """A number of calendar days, as `days(30)` and the difference of two dates give it."""

    __slots__ = ()


Single: TypeAlias = Decimal | date | str | bool | Days | None
"""One value; None is empty, a `CellWord` is a word where a number was expected."""
Given: TypeAlias = Single | Sequence[object]
"""What a name stands for: one value, or a list where it is a whole column, table, matrix or list."""
Path: TypeAlias = tuple[str, ...]


class Scope(Protocol):
    """What an expression may know, provided by who evaluates it."""

    def resolve(self, path: Path) -> Given:
        """Return the value of a dotted name.

        `("balance_start",)` a field; `("income", "month")` a column: the list of its cells that enter sums, already
        with their sign, of a tree only the top level; `("income",)` the list of rows; `("row", "month")` the cell of
        the row being judged, `("row", "level")` its level; `("*", "month")` the column of the table being judged;
        `("previous", …)`, `("other", …)`, `("school", "large_sum")`, `("period", "month")`; `("contract", "amount")`
        through a reference.  None stands for what is absent, `CellWord` for a word in a number's place.
        """

    def workdays(self, first: date, last: date) -> int:
        """Return the number of working days from *first* to *last*, both counted."""


class ExpressionError(SchoolpubError):
    """An expression cannot be read, or its values do not fit its operations."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, yes or no."""

    value: Decimal | str | bool


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name."""

    path: Path


@dataclass(frozen=True, slots=True)
class Negative:
    """A value with its sign turned."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Not:
    """A condition turned round."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left sign right`, the sign one of `+ - * /`."""

    left: Node
    sign: str
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """A chain such as `a <= b < c`: the first value, then pairs of sign and value."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """The list at the right of `in`."""

    members: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions joined by `and` or by `or`."""

    word: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One of `FUNCTIONS` with its arguments."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Literal | Name | Negative | Not | Arithmetic | Comparison | Choices | Logic | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression, read once."""

    text: str
    names: frozenset[Path]
    """Every dotted name in it; the argument of `total` begins with `EVERY_ROW`."""
    looks_outside: bool
    """Whether it needs other records or the school's settings."""
    tree: Node = field(repr=False, compare=False)


FUNCTIONS = {
    "sum": (1, 9),
    "count": (1, 1),
    "min": (1, 9),
    "max": (1, 9),
    "share": (2, 2),
    "total": (1, 1),
    "days": (1, 2),
    "workdays": (2, 2),
    "present": (1, 1),
}
"""Function → least and greatest number of arguments."""
OUTSIDE = frozenset({"previous", "other", "school"})
"""First parts of names that lead out of the record."""


_SIGN_RANK = {"+": 4, "-": 4, "*": 5, "/": 5}


def written(node: Node) -> str:
    """Return *node* as it may be written in the catalogue again."""
    return _written(node, 0)


def _written(node: Node, rank: int) -> str:
    own, text = _with_rank(node)
    return f"({text})" if own < rank else text


def _with_rank(node: Node) -> tuple[int, str]:
    """Return how tightly the outermost operation of *node* binds, and its text."""
    match node:
        case Literal(value):
            quote = '"' if "'" in str(value) else "'"
            text = f"{quote}{value}{quote}" if isinstance(value, str) else str(value)
            return 9, ("yes" if value else "no") if isinstance(value, bool) else text
        case Name(path):
            return 9, ".".join(path[1:] if path[0] == EVERY_ROW else path)
        case Negative(inner):
            return 6, "-" + _written(inner, 6)
        case Not(inner):
            return 2, "not " + _written(inner, 2)
        case Arithmetic(left, sign, right):
            own = _SIGN_RANK[sign]
            return own, f"{_written(left, own)} {sign} {_written(right, own + 1)}"
        case Comparison(first, rest):
            return 3, _written(first, 4) + "".join(f" {sign} {_written(part, 4)}" for sign, part in rest)
        case Choices(members):
            return 9, "[" + ", ".join(written(member) for member in members) + "]"
        case Logic(word, parts):
            own = 1 if word == "and" else 0
            return own, f" {word} ".join(_written(part, own + 1) for part in parts)
        case Call(function, arguments):
            return 9, f"{function}({', '.join(written(argument) for argument in arguments)})"
