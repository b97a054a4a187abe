"""What a code says that stands on paper: a sheet's, or a yearly register's; the part of `verify --code`."""

from __future__ import annotations

from schoolpub.cli import console
from schoolpub.cli.safekeeping import registers
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, say
from schoolpub.rules.chain import flow, numbering, validity, witness
from schoolpub.store.git.exchange import Exchange


def answer(session: Session, code: str, as_json: bool) -> int:
    """Tell whether the paper that bears *code* is still good; return the exit code: 0 when it is, else 1."""
    if not code.strip():
        raise SchoolpubError(
            say("No code was given."), fix=say("copy the code that stands below the square on the sheet")
        )
    if witness.is_register_code(code):
        return _register(registers.by_code(Exchange(session.root), code), code, as_json)
    found = validity.answer(code, session.snapshot, session.today)
    if found.kind == "unknown" and witness.is_digest(code):
        register = registers.by_digest(Exchange(session.root), code)
        if register is not None:
            return _register(register, code, as_json)
    if found.kind == "mistyped" and (called := numbering.called(session.snapshot, code, session.today.year)):
        found = validity.by_number(called, session.snapshot, session.today)
    if found.by == "code" and any(not _stands(session, standing) for standing in found.standings):
        found = validity.Answer(kind="altered", standings=found.standings)
    return _tell(session, found, code, as_json)


def _stands(session: Session, standing: validity.Standing) -> bool:
    """Return whether the history holds the sheet's record as it lies here, and what came before its sign-off."""
    ledger, record = Exchange(session.root), standing.record
    if not ledger.exists():
        return True
    own = session.snapshot.flow(record)
    sign = flow.replay(record, own).sign_off if own else None
    held = ledger.contents([f"HEAD:{record.file}"])[0]
    return sign is not None and ledger.holds(sign.said("after")) and held == session.workspace.data(record.file)


def _tell(session: Session, found: validity.Answer, code: str, as_json: bool) -> int:
    from schoolpub.views import validity as shown

    if as_json:
        console.json_out({"code": code, **shown.data(found)})
    else:
        for line in shown.text(found, session.today, digest=witness.is_digest(code) and "#" not in code):
            console.out(line)
    return 0 if found.kind in validity.GOOD and found.by != "number" else 1


def _register(found: registers.Compared | None, code: str, as_json: bool) -> int:
    from schoolpub.views import validity as shown

    agrees = found is not None and found.agrees
    if as_json:
        told = {"year": found.year, "commit": found.commit, "sha256": found.digest} if found and agrees else {}
        console.json_out({"code": code, "standing": "register" if agrees else "unknown", "good": agrees, **told})
    elif found is not None and agrees:
        for line in shown.register(found.year, found.commit, found.count, found.digest):
            console.out(line)
    else:
        for line in shown.foreign_register(found.commit if found else ""):
            console.out(line)
    return 0 if agrees else 1
