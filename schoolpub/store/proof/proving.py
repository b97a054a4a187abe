"""The proof of a whole history: what was walked, what was found, and what stands at its end."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from schoolpub.errors import SchoolpubError, say
from schoolpub.rules.history.commits import judge
from schoolpub.rules.history.facts import DAY, Finding, Standing
from schoolpub.rules.history.present import judge_present
from schoolpub.store.files.layout import is_litter
from schoolpub.store.git.history import Change
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.proof import reading
from schoolpub.store.proof.remembered import Memory
from schoolpub.store.proof.resuming import resumed
from schoolpub.store.proof.state import State, part_of
from schoolpub.store.proof.walk import Walk

_PLAIN = "100644"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a history is worth."""

    head: str
    root: str = ""
    commits: int = 0
    steps: int = 0
    records: int = 0
    signatures: int = 0
    remembered: int = 0
    """How many of the commits were proven before."""
    findings: tuple[Finding, ...] = ()
    state: State = field(default_factory=State)


def prove(ledger: Ledger, now: datetime, memory: Memory | None = None) -> Proof:
    """Return the proof of everything that the branch of *ledger* and its folder hold.

    With *memory* only what came after the last proof is walked, where that is still part of the history.
    """
    head = ledger.head()
    findings = [_hidden(name) for name in reading.without_past(ledger)]
    if not head:
        findings.append(Finding(code="truncated-history", message=say("there is no history at all")))
        return Proof(head="", findings=tuple(findings))
    known = memory.last() if memory else None
    if known and not reading.holds(ledger, known.head, head):
        findings.append(
            Finding(
                code="rewritten-history", commit=known.head,
                message=say("{commit} was proven on this machine, and is no longer part of the history",
                            commit=known.head[:12]),
            )
        )  # fmt: skip
        known = None
    past = reading.past(ledger, head, known.head) if known and known.whole else []
    if known is None or not known.whole or not _goes_straight(past, known.head):
        known = None
        findings += [
            Finding(code="damaged-history", message=say("git finds damage: {what}", what=line))
            for line in reading.damaged(ledger)[:20]
        ]
        try:
            past = reading.past(ledger, head)
        except SchoolpubError as odd:
            findings.append(Finding(code="damaged-history", message=odd.message))
            return Proof(head=head, findings=tuple(_once(findings)))
    begin, contents = resumed(ledger, known.head, known.latest) if known else (None, None)
    walk = Walk(ledger, past, begin, contents)
    state = walk.run()
    findings += walk.findings
    findings += judge_present(state.versions, state.attachments, state.snapshot)
    findings += _in_the_future(past, now)
    findings += _in_the_folder(ledger, walk, state)
    return Proof(
        head=head,
        root=known.root if known else walk.roots[0] if walk.roots else "",
        commits=len(past) + (known.commits if known else 0),
        steps=walk.steps + (known.steps if known else 0),
        records=len(state.versions),
        signatures=sum(len(version.signatures) for version in state.versions.values()),
        remembered=known.commits if known else 0,
        findings=tuple(_once(findings)),
        state=state,
    )


def _hidden(name: str) -> Finding:
    message = say("git was told to hide or replace history here: {what}", what=name)
    return Finding(code="truncated-history", message=message)


def _goes_straight(past: list[reading.Past], begin: str) -> bool:
    """Return whether *past* is one line that begins upon *begin*."""
    before = begin
    for one in past:
        if one.commit.parents != (before,):
            return False
        before = one.commit.id
    return True


def _once(findings: list[Finding]) -> list[Finding]:
    """Return *findings* without those that tell the same of the same file twice."""
    kept: dict[tuple[str, str, str, str], Finding] = {}
    for finding in findings:
        kept.setdefault((finding.code, finding.commit, finding.file or finding.record, str(finding.message)), finding)
    return list(kept.values())


def _in_the_future(past: list[reading.Past], now: datetime) -> list[Finding]:
    return [
        Finding(
            code="postdated", commit=one.commit.id,
            message=say("it is dated {at}, which is still to come", at=one.commit.at.isoformat()),
        )
        for one in past
        if one.commit.at > now + DAY
    ]  # fmt: skip


def _in_the_folder(ledger: Ledger, walk: Walk, state: State) -> list[Finding]:
    """Return what lies in the folder and differs from the last commit, as far as an act could not explain it."""
    present = _files(ledger.root)
    length = max((len(blob) for blob in state.blobs.values()), default=40)
    changes = []
    for file in sorted({*present, *state.blobs}):
        blob = state.blobs.get(file, "")
        path = present.get(file)
        if path is None:
            changes.append(Change(path=file, old=blob, mode=_PLAIN))
            continue
        if path.is_symlink() or not path.is_file():
            changes.append(Change(path=file, old=blob, new="link", mode="120000"))
            continue
        data = path.read_bytes()
        name = reading.blob_name(data, length)
        if name != blob:
            walk.put(name, data)
            changes.append(Change(path=file, old=blob, new=name, mode=_PLAIN))
    if not changes or state.latest is None:
        return []
    deed = walk.deed(changes, state)
    attachments = dict(state.attachments)
    for change in deed.attachments:
        if change.after:
            attachments[change.file] = change.after
        else:
            attachments.pop(change.file, None)
    standing = Standing(
        snapshot=state.snapshot, founded=state.founded, versions=state.versions, attachments=attachments,
        latest=state.latest,
    )  # fmt: skip
    return [finding for finding in judge(deed, standing) if finding.code not in ("unexplained-edit", "wrong-catalogue")]


def _files(root: Path) -> dict[str, Path]:
    """Return every file that the proof looks at, as it lies in the folder."""
    found: dict[str, Path] = {}
    for top in ("records", "templates"):
        if (root / top).is_symlink():
            found[top] = root / top
        for folder, folders, names in os.walk(root / top):
            links = [name for name in folders if (Path(folder) / name).is_symlink()]
            for name in (*names, *links):
                path = Path(folder) / name
                file = path.relative_to(root).as_posix()
                if not is_litter(name) and part_of(file) is not None:
                    found[file] = path
    attributes = root / ".gitattributes"
    if attributes.exists():
        found[".gitattributes"] = attributes
    return found
