"""What git holds, asked a constant number of times, and every object compared with its name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schoolpub.store.git import history
from schoolpub.store.git.git_folder import git_folder
from schoolpub.store.git.history import Change, Commit
from schoolpub.store.git.ledger import Ledger

_CHUNK = 64 << 20
"""Bytes of contents that are asked at once."""
_SMALL = 1 << 20
_LOG = (
    "log", "-z", "--raw", "-m", "--no-renames", "--no-abbrev", "--full-diff", "--topo-order", "--reverse", "--root",
    "--ignore-submodules=none", "--no-ext-diff", "--no-textconv", f"--format={history.FORMAT}",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A commit with what it changed, seen from each of its parents."""

    commit: Commit
    changes: tuple[tuple[Change, ...], ...]


def past(ledger: Ledger, upto: str, after: str = "") -> list[Past]:
    """Return the commits from the first one to *upto*, each after its parents; with *after* only what came since."""
    answer = ledger.ask(*_LOG, f"{after}..{upto}" if after else upto, "--")
    found: list[Past] = []
    for commit in history.commits(answer):
        if found and found[-1].commit.id == commit.id:
            found[-1] = Past(commit=found[-1].commit, changes=(*found[-1].changes, commit.changes))
        else:
            found.append(Past(commit=commit, changes=(commit.changes,)))
    return [_whole(one) for one in found]


def _whole(one: Past) -> Past:
    """Return *one* with a list of changes for every parent; git leaves out what is the same."""
    missing = len(one.commit.parents) - len(one.changes)
    return Past(commit=one.commit, changes=(*one.changes, *[()] * missing)) if missing > 0 else one


def tree(ledger: Ledger, commit: str) -> dict[str, tuple[str, str]]:
    """Return the files that *commit* holds: path → mode and blob."""
    found: dict[str, tuple[str, str]] = {}
    for entry in ledger.ask("ls-tree", "-r", "-z", commit).decode("utf-8", "replace").split("\0"):
        head, _, path = entry.partition("\t")
        if path:
            mode, _kind, blob = head.split()
            found[path] = mode, blob
    return found


def blobs(ledger: Ledger, names: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
    """Yield each of *names* once with its bytes; None where git lacks it or holds something else under that name."""
    wanted = [name for name in dict.fromkeys(names) if name]
    sizes = ledger.ask("cat-file", "--batch-check=%(objectname) %(objectsize)",
                       stdin="".join(f"{name}\n" for name in wanted).encode())  # fmt: skip
    sized = [_size(line) for line in sizes.decode().splitlines()]
    begin = weight = 0
    for end, size in enumerate(sized):
        weight += size
        if weight > _CHUNK or end == len(sized) - 1:
            part = wanted[begin : end + 1]
            for name, data in zip(part, ledger.contents(part), strict=True):
                yield name, data if data is not None and blob_name(data, len(name)) == name else None
            begin, weight = end + 1, 0


def _size(line: str) -> int:
    words = line.split()
    return int(words[1]) if len(words) == 2 and words[1].isdigit() else 0


def blob_name(data: bytes, length: int = 40) -> str:
    """Return the name that git gives to *data*, in a repository whose names have *length* characters."""
    digest = hashlib.sha1 if length == 40 else hashlib.sha256
    return digest(b"blob %d\0" % len(data) + data).hexdigest()


def hidden(ledger: Ledger) -> list[str]:
    """Return what hides or replaces parts of the history here: a shallow clone, grafts, replacements."""
    folders = git_folder(ledger.root)
    found = []
    if folders is not None:
        shared = folders[1]
        found += [name for name in ("shallow", "info/grafts") if _says(shared / name)]
    found += ledger.ask("for-each-ref", "--format=%(refname)", "refs/replace/", fails=True).decode().split()
    return found


def partial(ledger: Ledger) -> str:
    """Return the mark of a partial clone, which need not hold every object; nothing in a whole one."""
    folders = git_folder(ledger.root)
    packs = (folders[1] / "objects" / "pack").glob("*.promisor") if folders else iter(())
    return next((path.name for path in packs), "")


def _says(path: Path) -> bool:
    try:
        return bool(path.read_bytes().strip())
    except (FileNotFoundError, NotADirectoryError):
        return False


def holds(ledger: Ledger, commit: str, upto: str) -> bool:
    """Return whether *commit* is part of the history that ends in *upto*."""
    return ledger.ask("merge-base", commit, upto, fails=True).decode().strip() == commit


def first_parents(commits: Sequence[Past]) -> dict[str, int]:
    """Return how many commits follow upon each commit."""
    children: dict[str, int] = {}
    for one in commits:
        for parent in one.commit.parents:
            children[parent] = children.get(parent, 0) + 1
    return children
