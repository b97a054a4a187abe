"""Files of the site on disk: written whole or not at all, and not touched when nothing about them changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

Entry: TypeAlias = tuple[str, int, str]
"""What a file was made from (a digest), its size, and the SHA-256 of its bytes."""


_HALF = re.compile(r"\..+\.\d+\.tmp")


def digest(*parts: bytes) -> str:
    """Return a short digest of *parts*, for comparing what was with what is."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8))
        state.update(part)
    return state.hexdigest()


@dataclass(frozen=True, slots=True)
class Folder:
    """One audience's folder, and what a former build left in it."""

    root: Path
    before: Mapping[str, Entry]
    sizes: Mapping[str, int]
    """What lies there now: path → size."""

    def keep(self, path: str, made_from: str) -> Entry | None:
        """Return the entry of *path* when it was made from the same and still has its size."""
        entry = self.before.get(path)
        return entry if entry and entry[0] == made_from and self.sizes.get(path) == entry[1] else None

    def put(self, path: str, made_from: str, data: Callable[[], bytes]) -> tuple[Entry, bool]:
        """Return the entry of *path* and whether it was written; *data* is only called when it may differ."""
        if kept := self.keep(path, made_from):
            return kept, False
        content = data()
        entry = (made_from, len(content), hashlib.sha256(content).hexdigest())
        if self.sizes.get(path) == len(content) and (self.root / path).read_bytes() == content:
            return entry, False
        write(os.path.join(self.root, *path.split("/")), content)  # noqa: PTH118
        return entry, True

    def drop(self, path: str) -> bool:
        """Remove a file of a former build and the folders that it leaves empty."""
        if path not in self.sizes or not is_inside(path):
            return False
        target = self.root / path
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == self.root or any(folder.iterdir()):
                break
            folder.rmdir()
        return True


def is_inside(path: str) -> bool:
    """Return whether *path* is a plain relative path, so that a tampered inventory removes nothing elsewhere."""
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts and "\\" not in path and ":" not in path


def is_half(path: str) -> bool:
    """Return whether *path* is what `write` had not put in place yet when it was killed."""
    return _HALF.fullmatch(path.rpartition("/")[2]) is not None


def write(target: Path | str, data: bytes) -> None:
    """Write *data* beside *target* and put it in place."""
    # Plain strings: building paths would cost more than writing a small file.
    name = os.fspath(target)
    folder, _, last = name.rpartition(os.sep)
    temporary = f"{folder}{os.sep}.{last}.{os.getpid()}.tmp"
    try:
        try:
            _fill(temporary, data)
        except FileNotFoundError:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            _fill(temporary, data)
        try:
            os.replace(temporary, name)  # noqa: PTH105
        except OSError:
            if not os.path.isdir(name):  # noqa: PTH112
                raise
            shutil.rmtree(name)
            os.replace(temporary, name)  # noqa: PTH105
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _fill(path: str, data: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(data)


def sizes(root: Path) -> dict[str, int]:
    """Return every file below *root* with its size."""
    return dict(_sizes(str(root), ""))


def _sizes(folder: str, prefix: str) -> Iterator[tuple[str, int]]:
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _sizes(entry.path, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry.stat(follow_symlinks=False).st_size
