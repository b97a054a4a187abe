"""Personal data in what is shown: a draft edited by hand may hold some, and no screen or script repeats it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from schoolpub.errors import Level
from schoolpub.model.record import Record

_LONG = re.compile(r"\d(?:[\s_·-]{0,2}\d){10,}")
"""What every such number looks like; most texts have none and need no closer look."""

_DIGEST = re.compile(r"([0-9a-f]{40,})")

Value = TypeVar("Value")


def text(said: str, declared: Collection[str] = ()) -> str:
    """Return *said* with numbers that belong to a person masked; what the school declared passes, and so do digests."""
    if not _LONG.search(said):
        return said
    parts = _DIGEST.split(said)
    return "".join(part if place % 2 else _masked(part, declared) for place, part in enumerate(parts))


def _masked(part: str, declared: Collection[str]) -> str:
    from schoolpub.rules.privacy import scan

    for finding in reversed(scan(part, declared)):
        if finding.level is Level.ERROR:
            part = part[: finding.start] + finding.masked + part[finding.end :]
    return part


def tree(value: Value, declared: Collection[str] = ()) -> Value:
    """Return *value*, texts in lists and mappings, with every text masked."""
    if isinstance(value, str):
        return text(value, declared)  # type: ignore[return-value]
    if isinstance(value, list):
        return [tree(part, declared) for part in value]  # type: ignore[return-value]
    if isinstance(value, Mapping):
        return {key: tree(part, declared) for key, part in value.items()}  # type: ignore[return-value]
    return value


def rows(values: list[dict[str, Any]], declared: Collection[str]) -> list[dict[str, Any]]:
    """Return flat *values* with every text masked; one look at a row finds almost all of them clean."""
    return [tree(row, declared) if _LONG.search("\0".join(map(str, row.values()))) else row for row in values]


def record(shown: Record, declared: Collection[str]) -> Record:
    """Return *shown* with every text of its body and its steps masked."""
    return replace(
        shown,
        title=text(shown.title, declared),
        summary=text(shown.summary, declared),
        body=tree(shown.body, declared),
        fields=tree(shown.fields, declared),
        private_fields=tree(shown.private_fields, declared),
        attachments=tuple(
            replace(a, title=text(a.title, declared), file=text(a.file, declared)) for a in shown.attachments
        ),
        steps=tuple(replace(step, says=tree(step.says, declared)) for step in shown.steps),
    )
