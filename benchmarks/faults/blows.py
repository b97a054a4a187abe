"""One command in a process of its own, and a blow to it: killed, interrupted, refused by the disk, at a chosen moment.

The process is a fork of this one, so it begins at once; a hook of Python counts the moments at which it writes (a file
opened, moved, removed, a program started), and the blow falls at one of them, or some milliseconds later.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOW = "2026-11-03T09:12:00+08:00"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_MOVES = frozenset({
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.utime",
    "subprocess.Popen",
})  # fmt: skip
_LONGEST = 90.0


@dataclass(frozen=True, slots=True)
class Blow:
    """What happens to a command, and when."""

    kind: str = "none"
    """none, kill, interrupt, error."""
    moment: int = 0
    delay: float = 0.0
    """Seconds after the moment; then all that the command has started is hit as well."""
    number: int = errno.ENOSPC
    """Of an error: which one the system answers with."""


NOTHING = Blow()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    """Its exit code; minus the signal that ended it."""
    out: str
    err: str
    moments: int


def start(folder: Path, arguments: Sequence[str], blow: Blow, surroundings: Mapping[str, str]) -> Running:
    """Start a command in *folder*."""
    return Running(folder, arguments, blow, surroundings)


def run(folder: Path, arguments: Sequence[str], blow: Blow = NOTHING, **surroundings: str) -> Ended:
    """Run a command in *folder* to its end."""
    return start(folder, arguments, blow, surroundings).end()


def warm(folder: Path, commands: Sequence[Sequence[str]], **surroundings: str) -> None:
    """Run *commands* in this very process, so that every fork finds modules imported and the catalogue compiled."""
    before, home = dict(os.environ), Path.cwd()
    said = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
    os.environ.update({"SCHOOLPUB_NOW": NOW, "SCHOOLPUB_LANG": "zh", **surroundings})
    os.chdir(folder)
    with said, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for arguments in commands:
            _command(arguments)
    os.chdir(home)
    os.environ.clear()
    os.environ.update(before)


class Running:
    """A command under way."""

    def __init__(self, folder: Path, arguments: Sequence[str], blow: Blow, surroundings: Mapping[str, str]) -> None:
        self._blow = blow
        self._said = [tempfile.TemporaryFile(), tempfile.TemporaryFile()]  # noqa: SIM115
        self._told, telling = os.pipe()
        sys.stdout.flush()
        self._pid = os.fork()
        if not self._pid:
            try:
                os.setsid()
                _become(folder, surroundings, [file.fileno() for file in self._said])
                _count(blow, telling)
                code = _command(arguments)
            except BaseException as failed:  # nothing of the child may go on in the parent's code
                os.write(2, f"Traceback {failed!r}\n".encode())
                code = 70
            os._exit(code)
        os.close(telling)

    def end(self) -> Ended:
        """Wait for its end, and strike where the blow comes from outside."""
        moments, until = 0, time.monotonic() + _LONGEST
        while ready := select.select([self._told], [], [], max(0.0, until - time.monotonic()))[0]:
            told = os.read(self._told, 65536)
            if not told:
                break
            if self._blow.delay and moments < self._blow.moment <= moments + len(told):
                time.sleep(self._blow.delay)
                self._strike(signal.SIGKILL if self._blow.kind == "kill" else signal.SIGINT)
            moments += len(told)
        if not ready:
            self._strike(signal.SIGKILL)
        status = os.waitpid(self._pid, 0)[1]
        os.close(self._told)
        texts = []
        for file in self._said:
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
            file.close()
        if not ready:
            texts[1] += "Traceback: it hung"
        return Ended(os.waitstatus_to_exitcode(status), *texts, moments)

    def _strike(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, number)


def _become(folder: Path, surroundings: Mapping[str, str], said: Sequence[int]) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "SCHOOLPUB_"))]:
        del os.environ[name]
    os.environ.update({"SCHOOLPUB_NOW": NOW, "SCHOOLPUB_LANG": "zh", "GIT_CONFIG_NOSYSTEM": "1", **surroundings})
    tempfile.tempdir = None
    os.chdir(folder)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for place, descriptor in enumerate([nothing, *said]):
        os.dup2(descriptor, place)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.dont_write_bytecode = True


def _count(blow: Blow, telling: int) -> None:
    os.set_inheritable(telling, False)
    counted = 0

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal counted
        if event == "open":
            if not isinstance(given[0], str | bytes | os.PathLike) or not given[2] & _WRITING:
                return
            if os.fspath(given[0]) == os.devnull:
                return
        elif event not in _MOVES:
            return
        counted += 1
        os.write(telling, b".")
        if counted != blow.moment or blow.delay:
            return
        if blow.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif blow.kind == "interrupt":
            os.kill(os.getpid(), signal.SIGINT)
        elif blow.kind == "error" and event != "subprocess.Popen":
            raise OSError(blow.number, os.strerror(blow.number), given[0] if isinstance(given[0], str) else None)

    sys.addaudithook(hook)


def _command(arguments: Sequence[str]) -> int:
    from schoolpub.cli.app import app
    from schoolpub.cli.language import set_up

    gc.disable()
    set_up()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        app([*arguments], prog_name="schoolpub")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
