"""`schoolpub coverage`: item by period."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.session import open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.catalogue import Item
from schoolpub.rules.as_of import known_on

app = framework.new_app()


@app.command()
def coverage(
    year: Annotated[str, typer.Option("--year", metavar="YEAR", help="the year of the periods; else this year")] = "",
    item: Annotated[str, typer.Option("--item", metavar="SLUG", help="only this item")] = "",
    department: Annotated[str, typer.Option("--department", metavar="NAME", help="总务处, …")] = "",
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """Item by period: what was disclosed in time, late, or not at all.

    What is disclosed when something happens is listed below; where nobody declared anything, it says so.
    Example: schoolpub coverage
    Example: schoolpub coverage --year 2026 --item finance-monthly --json
    """
    from schoolpub.views import coverage as matrix

    session = open_session(root, as_of=as_of)
    if year and not (year.isdigit() and len(year) == 4):
        raise SchoolpubError(say("“{text}” is no year.", text=year), fix=say("write it as 2026"))
    number = int(year) if year else session.today.year
    snapshot = known_on(session.snapshot, session.today)

    def wanted(one: Item) -> bool:
        return item in ("", one.slug, one.name) and department in ("", one.department)

    found = [cell for cell in matrix.cells(snapshot, session.today, number) if wanted(cell.owed.item)]
    happened = [event for event in matrix.occurrences(snapshot, session.today, number) if wanted(event.item)]
    if as_json:
        console.json_out(matrix.rows(found, happened, snapshot.in_force(session.today)))
        return
    for table in matrix.tables(found, number, snapshot.calendar):
        console.out(f"\n{number}年　{table.name}")
        console.table(
            ["", *table.heads],
            ([matrix.row_name(one, part), *map(matrix.marks, places)] for one, part, places in table.rows),
        )
    if happened:
        console.out(f"\n{number}年　发生时公开")
        console.table(["", ""], ([event.item.name, matrix.declared(event)] for event in happened))
    console.out(f"\n{matrix.legend()}")
