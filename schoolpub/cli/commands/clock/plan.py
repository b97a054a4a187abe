"""`schoolpub plan`: the work plan on a day."""

from __future__ import annotations

from schoolpub.cli import console, framework, options
from schoolpub.cli.session import open_session
from schoolpub.errors import say
from schoolpub.rules.clock.as_of import known_on

app = framework.new_app()


@app.command()
def plan(root: options.Root = None, as_of: options.AsOf = "", as_json: options.Json = False) -> None:
    """The work plan: today's phase, what is done and what is overdue.

    Plans stand in records/workplan/; after an edit, `schoolpub adopt`.
    Example: schoolpub plan
    Example: schoolpub plan --as-of 2026-11-21 --json
    """
    from schoolpub.views.clock import workplan

    session = open_session(root, as_of=as_of)
    plans = workplan.page(known_on(session.snapshot, session.today), session.today, public=False)
    if as_json:
        console.json_out(plans)
        return
    if not plans:
        console.out(say("There is no work plan: write one in records/workplan/, then run `schoolpub adopt`."))
    for index, one in enumerate(plans):
        for line in [*([""] if index else []), *workplan.text(one)]:
            console.out(line)
