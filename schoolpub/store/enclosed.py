"""Which files a record names: its attachments, and the evidence and scans of its steps."""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.model.record import Record, Tree


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
