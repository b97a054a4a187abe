"""Policy as files: the school, its people, calendar and catalogue, as git has them and as they lie in the folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from schoolpub.errors import Problem, errors
from schoolpub.model.catalogue import Catalogue
from schoolpub.model.record import Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.store.files.calendar_file import read_calendar
from schoolpub.store.files.catalogue_file import read_edition
from schoolpub.store.files.layout import Kind, walk
from schoolpub.store.files.people_file import read_people
from schoolpub.store.files.school_file import read_school
from schoolpub.store.files.workplan_file import read_plan
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.yaml import strict_yaml

PATHS = (
    "records/school.yaml", "records/people.yaml", "records/calendar", "records/catalogue", "records/workplan",
    "templates",
)  # fmt: skip
"""What is policy: everything under `records/` that is no record and no attachment, and the school's own templates."""

_KINDS = (Kind.SCHOOL, Kind.PEOPLE, Kind.CALENDAR, Kind.CATALOGUE, Kind.WORKPLAN)
_CALENDAR, _CATALOGUE, _WORKPLAN = "records/calendar/", "records/catalogue/", "records/workplan/"


def start_edition(root: Path, current: date, new: date, today: date) -> str:
    """Copy the edition of *current* as that of *new*, adopted *today*; return its folder.  Nothing is committed."""
    catalogues = root / _CATALOGUE
    folder = catalogues / new.isoformat()
    folder.mkdir()
    for path in sorted((catalogues / current.isoformat()).glob("*.yaml")):
        text = path.read_text("utf-8")
        if path.name == "edition.yaml":
            text = re.sub(r"^edition: .*$", f"edition: {new.isoformat()}", text, flags=re.MULTILINE)
            text = re.sub(r"^adopted: .*$", f"adopted: {today.isoformat()}", text, flags=re.MULTILINE)
        (folder / path.name).write_bytes(text.encode())
    return _CATALOGUE + new.isoformat()


def recorded(ledger: Ledger, commit: str = "HEAD") -> dict[str, bytes]:
    """Return the policy files as the last *commit* has them."""
    files = ledger.listed(*PATHS, commit=commit)
    contents = ledger.contents([f"{commit}:{file}" for file in files])
    return {file: data for file, data in zip(files, contents, strict=True) if data is not None}


def recorded_on(ledger: Ledger, day: date) -> dict[str, bytes] | None:
    """Return the policy files as they stood at the end of *day*; None where nothing was recorded until then."""
    commit = ledger.ask("rev-list", "-1", f"--before={day.isoformat()}T23:59:59+08:00", "HEAD", fails=True)
    return recorded(ledger, commit.decode().strip()) if commit.strip() else None


def edited(ledger: Ledger) -> bool:
    """Return whether a file of policy lies in the folder otherwise than the last commit has it."""
    return bool(ledger.ask("status", "--porcelain", "--untracked-files=all", "--", *PATHS[:4]).strip())


def present(root: Path) -> dict[str, bytes]:
    """Return the policy files as they lie in the folder *root*."""
    files = [entry.file for entry in walk(str(root)) if entry.kind in _KINDS]
    files += [path.relative_to(root).as_posix() for path in sorted((root / "templates").rglob("*")) if path.is_file()]
    return {file: (root / file).read_bytes() for file in files}


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, bytes | None]:
    """Return what is different in *after*: file → its bytes, None where it is gone."""
    found: dict[str, bytes | None] = {file: data for file, data in after.items() if before.get(file) != data}
    return dict(sorted((found | dict.fromkeys(before.keys() - after.keys())).items()))


def snapshot_with(snapshot: Snapshot, files: Mapping[str, bytes]) -> tuple[Snapshot, list[Problem]]:
    """Return *snapshot* under the policy in *files*, and what is wrong with it."""
    trees: dict[str, Tree] = {}
    problems: list[Problem] = []
    for file, data in files.items():
        if not file.startswith("records/"):
            continue
        tree, found = strict_yaml.parse(data, file)
        problems += found
        if not errors(found):
            trees[file] = tree
    if errors(problems):
        return snapshot, problems  # what cannot be read would be missed everywhere else
    calendar, found = read_calendar(
        {file.removeprefix(_CALENDAR): tree for file, tree in trees.items() if file.startswith(_CALENDAR)},
        _CALENDAR.rstrip("/"),
    )
    problems += found
    school, found = read_school(trees.get("records/school.yaml"), "records/school.yaml")
    problems += found
    people, found = read_people(trees.get("records/people.yaml"), "records/people.yaml")
    problems += found
    plans = [read_plan(tree, file) for file, tree in sorted(trees.items()) if file.startswith(_WORKPLAN)]
    problems += [problem for _, found in plans for problem in found]
    made = replace(
        snapshot,
        calendar=calendar,
        catalogues=_catalogues(trees, problems),
        school=school or snapshot.school,
        people=people or snapshot.people,
        plans=tuple(plan for plan, _ in plans if plan),
    )
    return made, problems


def _catalogues(trees: Mapping[str, Tree], problems: list[Problem]) -> dict[date, Catalogue]:
    editions: dict[str, dict[str, Tree]] = {}
    for file, tree in trees.items():
        if file.startswith(_CATALOGUE):
            folder, _, name = file.rpartition("/")
            editions.setdefault(folder, {})[name] = tree
    catalogues = {}
    for folder, files in editions.items():
        catalogue, found = read_edition(files, folder)
        problems += found
        if catalogue:
            catalogues[catalogue.edition] = catalogue
    return catalogues
