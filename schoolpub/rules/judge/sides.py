"""The two sides of a rule: how far they lie apart, how bad that is, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from schoolpub.errors import Level, Text, say
from schoolpub.rules.expressions import OUTSIDE, Expression, Single, in_words
from schoolpub.rules.expressions.tree import Arithmetic, Call, Literal, Name, Negative, Node
from schoolpub.rules.judge.scope import RecordScope
from schoolpub.rules.tolerance import PERCENT, figure, judge_money, judge_rounded, round_half_up, scale


@dataclass(frozen=True, slots=True)
class Apart:
    """Two sides that should agree and do not."""

    level: Level
    message: Text


def unit_of(node: Node, scope: RecordScope) -> str:
    """Return the unit of what *node* computes: 元, 万元, `%`, or nothing for a plain number."""
    match node:
        case Name():
            return scope.unit(node.path)
        case Negative():
            return unit_of(node.inner, scope)
        case Arithmetic():
            left, right = unit_of(node.left, scope), unit_of(node.right, scope)
            if node.sign == "/":
                return "" if right else left
            return left or right
        case Call():
            if node.function == "share":
                return PERCENT
            if node.function in ("sum", "min", "max", "total"):
                return next((unit for a in node.arguments if (unit := unit_of(a, scope))), "")
    return ""


def compare(
    left: Expression, right: Expression, a: Single, b: Single, scope: RecordScope, names: dict[str, str], *, most: bool
) -> Apart | None:
    """Return how *a* and *b*, the values of both sides, disagree; with *most* the left one may also be smaller."""
    told_left, told_right = in_words(left, names), in_words(right, names)
    if not isinstance(a, Decimal) or not isinstance(b, Decimal):
        message = say("{left} = {a}, but {right} = {b}", left=told_left, a=figure(a), right=told_right, b=figure(b))
        return Apart(Level.ERROR, message)
    if _is_own(left.tree) and not _is_own(right.tree) and not most:
        # The sentence ends with what the record itself says.
        left, right, a, b, told_left, told_right = right, left, b, a, told_right, told_left
    entered, computed = (right, left) if _is_own(right.tree) else (left, right)
    unit = unit_of(entered.tree, scope) or unit_of(computed.tree, scope)
    places = scope.places(entered.tree.path) if isinstance(entered.tree, Name) else None
    first, second = (a, b) if entered is right else (b, a)
    level = measure(first, second, unit, places, figures(left, right, scope), most=most and entered is right)
    if level is None:
        return None
    size, exact = scale(unit), None if unit.endswith("元") else places
    told = {
        "left": told_left,
        "right": told_right,
        "a": figure(a / size, unit, shown(a / size, unit, exact)),
        "b": figure(b / size, unit, shown(b / size, unit, exact)),
        "difference": figure((a - b) / size, unit, shown((a - b) / size, unit, exact)),
    }
    if most:
        if unit.endswith("元") and b > 0 and (excess := round_half_up((a - b) * 100 / b, 2)):
            told["difference"] += f"（{figure(excess, PERCENT, 2)}）"
        message = say("{left} = {a} is more than {right} = {b}, by {difference}", **told)
    elif _is_own(right.tree):
        message = say("{left} = {a}, but {right} is entered as {b}; difference {difference}", **told)
    else:
        message = say("{left} = {a}, but {right} = {b}; difference {difference}", **told)
    return Apart(level, message)


def measure(
    computed: Decimal, entered: Decimal, unit: str, places: int | None, rows: int, *, most: bool = False
) -> Level | None:
    """Return how bad it is that *entered* stands where *computed* is right; both are in 元 where they are money."""
    if most and computed <= entered:
        return None
    if unit.endswith("元"):
        size = scale(unit)
        if size == 1 and computed != round_half_up(computed, 2):
            # A product or a quotient: the figure beside it is its rounding to the cent.
            return judge_rounded(computed, entered, 2)
        return judge_money((computed - entered) / size, unit, rows)
    if unit == PERCENT or (places is not None and computed != round_half_up(computed, places)):
        return judge_rounded(computed, entered, 2 if places is None else places)
    return Level.ERROR if computed != entered else None


def figures(left: Expression, right: Expression, scope: RecordScope) -> int:
    """Return how many figures enter both sides besides the one that they make."""
    names = left.names | right.names
    return sum(scope.count(path) for path in names) - 1


def shown(amount: Decimal, unit: str, places: int | None) -> int | None:
    """Return the decimals that show *amount* beside a figure with *places*: two more where it is not exact.

    A percentage needs no more than two: 103.81% says enough beside 100%, and 73.54% beside 71.33%.
    """
    if places is None or amount == round_half_up(amount, places):
        return places
    return max(places, 2) if unit == PERCENT else places + 2


def _is_own(node: Node) -> bool:
    """Return whether *node* names one value of the record itself."""
    return isinstance(node, Name) and node.path[0] not in OUTSIDE


def is_fraction(node: Node) -> bool:
    """Return whether *node* gives a part of one (0.16) and not a percentage (16)."""
    return isinstance(node, Arithmetic) and node.sign == "/" and not _hundred(node)


def _hundred(node: Node) -> bool:
    match node:
        case Literal():
            return node.value == 100
        case Arithmetic():
            return _hundred(node.left) or _hundred(node.right)
        case Negative():
            return _hundred(node.inner)
    return False
