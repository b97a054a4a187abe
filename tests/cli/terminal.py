"""Somebody at a terminal, in tests: a program started on one, what it shows, and what is typed."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

_STYLE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


class Terminal:
    """`schoolpub ARGUMENTS`, started on a terminal of its own."""

    def __init__(self, *arguments: str, cwd: Path, columns: int = 100, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        subprocess.run(["stty", "-F", os.ttyname(theirs), "cols", str(columns), "rows", "50"], check=True)
        settings = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        self.program = subprocess.Popen(
            [sys.executable, "-m", "schoolpub", *arguments],
            cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env=settings | {"TERM": "xterm"} | environment,
            preexec_fn=lambda: _own(theirs),
        )  # fmt: skip
        os.close(theirs)
        self.shown = ""
        self._asked = 0

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        if self.program.poll() is None:
            os.killpg(self.program.pid, signal.SIGKILL)
            self.program.wait()
        os.close(self._ours)

    def type(self, *lines: str) -> None:
        """Type lines, each when the program asks for something."""
        for line in lines:
            self.wait(": |：|\\] $|\\? $")
            self._asked = len(self.shown)
            os.write(self._ours, line.encode() + b"\n")

    def interrupt(self) -> None:
        """Press Ctrl-C once the program asks."""
        self.wait(": |：")
        os.write(self._ours, b"\x03")

    def wait(self, pattern: str) -> str:
        """Return what is shown up to *pattern*, which must stand at the end of what is shown."""
        since = self._asked
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if not self._more(0.02) and re.search(f"(?:{pattern})\\s*$", self.shown[since:]):
                return self.shown[since:]
            if self.program.poll() is not None and not self._more(0.05):
                break
        raise AssertionError(f"{pattern!r} was not shown:\n{self.shown}")

    def end(self) -> int:
        """Wait for the program's end and return its exit code."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if not self._more(0.02) and self.program.poll() is not None:
                while self._more(0.05):
                    pass
                return self.program.returncode
        raise AssertionError(f"the program did not end:\n{self.shown}")

    def _more(self, seconds: float) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        try:
            part = os.read(self._ours, 65536)
        except OSError:
            return False
        self.shown += _STYLE.sub("", part.decode("utf-8", "replace")).replace("\r\n", "\n")
        return bool(part)


def _own(terminal: int) -> None:
    """Make *terminal* the one that Ctrl-C is pressed on."""
    import fcntl
    import termios

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
