"""`schoolpub rectify`, `rectify list` and `rectify ledger`: what is being put right, as lists, sheets and files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from schoolpub.cli import console, framework, masking, options, words
from schoolpub.cli.session import Session, open_session
from schoolpub.cli.written_files import write
from schoolpub.errors import SchoolpubError, say
from schoolpub.paths import templates
from schoolpub.rules.ledgers.rectification import IMPROVEMENT
from schoolpub.views.ledgers import ledger_sheet

app = framework.new_app()

_KINDS = (".pdf", ".csv", ".xlsx")

Year = Annotated[str, typer.Option("--year", metavar="YEAR", help="only what was opened in this year")]
Improvements = Annotated[bool, typer.Option("--improvement", help="the ledger of improvements")]


@app.command()
def rectify(root: options.Root = None, as_of: options.AsOf = "", as_json: options.Json = False) -> None:
    """What is being put right or improved, with its due date and its state.

    Example: schoolpub rectify
    """
    _listed(open_session(root, as_of=as_of), "", "", True, False, False, as_json)


@app.command("list")
def list_(
    improvement: Improvements = False,
    year: Year = "",
    only_open: Annotated[bool, typer.Option("--open", help="only what is not closed")] = False,
    late: Annotated[bool, typer.Option("--late", help="only what is or was late")] = False,
    reopened: Annotated[bool, typer.Option("--reopened", help="only what was reopened")] = False,
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """List rectifications and improvements, the oldest first.

    Example: schoolpub rectify list --open --late
    """
    item = IMPROVEMENT if improvement else ""
    _listed(open_session(root, as_of=as_of), item, year, only_open, late, reopened, as_json)


@app.command()
def ledger(
    improvement: Improvements = False,
    year: Year = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="FILE", help="write it to this file, of the kind PDF, CSV or Excel by its name"
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="write over the file if it exists")] = False,
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """The ledger of rectifications (整改台账) or of improvements (改进台账), complete: on the screen or as a file.

    Example: schoolpub rectify ledger --year 2026 -o 整改台账.pdf
    Example: schoolpub rectify ledger --improvement -o 改进台账.csv
    """
    session = open_session(root, as_of=as_of)
    item = IMPROVEMENT if improvement else ledger_sheet.RECTIFICATION
    found = _rows(session, item, year)
    if out is not None:
        kind = out.suffix.lower()
        if kind not in _KINDS:
            raise SchoolpubError(
                say("{file}: a ledger cannot be written as this kind of file.", file=out.name),
                fix=say("name a file that ends in `.pdf`, `.csv` or `.xlsx`"),
            )
        write(out, _file(session, item, year, found, kind), force=force)
        console.json_out({"file": str(out), "rows": len(found)}) if as_json else console.out(str(out))
    elif as_json:
        console.json_out(found)
    elif not found:
        console.out(say("No record."))
    else:
        console.out(ledger_sheet.summary(found))
        console.table(ledger_sheet.heads(item), ledger_sheet.cells(found, item))


def _listed(
    session: Session, item: str, year: str, only_open: bool, late: bool, reopened: bool, as_json: bool
) -> None:
    found = [
        row
        for row in _rows(session, item, year)
        if (row["open"] or not only_open) and (row["late_workdays"] or not late) and (row["reopened"] or not reopened)
    ]
    if as_json:
        console.json_out(found)
    elif not found:
        console.out(say("Nothing is open.") if only_open else say("No record."))
    else:
        console.out(ledger_sheet.summary(found))
        console.table(ledger_sheet.short_heads(), ledger_sheet.short_cells(found))


def _rows(session: Session, item: str, year: str) -> list[dict[str, Any]]:
    if year:
        words.year(year)
    return masking.rows(ledger_sheet.rows(session.snapshot, session.today, item=item, year=year), session.declared)


def _file(session: Session, item: str, year: str, found: list[dict[str, Any]], kind: str) -> bytes:
    """Return the ledger as a file of the *kind* that its name's end asks for."""
    if kind == ".pdf":
        from schoolpub.notices import Printer

        value = ledger_sheet.value(session.snapshot, session.today, item, year)
        return Printer(templates(session.root, "print")).ledger(value, session.moment.at)
    if kind == ".csv":
        from schoolpub.store.csv_rows import table_text

        return table_text([ledger_sheet.heads(item), *ledger_sheet.cells(found, item)])
    from schoolpub.store.spreadsheets.writing import workbook

    return workbook([ledger_sheet.page(found, item)])
