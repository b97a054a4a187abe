"""What the code on a sheet of paper says: the part of `verify --code` that looks at the records as they stand."""

from __future__ import annotations

from schoolpub.cli import console
from schoolpub.cli.session import Session
from schoolpub.rules.chain import validity


def answer(session: Session, code: str, as_json: bool) -> int:
    """Tell whether the sheet that bears *code* is still good; return the exit code: 0 when it may hang, else 1."""
    from schoolpub.views import validity as shown

    found = validity.answer(code, session.snapshot, session.today)
    if as_json:
        console.json_out({"code": code, **shown.data(found)})
    else:
        for line in shown.text(found, session.today):
            console.out(line)
    return 0 if found.kind in validity.GOOD else 1
