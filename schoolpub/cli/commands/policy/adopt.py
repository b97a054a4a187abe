"""`schoolpub adopt`: policy edited by hand becomes an act with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import ProblemsFound, SchoolpubError, errors, say
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.history.policy import judge_change

app = framework.new_app()

_WAYS_OUT = {
    "policy-backdated": say("name its folder by a day later than today; what was in force stays"),
    "policy-rewritten": say("leave that flow as it is, and begin a new edition: `schoolpub items --new DATE`"),
    "register-rewritten": say("leave its lines as they are; `schoolpub key retire` ends a key"),
    "groups-overlap": say("End one of the two appointments before the other begins."),
}


@app.command()
def adopt(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE…", help="only these files; else all policy that was edited")
    ] = None,
    reason: options.Reason = "",
    agreed: options.Agreed = "",
    yes: options.Yes = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Commit policy that was edited by hand: school, people, calendar, catalogue, work plan.

    Shows every open date that moves, from what to what, then asks before it commits. What is posted keeps the date that
    it showed.
    Example: schoolpub adopt --reason "2027年目录，领导小组2026年12月10日通过"
    Example: schoolpub adopt records/calendar/terms.yaml --reason 校历调整
    """
    from schoolpub.cli.policy import adopting
    from schoolpub.rules.checks.registers import series_have_users
    from schoolpub.store.files import policy
    from schoolpub.views.clock import moves_text

    if not reason:
        raise SchoolpubError(say("A change of policy needs a reason."), fix=say("add --reason TEXT"))
    session = open_session(root, person)
    with session.acting():
        before, present = policy.recorded(session.ledger), policy.present(session.root)
        chosen = _chosen(session, policy.changed(before, present), files or [])
        if not chosen:
            console.out(say("Nothing was edited: the policy is as it was committed."))
            return
        second = adopting.seconded(session, agreed)
        kept = {file: data for file, data in before.items() if file not in chosen}
        new, found = policy.snapshot_with(session.snapshot, kept | {f: d for f, d in chosen.items() if d is not None})
        found += series_have_users(new)
        if errors(found):
            raise ProblemsFound(session.workspace.locate(found))
        old, _ = policy.snapshot_with(session.snapshot, before)
        _forbidden(session, old, new)
        if not as_json:
            console.out(say("Edited:"))
            for file, data in chosen.items():
                console.out(f"  {file}" + ("" if data is not None else f"（{'删除'}）"))
            _in_use(session, chosen, before)
        moved = adopting.preview(old, new, session, quiet=as_json)
        adopting.confirm(yes)
        done = adopting.commit(
            session, chosen, chosen,
            subject=f"采用：{reason}", reason=reason, second=second, found=moved, before=old, after=new,
        )  # fmt: skip
    if as_json:
        console.json_out({"files": list(chosen), "commit": done, "moves": moves_text.rows(moved)})
        return
    console.out(say("Committed."))


def _chosen(session: Session, edited: Mapping[str, bytes | None], files: Iterable[Path]) -> dict[str, bytes | None]:
    """Return those of *edited* that the user named, all when none."""
    wanted: dict[str, bytes | None] = {}
    for given in files:
        path = given if given.is_absolute() else Path.cwd() / given
        if not path.exists() and (session.root / given).exists():
            path = session.root / given
        try:
            name = path.resolve().relative_to(session.root.resolve()).as_posix()
        except ValueError:
            name = str(given)
        matching = {f: data for f, data in edited.items() if f == name or f.startswith(f"{name}/")}
        if not matching:
            raise SchoolpubError(
                say("{file} is no policy that was edited.", file=str(given)),
                fix=say("edited: {files}", files="、".join(edited) or "-"),
            )
        wanted |= matching
    return wanted if wanted else dict(edited)


def _forbidden(session: Session, before: Snapshot, after: Snapshot) -> None:
    """Refuse what no two persons can agree upon; everything at once."""
    found = list(judge_change(before, after, session.snapshot.records.values(), session.moment.today))
    if not found:
        return
    for finding in found[:-1]:
        console.note(finding.message)
        console.note("→ " + tell(_WAYS_OUT[finding.code]))
    raise SchoolpubError(found[-1].message, fix=_WAYS_OUT[found[-1].code])


def _in_use(session: Session, chosen: Mapping[str, bytes | None], before: Mapping[str, bytes]) -> None:
    """Say how many records are judged by an edition that was edited: they stay with it for ever."""
    editions = {file.split("/")[2] for file in chosen if file.startswith("records/catalogue/") and file in before}
    for edition in sorted(editions):
        count = sum(record.catalogue.isoformat() == edition for record in session.snapshot.records.values())
        if count:
            console.note(
                say("The edition {edition} is the measure of {count} records, and their past dates change with it; "
                    "a new edition in a folder of its own leaves them alone.", edition=edition, count=count)
            )  # fmt: skip
