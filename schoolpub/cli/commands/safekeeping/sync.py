"""`schoolpub sync`: several offices that work apart, and meet in one repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.safekeeping import settling
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, Text, errors, say
from schoolpub.model.record import Record
from schoolpub.rules.chain import merging, numbering
from schoolpub.rules.history.facts import Finding
from schoolpub.store.files import private
from schoolpub.store.git.copies import Noted, note, noted
from schoolpub.store.git.syncing import Meeting, reachable
from schoolpub.store.proof import proving
from schoolpub.store.proof.remembered import Memory
from schoolpub.store.reading import ERASE

app = framework.new_app()

_ROUNDS = 5


@dataclass
class Outcome:
    """What a synchronisation did."""

    place: str
    taken: int = 0
    """Files that others changed."""
    settled: list[str] = field(default_factory=list)
    said: list[Text] = field(default_factory=list)
    """What was decided where both sides differed."""
    merged: str = ""
    pushed: bool = False


@app.command()
def sync(
    place: Annotated[
        str, typer.Argument(metavar="[PLACE]", help="the first time: the folder or address where the offices meet")
    ] = "",
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="ID=SIDE", help="which text stands where both worked on one record"),
    ] = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Take over what the other offices did, and hand on what was done here.

    Different records never collide. Where both worked on one record, you are shown both texts and decide: the other
    side's steps become void and stay readable.
    Example: schoolpub sync /media/share/gongkai.git
    Example: schoolpub sync --keep finance-monthly-2026-10=there
    """
    session = open_session(root, person)
    meeting = Meeting(session.root)
    session.ledger = meeting
    chosen = settling.choices(keep or ())
    with session.acting():
        outcome = Outcome(_connected(meeting, place))
        _exchange(session, meeting, chosen, outcome)
        note(session.root, Noted(
            place=outcome.place, at=session.moment.at.isoformat(), head=meeting.head(), kind="remote"
        ))  # fmt: skip
        session.__dict__.pop("snapshot", None)
        _erase_here(session)
        findings = _unexplained(session)
        collisions = numbering.collisions(session.snapshot)
        problems = session.workspace.locate(errors(session.snapshot.problems))
    if as_json:
        console.json_out({
            "place": outcome.place, "taken": outcome.taken, "merged": outcome.merged, "settled": outcome.settled,
            "pushed": outcome.pushed, "collisions": [later.id for _, _, later in collisions],
            "findings": len(findings),
        })  # fmt: skip
    else:
        _report(outcome)
    _tell(collisions)
    console.problems(problems)
    if findings:
        console.note(say("No permitted act explains {count} things in the history; the first: {what}",
                         count=len(findings), what=findings[0].message))  # fmt: skip
        console.note(say("  → schoolpub verify"))
    if collisions or problems or findings:
        raise typer.Exit(1)


def _erase_here(session: Session) -> None:
    """Take away the private part of what another office erased."""
    for record in session.snapshot.records.values():
        if any(step.step == ERASE for step in record.steps) and private.erase(session.root, record.id):
            console.note(say("{id}: erased by another office, and now here, too.", id=record.id))


def _unexplained(session: Session) -> list[Finding]:
    """Return what no permitted act explains in the history: a merge by hand may blend what nobody approved."""
    memory = Memory(session.root)
    proof = proving.prove(session.ledger, session.moment.at, memory)
    if not proof.findings:
        memory.keep(proof)
    return [finding for finding in proof.findings if finding.commit]


def _connected(meeting: Meeting, place: str) -> str:
    known = meeting.address()
    if place and not known:
        meeting.connect(reachable(place))
    elif not known:
        raise SchoolpubError(
            say("This folder is not connected with other offices yet."),
            fix=say("name where they meet, a bare repository on a share or a server: `schoolpub sync PLACE`"),
        )
    elif place and reachable(place) != known:
        raise SchoolpubError(
            say("This folder meets the others at {place}.", place=known),
            fix=say("leave the place out, or change it with `git remote set-url origin …`"),
        )
    return meeting.address()


