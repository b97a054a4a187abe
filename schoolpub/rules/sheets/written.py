"""One cell's text as the value that a record holds: what people mean, written the one way that is read.

What a reader of records takes as it stands is left as it stands; the rest is put right where there is no doubt:
full-width digits, blanks inside a number, brackets for a minus, 2026/11/3 for a day.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from unicodedata import normalize

from schoolpub.errors import Problem, say
from schoolpub.model.book import Cell, Kind
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Tree
from schoolpub.rules.sheets.rows import fold
from schoolpub.rules.values import dates, numbers
from schoolpub.rules.values.wrong import Wrong

_LISTS = frozenset(["list", "documents", "telephones", "hours"])
_STRUCTURED = frozenset([*_LISTS, "range", "votes", "account", "table", "matrix", "blocks", "sections", "long-text"])
_ENDS = re.compile(r"(\d{4}\D.*?\d日?)\s*(?:至|到|~|～|—+|–|\.\.)\s*(\d.*)")
_SERIAL = re.compile(r"[234567]\d{4}", re.ASCII)
_FIRST_DAY = date(1899, 12, 30)
_TOO_LONG = 16
"""Excel keeps fifteen digits of a number; a longer one has lost its last digits."""


def text_of(cell: Cell) -> tuple[str, Problem | None]:
    """Return the text of a cell, and what is wrong with it whatever its type."""
    if cell.uncomputed:
        return "", Problem(
            code="sheet-uncomputed",
            message=say("The formula in this cell was never computed."),
            fix=say("Open the file in Excel, WPS or LibreOffice, save it and give it again; or type the value."),
        )
    if cell.kind is Kind.ERROR:
        return "", Problem(
            code="sheet-error",
            message=say("The cell shows {error} instead of a value.", error=cell.text),
            fix=say("Put the formula right, or type the value."),
        )
    if cell.kind is Kind.BOOLEAN:
        return ("是" if cell.text == "TRUE" else "否"), None
    if cell.kind is not Kind.NUMBER:
        return cell.text, None
    if len(cell.exact.partition(".")[0].lstrip("-")) >= _TOO_LONG:
        return "", Problem(
            code="sheet-rounded",
            message=say("Excel keeps 15 digits of a number: the last digits of this one are lost."),
            fix=say("Make the cell's format “Text” and type the number again."),
        )
    return _digits(cell), None


def _digits(cell: Cell) -> str:
    """Return a number as it is shown, without thousands' commas; with all its decimals where the cell hides some."""
    shown = cell.text.replace(",", "")
    if shown.endswith("%"):
        return shown
    return shown if len(shown.partition(".")[2]) >= len(cell.exact.partition(".")[2]) else cell.exact


def value(field: Field, text: str, unit: str = "") -> Tree:
    """Return what *text* means in *field*; unchanged where it is right already or cannot be told."""
    if not text:
        return None
    kind = field.type
    if kind in _STRUCTURED:
        return _structured(field, text)
    if kind in numbers.NUMBER_TYPES:
        return number(field, text, unit)
    if kind in ("date", "datetime", "month"):
        return _moment(kind, text)
    if kind == "choice" and text not in field.choices:
        return next((choice for choice in field.choices if fold(choice) == fold(text)), text)
    return text


def number(field: Field, text: str, unit: str = "") -> str:
    """Return the number or word that *text* means; unchanged where it cannot be told."""
    own = unit or field.unit
    if not isinstance(numbers.read_cell(text, field, own, marks=True), Wrong):
        return text
    return numbers.meant(text, field.type, own) or text


def _moment(kind: str, text: str) -> str:
    read = {"date": dates.read_date, "datetime": dates.read_moment, "month": dates.read_month}[kind]
    if not isinstance(read(text), Wrong):
        return text
    plain = normalize("NFKC", text).strip()
    if kind != "month" and _SERIAL.fullmatch(plain):
        return (_FIRST_DAY + timedelta(days=int(plain))).isoformat()
    return dates.meant(kind, plain) or text


def _structured(field: Field, text: str) -> Tree:
    if text[:1] in "[{" and (tree := _tree(text)) is not None:
        return tree
    if field.type in _LISTS and "\n" in text:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if field.type == "range" and (ends := _ENDS.fullmatch(text)):
        kind = field.kind if field.kind in ("date", "datetime", "month") else "date"
        return {"from": _moment(kind, ends[1]), "to": _moment(kind, ends[2])}
    return text


def _tree(text: str) -> Tree:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if found and _plain(found) else None


def _plain(tree: object) -> bool:
    if isinstance(tree, dict):
        return all(isinstance(key, str) and _plain(child) for key, child in tree.items())
    if isinstance(tree, list):
        return all(map(_plain, tree))
    return tree is None or isinstance(tree, str)


def text_for(tree: Tree, kind: str = "") -> str:
    """Return *tree*, of a field of type *kind*, as the text of one cell, from which `value` makes it again."""
    if tree is None:
        return ""
    if isinstance(tree, str):
        return tree
    lines = [entry for entry in tree if isinstance(entry, str)] if isinstance(tree, list) else []
    if kind in _LISTS and len(lines) > 1 and len(lines) == len(tree) and all(_line(entry) for entry in lines):
        return "\n".join(lines)
    return json.dumps(tree, ensure_ascii=False)


def _line(text: str) -> bool:
    return bool(text) and text == text.strip() and "\n" not in text
