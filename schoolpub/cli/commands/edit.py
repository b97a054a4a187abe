"""Changing what is not yet decided: edit a draft, attach a file; and opening a new edition of what was posted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, drafting, framework, options, taking
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import ProblemsFound, SchoolpubError, StepRefused, errors, say
from schoolpub.model.record import Record, Tree
from schoolpub.rules import acts, authority, editions, flow
from schoolpub.rules.checks import check_record
from schoolpub.store import attachments, private, record_file

app = framework.new_app()


@app.command()
def edit(
    record_id: options.RecordId,
    files: Annotated[
        list[str] | None, typer.Option("--from", metavar="FILE", help="YAML or CSV with the new values; TABLE=FILE")
    ] = None,
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Change a draft: with new values, or in your editor.

    Example: schoolpub edit finance-monthly-2026-10 --set balance_end=120300.00
    Example: schoolpub edit finance-monthly-2026-10 --from expense=支出.csv
    """
    session = open_session(root, person)
    record = _open_for_editing(session, record_id)
    if files or sets:
        draft = _draft_of(session, record)
        drafting.read_sources(draft, files or ())
        for key, value in taking.sets(sets).items():
            draft.put(key, value)
        body = _new_body(record, draft)
    else:
        from schoolpub.cli import entry

        draft = _draft_of(session, record)
        body = entry.edit_text(session, record)
    with session.acting():
        _open_for_editing(session, record.id)
        taken = taking.prepare(session, record, [("edit", taking.act(session))], body=body)
        own = [drafting.in_source(draft, p) for p in check_record(taken.record, session.snapshot, session.today,
                                                                 outside=False)]  # fmt: skip
        if errors(own):
            raise ProblemsFound(own)
        draft.keep_private(session.root, record.id)
        commit = taking.commit(session, [taken])
    _report(session, taken.record, commit, as_json)


@app.command()
def attach(
    record_id: options.RecordId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="PDF, picture, Word, Excel, CSV or text, at most 20 MB")],
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="what the reader sees; else the file's name")
    ] = "",
    carries: Annotated[
        list[str] | None,
        typer.Option("--carries", metavar="FIELD", help="a field that the file holds instead of the record"),
    ] = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Add a file to a draft: cleaned of metadata, copied and digested.

    Example: schoolpub attach finance-monthly-2026-10 明细表.pdf --title 支出明细
    """
    session = open_session(root, person)
    cleaned = attachments.clean(taking.data_of(file), file.name)
    with session.acting():
        record = _open_for_editing(session, record_id)
        kept = taking.evidence(record, cleaned, named=True)
        entry: dict[str, Tree] = {"file": cleaned.name, "title": title or Path(cleaned.name).stem}
        if carries:
            entry["carries"] = list(carries)
        entry["sha256"] = taking.digest_of(cleaned.data)
        body = dict(record.body)
        before = [a for a in _attachments(body) if not (isinstance(a, dict) and a.get("file") == cleaned.name)]
        body["attachments"] = [*before, entry]
        taken = taking.prepare(
            session, record, [("attach", taking.act(session, file=cleaned.name))],
            files=kept.files, body=_text(record, body),
        )  # fmt: skip
        taking.no_personal_data_inside(session, record, cleaned)
        commit = taking.commit(session, [taken])
    for remark in cleaned.notes:
        console.note(remark)
    _report(session, taken.record, commit, as_json)


@app.command()
def correct(
    record_id: options.RecordId,
    reason: options.Reason = "",
    files: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="FILE", help="YAML or CSV with the corrected values; TABLE=FILE"),
    ] = None,
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Open a new edition of something posted; the old one stays public until the new one is posted.

    Example: schoolpub correct finance-monthly-2026-10 --reason 水费金额有误 --set balance_end=120300.00
    """
    if not reason:
        raise SchoolpubError(
            say("a correction needs a reason, which the public page shows."), fix=say("add --reason TEXT")
        )
    session = open_session(root, person)
    with session.acting():
        old = session.record(record_id)
        _may_be_corrected(session, old)
        draft = _draft_of(session, old)
        drafting.read_sources(draft, files or ())
        for key, value in taking.sets(sets).items():
            draft.put(key, value)
        draft.head["reason"] = reason
        own_flow = session.snapshot.flow(old)
        assert own_flow is not None
        line = own_flow.named("draft")[0]
        deed = taking.act(session)
        appointment = authority.entitlement(
            session.snapshot.people, deed.by, line, old.department, session.moment.today
        )
        if appointment is None:
            raise StepRefused(
                say(
                    "{person} cannot draft for {department}: that takes {roles}.",
                    person=session.snapshot.people.name(deed.by),
                    department=old.department,
                    roles="、".join(line.by),
                )
            )
        step = acts.first_step(line, appointment, replace(deed, says={"reason": reason}))
        record, text = drafting.compose(session, draft, step, edition=old.edition + 1, base=old.base)
        drafting.judge(session, draft, record)
        draft.keep_private(session.root, record.id)
        commit = taking.commit(session, [taking.Taken(record=record, steps=record.steps, text=text, before=None)])
    _report(session, record, commit, as_json)


