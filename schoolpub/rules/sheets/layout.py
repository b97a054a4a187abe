"""A school's own sheet understood: which cells are which fields, what is a total or a subtotal, and what is left over.

Nothing is taken silently: every value has its place, every name that was understood by its sense alone is told, and
what was not taken is listed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from schoolpub.errors import Problem, Text, Where, say
from schoolpub.model.book import Book, Sheet
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.rules.sheets import bands, body, grid, own_blocks
from schoolpub.rules.sheets.bands import Learned
from schoolpub.rules.sheets.grid import Grid
from schoolpub.rules.sheets.own_book import placed
from schoolpub.rules.sheets.own_matrix import matrix_of
from schoolpub.rules.sheets.rows import NESTED, Spot
from schoolpub.rules.sheets.synonyms import likeness, plain
from schoolpub.rules.sheets.written import value as value_of
from schoolpub.rules.values.numbers import NUMBER_TYPES

_RUNNING = frozenset(["序号", "编号", "行次"])
_SIGNED = re.compile("制表|审核|复核|负责人|经办|填表|填报|单位|日期|盖章|签字|签名")
"""Labels of what stands around a table and is nothing of the record."""
_NEXT_LABEL = re.compile(r"[\s；;，,]+(?=[^\s：:；;，,\d]{2,12}[：:])")
"""Between two labels in one cell: 上月结余：100　本月结余：120."""
_REACH = 4
"""How many cells to the right of its label a value may stand."""


@dataclass(frozen=True, slots=True)
class Use:
    """A name in the sheet and what it was taken for."""

    spot: Spot
    text: str
    target: str
    """`balance_start`, `income`, `income.month`."""
    sure: bool


@dataclass(slots=True)
class Understood:
    """What a workbook of the school's own says for an item."""

    fields: dict[str, Tree] = field(default_factory=dict)
    head: dict[str, Tree] = field(default_factory=dict)
    places: dict[Where, Spot] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    left: list[tuple[Spot, str]] = field(default_factory=list)
    """Cells with something in them that were not taken."""
    left_names: list[str] = field(default_factory=list)
    """What each of them is called (its head, its label), compared; nothing where nothing names it."""
    left_before: frozenset[str] = frozenset()
    """Names of what was confirmed before to be left."""
    notes: list[Text] = field(default_factory=list)

    @property
    def sure(self) -> bool:
        """Whether every name is the catalogue's own or was confirmed before, what is left over too."""
        return all(use.sure for use in self.uses) and all(name in self.left_before for name in self.left_names)


def understand(book: Book, item: Item, learned: Learned, *, period: str = "", only: str = "") -> Understood:
    """Return what *book* says for *item*; with *only* the rows of one table, with *period* the sheet about it."""
    found = Understood(left_before=learned.left)
    sheets = [sheet for sheet in book.sheets if sheet.cells]
    found.notes += [
        say("The sheet “{name}” is hidden and was not taken.", name=sheet.name) for sheet in sheets if not sheet.visible
    ]
    sheets = _about([sheet for sheet in sheets if sheet.visible], period)
    for sheet in sheets:
        _sheet(found, book.name, grid.grid_of(sheet), item, learned, only)
    if period and (told := found.head.get("period")) and told != period and not only:
        place = next((use.spot for use in found.uses), Spot(sheets[0].name, 1, 1))
        problem = Problem(
            code="sheet-period",
            message=say("The sheet is about {told}, the record about {period}.", told=told, period=period),
            fix=say("Give the right file, or --period {told}.", told=told),
        )
        found.problems.append(placed(problem, book.name, place))
    return found


def _about(sheets: list[Sheet], period: str) -> list[Sheet]:
    """Return the sheets for *period* where they are called after months, else all."""
    months = {sheet.name: grid.month_named(sheet.name) for sheet in sheets}
    if len(sheets) > 1 and sum(map(bool, months.values())) > 1 and period[5:7].isdigit():
        fitting = [sheet for sheet in sheets if months[sheet.name] == int(period[5:7])]
        return fitting or sheets
    return sheets


