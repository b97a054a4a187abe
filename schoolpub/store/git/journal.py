"""The note of an act that is under way: enough to finish it after a kill, in git's own folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from schoolpub.store import durable
from schoolpub.store.git.git_folder import note_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """One file of an act: what it held before, what it holds after, and the object that has those bytes."""

    old: str
    """SHA-256 of the bytes before; empty when there was no file."""
    new: str
    blob: str
    """Name of the new object; empty when the file goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """An act as it was about to happen; it has happened when the branch contains *commit*."""

    branch: str
    commit: str
    parent: str
    puts: Mapping[str, Put]


def digest(data: bytes | None) -> str:
    """Return what tells *data* from other bytes; nothing for no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def scratch_in(git: Path) -> Path:
    """Return the folder in git's folder *git* for what is under way."""
    folder = git / "schoolpub" / "scratch"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sweep(git: Path) -> None:
    """Take away what acts that ended or fell left under way."""
    for file in scratch_in(git).iterdir():
        with suppress(OSError):
            file.unlink()


def write(git: Path, journal: Journal) -> None:
    """Write *journal* into git's folder *git* so that it outlives the machine's fall."""
    puts = {name: [put.old, put.new, put.blob] for name, put in journal.puts.items()}
    text = json.dumps([1, journal.branch, journal.commit, journal.parent, puts], ensure_ascii=False)
    durable.write(note_in(git), text.encode(), scratch=scratch_in(git))


def read(path: Path) -> Journal | None:
    """Return the journal at *path*; None when there is none, or it was never finished."""
    try:
        form, branch, commit, parent, puts = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    if form != 1:
        return None
    files = {name: Put(old=old, new=new, blob=blob) for name, (old, new, blob) in puts.items()}
    return Journal(branch=branch, commit=commit, parent=parent, puts=files)
