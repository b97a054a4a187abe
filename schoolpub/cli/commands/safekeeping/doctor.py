"""`schoolpub doctor`: is this machine ready, and what cures what is not?"""

from __future__ import annotations

import typer

from schoolpub.cli import console, framework, options
from schoolpub.cli.language import _, tell
from schoolpub.cli.safekeeping.finding import BAD, GOOD, HINT, Finding
from schoolpub.cli.safekeeping.readiness import findings
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, say
from schoolpub.store.workspace import find_root

app = framework.new_app()

_MARKS = {GOOD: "✓", HINT: "·", BAD: "✗"}


@app.command()
def doctor(
    fix: bool = typer.Option(False, "--fix", help="do the cures that are safe"),
    root: options.Root = None,
    as_json: options.Json = False,
) -> None:
    """Look whether this machine is ready: git, identity, clock, calendar, fonts, locks, copies; each with its cure.

    The exit code is 1 while something is wrong that cannot wait.
    Example: schoolpub doctor
    Example: schoolpub doctor --fix
    """
    from pathlib import Path

    session = Session(find_root(root or Path.cwd()))
    found = list(findings(session))
    if fix and (curable := [finding for finding in found if finding.mend]):
        for finding in curable:
            _mend(finding)
        found = list(findings(Session(session.root)))
        left = [tell(finding.told) for finding in found]
        for told in (tell(finding.told) for finding in curable):
            if told not in left:
                console.note(say("cured: {told}", told=told))
    if as_json:
        console.json_out([_row(finding) for finding in found])
    else:
        for finding in found:
            console.out(f"{_MARKS[finding.state]} {tell(finding.told)}")
            if finding.cure is not None and finding.state != GOOD:
                console.out(f"    → {tell(finding.cure)}")
        bad = sum(finding.state == BAD for finding in found)
        console.out(_("Everything is ready.") if not bad else say("{count} things are wrong.", count=bad))
    raise typer.Exit(1 if any(finding.state == BAD for finding in found) else 0)


def _mend(finding: Finding) -> None:
    """Do a cure; one that fails keeps nobody from the others."""
    assert finding.mend is not None
    try:
        finding.mend()
    except (SchoolpubError, OSError) as stop:
        console.refusal(stop if isinstance(stop, SchoolpubError) else framework.unreachable(stop))


def _row(finding: Finding) -> dict[str, object]:
    return {
        "what": finding.what,
        "state": finding.state,
        "message": tell(finding.told),
        "cure": tell(finding.cure) if finding.cure else "",
        "fixable": finding.mend is not None,
    }
