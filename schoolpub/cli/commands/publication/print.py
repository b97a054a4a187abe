"""`schoolpub print`: notice, poster, registration form and form for opinions as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework, options, words
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record
from schoolpub.paths import templates
from schoolpub.rules.chain import flow
from schoolpub.store import durable

app = framework.new_app()

FORMS = ("notice", "poster", "register", "opinions", "slip")
PAPERS = ("A4", "A3", "A2")


@app.command("print")
def print_(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID…]", help="id, an unambiguous part of it, or a number (31)")
    ] = None,
    register: Annotated[
        str, typer.Option("--register", metavar="YEAR", help="the yearly register: every number, with its own digest")
    ] = "",
    form: Annotated[
        str,
        typer.Option("--form", metavar="FORMS", help="notice, poster, register, opinions, slip; several with commas"),
    ] = "notice",
    paper: Annotated[
        str, typer.Option("--paper", metavar="SIZES", help="A4, A3, A2 for posters; several with commas")
    ] = "A3",
    fonts: Annotated[
        str, typer.Option("--fonts", metavar="WHICH", help="packaged, or system: the school's own 仿宋 and 小标宋")
    ] = "packaged",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="where to write; else print/ in the school's folder")
    ] = None,
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """Print a notice, a poster, the registration form, the form for opinions or a receipt slip as PDF.

    A record that is not signed off yet prints with a mark that it is a proof.
    Example: schoolpub print finance-monthly-2026-10
    Example: schoolpub print 2026-10 --form poster --paper A3,A2
    Example: schoolpub print 2026-10 --form register
    Example: schoolpub print 2026-10 --form opinions
    Example: schoolpub print feedback-20261103-abcd --form slip
    Example: schoolpub print --register 2026
    """
    forms = _chosen(form, FORMS, str.lower)
    papers = _chosen(paper, PAPERS, str.upper)
    if fonts not in ("packaged", "system"):
        raise SchoolpubError(say("“{value}” is not one of {choices}.", value=fonts, choices="packaged, system"))
    if not ids and not register:
        raise SchoolpubError(say("What is to be printed?"), fix=say("name a record, or a year: `--register 2026`"))
    session = open_session(root, as_of=as_of)
    records = [session.record(wanted) for wanted in ids or ()]
    from schoolpub.notices import Printer

    printer = Printer(templates(session.root, "print"), fonts=fonts)
    folder = out or session.root / "print"
    written = []
    if register:
        from schoolpub.cli.safekeeping import packing

        packing.recorded(session)
        for name, data in packing.register(session, printer, words.year(register)).items():
            durable.write(folder / name, data)
            written.append(str(folder / name))
    for record in records:
        for name, data in _sheets(session, printer, record, forms, papers):
            durable.write(folder / name, data)
            written.append(str(folder / name))
    if as_json:
        console.json_out({"files": written})
        return
    for name in written:
        console.out(name)


def _sheets(
    session: Session, printer: object, record: Record, forms: list[str], papers: list[str]
) -> list[tuple[str, bytes]]:
    from schoolpub.notices import Printer
    from schoolpub.views.ledgers import opinions, slip
    from schoolpub.views.sheets import notice, poster, register

    assert isinstance(printer, Printer)
    snapshot, today = session.snapshot, session.today
    own_flow = snapshot.flow(record)
    signed = flow.replay(record, own_flow).sign_off if own_flow else None
    when = (signed or record.steps[-1]).at if record.steps else session.moment.at
    sheets = []
    for form in forms:
        match form:
            case "notice":
                sheets.append((f"{record.id}.pdf", printer.notice(notice.value(snapshot, record, today), when)))
            case "register":
                sheets.append(
                    (f"{record.id}-register.pdf", printer.register(register.value(snapshot, record, today), when))
                )
            case "opinions":
                sheet = printer.opinions(opinions.value(snapshot, record, today), when)
                sheets.append((f"{record.id}-opinions.pdf", sheet))
            case "slip":
                sheets.append((f"{record.id}-slip.pdf", printer.slip(slip.value(snapshot, record, today), when)))
            case "poster":
                value = poster.value(snapshot, record, today)
                for size in papers:
                    sheets.append((f"{record.id}-poster-{size}.pdf", printer.poster(value, size, when)))
    return sheets


def _chosen(text: str, allowed: tuple[str, ...], fold: object) -> list[str]:
    chosen = [fold(part.strip()) for part in text.replace("，", ",").split(",") if part.strip()]  # type: ignore[operator]
    if wrong := [part for part in chosen if part not in allowed]:
        raise SchoolpubError(
            say("“{value}” is not one of {choices}.", value=wrong[0], choices=", ".join(allowed)),
        )
    return list(dict.fromkeys(chosen))
