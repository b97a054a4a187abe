"""Looking things up: list, show, find, log, items."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.language import _
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import say
from schoolpub.model.record import Record
from schoolpub.views import terminal

app = framework.new_app()

Item = Annotated[str, typer.Option("--item", metavar="SLUG", help="only records of this item")]


@app.command("list")
def list_(
    item: Item = "",
    status: Annotated[str, typer.Option("--status", metavar="STATUS", help="draft, submitted, posted, …")] = "",
    category: Annotated[str, typer.Option("--category", metavar="NAME", help="财务, 招生, …")] = "",
    department: Annotated[str, typer.Option("--department", metavar="NAME", help="总务处, …")] = "",
    year: Annotated[str, typer.Option("--year", metavar="YEAR", help="2026")] = "",
    audience: Annotated[str, typer.Option("--audience", metavar="WHO", help="internal, external or both")] = "",
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """List records, the newest last.

    Example: schoolpub list --status draft
    Example: schoolpub list --item finance-monthly --year 2026 --json
    """
    session = open_session(root, as_of=as_of)
    wanted = {"item": item, "status": status, "category": category, "department": department, "audience": audience}
    rows = [
        row
        for row in terminal.rows(session.snapshot, session.today)
        if all(not value or value in (row[key], row.get(f"{key}_name")) for key, value in wanted.items())
        and (not year or row["year"] == year)
    ]
    _rows_out(rows, as_json)


@app.command()
def find(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="any two characters or more; all must occur")],
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """Find records by words in titles, fields and ids.

    Example: schoolpub find 塑胶跑道
    """
    session = open_session(root, as_of=as_of)
    records = session.snapshot.records
    rows = [r for r in terminal.rows(session.snapshot, session.today) if terminal.mentions(records[r["id"]], words)]
    _rows_out(rows, as_json)


def _rows_out(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        console.json_out(rows)
        return
    if not rows:
        console.out(say("No record."))
        return
    heads = [_("Number"), _("Status"), _("Due"), _("Title"), _("Id")]
    console.table(
        heads, ([r["number"], r["status_name"], r["due"] + r["late_mark"], r["title"], r["id"]] for r in rows)
    )


@app.command()
def show(
    record_id: options.RecordId, root: options.Root = None, as_of: options.AsOf = "", as_json: options.Json = False
) -> None:
    """Show a record: its fields and tables, its chain, its deadline.

    Example: schoolpub show finance-monthly-2026-10
    """
    session = open_session(root, as_of=as_of)
    record = session.record(record_id)
    if as_json:
        console.json_out(terminal.record_json(session.snapshot, record, session.today))
        return
    console.out(terminal.record_text(session.snapshot, record, session.today))
    _what_next(session, record)


def _what_next(session: Session, record: Record) -> None:
    from schoolpub.cli import taking

    for line in taking.whats_next(session, record):
        console.out(f"→ {line}")


@app.command()
def log(
    record_id: Annotated[str, typer.Argument(metavar="[ID]", help="only this record")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="only the newest N acts")] = 0,
    root: options.Root = None,
    as_json: options.Json = False,
) -> None:
    """The audit trail in plain words: who did what, when, with which proof; the oldest first.

    Example: schoolpub log finance-monthly-2026-10
    """
    session = open_session(root)
    files = [r.file for r in _editions(session, record_id)] if record_id else []
    commits = session.ledger.log(files, limit or None)
    if as_json:
        console.json_out([_commit_json(c) for c in commits])
        return
    for commit in reversed(commits):
        console.out(f"{commit.at:%Y-%m-%d %H:%M}  {commit.author}  {commit.subject}")
        for line in commit.body.splitlines():
            console.out(f"                  {line}")


def _editions(session: Session, wanted: str) -> list[Record]:
    from schoolpub.rules import editions

    return editions.editions(session.snapshot, session.record(wanted).id)


def _commit_json(commit: Any) -> dict[str, object]:
    return {
        "commit": commit.id,
        "at": commit.at.isoformat(),
        "author": commit.author,
        "email": commit.email,
        "subject": commit.subject,
        "trailers": [list(t) for t in commit.trailers],
        "files": list(commit.files),
    }


@app.command()
def items(
    slug: Annotated[str, typer.Argument(metavar="[SLUG]", help="explain this item")] = "",
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """The catalogue in force, or one item explained: fields, rules, deadline, chain, legal basis.

    Example: schoolpub items
    Example: schoolpub items finance-monthly
    """
    from schoolpub.cli import drafting

    session = open_session(root, as_of=as_of)
    if slug:
        catalogue, item = drafting.find_item(session, slug)
        if as_json:
            console.json_out(terminal.item_json(catalogue, item))
        else:
            console.out(terminal.item_text(catalogue, item))
        return
    in_force = session.snapshot.in_force(session.today)
    listed = [terminal.item_row(in_force, item) for item in in_force.items.values()] if in_force else []
    if as_json:
        console.json_out(listed)
        return
    heads = [_("Category"), _("Item"), _("Audience"), _("When"), _("Department"), "slug"]
    console.table(
        heads, ([r["category"], r["name"], r["audience_name"], r["when"], r["department"], r["slug"]] for r in listed)
    )
