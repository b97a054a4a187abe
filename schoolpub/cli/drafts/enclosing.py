"""Files that a draft begins with: named under `attachments:` beside its values, and cleaned like those of `attach`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from schoolpub.cli.acts import taking
from schoolpub.errors import Problem, ProblemsFound, say
from schoolpub.model.record import Tree

if TYPE_CHECKING:
    from schoolpub.store.attachments import Cleaned


def enclosed(tree: Tree, source: Path) -> Iterator[tuple[dict[str, Tree], Cleaned]]:
    """Yield each file that *tree*, the `attachments:` of *source*, names: its entry in the record, and itself.

    What a file carries need not stand in the record: the tables of a budget, a price list.
    """
    from schoolpub.store.attachments import clean

    for entry in tree if isinstance(tree, list) else [tree]:
        wanted = entry if isinstance(entry, dict) else {"file": entry}
        name, carries = wanted.get("file"), wanted.get("carries") or []
        keys: list[Tree] = carries if isinstance(carries, list) else [carries]
        if not isinstance(name, str) or not name or not all(isinstance(key, str) for key in keys):
            raise ProblemsFound([_malformed(source)])
        file = clean(taking.data_of(source.parent / name), Path(name).name)
        made: dict[str, Tree] = {"file": file.name, "title": wanted.get("title") or Path(file.name).stem}
        if keys:
            made["carries"] = keys
        yield {**made, "sha256": taking.digest_of(file.data)}, file


def _malformed(source: Path) -> Problem:
    return Problem(
        code="value-attachments",
        message=say("{name} is not a list", name="attachments"),
        fix=say("Write {form}.", form="attachments: [{file: …, title: …, carries: […]}]"),
        file=source.name,
        where=("attachments",),
    )
