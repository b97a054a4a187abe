"""`schoolpub check`: every problem in the records, each with its place and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import inspecting
from schoolpub.cli.drafts import raw_look
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, errors, say
from schoolpub.model.record import Record
from schoolpub.rules.checks import check_record, check_snapshot

app = framework.new_app()


@app.command()
def check(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="only these records")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="warnings count as problems too")] = False,
    staged: Annotated[bool, typer.Option("--staged", help="only what is staged in git, as it is staged")] = False,
    mask: Annotated[
        bool, typer.Option("--mask", help="mask the personal data in these drafts, showing each place")
    ] = False,
    root: options.Root = None,
    as_of: options.AsOf = "",
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Show every problem in the records.

    With --staged it judges what a commit would keep: texts, comments, names and attachments as they are staged.
    With --mask it writes the masked text into the drafts, as an edit of yours.

    Example: schoolpub check
    Example: schoolpub check finance-monthly-2026-10 --json
    Example: schoolpub check good-news-20261103 --mask
    """
    session = open_session(root, person, as_of, thorough=True)
    if mask:
        _mask(session, ids or [])
    snapshot = session.snapshot
    if ids:
        found, checked = _of_some(session, ids)
    else:
        found = [*check_snapshot(snapshot, session.today), *session.workspace.attachment_problems(snapshot)]
        found += _beside_the_records(session, snapshot.records.values())
        checked = len(snapshot.records)
    if staged:
        files = raw_look.staged_files(session)
        found = [p for p in found if p.file in files]
        found += raw_look.staged(session, files)
        found = list({(p.file, str(p.message), p.level): p for p in found}.values())
    located = session.workspace.locate(found)
    bad = located if strict else errors(located)
    if as_json:
        console.json_out({"problems": [console.problem_json(p) for p in located]})
    else:
        console.problems(located)
        warnings = len(located) - len(errors(located))
        console.out(
            say(
                "{records} records: {errors} errors, {warnings} warnings.",
                records=checked,
                errors=len(errors(located)),
                warnings=warnings,
            )
        )
    raise typer.Exit(1 if bad else 0)


def _of_some(session: Session, ids: list[str]) -> tuple[list[Problem], int]:
    """Return the problems of the records meant by *ids*, also of files that cannot be read, and how many there are."""
    chosen: dict[str, Record] = {}
    found: list[Problem] = []
    for wanted in ids:
        try:
            record = session.record(wanted)
        except ProblemsFound as stop:
            found += stop.problems
        else:
            chosen[record.id] = record
    files = {record.file for record in chosen.values()}
    found += [problem for problem in session.snapshot.problems if problem.file in files]
    for record in chosen.values():
        found += check_record(record, session.snapshot, session.today)
    found += session.workspace.attachment_problems(replace(session.snapshot, records=chosen))
    return found + _beside_the_records(session, chosen.values()), len(chosen)


def _beside_the_records(session: Session, records: Iterable[Record]) -> list[Problem]:
    """Return what only the files tell: comments about persons, attachments that nobody looked at."""
    chosen = list(records)
    found = list(raw_look.comments(session, chosen))
    return [*found, *(problem for record in chosen for problem in inspecting.problems(session, record))]


def _mask(session: Session, ids: list[str]) -> None:
    """Mask the drafts meant by *ids*, and say what was masked where."""
    from schoolpub.cli.drafts import mask_drafts

    if not ids:
        raise SchoolpubError(say("--mask needs the drafts to be masked."), fix=say("`schoolpub check ID --mask`"))
    for wanted in ids:
        record, places = mask_drafts.mask(session, wanted)
        for place in places:
            console.out(f"  {place.field}：{place.better}")
        console.out(say("{id}: {count} places were masked.", id=record.id, count=len(places)))
