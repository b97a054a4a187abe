"""`schoolpub rectify add` and `publish`: from a source to a rectification, from there to its published result."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.acts import guidance, taking
from schoolpub.cli.commands.ledgers import rectifying
from schoolpub.cli.drafts import drafting, recording
from schoolpub.cli.session import Session, day, open_session
from schoolpub.errors import StepRefused, WrongCommandLine, say
from schoolpub.model.record import Record, Tree
from schoolpub.rules.chain import flow
from schoolpub.rules.clock import calendar
from schoolpub.rules.ledgers import findings
from schoolpub.rules.ledgers.rectification import IMPROVEMENT, RESULT
from schoolpub.rules.ledgers.reports import is_report
from schoolpub.views.ledgers import rectification_result

app = framework.new_app()

Source = Annotated[
    str,
    typer.Option("--from", metavar="ID[#N]", help="what it comes from: a feedback; entry N of a hearing or inspection"),
]


@app.command()
def add(
    source: Source = "",
    problem: Annotated[str, typer.Option("--problem", metavar="TEXT", help="one line, shown in public")] = "",
    owner: Annotated[str, typer.Option("--owner", metavar="POST", help="the responsible post, no name: 总务主任")] = "",
    due: Annotated[str, typer.Option("--due", metavar="DATE", help="by when: 2026-12-01, or 20wd from today")] = "",
    measures: Annotated[str, typer.Option("--measures", metavar="TEXT", help="what will be done, if decided")] = "",
    department: Annotated[str, typer.Option("--department", metavar="NAME", help="whose task it is")] = "",
    improvement: Annotated[
        bool, typer.Option("--improvement", help="an entry of the ledger of improvements: its effect is followed up")
    ] = False,
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Open a rectification: from a feedback, a suggestion, a finding, or from nothing that has a record.

    With --from it takes over the problem and the department, and the source names it in the same act.
    Without a record of its own, say where it comes from, as in the last example.
    Example: schoolpub rectify add --from feedback-20261110-abcd --owner 总务主任 --due 2026-12-01
    Example: schoolpub rectify add --from hearing-20261112-wxyz#2 --owner 总务主任 --due 20wd
    Example: schoolpub rectify add --problem 消防栓过期 --set source=检查 --set source_name=区教育局安全检查
    """
    session = open_session(root, person)
    slug = IMPROVEMENT if improvement else "rectification"
    catalogue, item = drafting.find_item(session, slug, session.moment.today)
    draft = drafting.Draft(item, catalogue)
    found = _finding(session, source) if source else None
    if found is not None:
        draft.fields |= found.fields
        if found.department:
            draft.head["department"] = found.department
    given = {"problem": problem, "owner": owner, "due": _due(session, due), "measures": measures}
    given |= {"department": department}
    draft.give({**{k: v for k, v in given.items() if v}, **taking.sets(sets)})
    told = found is not None and not is_report(session.snapshot, found.record)
    linked = (lambda made: [_link(session, found, made)]) if found is not None and told else None
    if not (owner and due) and not as_json and console.asks():
        from schoolpub.cli.drafts import entry

        done = entry.ask(session, draft, None, lambda s, d: recording.record(s, d, linked))
    else:
        drafting.complete(session, draft, None)
        done = recording.record(session, draft, linked)
    _report(session, done.record, done.commit, as_json)


def _finding(session: Session, source: str) -> findings.Finding:
    wanted, mark, number = source.partition("#")
    if mark and not number.isdigit():
        raise WrongCommandLine(
            say("“{text}” is no number of an entry.", text=number), fix=say("write {id}#2", id=wanted)
        )
    found = findings.finding(session.snapshot, session.record(wanted), int(number or 0))
    if (before := findings.taken_up(session.snapshot, found)) is not None:
        raise StepRefused(
            say("{source} led to {id} already.", source=source, id=before.id),
            fix=say("`schoolpub show {id}`; what went wrong again: `schoolpub rectify reopen {id}`", id=before.id),
        )
    return found


def _due(session: Session, due: str) -> str:
    """Return the day of *due*, which may be counted from today: 20wd."""
    if not due or not due.endswith(("wd", "d")):
        return due
    return calendar.add(session.moment.today, due, session.snapshot.calendar).end.isoformat()


def _link(session: Session, found: findings.Finding, made: Record) -> taking.Taken:
    """Return the source with a step that names the rectification made of it: that of its own flow, else a remark."""
    session.snapshot = replace(session.snapshot, records={**session.snapshot.records, made.id: made})
    own = session.snapshot.flow(found.record)
    if own is not None and own.named("rectify"):
        return taking.prepare(session, found.record, [("rectify", taking.act(session, rectification=made.id))])
    entry = f"第{found.place}条" if found.place else ""
    deed = taking.act(session, remark=f"{entry}已立项整改", rectification=made.id)
    return taking.prepare(session, found.record, [("remark", deed)])


@app.command()
def publish(
    record_id: options.RecordId,
    opinions_from: Annotated[
        str, typer.Option("--opinions-from", metavar="DATE", help="first day of the collection of opinions")
    ] = "",
    sets: options.Sets = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Draft the disclosure of the result (整改结果公示), filled in from the rectification.

    It goes through the chain of every disclosure; opinions are collected while it hangs.
    Example: schoolpub rectify publish rectification-20261111-abcd --opinions-from 2026-12-01
    """
    session = open_session(root, person)
    record = _accepted(session, record_id)
    first = day(opinions_from) if opinions_from else None
    catalogue, item = drafting.find_item(session, RESULT, session.moment.today)
    head, fields = rectification_result.proposed(session.snapshot, record, session.moment.today, first)
    draft = drafting.Draft(item, catalogue, head, fields)
    draft.give(taking.sets(sets))
    drafting.complete(session, draft, None)
    done = recording.record(session, draft)
    for note in done.notes:
        console.note(note)
    _report(session, done.record, done.commit, as_json)


def _accepted(session: Session, wanted: str) -> Record:
    """Return the rectification that is meant, when its result may be published."""
    from schoolpub.rules.ledgers.rectification import lacking, standing

    record = rectifying.named(session, wanted)
    now = standing(session.snapshot, record, session.today)
    missing = lacking(session.snapshot, record, session.today)
    if now.accepted is None and missing is not None:
        raise StepRefused(say("{id}: {reason}.", id=record.id, reason=missing.why), fix=missing.way)
    if now.result is not None and flow.status(session.snapshot, now.result) != "void":
        raise StepRefused(
            say("The result of {id} is told by {result} already.", id=record.id, result=now.result.id),
            fix=say("`schoolpub show {id}`", id=now.result.id),
        )
    return record


def _report(session: Session, record: Record, commit: str, as_json: bool) -> None:
    following = guidance.whats_next(session, record)
    if as_json:
        told: dict[str, Tree | list[str]] = {"id": record.id, "file": record.file, "commit": commit}
        console.json_out({**told, "next": following})
        return
    console.out(say("Entered “{title}” in {file}.", title=record.title, file=record.file))
    for line in following:
        console.out(f"  → {line}")
    console.out(record.id)
