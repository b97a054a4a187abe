"""One record in one commit: was what stands left alone, and is what was added a permitted act?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schoolpub.errors import Text, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules import identity
from schoolpub.rules.chain import flow
from schoolpub.rules.history.facts import OPEN, Deed, Finding, Standing, Touched, Version
from schoolpub.rules.history.steps import judge_steps, status_name

_IDENTITY = ("schoolpub", "id", "item", "catalogue", "edition")


def judge_record(touched: Touched, deed: Deed, standing: Standing) -> Iterator[Finding]:
    """Yield what no permitted act explains in *touched*."""
    before, after = touched.before, touched.after
    name = (after or before or Version(id=touched.file, file=touched.file, record=None)).id

    def found(code: str, message: Text) -> Finding:
        return Finding(code=code, message=message, record=name, commit=deed.commit, file=touched.file)

    if after is None:
        yield found("deleted-record", say("the record was deleted"))
        return
    if after.record is None:
        yield found("unreadable-record", say("the record cannot be read: {why}", why=after.why or say("unknown")))
        return
    if before is not None and before.record is None:
        yield found("unreadable-record", say("it was changed, and what stood before cannot be read"))
        return
    snapshot = standing.founded.get(after.record.id, standing.snapshot)
    if misplaced := _misplaced(touched.file, after.record, snapshot):
        yield found("misplaced-record", misplaced)
    if before is None:
        yield from _new(touched, after.record, deed, standing, snapshot)
        return
    assert before.record is not None
    own_flow = snapshot.flow(before.record)
    status = flow.replay(before.record, own_flow).status if own_flow else flow.NONE
    broken = _rewritten(touched, before.record, after.record, status)
    if broken is not None:
        yield found(*broken)
        return
    added = after.steps[len(before.steps) :]
    if before.record.content != after.record.content:
        changed = [key for key in _IDENTITY if before.record.body.get(key) != after.record.body.get(key)]
        if status not in OPEN:
            yield found(
                "edited-body",
                say(
                    "its text was changed while it was “{status}”", status=status_name(snapshot, before.record, status)
                ),
            )
        elif changed:
            yield found("edited-body", say("“{key}” of a record never changes", key="、".join(changed)))
        elif not added:
            yield found("unexplained-edit", say("its text was changed without a step that says so"))
    elif not added:
        yield found("unexplained-edit", say("the file was changed without a step that says so"))
    kept = [(s.step, s.person, s.text) for s in after.signatures[: len(before.signatures)]]
    if kept != [(s.step, s.person, s.text) for s in before.signatures]:
        yield found("signature-removed", say("a signature was removed or replaced"))
    yield from judge_steps(before, after, deed, standing, snapshot)


def _new(touched: Touched, record: Record, deed: Deed, standing: Standing, snapshot: Snapshot) -> Iterator[Finding]:
    def found(code: str, message: Text) -> Finding:
        return Finding(code=code, message=message, record=record.id, commit=deed.commit, file=touched.file)

    if record.edition > 1:
        name = identity.edition_id(record.base, record.edition - 1)
        earlier = next((version.record for version in standing.versions.values() if version.id == name), None)
        if earlier is None:
            yield found("unfounded-edition", say("the edition before it, {id}, is missing", id=name))
        elif earlier.catalogue != record.catalogue:
            yield found(
                "wrong-catalogue",
                say("it names the catalogue of {named}, but the edition before it that of {edition}",
                    named=record.catalogue.isoformat(), edition=earlier.catalogue.isoformat()),
            )  # fmt: skip
    elif record.steps:
        current = snapshot.in_force(record.steps[0].at.date())
        if current is None or current.edition != record.catalogue:
            yield found(
                "wrong-catalogue",
                say(
                    "it names the catalogue of {named}, but on the day of its drafting that of {edition} was in force",
                    named=record.catalogue.isoformat(),
                    edition=current.edition.isoformat() if current else "-",
                ),
            )
    nothing = Version(id=record.id, file=touched.file, record=replace(record, steps=()))
    assert touched.after is not None
    yield from judge_steps(nothing, touched.after, deed, standing, snapshot, new=True)


def _misplaced(file: str, record: Record, snapshot: Snapshot) -> Text | None:
    item = snapshot.item(record)
    if item is None:
        return say("its item or its catalogue edition is unknown")
    wanted = identity.path_of(item, record.id, record.year)
    return None if wanted == file else say("it belongs into {file}", file=wanted)


def _rewritten(touched: Touched, before: Record, after: Record, status: str) -> tuple[str, Text] | None:
    """Return what was done to steps that stood, None when they stand as they were."""
    old, new = before.steps, after.steps
    mended = status in OPEN and touched.before is not None and not touched.before.plain
    if new[: len(old)] == old and (touched.appended or mended):
        return None
    if new[: len(old)] == old:
        return "edited-step", say("lines below “steps:” that stood there were written anew")
    left = [step for step in new if step in old]
    if any(step not in new for step in old):
        if left == [step for step in old if step in new] and len(new) < len(old):
            return "step-removed", say("steps that stood there were removed")
        return "edited-step", say("a step that stood there was changed")
    if left != list(old):
        return "reordered", say("steps that stood there were put into another order")
    return "step-inserted", say("a step was put between those that stood there")
