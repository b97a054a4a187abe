"""The site: build it, preview it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import say
from schoolpub.paths import templates
from schoolpub.rules.clock.as_of import known_on

if TYPE_CHECKING:
    from schoolpub.board import Summary

app = framework.new_app()

Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="where to write; else site/ in the school's folder")
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="one line a file")]


@app.command()
def build(
    out: Out = None,
    verbose: Verbose = False,
    root: options.Root = None,
    as_of: options.AsOf = "",
    as_json: options.Json = False,
) -> None:
    """Write the public and the internal site.

    Only posted records appear; nothing internal is in site/public. The same records and day give the same bytes.
    Example: schoolpub build
    Example: schoolpub build --as-of 2026-11-06 --out /tmp/site
    """
    session = open_session(root, as_of=as_of)
    done = _build(session, out or session.root / "site")
    if as_json:
        console.json_out({"written": len(done.written), "unchanged": done.unchanged, "removed": len(done.removed)})
        return
    if verbose:
        for file in done.written:
            console.out(file)
    console.out(
        say(
            "{written} files written, {unchanged} unchanged, {removed} removed: {out}",
            written=len(done.written),
            unchanged=done.unchanged,
            removed=len(done.removed),
            out=str(out or session.root / "site"),
        )
    )


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", metavar="N", help="port on this machine; 0 takes a free one")] = 8000,
    audience: Annotated[str, typer.Option("--audience", metavar="WHO", help="public or internal")] = "public",
    root: options.Root = None,
    as_of: options.AsOf = "",
) -> None:
    """Preview the site on this machine only, and rebuild when a record changes.

    Example: schoolpub serve --port 8000
    """
    from schoolpub.cli.preview import serve as preview

    session = open_session(root, as_of=as_of)
    out = session.root / "site"

    def rebuild() -> None:
        _build(open_session(session.root, as_of=as_of), out)

    rebuild()
    preview(out / audience, session.root, port, rebuild)


def _build(session: Session, out: Path) -> Summary:
    from schoolpub.board.unchanged import unchanged

    look, stamp = templates(session.root, "site"), session.stamp()
    if summary := unchanged(stamp, session.today, templates=look, out=out):
        return summary
    from schoolpub import board

    return board.build(
        known_on(session.snapshot, session.today),
        session.today,
        templates=look,
        out=out,
        attachments=session.root / "records" / "attachments",
        commit=session.state_of_tree(),
        stamp=stamp,
    )
