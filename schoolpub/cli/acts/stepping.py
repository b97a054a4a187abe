"""One step taken on some records, and what is told of it: where each stands now, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from schoolpub.cli import console
from schoolpub.cli.acts import guidance, taking
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import say
from schoolpub.model.record import Record, Tree
from schoolpub.rules.chain import flow


def take(
    name: str,
    ids: list[str],
    root: Path | None,
    person: str,
    as_json: bool,
    says: Mapping[str, Tree] | None = None,
    *,
    emergency: bool = False,
) -> None:
    """Take the step *name* on every record of *ids* as one act."""
    take_all([name], ids, root, person, as_json, says, emergency=emergency)


def take_all(
    names: Sequence[str],
    ids: list[str],
    root: Path | None,
    person: str,
    as_json: bool,
    says: Mapping[str, Tree] | None = None,
    *,
    emergency: bool = False,
) -> None:
    """Take the steps *names*, one after the other, on every record of *ids* as one act."""
    session = open_session(root, person)
    with session.acting():
        deed = taking.act(session, **(says or {}))
        taken: list[taking.Taken] = []
        for record in taking.chosen(session, ids):
            steps = [(name, deed) for name in names]
            taken.append(taking.prepare(session, record, steps, numbered=taking.numbers_in(taken), emergency=emergency))
        commit = taking.commit(session, taken)
    report(session, [t.record for t in taken], commit, as_json)


def report(session: Session, records: list[Record], commit: str, as_json: bool) -> None:
    """Say where each record stands now and what comes next."""
    if as_json:
        rows = [
            {
                "id": r.id,
                "status": flow.status(session.snapshot, r),
                "file": r.file,
                "commit": commit,
                "next": guidance.whats_next(session, r),
            }
            for r in records
        ]
        console.json_out(rows if len(rows) > 1 else rows[0])
        return
    for record in records:
        catalogue = session.snapshot.catalogues[record.catalogue]
        status = flow.status(session.snapshot, record)
        console.out(say("{id} is now “{status}”.", id=record.id, status=catalogue.statuses.get(status, status)))
        for line in guidance.whats_next(session, record):
            console.out(f"  → {line}")
