"""Programs of the system that some tests use: where one is missing the test is skipped, or fails where all must run."""

from __future__ import annotations

import os
import shutil

import pytest


def found(program: str) -> str | None:
    """Return where *program* is, also where only the machine's keeper usually looks."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/sbin")


def needs(program: str) -> pytest.MarkDecorator:
    """Return the mark of a test that runs *program*; with SCHOOLPUB_TEST_ALL=1 it is never skipped."""
    missing = found(program) is None and os.environ.get("SCHOOLPUB_TEST_ALL") != "1"
    return pytest.mark.skipif(missing, reason=f"this machine has no {program}")
