"""Which file may stand where under `records/`; what nobody put there on purpose is passed over."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from schoolpub.errors import Problem, Text, say
from schoolpub.store.yaml.shape import shown

SCHOOL = "records/school.yaml"
PEOPLE = "records/people.yaml"
LEDGERS = ("disclosures", "feedback", "rectifications", "supervision")
_LITTER = re.compile(r"Thumbs\.db|desktop\.ini|\.DS_Store|\._.*|~\$.*|\.~lock.*|.*\.sw[a-p]|.*~", re.IGNORECASE)
_ATTACHMENTS = ("attachments",)
_EDITION = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


class Kind(Enum):
    """What a file under `records/` is."""

    SCHOOL = 1
    PEOPLE = 2
    CALENDAR = 3
    CATALOGUE = 4
    RECORD = 5
    ATTACHMENT = 6
    UNKNOWN = 7
    WORKPLAN = 8
    NAMES = 9
    """What a school calls things in its own spreadsheets."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: its path below the school's folder, what it is, and the signature that changes when it changes."""

    file: str
    kind: Kind
    signature: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Size, times of the last change of content and of anything (ns), number in the file system.

    Of an attachment only the name counts here.
    """


def is_litter(name: str) -> bool:
    """Return whether *name* is what operating systems and editors leave behind."""
    return _LITTER.fullmatch(name) is not None


def kind_of(parts: tuple[str, ...]) -> Kind:
    """Return what the file at *parts*, the way below `records/`, is."""
    match parts:
        case ("school.yaml",):
            return Kind.SCHOOL
        case ("people.yaml",):
            return Kind.PEOPLE
        case ("calendar", name) if name == "terms.yaml" or (name.endswith(".yaml") and _YEAR.fullmatch(name[:-5])):
            return Kind.CALENDAR
        case ("workplan", name) if name.endswith(".yaml"):
            return Kind.WORKPLAN
        case ("layouts", name) if name.endswith(".yaml"):
            return Kind.NAMES
        case ("catalogue", edition, name) if _EDITION.fullmatch(edition) and name.endswith(".yaml"):
            return Kind.CATALOGUE
        case (ledger, year, name) if ledger in LEDGERS and _YEAR.fullmatch(year) and name.endswith(".yaml"):
            return Kind.RECORD
        case ("attachments", _, _):
            return Kind.ATTACHMENT
    return Kind.UNKNOWN


def walk(root: str, *, attachments: bool = True) -> Iterator[Entry]:
    """Yield every file under `records/` of the school's folder *root*, in order of name; litter is left out.

    An unknown folder is one entry, and a link is unknown whatever it leads to.
    """
    yield from _walk(f"{root}/records", (), attachments)


def _walk(folder: str, parts: tuple[str, ...], attachments: bool) -> Iterator[Entry]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        name = entry.name
        if is_litter(name):
            continue
        way = (*parts, name)
        file = "records/" + "/".join(way)
        if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
            yield Entry(file, Kind.UNKNOWN)
        elif entry.is_dir():
            if way == _ATTACHMENTS and not attachments:
                continue
            if _known_folder(way):
                yield from _walk(entry.path, way, attachments)
            elif any(True for _ in _walk(entry.path, way, attachments)):
                yield Entry(file + "/", Kind.UNKNOWN)
        elif parts[:1] == _ATTACHMENTS:
            yield Entry(file, kind_of(way))
        else:
            yield Entry(file, kind_of(way), _signature(entry))


def private_files(root: str) -> Iterator[Entry]:
    """Yield the files below `private/`, which are never in git; they are not walked with the records."""
    try:
        with os.scandir(f"{root}/private") as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_file(follow_symlinks=False):
            yield Entry(f"private/{entry.name}", Kind.UNKNOWN, _signature(entry))


def _signature(entry: os.DirEntry[str]) -> tuple[int, int, int, int]:
    stat = entry.stat(follow_symlinks=False)
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino


def _known_folder(parts: tuple[str, ...]) -> bool:
    match parts:
        case (name,):
            return name in (*LEDGERS, "calendar", "catalogue", "workplan", "layouts", "attachments")
        case ("catalogue", edition):
            return _EDITION.fullmatch(edition) is not None
        case ("attachments", _):
            return True
        case (ledger, year) if ledger in LEDGERS:
            return _YEAR.fullmatch(year) is not None
    return False


def unknown_file(file: str) -> Problem:
    """Return the problem that *file* has no business under `records/`."""
    return Problem(
        code="unknown-file",
        message=say("{file} does not belong here.", file=shown(file, 200)),
        fix=_way_out(file),
        file=file.rstrip("/"),
    )


def _way_out(file: str) -> Text:
    name = file.rpartition("/")[2]
    if name.endswith(".yml"):
        return say("Call it .yaml instead of .yml.")
    if file.startswith("records/attachments/"):
        return say("Attach files with schoolpub attach, or move this one out of the folder records.")
    if any(file.startswith(f"records/{ledger}/") for ledger in LEDGERS):
        return say("Records stand in a folder by year: records/disclosures/2026/<id>.yaml. Move it there, or away.")
    return say("Move it out of the folder records; what belongs to a record is added with schoolpub attach.")
