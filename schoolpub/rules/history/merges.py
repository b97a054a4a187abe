"""Merges: what two offices did beside each other must both be there afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schoolpub.errors import say
from schoolpub.rules.history.facts import Finding


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
