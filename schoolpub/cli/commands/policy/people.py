"""`schoolpub people`: who holds which post; persons, posts, seats and delegations entered as acts of two persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.language import _, tell
from schoolpub.cli.policy import registering
from schoolpub.cli.session import Session, day, open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.people import Appointment, Person
from schoolpub.rules.values.wrong import nearest
from schoolpub.store.files import people_file

app = framework.new_app()

Department = Annotated[str, typer.Option("--department", metavar="NAME", help="for this department alone")]
Body = Annotated[str, typer.Option("--body", metavar="NAME", help="a seat in this body: 领导小组, 监督小组")]
From = Annotated[str, typer.Option("--from", metavar="DATE", help="the first day; else today")]
Until = Annotated[str, typer.Option("--until", metavar="DATE", help="the last day")]
Who = Annotated[str, typer.Argument(metavar="PERSON", help="short name or name")]
Role = Annotated[str, typer.Argument(metavar="ROLE", help="the post: 填报人, 部门负责人, 公开办; or the body")]


@app.command()
def people(root: options.Root = None, as_of: options.AsOf = "", as_json: options.Json = False) -> None:
    """Who holds which post, from when until when.

    Example: schoolpub people
    Example: schoolpub people --as-of 2026-06-30
    """
    session = open_session(root, as_of=as_of)
    register = session.snapshot.people
    rows = []
    for person in register.persons.values():
        for a in register.held(person.id, session.today):
            rows.append({
                "person": person.id, "name": person.name, "role": a.role, "department": a.department, "body": a.body,
                "from": a.since.isoformat(), "until": a.until.isoformat() if a.until else "",
            })  # fmt: skip
    if as_json:
        console.json_out(rows)
        return
    heads = [_("Person"), _("Short name"), _("Post"), _("From"), _("To")]
    console.table(heads, (
        [row["name"], row["person"], (row["body"] or row["department"]) + row["role"], row["from"], row["until"]]
        for row in rows
    ))  # fmt: skip


@app.command()
def add(
    slug: Annotated[str, typer.Argument(metavar="SHORTNAME", help="a short name in small letters: zhao-min")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="the person's name")] = "",
    email: Annotated[str, typer.Option("--email", metavar="MAIL", help="the address that their git has")] = "",
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Enter a person; what they may do is said by `people appoint`.

    Example: schoolpub people add lu-yuan --name 陆远 --email lu-yuan@school.invalid --agreed sun-jie
    """
    if not name:
        raise SchoolpubError(say("A person needs a name."), fix=say("add --name NAME"))
    session = open_session(root, person)
    with session.acting():
        if slug in session.snapshot.people.persons:
            raise SchoolpubError(say("There is a {person} already.", person=slug), fix=say("choose another short name"))
        new = Person(id=slug, name=name, emails=(email,) if email else ())
        data = people_file.with_person(registering.register(session), new)
        done = registering.change(session, data, subject=f"登记人员：{name}", reason=reason, agreed=agreed, yes=yes,
                                  quiet=as_json)  # fmt: skip
    _told(done, as_json)


@app.command()
def appoint(
    who: Who,
    role: Role,
    department: Department = "",
    body: Body = "",
    since: From = "",
    until: Until = "",
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Give somebody a post, or a seat in a body, from a day on.

    Example: schoolpub people appoint han-lu 填报人 --department 德育处 --from 2026-12-01 --agreed sun-jie
    """
    session = open_session(root, person)
    with session.acting():
        new = Appointment(
            person=session.person(who), role=role, department=department, body=body,
            since=day(since) if since else session.moment.today, until=day(until) if until else None,
        )  # fmt: skip
        _note_unknown(session, new)
        done = _appointed(session, new, "任职", reason, agreed, yes, as_json)
    _told(done, as_json)


def _note_unknown(session: Session, new: Appointment) -> None:
    """Say when no flow asks for the post, or the school has no such department: it may be a slip."""
    flows = [flow for catalogue in session.snapshot.catalogues.values() for flow in catalogue.flows.values()]
    roles = {name: None for flow in flows for line in flow.steps for name in line.by}
    departments = session.snapshot.school.departments
    if not new.body and roles and new.role not in roles and (hint := nearest(new.role, roles)):
        console.note(say("No step asks for the post “{role}”. {hint}", role=new.role, hint=tell(hint)))
    if new.department and departments and new.department not in departments:
        close = nearest(new.department, departments)
        hint_text = tell(close) if close else ""
        console.note(say("The school has no department “{name}”. {hint}", name=new.department, hint=hint_text))


@app.command()
def delegate(
    giver: Annotated[str, typer.Argument(metavar="FROM", help="whose post it is")],
    taker: Annotated[str, typer.Argument(metavar="TO", help="who acts in it meanwhile")],
    role: Role,
    department: Department = "",
    body: Body = "",
    since: From = "",
    until: Until = "",
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Let somebody act in another's post between two dates; the other keeps it.

    Example: schoolpub people delegate chen-xi chu-wei 部门负责人 --until 2026-11-30 --agreed sun-jie
    """
    if not until:
        raise SchoolpubError(say("A delegation needs its last day."), fix=say("add --until DATE"))
    session = open_session(root, person)
    with session.acting():
        held = registering.post(session, session.person(giver), role, department, body)
        new = replace(
            held, person=session.person(taker), since=day(since) if since else session.moment.today, until=day(until)
        )
        if new.until is not None and new.until < new.since:
            raise SchoolpubError(say("It ends before it begins."), fix=say("--until is the last day"))
        done = _appointed(session, new, "委托代办", reason, agreed, yes, as_json)
    _told(done, as_json)


@app.command()
def end(
    who: Who,
    role: Role,
    department: Department = "",
    body: Body = "",
    until: Until = "",
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """End a post or a seat; what was done in it stays valid.

    Example: schoolpub people end pan-yue 财务小组 --until 2026-12-31 --agreed sun-jie
    """
    session = open_session(root, person)
    with session.acting():
        held = registering.post(session, session.person(who), role, department, body)
        last = day(until) if until else session.moment.today
        _not_before(last, session.moment.today)
        data = people_file.with_end(registering.register(session), held, last)
        name = session.snapshot.people.name(held.person)
        done = registering.change(session, data, subject=f"离任：{name}（{registering.words(held)}）", reason=reason,
                                  agreed=agreed, yes=yes, quiet=as_json)  # fmt: skip
    _told(done, as_json)


def _appointed(
    session: Session, new: Appointment, word: str, reason: str, agreed: str, yes: bool, quiet: bool
) -> str:
    _not_before(new.since, session.moment.today)
    data = people_file.with_appointment(registering.register(session), new)
    subject = f"{word}：{session.snapshot.people.name(new.person)}（{registering.words(new)}）"
    return registering.change(session, data, subject=subject, reason=reason, agreed=agreed, yes=yes, quiet=quiet)


def _not_before(first: date, today: date) -> None:
    """Refuse what would change whether past acts were permitted."""
    if first < today - timedelta(days=1):
        raise SchoolpubError(
            say("{day} is past, and what was done then is judged by what was registered then.", day=first.isoformat()),
            fix=say("name today or a later day"),
        )


def _told(commit: str, as_json: bool) -> None:
    if as_json:
        console.json_out({"commit": commit})
    else:
        console.out(say("Committed."))
