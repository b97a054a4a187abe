"""`schoolpub export`: a record, or a list of records, as a spreadsheet; a record comes back by `add --from`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from schoolpub.cli import console, framework, masking, options
from schoolpub.cli.session import Session, open_session
from schoolpub.cli.written_files import write
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record

app = framework.new_app()


@app.command()
def export(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="a record; without it a list is written")] = "",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="the file to write, .xlsx or .csv (else ID.xlsx)")
    ] = None,
    item: Annotated[str, typer.Option("--item", metavar="SLUG", help="list the records of this item")] = "",
    ledger: Annotated[
        str, typer.Option("--ledger", metavar="NAME", help="disclosures, feedback, rectifications or supervision")
    ] = "",
    status: Annotated[str, typer.Option("--status", metavar="STATUS", help="draft, submitted, posted, …")] = "",
    year: Annotated[str, typer.Option("--year", metavar="YEAR", help="2026")] = "",
    force: Annotated[bool, typer.Option("--force", help="write over the file if it exists")] = False,
    root: options.Root = None,
    as_of: options.AsOf = "",
) -> None:
    """Write a record, or a list of records, as a spreadsheet.

    A record that was written so can be given to `add --from` or `edit --from` and gives the same values again.
    Example: schoolpub export finance-monthly-2026-10 -o 十月月报.xlsx
    Example: schoolpub export --item finance-monthly --year 2026 -o 月报清单.csv
    """
    session = open_session(root, as_of=as_of)
    listed = bool(item or ledger or status or year)
    if bool(record_id) == listed:
        raise SchoolpubError(
            say("Say what is to be written: one record, or a list."),
            fix=say("give an ID; or --item, --ledger, --status or --year"),
        )
    if listed:
        file = out or Path(f"{item or ledger or status or year}.xlsx")
        data = _list(session, file, {"item": item, "ledger": ledger, "status": status, "year": year})
    else:
        record = session.record(record_id)
        file = out or Path(f"{record.id}.xlsx")
        data = _record(session, record, file)
    write(file, data, force=force)
    console.out(say("Wrote {file}.", file=str(file)))


def _record(session: Session, record: Record, file: Path) -> bytes:
    from schoolpub.views.workbooks.workbook import pages, text_page

    found = session.snapshot.item(record)
    if found is None:
        raise SchoolpubError(say("{id}: its catalogue edition or item is missing; run `schoolpub check`", id=record.id))
    if record.body.get("private"):
        console.note(say("Restricted fields stay in private/ and were not written."))
    if record.attachments:
        console.note(
            say("The attachments were not written: {files}.", files="、".join(a.file for a in record.attachments))
        )
    if _is_csv(file):
        from schoolpub.store.csv_rows import table_text

        return table_text(text_page(found, record.body, record.fields))
    from schoolpub.store.spreadsheets.writing import workbook

    return workbook(pages(found, record.body, record.fields, blank=False))


def _list(session: Session, file: Path, wanted: dict[str, str]) -> bytes:
    from schoolpub.views import rows
    from schoolpub.views.workbooks.workbook_list import list_page, list_rows

    records = session.snapshot.records
    found = [
        row for row in rows.rows(session.snapshot, session.today) if _fits(row, session, records[row["id"]], wanted)
    ]
    if not found:
        raise SchoolpubError(say("No record fits."), fix=say("`schoolpub list` shows all"))
    shown = masking.rows(found, session.declared)
    items = {record.item: session.snapshot.item(record) for record in (records[row["id"]] for row in found)}
    only = next(iter(items.values())) if len(items) == 1 else None
    table = list_rows(shown, records, only)
    if _is_csv(file):
        from schoolpub.store.csv_rows import table_text

        return table_text(table)
    from schoolpub.store.spreadsheets.writing import workbook

    return workbook([list_page(table, only)])


def _fits(row: dict[str, Any], session: Session, record: Record, wanted: dict[str, str]) -> bool:
    found = session.snapshot.item(record)
    known: dict[str, Sequence[str]] = {
        "item": (record.item, found.name if found else ""),
        "ledger": (found.ledger if found else "",),
        "status": (row["status"], str(row.get("status_name") or "").partition("，")[0]),
        "year": (row["year"],),
    }
    return all(not value or value in known[key] for key, value in wanted.items())


def _is_csv(file: Path) -> bool:
    suffix = file.suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise SchoolpubError(
            say("{file}: this kind of file is not written.", file=file.name), fix=say("end the name in .xlsx or .csv")
        )
    return suffix == ".csv"
