"""`schoolpub calendar`: which years and terms are entered; add a year's holidays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.language import _
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import ProblemsFound, SchoolpubError, errors, say
from schoolpub.model.calendar import Calendar, YearTable

app = framework.new_app()



@app.command()
def calendar(root: options.Root = None, as_json: options.Json = False) -> None:
    """The calendar: which years and terms are entered.

    Example: schoolpub calendar
    """
    _show(open_session(root), as_json)


@app.command()
def add(
    year: Annotated[str, typer.Argument(metavar="YEAR", help="the year, 2027")],
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="a table written by hand, like that of another year")
    ] = None,
    notice: Annotated[str, typer.Option("--notice", metavar="TEXT", help="title and number of the notice")] = "",
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Enter the holidays and make-up days of a year.

    Shows the table and every open date that moves, from what to what, then asks before it commits.
    Example: schoolpub calendar add 2027 --notice "国办发明电〔2026〕7号"
    """
    _add(open_session(root, person), _number(year), source, notice, reason, agreed, yes, as_json)


def _number(year: str) -> int:
    if len(year) != 4 or not year.isdigit():
        raise SchoolpubError(
            say("“{text}” is no year.", text=year or "-"), fix=say("write `schoolpub calendar add 2027`")
        )
    return int(year)


def _show(session: Session, as_json: bool) -> None:
    known = session.snapshot.calendar
    if as_json:
        console.json_out({
            "years": [{"year": t.year, "notice": t.notice, "holidays": len(t.holidays), "workdays": len(t.workdays)}
                      for t in known.years.values()],
            "terms": [{"id": t.id, "name": t.name, "first": t.first.isoformat(), "last": t.last.isoformat()}
                      for t in known.terms],
        })  # fmt: skip
        return
    console.table(
        [_("Year"), _("Holidays"), _("Make-up days"), _("Notice")],
        ([str(t.year), str(len(t.holidays)), str(len(t.workdays)), t.notice] for t in known.years.values()),
    )
    console.out("")
    console.table(
        [_("Term"), _("From"), _("To")],
        ([t.name or t.id, t.first.isoformat(), t.last.isoformat()] for t in known.terms),
    )


def _add(
    session: Session, year: int, source: Path | None, notice: str, reason: str, agreed: str, yes: bool, as_json: bool
) -> None:
    from schoolpub.cli.policy import adopting
    from schoolpub.store.files.calendar_file import year_text
    from schoolpub.views.clock import moves_text

    with session.acting():
        table = _table(year, source, notice)
        file = f"records/calendar/{year}.yaml"
        path = session.workspace.path(file)
        before = path.read_bytes() if path.is_file() else None
        text = year_text(table).encode()
        if before == text:
            console.out(say("{file} says so already; nothing to change.", file=file))
            return
        second = adopting.seconded(session, agreed)
        old = session.snapshot
        new = replace(old, calendar=_with(old.calendar, table))
        if not as_json:
            _told(table)
            console.out(say("Compare it with the notice before you commit.") if source is None else "")
        found = adopting.preview(old, new, session, quiet=as_json)
        adopting.confirm(yes)
        done = adopting.commit(
            session, {file: text}, {file: before},
            subject=f"日历：登记{year}年放假安排", reason=reason, second=second, found=found, before=old, after=new,
        )  # fmt: skip
    if as_json:
        console.json_out({"file": file, "commit": done, "moves": moves_text.rows(found)})
        return
    console.out(say("Entered in {file}.", file=file))


def _with(known: Calendar, table: YearTable) -> Calendar:
    years = dict(sorted({**known.years, table.year: table}.items()))
    return replace(known, years=years)


def _table(year: int, source: Path | None, notice: str) -> YearTable:
    if source is None:
        from schoolpub.store.files.holidays import table_of

        return table_of(year, notice)
    from schoolpub.cli.acts.taking import data_of
    from schoolpub.store.files.calendar_file import read_year
    from schoolpub.store.yaml import strict_yaml

    tree, problems = strict_yaml.parse(data_of(source), source.name)
    if errors(problems):
        raise ProblemsFound(problems)
    table, found = read_year(tree, source.name)
    if table is None or errors(found):
        raise ProblemsFound([replace(p, file=source.name) for p in found])
    if table.year != year:
        raise SchoolpubError(say("{file} is about {other}, not {year}.", file=source.name, other=table.year, year=year))
    return replace(table, notice=notice) if notice else table


def _told(table: YearTable) -> None:
    from schoolpub.views.clock.working import table_rows

    console.out(f"{table.year}年　{table.notice}")
    console.table([_("Holiday"), _("Days off"), _("Make-up days")], table_rows(table))
