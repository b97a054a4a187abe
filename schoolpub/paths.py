"""Where the files are that come with the program: beside it in a wheel, or in the checkout."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Return the folder `templates` or `starter` that came with the program."""
    installed = _HERE / name
    if installed.is_dir():
        return installed
    return _HERE.parent / {"starter": "records"}.get(name, name)


def templates(root: Path, kind: str) -> list[Path]:
    """Return the folders in which templates of *kind* (`site`, `print`) are looked up: the school's own first."""
    own = root / "templates" / kind
    shipped_ones = shipped("templates") / kind
    return [own, shipped_ones] if own.is_dir() and own.resolve() != shipped_ones.resolve() else [shipped_ones]
