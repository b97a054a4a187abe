"""`schoolpub feedback import`: a questionnaire's or a mailbox's table becomes matters, all of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options, words
from schoolpub.cli.acts import taking
from schoolpub.cli.commands.ledgers.feedback import FEEDBACK, REPORT, REQUEST
from schoolpub.cli.drafts import drafting
from schoolpub.cli.language import _
from schoolpub.cli.policy import adopting
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, say
from schoolpub.model.book import Sheet
from schoolpub.rules.chain import acts, authority, flow
from schoolpub.rules.ledgers import intake
from schoolpub.rules.ledgers.receipts import next_receipt
from schoolpub.store.files import private

app = framework.new_app()

_SHOWN = 8
"""Rows of the preview."""
_OWN_ITEMS = {"点题公开": REQUEST, "举报": REPORT}


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is to become a matter."""

    number: int
    draft: drafting.Draft
    origin: str
    kind: str


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Excel, ODS or CSV from a platform or a mailbox")],
    maps: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="what a column means; nothing behind = leaves it out"),
    ] = None,
    channel: Annotated[str, typer.Option("--channel", metavar="WAY", help="for rows that do not say it")] = "问卷",
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="for rows that do not say it")] = "意见",
    topic: Annotated[str, typer.Option("--topic", metavar="TEXT", help="for rows that do not say it")] = "",
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="which sheet of the workbook")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="commit without asking")] = False,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Register every row of a table: shows which column means what and asks before it commits; all rows or none.

    Importing the same table twice adds nothing.
    Fields: `date`, `channel`, `kind`, `topic`, `text`, `about`, `from_whom`, `name`, `contact`.
    Example: schoolpub feedback import 问卷.xlsx --topic 食堂问卷意见
    Example: schoolpub feedback import 信箱.csv --map 主题=topic --map 正文=text --channel 邮箱 --yes
    """
    from schoolpub.store.spreadsheets.reading import read_book

    session = open_session(root, person)
    found = _sheet(read_book(file).sheets, sheet, file.name)
    below, heads = intake.head_row(found)
    mapping = _mapping(heads, maps or [], file.name)
    defaults = {"channel": channel, "kind": kind, "topic": topic}
    with session.acting():
        keys = private.import_keys(session.root)
        answers = intake.answers(found, heads, below, mapping)
        rows, old, wrong = _rows(session, answers, heads, defaults, keys, file.name)
        made = _prepared(session, rows, file.name, wrong)
        if not as_json:
            _preview(heads, mapping, rows, old)
        if rows:
            adopting.confirm(yes)
            private.keep_import_key(session.root, keys[0])  # first: rows whose key is lost would be registered again
        _commit(session, rows, made)
    done = [one.record.id for one in made]
    if as_json:
        console.json_out({"added": done, "known": old, "columns": mapping})
        return
    console.out(say("{added} rows registered, {known} were registered before.", added=len(done), known=old))
    for record_id in done:
        console.out(record_id)


def _sheet(sheets: tuple[Sheet, ...], wanted: str, name: str) -> Sheet:
    filled = [one for one in sheets if one.cells and one.visible]
    chosen = [one for one in filled if one.name == wanted] if wanted else filled
    if len(chosen) == 1 or (chosen and not wanted and len(filled) == 1):
        return chosen[0]
    names = "、".join(one.name for one in filled)
    raise SchoolpubError(
        say("{file}: it is not clear which sheet is meant (sheets: {names}).", file=name, names=names or "-"),
        fix=say("name one with --sheet"),
    )


def _mapping(heads: list[str], given: list[str], name: str) -> dict[str, str]:
    """Return head → field: what is plain, as the user changed it."""
    mapping = intake.proposed(heads)
    for text in given:
        column, mark, field = text.rpartition("=")
        if not mark or column not in heads or (field and field not in intake.FIELDS):
            raise SchoolpubError(
                say("--map {given}: the file has no such column, or there is no such field.", given=text),
                fix=say(
                    "columns: {columns}; fields: {fields}",
                    columns="、".join(filter(None, heads)) or "-",
                    fields="、".join(intake.FIELDS),
                ),
            )
        mapping.pop(column, None)
        if field:
            mapping[column] = field
    if not {"topic", "text"} & set(mapping.values()):
        raise SchoolpubError(
            say("{file}: no column is known to hold what was said.", file=name),
            fix=say("name it: `--map COLUMN=text`; columns: {columns}", columns="、".join(filter(None, heads)) or "-"),
        )
    return mapping


def _rows(
    session: Session,
    answers: Iterable[intake.Answer],
    heads: list[str],
    defaults: dict[str, str],
    keys: list[bytes],
    name: str,
) -> tuple[list[Row], int, list[Problem]]:
    """Return the rows that are new, how many were registered before, and what is wrong with the others."""
    known = {s.said("origin") for r in session.snapshot.records.values() for s in r.steps} - {""}
    elsewhere = intake.from_elsewhere(session.snapshot, {private.key_name(key) for key in keys})
    rows: list[Row] = []
    wrong: list[Problem] = []
    seen: Counter[tuple[str, ...]] = Counter()
    old = 0
    for answer in answers:
        seen[answer.cells] += 1
        marks = [private.mark(key, [*heads, *answer.cells, str(seen[answer.cells])]) for key in keys]
        if known.intersection(marks):
            old += 1
            continue
        said = {**{key: value for key, value in defaults.items() if value}, **answer.said}
        kind = words.chinese(said.pop("kind"), words.KINDS)
        day = intake.day_of(said.get("date", "")) if said.get("date") else session.moment.today
        problem = _wrong_day(day, said.get("date", ""), session.moment.today)
        if problem is None and not said.get("topic"):
            problem = Problem(
                code="intake-topic",
                message=say("the topic is missing"),
                fix=say("name its column with `--map COLUMN=topic`, or give one for all rows with `--topic`"),
            )
        if problem is not None or day is None:
            assert problem is not None
            wrong.append(_at(problem, name, answer.number))
            continue
        draft = _draft(session, said, kind, day)
        alike = elsewhere.get((draft.item.slug, intake.words_of(draft.item, draft.fields)), [])
        if others := [one.id for one in alike if not answer.said.get("date") or one.date == day]:
            wrong.append(_at(_maybe_known(others), name, answer.number))
            continue
        rows.append(Row(answer.number, draft, marks[0], kind))
    return rows, old, wrong


def _maybe_known(others: list[str]) -> Problem:
    """Return that another machine imported a row with these words, and that only its key tells whether it was this."""
    return Problem(
        code="intake-elsewhere",
        message=say("another machine imported the same words: {ids}", ids="、".join(others[:3])),
        fix=say(
            "copy private/import.key of that machine here as private/import-2.key and import again: "
            "then it is known which rows are new; or leave the row out"
        ),
    )


def _wrong_day(day: date | None, text: str, today: date) -> Problem | None:
    if day is not None and day <= today:
        return None
    return Problem(
        code="value-date",
        message=say("“{text}” is no date, or lies in the future.", text=text),
        fix=say("write it as 2026-11-03"),
    )


def _draft(session: Session, said: dict[str, str], kind: str, day: date) -> drafting.Draft:
    catalogue, item = drafting.find_item(session, _OWN_ITEMS.get(kind, FEEDBACK), session.moment.today)
    draft = drafting.Draft(item, catalogue)
    given = {
        **said,
        "channel": words.chinese(said.get("channel", ""), words.CHANNELS),
        "from_whom": words.chinese(said.get("from_whom", ""), words.WRITERS),
        "kind": kind if item.slug == FEEDBACK else "",
        "date": day.isoformat(),
    }
    draft.give({key: value for key, value in given.items() if value and (key == "date" or key in item.fields)})
    drafting.complete(session, draft, None)
    return draft


def _preview(heads: list[str], mapping: dict[str, str], rows: list[Row], old: int) -> None:
    console.out(say("Columns: {columns}", columns="、".join(f"{head}→{field}" for head, field in mapping.items())))
    if left := [head for head in heads if head and head not in mapping]:
        console.out(say("Not taken: {columns}", columns="、".join(left)))
    heading = [_("Row"), _("Date"), _("Kind"), _("Topic"), _("Name and contact")]
    shown = [
        [
            str(row.number),
            str(row.draft.head.get("date") or ""),
            row.kind,
            "" if row.draft.item.slug == REPORT else str(row.draft.fields.get("topic") or ""),
            _("kept on this machine") if {"name", "contact"} & set(row.draft.fields) else "",
        ]
        for row in rows[:_SHOWN]
    ]
    if shown:
        console.table(heading, shown)
    if len(rows) > _SHOWN:
        console.out(say("… and {count} more rows.", count=len(rows) - _SHOWN))
    console.out(say("{new} new rows, {known} registered before.", new=len(rows), known=old))


def _prepared(session: Session, rows: list[Row], name: str, wrong: list[Problem]) -> list[taking.Taken]:
    """Return *rows* as matters, nothing written yet; raise ProblemsFound with the mistakes of every row."""
    wrong = list(wrong)
    taken: list[taking.Taken] = []
    before = session.snapshot
    given: Counter[str] = Counter()
    for row in rows:
        item = row.draft.item
        receipt = next_receipt(before, item, session.moment.today.year, given[item.slug])
        given[item.slug] += 1
        try:
            made = _made(session, row, receipt)
        except ProblemsFound as stop:
            wrong += [_at(problem, name, row.number) for problem in stop.problems]
            continue
        taken.append(made)
        records = {**session.snapshot.records, made.record.id: made.record}  # so that no id is given twice
        session.snapshot = replace(session.snapshot, records=records)
    session.snapshot = before
    if wrong:
        raise ProblemsFound(wrong)
    return taken


def _commit(session: Session, rows: list[Row], taken: list[taking.Taken]) -> None:
    """Write all rows as one commit."""
    if not taken:
        return
    with ExitStack() as kept:
        for row, made in zip(rows, taken, strict=True):
            kept.enter_context(private.keeping(session.root, made.record.id, row.draft.private_text))
        taking.commit(session, taken)


def _made(session: Session, row: Row, receipt: str) -> taking.Taken:
    draft = row.draft
    deed = taking.act(session, receipt=receipt, origin=row.origin)
    line = next(s for s in draft.catalogue.flows[draft.item.flow].steps if flow.NONE in s.sources)
    department = str(draft.head.get("department") or draft.item.department)
    appointment = authority.entitlement(session.snapshot.people, deed.by, line, department, session.moment.today)
    if appointment is None:
        raise drafting.not_a_drafter(session.snapshot, deed, department, line.by)
    record, text = drafting.compose(session, draft, acts.first_step(line, appointment, deed))
    drafting.judge(session, draft, record)
    return taking.Taken(record=record, steps=record.steps, text=text, before=None)


def _at(problem: Problem, name: str, number: int) -> Problem:
    """Return *problem* at its row in the user's file."""
    return replace(problem, file=name, line=number, column=1, record="", where=(), field="")
