"""`schoolpub demo`: a fictional school with a year of history, made by the real commands."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, framework
from schoolpub.cli.clock import BEIJING
from schoolpub.cli.session import day
from schoolpub.errors import SchoolpubError, say
from schoolpub.store.files.layout import SCHOOL
from schoolpub.store.yaml import strict_yaml

app = framework.new_app()

_FOUNDED = datetime(2025, 12, 31, 9, 0, tzinfo=BEIJING)
_OWN = frozenset({"records", "private", "print", "site", ".git", ".schoolpub", ".gitattributes", ".gitignore"})
"""What a former demo consists of; a folder that holds anything else is left alone."""

_PRINTED = (
    ("food-result", "notice"),
    ("finance-2026-10", "notice,poster,register"),
)
"""Records of the story and the sheets that are printed of them."""


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a new or empty folder, or a former demo")],
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="build the site as of this day; else the day after the story")
    ] = "",
) -> None:
    """Make a fictional school with a year of history: records, site and printed sheets.

    All names, amounts and texts are invented. A former demo in the same folder is made anew.
    Example: schoolpub demo demo
    """
    from schoolpub.cli.story import episodes
    from schoolpub.cli.story.entries import changes, entries
    from schoolpub.cli.story.teller import Teller, run

    built_for = day(as_of or episodes.END)
    _make_room(folder)
    root = folder.resolve()
    run(("init", str(root), "--sample"), _FOUNDED)
    with tempfile.TemporaryDirectory() as desk:
        teller = Teller(root, Path(desk), entries(), changes())
        month = ""
        for episode in teller.tell(episodes.episodes()):
            if month != (month := episode.day[:7]):
                console.note(month)
    after = datetime.combine(built_for, _FOUNDED.timetz())
    place = ("--root", str(root), "--as-of", built_for.isoformat())
    run(("build", *place), after)
    for name, forms in _PRINTED:
        run(("print", teller.told[name].id, "--form", forms, "--paper", "A3", *place), after)
    _say_what_to_open(root, len(teller.told))


def _make_room(folder: Path) -> None:
    """Empty *folder* when it holds a former demo; refuse any other folder that is not empty."""
    if not folder.exists():
        return
    held = {path.name for path in folder.iterdir()} if folder.is_dir() else {folder.name}
    if not held:
        return
    if not held <= _OWN or not _is_sample(folder / SCHOOL):
        raise SchoolpubError(
            say("{folder} is not empty.", folder=str(folder)), fix=say("name a new folder: schoolpub demo DIR")
        )
    for name in held:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            for inner in path.rglob("*"):  # git's objects are read-only, and Windows deletes no such file
                if not inner.is_symlink():
                    inner.chmod(0o700)
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_sample(school: Path) -> bool:
    if not school.is_file():
        return False
    tree, _ = strict_yaml.parse(school.read_bytes(), SCHOOL)
    return isinstance(tree, dict) and tree.get("sample") == "yes"


def _on_the_path() -> list[str]:
    """Return the line that lets `schoolpub` be typed, where the program was started from its own environment."""
    if shutil.which("schoolpub"):
        return []
    programs = Path(sys.executable).parent
    return [f"  {programs / 'activate'}" if os.name == "nt" else f"  . {programs / 'activate'}"]


def _say_what_to_open(root: Path, records: int) -> None:
    """Say in both languages what was made: nobody knows yet which of the two the visitor reads."""
    site, sheets = root / "site", sorted((root / "print").glob("*.pdf"))
    lines = [
        f"示例学校已建好：{records}条记录，一年的办理过程，全部虚构。",
        f"A fictional school was made: {records} records, a year of acts, all invented.",
        "",
        "打开 / Open:",
        f"  {site / 'public' / 'index.html'}    对外网站 / what everybody sees",
        f"  {site / 'internal' / 'index.html'}    校内网站 / what the staff see",
        *(f"  {sheet}" for sheet in sheets),
        "",
        "试一试 / Try:",
        f"  cd {root}",
        *_on_the_path(),
        "  schoolpub list --year 2026             所有记录 / all records",
        "  schoolpub log finance-monthly-2026-05  一份更正过的月报 / a corrected report",
        "  schoolpub show finance-monthly-2026-10",
        "  schoolpub check",
        "  schoolpub add service-notice           填一份新的 / draft a new one",
        "  schoolpub serve                        预览网站 / preview the site",
    ]
    for line in lines:
        console.out(line)
