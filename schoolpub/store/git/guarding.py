"""The school's bare repository under guard: what somebody hands in is looked at before it counts.

What was handed in lies in git's quarantine.  It is read in an empty repository of our own that borrows the objects, so
that neither the server's settings nor the pusher's are trusted.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schoolpub.errors import SchoolpubError, say
from schoolpub.store import durable
from schoolpub.store.git.apart import standing_at
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.git.git_folder import git_folder

_SERVER = """#!/bin/sh
# schoolpub guard: nothing is rewritten, deleted or slipped in here.
SCHOOLPUB_LANG=${{SCHOOLPUB_LANG:-zh}} exec {python} -m schoolpub guard receive
"""
_LOCAL = """#!/bin/sh
# schoolpub guard: looks at what is committed by hand.
exec {python} -m schoolpub guard staged
"""
_MARK = b"# schoolpub guard"
_SETTINGS = {
    "receive.denyNonFastForwards": "true",
    "receive.denyDeletes": "true",
    "receive.fsckObjects": "true",
    "core.logAllRefUpdates": "true",
}
_NOTHING = "0"


def install(folder: Path) -> Path:
    """Put the hook into the repository at *folder*, a bare one or a school's folder; return where."""
    found = git_folder(folder)
    if found is None:
        raise SchoolpubError(
            say("{folder} is no git repository.", folder=str(folder)),
            fix=say("name the school's bare repository; `git init --bare FOLDER` makes one"),
        )
    bare = found[0] == folder
    hook = found[1] / "hooks" / ("pre-receive" if bare else "pre-commit")
    if hook.exists() and _MARK not in hook.read_bytes():
        raise SchoolpubError(
            say("There is another hook already: {file}", file=str(hook)),
            fix=say("move it away first, or call `schoolpub guard receive` from it"),
        )
    text = (_SERVER if bare else _LOCAL).format(python=shlex.quote(sys.executable))
    durable.write(hook, text.encode())
    hook.chmod(0o755)
    if bare:
        Exchange(folder).settle(_SETTINGS)
    return hook


def handed_in(lines: str) -> list[tuple[str, str, str]]:
    """Return what the hook was told: old commit, new commit, ref; empty for none."""
    rows = [line.split(" ", 2) for line in lines.splitlines() if line.strip()]
    return [(_commit(old), _commit(new), ref.strip()) for old, new, ref in rows]


def _commit(name: str) -> str:
    return "" if set(name) == {_NOTHING} else name


@contextmanager
def seen(bare: Path, commit: str) -> Iterator[Exchange]:
    """Have the history up to *commit*, which the server has or just received, in a folder of our own."""
    quarantine = os.environ.get("GIT_QUARANTINE_PATH", "")
    borrowed = [Path(path) for path in (quarantine, bare / "objects") if path]
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]  # the hook's surroundings speak of the server's repository
    with standing_at(commit, borrowed) as ledger:
        yield ledger
