"""One reading of all files of a school's folder: a Snapshot, with everything that is wrong in them.

What is only needed for files that changed is imported where it is used: most commands find all of them remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

from schoolpub.errors import Problem, errors, say, system_words
from schoolpub.model.catalogue import Catalogue
from schoolpub.model.people import People
from schoolpub.model.record import Record, Tree
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.model.workplan import WorkPlan
from schoolpub.store.cache import Cache
from schoolpub.store.files.calendar_file import read_calendar
from schoolpub.store.files.editions import EditionFiles, compiled
from schoolpub.store.files.enclosed import files_of
from schoolpub.store.files.layout import PEOPLE, SCHOOL, Entry, Kind, unknown_file, walk
from schoolpub.store.files.people_file import read_people
from schoolpub.store.files.record_tree import record_from_tree
from schoolpub.store.files.school_file import read_school
from schoolpub.store.files.workplan_file import read_plan

_KEPT = 1024
"""So many files are known by their bytes when the same process reads again; what is new is not trusted by its times."""
ERASE = "erase"
"""The step after which nothing of a record's private file is shown, even where a kill left it on the disk."""


@dataclass(slots=True)
class _Edition:
    """The files of one edition of the catalogue."""

    trees: dict[str, Tree] = field(default_factory=dict)
    digests: list[tuple[str, str]] = field(default_factory=list)
    signature: tuple[int, ...] = ()
    """The signatures of all of them; what was once compiled without a problem is known to be sound by it."""


