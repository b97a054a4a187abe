"""A second copy on a stick or a share: a bare repository that only grows, and the private part, sealed.

The copy is foreign ground: its settings and hooks are never used, and the history reaches it as a bundle.  What was
erased in the office is gone from the copy with the next backup; what is merely missing here stays in it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schoolpub.errors import SchoolpubError, say
from schoolpub.model.snapshot import Snapshot
from schoolpub.store import durable, sealed
from schoolpub.store.files import private
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.git.git_folder import last_commit
from schoolpub.store.git.journal import scratch_in

HISTORY = "history.git"
PRIVATE = "private.age"
ABOUT = "backup.json"
EXPLAINED = "恢复说明.txt"
INNER = "校务公开副本"
_KEYS = "backup"
"""Folder below `private/` with the keys of the copies."""
_CONFIG = b"""[core]
\trepositoryformatversion = 0
\tbare = true
\tfilemode = false
[gc]
\tauto = 0
[receive]
\tdenyNonFastForwards = true
\tdenyDeletes = true
"""


@dataclass(frozen=True, slots=True)
class Keys:
    """To whom the private part is sealed."""

    office: str
    """The office's secret key; it stays in `private/` on this machine."""
    recipients: tuple[str, ...]
    """The public keys: the office's, and that of the recovery key in the envelope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a backup did."""

    head: str
    new_commits: int
    private_files: int
    kept: tuple[str, ...]
    """Private files that are missing on this machine and stay in the copy."""


def keys(root: Path) -> Keys | None:
    """Return the keys of this school's copies, None when they were not made yet."""
    folder = root / private.FOLDER / _KEYS
    try:
        office = sealed.secret_in((folder / "office.key").read_text("utf-8"))
        recipients = tuple((folder / "recipients.txt").read_text("utf-8").split())
    except OSError:
        return None
    return Keys(office, recipients)


def make_keys(root: Path, recovery: str) -> Keys:
    """Let the secret key *recovery* open the copies from now on; the office's key is made where there is none."""
    known = keys(root)
    office = known.office if known else sealed.new_key()[0]
    public, recovery_public = sealed.public_of(office), sealed.public_of(recovery)
    private.keep(root, f"{_KEYS}/office.key", f"{office}\n".encode())
    private.keep(root, f"{_KEYS}/recipients.txt", f"{public}\n{recovery_public}\n".encode())
    return Keys(office, (public, recovery_public))


