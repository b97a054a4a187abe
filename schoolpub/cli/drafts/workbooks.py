"""A workbook given with `--from`: ours, read exactly; or the school's own, understood, shown and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from schoolpub.cli import console
from schoolpub.cli.acts import taking
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, Text, Where, errors, say
from schoolpub.model.book import Book
from schoolpub.model.record import Tree
from schoolpub.rules.sheets.bands import Learned
from schoolpub.rules.sheets.layout import Understood, learned_from, understand
from schoolpub.rules.sheets.own import OwnReading
from schoolpub.rules.sheets.own_book import own_book
from schoolpub.rules.sheets.rows import Spot

if TYPE_CHECKING:
    from schoolpub.cli.drafts.drafting import Draft
    from schoolpub.cli.session import Session

_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHER_LAYOUT = frozenset(
    ["table-heads", "table-unknown", "table-too-many", "table-which", "table-twice", "table-empty"]
)


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


def of_another_layout(reading: OwnReading) -> bool:
    """Return whether a CSV file failed for its names alone, so that it may be a table of the school's own kind."""
    codes = [problem.code for problem in reading.problems]
    slip = bool(reading.fields) and codes.count("table-unknown") < 2  # one misspelt head in a file of ours
    return bool(codes) and set(codes) <= _OTHER_LAYOUT and not slip


def read(session: Session, draft: Draft, path: Path, table: str, agreed: bool) -> tuple[bytes, BookRead]:
    """Return the bytes of the workbook at *path* and what it gives for the item of *draft*."""
    from schoolpub.store.spreadsheets.reading import read_book

    book = read_book(path)
    data = path.read_bytes()
    if own := own_book(book, draft.item, table):
        reading, notes = own
        return data, BookRead(reading.fields, reading.head, reading.problems, reading.places, notes)
    understood = _understood(session, draft, book, table)
    if not understood.fields:
        for note in understood.notes:
            console.note(note)
        names = "、".join(sheet.name for sheet in book.sheets if sheet.cells) or "-"
        raise SchoolpubError(
            say("{name}: nothing in it was understood as “{item}” (sheets: {names}).",
                name=path.name, item=draft.item.name, names=names),
            fix=say("`schoolpub sheet {item} -o FILE.xlsx` makes a sheet to be filled in", item=draft.item.slug),
        )  # fmt: skip
    return data, _confirmed(session, draft, path.name, understood, agreed)


def read_text_table(session: Session, draft: Draft, path: Path, table: str, agreed: bool) -> BookRead | None:
    """Return what a CSV file of the school's own layout gives; None when nothing in it is understood."""
    from schoolpub.store.spreadsheets.reading import read_book

    understood = _understood(session, draft, read_book(path), table)
    return _confirmed(session, draft, path.name, understood, agreed) if understood.fields else None


def _understood(session: Session, draft: Draft, book: Book, table: str) -> Understood:
    period = draft.period
    return understand(book, draft.item, _learned(session, draft), period=period.text if period else "", only=table)


def _confirmed(session: Session, draft: Draft, name: str, found: Understood, agreed: bool) -> BookRead:
    """Show how *found* was understood and ask, unless every name is known; what was confirmed is remembered."""
    from schoolpub.store.files.layout_names import file_of, names_text
    from schoolpub.views.workbooks.sheet_preview import lines

    if wrong := errors(found.problems):
        raise ProblemsFound([replace(problem, file=name) for problem in wrong])
    if not found.sure:
        console.note(say("{name} is laid out in the school's own way. It was understood like this:", name=name))
        for line in lines(found, draft.item):
            console.note(f"  {line}")
        _agree(agreed)
        learned = learned_from(found, _learned(session, draft))
        draft.beside[file_of(draft.item.slug)] = names_text(draft.item.slug, learned).encode()
    elif found.left:
        console.note(say("{name}: not taken, as confirmed before: {left}.", name=name,
                         left="、".join(dict.fromkeys(found.left_names))))  # fmt: skip
    return BookRead(found.fields, found.head, found.problems, found.places, found.notes)


def _agree(agreed: bool) -> None:
    if agreed:
        return
    if not console.asks():
        raise SchoolpubError(
            say("Nothing was changed: nobody has confirmed how the file is to be read."),
            fix=say("compare it with the file, then repeat the command with --yes; it is remembered"),
        )
    if not console.yes(say("Is this right?"), default=False):
        raise SchoolpubError(
            say("Nothing was changed."),
            fix=say(
                "rename the heads in the file as the item calls them (`schoolpub items ITEM`), or use `schoolpub sheet`"
            ),
        )


def _learned(session: Session, draft: Draft) -> Learned:
    from schoolpub.store.files.layout_names import file_of, read_names
    from schoolpub.store.yaml import strict_yaml

    file = file_of(draft.item.slug)
    if file in draft.beside:
        data = draft.beside[file]
    elif session.workspace.path(file).is_file():
        data = session.workspace.data(file)
    else:
        return Learned()
    tree, problems = strict_yaml.parse(data or b"", file)
    if errors(problems):
        raise ProblemsFound(problems)
    learned, wrong = read_names(tree, file)
    if errors(wrong):
        raise ProblemsFound(session.workspace.locate(wrong))
    return learned
