"""The walk through a history, from the first commit to the last: each is read, judged, and what it left is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from schoolpub.errors import say
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.merging import settled_side
from schoolpub.rules.history.commits import judge, judge_times
from schoolpub.rules.history.facts import Deed, FileChange, Finding, Standing, Touched, Version
from schoolpub.rules.history.merges import (
    Merged,
    Side,
    judge_choice,
    judge_kept,
    judge_late_posts,
    judge_merge,
    judge_told,
    kept_side,
)
from schoolpub.rules.history.policy import ITEM, judge_change
from schoolpub.rules.history.steps import judge_steps
from schoolpub.store.files.layout import Kind
from schoolpub.store.git.history import Change, Commit
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.proof import reading
from schoolpub.store.proof.parts import id_of, part_of
from schoolpub.store.proof.policies import Policies
from schoolpub.store.proof.state import State
from schoolpub.store.proof.versions import touched, version

_PLAIN = "100644"
_ANYTIME = Standing(snapshot=Snapshot(school=School(name="")))
_LINKS = ("120000", "160000")


class Walk:
    """Judges commit after commit; `findings` grows."""

    def __init__(
        self,
        ledger: Ledger,
        past: Sequence[reading.Past],
        state: State | None = None,
        contents: Mapping[str, bytes] | None = None,
    ) -> None:
        self._ledger = ledger
        self._past = past
        self._children = reading.first_parents(past)
        self._left: dict[str, State] = {}
        self._ancestors: dict[str, int] = {}
        self.contents: dict[str, bytes] = dict(contents or {})
        """Blob → what is in it, of records and policy."""
        self._digests: dict[str, str] = {}
        self._seen = {s.text: v.id for v in state.versions.values() for s in v.signatures} if state else {}
        self._start = state
        self.policies = Policies(self.contents)
        self.findings: list[Finding] = []
        self.lacking: set[str] = set()
        """Blobs that git does not have, or under whose name it holds something else."""
        self.steps = 0
        self.roots: list[str] = []

    def run(self) -> State:
        """Walk to the end; return what stands there."""
        self.load([change for one in self._past for changes in one.changes for change in changes])
        state = self._start or State()
        for place, one in enumerate(self._past):
            commit = one.commit
            self._ancestors[commit.id] = 1 << place
            for parent in commit.parents:
                self._ancestors[commit.id] |= self._ancestors.get(parent, 0)
            known = [parent for parent in commit.parents if parent in self._left]
            first = self._take(known[0]) if known else (state if place == 0 else State())
            state = self._merge(one, first, place) if len(commit.parents) > 1 else self._commit(one, first, place)
            self._left[commit.id] = state
        self.findings[:0] = [
            Finding(code="grafted-history", commit=root, message=say("a second beginning was grafted onto the history"))
            for root in self.roots[1:]
        ]
        return state

    def _take(self, parent: str) -> State:
        """Return what stood after *parent*; the last who asks may change it."""
        self._children[parent] -= 1
        return self._left.pop(parent) if self._children[parent] <= 0 else self._left[parent].copy()

    def load(self, changes: Iterable[Change]) -> None:
        """Read the contents of every blob in *changes*: of attachments the digest alone."""
        wanted: dict[str, bool] = {}
        for change in changes:
            for blob in (change.old, change.new):
                if blob and change.mode not in _LINKS and part_of(change.path) is not None:
                    is_text = part_of(change.path) is not Kind.ATTACHMENT
                    wanted[blob] = wanted.get(blob, False) or is_text
        lacking = [b for b in wanted if b not in self._digests]
        for blob, data in reading.blobs(self._ledger, lacking):
            if data is None:
                self.lacking.add(blob)
                continue
            self._digests[blob] = sha256(data).hexdigest()
            if wanted[blob]:
                self.contents[blob] = data

    def _commit(self, one: reading.Past, state: State, place: int) -> State:
        commit = one.commit
        root = not commit.parents
        if root:
            self.roots.append(commit.id)
        deed = self.deed(one.changes[0] if one.changes else (), state, replace_commit=one)
        self._after(one.changes[0] if one.changes else (), deed, state, place)
        standing = Standing(
            snapshot=state.snapshot, founded=state.founded, versions=state.versions, attachments=state.attachments,
            signatures=self._seen, given=state.given, latest=state.latest,
        )  # fmt: skip
        self._judge(deed, standing, root=root and place == 0 and self._start is None)
        self._settle(deed, state)
        return state

    def deed(self, changes: Sequence[Change], state: State, *, replace_commit: reading.Past | None = None) -> Deed:
        """Return *changes* upon *state* as an act; nothing is kept of it yet."""
        records: list[Touched] = []
        attachments: list[FileChange] = []
        policy: list[FileChange] = []
        strange: list[str] = []
        beside: list[str] = []
        """What a school calls its columns: learned by the act that reads a sheet, and never by itself."""
        for change in changes:
            kind = part_of(change.path)
            if kind is None:
                if change.mode in _LINKS:
                    strange.append(change.path)
                continue
            if change.new and (change.mode != _PLAIN or kind is Kind.UNKNOWN):
                strange.append(change.path)
            elif kind is Kind.RECORD:
                before = state.versions.get(change.path)
                after = self._version(change, before) if change.new else None
                records.append(touched(change.path, before, after))
            elif kind is Kind.ATTACHMENT:
                attachments.append(self._file(change))
            elif kind is Kind.NAMES:
                beside.append(change.path)
            elif kind is not Kind.UNKNOWN:
                policy.append(self._file(change))
        commit = replace_commit.commit if replace_commit else None
        if commit and not records:
            strange += beside
        moment = commit.at if commit else state.latest
        assert moment is not None
        return Deed(
            commit=commit.id if commit else "",
            parents=commit.parents if commit else (),
            author=commit.author if commit else "",
            email=commit.email if commit else "",
            committer=commit.committer if commit else "",
            committer_email=commit.committer_email if commit else "",
            at=moment,
            recorded=commit.recorded if commit else moment,
            trailers=commit.trailers if commit else (),
            records=tuple(records),
            attachments=tuple(attachments),
            policy=tuple(policy),
            strange=tuple(strange),
        )

    def put(self, blob: str, data: bytes) -> None:
        """Let *blob* hold *data*, which git does not have."""
        self._digests[blob] = sha256(data).hexdigest()
        self.contents[blob] = data

    def digest(self, blob: str) -> str:
        """Return the SHA-256 of a blob that was read."""
        return self._digests.get(blob, "damaged")

    def _version(self, change: Change, before: Version | None) -> Version:
        data = self.contents.get(change.new)
        if data is None:
            name = change.path.rpartition("/")[2].removesuffix(".yaml")
            return Version(id=name, file=change.path, record=None, why=say("it is missing or damaged"))
        return version(data, change.path, before)

    def _file(self, change: Change) -> FileChange:
        return FileChange(
            file=change.path,
            before=self.digest(change.old) if change.old else "",
            after=self.digest(change.new) if change.new else "",
        )

    def _after(self, changes: Sequence[Change], deed: Deed, state: State, place: int) -> None:
        """Note the files as *changes* leave them; records and policy stay as they were until they are judged."""
        for change in changes:
            kind = part_of(change.path)
            if kind is None:
                continue
            state.changed_by[change.path] = 1 << place
            if change.new:
                state.blobs[change.path] = change.new
            else:
                state.blobs.pop(change.path, None)
        for file in deed.attachments:
            if file.after:
                state.attachments[file.file] = file.after
            else:
                state.attachments.pop(file.file, None)

    def _judge(self, deed: Deed, standing: Standing, *, root: bool) -> None:
        self.findings += judge(deed, standing, root=root)
        for one in deed.records:
            after, before = (len(version.steps) if version else 0 for version in (one.after, one.before))
            self.steps += max(after - before, 0)

    def _settle(self, deed: Deed, state: State) -> None:
        """Let what *deed* did stand; what lies before the first record binds nobody's clock."""
        acted = bool(state.versions)
        stood = [version.record for version in state.versions.values() if version.record] if deed.policy else []
        for one in deed.records:
            if one.after is None:
                state.versions.pop(one.file, None)
                continue
            state.stand(one.file, one.after)
            for signature in one.after.signatures:
                self._seen.setdefault(signature.text, one.after.id)
            if one.before is None and one.after.record is not None and one.after.record.item == ITEM:
                state.founded[one.after.id] = state.snapshot
        if deed.policy:
            for change in deed.policy:
                blob = state.blobs.get(change.file)
                if blob:
                    state.policy[change.file] = blob
                else:
                    state.policy.pop(change.file, None)
            before, state.snapshot = state.snapshot, self.policies.snapshot(state.policy)
            self.findings += judge_change(before, state.snapshot, stood, deed.at.date(), deed.commit)
            for file in dict.fromkeys(self.policies.unreadable):
                self.findings.append(
                    Finding(code="unreadable-policy", commit=deed.commit, file=file,
                            message=say("{file} cannot be read as policy", file=file))
                )  # fmt: skip
        state.latest = max(deed.at, state.latest) if state.latest and acted else deed.at

    def _merge(self, one: reading.Past, state: State, place: int) -> State:
        """Judge a merge: every file must be that of a side which holds all that the others did to it."""
        commit = one.commit
        others = [self._take(parent) if parent in self._left else State() for parent in commit.parents[1:]]
        sides = [state, *others]
        after = dict(state.blobs)
        for change in one.changes[0] if one.changes else ():
            if change.new:
                after[change.path] = change.new
            else:
                after.pop(change.path, None)
        paths = {c.path for changes in one.changes for c in changes if part_of(c.path) is not None}
        merged: list[Merged] = []
        for path in sorted(paths, key=lambda path: (part_of(path) is Kind.ATTACHMENT, path)):
            found = [
                Side(
                    blob=side.blobs.get(path, ""),
                    contained=tuple(self._holds(p, side.changed_by.get(path, 0)) for p in commit.parents),
                )
                for side in sides
            ]
            blob = after.get(path, "")
            if part_of(path) is Kind.ATTACHMENT:
                decided = any(m.settled and m.record == path.split("/")[2] for m in merged)
                settled = decided and any(blob in side.blobs.values() for side in sides)
            else:
                settled = self._settled(path, blob, [side.blob for side in found], commit)
            merged.append(Merged(file=path, record=id_of(path), blob=blob, sides=found, settled=settled))
        before = {m.file: [side.versions.get(m.file) for side in sides] for m in merged}
        self.findings += judge_merge(merged, commit.id)
        self._judge_deciding(one, merged, sides)
        changes = [Change(path=m.file, old=state.blobs.get(m.file, ""), new=m.blob, mode=_PLAIN) for m in merged]
        modes = {c.path: c.mode for listed in one.changes for c in listed}
        for m in merged:
            kept = kept_side(m)
            source = sides[kept if kept is not None else 0]
            if m.file in source.versions and m.blob == source.blobs.get(m.file):
                state.stand(m.file, source.versions[m.file])
            elif part_of(m.file) is Kind.RECORD:
                self._adopt(m.file, m.blob, state)
            if modes.get(m.file, _PLAIN) not in (_PLAIN, "000000"):
                self.findings.append(
                    Finding(code="unknown-file", commit=commit.id, file=m.file,
                            message=say("{file} does not belong there", file=m.file))
                )  # fmt: skip
        origins = {m.file: _origin(m, sides) for m in merged}
        self._after(changes, self._files_of(changes), state, place)
        state.changed_by |= {file: places for file, places in origins.items() if places}
        for other in others:
            state.founded |= {key: value for key, value in other.founded.items() if key not in state.founded}
            state.given |= {key: max(number, state.given.get(key, 0)) for key, number in other.given.items()}
        policy = {m.file: m.blob for m in merged if part_of(m.file) not in (Kind.RECORD, Kind.ATTACHMENT, Kind.UNKNOWN)}
        if policy:
            state.policy = {f: b for f, b in {**state.policy, **policy}.items() if b}
            state.snapshot = self.policies.snapshot(state.policy)
            for m in merged:
                if m.file in state.versions:
                    known = min(len(found.steps) if found else 0 for found in before[m.file])
                    self.findings += judge_late_posts(state.versions[m.file], known, commit.id, state.snapshot)
        moments = [side.latest for side in sides if side.latest]
        state.latest = max([commit.at, *moments])
        return state

    def _judge_deciding(self, one: reading.Past, merged: Sequence[Merged], sides: Sequence[State]) -> None:
        """Judge who merged and when, and who decided where the sides differed, as any act is judged."""
        deed, state = self.deed((), sides[0], replace_commit=one), sides[0]
        for m in merged:
            if not m.settled or kept_side(m) is not None or part_of(m.file) is Kind.ATTACHMENT:
                continue
            if part_of(m.file) is not Kind.RECORD:
                self.findings += judge_kept(m.file, deed, state.snapshot)
                continue
            data = self.contents[m.blob]
            index = settled_side(data, [self.contents[side.blob] for side in m.sides])
            kept = sides[index or 0]
            before = kept.versions.get(m.file)
            after = version(data, m.file, before)
            if before is None or before.record is None or after.record is None:
                continue
            snapshot = kept.founded.get(after.id, kept.snapshot)
            standing = Standing(snapshot=snapshot, signatures=self._seen)
            self.findings += judge_steps(before, after, deed, standing, snapshot)
            held = (side.versions.get(m.file) for side in sides)
            others = [v.record for v in held if v and v.record]
            self.findings += judge_choice(after, before, others, deed, snapshot)
        self.findings += judge_told(deed, merged)
        latest = max((side.latest for side in sides if side.latest), default=None)
        self.findings += judge_times(deed, replace(_ANYTIME, latest=latest, versions=state.versions))

    def _settled(self, path: str, blob: str, sides: Sequence[str], commit: Commit) -> bool:
        """Return whether a person decided between the sides of a file: a `merged` step in a record, else a trailer."""
        if part_of(path) is not Kind.RECORD:
            return blob in sides and ("Kept", path) in commit.trailers
        held = [self.contents.get(name) for name in (blob, *sides)]
        texts = [data for data in held if data is not None]
        return len(texts) == len(held) and settled_side(texts[0], texts[1:]) is not None

    def _adopt(self, file: str, blob: str, state: State) -> None:
        if not blob:
            state.versions.pop(file, None)
        elif (data := self.contents.get(blob)) is not None:
            state.stand(file, version(data, file, None))

    def _files_of(self, changes: Sequence[Change]) -> Deed:
        files = tuple(self._file(c) for c in changes if part_of(c.path) is Kind.ATTACHMENT)
        never = datetime.min
        return Deed(commit="", at=never, recorded=never, attachments=files)

    def _holds(self, parent: str, places: int) -> bool:
        return not places or bool(self._ancestors.get(parent, 0) & places)


def _origin(merged: Merged, sides: Sequence[State]) -> int:
    """Return where what stands of *merged* was made: a merge that took over one side's file is not that place."""
    places = 0
    for side, state in zip(merged.sides, sides, strict=True):
        places |= state.changed_by.get(merged.file, 0) if side.blob == merged.blob else 0
    return places
