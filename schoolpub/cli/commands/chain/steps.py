"""The chain: submit, approve, post, prove and every other step of a flow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import paper_form, personal, proving, stepping, taking
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import StepRefused, WrongCommandLine, say
from schoolpub.model.record import Record, Tree
from schoolpub.rules.chain import acts, flow
from schoolpub.store.attachments import clean_evidence

app = framework.new_app()

Photo = Annotated[
    list[Path] | None,
    typer.Option("--photo", metavar="FILE", help="photo or saved page as evidence; cleaned and kept beside the record"),
]
Channel = Annotated[str, typer.Option("--channel", metavar="NAME", help="board, website, … or its Chinese name")]
Minutes = Annotated[
    str, typer.Option("--minutes", metavar="TEXT", help="the minutes that prove it, where nothing can be photographed")
]
Place = Annotated[str, typer.Option("--place", metavar="NAME", help="which board or page")]


@app.command()
def submit(
    ids: options.RecordIds, root: options.Root = None, person: options.As = "", as_json: options.Json = False
) -> None:
    """Send a draft into the approval chain.

    The record is judged first; from here on its text can no longer change.
    Example: schoolpub submit finance-monthly-2026-10
    """
    stepping.take("submit", ids, root, person, as_json)


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
    said: dict[str, Tree] = {**taking.said(sets)}
    said |= {key: text for key, text in (("on", on), ("opinion", opinion), ("meeting", meeting)) if text}
    if paper is None and (code or signers):
        raise WrongCommandLine(
            say("--code and --for belong to a form that was signed on paper."), fix=say("add --paper SCAN")
        )
    session = open_session(root, person)
    with session.acting():
        taken: list[taking.Taken] = []
        for record in taking.chosen(session, ids):
            given = taking.numbers_in(taken)
            if paper is not None:
                taken.append(paper_form.take(session, record, paper, code, signers, said, given))
            else:
                taken.append(_next_approval(session, record, said, given))
        commit = taking.commit(session, taken)
    stepping.report(session, [t.record for t in taken], commit, as_json)


def _next_approval(session: Session, record: Record, said: dict[str, Tree], numbered: Collection[str]) -> taking.Taken:
    deed = taking.act(session, **said)
    line = acts.next_approval(session.snapshot, record, deed.by, deed.on or session.moment.today)
    if line is None:
        own_flow = session.snapshot.flow(record)
        status = flow.status(session.snapshot, record)
        waiting = [s for s in flow.open_lines(own_flow, status) if s.approves] if own_flow else []
        if own_flow is None or not waiting:
            raise acts.not_possible(session.snapshot, record, own_flow, "", status)
        acts.take(session.snapshot, record, waiting[0].step, deed)  # refuses with the reason
        raise StepRefused(say("{id}: there is no approval for you to take.", id=record.id))
    if "meeting" in line.needs and not deed.says.get("meeting") and console.asks():
        said = {**said, "meeting": typer.prompt(tell(say("Which meeting decided (date and name)?")))}
        deed = taking.act(session, **said)
    return taking.prepare(session, record, [(line.step, deed)], numbered=numbered)


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
    stepping.take("return", ids, root, person, as_json, {"reason": reason})


@app.command()
def post(
    ids: options.RecordIds,
    emergency: Annotated[
        bool,
        typer.Option("--emergency", help="post before it is approved; needs --reason and a confirmation afterwards"),
    ] = False,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Post what was signed off: it appears at the next build.

    With --emergency the head posts what is not approved yet: it stays marked for ever, and must be confirmed within
    three working days (`approve`).
    Example: schoolpub post finance-monthly-2026-10
    Example: schoolpub post service-notice-20261103-abcd --emergency --reason 台风停课
    """
    if reason and not emergency:
        raise WrongCommandLine(
            say("--reason belongs to --emergency."), fix=say("leave it out, or use `schoolpub remark`")
        )
    stepping.take("post", ids, root, person, as_json, {"reason": reason}, emergency=emergency)