def _sheet(found: Understood, file: str, own: Grid, item: Item, learned: Learned, only: str) -> None:
    tables = {k: f for k, f in item.fields.items() if f.type == "table" and (not only or k == only) and f.columns}
    if own.sheet.hidden_rows or own.sheet.hidden_columns:
        found.notes.append(say("{sheet}: hidden rows or columns were not taken.", sheet=own.sheet.name))
    unit = grid.unit_of(own)
    taken: set[tuple[int, int]] = set()
    reading = body.Body(own, item, tables, learned, unit, file)
    blocks = bands.blocks_of(own, tables, only, learned) if tables else []
    for block in blocks:
        reading.block(block)
    lists = own_blocks.lists_of(item, only)
    listing = body.Body(own, item, lists, learned, unit, file)
    for block in bands.blocks_of(own, lists, "", learned) if lists else ():
        if not reading.taken & {(block.first_row - 1, column) for column in block.heads}:
            listing.block(block)
    groups = own_blocks.blocks_from(listing, item, own)
    taken |= reading.taken | listing.taken | groups.taken
    for key, tree in {**reading.tables(), **groups.fields}.items():
        if key in found.fields:
            found.problems.append(_twice(file, reading, key, item))
            continue
        found.fields[key] = tree
    matrices = {k: f for k, f in item.fields.items() if f.type == "matrix" and k not in found.fields}
    if not reading.tables() and (not only or only in matrices):
        _matrix(found, file, own, {k: f for k, f in matrices.items() if only in ("", k)}, learned, unit, taken)
    scalars: dict[str, tuple[Tree, Spot]] = dict(reading.scalars)
    if not only:
        _labels(found, file, own, item, learned, unit, taken, scalars)
    for key, (tree, spot) in scalars.items():
        if key not in found.fields:
            found.fields[key] = tree
            found.places[key,] = spot
    found.places |= reading.places | groups.places
    found.problems += reading.problems + listing.problems
    found.notes += reading.notes
    found.uses += [Use(spot, text, target, sure) for spot, text, target, sure in reading.uses + listing.uses]
    for spot, (text, key) in groups.titles.items():
        found.uses.append(Use(spot, text, key, learned.labels.get(plain(text)) == key))
    if item.periodic and not only and (told := grid.period_of(own)) and (blocks or scalars):
        found.head.setdefault("period", told)
    unknown = reading.unknown | listing.unknown
    for (row, column), text in sorted(own.texts.items()):
        if (row, column) not in taken and text and _says(own, row, column, unknown, taken):
            found.left.append((Spot(own.sheet.name, row, column), text))
            found.left_names.append(plain(unknown.get((row, column)) or _label(own, row, column)))


def _matrix(
    found: Understood, file: str, own: Grid, fields: Mapping[str, Field], learned: Learned, unit: str,
    taken: set[tuple[int, int]],
) -> None:  # fmt: skip
    read = matrix_of(own, fields, unit, file)
    if read is None:
        return
    spot, corner = read.corner
    found.fields[read.key] = read.tree
    found.uses.append(Use(spot, corner, read.key, learned.labels.get(plain(corner), "") == read.key))
    found.places |= read.places
    found.problems += read.problems
    taken |= read.taken


def _label(own: Grid, row: int, column: int) -> str:
    """Return what a cell is called by the sheet: before its colon, to its left, or itself where it is a word."""
    text = own.text(row, column)
    if bands.LABELLED.fullmatch(text):
        return text.replace(":", "：", 1).partition("：")[0]
    beside = (own.text(row, c) for c in range(column - 1, 0, -1) if own.text(row, c) and not own.number(row, c))
    return next(beside, "" if own.number(row, column) else text)


def _says(
    own: Grid, row: int, column: int, unknown: Mapping[tuple[int, int], str], taken: set[tuple[int, int]]
) -> bool:
    """Return whether a cell that was not taken holds something: no running number, no title, no signature."""
    above = [plain(own.head(r, column)) for r in own.rows if r < row]
    if set(above) & _RUNNING:
        return False
    if own.number(row, column) or (row, column) in unknown:
        return True
    if bands.LABELLED.fullmatch(own.text(row, column)) and not _SIGNED.search(own.text(row, column)):
        return True
    left = next((own.text(row, c) for c in range(column - 1, 0, -1) if own.text(row, c)), "")
    beside = bool(left) and (row, column - 1) not in taken and (row, column - 1) in own.texts
    return beside and not _SIGNED.search(left + own.text(row, column))


