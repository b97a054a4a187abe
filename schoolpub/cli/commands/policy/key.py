"""`schoolpub key`: make, register and end the keys by which steps are signed; nobody needs to know what SSH is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import signing, taking
from schoolpub.cli.language import _
from schoolpub.cli.policy import registering
from schoolpub.cli.session import Session, day, open_session
from schoolpub.errors import SchoolpubError, Unfinished, say
from schoolpub.model.people import Key
from schoolpub.rules.history.signatures import same_key
from schoolpub.store import signing as keys
from schoolpub.store.files import people_file

app = framework.new_app()

Who = Annotated[str, typer.Argument(metavar="PERSON", help="short name or name; else yourself")]


@app.command()
def key(root: options.Root = None, as_json: options.Json = False) -> None:
    """Who signs with which key, from when until when.

    Example: schoolpub key
    """
    session = open_session(root)
    register = session.snapshot.people
    rows = [
        {
            "person": k.person, "name": register.name(k.person), "key": " ".join(k.key.split()[:2]),
            "from": k.since.isoformat(), "until": k.until.isoformat() if k.until else "",
            "here": keys.key_file(k.person).exists(),
        }
        for k in register.keys
    ]  # fmt: skip
    if as_json:
        console.json_out(rows)
        return
    if not rows:
        console.out(say("Nobody has a key yet: `schoolpub key new` makes one."))
        return
    heads = [_("Person"), _("Key"), _("From"), _("To"), _("On this machine")]
    console.table(heads, (
        [str(row["name"]), f"…{str(row['key'])[-12:]}", str(row["from"]), str(row["until"]), "✓" if row["here"] else ""]
        for row in rows
    ))  # fmt: skip


@app.command()
def new(
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Make a key on this machine and register it: from now on your steps are signed with it.

    The key stays on this machine, outside the school's folder. A passphrase, if you want one, is asked for each time.
    A key that was made and never registered, because the command was cut off, is registered now.
    Example: schoolpub key new --agreed sun-jie
    """
    session = open_session(root, person)
    with session.acting():
        who = session.actor
        data = registering.register(session)
        left = keys.public_line(who)
        if any(same_key(k.key, left) for k in session.snapshot.people.keys):
            left = ""
        line = left or keys.new_key(who, signing.ask_passphrase(say("Passphrase for the new key (empty: none)")))
        try:
            done = _registered(session, data, who, line, "", reason, agreed, yes, as_json)
        except Unfinished:
            raise
        except SchoolpubError:
            if not left:
                keys.forget(who)
            raise
    if as_json:
        console.json_out({"person": who, "key": line, "file": str(keys.key_file(who)), "commit": done})
        return
    console.out(say("Your key lies in {file}. Keep a copy of this file in a safe place; give it to nobody.",
                    file=str(keys.key_file(who))))  # fmt: skip


@app.command()
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the public key: a file that ends in .pub")],
    who: Annotated[str, typer.Option("--for", metavar="PERSON", help="whose key it is; else yours")] = "",
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="the first day; else today")] = "",
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Register a key that exists: made on another machine, or by `ssh-keygen`.

    Example: schoolpub key add lu-yuan.pub --for sun-jie --agreed wang-lan
    """
    session = open_session(root, person)
    with session.acting():
        owner = session.person(who) if who else session.actor
        line = " ".join(taking.data_of(file).decode("utf-8", "replace").split()[:2])
        if not keys.is_public_key(line):
            raise SchoolpubError(
                say("{file} is no public key by which steps can be signed.", file=file.name),
                fix=say("name the file that ends in .pub (Ed25519, ECDSA, or RSA of at least 2,048 bits); the other "
                        "one is secret and stays where it is"),
            )
        done = _registered(session, registering.register(session), owner, line, since, reason, agreed, yes, as_json)
    if as_json:
        console.json_out({"person": owner, "key": line, "commit": done})
        return
    console.out(say("Committed."))


@app.command()
def retire(
    who: Who = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="its last day; else today")] = "",
    stolen: Annotated[
        str, typer.Option("--stolen", metavar="DATE", help="it was in wrong hands from this day on, also a past one")
    ] = "",
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """End a key: lost, stolen, or no longer needed. What it signed before stays valid.

    With --stolen, `schoolpub verify` names every step that was signed with it from that day on.
    Example: schoolpub key retire sun-jie --stolen 2026-11-01 --reason U盘遗失 --agreed wang-lan
    """
    if not reason:
        raise SchoolpubError(say("The end of a key needs a reason."), fix=say("add --reason TEXT"))
    session = open_session(root, person)
    with session.acting():
        owner = session.person(who) if who else session.actor
        last = day(stolen) - timedelta(days=1) if stolen else day(until) if until else session.moment.today
        known = [k for k in session.snapshot.people.keys if k.person == owner]
        open_keys = [k for k in known if k.until is None or (stolen and last < k.until)]
        if not open_keys:
            raise SchoolpubError(
                say("{person} has no key in use.", person=session.snapshot.people.name(owner)),
                fix=say("`schoolpub key` lists all keys"),
            )
        data = registering.register(session)
        for one in open_keys:
            data = people_file.with_key_end(data, one, last)
        subject = f"停用密钥：{session.snapshot.people.name(owner)}"
        done = registering.change(session, data, subject=subject, reason=reason, agreed=agreed, yes=yes, quiet=as_json)
    if as_json:
        console.json_out({"person": owner, "until": last.isoformat(), "commit": done})
        return
    console.out(say("Committed."))


def _registered(
    session: Session,
    data: bytes,
    person: str,
    line: str,
    since: str,
    reason: str,
    agreed: str,
    yes: bool,
    quiet: bool,
) -> str:
    if any(same_key(k.key, line) for k in session.snapshot.people.keys):
        raise SchoolpubError(say("This key is registered already."), fix=say("`schoolpub key` lists all keys"))
    first = day(since) if since else session.moment.today
    key = Key(person=person, key=" ".join(line.split()[:2]), since=max(first, session.moment.today))
    new_data = people_file.with_key(data, key)
    subject = f"登记密钥：{session.snapshot.people.name(person)}"
    return registering.change(session, new_data, subject=subject, reason=reason, agreed=agreed, yes=yes, quiet=quiet)
