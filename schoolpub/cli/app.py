"""The command `schoolpub` itself."""

from __future__ import annotations

from typing import Annotated

import typer

from schoolpub import __version__
from schoolpub.cli import framework
from schoolpub.cli.language import _

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
) -> None:
    """Show what must be done now, when no command is given."""
    del version
    if context.invoked_subcommand is None:
        print(context.get_help())
