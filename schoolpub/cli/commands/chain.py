"""The chain: submit, approve, post, prove and every other step of a flow."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options, taking
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, StepRefused, say
from schoolpub.model.record import Record, Tree
from schoolpub.rules import acts, flow, witness
from schoolpub.store.attachments import clean

app = framework.new_app()

Photo = Annotated[
    list[Path] | None,
    typer.Option("--photo", metavar="FILE", help="photo or saved page as evidence; cleaned and kept beside the record"),
]
Channel = Annotated[str, typer.Option("--channel", metavar="NAME", help="board, website, … or its Chinese name")]
Place = Annotated[str, typer.Option("--place", metavar="NAME", help="which board or page")]


def _step(
    name: str,
    ids: list[str],
    root: Path | None,
    person: str,
    as_json: bool,
    **says: Tree,
) -> None:
    """Take the step *name* on every record of *ids* as one act."""
    session = open_session(root, person)
    with session.acting():
        deed = taking.act(session, **says)
        taken: list[taking.Taken] = []
        for wanted in ids:
            record = session.record(wanted)
            numbered = sum(bool(step.said("number")) for t in taken for step in t.steps)
            taken.append(taking.prepare(session, record, [(name, deed)], numbered=numbered))
        commit = taking.commit(session, taken)
    _report(session, [t.record for t in taken], commit, as_json)


def _report(session: Session, records: list[Record], commit: str, as_json: bool) -> None:
    """Say where each record stands now and what comes next."""
    if as_json:
        rows = [
            {
                "id": r.id,
                "status": flow.status(session.snapshot, r),
                "file": r.file,
                "commit": commit,
                "next": taking.whats_next(session, r),
            }
            for r in records
        ]
        console.json_out(rows if len(rows) > 1 else rows[0])
        return
    for record in records:
        catalogue = session.snapshot.catalogues[record.catalogue]
        status = flow.status(session.snapshot, record)
        console.out(say("{id} is now “{status}”.", id=record.id, status=catalogue.statuses.get(status, status)))
        for line in taking.whats_next(session, record):
            console.out(f"  → {line}")


@app.command()
def submit(
    ids: options.RecordIds, root: options.Root = None, person: options.As = "", as_json: options.Json = False
) -> None:
    """Send a draft into the approval chain.

    The record is judged first; from here on its text can no longer change.
    Example: schoolpub submit finance-monthly-2026-10
    """
    _step("submit", ids, root, person, as_json)


@app.command()
def approve(
    ids: options.RecordIds,
    paper: Annotated[Path | None, typer.Option("--paper", metavar="SCAN", help="scan of the signed form")] = None,
    code: Annotated[str, typer.Option("--code", metavar="TEXTCODE", help="the text code printed on the form")] = "",
    signers: Annotated[
        str, typer.Option("--for", metavar="ROLE=PERSON,…", help="who signed on the paper, by role")
    ] = "",
    on: options.On = "",
    opinion: Annotated[str, typer.Option("--opinion", metavar="TEXT", help="an opinion written beside it")] = "",
    meeting: Annotated[str, typer.Option("--meeting", metavar="TEXT", help="the meeting that decided")] = "",
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Take the next approval that your role may take.

    With --paper, one scan of the registration form takes every step that was signed on it.
    Example: schoolpub approve finance-monthly-2026-10
    Example: schoolpub approve 2026-10 --paper scan.jpg --code 7K2QM-9XA4T-C --for 部门负责人=qian-li --on 2026-11-03
    """
    said: dict[str, Tree] = {"on": on, "opinion": opinion, "meeting": meeting, **taking.sets(sets)}
    session = open_session(root, person)
    with session.acting():
        if paper is not None:
            taken = [_on_paper(session, wanted, paper, code, signers, said) for wanted in ids]
        else:
            taken = []
            for wanted in ids:
                taken.append(_next_approval(session, wanted, said, taken))
        commit = taking.commit(session, taken)
    _report(session, [t.record for t in taken], commit, as_json)


