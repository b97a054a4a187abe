"""`schoolpub add`: from what the clerk has to a draft in the records."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub.cli import console, drafting, framework, options, taking
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules import acts, authority

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
            "--from", metavar="FILE", help="YAML or CSV with the values; TABLE=FILE for the rows of one table"
        ),
    ] = None,
    sets: options.Sets = None,
    like: Annotated[str, typer.Option("--like", metavar="ID", help="start from the values of this record")] = "",
    zero: Annotated[bool, typer.Option("--zero", help="a zero report: there was nothing to disclose")] = False,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="another title than the proposed one")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """Draft a record.

    On a terminal it asks for what is missing, proposes last month and last month's values, checks each answer at once
    and keeps an interrupted entry. With --from or --set it never asks.
    Example: schoolpub add finance-monthly
    Example: schoolpub add finance-monthly --period 2026-10 --from october.yaml
    Example: schoolpub add 财务收支月报 --from balance.yaml --from income=收入.csv --from expense=支出.csv
    """
    session = open_session(root, person, as_of)
    catalogue, found = drafting.find_item(session, item)
    draft = drafting.Draft(found, catalogue)
    drafting.read_sources(draft, files or ())
    for key, value in taking.sets(sets).items():
        draft.put(key, value)
    given = {"period": period, "date": date, "part": part, "title": title, "zero": "yes" if zero else ""}
    draft.head |= {key: value for key, value in given.items() if value}
    template = session.record(like) if like else None
    if not files and not sets and not zero and not as_json and console.asks():
        from schoolpub.cli import entry

        entry.ask(session, draft, template)
    else:
        drafting.complete(session, draft, template)
    record, notes = _draft(session, draft)
    if not files and not sets:
        from schoolpub.store import unfinished

        unfinished.remove(session.root, unfinished.key(found.slug, record.period or record.date))
    _report(session, record, notes, as_json)


def _draft(session: Session, draft: drafting.Draft) -> tuple[Record, list[str]]:
    """Write *draft* as one commit; return the record and what is to be mended before it is submitted."""
    with session.acting():
        deed = taking.act(session)
        line = next(s for s in draft.catalogue.flows[draft.item.flow].steps if s.step == "draft")
        department = str(draft.head.get("department") or draft.item.department)
        appointment = authority.entitlement(session.snapshot.people, deed.by, line, department, session.moment.today)
        if appointment is None:
            raise _not_a_drafter(session.snapshot, deed, department, line.by)
        step = acts.first_step(line, appointment, deed)
        record, text = drafting.compose(session, draft, step)
        later = drafting.judge(session, draft, record)
        draft.keep_private(session.root, record.id)
        taking.commit(session, [taking.Taken(record=record, steps=record.steps, text=text, before=None)])
    return record, [console.problem_line(p) for p in drafting.warnings_as_notes(later)]


def _not_a_drafter(snapshot: Snapshot, deed: acts.Act, department: str, roles: tuple[str, ...]) -> SchoolpubError:
    who = [
        f"{snapshot.people.name(a.person)}（{a.person}）"
        for a in snapshot.people.appointments
        if a.holds_on(deed.at.date()) and a.role in roles and a.department in ("", department)
    ]
    return SchoolpubError(
        say(
            "{person} cannot draft for {department}: that takes {roles}.",
            person=snapshot.people.name(deed.by),
            department=department,
            roles="、".join(roles),
        ),
        fix=say("these persons can: {persons}", persons="、".join(dict.fromkeys(who)) or "-"),
    )


def _report(session: Session, record: Record, notes: list[str], as_json: bool) -> None:
    following = taking.whats_next(session, record)
    if as_json:
        console.json_out(
            {"id": record.id, "file": record.file, "commit": session.ledger.head(), "next": following, "notes": notes}
        )
        return
    if notes:
        console.out(say("To be mended before it is submitted:"))
        for note in notes:
            console.out(f"  {note}")
    console.out(say("Drafted “{title}” in {file}.", title=record.title, file=record.file))
    for line in following:
        console.out(f"  → {line}")
    console.out(record.id)
