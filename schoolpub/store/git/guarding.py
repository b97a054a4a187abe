"""The school's bare repository under guard: what somebody hands in is looked at before it counts.

What was handed in lies in git's quarantine.  It is read in an empty repository of our own that borrows the objects, so
that neither the server's settings nor the pusher's are trusted.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from schoolpub.errors import SchoolpubError, say
from schoolpub.store import durable
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.git.git_folder import git_folder

_HOOK = """#!/bin/sh
# schoolpub guard: {purpose}
{settings}{python} -c 'import schoolpub' 2>/dev/null || {{
  echo {gone} >&2
  exit 1
}}
exec {python} -m schoolpub guard {look}
"""
_SERVER = {
    "look": "receive",
    "purpose": "nothing is rewritten, deleted or slipped in here.",
    "settings": "export SCHOOLPUB_LANG=${SCHOOLPUB_LANG:-zh}\n",
}
_LOCAL = {"look": "staged", "purpose": "looks at what is committed by hand.", "settings": ""}
_MARK = b"# schoolpub guard"
_SETTINGS = {
    "receive.denyNonFastForwards": "true",
    "receive.denyDeletes": "true",
    "receive.fsckObjects": "true",
    "core.logAllRefUpdates": "true",
    "core.hooksPath": "hooks",  # the machine's own setting would leave the guard asleep
}
_NOTHING = "0"


def install(folder: Path, gone: str) -> Path:
    """Put the hook into the repository at *folder*, a bare one or a school's folder; return where.

    It says *gone*, and lets nothing pass, when this program is not found any more.
    """
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
    python = shlex.quote(sys.executable)
    text = _HOOK.format(python=python, gone=shlex.quote(gone), **(_SERVER if bare else _LOCAL))
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


def handed_over(bare: Path) -> list[Path]:
    """Return where the objects of *bare* lie, and those that were just handed in; forget git's surroundings.

    The hook's surroundings speak of the server's repository; everything is looked at in a folder of our own.
    """
    apart = os.environ.get("GIT_QUARANTINE_PATH", "")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]
    return [Path(path).resolve() for path in (apart, bare / "objects") if path]
