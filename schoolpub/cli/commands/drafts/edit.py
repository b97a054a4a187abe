"""Changing what is not yet decided: edit a draft, attach a file; and opening a new edition of what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import guidance, personal, taking
from schoolpub.cli.drafts import drafting, sources
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import ProblemsFound, SchoolpubError, StepRefused, errors, say
from schoolpub.model.record import Record, Step, Tree
from schoolpub.rules.chain import acts, authority, editions, flow
from schoolpub.rules.checks import check_record
from schoolpub.store import attachments
from schoolpub.store.files import private, record_file

app = framework.new_app()


@app.command()
def edit(
    record_id: options.RecordId,
    files: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="FILE", help="workbook, CSV or YAML with the new values; TABLE=FILE"),
    ] = None,
    sets: options.Sets = None,
    yes: options.AsUnderstood = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Change a draft: with new values, or in your editor.

    Example: schoolpub edit finance-monthly-2026-10 --set balance_end=120300.00
    Example: schoolpub edit finance-monthly-2026-10 --from expense=支出.csv
    """
    session = open_session(root, person)
    if files or sets:
        with session.acting():
            record = _open_for_editing(session, record_id)
            draft = _draft_of(session, record)
            sources.read_sources(session, draft, files or (), agreed=yes)
            draft.give(taking.sets(sets))
            text = _new_body(session, record, draft)
            if _says_the_same(record, text) and not draft.beside:
                taken, commit = record, ""
            else:
                taken, commit = _save(session, record, draft, text)
    else:
        from schoolpub.cli.drafts import editor

        record = _open_for_editing(session, record_id)
        before = session.workspace.data(record.file)
        taken, commit = editor.edited_body(session, record, lambda text: _save_edited(session, record, before, text))
    _report(session, taken, commit, as_json)


def _says_the_same(record: Record, text: bytes) -> bool:
    """Return whether *text* says what *record* says already, perhaps in another form; its private file has a digest."""
    new, _problems = record_file.read_record(text, record.file)
    return new is not None and _filled(new.body) == _filled(record.body)


def _filled(tree: object) -> object:
    """Return *tree* without its empty cells: a spreadsheet has one where a record says nothing."""
    if isinstance(tree, Mapping):
        return {key: _filled(value) for key, value in tree.items() if value is not None}
    return [_filled(value) for value in tree] if isinstance(tree, list) else tree


def _save_edited(session: Session, record: Record, before: bytes, text: bytes) -> tuple[Record, str]:
    """Save what came out of the editor, unless somebody acted on the record while it was open."""
    with session.acting():
        _open_for_editing(session, record.id)
        if session.workspace.data(record.file) != before:
            raise SchoolpubError(
                say("Somebody else changed {file} while your editor was open.", file=record.file),
                fix=say("look at it with `schoolpub show {id}`, then edit again", id=record.id),
            )
        return _save(session, record, _draft_of(session, record), text)


def _save(session: Session, record: Record, draft: drafting.Draft, text: bytes) -> tuple[Record, str]:
    """Record the edit; the file's identity stays, and what was taken out of the attachments goes."""
    _same_identity(record, text)
    private_fields = draft.restricted or record.private_fields
    taken = taking.prepare(session, record, [("edit", taking.act(session))], body=text, private_fields=private_fields)
    own = [
        sources.in_source(draft, p) if draft.sources else p
        for p in check_record(taken.record, session.snapshot, session.today, outside=False)
    ]
    if errors(own):
        raise ProblemsFound(own)
    named = {a.file for a in taken.record.attachments}
    taken_out = {a.file for a in record.attachments if a.file not in named}
    files = {f"records/attachments/{record.id}/{name}": None for name in taken_out}
    taken = replace(taken, files={**files, **draft.beside})
    gone = record.body.get("private") and not taken.record.body.get("private")
    with private.keeping(session.root, record.id, private.GONE if gone else draft.private_text):
        commit = taking.commit(session, [taken])
    return taken.record, commit