def _next_approval(session: Session, wanted: str, said: dict[str, Tree], before: list[taking.Taken]) -> taking.Taken:
    record = session.record(wanted)
    deed = taking.act(session, **said)
    line = acts.next_approval(session.snapshot, record, deed.by, deed.on or session.moment.today)
    if line is None:
        own_flow = session.snapshot.flow(record)
        status = flow.status(session.snapshot, record)
        waiting = [s for s in flow.open_lines(own_flow, status) if s.approves] if own_flow else []
        if own_flow is None or not waiting:
            raise acts.not_possible(session.snapshot, record, own_flow, "approve", status)  # type: ignore[arg-type]
        acts.take(session.snapshot, record, waiting[0].step, deed)  # refuses with the reason
        raise StepRefused(say("{id}: there is no approval for you to take.", id=record.id))
    if "meeting" in line.needs and not deed.says.get("meeting") and console.asks():
        said = {**said, "meeting": typer.prompt(tell(say("Which meeting decided (date and name)?")))}
        deed = taking.act(session, **said)
    numbered = sum(bool(step.said("number")) for t in before for step in t.steps)
    return taking.prepare(session, record, [(line.step, deed)], numbered=numbered)


def _on_paper(
    session: Session, wanted: str, paper: Path, code: str, signers: str, said: dict[str, Tree]
) -> taking.Taken:
    """Take every approval that was signed on one paper form."""
    record = session.record(wanted)
    if not code:
        raise SchoolpubError(
            say("--paper needs --code: the text code printed on the form ties the signatures to the words."),
            fix=say("`schoolpub print {id} --form register` prints the form with its code", id=record.id),
        )
    if not witness.same_code(code, witness.text_code(record.content)):
        raise SchoolpubError(
            say(
                "The code {code} is not the code of {id}: the form was signed for another text.",
                code=code,
                id=record.id,
            ),
            fix=say("print the form again and have it signed, or check the code"),
        )
    signed = _signers(session, signers)
    scan = clean(taking.data_of(paper), paper.name)
    evidence = taking.evidence(record, scan)
    own_flow = session.snapshot.flow(record)
    steps: list[tuple[str, acts.Act]] = []
    status = flow.status(session.snapshot, record)
    while own_flow is not None:
        line = next(
            (s for s in flow.open_lines(own_flow, status) if s.approves and any(name in signed for name in s.by)), None
        )
        if line is None:
            break
        signer = next(signed[name] for name in line.by if name in signed)
        steps.append((line.step, taking.act_for(session, signer, paper=evidence.step_value, **said)))
        status = line.to
    if not steps:
        raise StepRefused(
            say("{id}: none of the signatures is the next approval.", id=record.id),
            fix=say("next: {steps}", steps="；".join(taking.whats_next(session, record)) or "-"),
        )
    return taking.prepare(session, record, steps, files=evidence.files)


def _signers(session: Session, text: str) -> dict[str, str]:
    """Return role → person from `ROLE=PERSON,ROLE=PERSON`."""
    signed = {}
    for part in text.replace("，", ",").split(","):
        role, mark, name = part.strip().partition("=")
        if not mark:
            raise SchoolpubError(
                say("--for {text}: there is no “=”.", text=text), fix=say("write --for 部门负责人=qian-li,校长=sun-jie")
            )
        signed[role.strip()] = session.person(name.strip())
    return signed


