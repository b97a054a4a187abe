"""Personal data: attachments that a person must look at, and what to do when something got in all the same."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import inspecting, taking
from schoolpub.cli.drafts import drafting
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, Text, say
from schoolpub.model.record import Record
from schoolpub.rules.chain import acts, authority, flow
from schoolpub.rules.clock.removals import still_up

app = framework.new_app()

ITEM = "privacy-incident"


@app.command()
def inspect(
    record_id: options.RecordId,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE…", help="only these attachments; else all that wait")
    ] = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Confirm that you looked at attachments that the program cannot read, and that no personal data stands there.

    Photos and scans are posted only after somebody other than the drafter did this.
    Example: schoolpub inspect safety-inspection-20261103
    """
    session = open_session(root, person)
    with session.acting():
        record = session.record(record_id)
        waiting = [a for a in inspecting.unseen(session, record) if not files or a.file in files]
        if not waiting:
            raise SchoolpubError(
                say("{id}: no attachment waits for a look.", id=record.id),
                fix=say("`schoolpub show {id}` lists its attachments", id=record.id),
            )
        steps = [("inspect", taking.act(session, file=a.file, sha256=a.sha256)) for a in waiting]
        taken = taking.prepare(session, record, steps)
        commit = taking.commit(session, [taken])
    if as_json:
        console.json_out({"id": record.id, "files": [a.file for a in waiting], "commit": commit})
        return
    for attachment in waiting:
        console.out(say("{file}: looked at.", file=attachment.file))


@app.command()
def privacy(root: options.Root = None, as_json: options.Json = False) -> None:
    """Show which attachments wait for a look, and which incidents are open.

    Example: schoolpub privacy
    """
    session = open_session(root)
    waiting = [
        {"record": record.id, "file": attachment.file}
        for record in session.snapshot.records.values()
        if flow.status(session.snapshot, record) not in (*flow.POSTED_STATUSES, "void")
        for attachment in inspecting.unseen(session, record)
    ]
    incidents = [
        {"id": record.id, "record": str(record.fields.get("record", "")), "status": _status(session, record)}
        for record in session.snapshot.records.values()
        if record.item == ITEM
    ]
    if as_json:
        console.json_out({"unseen": waiting, "incidents": incidents})
        return
    console.out(say("Attachments not yet looked at (未检查): {count}", count=len(waiting)))
    for row in waiting:
        console.out(f"  {row['record']}  {row['file']}")
    console.out(say("Incidents: {count}", count=len(incidents)))
    for row in incidents:
        console.out(f"  {row['id']}  {row['record']}  {row['status']}")


@app.command("incident")
def incident(
    record_id: options.RecordId,
    what: Annotated[
        str,
        typer.Option("--what", metavar="TEXT", help="which kind of data got in; never the data itself"),
    ] = "",
    persons: Annotated[str, typer.Option("--persons", metavar="N", help="how many people are concerned")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Personal data got in: stop showing the record at once, open the incident's record, and tell what is left to do.

    Example: schoolpub privacy incident good-news-20261103 --what 学生身份证号 --persons 3
    """
    if not what:
        raise SchoolpubError(
            say("an incident needs --what: which kind of data got in."),
            fix=say("add --what, for example --what 学生身份证号; do not write the data itself"),
        )
    session = open_session(root, person)
    with session.acting():
        record = session.record(record_id)
        stopped = _stopped(session, record)
        opened = _opened(session, record, what, persons)
        commit = taking.commit(session, [*stopped, opened])
    record = session.snapshot.records[record.id]
    left = list(_left(session, record, opened.record))
    if as_json:
        told = {"id": opened.record.id, "record": record.id, "suspended": bool(stopped), "commit": commit}
        console.json_out({**told, "next": [tell(line) for line in left]})
        return
    if stopped:
        console.out(say("{id} is not shown any more: it leaves the site at the next build.", id=record.id))
    console.out(say("The incident is recorded (个人信息保护法第五十七条): {file}", file=opened.record.file))
    for number, line in enumerate(left, 1):
        console.out(f"  {number}. {tell(line)}")
    console.out(opened.record.id)


def _stopped(session: Session, record: Record) -> list[taking.Taken]:
    """Return *record* suspended where it is on show."""
    own_flow = session.snapshot.flow(record)
    state = flow.status(session.snapshot, record)
    if own_flow is None or flow.find_line(own_flow, "suspend", state) is None:
        return []
    return [taking.prepare(session, record, [("suspend", taking.act(session, reason="个人信息处置"))])]


def _opened(session: Session, record: Record, what: str, persons: str) -> taking.Taken:
    """Return the record of the incident, with its first step."""
    catalogue, item = drafting.find_item(session, ITEM, session.moment.today)
    draft = drafting.Draft(item, catalogue)
    history = session.ledger.log([record.file, *_files(record)])
    draft.head["date"] = session.moment.today.isoformat()
    values = {"record": record.id, "what": what, "persons": persons, "commits": str(len(history))}
    draft.fields |= {key: value for key, value in values.items() if value}
    drafting.complete(session, draft, None)
    line = next(step for step in catalogue.flows[item.flow].steps if flow.NONE in step.sources)
    deed = taking.act(session)
    department = str(draft.head.get("department") or item.department)
    appointment = authority.entitlement(session.snapshot.people, deed.by, line, department, session.moment.today)
    if appointment is None:
        raise drafting.not_a_drafter(session.snapshot, deed, department, line.by)
    opened, text = drafting.compose(session, draft, acts.first_step(line, appointment, deed))
    drafting.judge(session, draft, opened)
    return taking.Taken(record=opened, steps=opened.steps, text=text, before=None)


def _left(session: Session, record: Record, opened: Record) -> list[Text]:
    """Return what people still have to do, in the order in which it matters."""
    item = session.snapshot.item(record)
    shown = flow.status(session.snapshot, record) in (*flow.POSTED_STATUSES, "suspended", "withdrawn")
    hanging = still_up(record, item, session.snapshot) if item and shown else []
    places = "、".join(spot.place or spot.channel for spot in hanging)
    lines = [say("`schoolpub build`, and put the new site in place of the old one now")]
    if places:
        lines.append(say("take it down: {places}; then `schoolpub takedown {id} …`", places=places, id=record.id))
    told = {"id": opened.id, "count": str(opened.fields.get("commits", "?"))}
    lines += [
        say("copies elsewhere (groups, search engines, the authority's platform): ask for their removal"),
        say("tell the people concerned and the authority: `schoolpub do {id} tell --set whom=… --set how=…`", **told),
        say("the head ends it: `schoolpub withdraw {id} --reason …`; a note stays at the address", id=record.id),
        say(
            "git still holds it in {count} commits; in a copy of the folder `git filter-repo --replace-text FILE` "
            "takes the words of FILE out of all of them",
            **told,
        ),
    ]
    if record.attachments:
        lines.append(
            say("and `git filter-repo --invert-paths --path records/attachments/{id}` its files", id=record.id)
        )
    lines += [
        say("then every copy is fetched anew: `schoolpub do {id} purge --set until=COMMIT --set how=…`", **told),
        say("when all is done somebody else closes it: `schoolpub do {id} close --set result=…`", **told),
    ]
    return lines


def _files(record: Record) -> list[str]:
    return [f"records/attachments/{record.id}"] if record.attachments else []


def _status(session: Session, record: Record) -> str:
    state = flow.status(session.snapshot, record)
    return session.snapshot.catalogues[record.catalogue].statuses.get(state, state)
