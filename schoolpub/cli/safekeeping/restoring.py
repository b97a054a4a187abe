"""`init --from`: the office works again, from a second copy, on an empty machine."""

from __future__ import annotations

from getpass import getpass
from pathlib import Path

from schoolpub.cli import console
from schoolpub.cli.acts.taking import data_of
from schoolpub.cli.clock import now
from schoolpub.cli.language import tell
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.store import backup as copies
from schoolpub.store import sealed, signing
from schoolpub.store.git.copies import Noted, note
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.workspace import Workspace

_TRIES = 3
_THE_REST = say("use another copy; --public-only gives back all but the private part")
_CLOSED = frozenset({"closed", "void", "transferred", "merged", "declined"})


def restore(folder: Path, backup: Path, key: Path | None, public_only: bool) -> None:
    """Make *folder* the school that the copy in *backup* holds."""
    place = copies.place_in(backup.resolve())
    about = copies.about(place)
    sealed_part = (place / copies.PRIVATE).exists() and not public_only
    if about.get("private") and not sealed_part and not public_only:
        raise SchoolpubError(
            say("The private part of this copy is missing ({count} files).", count=about["private"]), fix=_THE_REST
        )
    secret = _secret(place, key) if sealed_part else ""
    ledger = Exchange(folder)
    head = copies.restore_history(place, ledger, str(about.get("head") or ""))
    files = copies.restore_private(place, folder, secret) if sealed_part else 0
    user = about.get("user")
    if isinstance(user, dict) and user.get("email"):
        ledger.set_user(str(user.get("name") or user["email"]), str(user["email"]))
    note(folder, Noted(place=str(place), at=str(about.get("at") or now().at.isoformat()), head=head))
    _report(folder, Workspace(folder).read(), about, files)


def _secret(place: Path, key: Path | None) -> str:
    data = (place / copies.PRIVATE).read_bytes()
    if key is not None:
        secret = sealed.secret_in(data_of(key).decode("utf-8", "replace"))
        sealed.unseal(data, secret)
        return secret
    if not console.asks():
        raise SchoolpubError(
            say("The private part of the copy is sealed, and nobody can be asked for the recovery key here."),
            fix=say("add --key FILE with the key from the sealed envelope, or --public-only to leave that part closed"),
        )
    tries = 0
    while True:
        tries += 1
        try:
            secret = sealed.secret_in(getpass(tell(say("Recovery key from the sealed envelope (it is not shown): "))))
            sealed.unseal(data, secret)
        except SchoolpubError as wrong:
            if tries == _TRIES:
                raise
            console.refusal(wrong)
        else:
            return secret


def _report(folder: Path, snapshot: Snapshot, about: dict[str, object], files: int) -> None:
    console.out(
        say(
            "{school} works again in {folder}: {records} records, {private} private files, as of {at}.",
            school=snapshot.school.name, folder=str(folder), records=len(snapshot.records), private=files,
            at=str(about.get("at") or "-"),
        )
    )  # fmt: skip
    missing = [
        record.id
        for record in snapshot.records.values()
        if isinstance(record.body.get("private"), str)
        and not record.private_fields
        and flow.status(snapshot, record) not in _CLOSED
        and not any(step.step == "erase" for step in record.steps)
    ]
    if missing:
        console.note(say("  without their private part: {ids}", ids="、".join(missing)))
    today = now().today
    signers = dict.fromkeys(k.person for k in snapshot.people.keys if not k.until or k.until >= today)
    if away := [snapshot.people.name(person) for person in signers if not signing.key_file(person).exists()]:
        console.note(
            say("  keys to sign with are in no copy: {names} bring theirs here, or `schoolpub key retire` and"
                " `schoolpub key new`", names="、".join(away))
        )  # fmt: skip
    console.out(say("Next: cd {folder} && schoolpub doctor", folder=str(folder)))
