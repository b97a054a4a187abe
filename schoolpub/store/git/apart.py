"""A repository of our own that borrows others' objects: no setting, hook or reference of theirs turns what is read.

Settings can hide one side of a merge from the log, pass over damage, or fetch what is missing by running a program of
somebody's choice.  Here only the objects themselves speak.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schoolpub.store.git.exchange import Exchange
from schoolpub.store.git.talking import no_scratch

TAKEN = "refs/schoolpub/taken"
_LONG = 64
"""Letters of an object's name in a repository that uses SHA-256."""
_FILES_ONLY = ("-c", "protocol.allow=never", "-c", "protocol.file.allow=always")
_ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_NO_LAZY_FETCH": "1"}
_NAME = re.compile(r"\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b")
_LOOSE = re.compile(r"\S*/([0-9a-f]{2})/([0-9a-f]{38}(?:[0-9a-f]{24})?)\b")
"""The file of an object that is in no pack."""
_KINDS = ("commit", "tree", "blob", "tag")
_LACKING = re.compile(r"missing (commit|tree|blob|tag) (\S+)")
_BESIDE = ("broken link", "              to ", "notice", "warning", "dangling")
"""How lines begin that say nothing which another line does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """An object that is missing, or is not what its name or its kind says."""

    name: str = ""
    kind: str = ""
    words: str = ""
    """What git says of it; nothing where it is missing."""


class Apart(Exchange):
    """Objects of another repository, read with no settings but ours."""

    def _git(
        self, *arguments: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None, fails: bool = False
    ) -> tuple[int, bytes, str]:
        return super()._git(*arguments, stdin=stdin, env={**_ALONE, **(env or {})}, fails=fails)

    def kind(self, name: str) -> str:
        """Return what the object *name* is: commit, tree, blob, tag; nothing where it is missing or damaged."""
        return self._ask("cat-file", "-t", name)

    def offered(self, source: str) -> tuple[dict[str, str], str]:
        """Return what *source*, a repository or a bundle, offers: reference → commit; or git's complaint."""
        failed, answer, why = self._git(*_FILES_ONLY, "ls-remote", source, fails=True)
        rows = (line.partition("\t") for line in answer.decode("utf-8", "replace").splitlines())
        return {name: commit for commit, _, name in rows}, why.strip() if failed else ""

    def take(self, source: str, name: str) -> str:
        """Bring what *source* offers as *name*, to be found as `TAKEN`; return git's complaint."""
        failed, _, why = self._git(
            *_FILES_ONLY, "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
            "--update-head-ok", "--update-shallow", "--no-auto-gc", "--no-recurse-submodules", source,
            f"+{name}:{TAKEN}", fails=True,
        )  # fmt: skip
        return why.strip() or "fetch" if failed else ""

    def damage(self, commit: str) -> list[Damage]:
        """Return what is damaged of the history up to *commit*."""
        failed, answer, why = self._git(
            "fsck", "--no-dangling", "--no-progress", "--no-reflogs", "--strict", commit, fails=True
        )
        if not failed:
            return []
        lines = [*answer.decode("utf-8", "replace").splitlines(), *why.splitlines()]
        lines = [_LOOSE.sub(r"\1\2", line) for line in lines if line and not line.startswith(_BESIDE)]
        lacking = {match[2]: Damage(name=match[2], kind=match[1]) for line in lines if (match := _LACKING.match(line))}
        named = {line: set(_NAME.findall(line)) for line in lines}
        parts = self._parts(commit)
        mine = [line for line, names in named.items() if names & parts and not names & set(lacking)]
        if not parts or not any(named.values()):  # nobody can tell what belongs to the history
            mine = [line for line, names in named.items() if not names & set(lacking)]
            mine = mine if mine or lacking else ["fsck"]
        odd = (Damage(name=min(named.get(line, ()), default=""), kind=_kind(line), words=line) for line in mine)
        return [*lacking.values(), *odd]

    def _parts(self, commit: str) -> set[str]:
        """Return the names of all objects of the history up to *commit*; nothing where they cannot be listed."""
        asked = ("rev-list", "--objects", "--no-object-names", "--missing=allow-any", commit)
        failed, answer, _ = self._git(*asked, fails=True)
        return set() if failed else set(answer.decode().split())


def _kind(line: str) -> str:
    return next((kind for kind in _KINDS if f" {kind} " in line), "")


@contextmanager
def borrowing(*stores: Path, like: str) -> Iterator[Apart]:
    """Have an empty repository with the objects in *stores*, whose names are as long as *like*."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="schoolpub-")
        git = Path(folder.name) / "apart" / ".git"
        (git / "refs").mkdir(parents=True)
        (git / "objects" / "info").mkdir(parents=True)
        (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8", newline="\n")
        long = len(like) == _LONG
        kind = "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n" if long else ""
        (git / "config").write_text(kind, encoding="utf-8", newline="\n")
        lent = "".join(f"{path.resolve().as_posix()}\n" for path in stores)
        (git / "objects" / "info" / "alternates").write_text(lent, encoding="utf-8", newline="\n")
    except OSError:
        raise no_scratch() from None
    with folder:
        yield Apart(git.parent)


@contextmanager
def standing_at(commit: str, stores: Sequence[Path]) -> Iterator[Apart]:
    """Have the history up to *commit*, and its files, in a folder of our own that borrows the objects in *stores*."""
    with borrowing(*stores, like=commit) as ledger:
        ledger.stand_at(commit)
        yield ledger
