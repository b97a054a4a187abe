"""Which files a record names (attachments, evidence, scans), and whether they are there as digested."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from schoolpub.errors import Problem, say
from schoolpub.model.record import Record, Tree
from schoolpub.store.yaml.shape import shown


def files_of(record: Record) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    """Yield name, digest and place of every file that *record* and its steps name."""
    for index, attachment in enumerate(record.attachments):
        yield attachment.file, attachment.sha256, ("attachments", index, "file")
    for index, step in enumerate(record.steps):
        for key, value in step.says.items():
            yield from _files_in(value, ("steps", index, key))


def _files_in(tree: Tree, where: tuple[str | int, ...]) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    if isinstance(tree, dict):
        name, digest = tree.get("file"), tree.get("sha256")
        if isinstance(name, str) and "/" not in name and "\\" not in name and not name.startswith("."):
            yield name, digest if isinstance(digest, str) else "", (*where, "file")
        for key, child in tree.items():
            yield from _files_in(child, (*where, key))
    elif isinstance(tree, list):
        for index, child in enumerate(tree):
            yield from _files_in(child, (*where, index))


def problems_of(root: Path, record: Record) -> Iterator[Problem]:
    """Yield what is wrong with the files that *record* names: missing, or not the digested one any more."""
    for name, digest, where in files_of(record):
        path = root / "records" / "attachments" / record.id / name
        try:
            with path.open("rb") as file:
                found = sha256(file.read()).hexdigest()
        except OSError:
            yield Problem(
                code="attachment-missing",
                message=say("The file {name} of this record is missing.", name=shown(name, 100)),
                fix=say("Put it back to records/attachments/{id}/, or bring it back with git restore.", id=record.id),
                record=record.id,
                file=record.file,
                where=where,
            )
            continue
        if digest and found != digest.removeprefix("sha256:"):
            yield Problem(
                code="attachment-changed",
                message=say("The file {name} is not the one that was attached.", name=shown(name, 100)),
                fix=say("Bring the old one back with git restore; a new one is attached to a draft or a correction."),
                record=record.id,
                file=record.file,
                where=where,
            )