class Copy(Exchange):
    """The bare repository of a second copy, in the folder *place*."""

    def __init__(self, place: Path) -> None:
        super().__init__(place / HISTORY)
        self.place = place

    def prepare(self) -> None:
        """Make the repository, or give it our own settings again: nobody else's count."""
        for name in ("objects/info", "objects/pack", "refs/heads"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        if (self.root / "objects/info/alternates").exists() or (self.root / "commondir").exists():
            raise SchoolpubError(
                say("{folder} is not a copy of its own: it borrows from another folder.", folder=self.root),
                fix=say("use another folder for the copy"),
            )
        if not (self.root / "HEAD").exists():
            durable.write(self.root / "HEAD", b"ref: refs/heads/main\n")
        durable.write(self.root / "config", _CONFIG)
        for left in (*self.root.rglob("*.lock"), *self.root.glob("objects/*/tmp_*")):  # a stick that was pulled out
            left.unlink()

    def grow(self, source: Exchange) -> int:
        """Take over what is new in *source*; return how many commits.  The history may only grow."""
        branch, head = source.branch(), source.head()
        held = last_commit(self.root)
        if held and not source.holds(held):
            raise SchoolpubError(
                say(
                    "The copy holds a history that this folder no longer has (up to {commit}): it was rewritten here, "
                    "or the copy is another school's. Nothing was done.",
                    commit=held[:12],
                ),
                fix=say("keep this copy as evidence, run `schoolpub verify --against {place}`, and use another folder",
                        place=self.root),
            )  # fmt: skip
        if held == head:
            self._whole()
            return 0
        bundle = scratch_in(source.folder) / f"backup-{os.getpid()}.bundle"
        try:
            count = source.bundle(bundle, since=held)
            self._git("fetch", "--quiet", "--no-tags", str(bundle), f"refs/heads/{branch}:refs/heads/{branch}")
        except SchoolpubError:
            self._whole()
            raise
        finally:
            bundle.unlink(missing_ok=True)
        if branch != "main":
            durable.write(self.root / "HEAD", f"ref: refs/heads/{branch}\n".encode())
        self._whole()
        return count

    def _whole(self) -> None:
        """Raise SchoolpubError when the stick no longer gives back what was written: better now than in need."""
        if why := self.broken():
            raise SchoolpubError(
                say("The copy in {folder} is damaged: {why}", folder=str(self.place), why=why),
                fix=say("use another stick: `schoolpub backup DIR`, and keep this one no longer"),
            )


def make(source: Exchange, place: Path, snapshot: Snapshot, known: Keys, about: Mapping[str, Any]) -> Made:
    """Bring the copy at *place* up to date; *about* is what it says of itself."""
    copy = Copy(place)
    copy.prepare()
    new = copy.grow(source)
    files = _files(source.root)
    kept = _still_wanted(place, snapshot, known, files)
    durable.write(place / PRIVATE, sealed.seal(_packed({**kept, **files}), known.recipients))
    head = source.head()
    told = {"schoolpub": 1, "head": head, "private": len(files) + len(kept), **about}
    durable.write(place / ABOUT, json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
    return Made(head=head, new_commits=new, private_files=len(files) + len(kept), kept=tuple(sorted(kept)))


def place_in(folder: Path) -> Path:
    """Return where the copy is or will be when *folder* is named: on a stick with other things, a folder in it."""
    inner = folder / INNER
    if (inner / HISTORY).is_dir():
        return inner
    if (folder / HISTORY).is_dir() or not folder.is_dir() or not any(folder.iterdir()):
        return folder
    return inner


def about(place: Path) -> dict[str, Any]:
    """Return what the copy at *place* says of itself, as far as it can be read; refuse where there is no copy."""
    try:
        told = json.loads((place / ABOUT).read_bytes())
    except (OSError, ValueError):
        told = None
    if not (place / HISTORY / "objects").is_dir():
        raise SchoolpubError(
            say("{folder} holds no second copy of a school.", folder=str(place)),
            fix=say("name the folder that `schoolpub backup` wrote: it holds {names}", names=f"{HISTORY}, {ABOUT}"),
        )
    return told if isinstance(told, dict) else {}


def restore_history(place: Path, target: Exchange, told: str) -> str:
    """Make *target*, an empty folder, hold the history of the copy at *place* and its files; return the last commit.

    Where the copy's own branch cannot be read, the last commit is the one that it *told*.
    """
    target.init()
    source = place / HISTORY
    for file in sorted((source / "objects").rglob("*")):
        name = file.relative_to(source / "objects").as_posix()
        if file.is_file() and not file.is_symlink() and not name.startswith("info/"):
            (target.folder / "objects" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target.folder / "objects" / name)
    head = last_commit(source) or told
    why = target.broken()
    if why or not head or target.contents([head]) == [None]:
        raise SchoolpubError(
            say("The history in {folder} is damaged: {why}", folder=str(place), why=why or f"main {head}".strip()),
            fix=say("use another copy: another stick, the computer of another office, or the place where they meet"),
        )
    target.become(head)
    return head


def restore_private(place: Path, root: Path, secret: str) -> int:
    """Unseal the private part of the copy at *place* into *root*; return how many files it had."""
    files = _unpacked(sealed.unseal((place / PRIVATE).read_bytes(), secret))
    for name, data in files.items():
        private.keep(root, name, data)
    return len(files)


def _files(root: Path) -> dict[str, bytes]:
    """Return the files below `private/`: name → bytes; what is half written is left out, what waits is not."""
    folder = root / private.FOLDER
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
        and not durable.is_growing(path) and path.name != ".gitignore"
    }


def _still_wanted(place: Path, snapshot: Snapshot, known: Keys, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what only the copy has of the private files that records name and nobody erased."""
    if not (place / PRIVATE).exists():
        return {}
    before = _unpacked(sealed.unseal((place / PRIVATE).read_bytes(), known.office))
    found = {}
    for record in snapshot.records.values():
        name = f"{record.id}.yaml"
        erased = any(step.step in ("erase", "discard") for step in record.steps)
        data = before.get(name)
        if data is not None and name not in files and not erased and record.body.get("private") == private.digest(data):
            found[name] = data
    return found


def _packed(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(files[name]), 0o600
            tar.addfile(entry, io.BytesIO(files[name]))
    return out.getvalue()


def _unpacked(data: bytes) -> dict[str, bytes]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for entry in tar:
            parts = entry.name.split("/")
            file = tar.extractfile(entry) if entry.isfile() else None
            if file is None or any(part in ("", ".", "..") or "\\" in part or ":" in part for part in parts):
                raise SchoolpubError(
                    say("The private part of this copy holds what no backup writes: {name}.", name=entry.name)
                )
            found[entry.name] = file.read()
    return found
