"""From a step that may be taken to a commit: check the record, append the line, name the commit."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from schoolpub.cli import console
from schoolpub.cli.acts import inspecting, personal, recorded, signing
from schoolpub.cli.policy.governing import permitted, policy_for
from schoolpub.cli.session import Session, day
from schoolpub.errors import ProblemsFound, SchoolpubError, WrongCommandLine, errors, say, system_words
from schoolpub.model.catalogue import FlowStep
from schoolpub.model.record import Record, Step, Tree
from schoolpub.rules.chain import acts, flow
from schoolpub.rules.checks import check_record
from schoolpub.store.files import private, record_file
from schoolpub.store.git import placing
from schoolpub.store.reading import ERASE

if TYPE_CHECKING:
    from schoolpub.store.attachments import Cleaned

_WRITTEN_BY_THE_TOOL = frozenset(
    [
        "step", "by", "role", "via", "at", "content", "number", "after", "due", "undoes", "clock", "signed",
        "signature", "receipt",
    ]
)  # fmt: skip
"""What a step says of itself, and nobody by `--set`."""

_FILES = frozenset(["evidence", "paper"])
"""What must be a file, kept and digested."""

_LARGEST = 20 * 1024 * 1024
"""Bytes of a file that anybody gives; of a larger one not even the rest is read."""


_SAYS = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*", re.ASCII)

_SUBJECTS = {"post": "公布"}
"""Words for a commit's subject where the flow's own name of the step would read oddly."""


def act(session: Session, /, **says: Tree) -> acts.Act:
    """Return an act of this session's person at this moment; *says* goes into the step."""
    recorded.in_office(session)
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
    files: Mapping[str, bytes | None] = field(default_factory=dict)
    """Further files of the same act: attachments, evidence; None for one that goes."""


def prepare(
    session: Session,
    record: Record,
    steps: Sequence[tuple[str, acts.Act]],
    *,
    files: Mapping[str, bytes | None] | None = None,
    body: bytes | None = None,
    numbered: Collection[str] = (),
    emergency: bool = False,
    private_fields: Mapping[str, Tree] | None = None,
) -> Taken:
    """Append *steps*, each with its own person, to *record*; nothing is written yet.

    Raises StepRefused when a step may not be taken, ProblemsFound when the record's own mistakes forbid it.
    """
    before = session.workspace.data(record.file)
    erasable = record.private_fields if private_fields is None else private_fields
    record = _read_back(before, record.file, erasable)
    recorded.steps_are_recorded(session, record)
    text = before if body is None else body
    if body is not None:
        record = _read_back(text, record.file, erasable)
    if _open(session, record):
        text = record_file.append_text(text, "", mend=True)  # before any step is bound to the text
        record = _read_back(text, record.file, erasable)
    taken = []
    judged = False
    for name, deed in steps:
        line = _line(session, record, name)
        if line and name == "post":
            inspecting.refuse_unseen(session, record)
        if line and (line.signs_off or name == "submit"):
            _judge(session, record)
            judged = True
        if line and "number" in line.gives:
            recorded.no_number_is_hidden(session)
        step = permitted(session, record, name, deed, numbered, emergency=emergency)
        text = record_file.append(text, [step])
        record = _read_back(text, record.file, erasable)
        taken.append(record.steps[-1])
    personal.refuse(session, record, text, steps_only=judged)
    return Taken(record=record, steps=tuple(taken), text=text, before=before, files=files or {})


def commit(session: Session, acted: Sequence[Taken]) -> str:
    """Write what was taken as one commit that reads as an entry of the audit trail; return its id."""
    signing.clock_is_right(session)
    last = acted[-1].steps[-1]
    trailers: list[tuple[str, str]] = []
    changes: dict[str, bytes | None] = {}
    expect: dict[str, bytes | None] = {}
    for taken in acted:
        trailers.append(("Record", taken.record.id))
        for step in taken.steps:
            trailers += [("Step", step.step), ("By", step.by), ("Role", step.role)]
        text = signing.signed(policy_for(session, taken.record), taken.record, taken.steps, taken.text)
        changes |= {taken.record.file: text, **taken.files}
        expect |= {file: placing.read(session.workspace.path(file)) for file in taken.files}
        expect[taken.record.file] = taken.before
    if last.via:
        trailers.append(("Via", last.via))
    with ExitStack() as kept:
        for record in (taken.record for taken in acted if any(step.step == ERASE for step in taken.steps)):
            kept.enter_context(private.keeping(session.root, record.id, private.GONE))
        done = session.ledger.act(
            changes,
            subject=_subject(session, acted),
            body="\n".join(dict.fromkeys(line for taken in acted for line in _told(session, taken))),
            trailers=trailers,
            author=session.snapshot.people.ident(last.by),
            committer=session.snapshot.people.ident(last.via or last.by),
            at=last.at,
            expect=expect,
            only_on=next((step.said("after") for taken in acted for step in taken.steps if step.said("after")), None),
        )
    records = {**session.snapshot.records, **{taken.record.id: taken.record for taken in acted}}
    session.snapshot = replace(session.snapshot, records={key: records[key] for key in sorted(records)})
    return done


