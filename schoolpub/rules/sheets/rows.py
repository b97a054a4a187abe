"""Rows of cells, and words made comparable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from schoolpub.model.catalogue import Field


@dataclass(frozen=True, slots=True)
class Row:
    """A row of texts, with its number in the sheet or the line of the file that it begins on."""

    line: int
    cells: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)

    @property
    def alone(self) -> str:
        """The only text of the row, or nothing."""
        filled = [cell for cell in self.cells if cell]
        return filled[0] if len(filled) == 1 and self.cells[0] else ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands: a sheet (nothing in a CSV file), a row or line, a column; numbers from 1."""

    sheet: str
    line: int
    column: int


HEAD_KEYS = {
    "title": "标题",
    "period": "期间",
    "date": "日期",
    "part": "期次",
    "department": "部门",
    "audience": "公开范围",
    "summary": "摘要",
}
"""What a record has beside its fields → the Chinese name in a spreadsheet."""
ROW_KEYS = {"level": "层级", "note": "备注", "consent": "同意公开"}
"""What a row may have beside its columns."""
UNIT, REMARK, BELONGS = "单位", "附注", "所属项"
"""First cells of a table's row that gives its unit or its note; head over the number of the block that a row is in."""
PARTS = {
    "range": {"from": "起", "to": "止"},
    "votes": {"method": "方式", "for": "赞成", "against": "反对", "abstain": "弃权", "unanimous": "一致同意"},
    "account": {"name": "户名", "bank": "开户行", "number": "账号"},
}
"""Types that are groups → their parts and what a spreadsheet calls these: `公示期.起`."""
NESTED = frozenset(["table", "matrix", "blocks"])
TOTALS = frozenset(["合计", "总计", "共计"])
_BRACKETS = re.compile(r"\([^()]*\)$")
_NO_TITLE = re.compile(r"[\[\]:*?/\\'：＊？／＼]")


def fold(text: str) -> str:
    """Return *text* without blanks, in half width and small letters, to compare names."""
    return "".join(normalize("NFKC", text).split()).casefold()


def bare(folded: str) -> str:
    """Return a folded name without the unit in brackets behind it."""
    return _BRACKETS.sub("", folded)


def names_field(cell: str, field: Field) -> bool:
    """Return whether *cell* is the key or the name of *field*."""
    return bool(cell) and fold(cell) in (fold(field.key), fold(field.name))


def column_of(cell: str, field: Field) -> str:
    """Return the key of the column of *field* that the head *cell* means, or nothing."""
    folded = fold(cell)
    names = {key: column.name for key, column in field.columns.items()} | {
        key: name for key, name in ROW_KEYS.items() if key not in field.columns
    }
    for wanted in (folded, bare(folded)):
        for key, name in names.items():
            if wanted and wanted in (fold(key), fold(name), bare(fold(name))):
                return key
    return ""


def sheet_title(name: str) -> str:
    """Return *name* as a spreadsheet program takes it for a sheet: at most 31 characters, without its own signs."""
    return _NO_TITLE.sub("-", name)[:31]
