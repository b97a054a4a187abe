"""`schoolpub rectify plan … reopen`: the steps of a rectification."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import framework, options
from schoolpub.cli.acts import personal, stepping, taking
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record, Tree
from schoolpub.rules.ledgers.rectification import is_rectification, standing
from schoolpub.store.attachments import clean

app = framework.new_app()

Photo = Annotated[
    list[Path] | None,
    typer.Option("--photo", metavar="FILE", help="photo or document as evidence; cleaned and kept beside the record"),
]
Until = Annotated[str, typer.Option("--until", metavar="DATE", help="the new due date, 2026-12-15")]


@app.command()
def plan(
    record_id: options.RecordId,
    measures: Annotated[
        str, typer.Option("--measures", metavar="TEXT", help="what will be done; else what stands in the record")
    ] = "",
    on: options.On = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Decide on the measures.

    Example: schoolpub rectify plan rectification-20261111-abcd --measures "更换护栏，每周检查一次"
    """
    _take("plan", record_id, {"measures": measures, "on": on}, None, root, person, as_json)


@app.command()
def progress(
    record_id: options.RecordId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="what was done")],
    photo: Photo = None,
    on: options.On = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Note what was done so far.

    Example: schoolpub rectify progress rectification-20261111-abcd 护栏已到货
    """
    _take("progress", record_id, {"progress": text, "on": on}, photo, root, person, as_json)


@app.command()
def extend(
    record_id: options.RecordId,
    until: Until = "",
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Put the due date off, for a reason; both days stay readable.

    Example: schoolpub rectify extend rectification-20261111-abcd --until 2026-12-15 --reason 厂家供货推迟
    """
    _take("extend", record_id, {"until": until, "reason": reason}, None, root, person, as_json)


@app.command()
def present(
    record_id: options.RecordId,
    result: Annotated[str, typer.Option("--result", metavar="TEXT", help="what came of it; it will be published")] = "",
    photo: Photo = None,
    on: options.On = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Report that it is done, to be accepted by somebody else.

    Example: schoolpub rectify present rectification-20261111-abcd --result "护栏全部更换" --photo 护栏.jpg
    """
    _take("present", record_id, {"result": result, "on": on}, photo, root, person, as_json)


@app.command()
def accept(
    record_id: options.RecordId,
    opinion: Annotated[str, typer.Option("--opinion", metavar="TEXT", help="what was found on the spot")] = "",
    on: options.On = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Accept what was done; by somebody who did not do it.

    Example: schoolpub rectify accept rectification-20261111-abcd --opinion 现场查看，属实
    """
    _take("accept", record_id, {"opinion": opinion, "on": on}, None, root, person, as_json)


@app.command()
def refuse(
    record_id: options.RecordId,
    reason: options.Reason = "",
    on: options.On = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Not accept it: back to work, with the reason.

    Example: schoolpub rectify refuse rectification-20261111-abcd --reason 北侧两处未更换
    """
    _take("refuse", record_id, {"reason": reason, "on": on}, None, root, person, as_json)


@app.command()
def republish(
    record_id: options.RecordId,
    result: Annotated[
        str, typer.Option("--result", metavar="ID", help="the disclosure of the result; else the one that names it")
    ] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Note that the result is published; from here on opinions are collected again.

    Example: schoolpub rectify republish rectification-20261111-abcd
    """
    session = open_session(root, person)
    record = named(session, record_id)
    told = session.record(result) if result else standing(session.snapshot, record, session.today).result
    if told is None:
        raise SchoolpubError(
            say("{id}: no disclosure tells its result yet.", id=record.id),
            fix=say("`schoolpub rectify publish {id}` drafts the disclosure of the result", id=record.id),
        )
    _take("republish", record.id, {"record": told.id}, None, root, person, as_json)


@app.command()
def track(
    record_id: options.RecordId,
    effect: Annotated[str, typer.Option("--effect", metavar="TEXT", help="what the measures brought about")] = "",
    photo: Photo = None,
    on: options.On = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Note the effect; an improvement is not closed without it.

    Example: schoolpub rectify track improvement-20261111-abcd --effect "一个月内无同类意见"
    """
    _take("track", record_id, {"effect": effect, "on": on}, photo, root, person, as_json)


@app.command()
def close(
    record_id: options.RecordId,
    opinion: Annotated[str, typer.Option("--opinion", metavar="TEXT", help="a closing word")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Close it (销号): once its result is public and opinions were collected again.

    Example: schoolpub rectify close rectification-20261111-abcd
    """
    _take("close", record_id, {"opinion": opinion}, None, root, person, as_json)


@app.command()
def reopen(
    record_id: options.RecordId,
    until: Until = "",
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Begin again, with a new due date: it will be accepted, published and closed anew.

    Example: schoolpub rectify reopen rectification-20261111-abcd --until 2026-12-31 --reason 护栏又松动
    """
    _take("reopen", record_id, {"until": until, "reason": reason}, None, root, person, as_json)


def _take(
    step: str,
    wanted: str,
    says: dict[str, Tree],
    photos: list[Path] | None,
    root: Path | None,
    person: str,
    as_json: bool,
) -> None:
    session = open_session(root, person)
    cleaned = [clean(taking.data_of(photo), photo.name) for photo in photos or ()]
    with session.acting():
        record = named(session, wanted)
        for file in cleaned:
            personal.refuse_inside(session, record, file)
        kept = taking.evidence(record, *cleaned)
        deed = taking.act(session, **says, evidence=kept.step_value)
        taken = taking.prepare(session, record, [(step, deed)], files=kept.files)
        commit = taking.commit(session, [taken])
    stepping.report(session, [taken.record], commit, as_json)


def named(session: Session, wanted: str) -> Record:
    """Return the rectification or improvement called *wanted*; raise SchoolpubError when it is something else."""
    record = session.record(wanted)
    if not is_rectification(session.snapshot, record):
        raise SchoolpubError(
            say("{id} is no entry of the ledger of rectifications.", id=record.id),
            fix=say("`schoolpub rectify list` shows them"),
        )
    return record
