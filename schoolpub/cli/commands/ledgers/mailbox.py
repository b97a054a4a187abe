"""`schoolpub mailbox`: the principal's mailbox is opened every Tuesday of a term, and an empty one is entered too."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.drafts import drafting, recording
from schoolpub.cli.language import _, tell
from schoolpub.cli.session import open_session
from schoolpub.errors import SchoolpubError, WrongCommandLine, say
from schoolpub.model.record import Tree

app = framework.new_app()

ITEM = "mailbox-check"


@app.command()
def mailbox(root: options.Root = None, as_of: options.AsOf = "", as_json: options.Json = False) -> None:
    """The days of this term on which the mailbox had to be opened: opened, missed, moved.

    Example: schoolpub mailbox
    """
    from schoolpub.rules.clock.as_of import known_on
    from schoolpub.views.ledgers import mailbox as view

    session = open_session(root, as_of=as_of)
    terms = [term for term in session.snapshot.calendar.terms if term.first <= session.today]
    term = max(terms, key=lambda one: one.first, default=None)
    if term is None:
        raise SchoolpubError(
            say("No term is entered that has begun."), fix=say("enter it in records/calendar/terms.yaml")
        )
    last = min(term.last, session.today + timedelta(7))
    found = view.rows(known_on(session.snapshot, session.today), session.today, term.first, last)
    if as_json:
        console.json_out(found)
        return
    heads = [_("Tuesday"), _("Moved to"), _("Status"), _("Letters"), _("Id")]
    shown = [[f"{r['day']} {r['weekday']}", r["due"] if r["moved"] else "", r["state_name"], r["letters"], r["record"]]
             for r in found]  # fmt: skip
    console.table(heads, shown)


@app.command()
def check(
    letters: Annotated[
        str, typer.Option("--letters", metavar="N", help="how many letters there were; 0 is an entry")
    ] = "",
    box: Annotated[str, typer.Option("--box", metavar="NAME", help="which box (else 校长信箱)")] = "",
    registered: Annotated[
        list[str] | None, typer.Option("--registered", metavar="ID", help="a letter that was registered")
    ] = None,
    date: Annotated[str, typer.Option("--date", metavar="D", help="the day it was opened (else today)")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Enter that the mailbox was opened, and how many letters were in it.

    Example: schoolpub mailbox check --letters 0
    Example: schoolpub mailbox check --letters 2 --registered feedback-20261124-abcd --registered feedback-20261124-efgh
    """
    if not letters and console.asks():
        letters = typer.prompt(tell(say("How many letters (0 for none)?")))
    if not letters.isdecimal() or not letters.isascii():
        raise WrongCommandLine(
            say("“{text}” is no number of letters.", text=letters or "-"), fix=say("write for example --letters 0")
        )
    session = open_session(root, person)
    catalogue, item = drafting.find_item(session, ITEM, session.moment.today)
    draft = drafting.Draft(item, catalogue)
    known = list(dict.fromkeys(session.record(wanted).id for wanted in registered or ()))
    ids: list[Tree] = [*known]
    if len(ids) > int(letters):
        raise SchoolpubError(
            say(
                "{registered} letters were registered, but only {letters} were found.",
                registered=len(ids),
                letters=letters,
            ),
            fix=say("count again, or leave out --registered"),
        )
    given: dict[str, Tree] = {"letters": str(int(letters)), "box": box, "date": date, "registered": ids}
    draft.give({key: value for key, value in given.items() if value})
    drafting.complete(session, draft, None)
    done = recording.record(session, draft)
    if as_json:
        console.json_out({"id": done.record.id, "file": done.record.file, "commit": done.commit})
        return
    console.out(say("Entered: “{title}”, {letters} letters.", title=done.record.title, letters=int(letters)))
    if int(letters) > len(ids):
        console.out(say("  → register each letter: schoolpub feedback add --channel 校长信箱"))
    console.out(done.record.id)
