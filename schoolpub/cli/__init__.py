"""The command line: reads arguments, calls the core, says what happened.

The one place that prints, asks and reads the clock.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command `schoolpub`."""
    # Almost all that a command reads lives to its end: Python would look through it for garbage again and again.
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Chinese Windows console defaults to GBK
    from schoolpub.cli.language import set_up

    set_up()
    from schoolpub.cli.app import app

    try:
        app(prog_name="schoolpub")
    finally:
        _say_all()


def _say_all() -> None:
    """Write what is still to be said; whoever read it may have gone, as `head` does."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
