"""Editions compiled in this process, each once for every state of its files.

A command that acts reads the folder twice, a proof meets the same policy at many commits, and the year of the demo is
hundreds of commands in one process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256

from schoolpub.errors import Problem
from schoolpub.model.catalogue import Catalogue
from schoolpub.model.record import Tree
from schoolpub.store.files.catalogue_file import read_edition


@dataclass(frozen=True, slots=True)
class EditionFiles:
    """The files of one edition of the catalogue; what they say is known by their digests."""

    folder: str
    digests: tuple[tuple[str, str], ...]
    """Each file's name and the digest of its bytes."""
    trees: Mapping[str, Tree] = field(compare=False)
    sound: bool = False
    """Whether it was once compiled whole without a problem; one taken on trust never stands for one that was judged."""


@lru_cache(maxsize=16)
def compiled(files: EditionFiles) -> tuple[Catalogue | None, tuple[Problem, ...]]:
    """Return the edition that *files* hold, None when its folder has no date, with all problems."""
    catalogue, problems = read_edition(files.trees, files.folder, sound=files.sound)
    content = sha256(repr(files.digests).encode()).hexdigest()
    return (replace(catalogue, content=content) if catalogue else None), tuple(problems)