def _same_identity(record: Record, text: bytes) -> None:
    new, _problems = record_file.read_record(text, record.file)
    for key in ("schoolpub", "id", "item", "catalogue", "edition"):
        if new is not None and new.body.get(key) != record.body.get(key):
            raise SchoolpubError(
                say("“{key}” of a record never changes.", key=key),
                fix=say("leave it as it was; for another period or item, `schoolpub add` a record of its own"),
            )


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
        deed = taking.act(session, file=cleaned.name)
        text = record_file.with_body(session.workspace.data(record.file), _ordered(body))
        taken = taking.prepare(session, record, [("attach", deed)], files=kept.files, body=text)
        personal.refuse_inside(session, record, cleaned)
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
        typer.Option("--from", metavar="FILE", help="workbook, CSV or YAML with the corrected values; TABLE=FILE"),
    ] = None,
    sets: options.Sets = None,
    yes: options.AsUnderstood = False,
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
        sources.read_sources(session, draft, files or (), agreed=yes)
        draft.give(taking.sets(sets))
        draft.head["reason"] = reason
        draft.attachments = _attachments(old.body)
        step = _first_step(session, old, reason)
        number = editions.editions(session.snapshot, old.id)[-1].edition + 1
        record, text = drafting.compose(session, draft, step, edition=number, base=old.base)
        drafting.judge(session, draft, record)
        new = taking.Taken(
            record=record,
            steps=record.steps,
            text=text,
            before=None,
            files={**_copied(session, old, record), **draft.beside},
        )
        with private.keeping(session.root, record.id, draft.private_text):
            commit = taking.commit(session, [new])
    if not as_json:
        number = record.edition
        console.out(say("Edition {number} was opened; the old one stays public until it is posted.", number=number))
        if not (files or sets):
            console.out(say("  first put right what is wrong: `schoolpub edit {id}`", id=record.id))
    _report(session, record, commit, as_json)


def _first_step(session: Session, old: Record, reason: str) -> Step:
    own_flow = session.snapshot.flow(old)
    assert own_flow is not None
    line = next(s for s in own_flow.steps if flow.NONE in s.sources)
    deed = taking.act(session)
    appointment = authority.entitlement(session.snapshot.people, deed.by, line, old.department, session.moment.today)
    if appointment is None:
        raise drafting.not_a_drafter(session.snapshot, deed, old.department, line.by)
    return acts.first_step(line, appointment, replace(deed, says={"reason": reason}))


def _copied(session: Session, old: Record, new: Record) -> dict[str, bytes | None]:
    """Return the attachments of the edition before as files of the new one."""
    return {
        f"records/attachments/{new.id}/{a.file}": session.workspace.data(f"records/attachments/{old.id}/{a.file}")
        for a in old.attachments
    }


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


def _new_body(session: Session, record: Record, draft: drafting.Draft) -> bytes:
    """Return the whole file with the fields of *draft* and the same steps."""
    body = {**record.body, **draft.head, "fields": drafting.fields_in_order(draft)}
    if draft.restricted != dict(record.private_fields):
        if body.get("private") and not record.private_fields:
            raise SchoolpubError(
                say("The private file of {id} is not on this machine, so nothing can be added to it.", id=record.id),
                fix=say("edit it where it was drafted, or bring private/{id}.yaml here", id=record.id),
            )
        draft.seal()
        body["private"] = private.digest(draft.private_text) if draft.private_text else None
    given = {key: value for key, value in body.items() if value not in (None, "")}
    return record_file.with_body(session.workspace.data(record.file), _ordered(given))


def _ordered(body: Mapping[str, Tree]) -> dict[str, Tree]:
    return {key: body[key] for key in (*record_file.BODY_KEYS, *body) if key in body}


def _attachments(body: Mapping[str, Tree]) -> list[Tree]:
    listed = body.get("attachments")
    return listed if isinstance(listed, list) else []


def _report(session: Session, record: Record, commit: str, as_json: bool) -> None:
    if as_json:
        console.json_out(
            {"id": record.id, "file": record.file, "commit": commit, "next": guidance.whats_next(session, record)}
        )
        return
    if commit:
        console.out(say("Saved “{title}” in {file}.", title=record.title, file=record.file))
    else:
        console.out(say("Nothing was changed: “{title}” says so already.", title=record.title))
    for line in guidance.whats_next(session, record):
        console.out(f"  → {line}")
    console.out(record.id)
