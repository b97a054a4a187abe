"""Named checks that count heads and answers: who chose, who works here, who was satisfied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from schoolpub.errors import Level, say
from schoolpub.rules.judge.finding import Finding, number
from schoolpub.rules.judge.scope import RecordScope
from schoolpub.rules.tolerance import PERCENT, figure, judge_rounded
from schoolpub.rules.values import Matrix, Number

_OURS = ("学生", "家长")
_FOUR_FIFTHS = Decimal(80)
_HUNDRED = Decimal(100)


def parents_and_pupils(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Report a choosing body of which pupils and parents are less than four fifths.

    *fields* are the columns of groups and of heads (`body.group`, `body.count`).  A body without any of them was not
    formed to choose for them, and is not judged.
    """
    table, counted = _by_group(scope, *fields)
    everybody = sum(counted.values(), Decimal(0))
    ours = sum((count for name, count in counted.items() if name.startswith(_OURS)), Decimal(0))
    if ours and ours * _HUNDRED < everybody * _FOUR_FIFTHS:
        message = say(
            "{ours} of {everybody} are pupils and parents, that is {share}, less than 80%",
            ours=figure(ours), everybody=figure(everybody), share=figure(ours * _HUNDRED / everybody, PERCENT, 2),
        )  # fmt: skip
        yield Finding(message, ("fields", table))


def groups_sum(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Report a way of grouping whose heads sum to none of the numbers that they may sum to.

    *fields* are the columns of ways of grouping and of heads (`staff_by.by`, `staff_by.count`), and then the keys of
    these numbers.
    """
    group, heads, *wholes = fields
    possible = {name: whole for name in wholes if (whole := number(scope, name)) is not None}
    if not possible:
        return
    table, counted = _by_group(scope, group, heads)
    for name, computed in counted.items():
        if computed in possible.values():
            continue
        nearest = min(possible, key=lambda key: abs(possible[key] - computed))
        message = say(
            "{left} = {a}, but {right} = {b}; difference {difference}",
            left=name,
            a=figure(computed),
            right=scope.item.fields[nearest].name,
            b=figure(possible[nearest]),
            difference=figure(computed - possible[nearest]),
        )
        yield Finding(message, ("fields", table))


def _by_group(scope: RecordScope, group: str, heads: str) -> tuple[str, Mapping[str, Decimal]]:
    """Return the table and, by group, the sum of its heads."""
    table, _, column = group.partition(".")
    sums: dict[str, Decimal] = {}
    for line in scope.lines(table):
        name, count = line.cells.get(column), line.cells.get(heads.partition(".")[2])
        if isinstance(name, str) and isinstance(count, Number):
            sums[name] = sums.get(name, Decimal(0)) + count.amount
    return table, sums


def satisfied(scope: RecordScope, fields: tuple[str, ...]) -> Iterator[Finding]:
    """Report a rate of satisfaction that does not follow from the answers.

    *fields* are the rate, the grades that count as satisfied, then matrices of the answers (counts or shares of each
    question by grade).  With several questions the rate may be that of all answers, the mean of the questions, or that
    of one of them; a rate that is none of these is a warning.
    """
    rate, grades, *answers = fields
    printed, good = scope.values.get(rate), scope.values.get(grades)
    if not isinstance(printed, Number) or not isinstance(good, tuple):
        return
    for key in answers:
        matrix = scope.values.get(key)
        if not isinstance(matrix, Matrix):
            continue
        if missing := next((grade for grade in good if grade not in matrix.columns), None):
            message = say("{name} has no column {key}", name=scope.item.fields[key].name, key=missing)
            yield Finding(message, ("fields", grades), Level.WARNING)
            return
        rates = _rates(matrix, good)
        if not rates:
            continue
        levels = [judge_rounded(one, printed.amount, printed.places) for one in rates]
        if None in levels:
            return
        worst = Level.WARNING if len(rates) > 1 or Level.WARNING in levels else Level.ERROR
        message = say(
            "{formula} = {computed}, but {name} is entered as {entered}; difference {difference}",
            formula="＋".join(good),
            computed=figure(rates[0], PERCENT, max(printed.places, 2)),
            name=scope.item.fields[rate].name,
            entered=figure(printed.amount, PERCENT, printed.places),
            difference=figure(rates[0] - printed.amount, PERCENT, max(printed.places, 2)),
        )
        yield Finding(message, ("fields", rate), worst)
        return


def _rates(matrix: Matrix, good: tuple[str, ...]) -> list[Decimal]:
    """Return the rate of all answers together, then the mean of the questions and each one's own."""
    counted: list[tuple[Decimal, Decimal]] = []
    for row in matrix.rows:
        cells = {column: row.cells.get(column) for column in matrix.parts}
        amounts = {column: cell.amount for column, cell in cells.items() if isinstance(cell, Number)}
        if whole := sum(amounts.values(), Decimal(0)):
            counted.append((sum((amounts.get(grade, Decimal(0)) for grade in good), Decimal(0)), whole))
    if not counted:
        return []
    own = [part * _HUNDRED / whole for part, whole in counted]
    together = sum(part for part, _ in counted) * _HUNDRED / sum(whole for _, whole in counted)
    return [together] if len(own) == 1 else [together, sum(own, Decimal(0)) / len(own), *own]
