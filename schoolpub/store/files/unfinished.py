"""Entries that were interrupted: kept in `private/unfinished/`, readable by their owner only, never in git."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from schoolpub.errors import SchoolpubError, say
from schoolpub.model.period import Period
from schoolpub.model.record import Tree
from schoolpub.store.files import private
from schoolpub.store.yaml import strict_yaml
from schoolpub.store.yaml.canonical import block_text

_KEY = re.compile(r"[a-z0-9][0-9A-Za-z-]*", re.ASCII)


def key(item: str, when: Period | date | str | None) -> str:
    """Return the name under which an entry for *item* and its period or date is kept."""
    slug = when.slug if isinstance(when, Period) else str(when).replace("..", "-to-") if when else ""
    return f"{item}-{slug}" if slug else f"{item}-undated"


def keys(root: Path) -> list[str]:
    """Return the names of the entries that are kept, in order."""
    return sorted(path.stem for path in _folder(root).glob("*.yaml") if _KEY.fullmatch(path.stem))


def save(root: Path, name: str, entry: Mapping[str, Tree]) -> Path:
    """Keep *entry* under *name*; an older one of that name is replaced."""
    path = _path(root, name)
    private.keep(root, path.relative_to(root / private.FOLDER).as_posix(), block_text(dict(entry)).encode("utf-8"))
    return path


def load(root: Path, name: str) -> dict[str, Tree]:
    """Return the entry kept under *name*; raise SchoolpubError when it cannot be read."""
    path = _path(root, name)
    try:
        tree, problems = strict_yaml.parse(path.read_bytes(), path.name)
    except OSError:
        tree, problems = None, []
    if problems or not isinstance(tree, dict):
        raise SchoolpubError(
            say("The interrupted entry {name} cannot be read.", name=name),
            fix=say("Delete private/unfinished/{name}.yaml and enter it again.", name=name),
        )
    return tree


def remove(root: Path, name: str) -> None:
    """Forget the entry kept under *name*, if there is one."""
    _path(root, name).unlink(missing_ok=True)


def _folder(root: Path) -> Path:
    return root / private.FOLDER / "unfinished"


def _path(root: Path, name: str) -> Path:
    if not _KEY.fullmatch(name):
        raise SchoolpubError(say("“{name}” cannot be the name of an interrupted entry.", name=name[:40]))
    return _folder(root) / f"{name}.yaml"
