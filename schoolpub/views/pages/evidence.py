"""Photos and saved papers that prove a posting: shown to the school itself, where the file is at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from schoolpub.model.record import Record, Step, Tree
from schoolpub.views import places

Held: TypeAlias = Callable[[Record, str, str], bool]
"""Whether a file of a record lies in the school's folder and is the one with that digest."""

_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_SHOWN = _PICTURES | {".pdf"}
"""A saved web page is named but not offered: opened from the site it would run its own scripts."""


def pieces(step: Step, record: Record, held: Held) -> list[dict[str, Any]]:
    """Return what the evidence of *step* is: a name, where the file can be opened, and whether it is a picture."""
    found = []
    for name, digest in named(step):
        suffix = PurePosixPath(name).suffix.lower()
        here = bool(digest) and suffix in _SHOWN and held(record, name, digest)
        url = places.link(places.attachment(record, name)).removeprefix("records/") if here else ""
        found.append({"name": name, "url": url, "picture": here and suffix in _PICTURES, "digest": digest})
    return found


def named(step: Step) -> Iterator[tuple[str, str]]:
    """Yield the files that *step* names as evidence, each with its bare digest; a text has none."""
    value: Tree = step.says.get("evidence")
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, str) and entry:
            yield entry, ""
        elif isinstance(entry, dict):
            name, digest = entry.get("file"), entry.get("sha256")
            if isinstance(name, str) and name and PurePosixPath(name).name == name:
                yield name, digest.removeprefix("sha256:") if isinstance(digest, str) else ""
