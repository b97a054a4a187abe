"""From a step that may be taken to a commit: check the record, append the line, name the commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from schoolpub.cli import console
from schoolpub.cli.session import Session, day
from schoolpub.errors import ProblemsFound, SchoolpubError, errors, say
from schoolpub.model.record import Record, Step, Tree
from schoolpub.rules import acts, flow
from schoolpub.rules.checks import check_record
from schoolpub.store import record_file

if TYPE_CHECKING:
    from schoolpub.store.attachments import Cleaned

_JUDGED = ("submit", "sign")
"""Steps at which the record is judged against the others."""

_SUBJECTS = {"post": "公布"}
"""Words for a commit's subject where the flow's own name of the step would read oddly."""


def act(session: Session, **says: Tree) -> acts.Act:
    """Return an act of this session's person at this moment; *says* goes into the step."""
    on = says.pop("on", None)
    return acts.Act(
        by=session.actor,
        via=session.typist,
        at=session.moment.at,
        clock_set=session.moment.set_by_hand,
        on=day(on) if isinstance(on, str) and on else None,
        says={key: value for key, value in says.items() if value},
        head=session.ledger.head(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A record with steps taken, ready to be committed."""

    record: Record
    steps: tuple[Step, ...]
    text: bytes
    before: bytes | None
    """The file as it was; None when it is new."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Further files of the same act: attachments, evidence."""


def take(
    session: Session,
    record: Record,
    names: Sequence[str],
    deed: acts.Act,
    *,
    files: Mapping[str, bytes] | None = None,
    body: bytes | None = None,
) -> Record:
    """Take the steps *names* on *record* as one commit, and return the record after them.

    *files* are further files of the same commit; *body* replaces the text above the steps (a draft that was edited).
    """
    taken = prepare(session, record, [(name, deed) for name in names], files=files, body=body)
    commit(session, [taken])
    return taken.record


def prepare(
    session: Session,
    record: Record,
    steps: Sequence[tuple[str, acts.Act]],
    *,
    files: Mapping[str, bytes] | None = None,
    body: bytes | None = None,
    numbered: int = 0,
) -> Taken:
    """Append *steps*, each with its own person, to *record*; nothing is written yet.

    Raises StepRefused when a step may not be taken, ProblemsFound when the record's own mistakes forbid it.
    """
    before = session.workspace.data(record.file)
    text = before if body is None else body
    if body is not None:
        record = _read_back(text, record.file)
    mend = _open(session, record)
    taken = []
    for name, deed in steps:
        if name in _JUDGED:
            _judge(session, record)
        step = acts.take(session.snapshot, record, name, deed, numbered=numbered)
        text = record_file.append(text, [step], mend=mend)
        record = _read_back(text, record.file)
        taken.append(record.steps[-1])
    _no_personal_data(session, record, text)
    return Taken(record=record, steps=tuple(taken), text=text, before=before, files=files or {})


def commit(session: Session, acted: Sequence[Taken]) -> str:
    """Write what was taken as one commit that reads as an entry of the audit trail; return its id."""
    last = acted[-1].steps[-1]
    trailers: list[tuple[str, str]] = []
    changes: dict[str, bytes | None] = {}
    expect: dict[str, bytes | None] = {}
    for taken in acted:
        trailers.append(("Record", taken.record.id))
        for step in taken.steps:
            trailers += [("Step", step.step), ("By", step.by), ("Role", step.role)]
        changes |= {taken.record.file: taken.text, **taken.files}
        expect[taken.record.file] = taken.before
    if last.via:
        trailers.append(("Via", last.via))
    done = session.ledger.act(
        changes,
        subject=_subject(session, acted),
        body="\n".join(dict.fromkeys(line for taken in acted for line in _told(session, taken))),
        trailers=trailers,
        author=_ident(session, last.by),
        committer=_ident(session, last.via or last.by),
        at=last.at,
        expect=expect,
        only_on=next((step.said("after") for taken in acted for step in taken.steps if step.said("after")), None),
    )
    session.__dict__.pop("snapshot", None)
    return done


def act_for(session: Session, person: str, **says: Tree) -> acts.Act:
    """Return an act of *person*, typed by whoever sits at the keyboard."""
    return replace(act(session, **says), by=person, via=session.typist or session.actor)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Cleaned files that prove something, kept beside the record."""

    files: Mapping[str, bytes]
    step_value: Tree
    """What the step says of them: `{file, sha256}`, or a list of those; None when there are none."""


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of *data* as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def evidence(record: Record, *cleaned: Cleaned, named: bool = False) -> Evidence:
    """Return *cleaned* as files kept beside *record*.

    Photos of a board are often all called the same, so the digest's beginning joins the name unless it is *named*.
    """
    files: dict[str, bytes] = {}
    values: list[Tree] = []
    for file in cleaned:
        digest = digest_of(file.data)
        path = PurePosixPath(file.name)
        name = file.name if named else f"{path.stem}-{digest[:6]}{path.suffix}"
        files[f"records/attachments/{record.id}/{name}"] = file.data
        values.append({"file": name, "sha256": digest})
    return Evidence(files, values[0] if len(values) == 1 else values or None)


def channel(session: Session, record: Record, wanted: str) -> str:
    """Return the key of a channel given by key or Chinese name; raise SchoolpubError for an unknown one."""
    known = session.snapshot.catalogues[record.catalogue].channels
    for key, name in known.items():
        if wanted in (key, name):
            return key
    if not wanted:
        return ""
    raise SchoolpubError(
        say("There is no channel “{channel}”.", channel=wanted),
        fix=say("known: {channels}", channels="、".join(f"{k}（{n}）" for k, n in known.items())),
    )


def place(session: Session, wanted: str) -> str:
    """Return the full name of a board meant by an unambiguous part of it; other places as they are."""
    found = [b.name for b in session.snapshot.school.boards if wanted and wanted in b.name]
    return found[0] if len(found) == 1 else wanted


def sets(values: Sequence[str] | None) -> dict[str, Tree]:
    """Return `--set KEY=VALUE` options as a mapping; raise SchoolpubError for one without `=`."""
    said: dict[str, Tree] = {}
    for value in values or ():
        key, mark, text = value.partition("=")
        if not mark or not key.strip():
            raise SchoolpubError(say("--set {value}: there is no “=”.", value=value), fix=say("write --set KEY=VALUE"))
        said[key.strip()] = text
    return said


def whats_next(session: Session, record: Record) -> list[str]:
    """Return, line by line, who can do what next with *record*."""
    snapshot = session.snapshot
    lines = []
    for line, persons in acts.next_steps(snapshot, record, session.moment.today):
        who = "、".join(snapshot.people.name(p) for p in persons) or "、".join(line.by)
        lines.append(f"{line.name}（{who}）：schoolpub {command_for(line.step, line.approves)} {record.id}")
    return lines


def command_for(step: str, approves: bool) -> str:
    """Return the command that takes *step*."""
    own = {"submit", "post", "prove", "takedown", "withdraw", "resume"}
    return step if step in own else "approve" if approves else f"do {step}"


def data_of(path: Path) -> bytes:
    """Return the bytes of a file that the user named; raise SchoolpubError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SchoolpubError(
            say("The file {file} cannot be read ({why}).", file=str(path), why=error.strerror or "-")
        ) from None


def _judge(session: Session, record: Record) -> None:
    found = check_record(record, session.snapshot, session.moment.today, outside=True)
    located = session.workspace.locate(found)
    if errors(located):
        raise ProblemsFound(located)
    console.problems(located)


def _no_personal_data(session: Session, record: Record, text: bytes) -> None:
    """Raise ProblemsFound when the record, or a comment in its file, holds personal data: history never forgets."""
    from schoolpub.rules.checks.privacy import personal_data, raw_text
    from schoolpub.rules.privacy import declared_of

    declared = declared_of(session.snapshot.school, session.snapshot.people)
    found = [*personal_data(record, session.snapshot), *raw_text(text, declared, record.file, comments_only=True)]
    if errors(found):
        raise ProblemsFound(session.workspace.locate(errors(found)))


def no_personal_data_inside(session: Session, record: Record, file: Cleaned) -> None:
    """Raise ProblemsFound when the readable text of an attachment holds personal data."""
    from schoolpub.rules.checks.privacy import inside
    from schoolpub.store.attachments import text_of

    text = text_of(file.data, file.name)
    if text is None:
        console.note(
            say("{file}: no text could be read in it, so it was not checked for personal data.", file=file.name)
        )
        return
    if found := errors(inside(text, file.name, record, session.snapshot)):
        raise ProblemsFound(found)


def _open(session: Session, record: Record) -> bool:
    """Whether the body may still be mended: a byte order mark or CRLF of a hand edit."""
    return flow.status(session.snapshot, record) in ("none", "draft", "returned")


def _read_back(text: bytes, file: str) -> Record:
    record, found = record_file.read_record(text, file)
    if record is None or errors(found):
        raise ProblemsFound(found)
    return record


def _subject(session: Session, acted: Sequence[Taken]) -> str:
    first = acted[0]
    names = dict.fromkeys(_step_name(session, first.record, step) for step in first.steps)
    more = f" 等{len(acted)}项" if len(acted) > 1 else ""
    return f"{'、'.join(names)}：{first.record.title}{more}"


def _step_name(session: Session, record: Record, step: Step) -> str:
    own_flow = session.snapshot.flow(record)
    line = next(iter(own_flow.named(step.step)), None) if own_flow else None
    return _SUBJECTS.get(step.step) or (line.name if line else step.step)


def _told(session: Session, taken: Taken) -> list[str]:
    lines = []
    for step in taken.steps:
        text = f"{session.snapshot.people.name(step.by)}（{step.role}）"
        if step.on:
            text += f"，纸面日期 {step.on.isoformat()}"
        for key, word in (("number", "编号"), ("reason", "理由"), ("meeting", "会议"), ("due", "应公开")):
            if said := step.said(key):
                text += f"，{word} {said}"
        lines.append(text)
    return lines


def _ident(session: Session, person: str) -> tuple[str, str]:
    known = session.snapshot.people.persons.get(person)
    email = known.emails[0] if known and known.emails else f"{person}@school.invalid"
    return (known.name if known else person, email)
