"""What the names in an item's expressions stand for: fields, columns, the row being judged, other records, settings.

Amounts in 万元 are given in 元, so that figures of two units can be compared; `unit` tells the one that was entered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from schoolpub.model.catalogue import Field, Item
from schoolpub.model.period import Period, PeriodKind
from schoolpub.model.record import Record
from schoolpub.rules.clock.calendar import workdays_between
from schoolpub.rules.expressions import EVERY_ROW, Given, Path
from schoolpub.rules.judge.given import given, setting
from schoolpub.rules.judge.known import Known
from schoolpub.rules.judge.lines import Line, lines_of, row_keys
from schoolpub.rules.totals import summed
from schoolpub.rules.values import NUMBER_TYPES, InWords, Number, Range, Row, Table, Value, Votes

_ZERO = Decimal(0)


class RecordScope:
    """What expressions see of one record."""

    __slots__ = (
        "_before", "_carried", "_keys", "bare", "item", "known", "line", "other", "outside", "record", "reset", "values"
    )  # fmt: skip

    def __init__(
        self, record: Record, item: Item, values: Mapping[str, Value], known: Known, *, outside: bool = True
    ) -> None:
        self.record = record
        self.item = item
        self.values = values
        self.known = known
        self.outside = outside
        self.line: Line | None = None
        """The row that `row.` means."""
        self.bare = False
        """Whether the row's columns may be named without `row.`."""
        self.other: RecordScope | None = None
        """The record that `other.` means."""
        self.reset = False
        """Whether the accounting year begins: what the rows before had counts as nothing."""
        self._before: RecordScope | bool | None = False
        self._carried: tuple[RecordScope | None, bool] | None = None
        self._keys: dict[str, dict[tuple[str, ...], Row]] = {}

    def resolve(self, path: Path) -> Given:
        """Return what the dotted name *path* stands for."""
        return given(self.find(path), self._column_of(path))

    def workdays(self, first: date, last: date) -> int:
        """Return the number of working days from *first* to *last*, both counted."""
        return workdays_between(first, last, self.known.snapshot.calendar)

    def unit(self, path: Path) -> str:
        """Return the unit in which the value called *path* was entered; `%` for a percentage."""
        found = self.find(path)
        cells = found if isinstance(found, list) else [found]
        return next((cell.unit for cell in cells if isinstance(cell, Number)), "元" if type(found) is InWords else "")

    def count(self, path: Path) -> int:
        """Return how many figures stand behind *path*."""
        found = self.find(path)
        return sum(isinstance(cell, Number) for cell in found) if isinstance(found, list) else 1

    def places(self, path: Path) -> int | None:
        """Return with how many decimals the number called *path* was entered."""
        found = self.find(path)
        return found.places if isinstance(found, Number) else None

    def find(self, path: Path) -> Value:
        """Return the value called *path* as it was read; of a column the list of its cells."""
        head = path[0]
        line = self.line
        if head == "row":
            return self._in_line(line, path[1:]) if line else None
        if head == EVERY_ROW:
            return self._column(line.field, line.table, path[1:]) if line else None
        if self.bare and line and head in line.field.columns:
            return self._in_line(line, path)
        if (field := self.item.fields.get(head)) is not None:
            return self._member(field, self.values.get(head), path[1:])
        if head == "previous":
            return self._previous(path[1:])
        if head == "other":
            return self.other.find(path[1:]) if self.other else None
        if head == "period":
            return self._period(path[1:])
        if head == "school":
            return setting(self.known.snapshot.school, "_".join(path[1:]))
        return self.record.date if path == ("date",) else None

    def _column_of(self, path: Path) -> Field | None:
        """Return the column that *path* names, to know whether its empty cells count as zero."""
        line = self.line
        if line and (path[0] in ("row", EVERY_ROW) or (self.bare and path[0] in line.field.columns)):
            return line.field.columns.get(path[-1])
        if line and path[:2] == ("previous", "row"):
            return line.field.columns.get(path[-1])
        field = self.item.fields.get(path[0])
        return field.columns.get(path[1]) if field is not None and len(path) > 1 else field

    def _in_line(self, line: Line, path: Path) -> Value:
        if path[0] not in line.field.columns and path == ("level",):
            return Number(Decimal(line.level), str(line.level))
        column = line.field.columns.get(path[0])
        return self._member(column, line.cells.get(path[0]), path[1:])

    def _member(self, field: Field | None, value: Value, path: Path) -> Value:
        """Return the part *path* of *value*: a column, an end of a range, a field of the record that it refers to."""
        if not path or value is None or field is None:
            return value
        if field.type in ("table", "blocks"):
            return self._column(field, value, path)
        if field.type == "reference":
            record = self.known.current(value) if isinstance(value, str) else None
            scope = self.of(record) if record else None
            return scope.find(path) if scope else None
        if isinstance(value, Range):
            return _begin(value.first) if path[0] in ("from", "first") else _end(value.last)
        if isinstance(value, Period):
            return value.first if path[0] == "first" else value.last
        if isinstance(value, Votes):
            return _votes(value, path[0])
        return None

    def _column(self, field: Field, value: Value, path: Path) -> Value:
        """Return the cells of a column, those of a number column as they enter its sum."""
        if len(path) > 1 and isinstance(value, tuple):
            inner = field.columns.get(path[0])
            groups = [self._member(inner, entry.get(path[0]), path[1:]) for entry in value]
            return [cell for group in groups for cell in (group if isinstance(group, list) else [group])]
        if isinstance(value, tuple):
            return [entry.get(path[0]) for entry in value]
        if not isinstance(value, Table):
            return None
        column = field.columns.get(path[0])
        if column is not None and column.type in NUMBER_TYPES:
            return summed(value, field, path[0])
        return [self._member(column, row.cells.get(path[0]), path[1:]) for row in value.rows]

    def of(self, record: Record) -> RecordScope | None:
        """Return the scope of another *record*."""
        found = self.known.values(record)
        return RecordScope(record, found[0], found[1], self.known) if found else None

    @property
    def before(self) -> RecordScope | None:
        """The record of the period before."""
        if isinstance(self._before, bool):
            record = self.known.before(self.record, self.item)
            self._before = self.of(record) if record else None
        return self._before

    @property
    def carried(self) -> tuple[RecordScope | None, bool]:
        """The record whose sums carry over, and whether an accounting year began after it.

        It is the record before, or the last one before the zero reports between.
        """
        if self._carried is None:
            if self.before is None or not self.before.record.zero:
                self._carried = self.before, False
            else:
                record, begun = self.known.carrying(self.record, self.item)
                self._carried = self.of(record) if record else None, begun
        return self._carried

    def _previous(self, path: Path) -> Value:
        if path and path[0] == "row":
            return self._previous_cell(path[1:])
        found = self.before.find(path) if self.before and path else None
        last, _ = self.carried
        return last.find(path) if found is None and last and path else found

    def _previous_cell(self, path: Path) -> Value:
        """Return the cell of the same row in the record before; a row that was not there yet counts as nothing."""
        line = self.line
        if line is None or not path or (column := line.field.columns.get(path[0])) is None:
            return None
        nothing = Number(_ZERO, "0") if column.type in NUMBER_TYPES else None
        if self.reset:
            return nothing
        last, begun = self.carried
        if begun and line.key:
            return nothing
        if last is None or not line.key:
            return None
        row = last.row(line.field.key, line.key)
        return nothing if row is None else self._member(column, row.cells.get(path[0]), path[1:])

    def row(self, table: str, key: tuple[str, ...]) -> Row | None:
        """Return the row of *table* that *key* identifies."""
        if table not in self._keys:
            value, field = self.values.get(table), self.item.fields.get(table)
            rows = value.rows if isinstance(value, Table) and field else ()
            paths = row_keys(rows, field.row_key) if field else []
            self._keys[table] = dict(zip(reversed(paths), reversed(rows), strict=True))
        return self._keys[table].get(key)

    def lines(self, each: str) -> list[Line]:
        """Return the rows of the table or block called *each* (`awards.winners` for tables inside blocks)."""
        head, _, rest = each.partition(".")
        field = self.item.fields.get(head)
        return lines_of(field, self.values.get(head), rest, ("fields", head)) if field else []

    def _period(self, path: Path) -> Value:
        period = self.record.period
        if period is None or len(path) != 1:
            return None
        first, last = period.first, period.last
        if term := self.known.snapshot.calendar.term(period.text):
            first, last = term.first, term.last
        month = first.month if period.kind is PeriodKind.MONTH else None
        quarter = (first.month + 2) // 3 if period.kind in (PeriodKind.MONTH, PeriodKind.QUARTER) else None
        week = first.isocalendar().week if period.kind is PeriodKind.WEEK else None
        parts = {"year": period.year, "month": month, "quarter": quarter, "week": week}
        if path[0] in parts:
            number = parts[path[0]]
            return None if number is None else Number(Decimal(number), str(number))
        return {"first": first, "last": last}.get(path[0])


def _begin(point: date | Period) -> date:
    return point.first if isinstance(point, Period) else point


def _end(point: date | Period | None) -> date | None:
    return point.last if isinstance(point, Period) else point


def _votes(votes: Votes, part: str) -> Value:
    if part == "unanimous":
        return votes.unanimous
    number = {"for": votes.agree, "against": votes.against, "abstain": votes.abstain}.get(part)
    return None if number is None else Number(Decimal(number), str(number))
