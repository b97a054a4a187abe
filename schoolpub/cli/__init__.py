"""The command line: reads arguments, calls the core, says what happened.

The one place that prints, asks and reads the clock.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command `schoolpub`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a Chinese Windows console defaults to GBK
    from schoolpub.cli.language import set_up

    set_up()
    from schoolpub.cli.app import app

    app(prog_name="schoolpub")
