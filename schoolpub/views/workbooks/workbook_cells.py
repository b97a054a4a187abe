"""The cells of a workbook to be written: plain values with their looks, and how each will be read again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree
from schoolpub.rules.sheets import written
from schoolpub.rules.sheets.rows import Row
from schoolpub.rules.values.numbers import NUMBER_TYPES

_NUMBER = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,6}))?(%?)", re.ASCII)
_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Box:
    """A cell to be written."""

    value: str | Decimal = ""
    kind: str = "text"
    """text, number, date, formula."""
    form: str = ""
    """The number format."""
    look: str = ""
    """title, head, label, hint, total, or nothing."""
    note: str = ""
    choices: tuple[str, ...] = ()
    open: bool = False
    """Other words than the choices may be typed too."""


@dataclass(slots=True)
class Page:
    """A sheet to be written: its cells by row and column, from 1."""

    title: str
    boxes: dict[tuple[int, int], Box] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)
    frozen: int = 0
    """How many rows stay in view."""
    wide: bool = True

    def put(self, row: int, column: int, box: Box) -> None:
        """Set a cell."""
        self.boxes[row, column] = box


def value_box(own: Field, value: Tree) -> Box:
    """Return the cell of a value: a number or day where this gives back the same text, else text."""
    choices = ("是", "否") if own.type == "yes-no" else own.choices
    if own.type in NUMBER_TYPES:
        if isinstance(value, str) and (box := number_box(value)):
            return box
        if value is None:
            return Box(form=_FORMS.get(own.type, "General"))
    if own.type in ("date", "datetime") and isinstance(value, str) and _DAY.fullmatch(value):
        return Box(value, "date", "yyyy-mm-dd")
    return Box(written.text_for(value, own.type), form=_FORMS.get(own.type, "@"), choices=choices, open=own.open)


_FORMS = {
    "money": "#,##0.00", "price": "General", "integer": "0", "decimal": "General", "signed": "@", "percent": "0.00%",
    "date": "yyyy-mm-dd",
}  # fmt: skip


def number_box(text: str) -> Box | None:
    """Return the cell of a number whose text a reader gets back exactly; None for any other."""
    found = _NUMBER.fullmatch(text)
    if not found or (len(found[2]) > 1 and found[2].startswith("0")):
        return None
    decimals, percent = found[3] or "", found[4]
    value = Decimal(text.rstrip("%"))
    if (found[1] and not value) or len(found[2]) + len(decimals) > 15:
        return None
    places = "." + "0" * len(decimals) if decimals else ""
    if percent:
        return Box(value / 100, "number", f"0{places}%")
    return Box(value, "number", f"#,##0{places}" if len(found[2]) > 3 else f"0{places}")


def text_rows(page: Page) -> list[Row]:
    """Return the texts of a sheet as they will be read."""
    height = max((row for row, _column in page.boxes), default=0)
    width = max((column for _row, column in page.boxes), default=0)
    return [
        Row(row, tuple(_read_back(page.boxes.get((row, c))) for c in range(1, width + 1)))
        for row in range(1, height + 1)
    ]


def _read_back(box: Box | None) -> str:
    if box is None or box.kind == "formula":
        return ""
    if box.kind == "number":
        decimals = len(box.form.rstrip("%").partition(".")[2])
        percent = box.form.endswith("%")
        value = Decimal(box.value) * (100 if percent else 1)
        return f"{value:.{decimals}f}" + ("%" if percent else "")
    return str(box.value).strip()
