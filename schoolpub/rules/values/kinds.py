"""What a field can hold once it has been read: plain frozen values that remember how they were entered.

============================  ==========================================================================
type in the catalogue          value
============================  ==========================================================================
text, long-text, choice …      `str` (also person, post, organisation, url, email, document-number,
                               telephone, reference, formula)
sections, hours                `str`, or a tuple of `Section` or `Hours` when they were entered as a list
date, datetime                 `date`, `datetime`
month, period                  `Period`
range                          `Range`
money, integer, decimal …      `Number`; or `Word` where a word, `-` or `/` stands in a number's place
words                          `InWords`
yes-no                         `bool`
list                           tuple of `str`
telephones, documents          tuple of `Telephone`, of `Document`
account, votes                 `Account`, `Votes`
table, matrix, blocks          `Table`, `Matrix`, tuple of mappings
============================  ==========================================================================

An empty value is None, which is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from schoolpub.model.catalogue import Field
from schoolpub.model.period import Period

Value: TypeAlias = Any
"""One of the values of the table above; callers narrow it by the field's type or with `isinstance`."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number, the text it was entered as, and its unit (元, 万元, %, 人 …)."""

    amount: Decimal
    text: str
    unit: str = ""

    @property
    def places(self) -> int:
        """How many decimals were entered."""
        return sum(c.isdecimal() for c in self.text.partition(".")[2])

    @property
    def names_unit(self) -> bool:
        """Whether the unit was entered with it: 23.52万元 in a table that is in 元, 4.5元/斤."""
        return "元" in self.text or "万" in self.text


@dataclass(frozen=True, slots=True)
class Word:
    """What stands in a number's place without being one: `-`, `/`, 据实收取, 不超过 60."""

    text: str
    bound: Decimal | None = None
    """The N of 不超过 N, 不低于 N, 约 N."""


@dataclass(frozen=True, slots=True)
class InWords:
    """An amount written in Chinese numerals (大写金额)."""

    amount: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """From one end to the other, both included; an open end is None."""

    first: date | Period
    """A `date`, a `datetime` (which is also a date) or a month."""
    last: date | Period | None
    text: str
    """As entered: `2026-11-03..2026-11-09`."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text below it."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Times of day on some weekdays: 周一至周五 08:00 to 17:00."""

    days: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Telephone:
    """A public number and whose it is."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document that something rests on."""

    title: str
    number: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Votes:
    """The outcome of a vote; numbers are None where only `unanimous` was entered."""

    method: str = ""
    agree: int | None = None
    """Entered as `for`."""
    against: int | None = None
    abstain: int | None = None
    unanimous: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a cell: 冬装 103.00."""

    name: str
    amount: Number


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: a value for each column that it fills."""

    cells: Mapping[str, Value]
    level: int = 1
    """Its depth in a tree, 1 to 4; always 1 in a plain table."""
    note: str = ""
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    """Column → the parts that its cell is the sum of."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, and the totals and other lines as the school printed them."""

    rows: tuple[Row, ...]
    unit: str = ""
    """The unit of its money columns."""
    totals: Mapping[str, Value] = field(default_factory=dict)
    """Column → printed total; empty when the school printed none."""
    footers: Mapping[str, Value] = field(default_factory=dict)
    """Printed line → a number, or a mapping of columns to numbers."""
    note: str = ""
    columns: Mapping[str, Field] = field(default_factory=dict)
    listed: bool = True
    """Whether it was entered as a bare list of rows, without `rows:` around it."""
    total_row: int | None = None
    """The position of the row that the totals were entered as: a last row called 合计."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row of a matrix: its label, a value for each column, the printed total."""

    label: str
    cells: Mapping[str, Value]
    total: Value = None
    note: str = ""
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table whose columns the record chose itself."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    unit: str = ""
    totals: Mapping[str, Value] = field(default_factory=dict)
    """Column → printed total; under `total` the sum of all."""
    note: str = ""
    sums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Column that is a sum in its row (内宿合计) → the columns that it is made of, each with +1 or -1."""
    total_row: int | None = None
    """The position of the row that the totals were entered as."""
    listed: bool = False
    """Whether it was entered as a bare list of rows."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that are no sums of others: those that make a row's total."""
        return tuple(column for column in self.columns if column not in self.sums)
