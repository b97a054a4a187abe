"""A school's folder: found, read, and its files located."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from schoolpub.errors import Problem, SchoolpubError, say, system_words
from schoolpub.model.snapshot import Snapshot
from schoolpub.store.cache import Cache, may_change
from schoolpub.store.files.enclosed import problems_of
from schoolpub.store.files.layout import SCHOOL, private_files, walk
from schoolpub.store.reading import Reading

BEGUN = ".begun"
"""A file that lies in a folder until everything is there that `init` puts into it."""


def find_root(start: Path) -> Path:
    """Return the school's folder that *start* lies in; raise SchoolpubError when it lies in none."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / SCHOOL).is_file():
            if (folder / BEGUN).exists():
                raise SchoolpubError(
                    say("{folder} was being made, and that was cut off.", folder=folder),
                    fix=say("repeat the same `schoolpub init {folder} …`: it begins anew", folder=folder),
                )
            return folder
    raise SchoolpubError(
        say("There is no school's folder here: {folder} and the folders above it hold no records/school.yaml.",
            folder=start),
        fix=say("Go to the school's folder, name it with --root, or make one with schoolpub init."),
    )  # fmt: skip


class Workspace:
    """The files of the school's folder *root*."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._files: dict[str, str] = {}
        self._cache: Cache | None = None

    def path(self, file: str) -> Path:
        """Return where *file* (below the root, with `/`) is on this machine."""
        return self.root.joinpath(*file.split("/"))

    def data(self, file: str) -> bytes:
        """Return the bytes of *file*; raise SchoolpubError when it cannot be read."""
        try:
            return self.path(file).read_bytes()
        except OSError as error:
            raise SchoolpubError(
                say("{file} cannot be read ({why}).", file=file, why=system_words(error)),
                fix=say("Run schoolpub check; a deleted record comes back with git restore."),
            ) from None

    def read(self, cache: bool = True, *, attachments: bool = True) -> Snapshot:
        """Return everything under `records/`; with *cache* unchanged files are not opened.

        Without *attachments* nobody looks which files lie beside the records: nothing but a check asks.
        """
        with _uncollected():
            if cache:
                if self._cache:
                    self._cache.again()
                remembered = self._cache or Cache.load(self.root / ".schoolpub")
                try:
                    snapshot = Reading(self.root, remembered, attachments).snapshot()
                except (KeyError, TypeError, ValueError, AttributeError):
                    # What was remembered is not what it should be: read the files, where the same mistake,
                    # if it is ours and not the cache's, shows itself again.
                    remembered = Cache(self.root / ".schoolpub")
                    snapshot = Reading(self.root, remembered, attachments).snapshot()
                remembered.save()
                self._cache = remembered
            else:
                snapshot = Reading(self.root, None, attachments).snapshot()
        self._files = {record.id: record.file for record in snapshot.records.values()}
        return snapshot

    def stamp(self) -> str:
        """Return a digest of the state of every file that is read, attachments apart, without opening one.

        It is empty while a file is so new that it may change again without a sign.
        """
        from hashlib import sha256

        began = time.time_ns()
        files = [*walk(str(self.root), attachments=False), *private_files(str(self.root))]
        if any(may_change(entry.signature, began) for entry in files):
            return ""
        return sha256("\n".join([f"{entry.file} {entry.signature}" for entry in files]).encode()).hexdigest()

    def locate(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return *problems* with line and column where they name a place in a file."""
        located = [replace(p, file=self._files.get(p.record, "")) if p.record and not p.file else p for p in problems]
        wanted: dict[str, list[Problem]] = {}
        for problem in located:
            if problem.where and not problem.line and problem.file.endswith(".yaml"):
                wanted.setdefault(problem.file, []).append(problem)
        places = {}
        if not wanted:
            return located
        from schoolpub.store.yaml.strict_yaml import locate_all

        for file, found in wanted.items():
            path = self.path(file)
            if path.is_file():
                places[file] = locate_all(path.read_bytes(), [p.where for p in found])
        return [
            replace(p, line=places[p.file][p.where][0], column=places[p.file][p.where][1])
            if p.where and not p.line and p.file in places
            else p
            for p in located
        ]

    def attachment_problems(self, snapshot: Snapshot) -> list[Problem]:
        """Return what is wrong with the files that records name: missing, or not the digested one any more."""
        return [problem for record in snapshot.records.values() for problem in problems_of(self.root, record)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking tens of thousands of new values again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()  # what was read lives as long as the program: never walk it again
            gc.enable()