@app.command("return")
def return_(
    ids: options.RecordIds,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Send a record back to its drafter, with a reason.

    Example: schoolpub return finance-monthly-2026-10 --reason 水费漏填
    """
    _step("return", ids, root, person, as_json, reason=reason)


@app.command()
def post(
    ids: options.RecordIds, root: options.Root = None, person: options.As = "", as_json: options.Json = False
) -> None:
    """Post what was signed off: it appears at the next build.

    Example: schoolpub post finance-monthly-2026-10
    """
    _step("post", ids, root, person, as_json)


@app.command()
def prove(
    ids: options.RecordIds,
    channel: Channel = "",
    place: Place = "",
    on: options.On = "",
    photo: Photo = None,
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Record the proof that it hangs on a board or is online: a photo, a saved page, minutes.

    Example: schoolpub prove 2026-10 --channel board --place 校门外公开栏 --on 2026-11-05 --photo board.jpg
    """
    _with_evidence("prove", ids, channel, place, on, photo, sets, root, person, as_json)


@app.command()
def takedown(
    ids: options.RecordIds,
    channel: Channel = "board",
    place: Place = "",
    on: options.On = "",
    photo: Photo = None,
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Record that it was taken down from a board or a page.

    Example: schoolpub takedown 2026-10 --place 校门外公开栏
    """
    _with_evidence("takedown", ids, channel, place, on, photo, sets, root, person, as_json)


def _with_evidence(
    name: str,
    ids: list[str],
    channel: str,
    place: str,
    on: str,
    photos: list[Path] | None,
    sets: list[str] | None,
    root: Path | None,
    person: str,
    as_json: bool,
) -> None:
    session = open_session(root, person)
    said = taking.sets(sets)
    cleaned = [clean(taking.data_of(photo), photo.name) for photo in photos or ()]
    with session.acting():
        taken = []
        for wanted in ids:
            record = session.record(wanted)
            evidence = taking.evidence(record, *cleaned)
            deed = taking.act(
                session,
                channel=taking.channel(session, record, channel),
                place=taking.place(session, place),
                on=on,
                evidence=evidence.step_value,
                **said,
            )
            taken.append(taking.prepare(session, record, [(name, deed)], files=evidence.files))
        commit = taking.commit(session, taken)
    _report(session, [t.record for t in taken], commit, as_json)


@app.command()
def suspend(
    ids: options.RecordIds,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Stop showing a posted record at once: the content leaves every build, a note with the reason stays.

    Example: schoolpub suspend 2026-10 --reason 数据待核
    """
    _step("suspend", ids, root, person, as_json, reason=reason)


@app.command()
def resume(
    ids: options.RecordIds,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Show a suspended record again.

    Example: schoolpub resume 2026-10 --reason 已核实无误
    """
    _step("resume", ids, root, person, as_json, reason=reason)


@app.command()
def withdraw(
    ids: options.RecordIds,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """End the disclosure of a suspended record; a note with the reason stays at its address.

    Example: schoolpub withdraw 2026-10 --reason 不应公开
    """
    _step("withdraw", ids, root, person, as_json, reason=reason)


@app.command()
def undo(
    ids: options.RecordIds, root: options.Root = None, person: options.As = "", as_json: options.Json = False
) -> None:
    """Take back your own last step, while nobody acted after it and the record is not posted.

    Example: schoolpub undo finance-monthly-2026-10
    """
    _step("undo", ids, root, person, as_json)


@app.command()
def remark(
    record_id: options.RecordId,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="the remark")],
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Add a remark to a record; its status stays.

    Example: schoolpub remark 2026-10 "审计已核对"
    """
    _step("remark", [record_id], root, person, as_json, remark=text)


@app.command()
def discard(
    ids: options.RecordIds,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Give up a record that was not posted; it stays readable, and keeps its number if it had one.

    Example: schoolpub discard finance-monthly-2026-10 --reason 重复填报
    """
    _step("discard", ids, root, person, as_json, reason=reason)


@app.command()
def renumber(
    record_id: options.RecordId,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Give a record a new official number; the old one stays readable.

    Example: schoolpub renumber 2026-10 --reason 与另一份公告重号
    """
    _step("renumber", [record_id], root, person, as_json, reason=reason)


@app.command("do")
def do_(
    record_id: options.RecordId,
    step: Annotated[str, typer.Argument(metavar="STEP", help="a step of the record's flow (`schoolpub items SLUG`)")],
    sets: options.Sets = None,
    on: options.On = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Take any step of a record's flow.

    Example: schoolpub do finance-monthly-2026-10 decide --set meeting=2026年11月4日校务会
    """
    _step(step, [record_id], root, person, as_json, on=on, **taking.sets(sets))
