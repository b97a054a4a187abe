"""Whose turn it is: one command at a time works on a folder, and waits for what a killed one left running."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from schoolpub.errors import SchoolpubError, say

if TYPE_CHECKING:
    from filelock import BaseFileLock

LOCK = "schoolpub.lock"
_CHILDREN = "schoolpub.children"


class Turn:
    """The right to act in one repository; entered again inside, it is one and the same."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock: BaseFileLock | None = None
        self.inherited: tuple[int, ...] = ()
        """Open files that every program started in this turn must inherit."""

    @contextmanager
    def __call__(self, git: Path) -> Iterator[None]:
        """Wait for the turn in git's folder *git* and hold it."""
        from filelock import FileLock, Timeout

        for path in (git / LOCK, git / _CHILDREN):
            if path.is_dir():  # nobody of ours made it
                path.rmdir()
        if self._lock is None:
            self._lock = FileLock(git / LOCK)
        try:
            self._lock.acquire(timeout=self._patience)
        except Timeout:
            raise _busy(git / LOCK) from None
        try:
            with ExitStack() as stack:
                if not self.inherited:
                    stack.enter_context(self._children(git / _CHILDREN))
                yield
        finally:
            self._lock.release()

    @contextmanager
    def _children(self, path: Path) -> Iterator[None]:
        """Wait for the programs that a killed command left running, and let ours be waited for.

        They inherit the open file, so its lock outlives us until the last of them is done.
        """
        try:
            import fcntl
        except ImportError:  # Windows
            yield
            return
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            until = time.monotonic() + self._patience
            while not _taken(fcntl, descriptor):
                if time.monotonic() > until:
                    raise _busy(path)
                time.sleep(0.01)
            self.inherited = (descriptor,)
            yield
        finally:
            self.inherited = ()
            os.close(descriptor)


def _taken(fcntl: object, descriptor: int) -> bool:
    flock, flags = fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB  # type: ignore[attr-defined]
    try:
        flock(descriptor, flags)
    except BlockingIOError:
        return False
    return True


def _busy(lock: Path) -> SchoolpubError:
    return SchoolpubError(
        say("Somebody else is working in this folder: {lock} has been taken for too long.", lock=lock),
        fix=say("wait until the other schoolpub command is done, or close it, and try again"),
    )