def act_for(session: Session, person: str, /, **says: Tree) -> acts.Act:
    """Return an act of *person*, typed by whoever sits at the keyboard."""
    return replace(act(session, **says), by=person, via=session.typist or session.actor)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Cleaned files that prove something, kept beside the record."""

    files: Mapping[str, bytes | None]
    step_value: Tree
    """What the step says of them: `{file, sha256}`, or a list of those; None when there are none."""


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of *data* as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def evidence(record: Record, *cleaned: Cleaned, named: bool = False) -> Evidence:
    """Return *cleaned* as files kept beside *record*.

    Photos of a board are often all called the same, so the digest's beginning joins the name unless it is *named*.
    """
    files: dict[str, bytes | None] = {}
    values: list[Tree] = []
    for file in cleaned:
        digest = digest_of(file.data)
        path = PurePosixPath(file.name)
        name = file.name if named else f"{path.stem}-{digest[:6]}{path.suffix}"
        files[f"records/attachments/{record.id}/{name}"] = file.data
        values.append({"file": name, "sha256": digest})
    return Evidence(files, values[0] if len(values) == 1 else values or None)


def numbers_in(taken: Sequence[Taken]) -> list[str]:
    """Return the official numbers that were given in *taken*."""
    return [number for one in taken for step in one.steps if (number := step.said("number"))]


def chosen(session: Session, ids: Sequence[str]) -> list[Record]:
    """Return the records meant by *ids*, each once."""
    return list({record.id: record for record in map(session.record, ids)}.values())


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
            message = say("--set {value}: there is no “=”.", value=value)
            raise WrongCommandLine(message, fix=say("write --set KEY=VALUE"))
        said[key.strip()] = text.strip()
    return said


def said(values: Sequence[str] | None) -> dict[str, Tree]:
    """Return `--set` options for a step; raise SchoolpubError for what only the tool may write there."""
    told = sets(values)
    for key in told:
        if key in _WRITTEN_BY_THE_TOOL:
            raise WrongCommandLine(
                say("--set {key}=…: the tool itself writes this into the step.", key=key), fix=say("leave it out")
            )
        if key in _FILES:
            raise WrongCommandLine(
                say("--set {key}=…: this must be a file.", key=key),
                fix=say("give it with --paper (approve) or --photo (prove, takedown)"),
            )
        if not _SAYS.fullmatch(key):
            raise WrongCommandLine(
                say("--set {key}=…: a step cannot say something of that name.", key=key),
                fix=say("names are small letters, digits, “_” and “-”"),
            )
    return told


def data_of(path: Path) -> bytes:
    """Return the bytes of a file that the user named; raise SchoolpubError when it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        size = path.stat().st_size
    except OSError as error:
        raise SchoolpubError(
            say("The file {file} cannot be read ({why}).", file=str(path), why=system_words(error)),
            fix=say("check its name, and the folder you are in"),
        ) from None
    if len(data) > _LARGEST:
        raise SchoolpubError(
            say("{name} has {size} MB; at most 20 MB can be attached.", name=path.name, size=-(-size // 1024**2)),
            fix=say("make the pictures in it smaller, or divide it"),
        )
    return data


def _judge(session: Session, record: Record) -> None:
    found = check_record(record, session.snapshot, session.moment.today, outside=True)
    located = session.workspace.locate(found)
    if errors(located):
        raise ProblemsFound(located)
    console.problems(located, stream=sys.stderr)


def _open(session: Session, record: Record) -> bool:
    """Whether the body may still be mended: a byte order mark or CRLF of a hand edit."""
    return flow.status(session.snapshot, record) in ("none", "draft", "returned")


def _line(session: Session, record: Record, name: str) -> FlowStep | None:
    own_flow = session.snapshot.flow(record)
    return flow.find_line(own_flow, name, flow.replay(record, own_flow).status) if own_flow else None


def _read_back(text: bytes, file: str, private_fields: Mapping[str, Tree]) -> Record:
    record, found = record_file.read_record(text, file)
    if record is None or errors(found):
        raise ProblemsFound(found)
    return replace(record, private_fields=private_fields)


def _subject(session: Session, acted: Sequence[Taken]) -> str:
    first = acted[0]
    names = dict.fromkeys(_step_name(session, first.record, step) for step in first.steps)
    more = f" 等{len(acted)}项" if len(acted) > 1 else ""
    return f"{'、'.join(names)}：{first.record.title}{more}"


def _step_name(session: Session, record: Record, step: Step) -> str:
    own_flow = session.snapshot.flow(record)
    line = next(iter(own_flow.named(step.step)), None) if own_flow else None
    return _SUBJECTS.get(step.step) or (line.name if line else step.step)


_TOLD = (
    ("number", "编号"), ("reason", "理由"), ("opinion", "意见"), ("remark", "备注"), ("meeting", "会议"),
    ("channel", "形式"), ("place", "地点"), ("due", "应公开"), ("undoes", "撤回"),
    ("receipt", "回执"), ("department", "承办"), ("organisation", "移送"), ("into", "并入"), ("ground", "依据"),
    ("decision", "决定"), ("rating", "评价"), ("rectification", "整改"), ("record", "见"),
)  # fmt: skip
"""What a step says that belongs into the audit trail → its name there."""
TOLD = {**acts.NEEDS, **dict(_TOLD), "file": "附件"}
"""What a step may say → its name."""


def _told(session: Session, taken: Taken) -> list[str]:
    lines = []
    item = session.snapshot.item(taken.record)
    answers = item is not None and item.ledger == "feedback"
    told = () if item is not None and item.privacy == "restricted" else _TOLD
    for step in taken.steps:
        text = f"{session.snapshot.people.name(step.by)}（{step.role}）"
        if step.on:
            text += f"，纸面日期 {step.on.isoformat()}"
        for key, word in told:
            if said := step.said(key):
                text += f"，{'应答复' if answers and key == 'due' else word} {said}"
        if step.via:
            text += f"，{session.snapshot.people.name(step.via)} 代录"
        lines.append(text)
    return lines
