"""The rows below the heads of a school's own table: items, sections, subtotals, totals, amounts in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from unicodedata import normalize

from schoolpub.errors import Problem, Text, Where, say
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.rules.chinese_numerals import parse_amount
from schoolpub.rules.sheets import levels, written
from schoolpub.rules.sheets.bands import LABELLED, Block, Columns, Learned, is_list, table_named
from schoolpub.rules.sheets.grid import Grid
from schoolpub.rules.sheets.own_book import placed
from schoolpub.rules.sheets.rows import TOTALS, Spot, fold
from schoolpub.rules.sheets.synonyms import level_mark, likeness, plain
from schoolpub.rules.values.numbers import NUMBER_TYPES, read_cell
from schoolpub.rules.values.wrong import Wrong

_SUMS = TOTALS | {"总合计", "本月合计", "本期合计", "金额合计", "合计金额", "小写合计"}
_SUBTOTAL = re.compile(r".*?小计(?:金额)?")
_ENDS = ("合计", "总计", "共计", "总额", "小计")
_WORDS = re.compile(r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正一二三四五六七八九十百千負负]{3,}")
_SCALES = {"万元": 10_000, "千元": 1_000}
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?", re.ASCII)


class Body:
    """The tables of one sheet, read block by block."""

    def __init__(
        self, grid: Grid, item: Item, tables: Mapping[str, Field], learned: Learned, unit: str, file: str
    ) -> None:
        self._grid = grid
        self._item = item
        self._tables = tables
        self._learned = learned
        self._unit = unit
        self._file = file
        self.sheet_name = grid.sheet.name
        self.taken: set[tuple[int, int]] = set()
        self.unknown: dict[tuple[int, int], str] = {}
        """Cells below heads that mean nothing to the table, with these heads."""
        self.scalars: dict[str, tuple[Tree, Spot]] = {}
        self.places: dict[Where, Spot] = {}
        self.problems: list[Problem] = []
        self.notes: list[Text] = []
        self.uses: list[tuple[Spot, str, str, bool]] = []
        self._rows: dict[str, list[dict[str, Tree]]] = {}
        self._marks: dict[str, list[int]] = {}
        self._lines: dict[str, list[int]] = {}
        self._totals: dict[str, dict[str, Tree]] = {}
        self._since: dict[str, int] = {}
        self._closed: set[str] = set()
        """Tables whose total stood below their rows: what follows is no row of them."""
        self._carried: dict[str, Decimal] = {}
        """Table → single fields (上期结余) that stood among its rows."""

    def tables(self) -> dict[str, Tree]:
        """Return the tables as a record holds them."""
        found: dict[str, Tree] = {}
        for key, own in self._tables.items():
            if key not in self._rows and key not in self._totals:
                continue
            rows = self._levelled(key, own)
            whole: dict[str, Tree] = {"rows": rows}
            if self._unit == "万元" and own.unit != "万元":
                whole = {"unit": "万元", **whole}
            if self._totals.get(key):
                whole["totals"] = dict(self._totals[key])
            found[key] = whole if len(whole) > 1 else rows
        return found

    def block(self, block: Block) -> None:
        """Read the rows of one block."""
        current = block.table
        guess = block.table or next(iter(block.readings))
        columns = block.readings[guess]
        told: set[str] = set()
        self.taken |= {(block.first_row - 1, column) for column in block.heads}
        for row in self._grid.rows:
            if not block.first_row <= row <= block.last_row:
                continue
            if self._words(row):
                self._words_checked(row, current)
                continue
            name = self._name(row, columns)
            numbers = [column for column in columns.keys if self._numeric(row, column, columns, guess)]
            if not name and not numbers:
                continue
            entry = bool(numbers) or self._listed(row, columns, guess, name)
            section = table_named(name, self._tables, self._learned) if name and len(self._tables) > 1 else ""
            if scalar := self._scalar(name, numbers):
                self._take_scalar(row, columns, scalar, numbers)
                if current and current not in self._closed:
                    amount = levels.amount_of(self._grid.text(row, numbers[0])) or Decimal(0)
                    self._carried[current] = self._carried.get(current, Decimal(0)) + amount
            elif section in block.readings and (plain(name).endswith(_ENDS) or level_mark(name) or not numbers):
                sure = likeness(name, self._tables[section].name) == 3
                self.uses.append((self._spot(row, columns.name), name, section, sure))
                self.taken.add((row, columns.name))
                current = guess = section
                columns = block.readings[section]
                if numbers:
                    self._take_totals(row, columns, section)
            elif current and (fold(name) in _SUMS or plain(name) in _SUMS):
                self._take_totals(row, columns, current)
            elif current and _SUBTOTAL.fullmatch(plain(name)):
                self._subtotal(row, columns, current)
            elif current and entry and current not in self._closed:
                self._take_row(row, columns, current, name)
            if current and current not in told and entry:
                told.add(current)
                self._tell(block, columns, current)
        self.unknown |= {
            (row, column): block.heads[column]
            for column in columns.unknown
            for row in self._grid.rows
            if block.first_row <= row <= block.last_row
        }

    def _tell(self, block: Block, columns: Columns, table: str) -> None:
        for column, key in columns.keys.items():
            if key != "note":
                spot = self._spot(block.first_row - 1, column)
                self.uses.append((spot, block.heads[column], f"{table}.{key}", columns.sure))

    def _spot(self, row: int, column: int) -> Spot:
        return Spot(self.sheet_name, row, max(column, 1))

    def _name(self, row: int, columns: Columns) -> str:
        column = columns.name
        text = self._grid.text(row, column) if column else ""
        if text or not column:
            return text
        place = next((c for c in range(1, column) if c not in columns.keys and self._grid.text(row, c)), 0)
        label = self._grid.text(row, place)
        if fold(label) not in _SUMS and "小计" not in label:
            return ""
        self.taken.add((row, place))
        return label

    def _numeric(self, row: int, column: int, columns: Columns, table: str) -> bool:
        known = self._tables[table].columns.get(columns.keys[column])
        filled = self._grid.number(row, column) or (row, column) in self._grid.wrong or self._word(row, column, known)
        return column != columns.name and known is not None and known.type in NUMBER_TYPES and filled

    def _word(self, row: int, column: int, known: Field | None) -> bool:
        """Return whether a word stands in a number's place that may stand there: 免收, 不超过60, /."""
        text = self._grid.text(row, column)
        if known is None or not text or known.type not in NUMBER_TYPES:
            return False
        return not isinstance(read_cell(text, known, known.unit, marks=True), Wrong)

    def _listed(self, row: int, columns: Columns, table: str, name: str) -> bool:
        """Return whether a row without a number is an entry of a list: its name, and something beside it."""
        filled = [column for column in columns.keys if self._grid.head(row, column)]
        return is_list(self._tables[table]) and len(filled) > 1 and not LABELLED.fullmatch(name)

    def _cells(self, row: int, columns: Columns, table: str) -> dict[str, Tree]:
        own = self._tables[table]
        cells: dict[str, Tree] = {}
        for column, key in columns.keys.items():
            self.taken.add((row, column))
            text = self._grid.text(row, column)
            if (row, column) in self._grid.wrong:
                self.problems.append(placed(self._grid.wrong[row, column], self._file, self._spot(row, column)))
                continue
            if not text and column != columns.name and key in own.columns and own.columns[key].type not in NUMBER_TYPES:
                text = self._grid.head(row, column)  # a merged name stands for all its rows
            if key == "note" or key not in own.columns:
                if text and key == "note":
                    cells["note"] = text
                continue
            known = own.columns[key]
            unit = "万元" if self._unit == "万元" and known.type in ("money", "price") else own.unit
            tree = written.value(known, text, unit)
            cells[key] = _thousandfold(tree) if self._unit == "千元" and known.type in ("money", "price") else tree
        return cells

    def _take_row(self, row: int, columns: Columns, table: str, name: str) -> None:
        rows = self._rows.setdefault(table, [])
        cells = self._cells(row, columns, table)
        key = columns.keys.get(columns.name, "")
        if key and isinstance(cells.get(key), str):
            cells[key] = unnumbered(str(cells[key]))
        place = (table, len(rows))
        self.places.setdefault((table,), self._spot(row, columns.name))
        self.places[place] = self._spot(row, columns.name)
        for column, own in columns.keys.items():
            self.places[(*place, own)] = self._spot(row, column)
        summed = any(column.total for column in self._tables[table].columns.values())
        self._marks.setdefault(table, []).append(level_mark(name) if summed else 0)
        self._lines.setdefault(table, []).append(row)
        rows.append(cells)

    def _take_totals(self, row: int, columns: Columns, table: str) -> None:
        own = self._tables[table]
        cells = {
            key: value
            for key, value in self._cells(row, columns, table).items()
            if value is not None and key in own.columns and own.columns[key].type in NUMBER_TYPES
        }
        for column, key in columns.keys.items():
            if key in cells:
                self.places[table, "totals", key] = self._spot(row, column)
        self._totals.setdefault(table, {}).update(cells)
        if self._rows.get(table):
            self._closed.add(table)
            self._with_carried(table)
        self.places.setdefault((table,), self._spot(row, columns.name))

    def _with_carried(self, table: str) -> None:
        """Leave out a printed total that holds a balance from among the rows (上期结余) too, when it adds up so."""
        carried = self._carried.get(table)
        key = next(
            (k for k, column in self._tables[table].columns.items() if column.total and k in self._totals[table]), ""
        )
        if not carried or not key:
            return
        rows = sum((levels.amount_of(row.get(key)) or Decimal(0) for row in self._rows[table]), Decimal(0))
        if levels.amount_of(self._totals[table][key]) == rows + carried:
            del self._totals[table][key]
            self.notes.append(
                say("{sheet}: the total of “{name}” holds the balance too; it adds up.", sheet=self.sheet_name,
                    name=self._tables[table].name)
            )  # fmt: skip

    def _subtotal(self, row: int, columns: Columns, table: str) -> None:
        """Check a subtotal against the rows since the last one; it is no row itself."""
        rows = self._rows.setdefault(table, [])
        since = self._since.get(table, 0)
        cells = self._cells(row, columns, table)
        own = self._tables[table]
        inside = levels.within(rows, self._marks.get(table, []), own)
        whole = [row for index, row in enumerate(rows) if index >= since and index not in inside]
        for column, key in columns.keys.items():
            if key not in own.columns or not own.columns[key].total:
                continue
            given, parts = levels.amount_of(cells.get(key)), [levels.amount_of(row.get(key)) for row in whole]
            total = sum((part for part in parts if part is not None), Decimal(0))
            if given is not None and given != total:
                problem = Problem(
                    code="sheet-subtotal",
                    message=say(
                        "The rows above sum to {total}, the subtotal is {given}, difference {difference}",
                        total=f"{total:,f}", given=f"{given:,f}", difference=f"{given - total:,f}",
                    ),
                    fix=say("Check the figures."),
                )  # fmt: skip
                self.problems.append(placed(problem, self._file, self._spot(row, column)))
        self._since[table] = len(rows)

    def _scalar(self, name: str, numbers: list[int]) -> tuple[str, bool] | None:
        from schoolpub.rules.sheets.layout import scalar_named

        if not name or not numbers:
            return None
        found = scalar_named(name, self._item, self._learned)
        if found and self._item.fields[found[0]].type in NUMBER_TYPES and found[0] not in self.scalars:
            return found
        return None

    def _take_scalar(self, row: int, columns: Columns, scalar: tuple[str, bool], numbers: list[int]) -> None:
        key, sure = scalar
        column = numbers[0]
        self.taken |= {(row, c) for c in (columns.name, *numbers)}
        if (row, column) in self._grid.wrong:
            self.problems.append(placed(self._grid.wrong[row, column], self._file, self._spot(row, column)))
            return
        known = self._item.fields[key]
        tree = with_unit(written.value(known, self._grid.text(row, column), known.unit), known, self._unit)
        self.scalars[key] = (tree, self._spot(row, column))
        self.uses.append((self._spot(row, columns.name), self._grid.text(row, columns.name), key, sure))

    def _words(self, row: int) -> bool:
        texts = [self._grid.text(row, column) for column in range(1, self._grid.width + 1)]
        return any("大写" in text for text in texts)

    def _words_checked(self, row: int, table: str) -> None:
        """Compare an amount in words with the figure beside it, or with the total above."""
        width = range(1, self._grid.width + 1)
        if (row, 1) in self.taken:
            return
        self.taken |= {(row, column) for column in width}
        above = max((r for r in self._grid.rows if r < row), default=row)
        for column in width:
            text = self._grid.text(row, column).partition("小写")[0]
            found = _WORDS.search("".join(text.replace("大写", " ").split(" ")[-1].split()).strip("：:人民币()（）"))
            if not found:
                continue
            try:
                said = parse_amount(found[0])
            except ValueError:
                continue
            beside = self._figures(row)
            totals = [
                amount
                for value in self._totals.get(table, {}).values()
                if (amount := levels.amount_of(value)) is not None
            ]
            figures = beside or [*totals, *self._figures(above)]
            scale = _SCALES.get(self._unit, 1)
            if figures and said not in figures and said not in [figure * scale for figure in figures]:
                problem = Problem(
                    code="sheet-words",
                    message=say(
                        "The amount in words is {words}, in figures {figures}",
                        words=f"{said:,f}", figures="、".join(f"{figure:,f}" for figure in figures),
                    ),
                    fix=say("Check the figures."),
                )  # fmt: skip
                self.problems.append(placed(problem, self._file, self._spot(row, column)))

    def _figures(self, row: int) -> list[Decimal]:
        """Return the numbers in a row, those within texts too."""
        texts = " ".join(self._grid.text(row, column) for column in range(1, self._grid.width + 1))
        return [Decimal(found.replace(",", "")) for found in _FIGURE.findall(normalize("NFKC", texts))]

    def _levelled(self, table: str, own: Field) -> list[Tree]:
        """Return the rows with their levels; where the table is no tree, without rows that sum up others."""
        rows = self._rows.get(table, [])
        marks = self._marks.get(table, [])
        depths = levels.depths_of(marks, levels.within(rows, marks, own))
        if len(set(depths)) < 2:
            return list(rows)
        if own.tree:
            return [{"level": str(depth), **row} if depth > 1 else row for row, depth in zip(rows, depths, strict=True)]
        return list(self._leaves(table, own, rows, depths))

    def _leaves(self, table: str, own: Field, rows: list[dict[str, Tree]], depths: list[int]) -> list[Tree]:
        kept: list[Tree] = []
        places = {
            where: spot
            for where, spot in self.places.items()
            if where[0] != table or len(where) < 2 or where[1] == "totals"
        }
        for index, row in enumerate(rows):
            below = levels.children(depths, index)
            if not below:
                for where, spot in self.places.items():
                    if where[:2] == (table, index):
                        places[(table, len(kept), *where[2:])] = spot
                kept.append(row)
                continue
            for key, column in own.columns.items():
                given = levels.amount_of(row.get(key)) if column.total else None
                total = sum((levels.amount_of(rows[child].get(key)) or Decimal(0) for child in below), Decimal(0))
                if given is not None and given != total:
                    problem = Problem(
                        code="sheet-subtotal",
                        message=say(
                            "The rows below sum to {total}, the subtotal is {given}, difference {difference}",
                            total=f"{total:,f}", given=f"{given:,f}", difference=f"{given - total:,f}",
                        ),
                        fix=say("Check the figures."),
                    )  # fmt: skip
                    spot = self.places.get((table, index, key), self.places[table, index])
                    self.problems.append(placed(problem, self._file, spot))
        self.places = places
        return kept


def unnumbered(text: str) -> str:
    """Return a row's name without the numbering before it; 其中 stays, because it says something."""
    bare = re.sub(
        r"^\s*(?:[一二三四五六七八九十]{1,3}[、．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、．.](?!\d)|[①-⑳])\s*",
        "",
        text,
    )
    return bare or text


def _thousandfold(tree: Tree) -> Tree:
    amount = levels.amount_of(tree)
    return tree if amount is None else f"{amount * 1000:f}"


def with_unit(tree: Tree, known: Field, unit: str) -> Tree:
    """Return an amount of a single field with the unit that its sheet is in."""
    if known.type not in ("money", "price") or levels.amount_of(tree) is None or not isinstance(tree, str):
        return tree
    if unit == "万元" and "万" not in known.unit:
        return f"{tree}万元"
    return _thousandfold(tree) if unit == "千元" else tree
