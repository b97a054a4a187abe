"""Merges: what two offices did beside each other must both be there afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from schoolpub.errors import Text, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import authority, flow, merging, numbering
from schoolpub.rules.history.commits import said
from schoolpub.rules.history.facts import Deed, Finding, Version
from schoolpub.rules.history.policy import ITEM
from schoolpub.rules.history.steps import entitled, person_of, step_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A file in one parent of a merge."""

    blob: str
    contained: tuple[bool, ...]
    """For each parent: whether its history holds the last change of the file on this side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A file as a merge left it, and as its parents had it."""

    file: str
    record: str = ""
    blob: str
    sides: Sequence[Side]
    settled: bool = False
    """Whether a person decided between the sides, and the merge says so (`rules.merging`)."""


def kept_side(merged: Merged) -> int | None:
    """Return which parent's file stands after the merge with nothing of the others lost; None when there is none."""
    for index, side in enumerate(merged.sides):
        if side.blob == merged.blob and all(
            other.blob == side.blob or other.contained[index] for other in merged.sides
        ):
            return index
    return None


def judge_merge(merged: Sequence[Merged], commit: str) -> Iterator[Finding]:
    """Yield the files of a merge that are no side's, or in which one side's work was dropped."""
    for one in merged:
        if one.settled or kept_side(one) is not None:
            continue
        dropped = any(side.blob == one.blob for side in one.sides)
        yield Finding(
            code="merge-dropped" if dropped else "merge-changed", record=one.record, commit=commit, file=one.file,
            message=say("the merge dropped what one side did to {file}", file=one.file)
            if dropped
            else say("the merge made of {file} what neither side had", file=one.file),
        )  # fmt: skip


def judge_choice(
    after: Version, kept: Version, sides: Sequence[Record], deed: Deed, snapshot: Snapshot
) -> Iterator[Finding]:
    """Judge the step that settled *after*: might this side stand, and does it name what became void?"""
    if after.record is None or kept.record is None:
        return
    step = after.record.steps[-1]

    def found(code: str, message: Text) -> Finding:
        return Finding(code=code, record=after.id, commit=deed.commit, file=after.file, message=message)

    for side in sides:
        if reason := merging.forbidden(snapshot, kept.record, side, step.by, step.at.date()):
            yield found("merge-dropped", say("step “{step}”: {reason}", step=step.step, reason=reason))
    for key, wanted in (
        ("numbers", merging.void_numbers(kept.record, sides)),
        ("codes", merging.void_codes(kept.record, sides, snapshot)),
    ):
        if (step.says.get(key) or []) != wanted:
            yield found(
                "wrong-number",
                say("the step “{step}” does not name the numbers and codes that became void", step=step.step),
            )


def judge_late_posts(after: Version, known: int, commit: str, snapshot: Snapshot) -> Iterator[Finding]:
    """Yield the steps of *after*, beyond the *known* ones, for which the register of *snapshot* gives nobody's post.

    An act beside a change of the register was taken under the old one; once both stand, the register's dates decide.
    """
    record = after.record
    own_flow = snapshot.flow(record) if record is not None and record.item != ITEM else None
    if record is None or own_flow is None:
        return
    for index in range(known, len(record.steps)):
        step = record.steps[index]
        played = flow.replay(replace(record, steps=record.steps[:index]), own_flow)
        line = flow.find_line(own_flow, step.step, played.status)
        for code, reason in entitled(step, line, played, record, snapshot) if line else ():
            yield Finding(
                code=code, record=record.id, commit=commit, file=record.file,
                message=say("step “{step}”: {reason}", step=step_name(snapshot, record, step.step), reason=reason),
            )  # fmt: skip


def may_decide(snapshot: Snapshot, person: str, day: date) -> bool:
    """Return whether *person* may decide which side's policy or attachment stands: who may agree to a change of policy.

    Where the catalogue knows no such change, it is anybody in office.
    """
    catalogue = snapshot.in_force(day)
    item = catalogue.items.get(ITEM) if catalogue else None
    if catalogue is None or item is None:
        return next(snapshot.people.held(person, day), None) is not None
    lines = [line for line in catalogue.flows[item.flow].steps if line.approves]
    return any(authority.entitlement(snapshot.people, person, line, item.department, day) for line in lines)


def judge_kept(file: str, deed: Deed, snapshot: Snapshot) -> Iterator[Finding]:
    """Yield it when whoever merged decided about a file that is no record and may not."""
    person = person_of(snapshot.people, deed.email)
    if person and person_of(snapshot.people, deed.committer_email) and may_decide(snapshot, person, deed.at.date()):
        return
    yield Finding(
        code="merge-dropped", commit=deed.commit, file=file,
        message=say("the merge dropped what one side did to {file}, decided by somebody who may not agree to a change "
                    "of policy", file=file),
    )  # fmt: skip


def judge_told(deed: Deed, merged: Sequence[Merged]) -> Iterator[Finding]:
    """Yield it when the message of a merge tells of records, steps or files that it did not settle."""
    told = said(deed)
    if not told:
        return
    records, files = {one.record for one in merged}, {one.file for one in merged}
    settled = {*told["record"]} <= records and {*told["kept"]} <= files and {*told["step"]} <= {numbering.MERGED}
    if settled and not told["policy"]:
        return
    yield Finding(
        code="message-mismatch", commit=deed.commit,
        message=say("its message tells of other records, steps or persons than those it touched"),
    )  # fmt: skip
