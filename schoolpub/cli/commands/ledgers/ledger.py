"""`schoolpub feedback`: the ledgers of what people said, as lists."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub.cli import console, framework, masking, options, words
from schoolpub.cli.acts import guidance
from schoolpub.cli.language import _
from schoolpub.cli.session import open_session
from schoolpub.errors import say
from schoolpub.rules.ledgers.clock import runs
from schoolpub.views import terminal
from schoolpub.views.ledgers import ledger_rows

app = framework.new_app()

Item = Annotated[
    str, typer.Option("--item", metavar="ITEM", help="feedback, disclosure-request or report")
]
Kind = Annotated[str, typer.Option("--kind", metavar="KIND", help="only this kind: 意见 询问 建议 投诉 咨询")]
Channel = Annotated[str, typer.Option("--channel", metavar="WAY", help="only what came this way: 热线, 意见箱 …")]
Department = Annotated[str, typer.Option("--department", metavar="NAME", help="only what lies with this department")]
Open = Annotated[bool, typer.Option("--open", help="only what is not closed")]
Late = Annotated[bool, typer.Option("--late", help="only what is answered late, or not yet and late")]


@app.command()
def feedback(root: options.Root = None, as_of: options.AsOf = "", as_json: options.Json = False) -> None:
    """What is still open: every matter with its state, its deadline, and what comes next.

    Example: schoolpub feedback
    """
    list_("", "", "", "", True, False, root, as_of, as_json)


@app.command("list")
def list_(
    item: Item = "",
    kind: Kind = "",
    channel: Channel = "",
    department: Department = "",
    only_open: Open = False,
    late: Late = False,
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """The ledgers: receipt, state, deadline, topic, department; the oldest first.

    Example: schoolpub feedback list --open
    Example: schoolpub feedback list --kind 投诉 --late
    """
    session = open_session(root, as_of=as_of)
    found = masking.rows(ledger_rows.rows(session.snapshot, session.today), session.declared)
    wanted = {"kind": words.chinese(kind, words.KINDS), "channel": words.chinese(channel, words.CHANNELS)}
    wanted |= {"department": department}
    catalogue = session.snapshot.in_force(session.today)
    items = [one for one in catalogue.items.values() if runs(one)] if catalogue else []
    known = {key: [c for one in items if key in one.fields for c in one.fields[key].choices] for key in wanted}
    known["kind"] += [one.name for one in items]
    known["department"] = list(session.snapshot.school.departments)
    for key, value in wanted.items():
        words.one_of(f"--{key}", value, (*known[key], *(row[key] for row in found)))
    words.one_of("--item", item, (name for one in items for name in (one.slug, one.name)))
    found = [row for row in found if all(not value or row[key] == value for key, value in wanted.items())]
    found = [row for row in found if item in ("", row["item"], row["item_name"])]
    if only_open:
        found = [row for row in found if row["open"]]
    if late:
        found = [row for row in found if row["late_workdays"]]
    if as_json:
        console.json_out(found)
        return
    if not found:
        console.out(say("Nothing is open.") if only_open else say("No record."))
        return
    heads = [_("Receipt"), _("Status"), _("Answer due"), _("Topic"), _("Department"), _("Id")]
    shown = [[r["receipt"], r["status_name"], r["due_words"], r["topic"], r["department"], r["id"]] for r in found]
    if console.narrow():
        heads = [heads[0], heads[1], heads[2], f"{heads[3]}／{heads[5]}"]
        shown = [[r[0], r[1], r[2], f"{r[3]}\n{r[5]}"] for r in shown]
    console.table(heads, shown)


@app.command()
def show(
    record_id: options.RecordId, root: options.Root = None, as_of: options.AsOf = "", as_json: options.Json = False
) -> None:
    """A matter with everything said about it: text, questions, replies, and by when each was due.

    Example: schoolpub feedback show feedback-20261103-abcd
    """
    session = open_session(root, as_of=as_of)
    record = masking.record(session.record(record_id), session.declared)
    if as_json:
        told = terminal.record_json(session.snapshot, record, session.today)
        told["clock"] = ledger_rows.rounds(record, session.snapshot, session.today)
        console.json_out(told)
        return
    console.out(terminal.record_text(session.snapshot, record, session.today))
    for line in ledger_rows.said(record, session.snapshot, session.today):
        console.out(line)
    for line in guidance.whats_next(session, record):
        console.out(f"→ {line}")
