"""`schoolpub init`: a school's folder, with its own people and none invented."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import console, founding, framework
from schoolpub.cli.acts import taking
from schoolpub.cli.clock import now
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, errors, say
from schoolpub.model.snapshot import Snapshot
from schoolpub.paths import shipped
from schoolpub.rules.checks import check_snapshot
from schoolpub.store import durable
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.workspace import BEGUN, Workspace
from schoolpub.store.yaml import canonical

app = framework.new_app()

_TRIES = 50
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="a new or empty folder")],
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", metavar="FILE", help="a workbook of `sheet --school`, or YAML with `school`, `people`, `clerk`"
        ),
    ] = None,
    backup: Annotated[
        Path | None, typer.Option("--from", metavar="BACKUP", help="give a school back from a second copy on a stick")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="file with the recovery key; else it is asked for")
    ] = None,
    public_only: Annotated[
        bool, typer.Option("--public-only", help="with --from: leave the sealed private part unopened")
    ] = False,
    sample: Annotated[bool, typer.Option("--sample", help="the sample school 示例学校, to try things out")] = False,
    small: Annotated[bool, typer.Option("--small", help="flows for a handful of people")] = False,
) -> None:
    """Make a school's folder: asks for the school, its boards, and who holds which post.

    Example: schoolpub init my-school
    Example: schoolpub init my-school --answers 建校.xlsx
    Example: schoolpub init my-school --answers answers.yaml
    Example: schoolpub init trial --sample
    Example: schoolpub init my-school --from /media/usb/gongkai
    """
    if (folder / BEGUN).exists():
        _emptied(folder)
    _refuse_full(folder)
    if backup is not None:
        from schoolpub.cli.safekeeping import restoring

        with _removed_unless_done(folder):
            restoring.restore(folder, backup, key, public_only)
        return
    if key is not None or public_only:
        raise SchoolpubError(say("--key and --public-only belong to --from."), fix=say("add `--from BACKUP`"))
    starter = shipped("starter")
    told: founding.Answers | None = None
    if sample:
        files = founding.sample(starter, now().today)
    else:
        if answers is not None:
            told = _answers(answers)
        elif console.asks():
            told = founding.ask(starter, now().today)
        else:
            raise SchoolpubError(
                say("Nobody can be asked here."), fix=say("give --answers FILE, or --sample for the sample school")
            )
        files = founding.real(starter, told, now().today)
    if small or (told and told.small):
        files = founding.with_small_flows(files)
    kept = _kept(told, folder) if told and not told.file else None
    try:
        notes = _judged(files, told)
        with _removed_unless_done(folder):
            snapshot = _write(folder, files)
    except (SchoolpubError, OSError) as stop:
        if kept is None:
            raise
        console.note(
            say("Your answers are kept in {file}; `schoolpub init {folder} --answers {file}` goes on with them.",
                file=kept.file, folder=str(folder))
        )  # fmt: skip
        if not isinstance(stop, ProblemsFound):
            raise
        raise ProblemsFound(founding.in_answers(kept, stop.problems)) from None
    if kept is not None:
        Path(kept.file).unlink()
    console.problems(notes, stream=sys.stderr)
    console.out(say("Made {school} in {folder}.", school=snapshot.school.name, folder=str(folder)))
    for missing in founding.unfilled(snapshot):
        console.out(say("  nobody holds the post “{role}” yet: records/people.yaml", role=missing))
    console.out(say("Next: cd {folder} && schoolpub items, schoolpub add finance-monthly", folder=str(folder)))


def _answers(file: Path) -> founding.Answers:
    data = taking.data_of(file)
    if data.startswith(_BOOKS):
        from schoolpub.store.spreadsheets.reading import book_of

        return founding.read_answers_book(book_of(data, file.name))
    return founding.read_answers(data, file.name)


def _emptied(folder: Path) -> None:
    """Take away what an interrupted `init` left in *folder*; git may still be ending its work there."""
    for _ in range(_TRIES):
        left = [path for path in folder.iterdir() if path.name != BEGUN]
        for path in left:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        if not left:
            (folder / BEGUN).unlink()
            return
        time.sleep(0.1)


def _refuse_full(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise SchoolpubError(say("{folder} is a file.", folder=str(folder)), fix=say("name a new folder"))
    if folder.exists() and any(folder.iterdir()):
        raise SchoolpubError(
            say("{folder} is not empty.", folder=str(folder)), fix=say("name a new folder: schoolpub init DIR")
        )


def _judged(files: founding.Files, told: founding.Answers | None) -> list[Problem]:
    """Return what is to be told of a school that would be made of *files*; raise ProblemsFound for mistakes."""
    with tempfile.TemporaryDirectory() as trial:
        _put(Path(trial), files)
        workspace = Workspace(Path(trial))
        found = workspace.locate(check_snapshot(workspace.read(cache=False), now().today))
    if told is not None:
        found = founding.in_answers(told, found)
    if errors(found):
        raise ProblemsFound(found)
    return found


def _kept(told: founding.Answers, folder: Path) -> founding.Answers:
    """Keep answers that were typed until the folder is made; return them as if read from the file."""
    path = Path(f"{folder.resolve().name}-answers.yaml")
    data = canonical.block_text(
        {"school": dict(told.school), "people": dict(told.people), "clerk": told.clerk}
    ).encode()
    try:
        durable.write(path, data)
    except OSError:
        print(data.decode(), file=sys.stderr)  # the screen is the last place that is left
        raise
    return replace(told, file=path.name, data=data)


@contextmanager
def _removed_unless_done(folder: Path) -> Iterator[None]:
    """Take away what was put into *folder* when the work inside does not come to its end."""
    made = not folder.exists()
    try:
        durable.write(folder / BEGUN, b"")
        yield
        (folder / BEGUN).unlink()
    except BaseException:
        for path in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _put(folder: Path, files: founding.Files) -> None:
    for name, data in files.contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _write(folder: Path, files: founding.Files) -> Snapshot:
    _put(folder, files)
    snapshot = Workspace(folder).read()
    ledger = Ledger(folder)
    ledger.init()
    clerk = snapshot.people.persons[files.clerk]
    ledger.set_user(clerk.name, clerk.emails[0])
    ledger.act(
        dict(files.contents),
        subject=f"建立{snapshot.school.name}校务公开记录",
        body="学校、人员、日历与公开目录的初始文件。",
        trailers=[],
        author=(clerk.name, clerk.emails[0]),
        committer=(clerk.name, clerk.emails[0]),
        at=now().at,
        expect=files.contents,
    )
    return snapshot
