"""The proof of a whole history: what was walked, what was found, and what stands at its end."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from schoolpub.errors import SchoolpubError, say, system_words
from schoolpub.rules.history.commits import judge
from schoolpub.rules.history.facts import DAY, Finding, Standing
from schoolpub.rules.history.present import judge_present
from schoolpub.store.files.layout import is_litter
from schoolpub.store.git.apart import Apart, Damage, borrowing
from schoolpub.store.git.git_folder import git_folder, under_way
from schoolpub.store.git.history import Change
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.proof import reading
from schoolpub.store.proof.lost import lost
from schoolpub.store.proof.parts import id_of, part_of
from schoolpub.store.proof.remembered import Memory, Proven
from schoolpub.store.proof.resuming import resumed
from schoolpub.store.proof.state import State
from schoolpub.store.proof.walk import Walk

_PLAIN = "100644"
_SHOWN = 20
"""How many damaged objects are named one by one."""


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


def prove(ledger: Ledger, now: datetime, memory: Memory | None = None, *, whole: bool = False) -> Proof:
    """Return the proof of everything that the branch of *ledger* and its folder hold.

    With *memory* what this machine remembers must be part of it, and only what came after the last proof is walked,
    unless the *whole* is wanted.
    """
    head = ledger.head()
    folders = git_folder(ledger.root)
    findings = [_hidden(name) for name in reading.hidden(ledger)]
    if not head or folders is None:
        findings.append(Finding(code="truncated-history", message=say("there is no history at all")))
        return Proof(head="", findings=tuple(findings))
    with borrowing(folders[1] / "objects", like=head) as plain:
        if plain.kind(head) != "commit":
            message = say("the newest commit, {commit}, is missing or is no commit", commit=head[:12])
            findings.append(Finding(code="damaged-history", commit=head, message=message))
            return Proof(head=head, findings=tuple(findings))
        known = memory.last() if memory else None
        with ThreadPoolExecutor(1) as beside:
            damage = beside.submit(plain.damage, head)
            try:
                gone = known is not None and not reading.holds(plain, known.head, head)
                if known and gone:
                    message = say("{commit} was proven on this machine, and is no longer part of the history",
                                  commit=known.head[:12])  # fmt: skip
                    findings.append(Finding(code="rewritten-history", commit=known.head, message=message))
                    known = None
                if memory is not None:
                    findings += lost(ledger, plain, head, logs=not gone)
                walked = _walked(plain, head, known if known and known.whole and not whole else None)
            except SchoolpubError as odd:
                findings += _damaged(ledger, damage.result(), {})
                findings.append(Finding(code="damaged-history", commit=head, message=odd.message))
                return Proof(head=head, findings=tuple(_once(findings)))
            findings += _damaged(ledger, damage.result(), walked.places())
    known, past, walk, state = walked.known, walked.past, walked.walk, walked.state
    findings += walk.findings
    findings += judge_present(state.versions, state.attachments, state.snapshot)
    findings += _in_the_future(past, now)
    findings += _in_the_folder(ledger, walk, state)
    if findings and (busy := under_way(folders[0])):
        message = say("a git {what} is under way in this folder; end it, and prove again", what=busy)
        findings.insert(0, Finding(code="unfinished-work", message=message))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walked:
    """A history that was walked: upon what was known, through which commits, and what stands at its end."""

    known: Proven | None
    past: list[reading.Past]
    walk: Walk
    state: State

    def places(self) -> dict[str, tuple[str, str]]:
        """Return where the blobs that are missing belong: blob → the first commit and file."""
        found: dict[str, tuple[str, str]] = {}
        for one in self.past:
            for change in (change for changes in one.changes for change in changes):
                if change.new in self.walk.lacking:
                    found.setdefault(change.new, (one.commit.id, change.path))
        return found


def _walked(plain: Apart, head: str, known: Proven | None) -> _Walked:
    past = reading.past(plain, head, known.head) if known else []
    if known is None or not _goes_straight(past, known.head):
        known, past = None, reading.past(plain, head)
    begin, contents = resumed(plain, known.head, known.latest) if known else (None, None)
    walk = Walk(plain, past, begin, contents)
    return _Walked(known=known, past=past, walk=walk, state=walk.run())


def _damaged(ledger: Ledger, damage: list[Damage], places: Mapping[str, tuple[str, str]]) -> list[Finding]:
    found = []
    partial = reading.partial(ledger)
    if partial and any(not one.words for one in damage):
        message = say("this is a partial clone: contents of the past were left elsewhere ({file})", file=partial)
        found.append(Finding(code="truncated-history", message=message))
    for name, (commit, file) in places.items():
        message = say("the object {id} is missing or damaged", id=name)
        found.append(Finding(code="damaged-history", commit=commit, record=id_of(file), file=file, message=message))
    for one in [one for one in damage if one.name not in places][:_SHOWN]:
        message = (
            say("git finds damage: {what}", what=one.words)
            if one.words
            else say("the object {id} is missing or damaged", id=one.name)
        )
        commit = one.name if one.kind == "commit" else ""
        found.append(Finding(code="damaged-history", commit=commit, message=message))
    return found


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
    changes, unread = [], []
    below_links = tuple(f"{top}/" for top in ("records", "templates") if top in present)
    for file in sorted({*present, *state.blobs}):
        if file.startswith(below_links):
            continue
        blob = state.blobs.get(file, "")
        path = present.get(file)
        if path is None:
            changes.append(Change(path=file, old=blob, mode=_PLAIN))
            continue
        if path.is_symlink() or not path.is_file():
            changes.append(Change(path=file, old=blob, new="link", mode="120000"))
            continue
        try:
            data = path.read_bytes()
        except OSError as why:
            message = say("{file} cannot be read: {why}", file=file, why=system_words(why))
            unread.append(Finding(code="unreadable-record", record=id_of(file), file=file, message=message))
            continue
        name = reading.blob_name(data, length)
        if name != blob:
            walk.put(name, data)
            changes.append(Change(path=file, old=blob, new=name, mode=_PLAIN))
    if not changes or state.latest is None:
        return unread
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
    found = judge(deed, standing)
    return [*unread, *(one for one in found if one.code not in ("unexplained-edit", "wrong-catalogue"))]


def _files(root: Path) -> dict[str, Path]:
    """Return every file that the proof looks at, as it lies in the folder."""
    found: dict[str, Path] = {}
    for top in ("records", "templates"):
        if (root / top).is_symlink():
            found[top] = root / top
            continue
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
