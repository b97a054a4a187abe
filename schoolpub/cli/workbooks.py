"""A workbook given with `--from`: ours, read exactly; or the school's own, understood, shown and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from schoolpub.cli import taking
from schoolpub.errors import Problem, SchoolpubError, Text, Where, say
from schoolpub.model.record import Tree
from schoolpub.rules.sheets.own_book import own_book
from schoolpub.rules.sheets.rows import Spot

if TYPE_CHECKING:
    from schoolpub.cli.drafting import Draft

_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class BookRead:
    """What a workbook gives to a draft."""

    fields: Mapping[str, Tree]
    head: Mapping[str, Tree]
    problems: list[Problem]
    places: Mapping[Where, Spot]
    notes: list[Text] = field(default_factory=list)


def data_of(path: Path) -> bytes:
    """Return the bytes of a file of rows; raise `SchoolpubError` when it cannot be read or is far too large."""
    from schoolpub.store.spreadsheets.bounds import MAX_BYTES
    from schoolpub.store.spreadsheets.reading import read_book

    if path.is_file() and path.stat().st_size > MAX_BYTES:
        read_book(path)  # refuses it
    return taking.data_of(path)


def is_workbook(data: bytes) -> bool:
    """Return whether a file that is called .csv is a workbook all the same."""
    return data.startswith(_STARTS)


def read(draft: Draft, path: Path, table: str) -> tuple[bytes, BookRead]:
    """Return the bytes of the workbook at *path* and what it gives for the item of *draft*."""
    from schoolpub.store.spreadsheets.reading import read_book

    book = read_book(path)
    data = path.read_bytes()
    if own := own_book(book, draft.item, table):
        reading, notes = own
        return data, BookRead(reading.fields, reading.head, reading.problems, reading.places, notes)
    names = "、".join(sheet.name for sheet in book.sheets if sheet.cells)
    raise SchoolpubError(
        say(
            "{name}: no sheet uses the names of “{item}” (sheets: {names}).",
            name=path.name,
            item=draft.item.name,
            names=names,
        ),
        fix=say("`schoolpub sheet {item} -o FILE.xlsx` makes a sheet to be filled in", item=draft.item.slug),
    )
