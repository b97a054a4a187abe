"""Where git keeps its things for a folder, and what surroundings its programs may see; no git is run here."""

from __future__ import annotations

import os
from pathlib import Path

_UNDER_WAY = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}


def git_folder(root: Path) -> tuple[Path, Path] | None:
    """Return git's folder for *root* and the one it shares with other work trees; None when there is none.

    In a bare repository both are *root* itself.
    """
    place = root / ".git"
    if place.is_file():
        text = place.read_text(encoding="utf-8", errors="replace").strip()
        place = (root / text.removeprefix("gitdir:").strip()).resolve()
    if not (place / "HEAD").exists():
        bare = (root / "HEAD").is_file() and (root / "objects").is_dir() and (root / "refs").is_dir()
        return (root, root) if bare else None
    shared = place / "commondir"
    if shared.is_file():
        return place, (place / shared.read_text(encoding="utf-8").strip()).resolve()
    return place, place


def under_way(git: Path) -> str:
    """Return which of git's longer works is not finished: merge, rebase, cherry-pick, revert; or nothing."""
    return next((name for file, name in _UNDER_WAY.items() if (git / file).exists()), "")


def calm(root: Path, folders: tuple[Path, Path] | None) -> dict[str, str]:
    """Return variables that make git look at *root* only, whatever the caller's surroundings say.

    GitPython's runner can set variables but not take them away, so each gets the value it has by default.
    """
    variables = {
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_EDITOR": ":",
        "GIT_PAGER": "cat",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_CONFIG_COUNT": "0",
        "GIT_CONFIG_PARAMETERS": "",
        "GIT_NAMESPACE": "",
    }
    if folders is None:
        return variables
    git, shared = folders
    variables |= {"GIT_DIR": str(git), "GIT_COMMON_DIR": str(shared)}
    if git != root:
        variables |= {"GIT_WORK_TREE": str(root), "GIT_INDEX_FILE": str(git / "index")}
    # Inside a server's hook the new objects lie in a quarantine that these two name.
    if "GIT_QUARANTINE_PATH" not in os.environ:
        variables |= {"GIT_OBJECT_DIRECTORY": str(shared / "objects"), "GIT_ALTERNATE_OBJECT_DIRECTORIES": ""}
    return variables