def _twice(file: str, reading: body.Body, key: str, item: Item) -> Problem:
    problem = Problem(
        code="sheet-twice",
        message=say("“{name}” stands in several sheets.", name=item.fields[key].name),
        fix=say("Leave one of them, or say which period is meant: --period 2026-10."),
    )
    return placed(problem, file, reading.places.get((key,), Spot(reading.sheet_name, 1, 1)))


def _labels(
    found: Understood,
    file: str,
    own: Grid,
    item: Item,
    learned: Learned,
    unit: str,
    taken: set[tuple[int, int]],
    scalars: dict[str, tuple[Tree, Spot]],
) -> None:
    """Take single fields: a label with its value to the right, or behind a colon in the same cell; surest first."""
    labels: list[tuple[bool, int, int, str, str, str]] = []
    for (row, column), text in sorted(own.texts.items()):
        if (row, column) in taken or not text or own.number(row, column):
            continue
        for part in _NEXT_LABEL.split(text):
            label, _colon, inside = part.replace(":", "：", 1).partition("：")
            if target := scalar_named(label, item, learned):
                labels.append((not target[1], row, column, label.strip(), inside.strip(), target[0]))
    for unsure, row, column, label, inside, key in sorted(labels):
        if key in scalars or key in found.fields or (not inside and (row, column) in taken):
            continue
        known = item.fields[key]
        place = (row, column) if inside else _beside(own, row, column, known, taken)
        if place is None:
            continue
        taken |= {(row, column), place}
        spot = Spot(own.sheet.name, *place)
        if place in own.wrong:
            found.problems.append(placed(own.wrong[place], file, spot))
            continue
        tree = body.with_unit(value_of(known, inside or own.text(*place), known.unit), known, unit)
        scalars[key] = (tree, spot)
        found.uses.append(Use(Spot(own.sheet.name, row, column), label, key, not unsure))


def scalar_named(label: str, item: Item, learned: Learned) -> tuple[str, bool] | None:
    """Return the single field that a label means, and whether that is sure."""
    if (known := learned.labels.get(plain(label), "")) in item.fields and item.fields[known].type not in NESTED:
        return known, True
    scored = [
        (likeness(label, own.name), key)
        for key, own in item.fields.items()
        if own.type not in NESTED and own.privacy != "restricted"
    ]
    best = max(scored, default=(0, ""))
    if not best[0] or sum(score == best[0] for score, _key in scored) > 1:
        return None
    return best[1], best[0] == 3


def _beside(own: Grid, row: int, column: int, known: Field, taken: set[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the next cell to the right with something in it, when it can be the value of *known*."""
    for c in range(column + 1, min(own.width, column + _REACH) + 1):
        if (row, c) in own.wrong or own.text(row, c):
            numeric = known.type in NUMBER_TYPES
            fits = (row, c) not in taken and (
                own.number(row, c) if numeric else not own.text(row, c).endswith(("：", ":"))
            )
            return (row, c) if fits else None
    return None


def learned_from(understood: Understood, before: Learned) -> Learned:
    """Return what is known once somebody has confirmed *understood*."""
    heads, labels = {table: dict(names) for table, names in before.heads.items()}, dict(before.labels)
    for use in understood.uses:
        if use.sure or not plain(use.text):
            continue
        table, point, column = use.target.partition(".")
        if point:
            heads.setdefault(table, {})[plain(use.text)] = column
        else:
            labels[plain(use.text)] = use.target
    return Learned(heads, labels, before.left | {name for name in understood.left_names if name})


def by_target(understood: Understood) -> dict[str, list[Use]]:
    """Return the names that were understood, by what they were taken for."""
    found: dict[str, list[Use]] = {}
    for use in understood.uses:
        found.setdefault(use.target, []).append(use)
    return found
