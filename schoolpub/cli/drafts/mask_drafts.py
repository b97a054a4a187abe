"""Masking a draft: what the look-out for personal data finds is written as it may stand, as an edit by whoever asks."""

from __future__ import annotations

from schoolpub.cli.acts import taking
from schoolpub.cli.session import Session
from schoolpub.errors import StepRefused, say
from schoolpub.model.record import Record, Tree
from schoolpub.rules.chain import flow
from schoolpub.rules.checks.privacy import texts_of
from schoolpub.rules.checks.pupil_names import pupil_names
from schoolpub.rules.privacy.masked import Place, masked
from schoolpub.store.files import record_file


def mask(session: Session, wanted: str) -> tuple[Record, list[Place]]:
    """Mask the draft meant by *wanted*, and return it with the places; raise StepRefused for what is no draft."""
    with session.acting():
        record = session.record(wanted)
        if flow.status(session.snapshot, record) not in ("draft", "returned", flow.NONE):
            raise StepRefused(
                say("{id} is no draft any more: its text can no longer change.", id=record.id),
                fix=say("`schoolpub return {id} --reason …` opens it again", id=record.id),
            )
        body, places = of_record(session, record)
        if not places:
            return record, []
        text = record_file.with_body(session.workspace.data(record.file), body)
        taken = taking.prepare(session, record, [("edit", taking.act(session))], body=text)
        taking.commit(session, [taken])
    return taken.record, places


def of_record(session: Session, record: Record) -> tuple[dict[str, Tree], list[Place]]:
    """Return the body of *record* with its personal data masked, and the places."""
    told = [(where, text, context) for where, text, context in texts_of(record, session.snapshot) if where]
    names = {problem.where for problem in pupil_names(record, session.snapshot)}
    body, places = masked(dict(record.body), told, session.declared, names)
    assert isinstance(body, dict)
    return body, places
