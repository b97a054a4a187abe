"""Attachments that no program can read (photos, scans): nobody posts them before a second person looked at them."""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.cli.session import Session
from schoolpub.errors import Level, Problem, SchoolpubError, StepRefused, say
from schoolpub.model.record import Attachment, Record
from schoolpub.rules.chain import acts, editions, flow

STEP = "inspect"


def unseen(session: Session, record: Record) -> Iterator[Attachment]:
    """Yield the attachments of *record* that were neither read nor looked at: their state is 未检查."""
    own_flow = session.snapshot.flow(record)
    if own_flow is None or not record.attachments or not own_flow.named(STEP):
        return
    taken = [one for edition in _editions(session, record) for one in flow.replay(edition, own_flow).taken]
    seen = {str(one.step.says.get("sha256", "")) for one in taken if one.step.step == STEP}
    for attachment in record.attachments:
        if attachment.sha256 not in seen and not is_read(session, record, attachment):
            yield attachment


def _editions(session: Session, record: Record) -> list[Record]:
    """Return *record* and the editions before it: a file that goes over into a correction was looked at once."""
    before = editions.editions(session.snapshot, record.id)
    return [*(edition for edition in before if edition.edition < record.edition), record]


def is_read(session: Session, record: Record, attachment: Attachment) -> bool:
    """Return whether the text of *attachment* is all that a person sees in it."""
    from schoolpub.store.attachments import reading

    try:
        data = session.workspace.data(f"records/attachments/{record.id}/{attachment.file}")
    except SchoolpubError:
        return True  # that it is missing is another problem
    return reading(data, attachment.file).whole


def refuse_unseen(session: Session, record: Record) -> None:
    """Raise StepRefused while an attachment of *record* was neither read nor looked at."""
    if left := list(unseen(session, record)):
        own = session.snapshot.flow(record)
        assert own is not None  # nothing waits for a step that its flow does not have
        played, day = flow.replay(record, own), session.moment.today
        able = acts.names(session.snapshot, record, own.named(STEP)[0], day, played)
        raise StepRefused(
            say(
                "{id}: the program cannot read {files}, so nobody knows whether personal data stands there (未检查).",
                id=record.id,
                files="、".join(attachment.file for attachment in left),
            ),
            fix=say(
                "somebody other than the drafter ({persons}) looks at it and takes `schoolpub inspect {id}`; "
                "or attach the file with its text, not as a picture",
                id=record.id,
                persons=able or "-",
            ),
        )


def problems(session: Session, record: Record) -> Iterator[Problem]:
    """Yield a warning for every attachment that waits for a second person."""
    if flow.status(session.snapshot, record) in (*flow.POSTED_STATUSES, "void"):
        return
    for attachment in unseen(session, record):
        yield Problem(
            code="attachment-unseen",
            level=Level.WARNING,
            message=say("The program cannot read {file} (未检查).", file=attachment.file),
            fix=say("somebody other than the drafter looks at it: `schoolpub inspect {id}`", id=record.id),
            record=record.id,
            file=record.file,
            where=("attachments", record.attachments.index(attachment), "file"),
        )
