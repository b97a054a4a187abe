"""`schoolpub check`: every problem in the records, each with its place and what to write instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import Problem, ProblemsFound, errors, say
from schoolpub.model.record import Record
from schoolpub.rules.checks import check_record, check_snapshot

app = framework.new_app()


@app.command()
def check(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID…", help="only these records")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="warnings count as problems too")] = False,
    staged: Annotated[bool, typer.Option("--staged", help="only records that are staged in git (for a hook)")] = False,
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """Show every problem in the records.

    Example: schoolpub check
    Example: schoolpub check finance-monthly-2026-10 --json
    """
    session = open_session(root, as_of=as_of, thorough=True)
    snapshot = session.snapshot
    if ids:
        found, checked = _of_some(session, ids)
    else:
        found = [*check_snapshot(snapshot, session.today), *session.workspace.attachment_problems(snapshot)]
        checked = len(snapshot.records)
    if staged:
        files = set(session.ledger.staged())
        found = [p for p in found if p.file in files]
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
    return found, len(chosen)
