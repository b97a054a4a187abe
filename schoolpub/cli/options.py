"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

Root = Annotated[
    Optional[Path],  # noqa: UP045  typer reads it at run time
    typer.Option("--root", metavar="DIR", help="the school's folder (else found upwards from here)"),
]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help="act as this person (only on a shared office machine)")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="judge as of this day, 2026-11-03")]
Agreed = Annotated[str, typer.Option("--agreed", metavar="PERSON", help="a second person who looked at it and agreed")]
Json = Annotated[bool, typer.Option("--json", help="print JSON for a script")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="the date written on the paper, 2026-11-03")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="the reason, which stays readable")]
Sets = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--set", metavar="KEY=VALUE", help="say something more; may stand several times"),
]
RecordIds = Annotated[list[str], typer.Argument(metavar="ID…", help="id, an unambiguous part of it, or a number (31)")]
RecordId = Annotated[str, typer.Argument(metavar="ID", help="id, an unambiguous part of it, or a number (31)")]
Yes = Annotated[bool, typer.Option("--yes", help="commit without asking")]
AsUnderstood = Annotated[
    bool, typer.Option("--yes", help="take a spreadsheet of the school's own layout as it is understood, unasked")
]
