"""`schoolpub feedback add`: one ledger for what people say, by whatever way it came."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub.cli import console, framework, options, words
from schoolpub.cli.acts import guidance
from schoolpub.cli.drafts import drafting, recording
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.views import proposals
from schoolpub.views.ledgers import acknowledgement

app = framework.new_app()

FEEDBACK, REQUEST, REPORT = "feedback", "disclosure-request", "report"
ITEMS = (FEEDBACK, REQUEST, REPORT)
_OWN_ITEMS = {"点题公开": REQUEST, "举报": REPORT}
"""Kinds that have an item and a flow of their own."""


@app.command()
def add(
    channel: Annotated[
        str, typer.Option("--channel", metavar="WAY", help="how it came: 热线 (phone), 意见箱 (box), 邮箱 (email) …")
    ] = "",
    kind: Annotated[
        str,
        typer.Option(
            "--kind", metavar="KIND", help="意见 询问 建议 投诉 咨询, 点题公开 (request), 举报 (report), or in English"
        ),
    ] = "",
    topic: Annotated[str, typer.Option("--topic", metavar="TEXT", help="one line that everybody may read")] = "",
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="what was said; read inside the school")] = "",
    about: Annotated[
        str, typer.Option("--about", metavar="ID", help="the disclosed record that it is about (.v2: its edition)")
    ] = "",
    from_whom: Annotated[
        str, typer.Option("--from", metavar="WHO", help="家长 (parent), 教职工 (staff), 学生 (pupil), 匿名 …")
    ] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="who said it; kept on this machine only")] = "",
    contact: Annotated[
        str, typer.Option("--contact", metavar="TEXT", help="where to answer; kept on this machine only")
    ] = "",
    date: Annotated[str, typer.Option("--date", metavar="D", help="the day it came, 2026-11-03 (else today)")] = "",
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Register what somebody said: gives a receipt number and the words to acknowledge it.

    Name and contact stay on this machine and never enter the history. On a terminal it asks for what is missing.
    Example: schoolpub feedback add
    Example: schoolpub feedback add --channel 热线 --kind 咨询 --topic 食堂菜价 --text "鱼香肉丝为什么涨价" --from 家长
    Example: schoolpub feedback add --channel 意见箱 --kind request --topic 校服采购结果
    """
    session = open_session(root, person)
    told_kind = words.chinese(kind, words.KINDS) or "意见"
    catalogue, item = drafting.find_item(session, _OWN_ITEMS.get(told_kind, FEEDBACK), session.moment.today)
    draft = drafting.Draft(item, catalogue)
    given = {
        "channel": words.chinese(channel, words.CHANNELS), "topic": topic, "text": text, "about": about,
        "from_whom": words.chinese(from_whom, words.WRITERS), "name": name, "contact": contact, "date": date,
        "kind": told_kind if "kind" in item.fields and kind else "",
    }  # fmt: skip
    _taken_here(item.slug, given)
    draft.give({key: value for key, value in given.items() if value})
    if about:
        draft.put("about", _about(session, about))
    if not (topic and channel) and not as_json and console.asks():
        from schoolpub.cli.drafts import entry

        done = entry.ask(session, draft, None, _save, short=True)
    else:
        drafting.complete(session, draft, None)
        done = recording.record(session, draft)
    _report(session, done, as_json)


def _save(session: Session, draft: drafting.Draft) -> recording.Drafted:
    """Write what was asked for; its title is that of its topic."""
    draft.put("channel", words.chinese(str(draft.fields.get("channel") or ""), words.CHANNELS))
    item, school = draft.item, session.snapshot.school
    draft.head["title"] = proposals.title(item, school, None, draft.date, "", draft.fields)
    return recording.record(session, draft)


def _taken_here(slug: str, given: dict[str, str]) -> None:
    """Take out what an item has no field for; raise SchoolpubError where that would lose something."""
    if slug == REPORT:
        given.pop("from_whom")
        if given.pop("about"):
            raise SchoolpubError(
                say("A report is not linked to a record: the link alone would tell what it is about."),
                fix=say("leave out --about, and say it in --text"),
            )


def _about(session: Session, wanted: str) -> str:
    """Return the id of the disclosed record meant, with its edition where one was named."""
    return wanted if wanted in session.snapshot.records else session.record(wanted).id


def _report(session: Session, done: recording.Drafted, as_json: bool) -> None:
    record = done.record
    words_back = acknowledgement.text(record, session.snapshot)
    following = guidance.whats_next(session, record)
    if as_json:
        told = acknowledgement.data(record, session.snapshot)
        console.json_out({**told, "commit": done.commit, "next": following, "notes": done.notes})
        return
    for line in words_back:
        console.out(line)
    for line in following:
        console.out(f"  → {line}")
    for note in done.notes:
        console.out(f"  {note}")
    console.out(record.id)
