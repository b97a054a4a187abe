"""Dates: how one is counted out, day by day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.language import _
from schoolpub.cli.session import day
from schoolpub.errors import SchoolpubError
from schoolpub.model.calendar import Calendar
from schoolpub.rules.clock import calendar as counting

app = framework.new_app()


@app.command()
def days(
    start: Annotated[str, typer.Argument(metavar="START", help="the day to count from, 2026-09-24")],
    count: Annotated[str, typer.Argument(metavar="COUNT", help="5wd (working days) or 20d (calendar days)")],
    start_counts: Annotated[
        bool, typer.Option("--start-counts", help="the first day counts, too (else it does not)")
    ] = False,
    root: options.Root = None,
    as_json: options.Json = False,
) -> None:
    """Count out a date, day by day, with the reason for each day.

    Working days follow the calendar of the school's folder: holidays and make-up days. Outside a school's folder the
    calendar that comes with the program is used.
    Example: schoolpub days 2026-09-24 5wd
    Example: schoolpub days 2026-02-10 20d --start-counts --json
    """
    from schoolpub.views.clock import working

    calendar = _calendar(root)
    computed = counting.add(day(start), count, calendar, start_counts=start_counts)
    if as_json:
        console.json_out(working.data(computed))
        return
    console.out(working.sentence(computed, start_counts=start_counts))
    console.table([_("Date"), _("Weekday"), _("Count"), _("Why")], working.rows(computed))
    if note := working.provisional_note(computed):
        console.out(note)


def _calendar(root: Path | None) -> Calendar:
    """Return the calendar of the school's folder; outside one, and without *root*, the one that is shipped."""
    from schoolpub.store.files.calendar_file import read_calendar_in
    from schoolpub.store.workspace import find_root

    try:
        folder = find_root(root or Path.cwd()) / "records" / "calendar"
    except SchoolpubError:
        if root is not None:
            raise
        from schoolpub.paths import shipped

        folder = shipped("starter") / "calendar"
    return read_calendar_in(folder)
