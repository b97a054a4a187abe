"""Is the site what the last build made, and is everything that it was made from as it was?

Answered by the state of the files alone: no record is read, and git is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from schoolpub import __version__
from schoolpub.board import output
from schoolpub.board.cache import CACHE, Cache
from schoolpub.board.summary import Summary
from schoolpub.board.templates import Templates

_NOTE = ".build.state"


def unchanged(stamp: str, today: date, *, templates: Sequence[Path], out: Path) -> Summary | None:
    """Return the summary of a build that would change nothing below *out*; None when the site has to be built.

    *stamp* tells the present state of the school's folder from any other; it is empty where that cannot be told.
    """
    if not stamp or not (kept := _kept(out)):
        return None
    left = Cache.left(out / CACHE)
    if left is None or kept != [_state(stamp, today, Templates(templates)), left[0]]:
        return None
    if not all(as_left(files, output.sizes(out / audience)) for audience, files in left[1].items()):
        return None
    count = sum(map(len, left[1].values()))
    return Summary(unchanged=count, files=count)


def remember(stamp: str, today: date, look: Templates, out: Path, key: str) -> None:
    """Note that the build *key* was made from the state *stamp*."""
    if stamp:
        output.write(str(out / _NOTE), f"{_state(stamp, today, look)}\n{key}\n".encode())


def as_left(files: Mapping[str, int], present: Mapping[str, int]) -> bool:
    """Return whether every file of a former build is still there with its size."""
    return bool(files) and files.items() <= present.items()


def program() -> str:
    """Return a digest of the program: its version, and in a checkout the state of its files."""
    package = Path(__file__).parents[1]
    stats = ((path.relative_to(package).as_posix(), path.stat()) for path in sorted(package.rglob("*.py")))
    files = "\n".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)
    return output.digest(__version__.encode(), files.encode())


def _kept(out: Path) -> list[str]:
    try:
        return (out / _NOTE).read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return []


def _state(stamp: str, today: date, look: Templates) -> str:
    return output.digest(program().encode(), look.key.encode(), today.isoformat().encode(), stamp.encode())
