"""Where git keeps its things for a folder, and what surroundings its programs may see; no git is run here."""

from __future__ import annotations

import os
import re
from pathlib import Path

_EMAIL = re.compile(r"^\[user\]\s*\n(?:[ \t]+\w+ = [^\n]*\n)*?[ \t]+email = ([\w.+-]+@[\w.-]+)[ \t]*$", re.MULTILINE)
"""As git itself writes it."""
_BRANCH = "ref: refs/heads/"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
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


def note_in(git: Path) -> Path:
    """Return where the note of an act lies until its files are in place."""
    return git / "schoolpub" / "journal"


def interrupted(root: Path) -> bool:
    """Return whether an act was interrupted and waits to be finished."""
    found = git_folder(root)
    return found is not None and note_in(found[0]).exists()


def branch_in(root: Path) -> str:
    """Return the branch that is checked out, as git's files say it plainly; nothing where git must be asked."""
    found = git_folder(root)
    text = _text(found[0] / "HEAD") if found else ""
    return text.removeprefix(_BRANCH) if text.startswith(_BRANCH) else ""


def last_commit(root: Path) -> str:
    """Return the id of the last commit, as git's files say it plainly; nothing where git must be asked."""
    found = git_folder(root)
    if found is None:
        return ""
    text = _text(found[0] / "HEAD")
    if text.startswith(_BRANCH):
        name = text.removeprefix("ref: ")
        # git packs a branch before it removes the loose file, so this order never misses it.
        text = _text(found[1] / name) or _packed(found[1] / "packed-refs", name)
    return text if _COMMIT.fullmatch(text) else ""


def git_state(root: Path) -> str:
    """Return a text that changes when git records or stages something in *root*; git is not asked."""
    found = git_folder(root)
    if found is None:
        return ""
    try:
        index = (found[0] / "index").stat()
    except OSError:
        return last_commit(root)
    return f"{last_commit(root)} {index.st_size} {index.st_mtime_ns} {index.st_ino}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, ValueError):
        return ""


def _packed(file: Path, name: str) -> str:
    return next((line.partition(" ")[0] for line in _text(file).splitlines() if line.endswith(f" {name}")), "")


def plain_email(root: Path) -> str:
    """Return `user.email` where the folder's own settings say it plainly; nothing where git must be asked.

    Who only looks need not wait for git.
    """
    found = git_folder(root)
    text = _text(found[1] / "config") if found else ""
    if "include" in text.lower() or "worktreeconfig" in text.lower():
        return ""
    emails = _EMAIL.findall(text)
    return emails[0] if len(emails) == 1 and text.lower().count("email") == 1 else ""


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
    variables |= {"GIT_GRAFT_FILE": str(shared / "info" / "grafts"), "GIT_SHALLOW_FILE": str(shared / "shallow")}
    if git != root:
        variables |= {"GIT_WORK_TREE": str(root), "GIT_INDEX_FILE": str(git / "index")}
    # Inside a server's hook the new objects lie in a quarantine that these two name.
    if "GIT_QUARANTINE_PATH" not in os.environ:
        variables |= {"GIT_OBJECT_DIRECTORY": str(shared / "objects"), "GIT_ALTERNATE_OBJECT_DIRECTORIES": ""}
    return variables
