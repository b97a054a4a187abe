"""What fields and columns themselves promise: `of`, `previous`, the lines below a table, totals and trees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.catalogue import Field
from schoolpub.rules.chinese_numerals import amount_in_words
from schoolpub.rules.expressions import Expression, ExpressionError, compile_expression, evaluate, in_words
from schoolpub.rules.judge.found import problem
from schoolpub.rules.judge.lines import Line
from schoolpub.rules.judge.rules import Bench
from schoolpub.rules.judge.sides import is_fraction, measure, shown
from schoolpub.rules.previous import starts_year
from schoolpub.rules.tolerance import figure, scale
from schoolpub.rules.totals import differences, row_name
from schoolpub.rules.values import InWords, Matrix, Number, Table, Value

_FORMULA = re.compile(r"[\d.,()+\-*/ ]+", re.ASCII)
_SIGNS = str.maketrans("×xX÷（）＋－－＝", "***/()+---")


def judge_field(bench: Bench, field: Field, value: Value, where: Where) -> Iterator[Problem]:
    """Yield what is wrong with *value* by what *field* itself says."""
    try:
        if field.type == "table" and isinstance(value, Table):
            yield from _table(bench, field, value, where)
        elif field.type == "matrix" and isinstance(value, Matrix):
            yield from _differences(bench, field, value, where)
        elif field.type == "blocks":
            yield from _blocks(bench, field, value, where)
        elif field.of is not None:
            yield from _of(bench, field, value, where, field.key)
    except ExpressionError as error:
        message = say("a rule of the catalogue cannot be judged: {reason}", reason=error.message)
        yield problem(bench.scope.record, "rule-unreadable", message, where)


def _blocks(bench: Bench, field: Field, value: Value, where: Where) -> Iterator[Problem]:
    scope = bench.scope
    for index, entry in enumerate(value):
        line = Line(entry, field, value, index, (*where, index))
        for key, inner in field.columns.items():
            scope.line, scope.bare = line, True
            if entry.get(key) is not None:
                yield from judge_field(bench, inner, entry[key], (*where, index, key))
    scope.line, scope.bare = None, False


def _differences(bench: Bench, field: Field, value: Table | Matrix, where: Where) -> Iterator[Problem]:
    for found in differences(value, field):
        place = (*where, *found.where)
        told = problem(bench.scope.record, found.code, found.message, place, name=found.name, level=found.level)
        yield replace(told, fix=found.fix) if found.fix is not None else told


def _table(bench: Bench, field: Field, table: Table, where: Where) -> Iterator[Problem]:
    yield from _differences(bench, field, table, where)
    for name, expression in field.footers.items():
        if expression is not None and isinstance(printed := table.footers.get(name), Number):
            place = (*where, "footers", name)
            yield from _against(bench, expression, printed, name, place, "footer", f"{field.key}.{name}")
    asked = [column for column in field.columns.values() if column.of is not None]
    if asked:
        yield from _column_of(bench, field, table, asked, where)


def _column_of(bench: Bench, field: Field, table: Table, columns: list[Field], where: Where) -> Iterator[Problem]:
    """Judge the columns that must equal an expression, row by row; `row.` may be left out in it."""
    scope = bench.scope
    outer = scope.line, scope.bare
    place = where if table.listed else (*where, "rows")
    scope.bare = True
    for index, row in enumerate(table.rows):
        scope.line = Line(row.cells, field, table, index, (*place, index), row.level)
        for column in columns:
            cell = row.cells.get(column.key)
            if cell is not None:
                spot = (*place, index, column.key)
                yield from _of(bench, column, cell, spot, f"{field.key}.{column.key}", row_name(row, field, index))
    scope.line, scope.bare = outer


def _of(bench: Bench, field: Field, value: Value, where: Where, name: str, row: str = "") -> Iterator[Problem]:
    """Compare words, a formula or a percentage with the figure that it must equal."""
    assert field.of is not None
    if isinstance(value, InWords):
        yield from _words(bench, field, value, where, name)
    elif isinstance(value, str):
        yield from _formula(bench, field, value, where, name)
    elif isinstance(value, Number):
        yield from _against(bench, field.of, value, field.name, where, field.type, name, row)


def _words(bench: Bench, field: Field, value: InWords, where: Where, name: str) -> Iterator[Problem]:
    assert field.of is not None
    amount = evaluate(field.of, bench.scope)
    if not isinstance(amount, Decimal) or amount == value.amount:
        return
    message = say(
        "{name} says {words}, that is {said}; {figure} is {amount}, difference {difference}",
        name=field.name,
        words=value.text,
        said=figure(value.amount, "元"),
        figure=in_words(field.of, bench.names),
        amount=figure(amount, "元"),
        difference=figure(amount - value.amount, "元"),
    )
    found = problem(bench.scope.record, "words-differ", message, where, name=name)
    yield _with_words(found, amount)


def _with_words(found: Problem, amount: Decimal) -> Problem:
    try:
        words = amount_in_words(amount)
    except ValueError:
        return found
    return replace(found, fix=say("If the figure is right, write {words}.", words=words)) if found.fix else found


def _formula(bench: Bench, field: Field, value: str, where: Where, name: str) -> Iterator[Problem]:
    """Compute a formula written with figures (180×620+300) and compare it; one with words in it is not judged."""
    assert field.of is not None
    plain = value.translate(_SIGNS).rstrip("-= ").replace(",", "")
    if not _FORMULA.fullmatch(plain) or not any(c.isdigit() for c in plain):
        return
    try:
        computed = evaluate(compile_expression(plain.strip()), bench.scope)
    except ExpressionError:
        return
    amount = evaluate(field.of, bench.scope)
    if not isinstance(computed, Decimal) or not isinstance(amount, Decimal) or computed == amount:
        return
    unit = bench.scope.unit(_path(field.of))
    size = scale(unit)
    if level := measure(computed * size, amount, unit, None, 1):
        message = say(
            "{formula} = {computed}, but {figure} is entered as {amount}; difference {difference}",
            formula=value,
            computed=figure(computed, unit),
            figure=in_words(field.of, bench.names),
            amount=figure(amount / size, unit),
            difference=figure(computed - amount / size, unit),
        )
        yield problem(bench.scope.record, "formula-differs", message, where, name=name, level=level)


def _path(expression: Expression) -> tuple[str, ...]:
    return next(iter(sorted(expression.names)), ("",))


def _against(
    bench: Bench,
    expression: Expression,
    entered: Number,
    told: str,
    where: Where,
    code: str,
    name: str,
    row: str = "",
) -> Iterator[Problem]:
    """Compare a number that was entered with what *expression* computes."""
    scope = bench.scope
    computed = evaluate(expression, scope)
    if not isinstance(computed, Decimal):
        return
    size, unit = scale(entered.unit), entered.unit
    if code == "percent" and is_fraction(expression.tree):
        computed *= 100
    rows = max(sum(scope.count(path) for path in expression.names), 1) if "万" in unit else 1
    places = entered.places
    level = measure(computed, entered.amount * size, unit, places, rows)
    if level is None:
        return
    exact, difference = None if unit.endswith("元") else places, computed / size - entered.amount
    message: Text = say(
        "{formula} = {computed}, but {name} is entered as {entered}; difference {difference}",
        formula=in_words(expression, bench.names),
        computed=figure(computed / size, unit, shown(computed / size, unit, exact)),
        name=told,
        entered=figure(entered.amount, unit, exact),
        difference=figure(difference, unit, shown(difference, unit, exact)),
    )
    if row:
        message = say("{row}: {message}", row=row, message=message)
    code = {"footer": "footer-differs", "percent": "percent-differs", "previous": "previous-differs"}.get(
        code, "of-differs"
    )
    yield problem(scope.record, code, message, where, name=name, level=level)


def judge_previous(bench: Bench, field: Field, table: Table, where: Where) -> Iterator[Problem]:
    """Judge the columns that carry on from the record before (ytd = last ytd + month), reset at the accounting year.

    Where the year begins no other record is needed for it.
    """
    columns = [column for column in field.columns.values() if column.previous is not None]
    scope = bench.scope
    if not columns or scope.record.period is None:
        return
    scope.reset = starts_year(scope.record.period, scope.item.year_starts)
    if not scope.reset and not scope.outside:
        return
    try:
        lines = scope.lines(field.key) if where == ("fields", field.key) else []
        for line in lines:
            scope.line = line
            for column in columns:
                cell = line.cells.get(column.key)
                if isinstance(cell, Number) and column.previous is not None:
                    spot = (*line.where, column.key)
                    name = f"{field.key}.{column.key}"
                    row = row_name(table.rows[line.index], field, line.index)
                    yield from _against(bench, column.previous, cell, column.name, spot, "previous", name, row)
        if not scope.reset:
            yield from _vanished(bench, field, lines, columns, where)
    except ExpressionError as error:
        message = say("a rule of the catalogue cannot be judged: {reason}", reason=error.message)
        yield problem(scope.record, "rule-unreadable", message, where)
    finally:
        scope.line, scope.reset = None, False


def _vanished(bench: Bench, field: Field, lines: list[Line], columns: list[Field], where: Where) -> Iterator[Problem]:
    """Warn of rows of the record before that carried a sum and are gone."""
    before, begun = bench.scope.carried
    if before is None or begun or not field.row_key:
        return
    present = {line.key for line in lines}
    for line in before.lines(field.key):
        carried = [cell for c in columns if isinstance(cell := line.cells.get(c.key), Number) and cell.amount]
        if line.key and line.key not in present and carried:
            message = say(
                "{table}: the row {row} of {record}, with {amount}, is missing here",
                table=field.name,
                row=line.key[-1],
                record=before.record.id,
                amount=figure(carried[0].amount, carried[0].unit),
            )
            yield problem(bench.scope.record, "row-missing", message, where, name=field.key, level=Level.WARNING)
