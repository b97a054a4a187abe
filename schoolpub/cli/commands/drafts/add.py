"""`schoolpub add`: from what the clerk has to a draft in the records."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import guidance, taking
from schoolpub.cli.drafts import drafting, recording, sources
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import say

app = framework.new_app()


@app.command()
def add(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="an item of the catalogue: its slug or Chinese name")],
    period: Annotated[
        str, typer.Option("--period", metavar="P", help="2026-10, 2026Q4, 2026-W44, 2026-2027-1, 2026")
    ] = "",
    date: Annotated[str, typer.Option("--date", metavar="D", help="the day of the event, 2026-11-03")] = "",
    part: Annotated[str, typer.Option("--part", metavar="PART", help="mid or end, where the item has parts")] = "",
    files: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="workbook (xlsx, xls, ods), CSV or YAML with the values; TABLE=FILE for the rows of one table",
        ),
    ] = None,
    sets: options.Sets = None,
    like: Annotated[str, typer.Option("--like", metavar="ID", help="start from the values of this record")] = "",
    zero: Annotated[bool, typer.Option("--zero", help="a zero report: there was nothing to disclose")] = False,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="another title than the proposed one")] = "",
    yes: options.AsUnderstood = False,
    keep: Annotated[bool, typer.Option("--keep", help="attach the spreadsheet that the values were read from")] = False,
    root: options.Root = None,
    person: options.As = "",
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """Draft a record.

    On a terminal it asks for what is missing, proposes last month and last month's values, checks each answer at once
    and keeps an interrupted entry. With --from or --set it never asks.
    Example: schoolpub add finance-monthly
    Example: schoolpub add finance-monthly --from 十月月报.xlsx
    Example: schoolpub add finance-monthly --period 2026-10 --from october.yaml
    Example: schoolpub add 财务收支月报 --from balance.yaml --from income=收入.csv --from expense=支出.csv
    """
    session = open_session(root, person, as_of, writes=True)
    catalogue, found = drafting.find_item(session, item, session.moment.today)  # --as-of is not when it is drafted
    draft = drafting.Draft(found, catalogue)
    given = {"period": period, "date": date, "part": part, "title": title, "zero": "yes" if zero else ""}
    draft.head |= {key: value for key, value in given.items() if value}
    sources.read_sources(session, draft, files or (), agreed=yes, keep=keep)
    draft.give(taking.sets(sets))
    _tell_what_counts(draft, given)
    draft.head |= {key: value for key, value in given.items() if value}
    draft.options |= {key for key, value in given.items() if value}
    template = session.record(like) if like else None
    if not files and not sets and not zero and not as_json and console.asks():
        from schoolpub.cli.drafts import entry

        done = entry.ask(session, draft, template, recording.record)
    else:
        drafting.complete(session, draft, template)
        done = recording.record(session, draft)
    _report(session, done, as_json)


def _tell_what_counts(draft: drafting.Draft, given: dict[str, str]) -> None:
    """Say so where a file is about another period or day than the command line, which counts."""
    for key in ("period", "date", "part"):
        told = draft.head.get(key)
        if given[key] and isinstance(told, str) and told and told != given[key]:
            console.note(say("The file is about {told}; --{key} {given} counts.", told=told, key=key, given=given[key]))


def _report(session: Session, done: recording.Drafted, as_json: bool) -> None:
    record = done.record
    following = guidance.whats_next(session, record)
    if as_json:
        told = {"id": record.id, "file": record.file, "commit": done.commit, "next": following, "notes": done.notes}
        console.json_out(told)
        return
    if done.notes:
        console.out(say("To be mended before it is submitted:"))
        for note in done.notes:
            console.out(f"  {note}")
    console.out(say("Drafted “{title}” in {file}.", title=record.title, file=record.file))
    for line in following:
        console.out(f"  → {line}")
    console.out(record.id)
