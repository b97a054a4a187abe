"""The policy as it stood at any commit: compiled once for each state of its files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from schoolpub.errors import errors
from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Catalogue
from schoolpub.model.people import People
from schoolpub.model.record import Tree
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.store.files.calendar_file import read_calendar
from schoolpub.store.files.editions import EditionFiles, compiled
from schoolpub.store.files.people_file import read_people
from schoolpub.store.files.school_file import read_school
from schoolpub.store.yaml import strict_yaml

_SCHOOL, _PEOPLE, _CATALOGUE = "records/school.yaml", "records/people.yaml", "records/catalogue/"
_CALENDAR = "records/calendar/"


class Policies:
    """Reads policy from the contents of blobs; what was compiled is kept."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._trees: dict[str, Tree] = {}
        self._calendar: tuple[dict[str, str], Calendar] = {}, Calendar()
        """The files of a calendar, with their blobs, and what they say."""
        self.unreadable: list[str] = []
        """Files that the last reading could not make sense of."""

    def snapshot(self, files: Mapping[str, str]) -> Snapshot:
        """Return the policy in *files* (path → blob), without records; what cannot be read is left out and named."""
        self.unreadable = []
        school, people = None, None
        folders: dict[str, dict[str, str]] = {}
        calendar = {file: blob for file, blob in files.items() if file.startswith(_CALENDAR)}
        for file, blob in files.items():
            if file == _SCHOOL:
                school, found = read_school(self._tree(file, blob), file)
                self._note(file, found)
            elif file == _PEOPLE:
                people, found = read_people(self._tree(file, blob), file)
                self._note(file, found)
            elif file.startswith(_CATALOGUE):
                folder, _, name = file.rpartition("/")
                folders.setdefault(folder, {})[name] = blob
        catalogues: dict[date, Catalogue] = {}
        for folder, names in folders.items():
            catalogue = self._edition(folder, names)
            if catalogue is not None:
                catalogues[catalogue.edition] = catalogue
        return Snapshot(
            school=school or School(name=""),
            people=people or People(),
            calendar=self._read_calendar(calendar),
            catalogues=catalogues,
        )

    def _read_calendar(self, files: dict[str, str]) -> Calendar:
        if files != self._calendar[0]:
            trees = {file.removeprefix(_CALENDAR): self._tree(file, blob) for file, blob in files.items()}
            made, found = read_calendar(trees, _CALENDAR.rstrip("/"))
            self.unreadable += [problem.file for problem in errors(found)]
            self._calendar = files, made
        return self._calendar[1]

    def _note(self, file: str, found: object) -> None:
        if errors(found):
            self.unreadable.append(file)

    def _tree(self, file: str, blob: str) -> Tree:
        if blob not in self._trees:
            try:
                tree, found = strict_yaml.parse(self._contents.get(blob, b""), file)
            except (ValueError, RecursionError):
                tree, found = None, []
            self._trees[blob] = None if errors(found) else tree
        return self._trees[blob]

    def _edition(self, folder: str, names: Mapping[str, str]) -> Catalogue | None:
        trees = {name: self._tree(f"{folder}/{name}", blob) for name, blob in names.items()}
        try:
            catalogue, found = compiled(EditionFiles(folder, tuple(sorted(names.items())), trees))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            catalogue, found = None, ()
        if catalogue is None or errors(found):
            self.unreadable.append(folder)
        return catalogue