@app.command()
def prove(
    ids: options.RecordIds,
    channel: Channel = "",
    place: Place = "",
    on: options.On = "",
    photo: Photo = None,
    minutes: Minutes = "",
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Record the proof that it hangs on a board or is online: a photo, a saved page, minutes.

    Example: schoolpub prove 2026-10 --channel board --place 校门外公开栏 --on 2026-11-05 --photo board.jpg
    """
    _with_evidence("prove", ids, channel, place, on, photo, minutes, sets, root, person, as_json)


@app.command()
def takedown(
    ids: options.RecordIds,
    channel: Channel = "board",
    place: Place = "",
    on: options.On = "",
    photo: Photo = None,
    minutes: Minutes = "",
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Record that it was taken down from a board or a page.

    Example: schoolpub takedown 2026-10 --place 校门外公开栏
    """
    _with_evidence("takedown", ids, channel, place, on, photo, minutes, sets, root, person, as_json)


def _with_evidence(
    name: str,
    ids: list[str],
    channel: str,
    place: str,
    on: str,
    photos: list[Path] | None,
    minutes: str,
    sets: list[str] | None,
    root: Path | None,
    person: str,
    as_json: bool,
) -> None:
    session = open_session(root, person)
    said = taking.said(sets)
    cleaned = [clean_evidence(taking.data_of(photo), photo.name) for photo in photos or ()]
    with session.acting():
        taken = []
        for record in taking.chosen(session, ids):
            evidence = taking.evidence(record, *cleaned)
            for file in cleaned:
                personal.refuse_inside(session, record, file)
            where = taking.channel(session, record, channel or _text(said, "channel"))
            board = taking.place(session, place or _text(said, "place"))
            deed = taking.act(
                session,
                **{
                    **said,
                    "channel": where,
                    "place": proving.board(session, record, where, board, needed=name == "takedown"),
                    "on": on or _text(said, "on"),
                    "evidence": evidence.step_value or minutes or said.get("evidence"),
                },
            )
            done = taking.prepare(session, record, [(name, deed)], files=evidence.files)
            if proving.is_down(session, done.record):
                end = taking.act(session, on=on or _text(said, "on"))
                done = taking.prepare(session, record, [(name, deed), ("end", end)], files=evidence.files)
            taken.append(done)
        commit = taking.commit(session, taken)
    records = [t.record for t in taken]
    stepping.report(session, records, commit, as_json)
    if not as_json:
        proving.remaining(session, records)


def _text(said: Mapping[str, Tree], key: str) -> str:
    return str(said.get(key) or "")


@app.command()
def suspend(
    ids: options.RecordIds,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Stop showing a posted record at once: the content leaves every build, a note without the reason stays.

    Example: schoolpub suspend 2026-10 --reason 数据待核
    """
    stepping.take("suspend", ids, root, person, as_json, {"reason": reason})


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
    stepping.take("resume", ids, root, person, as_json, {"reason": reason})


@app.command()
def withdraw(
    ids: options.RecordIds,
    reason: options.Reason = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """End the disclosure of a suspended record; a note without the reason stays at its address.

    Example: schoolpub withdraw 2026-10 --reason 不应公开
    """
    stepping.take("withdraw", ids, root, person, as_json, {"reason": reason})


@app.command()
def undo(
    ids: options.RecordIds, root: options.Root = None, person: options.As = "", as_json: options.Json = False
) -> None:
    """Take back your own last step, while nobody acted after it and the record is not posted.

    Example: schoolpub undo finance-monthly-2026-10
    """
    stepping.take("undo", ids, root, person, as_json)


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
    stepping.take("remark", [record_id], root, person, as_json, {"remark": text})


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
    stepping.take("discard", ids, root, person, as_json, {"reason": reason})


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
    stepping.take("renumber", [record_id], root, person, as_json, {"reason": reason})


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
    stepping.take(step, [record_id], root, person, as_json, {**taking.said(sets), **({"on": on} if on else {})})
