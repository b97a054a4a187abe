"""The command `schoolpub` itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schoolpub import __version__
from schoolpub.cli import framework, options
from schoolpub.cli.language import _
from schoolpub.errors import SchoolpubError

app = typer.Typer(
    cls=framework.Group,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"schoolpub {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True, help=_("Keeps a school's disclosure records honest (校务公开)."))
def schoolpub(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version."))
    ] = False,
    root: options.Root = None,
    as_of: options.AsOf = "",
    person: Annotated[str, typer.Option("--for", metavar="PERSON", help=_("only what this person can do"))] = "",
    as_json: options.Json = False,
) -> None:
    """Show what must be done now, when no command is given."""
    del version
    if context.invoked_subcommand is not None:
        if root or as_of or person or as_json:
            raise typer.BadParameter(_("options stand behind the command: schoolpub COMMAND --root DIR"))
        return
    from schoolpub.store.workspace import find_root

    try:
        find_root(root or Path.cwd())
    except SchoolpubError:
        if root:
            raise
        print(context.get_help())
        return
    from schoolpub.cli.commands.clock.due import glance

    raise typer.Exit(glance(root, as_of, as_json, person))
