"""Two offices worked on one record: both texts are shown, a person decides, and a step says what became void."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from schoolpub.cli import console, masking
from schoolpub.cli.acts import signing, taking
from schoolpub.cli.language import tell
from schoolpub.cli.policy.governing import policy_for
from schoolpub.cli.session import Session
from schoolpub.errors import SchoolpubError, StepRefused, Text, errors, say
from schoolpub.model.record import Record, Step, Tree
from schoolpub.rules.chain import acts, flow, merging, numbering
from schoolpub.rules.history import merges
from schoolpub.store.files import record_file
from schoolpub.store.git.syncing import Meeting

_SIDES = (merging.HERE, merging.THERE)
_MOST = 40
_UNTOLD = frozenset({"after", "other", "due", "clock"})
"""What a step says that helps nobody to decide."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A record, or another file, that both sides changed."""

    key: str
    file: str
    before: bytes
    here: bytes
    there: bytes
    more: Mapping[str, bytes] = field(default_factory=dict)
    """Attachments and evidence that only the other side has."""
    twins: Mapping[str, tuple[bytes, bytes]] = field(default_factory=dict)
    """Attachments of one name that hold one thing here and another there."""

    @property
    def is_record(self) -> bool:
        """Whether it is a record, which has steps."""
        return merging.is_record(self.file)


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands."""

    texts: Mapping[str, bytes]
    trailers: Sequence[tuple[str, str]]
    told: Sequence[str]
    """What was decided, for the history."""
    said: Sequence[Text]
    """The same for the person, with what is still to be done."""


def choices(given: Sequence[str]) -> dict[str, str]:
    """Return `--keep ID=here` options as a mapping; raise SchoolpubError for others."""
    found = {}
    for text in given:
        key, _, side = text.rpartition("=")
        if side not in _SIDES or not key:
            raise SchoolpubError(
                say("--keep {text}: this names no side.", text=text),
                fix=say("write `--keep ID=here` or `--keep ID=there`"),
            )
        found[key] = side
    return found


def look(meeting: Meeting, key: str, paths: Sequence[str], base: str, there: str) -> Clash:
    """Return what both sides made of *key*."""
    file = next((path for path in paths if merging.is_record(path)), paths[0])
    before, here, other = meeting.contents([f"{commit}:{file}" for commit in (base, "HEAD", there)])
    rest = [path for path in paths if path != file]
    ours, theirs = (meeting.contents([f"{commit}:{path}" for path in rest]) for commit in ("HEAD", there))
    pairs = {path: (a, b) for path, a, b in zip(rest, ours, theirs, strict=True)}
    more = {path: b for path, (a, b) in pairs.items() if a is None and b is not None}
    twins = {path: (a, b) for path, (a, b) in pairs.items() if a is not None and b is not None and a != b}
    return Clash(key, file, before or b"", here or b"", other or b"", more, twins)


def settle(session: Session, clashes: Sequence[Clash], chosen: Mapping[str, str]) -> Settled:
    """Return what stands of *clashes*; raise SchoolpubError, showing both texts, where nobody decided yet."""
    sides = {}
    undecided = []
    for clash in clashes:
        side = chosen.get(clash.key) or _asked(session, clash)
        if side:
            sides[clash.key] = side
        else:
            undecided.append(clash)
    if undecided:
        for clash in undecided:
            for line in shown(session, clash):
                console.note(line)
        raise SchoolpubError(
            say("Both offices worked on {records}. Decide which text stands; nothing was changed.",
                records="、".join(clash.key for clash in undecided)),
            fix=say("schoolpub sync {options}", options=" ".join(f"--keep {c.key}=here|there" for c in undecided)),
        )  # fmt: skip
    _may_decide(session, clashes)
    texts: dict[str, bytes] = {}
    told, trailers = [], []
    said: list[Text] = []
    for clash in clashes:
        side = sides[clash.key]
        if clash.is_record:
            found, step = _record(session, clash, side)
            texts |= found
            trailers += [("Record", clash.key), ("Step", step.step), ("By", step.by), ("Role", step.role)]
            void = step.says.get("void")
            count = len(void) if isinstance(void, list) else 0
            said.append(
                say("{key}: the text here stands; void of the other side: {count} steps", key=clash.key, count=count)
                if side == merging.HERE
                else say("{key}: the text there stands; void here: {count} steps", key=clash.key, count=count)
            )
        else:
            texts[clash.file] = clash.here if side == merging.HERE else clash.there
            trailers.append(("Kept", clash.file))
            said.append(
                say("{file}: the text here stands; do again what the other side changed and is still wanted",
                    file=clash.file)
                if side == merging.HERE
                else say("{file}: the text there stands; do again what was changed here and is still wanted",
                         file=clash.file)
            )  # fmt: skip
        told.append(f"{clash.key}：以{'本机' if side == merging.HERE else '对方'}的文本为准")
    return Settled(texts, trailers, told, said)


def _may_decide(session: Session, clashes: Sequence[Clash]) -> None:
    """Raise SchoolpubError where policy or an attachment is to be decided about by somebody who may not."""
    files = [clash.file for clash in clashes if not clash.is_record]
    if files and not merges.may_decide(session.snapshot, session.actor, session.moment.today):
        raise SchoolpubError(
            say("Both offices changed {files}: which stands is for those to decide who agree to changes of policy.",
                files="、".join(files)),
            fix=say("have one of them repeat the command, on a shared machine with `--as PERSON`"),
        )  # fmt: skip


def _asked(session: Session, clash: Clash) -> str:
    if not console.asks():
        return ""
    for line in shown(session, clash):
        console.out(line)
    answer = input(tell(say("1 = here, 2 = there, 3 = not now: "))).strip()
    return {"1": merging.HERE, "2": merging.THERE}.get(answer, "")


def _record(session: Session, clash: Clash, side: str) -> tuple[dict[str, bytes], Step]:
    """Return the files that stand, the record with the step that says so; raise StepRefused where it may not stand."""
    kept, other = (clash.here, clash.there) if side == merging.HERE else (clash.there, clash.here)
    record, void = _read(kept, clash.file), _read(other, clash.file)
    before = _read(clash.before, clash.file) if clash.before else None
    policy = policy_for(session, record)
    if reason := merging.forbidden(policy, record, void, session.actor, session.moment.today):
        opposite = merging.THERE if side == merging.HERE else merging.HERE
        raise StepRefused(
            say("{id}: {reason}", id=clash.key, reason=reason),
            fix=say("schoolpub sync {options}", options=f"--keep {clash.key}={opposite}"),
        )
    files = _files_beside(clash, side)
    says: dict[str, Tree] = {"other": merging.digest(other), "void": [*_steps(void, before)]}
    if extra := _evidence(session, clash, record, files):
        says["evidence"] = extra
    if numbers := merging.void_numbers(record, [void]):
        says["numbers"] = [*numbers]
    if codes := merging.void_codes(record, [void], policy):
        says["codes"] = [*codes]
    step = acts.take(policy, record, numbering.MERGED, taking.act(session, **says))
    text = signing.signed(policy, record, (step,), record_file.append(kept, [step]))
    return {clash.file: text, **files}, step


def _files_beside(clash: Clash, side: str) -> dict[str, bytes]:
    """Return the files beside a record that are new here: of two with one name the void one gets a name of its own."""
    files = dict(clash.more)
    for path, (ours, theirs) in clash.twins.items():
        kept, void = (ours, theirs) if side == merging.HERE else (theirs, ours)
        name = PurePosixPath(path)
        files |= {path: kept, str(name.with_stem(f"{name.stem}-{merging.digest(void)[:6]}")): void}
    return files


def _evidence(session: Session, clash: Clash, record: Record, beside: Mapping[str, bytes]) -> list[Tree]:
    """Return the files beside the record that only the void steps name: they stay, and are named."""
    folder = f"records/attachments/{record.id}/"
    named = clash.here.decode("utf-8", "replace") + clash.there.decode("utf-8", "replace")
    files = {path.removeprefix(folder): data for path, data in beside.items()}
    renamed = files.keys() - {path.removeprefix(folder) for path in (*clash.more, *clash.twins)}
    for path in session.root.glob(folder + "*"):
        files.setdefault(path.name, path.read_bytes())
    kept = {a.file for a in record.attachments} | {
        str(entry.get("file")) for s in record.steps for entry in _files(s.says.get("evidence"), s.says.get("paper"))
    }
    return [
        {"file": n, "sha256": taking.digest_of(d)}
        for n, d in sorted(files.items())
        if n not in kept and (n in renamed or n in named)
    ]


def _files(*values: Tree) -> list[dict[str, Tree]]:
    found: list[dict[str, Tree]] = []
    for value in values:
        found += [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, dict)]
    return found


def _read(data: bytes, file: str) -> Record:
    record, problems = record_file.read_record(data, file)
    if record is None or errors(problems):
        raise SchoolpubError(
            say("{file} cannot be read as one of the sides left it.", file=file),
            fix=say("choose the other side, or have the file mended where it was broken"),
        )
    return record


def _steps(record: Record, before: Record | None) -> list[str]:
    """Return what was done to *record* since *before*, a line each."""
    known = before.steps if before else ()
    return [f"{s.step} {s.by} {s.at.isoformat()}" for s in record.steps if s not in known]


def shown(session: Session, clash: Clash) -> list[Text | str]:
    """Return both texts for a person who has to decide: what each side did and said, and where the bodies differ."""
    if not clash.is_record:
        return [f"── {clash.file}", *_differences(clash.here, clash.there)]
    lines: list[Text | str] = [f"── {clash.key}（{clash.file}）"]
    before = _read(clash.before, clash.file) if clash.before else None
    for name, data in (("本机", clash.here), ("对方", clash.there)):
        record = _read(data, clash.file)
        catalogue = session.snapshot.catalogues.get(record.catalogue)
        status = flow.status(session.snapshot, record)
        lines.append(f"{name}：{catalogue.statuses.get(status, status) if catalogue else status}，分开以后的办理：")
        known = before.steps if before else ()
        lines += [f"    {_in_words(session, record, step)}" for step in record.steps if step not in known]
    bodies = [data.partition(b"\nsteps:")[0] for data in (clash.here, clash.there)]
    return [*lines, *(_differences(*bodies) or ["正文相同"])]


def _in_words(session: Session, record: Record, step: Step) -> str:
    own_flow = session.snapshot.flow(record)
    name = next((line.name for line in own_flow.named(step.step)), step.step) if own_flow else step.step
    who = f"{session.snapshot.people.name(step.by)}（{step.role}）"
    said = [f"{taking.TOLD.get(k, k)} {v}" for k, v in step.says.items() if isinstance(v, str) and k not in _UNTOLD]
    return masking.text("　".join([f"{step.at:%m-%d %H:%M}", name, who, *said]), session.declared)


def _differences(here: bytes, there: bytes) -> list[str]:
    ours, theirs = (data.decode("utf-8", "replace").splitlines() for data in (here, there))
    marks = {"- ": "  本机 ", "+ ": "  对方 "}
    found = [marks[line[:2]] + line[2:] for line in difflib.ndiff(ours, theirs) if line[:2] in marks]
    return found if len(found) <= _MOST else [*found[:_MOST], f"  …… 还有 {len(found) - _MOST} 行不同"]
