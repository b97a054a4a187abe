"""Looking things up: list, show, find, log, items."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer

from schoolpub.cli import console, framework, masking, options, words
from schoolpub.cli.language import _
from schoolpub.cli.session import Session, day, open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record
from schoolpub.views import formats, rows

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
    every = rows.rows(session.snapshot, session.today)
    for key, value in wanted.items():
        words.one_of(f"--{key}", value, (*_known(session, key), *(name for row in every for name in _called(row, key))))
    if year:
        words.year(year)
    found = [
        row
        for row in every
        if all(not value or value in _called(row, key) for key, value in wanted.items())
        and (not year or row["year"] == year)
    ]
    _rows_out(session, found, as_json)


def _known(session: Session, key: str) -> Iterator[str]:
    """Yield what a record may be called under *key*, whether there is such a record or not."""
    for catalogue in session.snapshot.catalogues.values():
        for item in catalogue.items.values():
            yield from {"item": (item.slug, item.name), "category": (item.category,)}.get(key, ())
        yield from (part for pair in catalogue.statuses.items() for part in pair) if key == "status" else ()
    yield from {"department": session.snapshot.school.departments, "audience": formats.AUDIENCES}.get(key, ())


def _called(row: dict[str, Any], key: str) -> tuple[str, ...]:
    """Return what *row* is called under *key*: its key, its name, and a status without what is added to it."""
    name = str(row.get(f"{key}_name") or "")
    return (row[key], name, name.partition("，")[0])


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
    found = [row for row in rows.rows(session.snapshot, session.today) if rows.mentions(records[row["id"]], words)]
    _rows_out(session, found, as_json)


def _rows_out(session: Session, found: list[dict[str, Any]], as_json: bool) -> None:
    found = masking.rows(found, session.declared)
    if as_json:
        console.json_out(found)
        return
    if not found:
        console.out(say("No record."))
        return
    heads = [_("Number"), _("Status"), _("Due"), _("Title"), _("Id")]
    listed = [[r["number"], r["status_name"], r["due"] + r["late_mark"], r["title"], r["id"]] for r in found]
    if console.narrow():  # an id takes a third of the line, and must stay in one piece to be copied
        heads = [*heads[:3], f"{heads[3]}／{heads[4]}"]
        listed = [[*row[:2], row[2].replace(" ", "\n"), f"{row[3]}\n{row[4]}"] for row in listed]
    console.table(heads, listed)


@app.command()
def show(
    record_id: options.RecordId, root: options.Root = None, as_of: options.AsOf = "", as_json: options.Json = False
) -> None:
    """Show a record: its fields and tables, its chain, its deadline.

    Example: schoolpub show finance-monthly-2026-10
    """
    from schoolpub.cli.acts import guidance
    from schoolpub.views import terminal

    session = open_session(root, as_of=as_of)
    record = masking.record(session.record(record_id), session.declared)
    if as_json:
        console.json_out(terminal.record_json(session.snapshot, record, session.today))
        return
    console.out(terminal.record_text(session.snapshot, record, session.today))
    for line in guidance.whats_next(session, record):
        console.out(f"→ {line}")


@app.command()
def log(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="only this record")] = "",
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="only the newest N acts")] = 0,
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """The audit trail in plain words: who did what, when, with which proof; the oldest first.

    Example: schoolpub log finance-monthly-2026-10
    Example: schoolpub log --as-of 2026-11-03
    """
    session = open_session(root, as_of=as_of)
    files = [r.file for r in _editions(session, record_id)] if record_id else []
    commits = session.ledger.log(files, None if as_of else limit or None)
    if as_of:
        commits = [commit for commit in commits if commit.at.date() <= session.today][: limit or None]
    if as_json:
        console.json_out(masking.tree([_commit_json(c) for c in commits], session.declared))
        return
    declared = session.declared
    for commit in reversed(commits):
        subject = masking.text(commit.subject, declared)
        console.out(f"{commit.at:%Y-%m-%d %H:%M}  {commit.author}  {subject}")
        for line in commit.body.splitlines():
            console.out(f"                  {masking.text(line, declared)}")


def _editions(session: Session, wanted: str) -> list[Record]:
    from schoolpub.rules.chain import editions

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


def _start_edition(session: Session, new: date) -> None:
    from schoolpub.store.files import policy

    if new <= session.today:
        raise SchoolpubError(
            say("A new edition takes effect on a day later than its adoption; {day} is not.", day=new.isoformat()),
            fix=say("choose a day after today"),
        )
    if new in session.snapshot.catalogues or not session.snapshot.catalogues:
        raise SchoolpubError(say("There is an edition of {day} already, or none to start from.", day=new.isoformat()))
    folder = policy.start_edition(session.root, max(session.snapshot.catalogues), new, session.today)
    console.out(say("Copied the catalogue to {folder}.", folder=folder))
    console.out(say("  → change it there, then: schoolpub check, schoolpub adopt --reason TEXT"))


@app.command()
def items(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="explain this item")] = "",
    new: Annotated[
        str, typer.Option("--new", metavar="DATE", help="copy the edition to start the next, in force from this day")
    ] = "",
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """The catalogue in force, or one item explained: fields, rules, deadline, chain, legal basis.

    Example: schoolpub items
    Example: schoolpub items finance-monthly
    Example: schoolpub items --new 2027-01-01
    """
    from schoolpub.cli.drafts import drafting
    from schoolpub.views import terminal

    session = open_session(root, as_of=as_of)
    if new:
        _start_edition(session, day(new))
        return
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
    heads = [_("Category"), _("Item"), _("Audience"), _("When"), _("Department"), _("Slug")]
    shown = [[r["category"], r["name"], r["audience_name"], r["when"], r["department"], r["slug"]] for r in listed]
    if console.narrow():
        heads = [heads[0], f"{heads[1]}／{heads[5]}", *heads[2:5]]
        shown = [[row[0], f"{row[1]}\n{row[5]}", *row[2:5]] for row in shown]
    console.table(heads, shown)
