"""Where second copies of the ledger are, and since when: a note in git's own folder, of this machine alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from schoolpub.store import durable
from schoolpub.store.git.git_folder import git_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A copy that was made."""

    place: str
    at: str
    """When, ISO."""
    head: str
    """The last commit that it holds."""
    kind: str = "backup"
    """backup, or remote."""

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.at)


def noted(root: Path) -> list[Noted]:
    """Return the copies, the newest first."""
    path = _path(root)
    try:
        entries = [Noted(**entry) for entry in json.loads(path.read_bytes())] if path else []
        return sorted(entries, key=lambda n: n.moment, reverse=True)
    except (OSError, ValueError, TypeError):
        return []


def note(root: Path, made: Noted) -> None:
    """Remember that a copy was made; an older one at the same place is replaced."""
    path = _path(root)
    if path is None:
        return
    kept = [asdict(made), *(asdict(n) for n in noted(root) if n.place != made.place)][:8]
    durable.write(path, json.dumps(kept, ensure_ascii=False, indent=1).encode())


def _path(root: Path) -> Path | None:
    found = git_folder(root)
    return found[1] / "schoolpub" / "copies.json" if found else None
