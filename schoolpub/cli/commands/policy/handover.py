"""`schoolpub handover`: all posts from one person to another on a day, and the list that both sign."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.policy import registering
from schoolpub.cli.session import Session, day, open_session
from schoolpub.errors import SchoolpubError, Unfinished, say
from schoolpub.model.people import Appointment, Key
from schoolpub.paths import templates
from schoolpub.store import durable
from schoolpub.store.files import people_file

app = framework.new_app()


@app.command()
def handover(
    giver: Annotated[str, typer.Argument(metavar="FROM", help="who hands over: short name or name")],
    taker: Annotated[str, typer.Argument(metavar="TO", help="who takes over")],
    on: Annotated[str, typer.Option("--date", metavar="DATE", help="the first day of the new person")] = "",
    roles: Annotated[
        list[str] | None, typer.Option("--role", metavar="ROLE", help="only this post or body; may stand several times")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="where the list is written")] = None,
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Hand all posts over: they end for one person and begin for another, keys end, and the list for both is printed.

    Drafts and duties belong to the post, so they go with it; the list names them.
    Example: schoolpub handover chen-xi lu-yuan --date 2026-12-01 --agreed sun-jie
    """
    if not on:
        raise SchoolpubError(say("A handover needs its day."), fix=say("add --date 2026-12-01"))
    session = open_session(root, person)
    first = day(on)
    with session.acting():
        leaving, coming = session.person(giver), session.person(taker)
        if leaving == coming:
            raise SchoolpubError(say("Both are the same person."), fix=say("name two persons"))
        if first < session.moment.today:
            raise SchoolpubError(
                say("{day} is past, and what was done then is judged by what was registered then.", day=on),
                fix=say("name today or a later day"),
            )
        posts = _posts(session, leaving, first, roles or [])
        keys = _keys(session, leaving, posts)
        sheet = _sheet(session, leaving, coming, first, posts, len(keys))
        data = _changed(session, registering.register(session), coming, first, posts, keys)
        names = session.snapshot.people
        file = (out or session.root / "print") / f"handover-{leaving}-{coming}-{first.isoformat()}.pdf"
        durable.write(file, sheet)  # first: afterwards the posts are handed over, and no list can be made of them
        try:
            done = registering.change(
                session, data, subject=f"移交：{names.name(leaving)} → {names.name(coming)}", reason=reason,
                agreed=agreed, yes=yes, quiet=as_json,
            )  # fmt: skip
        except Unfinished:
            raise
        except SchoolpubError:
            file.unlink()
            raise
    if as_json:
        console.json_out({"commit": done, "files": [str(file)], "posts": [registering.words(post) for post in posts]})
        return
    console.out(say("Handed over: {posts}", posts="、".join(registering.words(post) for post in posts)))
    console.out(say("Print the list and have both sign it: {file}", file=str(file)))


def _posts(session: Session, giver: str, first: date, roles: list[str]) -> list[Appointment]:
    people = session.snapshot.people
    held = [
        a for a in people.appointments
        if a.person == giver and a.until is None and a.since < first
        and (not roles or any(a.answers_to(role) for role in roles))
    ]  # fmt: skip
    if not held:
        raise SchoolpubError(
            say("{person} holds no such post without an end.", person=people.name(giver)),
            fix=say("`schoolpub people` shows who holds what"),
        )
    return held


def _keys(session: Session, giver: str, posts: list[Appointment]) -> list[Key]:
    """Return the keys that end: all, where nothing is left to be done by the one who goes."""
    people = session.snapshot.people
    left = [a for a in people.appointments if a.person == giver and a.until is None and a not in posts]
    return [] if left else [key for key in people.keys if key.person == giver and key.until is None]


def _changed(
    session: Session, data: bytes, taker: str, first: date, posts: list[Appointment], keys: list[Key]
) -> bytes:
    last = first - timedelta(days=1)
    for post in posts:
        data = people_file.with_end(data, post, last)
        same = [
            a for a in session.snapshot.people.appointments
            if a.person == taker and (a.until is None or a.until >= first)
            and (a.role, a.department, a.body) == (post.role, post.department, post.body)
        ]  # fmt: skip
        if not same:
            new = Appointment(person=taker, role=post.role, department=post.department, body=post.body, since=first)
            data = people_file.with_appointment(data, new)
    for key in keys:
        data = people_file.with_key_end(data, key, max(last, key.since))
    return data


def _sheet(
    session: Session, giver: str, taker: str, first: date, posts: list[Appointment], keys: int
) -> bytes:
    from schoolpub.notices import Printer
    from schoolpub.views.sheets import handover as view

    value = view.value(session.snapshot, giver, taker, first, posts, session.moment.today, keys)
    return Printer(templates(session.root, "print")).handover(value, session.moment.at)
