"""The value of an expression in a scope, with exact numbers of bounded length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from schoolpub.errors import say
from schoolpub.rules.expressions.tree import (
    Arithmetic,
    Call,
    CellWord,
    Choices,
    Comparison,
    Days,
    Expression,
    ExpressionError,
    Given,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Scope,
    Single,
    written,
)

_BOUNDED = Context(prec=40, Emax=60, Emin=-60, traps=[InvalidOperation, DivisionByZero, Overflow])
"""Forty digits are more than any account has; bigger numbers are refused instead of computed."""


def evaluate(expression: Expression, scope: Scope) -> Single:
    """Return the value of *expression*, None when a value that it needs is empty or a word.

    A division by zero gives None too: there is nothing to compare with.
    """
    try:
        value = _value(expression.tree, scope)
    except (InvalidOperation, Overflow):
        raise ExpressionError(say("The numbers in “{text}” are too big to compute.", text=expression.text)) from None
    return None if isinstance(value, CellWord) else _single(value, expression.tree)


def _value(node: Node, scope: Scope) -> Given:
    match node:
        case Name():
            return scope.resolve(node.path)
        case Literal():
            return node.value
        case Arithmetic():
            return _arithmetic(_one(node.left, scope), node.sign, _one(node.right, scope), node)
        case Call():
            return _FUNCTIONS[node.function](node.arguments, scope)
        case Comparison():
            return _comparison(node, scope)
        case Logic():
            return _logic(node, scope)
        case Not():
            truth = _truth(node.inner, scope)
            return None if truth is None else not truth
        case Negative():
            number = _number(_one(node.inner, scope), node.inner)
            return None if number is None else -number
        case Choices():
            raise _mismatch(node)


def _one(node: Node, scope: Scope) -> Single:
    return _single(_value(node, scope), node)


def _single(value: Given, node: Node) -> Single:
    if value is None or isinstance(value, Decimal | date | str | bool | Days):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Sequence):
        raise ExpressionError(
            say("“{part}” is a whole column or list, not one value.", part=written(node)),
            fix=say("Use sum(), count(), min() or max() over it."),
        )
    raise _mismatch(node)


def _mismatch(node: Node) -> ExpressionError:
    return ExpressionError(say("The values in “{part}” do not fit together.", part=written(node)))


def _number(value: Single, node: Node) -> Decimal | None:
    """Return *value* as a number, None when it is empty or a word."""
    match value:
        case None | CellWord():
            return None
        case Decimal():
            return value
        case Days():
            return Decimal(value)
    raise ExpressionError(say("“{part}” is not a number.", part=written(node)))


def _arithmetic(left: Single, sign: str, right: Single, node: Arithmetic) -> Single:
    if left is None or right is None or isinstance(left, CellWord) or isinstance(right, CellWord):
        return None
    if isinstance(left, date) or isinstance(right, date):
        return _moved(left, sign, right, node)
    if isinstance(left, Days) and isinstance(right, Days) and sign in "+-":
        return Days(left + right if sign == "+" else left - right)
    first, second = _number(left, node.left), _number(right, node.right)
    assert first is not None and second is not None
    match sign:
        case "+":
            return _BOUNDED.add(first, second)
        case "-":
            return _BOUNDED.subtract(first, second)
        case "*":
            return _BOUNDED.multiply(first, second)
    return None if second == 0 else _BOUNDED.divide(first, second)


def _moved(left: Single, sign: str, right: Single, node: Arithmetic) -> date | Days:
    try:
        if isinstance(left, date) and isinstance(right, date) and sign == "-":
            return Days((_day(left) - _day(right)).days)
        if isinstance(left, date) and isinstance(right, Days) and sign in "+-":
            return left + timedelta(right if sign == "+" else -right)
        if isinstance(left, Days) and isinstance(right, date) and sign == "+":
            return right + timedelta(left)
    except OverflowError:
        raise ExpressionError(say("“{part}” leads out of the calendar.", part=written(node))) from None
    raise ExpressionError(
        say("The values in “{part}” do not fit together.", part=written(node)),
        fix=say("A date takes a number of days: date + days(30)."),
    )


def _day(value: date) -> date:
    """Return *value* without a time of day (a datetime is a date, too)."""
    return date(value.year, value.month, value.day)


def _comparison(node: Comparison, scope: Scope) -> bool | None:
    left = _one(node.first, scope)
    unknown = False
    for sign, part in node.rest:
        if isinstance(part, Choices):
            truths = [_compared(left, "==", _one(member, scope), node) for member in part.members]
            found: bool | None = True if True in truths else None if None in truths else False
            truth = found if sign == "in" or found is None else not found
        else:
            right = _one(part, scope)
            truth = _compared(left, sign, right, node)
            left = right
        if truth is False:
            return False
        unknown = unknown or truth is None
    return None if unknown else True


def _compared(left: Single, sign: str, right: Single, node: Comparison) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, CellWord) or isinstance(right, CellWord):
        if not (isinstance(left, str) and isinstance(right, str)):
            return None
    elif not _alike(left, right):
        raise _mismatch(node)
    if isinstance(left, date) and isinstance(right, date) and type(left) is not type(right):
        # A moment compared with a day is compared by its day.
        left, right = _day(left), _day(right)
    match sign:
        case "==":
            return left == right
        case "!=":
            return left != right
    if isinstance(left, bool | str):
        raise ExpressionError(
            say("Texts and yes/no have no order: “{part}”.", part=written(node)), fix=say("Use == or !=.")
        )
    return _ORDERS[sign](left, right)


_ORDERS: dict[str, Callable[[object, object], bool]] = {
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}


def _alike(left: Single, right: Single) -> bool:
    return any(isinstance(left, kind) and isinstance(right, kind) for kind in (str, date, bool, Decimal | Days))


def _truth(node: Node, scope: Scope) -> bool | None:
    value = _one(node, scope)
    if value is None or isinstance(value, CellWord):
        return None
    if isinstance(value, bool):
        return value
    raise ExpressionError(say("“{part}” is neither yes nor no.", part=written(node)), fix=say("Write a comparison."))


def _logic(node: Logic, scope: Scope) -> bool | None:
    """Return the joined truth; one part that decides alone (no of `and`, yes of `or`) outweighs an unknown one."""
    deciding = node.word == "or"
    unknown = False
    for part in node.parts:
        truth = _truth(part, scope)
        if truth is deciding:
            return deciding
        unknown = unknown or truth is None
    return None if unknown else not deciding


def _list(value: Given) -> list[object] | None:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else None


def _sum(arguments: tuple[Node, ...], scope: Scope) -> Decimal:
    result = Decimal(0)
    for node in arguments:
        value = _value(node, scope)
        cells = _list(value)
        for cell in [value] if cells is None else cells:
            number = _number(_cell(cell, node), node)
            if number is not None:
                result = _BOUNDED.add(result, number)
    return result


def _cell(cell: object, node: Node) -> Single:
    if cell is None or isinstance(cell, Decimal | date | str | bool | Days):
        return cell
    if isinstance(cell, int):
        return Decimal(cell)
    raise ExpressionError(
        say("“{part}” is a whole table: name one of its columns.", part=written(node)),
        fix=say("Write for example sum(income.month)."),
    )


def _count(arguments: tuple[Node, ...], scope: Scope) -> Decimal:
    value = _value(arguments[0], scope)
    cells = _list(value)
    return Decimal(sum(cell is not None for cell in ([value] if cells is None else cells)))


def _extreme(arguments: tuple[Node, ...], scope: Scope, sign: str) -> Single:
    """Return the smallest (`<`) or greatest value; empty cells of a column are skipped, an empty field is not."""
    candidates: list[tuple[Single, Node]] = []
    for node in arguments:
        value = _value(node, scope)
        cells = _list(value)
        if cells is None:
            if value is None or isinstance(value, CellWord):
                return None
            candidates.append((_cell(value, node), node))
        else:
            singles = (_cell(cell, node) for cell in cells)
            candidates += [(cell, node) for cell in singles if cell is not None and not isinstance(cell, CellWord)]
    best: Single = None
    for candidate, node in candidates:
        if best is None or _compared(candidate, sign, best, Comparison(node, ((sign, node),))):
            best = candidate
    return best


def _share(arguments: tuple[Node, ...], scope: Scope) -> Decimal | None:
    part, whole = (_number(_one(node, scope), node) for node in arguments)
    if part is None or whole is None or whole == 0:
        return None
    return _BOUNDED.divide(_BOUNDED.multiply(part, Decimal(100)), whole)


def _days(arguments: tuple[Node, ...], scope: Scope) -> Days | None:
    if len(arguments) == 2:
        between = _ends(arguments, scope)
        return None if between is None else Days((between[1] - between[0]).days + 1)
    number = _number(_one(arguments[0], scope), arguments[0])
    if number is None:
        return None
    if number != int(number) or abs(number) > 100_000:
        raise ExpressionError(say("“{part}” is not a number of days.", part=written(arguments[0])))
    return Days(number)


def _workdays(arguments: tuple[Node, ...], scope: Scope) -> Decimal | None:
    between = _ends(arguments, scope)
    return None if between is None else Decimal(scope.workdays(*between))


def _ends(arguments: tuple[Node, ...], scope: Scope) -> tuple[date, date] | None:
    found: list[date] = []
    for node in arguments:
        value = _one(node, scope)
        if value is None or isinstance(value, CellWord):
            return None
        if not isinstance(value, date):
            raise ExpressionError(say("“{part}” is not a date.", part=written(node)))
        found.append(_day(value))
    return found[0], found[1]


def _present(arguments: tuple[Node, ...], scope: Scope) -> bool:
    value = _value(arguments[0], scope)
    cells = _list(value)
    return value is not None and value != "" if cells is None else any(cell is not None for cell in cells)


_FUNCTIONS: dict[str, Callable[[tuple[Node, ...], Scope], Single]] = {
    "sum": _sum,
    "total": _sum,
    "count": _count,
    "min": lambda arguments, scope: _extreme(arguments, scope, "<"),
    "max": lambda arguments, scope: _extreme(arguments, scope, ">"),
    "share": _share,
    "days": _days,
    "workdays": _workdays,
    "present": _present,
}
