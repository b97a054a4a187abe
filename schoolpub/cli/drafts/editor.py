"""The user's own editor: a draft's text, or one table, written in YAML."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from schoolpub.cli import console
from schoolpub.cli.session import Session
from schoolpub.errors import ProblemsFound, SchoolpubError, say
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Record, Tree
from schoolpub.store.files import private
from schoolpub.store.yaml import canonical
from schoolpub.views.pages.catalogue_words import TYPES

_STEPS = re.compile(r"^steps:", re.MULTILINE)

Saved = TypeVar("Saved")


def edited_body(session: Session, record: Record, save: Callable[[bytes], Saved]) -> Saved:
    """Let the user edit the text of *record* above its steps, and *save* the whole; mistakes open the editor again.

    What could not be saved is kept, and is the beginning of the next try.
    """
    root, before = session.root, session.workspace.data(record.file)
    text = before.decode("utf-8-sig", "replace")
    place = _STEPS.search(text)
    at = place.start() if place else len(text)
    body, steps = text[:at], text[at:]
    path = private.editing(root, record.id)
    _program()  # before anything is written
    left = path.read_bytes() if path.exists() else body.encode()
    kept = say("What you wrote is kept in {file}.", file=path.relative_to(root).as_posix())
    again = say("Your last text was not saved and is kept. Go on with it?")
    if left == body.encode() or (console.asks() and not console.yes(again)):
        private.keep(root, f"edited/{path.name}", body.encode())
    while True:
        try:
            edited = edit(path)
        except SchoolpubError:
            if path.read_bytes() == body.encode():
                path.unlink()
            else:
                console.note(kept)
            raise
        if edited.encode() + steps.encode() == before:
            path.unlink()
            raise SchoolpubError(say("Nothing was changed."))
        if not edited.endswith("\n"):
            edited += "\n"
        try:
            done = save((edited + steps).encode())
        except SchoolpubError as stop:
            if isinstance(stop, ProblemsFound) and console.asks():
                console.refusal(stop)
                if console.yes(say("Open the editor again?")):
                    continue
            console.note(kept)
            raise
        path.unlink()
        return done


def skeleton(field: Field, present: Tree) -> str:
    """Return a commented YAML text to be filled in for *field*, holding what is *present* already."""
    lines = [f"# {field.name}" + (f"：{field.help}" if field.help else "")]
    for column in field.columns.values():
        optional = "，选填" if column.optional else ""
        lines.append(f"#   {column.key}: {column.name}（{TYPES.get(column.type, column.type)}{optional}）")
    if present is not None:
        return "\n".join(lines) + "\n" + canonical.block_text({field.key: present})
    if field.columns:
        row = ", ".join(f"{key}: " for key in field.columns)
        return "\n".join([*lines, f"{field.key}:", f"# - {{{row}}}", ""])
    return "\n".join([*lines, f"{field.key}:", ""])


def run(text: str, name: str) -> str:
    """Return *text* as the user's editor left it; raise SchoolpubError when it did not run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_bytes(text.encode())
        return edit(path)


def edit(path: Path) -> str:
    """Let the user edit the file at *path*, and return its text; raise SchoolpubError when the editor did not run."""
    try:
        subprocess.run([*_program(), str(path)], check=True)
    except (OSError, subprocess.CalledProcessError):
        raise _did_not_run() from None
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")  # as Notepad ends its lines
    except UnicodeDecodeError:
        raise SchoolpubError(
            say("The editor did not save the text as UTF-8."), fix=say("set the editor to UTF-8 and try again")
        ) from None


def _named() -> str:
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "nano")


def _program() -> list[str]:
    words = shlex.split(_named(), posix=os.name != "nt")
    if not words or shutil.which(words[0].strip('"')) is None:
        raise _did_not_run()
    return words


def _did_not_run() -> SchoolpubError:
    return SchoolpubError(
        say("The editor “{editor}” did not run.", editor=_named()), fix=say("set EDITOR, or use --from FILE")
    )
