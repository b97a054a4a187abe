"""`schoolpub coverage`: item by period."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub.cli import console, framework, options, words
from schoolpub.cli.session import open_session
from schoolpub.model.catalogue import Item
from schoolpub.rules.clock.as_of import known_on
from schoolpub.rules.ledgers.hearings import HEARING

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
    Below stands which classes had no parents' meeting this term; `--item hearing` shows them class by term.
    Example: schoolpub coverage
    Example: schoolpub coverage --year 2026 --item finance-monthly --json
    """
    from schoolpub.views.clock import coverage as matrix
    from schoolpub.views.ledgers import class_meetings

    session = open_session(root, as_of=as_of)
    number = words.year(year) if year else session.today.year
    snapshot = known_on(session.snapshot, session.today)

    def wanted(one: Item) -> bool:
        return item in ("", one.slug, one.name) and department in ("", one.department)

    found = [cell for cell in matrix.cells(snapshot, session.today, number) if wanted(cell.owed.item)]
    happened = [event for event in matrix.occurrences(snapshot, session.today, number) if wanted(event.item)]
    meetings = any(event.item.slug == HEARING for event in happened)
    if as_json:
        flat = matrix.rows(found, happened, snapshot.in_force(session.today))
        classes = class_meetings.rows(snapshot, session.today, number) if meetings and item else []
        console.json_out([*flat, *classes])
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
    console.out(f"\n{matrix.legend(snapshot.school)}")
    if meetings:
        for line in class_meetings.lines(snapshot, session.today, number):
            console.out(line)
        if item:
            console.table(*class_meetings.table(snapshot, session.today, number))
