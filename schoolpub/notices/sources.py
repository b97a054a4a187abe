"""The print templates: what ships with the program, overlaid file by file with what a school has changed.

They are handed to Typst from memory: a template reads its neighbours and nothing else on the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from schoolpub.errors import SchoolpubError, say

_SUFFIXES = frozenset({".typ", ".svg", ".png", ".jpg", ".jpeg"})
_MAX_BYTES = 5 * 1024 * 1024


def read_sources(templates: Sequence[Path]) -> dict[str, bytes]:
    """Return the files of the folders *templates* by name; a folder earlier in the list wins."""
    sources: dict[str, bytes] = {}
    for folder in reversed(templates):
        for path in sorted(folder.glob("*")):
            if path.suffix.lower() in _SUFFIXES and path.is_file() and not path.is_symlink():
                sources[path.name] = _read(path)
    if not sources:
        raise SchoolpubError(
            say(
                "There are no print templates in {folders}.", folders="、".join(f.as_posix() for f in templates) or "-"
            ),
            fix=say("Install the program again, or put the folder “{folder}” back.", folder="templates/print"),
        )
    return sources


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    if len(data) > _MAX_BYTES:
        raise SchoolpubError(
            say(
                "The print template {file} is larger than {limit} MB.", file=path.name, limit=_MAX_BYTES // 1024 // 1024
            ),
            fix=say("Make the picture smaller."),
        )
    # Typst fetches packages over the network while it compiles; a sheet must not depend on that.
    if path.suffix.lower() == ".typ" and (b'"@' in data):
        raise SchoolpubError(
            say("The print template {file} imports a package from the network.", file=path.name),
            fix=say("Copy what you need into a file beside it; packages (“@…”) are not used."),
        )
    return data