def _may_be_corrected(session: Session, record: Record) -> None:
    state = flow.status(session.snapshot, record)
    if state not in flow.POSTED_STATUSES:
        raise StepRefused(
            say("{id} is not posted; it is changed without a new edition.", id=record.id),
            fix=say("`schoolpub edit {id}`, or `schoolpub return {id}` first", id=record.id),
        )
    later = editions.current(session.snapshot, record.id)
    if later is not None and later.edition > record.edition:
        raise StepRefused(
            say("{id} has a newer edition already: {later}.", id=record.id, later=later.id),
            fix=say("`schoolpub show {later}`", later=later.id),
        )


def _open_for_editing(session: Session, wanted: str) -> Record:
    record = session.record(wanted)
    state = flow.status(session.snapshot, record)
    if state in ("draft", "returned", flow.NONE):
        return record
    catalogue = session.snapshot.catalogues[record.catalogue]
    way = (
        say("`schoolpub correct {id} --reason …` opens a new edition", id=record.id)
        if state in flow.POSTED_STATUSES
        else say("`schoolpub return {id} --reason …` opens it again, or `schoolpub undo {id}`", id=record.id)
    )
    raise StepRefused(
        say(
            "{id} is “{status}”; its text can no longer change.",
            id=record.id,
            status=catalogue.statuses.get(state, state),
        ),
        fix=way,
    )


def _draft_of(session: Session, record: Record) -> drafting.Draft:
    catalogue = session.snapshot.catalogues.get(record.catalogue)
    item = session.snapshot.item(record)
    if catalogue is None or item is None:
        raise SchoolpubError(say("{id}: its catalogue edition or item is missing; run `schoolpub check`", id=record.id))
    head = {key: record.body[key] for key in drafting.HEAD_KEYS if key in record.body}
    return drafting.Draft(item, catalogue, head, {**record.fields, **record.private_fields})


def _new_body(record: Record, draft: drafting.Draft) -> bytes:
    fields = {key: value for key, value in draft.fields.items() if key not in draft.restricted}
    body = {**record.body, **draft.head, "fields": fields}
    if draft.restricted:
        body["private"] = private.digest(draft.private_text)
    return _text(record, {key: value for key, value in body.items() if value not in (None, "")})


def _text(record: Record, body: dict[str, Tree]) -> bytes:
    """Return the whole file with another body and the same steps."""
    ordered = {key: body[key] for key in (*record_file.BODY_KEYS, *body) if key in body}
    return record_file.new_text(ordered, record.steps).encode()


def _attachments(body: dict[str, Tree]) -> list[Tree]:
    listed = body.get("attachments")
    return listed if isinstance(listed, list) else []


def _report(session: Session, record: Record, commit: str, as_json: bool) -> None:
    if as_json:
        console.json_out(
            {"id": record.id, "file": record.file, "commit": commit, "next": taking.whats_next(session, record)}
        )
        return
    console.out(say("Saved “{title}” in {file}.", title=record.title, file=record.file))
    for line in taking.whats_next(session, record):
        console.out(f"  → {line}")
    console.out(record.id)
