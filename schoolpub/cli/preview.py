"""A preview on this machine: serves the built site and rebuilds when a file of the school changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from schoolpub.cli import console
from schoolpub.errors import SchoolpubError, say

_PAUSE = 1.0
"""Seconds between two looks at the files."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: each request would be a line."""

    def end_headers(self) -> None:
        """Forbid caching, so that a reload shows the rebuilt page."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def serve(folder: Path, root: Path, port: int, rebuild: Callable[[], None]) -> None:
    """Serve *folder* on the loopback address until interrupted; call *rebuild* when a file below *root* changes."""
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Quiet, directory=str(folder)))
    except (OSError, OverflowError):
        raise SchoolpubError(
            say("Port {port} is taken, or is no port.", port=port), fix=say("choose another: --port 8001")
        ) from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    console.out(say("http://127.0.0.1:{port}/  (Ctrl-C ends the preview)", port=server.server_address[1]))
    stop = threading.Event()
    seen = _state(root)
    try:
        while not stop.wait(_PAUSE):
            now = _state(root)
            if now != seen:
                seen = now
                _try(rebuild)
    except KeyboardInterrupt:
        server.shutdown()


def _try(rebuild: Callable[[], None]) -> None:
    try:
        rebuild()
        console.note(say("Rebuilt."))
    except SchoolpubError as stop:
        console.refusal(stop)


def _state(root: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of every file that the site is made of."""
    found = {}
    for folder in ("records", "templates"):
        for path in (root / folder).rglob("*"):
            try:
                stat = path.stat()
            except OSError:
                continue
            found[str(path)] = (stat.st_size, stat.st_mtime_ns)
    return found
