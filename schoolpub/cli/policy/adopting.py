"""A change of policy: shown with everything it does to dates, then committed as an act of a person with a reason."""

from __future__ import annotations

from collections.abc import Mapping

from schoolpub.cli import console
from schoolpub.cli.acts import signing
from schoolpub.cli.policy import policy_record
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.clock.moves import Moves, moves
from schoolpub.views.clock import moves_text


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
    if not console.yes(say("Commit it?"), default=False):
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
    before: Snapshot,
    after: Snapshot,
    files: Mapping[str, bytes | None] | None = None,
) -> str:
    """Commit *changes* with the record that names them and every date that moves; return the commit's id.

    Who may do it is judged by the policy *before*.  *files* are further files of the same commit.
    """
    people = before.people
    signing.clock_is_right(session)
    named = policy_record.name(session, before, changes, subject=subject, reason=reason, second=second)
    actor, typist = session.actor, session.typist or session.actor
    told = [f"理由：{reason}"] if reason else []
    told += [f"经办：{people.name(actor)}" + (f"；同意：{people.name(second)}" if second else "")]
    told += ["", "日期变动：", *moves_text.lines(found, after)]
    trailers = [("Policy", file) for file in changes] + [("By", actor)]
    trailers += [("Agreed", second)] if second else []
    written = {**changes, **(files or {})}
    if named is not None:
        trailers = [("Record", named.record.id), *(("Step", step.step) for step in named.record.steps), *trailers]
        written[named.record.file] = named.text
    trailers += [("Via", typist)] if typist != actor else []
    done = session.ledger.act(
        written,
        subject=subject,
        body="\n".join(told),
        trailers=trailers,
        author=people.ident(actor),
        committer=people.ident(typist),
        at=session.moment.at,
        expect=dict(expect),
    )
    session.__dict__.pop("snapshot", None)
    if named is not None and not named.agreed:
        console.note(
            say("A second person must agree: `schoolpub approve {id}` (until then `schoolpub verify` says so).",
                id=named.record.id)
        )  # fmt: skip
    return done