class Reading:
    """One reading of all files."""

    def __init__(self, root: Path, cache: Cache | None, attachments: bool) -> None:
        self._root = str(root)
        self._with_attachments = attachments
        self._cache = cache
        self._problems: list[Problem] = []
        self._unread: set[str] = set()
        """Ids (by file name) of records that could not be read."""

    def snapshot(self) -> Snapshot:
        """Return everything that was read."""
        trees: dict[str, Tree] = {}
        editions: dict[str, _Edition] = {}
        records: dict[str, Record] = {}
        attachments: list[str] = []
        for entry in walk(self._root, attachments=self._with_attachments):
            match entry.kind:
                case Kind.RECORD:
                    self._record(entry, records)
                case Kind.ATTACHMENT:
                    attachments.append(entry.file)
                case Kind.UNKNOWN:
                    self._problems.append(unknown_file(entry.file))
                case Kind.CATALOGUE:
                    folder, _, name = entry.file.rpartition("/")
                    edition = editions.setdefault(folder, _Edition())
                    edition.signature += entry.signature
                    edition.trees[name] = None  # what stands in a file that cannot be read is no further mistake
                    edition.digests.append((name, self._tree(entry, edition.trees, name)))
                case Kind.NAMES:
                    self._names(entry)
                case _:
                    self._tree(entry, trees, entry.file)
        catalogues = self._catalogues(editions)
        self._places(records, catalogues)
        self._attachments(records, attachments)
        calendar, found = read_calendar(
            {f.removeprefix("records/calendar/"): t for f, t in trees.items() if f.startswith("records/calendar/")},
            "records/calendar",
        )
        self._problems += found
        return Snapshot(
            school=self._school(trees),
            people=self._people(trees),
            calendar=calendar,
            catalogues=catalogues,
            plans=self._plans(trees),
            records={key: self._with_private(records[key]) for key in sorted(records)},
            problems=tuple(sorted(self._problems, key=lambda p: (p.file, p.line, p.column))),
        )

    def _with_private(self, record: Record) -> Record:
        """Return *record* with its restricted fields, where they are on this machine."""
        expected = record.body.get("private")
        if not isinstance(expected, str) or any(step.step == ERASE for step in record.steps):
            return record
        from schoolpub.store.files import private

        return replace(record, private_fields=private.load(Path(self._root), record.id, expected))

    def _data(self, entry: Entry) -> bytes | None:
        try:
            with open(f"{self._root}/{entry.file}", "rb") as file:  # noqa: PTH123 -- ten thousand times
                return file.read()
        except OSError as error:
            self._problems.append(
                Problem(
                    code="file-unreadable",
                    message=say("{file} cannot be read ({why}).", file=entry.file, why=system_words(error)),
                    fix=say("Look whether another program holds it and whether you may read it."),
                    file=entry.file,
                )
            )
            return None

    def _tree(self, entry: Entry, into: dict[str, Tree], name: str) -> str:
        """Put the tree of a file that can be read *into* the others; return the digest of the file."""
        if self._cache and (known := self._cache.get(entry.file, entry.signature)):
            into[name] = known[0]
            return known[1]
        data = self._data(entry)
        if data is None:
            return ""
        tree, problems = _parsed(data, entry.file)
        digest = sha256(data).hexdigest()
        self._problems += problems
        if not errors(problems):
            into[name] = tree
        if self._cache and not problems:
            self._cache.put(entry.file, entry.signature, tree, digest)
        return digest

    def _names(self, entry: Entry) -> None:
        from schoolpub.store.files.layout_names import read_names

        own: dict[str, Tree] = {}
        self._tree(entry, own, entry.file)
        if entry.file in own:
            self._problems += read_names(own[entry.file], entry.file)[1]

    def _record(self, entry: Entry, records: dict[str, Record]) -> None:
        record: Record | None
        if self._cache and (made := self._cache.made(entry.file, entry.signature)):
            record = made
        elif self._cache and (known := self._cache.get(entry.file, entry.signature)):
            record = record_from_tree(known[0], known[1], entry.file)
            self._cache.keep(entry.file, entry.signature, record)
        else:
            data = self._data(entry)
            if data is None:
                self._unread.add(_stem(entry.file))
                return
            record, tree, problems = _read_record(data, entry.file)
            self._problems += problems
            if self._cache and record and not problems:
                self._cache.put(entry.file, entry.signature, tree, record.content)
        if record is None:
            self._unread.add(_stem(entry.file))
        elif record.id != _stem(entry.file):
            self._unread |= {record.id, _stem(entry.file)}
            self._wrong(
                record,
                "record-file-name",
                say("The file is named {name}, but the record in it {id}.", name=_stem(entry.file), id=record.id),
                say("Give the file the name {id}.yaml; when it is a copy, remove it.", id=record.id),
            )
        elif record.id in records:
            self._wrong(
                record,
                "record-twice",
                say(
                    "The record {id} stands in two files; the other is {file}.",
                    id=record.id,
                    file=records[record.id].file,
                ),
                say("Remove the copy."),
            )
        else:
            records[record.id] = record

    def _wrong(self, record: Record, code: str, message: Any, fix: Any) -> None:
        self._problems.append(
            Problem(code=code, message=message, fix=fix, record=record.id, file=record.file, where=("id",), field="id")
        )

    def _places(self, records: Mapping[str, Record], catalogues: Mapping[date, Catalogue]) -> None:
        """Note the records that stand in another folder than their ledger's and year's; they are read all the same."""
        for record in records.values():
            catalogue = catalogues.get(record.catalogue)
            item = catalogue.items.get(record.item) if catalogue else None
            _, ledger, _, name = record.file.split("/")
            folder = f"records/{item.ledger if item else ledger}/{record.year:04}/"
            if record.file != folder + name:
                self._wrong(
                    record,
                    "record-folder",
                    say("The record {id} stands in the wrong folder.", id=record.id),
                    say("Move it to {folder} with git mv.", folder=folder),
                )

    def _catalogues(self, editions: Mapping[str, _Edition]) -> dict[date, Catalogue]:
        catalogues: dict[date, Catalogue] = {}
        for folder, edition in editions.items():
            sound = self._cache is not None and self._cache.get(folder, edition.signature) is not None
            catalogue, problems = compiled(EditionFiles(folder, tuple(edition.digests), edition.trees, sound))
            self._problems += problems
            if self._cache and not sound and not problems:
                self._cache.put(folder, edition.signature, None, "")
            if catalogue:
                catalogues[catalogue.edition] = catalogue
        return catalogues

    def _school(self, trees: Mapping[str, Tree]) -> School:
        if SCHOOL not in trees:
            if not any(p.file == SCHOOL for p in self._problems):
                self._problems.append(_missing(SCHOOL))
            return School(name="")
        school, problems = read_school(trees[SCHOOL], SCHOOL)
        self._problems += problems
        return school or School(name="")

    def _plans(self, trees: Mapping[str, Tree]) -> tuple[WorkPlan, ...]:
        read = [read_plan(tree, file) for file, tree in sorted(trees.items()) if file.startswith("records/workplan/")]
        self._problems += [problem for _, found in read for problem in found]
        return tuple(plan for plan, _ in read if plan)

    def _people(self, trees: Mapping[str, Tree]) -> People:
        if PEOPLE not in trees:
            if not any(p.file == PEOPLE for p in self._problems):
                self._problems.append(_missing(PEOPLE))
            return People()
        people, problems = read_people(trees[PEOPLE], PEOPLE)
        self._problems += problems
        return people or People()

    def _attachments(self, records: Mapping[str, Record], files: list[str]) -> None:
        """Note the files below `attachments/` that no record names."""
        named: dict[str, set[str]] = {}
        for file in files:
            _, _, record_id, name = file.split("/")
            if record_id in self._unread:
                continue
            if record_id not in named:
                record = records.get(record_id)
                named[record_id] = {normalize("NFC", f[0]) for f in files_of(record)} if record else set()
            if normalize("NFC", name) not in named[record_id]:
                self._problems.append(unknown_file(file))


@lru_cache(maxsize=_KEPT)
def _parsed(data: bytes, file: str) -> tuple[Tree, list[Problem]]:
    from schoolpub.store.yaml import strict_yaml

    return strict_yaml.parse(data, file)


@lru_cache(maxsize=_KEPT)
def _read_record(data: bytes, file: str) -> tuple[Record | None, Tree, list[Problem]]:
    from schoolpub.store.files.record_file import read_with_tree

    return read_with_tree(data, file)


def _stem(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".yaml")


def _missing(file: str) -> Problem:
    return Problem(
        code="file-missing",
        message=say("{file} is missing.", file=file),
        fix=say("Bring it back with git restore; a new school's folder is made with schoolpub init."),
        file=file,
    )
