"""Files that are either the old or the new one, also after the power failed."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_TRIES = 40
_GROWING = re.compile(r"\.~lock\..*\.\d+")
"""A file that is not done; the name is one that the workspace takes for an editor's lock and passes over."""
_FORGOTTEN = 60.0
"""Seconds after which a file that is not done will never be."""


def write(path: Path, data: bytes, *, scratch: Path | None = None, mode: int = 0o666) -> None:
    """Put *data* at *path* in one move, creating its folders; *mode* is the file's from its first moment on.

    The new file grows in *scratch*, a folder on the same disk, so that a kill leaves no litter beside *path*.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(path, data, scratch or path.parent, mode)
    except OSError as error:
        if scratch is None or error.errno != errno.EXDEV:
            raise
        _write(path, data, path.parent, mode)
    if scratch is None:
        sweep(path.parent)
    settle(path.parent)


def is_growing(path: Path) -> bool:
    """Return whether the file at *path* is one that is not done, or was left so by a kill."""
    return _GROWING.fullmatch(path.name) is not None


def sweep(folder: Path) -> None:
    """Take away what a kill left half written in *folder*."""
    for path in folder.glob(".~lock.*"):
        with suppress(OSError):
            if is_growing(path) and time.time() - path.stat().st_mtime > _FORGOTTEN:
                path.unlink()


def _write(path: Path, data: bytes, folder: Path, mode: int) -> None:
    grown = folder / f".~lock.{path.name[:40]}.{os.getpid()}"
    try:
        with suppress(FileNotFoundError):
            grown.unlink()
        descriptor = os.open(grown, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        patiently(lambda: os.replace(grown, path))  # noqa: PTH105 -- one call that is atomic on every system
    except BaseException as stop:
        with suppress(OSError):
            grown.unlink()
        if isinstance(stop, OSError):
            raise OSError(stop.errno, stop.strerror, str(path)) from None
        raise


def remove(path: Path, *, up_to: Path) -> None:
    """Remove the file at *path* and the folders that it leaves empty, below *up_to*."""
    with suppress(FileNotFoundError):
        patiently(path.unlink)
    folder = path.parent
    while folder != up_to and up_to in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            break
        folder = folder.parent
    if folder.is_dir():
        settle(folder)


def settle(folder: Path) -> None:
    """Bring the names in *folder* to the disk, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:  # some network folders cannot; the file's own bytes are down already
        pass
    finally:
        os.close(descriptor)


def patiently(move: Callable[[], object]) -> None:
    """Do *move*; on Windows a file that somebody has open refuses for a moment."""
    for attempt in range(_TRIES):
        try:
            move()
        except PermissionError:
            if os.name != "nt" or attempt == _TRIES - 1:
                raise
            time.sleep(0.05)
        else:
            return
