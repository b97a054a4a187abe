"""`schoolpub due`, and `schoolpub` alone: what must be done now, and why a date is what it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, WrongCommandLine, say
from schoolpub.rules.clock.as_of import known_on

app = framework.new_app()

_GLANCE = 6
"""Entries of a section that `schoolpub` alone shows."""


@app.command()
def due(
    explain: Annotated[
        str, typer.Option("--explain", metavar="ID", help="why this date: the working of a record's dates, day by day")
    ] = "",
    person: Annotated[str, typer.Option("--for", metavar="PERSON", help="only what this person can do")] = "",
    days: Annotated[
        str, typer.Option("--days", metavar="N", help="look N days ahead (else the school's `due-soon-days`)")
    ] = "",
    ics: Annotated[bool, typer.Option("--ics", help="print a calendar file (ICS) of the duties")] = False,
    out: Annotated[
        Optional[Path],  # noqa: UP045  typer reads it at run time
        typer.Option("--out", "-o", metavar="FILE", help="with --ics: write it into this file"),
    ] = None,
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """What is owed, and when: late, due, waiting, to be proven, to be taken down.

    Each line comes with the command that does it. The exit code is 1 when something is late, for a scheduled job.
    Example: schoolpub due
    Example: schoolpub due --for zhao-min --json
    Example: schoolpub due --explain finance-monthly-2026-10
    Example: schoolpub due --ics -o 公开期限.ics
    """
    session = open_session(root, as_of=as_of, thorough=True)
    if explain:
        _explain(session, explain, as_json)
        return
    if ics:
        _ics(session, person, out)
        return
    raise typer.Exit(_now(session, person, as_json, _whole(days), most=0))


def glance(root: Path | None, as_of: str, as_json: bool, person: str) -> int:
    """Show what must be done now, a few lines of each kind; return the exit code."""
    return _now(open_session(root, as_of=as_of, thorough=True), person, as_json, None, most=_GLANCE)


def _now(session: Session, person: str, as_json: bool, horizon: int | None, *, most: int) -> int:
    from schoolpub.views.clock import todo, todo_text

    snapshot = known_on(session.snapshot, session.today)
    found = todo.tasks(snapshot, session.today, horizon_days=horizon)
    me = session.person(person) if person else _me(session)
    if person:
        found = todo.for_person(found, me)
    elif most and not session.as_of:
        from schoolpub.cli.safekeeping import second_copy

        if task := second_copy.missing(session):
            found.append(task)
    if as_json:
        console.json_out(todo_text.rows(found))
    else:
        _broken(session)
        for line in todo_text.text(found, snapshot, session.today, most=most, me=me):
            console.out(line)
    return 1 if todo.is_late(found) else 0


def _broken(session: Session) -> None:
    """Say that files could not be read: what they hold is not in the list."""
    from schoolpub.errors import errors

    if count := len(errors(session.snapshot.problems)):
        console.note(
            say("{count} mistakes in the files: what they hold is not counted here. → schoolpub check", count=count)
        )


def _me(session: Session) -> str:
    """Return who sits here, nothing where git was never told."""
    try:
        return session.typist
    except SchoolpubError:
        return ""


def _explain(session: Session, wanted: str, as_json: bool) -> None:
    from schoolpub.views.clock import explain

    snapshot = known_on(session.snapshot, session.today)
    found = None if wanted in snapshot.records else explain.of_duty(wanted, snapshot, session.today)
    if found is None:
        record = session.record(wanted)
        found = explain.of_record(snapshot.records.get(record.id, record), snapshot, session.today)
        if found is None:
            raise SchoolpubError(
                say("{id}: its catalogue edition or flow is missing; run `schoolpub check`", id=record.id)
            )
    if as_json:
        console.json_out(explain.data(found))
        return
    for line in explain.text(found, snapshot, session.today):
        console.out(line)


def _ics(session: Session, person: str, out: Path | None) -> None:
    import sys

    from schoolpub.views.clock import ics

    snapshot = known_on(session.snapshot, session.today)
    text = ics.of_tasks(snapshot, session.today, session.person(person) if person else "")
    if out is not None:
        from schoolpub.cli.written_files import write

        ours = out.is_file() and out.read_bytes().startswith(b"BEGIN:VCALENDAR")
        if out.exists() and not ours:
            raise SchoolpubError(
                say("{file} exists already.", file=str(out)), fix=say("choose the name of another file")
            )
        write(out, text.encode(), force=ours)
        console.out(say("Wrote {file}.", file=str(out)))
        return
    # Lines of such a file end in CR LF; a text stream would change them on some machines.
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
    else:
        sys.stdout.write(text)


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not text.isdigit() or len(text) > 4:
        raise WrongCommandLine(say("“{text}” is no number of days.", text=text), fix=say("write for example --days 30"))
    return int(text)
