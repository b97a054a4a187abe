"""Signing what somebody did with the key that lies on this machine; and refusing where a signature is required."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

from schoolpub.cli import console
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, StepRefused, say
from schoolpub.model.people import Key
from schoolpub.model.record import Record, Signature, Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.history.facts import DAY
from schoolpub.rules.history.signatures import on_paper, required, same_key
from schoolpub.rules.history.steps import step_name
from schoolpub.store import signing
from schoolpub.store.files.record_file import append_text
from schoolpub.store.yaml.canonical import signature_text

_opened: dict[Path, Any] = {}
"""Keys that were opened with their passphrase in this run."""


def signed(snapshot: Snapshot, record: Record, steps: tuple[Step, ...], text: bytes) -> bytes:
    """Return *text* with a signature below its last step where its person has a key here; refuse where one is due."""
    if not steps:
        return text
    last = steps[-1]
    lacking = [s for s in steps if s.by != last.by and required(s, snapshot) and not on_paper(s, snapshot)]
    due = required(last, snapshot) and not on_paper(last, snapshot)
    registered = [key for key in snapshot.people.keys if key.person == last.by and _counts(key, last)]
    if lacking or (due and not registered):
        step = lacking[0] if lacking else last
        raise StepRefused(
            say("{id}: the step “{step}” by {person} must be signed with a key.", id=record.id,
                step=step_name(snapshot, record, step.step), person=snapshot.people.name(step.by)),
            fix=say("make one with `schoolpub key new --as {person}`", person=step.by),
        )  # fmt: skip
    if not registered:
        return text
    private = _open(last.by, due=due)
    if private is None or not any(same_key(key.key, signing.public_text(private, "")) for key in registered):
        if due:
            raise StepRefused(
                say("{id}: the registered key of {person} is not on this machine.", id=record.id,
                    person=snapshot.people.name(last.by)),
                fix=say("act at the machine that has it, or bring the file to {file}", file=str(signing.folder())),
            )  # fmt: skip
        return text
    line = signature_text(Signature(person=last.by, signature=signing.sign(private, text)))
    return append_text(text, line)


def clock_is_right(session: Session) -> None:
    """Refuse an act while the clock is more than a day behind the newest act: one of the two times is wrong.

    A commit that records no step, such as the founding one, is no act and binds nobody's clock.
    """
    newest = session.ledger.log((), 1)
    if newest and newest[0].said("Step") and session.moment.at + DAY < newest[0].at:
        raise SchoolpubError(
            say("This machine's clock says {now}, but the last act was recorded at {last}.",
                now=session.moment.at.isoformat(), last=newest[0].at.isoformat()),
            fix=say("set the clock right and try again"),
        )  # fmt: skip


def ask_passphrase(question: Any) -> str:
    """Return a passphrase: from SCHOOLPUB_PASSPHRASE, or asked where somebody can be asked."""
    given = os.environ.get("SCHOOLPUB_PASSPHRASE")
    if given is not None:
        return given
    return getpass.getpass(f"{tell(question)}：") if console.asks() else ""


def _counts(key: Key, step: Step) -> bool:
    day = step.at.date()
    return key.since <= day and (key.until is None or day <= key.until)


def _open(person: str, *, due: bool) -> Any:
    file = signing.key_file(person)
    if file in _opened or not file.exists():
        return _opened.get(file)
    passphrase = ""
    if signing.is_locked(person):
        passphrase = ask_passphrase(say("Passphrase of the key of {person}", person=person))
        if not passphrase and not due:
            console.note(say("Not signed: the key of {person} asks for its passphrase.", person=person))
            return None
    _opened[file] = signing.load(person, passphrase)
    return _opened[file]
