"""The last part of an act that has happened: its files are put in place and the user's index is told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from schoolpub.store import durable
from schoolpub.store.git.journal import Put, digest

_OURS = b"schoolpub is putting the files of an act in place\n"
"""What the index's lock holds while it is ours: after a kill it may be taken away."""

_FORGOTTEN = 3.0
"""Seconds after which an empty lock is a fallen machine's; programs hold one for some milliseconds."""

UpdateIndex: TypeAlias = Callable[[bytes, Mapping[str, str]], object]
"""Runs `update-index` with an input and variables."""


def read(path: Path) -> bytes | None:
    """Return the bytes of a file, None for no file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def place(
    root: Path, puts: Mapping[str, Put], contents: Mapping[str, bytes | None], scratch: Path
) -> tuple[list[str], list[str]]:
    """Put the files below *root*; return those that were put, and those that somebody changed meanwhile, left alone."""
    placed, left = [], []
    for name, put in puts.items():
        present, data = digest(read(root / name)), contents[name]
        if present == put.new:
            continue
        if present != put.old:
            left.append(name)
            continue
        if data is None:
            durable.remove(root / name, up_to=root)
        else:
            durable.write(root / name, data, scratch=scratch)
        placed.append(name)
    return placed, left


def index_lines(puts: Mapping[str, Put]) -> bytes:
    """Return the input of `update-index -z --index-info`: a mode of 0 takes the path away."""
    nothing = "0" * 40
    lines = (f"100644 {put.blob}\t{path}\0" if put.blob else f"0 {nothing}\t{path}\0" for path, put in puts.items())
    return "".join(lines).encode()


def tell_index(git: Path, puts: Mapping[str, Put], scratch: Path, update: UpdateIndex, patience: float) -> bool:
    """Write the files of an act into the user's index, leaving the rest of it; False when another program holds it."""
    index, lock = git / "index", git / "index.lock"
    if not _take(lock, patience):
        return False
    try:
        copy = scratch / f"new-index-{os.getpid()}"
        if (held := read(index)) is not None:
            times = index.stat()
            copy.write_bytes(held)
            # The same time: git compares it with the files' times.
            os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
        update(index_lines(puts), {"GIT_INDEX_FILE": str(copy)})
        durable.patiently(lambda: os.replace(copy, index))  # noqa: PTH105
    finally:
        lock.unlink()
    return True


def remove_forgotten(*locks: Path) -> None:
    """Take away locks that a fallen machine left."""
    for lock in locks:
        with suppress(OSError):
            if time.time() - lock.stat().st_mtime > _FORGOTTEN:
                lock.unlink()


def _take(lock: Path, patience: float) -> bool:
    """Take the index's lock as git does; one that a killed act of ours left is ours again."""
    until = time.monotonic() + patience
    while True:
        try:
            descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            held = read(lock)
            if held == _OURS:
                lock.unlink(missing_ok=True)
            elif held == b"":
                remove_forgotten(lock)
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        else:
            os.write(descriptor, _OURS)
            os.close(descriptor)
            return True
