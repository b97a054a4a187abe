"""`schoolpub archive`: a year's package for the archive, its check, and an inspector's folder."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from schoolpub import __version__
from schoolpub.cli import console, framework, options, words
from schoolpub.cli.acts import taking
from schoolpub.cli.language import tell
from schoolpub.cli.session import Session, open_session
from schoolpub.errors import SchoolpubError, Unfinished, say
from schoolpub.paths import templates
from schoolpub.rules import filing
from schoolpub.store import durable
from schoolpub.store.archive import bag
from schoolpub.store.files import record_file
from schoolpub.store.git.exchange import Exchange

app = framework.new_app()

_COPY = "copy"
"""The kind of a package that filed nothing, so that no record names it."""
_GROWING = ".part-"
_PIECES = (*(f"{keep}/*/*.yaml" for keep in filing.KEEPS), "8-抽查/*/*.yaml")
"""Where in a package the texts of the records lie."""
_FORGOTTEN = 3600.0
"""Seconds after which a package that is not done will never be."""


@app.command("archive")
def archive(
    year: Annotated[str, typer.Argument(metavar="YEAR", help="the year whose postings are filed")],
    inspection: Annotated[
        bool, typer.Option("--inspection", help="an inspector's folder instead: lists, register, history, ten records")
    ] = False,
    seed: Annotated[str, typer.Option("--seed", metavar="TEXT", help="the seed that the inspector names")] = "",
    copy: Annotated[bool, typer.Option("--copy", help="only a package: nothing is filed by it")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="where to write; else archive/ in the school's folder")
    ] = None,
    root: options.Root = None,
    person: options.As = "",
    as_json: options.Json = False,
) -> None:
    """Write the archive package of a year, and record that its records were filed.

    By `BagIt` (`RFC 8493`): each posted edition as PDF/A and YAML with its attachments, by retention; 归档文件目录 by
    `DA/T 22` as xlsx, CSV and PDF; the yearly register; the whole history. What was filed before keeps its file number.
    Example: schoolpub archive 2026
    Example: schoolpub archive 2026 --inspection --seed 20261231
    """
    from schoolpub.cli.safekeeping import packing

    of = words.year(year)
    if inspection and not seed:
        raise SchoolpubError(say("The inspector names a seed for the draw."), fix=say("add `--seed TEXT`"))
    from schoolpub.notices import Printer

    session = open_session(root, person)
    packing.recorded(session)
    printer = Printer(templates(session.root, "print"))
    name = f"检查材料-{of}" if inspection else f"校务公开档案-{of}"
    parent = _made(out or session.root / "archive")
    with tempfile.TemporaryDirectory(dir=parent, prefix=_GROWING) as scratch:
        part = Path(scratch) / name
        part.mkdir()
        if inspection:
            payload, drawn = packing.inspection(session, printer, of, seed)
            digest = bag.write(part, payload, _info(session, of, "inspection"))
            _tell_inspection(_in_place(part, parent), digest, drawn, as_json)
            return
        with session.acting():
            _completed(session, parent)
            entries = filing.filed(session.snapshot, of)
            if not entries:
                raise SchoolpubError(say("Nothing was posted in {year}.", year=of), fix=say("name another year"))
            new = [] if copy else [entry for entry in entries if entry.new]
            if new:
                _settled(session, of)
            payload, _ = packing.archive(session, printer, of, entries)
            payload["index.json"] = packing.index(entries)
            digest = bag.write(part, payload, _info(session, of, "archive" if new else _COPY))
            try:
                if new:
                    _file(session, new, digest)
            except Unfinished:
                _in_place(part, parent)
                raise
            folder = _in_place(part, parent)
    _tell(folder, digest, len(entries), len(new), as_json)


def _settled(session: Session, of: int) -> None:
    """Tell what is better known before a file number is given, for it stays."""
    if of >= session.moment.today.year:
        console.note(say("{year} is not over: what is posted later is filed by archiving it once more.", year=of))
    if filing.has_fonds(session.snapshot):
        return
    told = filing.fonds(session.snapshot)
    console.note(say("No 全宗号 (`fonds`) is set: the file numbers begin with {fonds} and will keep it", fonds=told))
    if console.asks() and not console.yes(say("File under this number?"), default=False):
        raise SchoolpubError(
            say("Nothing was filed."), fix=say("enter `fonds` below `settings` in school.yaml, then `schoolpub adopt`")
        )


def _file(session: Session, entries: Sequence[filing.Filed], digest: str) -> None:
    """Record on each record under which number, and in which package, it was filed."""
    taken = [
        taking.prepare(
            session, entry.record, [(filing.FILED, taking.act(session, archive=entry.number, package=digest))]
        )
        for entry in entries
    ]
    taking.commit(session, taken)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if (folder.parent / ".git").exists():  # packages are no part of the records
        durable.write(folder / ".gitignore", b"*\n")
    return folder


def _completed(session: Session, folder: Path) -> None:
    """Put packages in place whose filing was recorded just before a kill, and take away what else kills left."""
    named = {step.said("package") for record in session.snapshot.records.values() for step in record.steps} - {""}
    for part in folder.glob(f"{_GROWING}*/*"):
        if bag.digest(part) in named:
            place = _in_place(part, folder)
            part.parent.rmdir()
            console.note(say("An earlier command was interrupted; completed: {files}", files=str(place)))
    for left in folder.glob(f"{_GROWING}*"):
        if time.time() - left.stat().st_mtime > _FORGOTTEN:
            shutil.rmtree(left, ignore_errors=True)


def _in_place(part: Path, folder: Path) -> Path:
    """Move a package that is done into *folder*, under a name that is not taken yet; return where."""
    number = 1
    while (path := folder / (part.name if number == 1 else f"{part.name}-{number}")).exists():
        number += 1
    return part.rename(path)


def _info(session: Session, year: int, kind: str) -> dict[str, str]:
    school = session.snapshot.school
    return {
        "Source-Organization": school.name,
        "Contact-Name": school.office.name,
        "External-Identifier": f"{filing.fonds(session.snapshot)}-{filing.KIND}·{year}",
        "External-Description": f"{year}年校务公开{'检查材料' if kind == 'inspection' else '档案'}",
        "Bagging-Date": session.moment.today.isoformat(),
        "Bag-Software-Agent": f"schoolpub {__version__}",
        "Schoolpub-Head": session.ledger.head(),
        "Schoolpub-Kind": kind,
    }


def _tell(folder: Path, digest: str, count: int, new: int, as_json: bool) -> None:
    if as_json:
        console.json_out({"folder": str(folder), "manifest": digest, "count": count, "filed": new})
        return
    console.out(say("Written: {folder}", folder=str(folder)))
    told = {"count": count, "new": new, "digest": digest}
    console.out(say("  {count} entries, {new} filed now; SHA-256 of the manifest: {digest}", **told))


def _tell_inspection(folder: Path, digest: str, drawn: Sequence[str], as_json: bool) -> None:
    if as_json:
        console.json_out({"folder": str(folder), "manifest": digest, "drawn": list(drawn)})
        return
    console.out(say("Written: {folder}", folder=str(folder)))
    console.out(say("  Read first: {file}", file="data/0-说明.txt"))
    console.out(say("  {count} records were drawn; SHA-256 of the manifest: {digest}", count=len(drawn), digest=digest))


@app.command()
def verify(
    package: Annotated[Path, typer.Argument(metavar="DIR", help="the folder of a package")],
    root: options.Root = None,
    as_json: options.Json = False,
) -> None:
    """Check an archive package, and whether the records changed since they were filed.

    Outside a school's folder the package alone is checked.
    Example: schoolpub archive verify archive/校务公开档案-2026
    """
    found = [tell(text) for text in bag.problems(package)]
    later: list[str] = []
    vouched = False
    if session := _session(root):
        changed, later, vouched = _compared(session, package)
        found += changed
    digest = bag.digest(package)
    if as_json:
        compared = session is not None
        told = {"problems": found, "since": later, "compared": compared, "vouched": vouched, "manifest": digest}
        console.json_out(told)
    else:
        for line in found:
            console.out(f"✗ {line}")
        for line in later:
            console.out(f"· {line}")
        if not found and vouched:
            console.out(say("The package is whole: every file is the one that was filed."))
        elif not found:
            console.out(say("The package is whole in itself; SHA-256 of its manifest: {digest}", digest=digest))
            console.note(
                say("Nothing was filed by this package, so no record says that it is the right one.")
                if session
                else say("No school's folder here, so the records were not compared with it (--root DIR).")
            )
    raise typer.Exit(1 if found else 0)


def _session(root: Path | None) -> Session | None:
    try:
        return open_session(root)
    except SchoolpubError:
        if root:
            raise
        return None


def _compared(session: Session, package: Path) -> tuple[list[str], list[str], bool]:
    """Return where records differ from what was filed, what was done to them since, and whether they name this package.

    A package can be made anew with fitting digests, but not the steps by which it was filed.
    """
    found, later = [], []
    told = bag.information(package)
    digest = bag.digest(package)
    steps = (step for record in session.snapshot.records.values() for step in record.steps if step.step == filing.FILED)
    vouched = any(step.said("package") == digest for step in steps)
    if not vouched and told.get("Schoolpub-Kind", "archive") == "archive":
        found.append(tell(say("no record names this package: it is not the one that was filed, or was made over")))
    for path in sorted(path for place in _PIECES for path in (package / "data").glob(place)):
        record = session.snapshot.records.get(path.stem)
        if record is None:
            found.append(tell(say("{id} is not among the records any more", id=path.stem)))
            continue
        filed, now = path.read_bytes(), session.workspace.data(record.file)
        if not now.startswith(filed):
            found.append(tell(say("{id} was changed after it was filed", id=record.id)))
            continue
        before, _ = record_file.read_record(filed, record.file)
        rest = record.steps[len(before.steps) if before else 0 :]
        if names := "、".join(step.step for step in rest if step.step != filing.FILED):
            later.append(tell(say("{id}, since it was filed: {steps}", id=record.id, steps=names)))
    head = told.get("Schoolpub-Head", "")
    if head and not Exchange(session.root).holds(head):
        found.append(tell(say("the history no longer holds {commit}, up to which it was filed", commit=head[:12])))
    return found, later, vouched
