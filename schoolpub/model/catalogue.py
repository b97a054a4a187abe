"""The catalogue (校务公开目录): what may be disclosed, with which fields, rules, duties and flow.

An edition is complete in itself and compiled once from its YAML; a record names its edition and is judged by it
for ever.
The grammar of the files is `docs/file-format.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schoolpub.rules.expressions import Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTotal:
    """A column that is the sum of others in its row."""

    into: str
    over: tuple[str, ...]
    less: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A head over several columns of a table."""

    name: str
    over: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an item, or a column of a table: its Chinese name, its type and what the type needs."""

    key: str
    name: str
    type: str
    optional: bool = False
    help: str = ""
    privacy: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    open: bool = False
    unit: str = ""
    unit_from: str = ""
    words: tuple[str, ...] = ()
    empty_is_zero: bool = False
    to: tuple[str, ...] = ()
    kind: str = ""
    """For a range its ends (date, datetime, month); for a matrix the type of its cells."""
    of: Expression | None = None
    # columns
    total: bool = False
    parts: bool = False
    """A parent in a tree equals the sum of its children."""
    previous: Expression | None = None
    sign: Mapping[str, int] = field(default_factory=dict)
    """Choice → +1 or -1: how the row enters sums."""
    merge: bool = False
    # tables, matrices, blocks
    columns: Mapping[str, Field] = field(default_factory=dict)
    """Columns of a table, or the fields of a block."""
    row_key: str = ""
    tree: bool = False
    heads: tuple[Head, ...] = ()
    footers: Mapping[str, Expression | None] = field(default_factory=dict)
    row_totals: tuple[RowTotal, ...] = ()
    row_head: str = ""
    """The head of a matrix's first column (年级)."""
    matrix_columns: tuple[str, ...] = ()
    """Fixed columns of a matrix; empty when each record chooses its own."""
    matrix_total: str = "none"
    title_field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One judgement of an item; `kind` is equal, at-most, need, record, order or check."""

    name: str
    kind: str
    left: Expression | None = None
    """The single expression of `need`, or the left side."""
    right: Expression | None = None
    when: Expression | None = None
    each: str = ""
    """The table whose rows are judged one by one."""
    level: str = "error"
    say: str = ""
    item: str = ""
    """For `record`: the item that must have a record."""
    where: Expression | None = None
    fields: tuple[str, ...] = ()
    """For `order` and `check`."""
    check: str = ""

    @property
    def own(self) -> bool:
        """Whether the rule looks at nothing but the record itself."""
        parts = (self.left, self.right, self.when)
        return self.kind != "record" and not any(e is not None and e.looks_outside for e in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a duty is due; exactly one form is filled."""

    day: int | None = None
    of: str = ""
    """`next-month` for `day`; for `within` and `before` the date they count from."""
    within: str = ""
    """`20wd` or `20d`."""
    before: str = ""
    month_day: str = ""
    """`01-31`, of `this-year` or `next-year`."""
    weekday: int | None = None
    same_day: bool = False
    roll: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What the catalogue makes the school owe: every so often, or on an event."""

    every: str = ""
    """day week month quarter term half-term year school-year, a weekday's name, or empty for an event."""
    in_term: bool = False
    due: Due
    part: str = ""
    since: date | None = None
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → the values for which the duty holds (`for: {kind: [投诉]}`); others have a duty of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice period (公示期): its length and the fields that hold its first and last day."""

    days: str
    first: str = ""
    last: str = ""
    range: str = ""
    law: str = ""
    at_least: str = ""
    """A shorter length that is only a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waives:
    """The fields by which a record of the item lets off another item's duty (免予公开、暂缓公开)."""

    item: str
    """Holds the other item: its slug or its name."""
    periods: str = ""
    """Holds the periods; without it, whatever falls due until the end."""
    until: str = ""
    """Holds the last due day that it covers."""
    postponed: str = ""
    """Holds the day until which the duty is put off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A rule that an item rests on; not confirmed means: known, but not read for this edition."""

    law: str
    article: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the catalogue."""

    slug: str
    name: str
    category: str
    department: str
    flow: str
    help: str = ""
    ledger: str = "disclosures"
    title: str = ""
    audience: str = "both"
    channels: tuple[str, ...] = ()
    also_channels: tuple[str, ...] = ()
    privacy: str = "none"
    keep: str = "D10"
    basis: tuple[Basis, ...] = ()
    duties: tuple[Duty, ...] = ()
    period: str = "none"
    """The kind of period, several joined by a space, or `none`: the record has a date."""
    parts: Mapping[str, str] = field(default_factory=dict)
    date_name: str = "日期"
    notice: Notice | None = None
    after_notice: str = "keep"
    waives: Waives | None = None
    year_starts: int = 1
    stale_after: str = ""
    fields: Mapping[str, Field] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    side_by_side: tuple[tuple[str, ...], ...] = ()
    portrait: bool = True
    """Printed upright; `print: {portrait: no}` turns the sheet for wide tables."""

    @property
    def periodic(self) -> bool:
        """Whether a record of the item is about a period and not a date."""
        return self.period != "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep:
    """A step that a flow allows: from which statuses, to which, by whom."""

    step: str
    name: str
    sources: tuple[str, ...]
    """Statuses it may be taken from; `none` before the first, `any`."""
    to: str
    """The status after it; `same`, or `before` (as before the last suspension)."""
    by: tuple[str, ...]
    approves: bool = False
    signs_off: bool = False
    not_by: tuple[str, ...] = ()
    own: bool = False
    needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    """Judgements by name (`rules.conditions`) that must hold when the step is taken."""

    @property
    def emergency(self) -> bool:
        """Whether it posts what was not approved yet, and so signs it off itself."""
        return self.step == "post" and self.signs_off


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The way a record takes; `steps` includes the steps common to all flows."""

    key: str
    name: str
    steps: tuple[FlowStep, ...]
    statuses: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Status → its name in the edition that the flow belongs to."""
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was worked out about it before (`rules.remembered`); no part of the value."""

    def named(self, step: str) -> tuple[FlowStep, ...]:
        """Return every line of the flow for *step*."""
        return tuple(s for s in self.steps if s.step == step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the boards (栏目) and the items that feed it."""

    name: str
    audience: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """One edition, in force from its date."""

    edition: date
    adopted: date | None = None
    adopted_by: str = ""
    categories: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    laws: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    """Status of a flow → its Chinese name; `read_edition` fills in the usual ones."""
    items: Mapping[str, Item] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    content: str = field(default="", compare=False, repr=False)
    """A digest of the files that it was compiled from; empty where it was made of something else."""
