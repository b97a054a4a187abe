"""A change of policy: shown with everything it does to dates, then committed as an act of a person with a reason."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from schoolpub.cli import console
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.moves import Moves, moves
from schoolpub.views import moves_text


def preview(before: Snapshot, after: Snapshot, session: Session, *, quiet: bool = False) -> Moves:
    """Show which dates move from *before* to *after*, and return the moves."""
    found = moves(before, after, session.moment.today)
    if not quiet:
        console.out(say("Dates that move:"))
        for line in moves_text.lines(found, after):
            console.out(f"  {line}")
    return found


def confirm(yes: bool) -> None:
    """Ask whether to go on; raise SchoolpubError when nobody said yes."""
    if yes:
        return
    if not console.asks():
        raise SchoolpubError(say("Nothing was changed."), fix=say("repeat the command with --yes to commit it"))
    if not typer.confirm(tell(say("Commit it?")), default=False):
        raise SchoolpubError(say("Nothing was changed."))


def seconded(session: Session, agreed: str) -> str:
    """Return the second person who agreed; raise SchoolpubError when it is the first one again."""
    if not agreed:
        return ""
    person = session.person(agreed)
    if person == session.actor:
        raise SchoolpubError(
            say("{person} cannot agree to their own change.", person=session.snapshot.people.name(person)),
            fix=say("name somebody else with --agreed"),
        )
    return person


def commit(
    session: Session,
    changes: Mapping[str, bytes | None],
    expect: Mapping[str, bytes | None],
    *,
    subject: str,
    reason: str,
    second: str,
    found: Moves,
    after: Snapshot,
) -> str:
    """Commit *changes* with the reason and every date that moves; return the commit's id."""
    people = session.snapshot.people
    actor, typist = session.actor, session.typist or session.actor
    told = [f"理由：{reason}"] if reason else []
    told += [f"经办：{people.name(actor)}" + (f"；同意：{people.name(second)}" if second else "")]
    told += ["", "日期变动：", *moves_text.lines(found, after)]
    trailers = [("Policy", file) for file in changes] + [("By", actor)]
    trailers += [("Agreed", second)] if second else []
    trailers += [("Via", typist)] if typist != actor else []
    done = session.ledger.act(
        dict(changes),
        subject=subject,
        body="\n".join(told),
        trailers=trailers,
        author=_ident(session, actor),
        committer=_ident(session, typist),
        at=session.moment.at,
        expect=dict(expect),
    )
    session.__dict__.pop("snapshot", None)
    return done


def _ident(session: Session, person: str) -> tuple[str, str]:
    known = session.snapshot.people.persons.get(person)
    email = known.emails[0] if known and known.emails else f"{person}@school.invalid"
    return (known.name if known else person, email)
