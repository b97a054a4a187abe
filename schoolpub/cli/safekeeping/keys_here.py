"""Are the keys where they should be: the recovery key in its envelope, the key to sign with on this machine?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from schoolpub.cli.commands.safekeeping.backup import RECOVERY_SHEET
from schoolpub.cli.safekeeping.finding import BAD, GOOD, HINT, Finding
from schoolpub.cli.session import Session
from schoolpub.errors import say
from schoolpub.store import backup, signing
from schoolpub.store.git.exchange import Exchange

_SOON = timedelta(days=30)


def recovery(session: Session, _ledger: Exchange) -> Iterator[Finding]:
    """Say whether copies can be opened again, and that the key to them lies nowhere about."""
    sheets = sorted((session.root / "print").glob(f"{Path(RECOVERY_SHEET).stem}*.txt"))
    if sheets:
        yield Finding(
            what="keys",
            state=BAD,
            told=say("The recovery key still lies on this machine: {file}", file="、".join(map(str, sheets))),
            cure=say("print it, put it into the head's sealed envelope, and delete the file"),
        )
    if backup.keys(session.root) is None:
        yield Finding(
            what="keys",
            state=HINT,
            told=say("There is no recovery key yet."),
            cure=say("schoolpub backup DIR makes one"),
        )
    elif not sheets:
        yield Finding(what="keys", state=GOOD, told=say("The copies are sealed to the office and to the recovery key."))


def signing_key(session: Session, ledger: Exchange) -> Iterator[Finding]:
    """Say whether who sits here can sign, where the school asks for it or they have a key."""
    today, policy = session.moment.today, session.snapshot.school.signatures
    person = session.snapshot.people.by_email(ledger.user_email())
    if person is None:
        return
    held = [k for k in session.snapshot.people.keys if k.person == person.id and k.since <= today <= (k.until or today)]
    asked = policy is not None and policy.since <= today
    if not held:
        if asked:
            told = say("The school asks for signatures, and {person} has no key.", person=person.name)
            yield Finding(what="keys", state=BAD, told=told, cure=say("schoolpub key new makes one"))
    elif not (file := signing.key_file(person.id)).exists():
        yield Finding(
            what="keys",
            state=BAD if asked else HINT,
            told=say("The key of {person} is not on this machine.", person=person.name),
            cure=say("bring its file to {file}, or make another: schoolpub key new", file=str(file)),
        )
    elif all(key.until and key.until <= today + _SOON for key in held):
        last = max(key.until for key in held if key.until)
        told = say("The key of {person} counts until {day} only.", person=person.name, day=last.isoformat())
        yield Finding(what="keys", state=HINT, told=told, cure=say("schoolpub key new makes another"))
    else:
        yield Finding(what="keys", state=GOOD, told=say("The key of {person} is here.", person=person.name))