def _exchange(session: Session, meeting: Meeting, chosen: dict[str, str], outcome: Outcome) -> None:
    """Fetch, merge and push until nobody was faster."""
    for _ in range(_ROUNDS):
        there = meeting.fetch()
        if not there and _noted(session, outcome.place):
            console.note(say("{place} is empty, and was not: everything is handed on again.", place=outcome.place))
        head = meeting.head()
        if there:
            _not_rewritten(session, meeting, there, outcome.place)
            if meeting.contains(head, there):
                pass
            elif meeting.contains(there, head):
                outcome.taken += len(meeting.advance(there))
            else:
                _merge(session, meeting, there, chosen, outcome)
        if meeting.head() == there or _handed_on(session, meeting):
            outcome.pushed = meeting.head() != there
            return
    raise SchoolpubError(say("The other offices hand on one act after another."), fix=say("try again in a minute"))


def _handed_on(session: Session, meeting: Meeting) -> bool:
    """Push; a server that refuses a number given twice leaves nobody without the command that mends it."""
    try:
        return meeting.push()
    except SchoolpubError:
        session.__dict__.pop("snapshot", None)
        _tell(numbering.collisions(session.snapshot))
        raise


def _tell(collisions: Sequence[tuple[str, Record, Record]]) -> None:
    for number, first, later in collisions:
        told = {"number": number, "first": first.id, "later": later.id}
        console.note(say("{number} was given twice: {first} and {later}.", **told))
        console.note(say("  → schoolpub renumber {id} --reason …", id=later.id))


def _noted(session: Session, place: str) -> str:
    """Return the last commit that is known to have been at *place*; nothing before the first time."""
    return next((n.head for n in noted(session.root) if n.kind == "remote" and n.place == place), "")


def _not_rewritten(session: Session, meeting: Meeting, there: str, place: str) -> None:
    known = _noted(session, place)
    if known and not meeting.contains(there, known):
        raise SchoolpubError(
            say("The history at {place} was rewritten: it no longer holds what it held before ({commit}).",
                place=place, commit=known[:12]),
            fix=say("change nothing, call whoever looks after the server; this folder still holds the true history"),
        )  # fmt: skip


def _merge(session: Session, meeting: Meeting, there: str, chosen: dict[str, str], outcome: Outcome) -> None:
    base = meeting.base(there)
    if not base:
        raise SchoolpubError(
            say("The repository at {place} has another beginning: it is another school's.", place=outcome.place),
            fix=say("look at the address with `git remote -v`"),
        )
    here = meeting.changed(base, "HEAD")
    division = merging.divide(here, meeting.changed(base, there))
    if division.deleted:
        raise SchoolpubError(
            say("The other side deleted {files}: records are never deleted.", files="、".join(division.deleted)),
            fix=say("change nothing, call whoever looks after the server"),
        )
    clashes = [settling.look(meeting, key, paths, base, there) for key, paths in division.clashes.items()]
    settled = settling.settle(session, clashes, chosen)
    blobs = {path: blob for path, blob in division.taken.items() if path not in settled.texts}
    people = session.snapshot.people
    outcome.merged = meeting.merge(
        there, blobs, settled.texts,
        message=("合并：与其他办公室同步", "\n".join(settled.told)),
        trailers=settled.trailers, at=session.moment.at,
        author=people.ident(session.actor), committer=people.ident(session.typist or session.actor),
    )  # fmt: skip
    outcome.taken += len(blobs)
    outcome.settled += [clash.key for clash in clashes]
    outcome.said += settled.said


def _report(outcome: Outcome) -> None:
    told = say("In step with {place}: {taken} files taken over.", place=outcome.place, taken=outcome.taken)
    console.out(told)
    for line in outcome.said:
        console.out(line)
    console.out(say("What was done here was handed on.") if outcome.pushed else say("Nothing new was done here."))
