"""A sheet of the school's own as a person sees it: texts with merged heads spread out, the unit, the period."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from schoolpub.errors import Problem
from schoolpub.model.book import Cell, Kind, Sheet
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.rows import fold

_UNIT = re.compile(r"(?:单位|金额单位|货币单位):?(?:人民币)?(元|万元|千元)|\((元|万元|千元)\)")
_MONTHS = re.compile(r"(20\d\d)年(?:度)?(\d{1,2})(?:月)?[-—–~～至到](\d{1,2})月")
_MONTH = re.compile(r"(20\d\d)[年./-](\d{1,2})(?:月|(?=\D|$))")
_QUARTER = re.compile(r"(20\d\d)年(?:度)?第?([一二三四1-4])季度")
_DATED = re.compile("截止|截至|制表|填表|填报|打印|公示期|公示时间")
"""Words before a day that is not what the sheet is about."""
_MONTH_NAME = re.compile(r"(\d{1,2})月(?:份)?")


@dataclass(frozen=True, slots=True)
class Grid:
    """What stands in a sheet, without what is hidden."""

    sheet: Sheet
    texts: Mapping[tuple[int, int], str]
    wrong: Mapping[tuple[int, int], Problem]
    """Cells that cannot be taken, whatever they are for."""
    spread: Mapping[tuple[int, int], str]
    """Texts of merged cells at every cell that they cover."""
    rows: tuple[int, ...]
    width: int

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        return self.texts.get((row, column), "")

    def head(self, row: int, column: int) -> str:
        """Return the text over a column in *row*, a merged one over all columns that it covers."""
        return self.spread.get((row, column), self.text(row, column))

    def cell(self, row: int, column: int) -> Cell:
        """Return a cell as it was read."""
        return self.sheet.cell(row, column)

    def number(self, row: int, column: int) -> bool:
        """Return whether a number stands in a cell, or a text that is one, or a formula that should give one."""
        cell = self.cell(row, column)
        if (row, column) in self.wrong or cell.kind is Kind.NUMBER:
            return True
        text = "".join(self.text(row, column).replace(",", "").split()).strip("()（）¥￥%元-")
        return bool(text) and fold(text).replace(".", "", 1).isdecimal()


def grid_of(sheet: Sheet) -> Grid:
    """Return the sheet as a person sees it."""
    texts: dict[tuple[int, int], str] = {}
    wrong: dict[tuple[int, int], Problem] = {}
    for (row, column), cell in sheet.cells.items():
        if sheet.hidden(row, column):
            continue
        text, problem = written.text_of(cell)
        if problem is not None:
            wrong[row, column] = problem
        texts[row, column] = text
    spread = {
        (row, column): texts[area.top, area.left]
        for area in sheet.merged
        if texts.get((area.top, area.left)) and (area.bottom - area.top + 1) * (area.right - area.left + 1) < 5000
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    }
    filled = [place for place, text in texts.items() if text or place in wrong]
    return Grid(
        sheet,
        texts,
        wrong,
        spread,
        tuple(sorted({row for row, _column in filled})),
        max((column for _row, column in filled), default=0),
    )


def unit_of(grid: Grid) -> str:
    """Return the unit that the sheet names (单位：万元), or nothing."""
    for row in grid.rows:
        for column in range(1, grid.width + 1):
            if found := _UNIT.search(fold(grid.text(row, column))):
                return found[1] or found[2]
    return ""


def period_of(grid: Grid) -> str:
    """Return the period that the title rows or the sheet's name tell, or nothing."""
    lines = [grid.text(row, column) for row in grid.rows[:4] for column in range(1, grid.width + 1)]
    for text in (*lines, grid.sheet.name):
        folded = fold(text)
        if _DATED.search(folded):
            continue
        if found := _MONTHS.search(folded):
            return f"{found[1]}-{int(found[2]):02d}..{found[1]}-{int(found[3]):02d}"
        if (found := _MONTH.search(folded)) and 1 <= int(found[2]) <= 12:
            return f"{found[1]}-{int(found[2]):02d}"
        if found := _QUARTER.search(folded):
            return f"{found[1]}Q{'一二三四'.find(found[2]) + 1 or found[2]}"
    return ""


def month_named(name: str) -> int:
    """Return the month that a sheet is called after (10月), 0 for none."""
    found = _MONTH_NAME.search(fold(name))
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else 0
