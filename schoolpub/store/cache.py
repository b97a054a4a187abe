"""One file that remembers what was read from unchanged files; it may be deleted at any time.

It holds plain trees written with `marshal`, which is quick and tied to the Python version, and only of files without
any problem.  A file changed in the instant in which it was read could change again without a sign (git's "racy"
files), so what is younger than that is never remembered.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import time
import zlib
from pathlib import Path
from typing import Any, TypeAlias

from schoolpub import __version__

Signature: TypeAlias = tuple[int, ...]
"""Four numbers of a file; of several files, those of each, one after the other."""
Remembered: TypeAlias = tuple[Any, str]
"""A plain tree, and the digest of a record's body."""

_PACKAGE = Path(__file__).parent.parent
_MAGIC = b"schoolpub cache 1\n"
_RACY = 2_000_000_000
_WORTH = 64 * 1024
"""So many bytes newly remembered make it worth while to write the file again."""
_READERS = ("store", "store/yaml", "store/files", "store/catalogue", "rules/expressions", "model")
"""Where the modules are that decide how a file is read and what is wrong with it."""


class Cache:
    """What is remembered of one school's folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "cache"
        self._began = time.time_ns()
        self._known: dict[str, tuple[Signature, Any, str]] = {}
        self._now: dict[str, tuple[Signature, Any, str]] = {}
        self._made: dict[str, tuple[Signature, Any]] = {}
        """What was made of the files in this process, which may read them more than once."""
        self._new_bytes = 0

    @classmethod
    def load(cls, folder: Path) -> Cache:
        """Return what *folder* remembers; nothing, when its file is missing, damaged or of another version."""
        cache = cls(folder)
        with contextlib.suppress(OSError, ValueError, EOFError, TypeError):
            data = cache._file.read_bytes()
            start = len(_MAGIC) + 4
            if data.startswith(_MAGIC) and data[len(_MAGIC) : start] == _check(memoryview(data)[start:]):
                key, known = marshal.loads(memoryview(data)[start:])
                if key == _key():
                    cache._known = known
        return cache

    def get(self, file: str, signature: Signature) -> Remembered | None:
        """Return what is remembered of *file*, None when it was changed since."""
        found = self._known.get(file)
        if found is None or found[0] != signature:
            return None
        self._now[file] = found
        return found[1], found[2]

    def again(self) -> None:
        """Begin another reading in the same process."""
        self._began = time.time_ns()
        self._known, self._now = self._now, {}

    def made(self, file: str, signature: Signature) -> Any:
        """Return what was made of *file* in this process, None when it was changed since."""
        found = self._made.get(file)
        return found[1] if found and found[0] == signature and self.get(file, signature) else None

    def keep(self, file: str, signature: Signature, made: Any) -> None:
        """Keep what was made of *file* for the next reading in this process."""
        self._made[file] = signature, made

    def put(self, file: str, signature: Signature, tree: Any, content: str) -> None:
        """Remember *tree* of *file*, unless the file is so new that it may change without a sign."""
        if not may_change(signature, self._began):
            self._new_bytes += sum(signature[::4])
            self._now[file] = (signature, tree, content)

    def save(self) -> None:
        """Write the file when that is worth while; a folder that cannot be written to is no mistake."""
        if self._new_bytes < _WORTH:
            return
        payload = marshal.dumps((_key(), self._now))
        folder = self._file.parent
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            ignore = folder / ".gitignore"
            if not ignore.exists():
                ignore.write_bytes(b"*\n")
            grown = folder / f"cache.{os.getpid()}"
            try:
                grown.write_bytes(_MAGIC + _check(payload) + payload)
                grown.replace(self._file)
                self._new_bytes = 0
            finally:
                grown.unlink(missing_ok=True)


def may_change(signature: Signature, began: int) -> bool:
    """Return whether the files of *signature* were so new when reading *began* that they may change without a sign."""
    return max((*signature[1::4], *signature[2::4]), default=0) >= began - _RACY


def _check(payload: bytes | memoryview) -> bytes:
    return zlib.crc32(payload).to_bytes(4, "big")


def _key() -> tuple[Any, ...]:
    """Return what the trees depend on beside the files: the program, its readers, Python."""
    readers = []
    for folder in _READERS:
        with contextlib.suppress(OSError), os.scandir(f"{_PACKAGE}/{folder}") as found:
            stats = [(entry.name, entry.stat()) for entry in found if entry.name.endswith(".py")]
            readers += sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)
    return (__version__, sys.implementation.cache_tag, marshal.version, *readers)
