"""`schoolpub guard`: a server that takes nothing which rewrites, deletes or slips in; a hook for edits by hand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from schoolpub.cli import clock, console, framework, masking, options
from schoolpub.cli.language import tell
from schoolpub.errors import Problem, Text, errors, say
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.merging import is_record
from schoolpub.rules.declared import declared_of
from schoolpub.rules.history.facts import Finding
from schoolpub.store.files import record_file
from schoolpub.store.git import guarding
from schoolpub.store.git.apart import standing_at
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.git.git_folder import last_commit
from schoolpub.store.workspace import Workspace, find_root

app = framework.new_app()

_SHOWN = 20
_NUMBER = "personal-id"
"""The finding of an identity number, which has no place in any file."""


@app.command("guard")
def guard() -> None:
    """Say what a guard does; `guard install` puts one in place.

    Example: schoolpub guard install /srv/gongkai.git
    """
    console.out(
        say(
            "On the server: `schoolpub guard install REPOSITORY` refuses pushes that rewrite history, delete, cannot be"
            " proven or hold personal data."
        )
    )
    console.out(say("In a school's folder: `schoolpub guard install` looks at what is committed by hand."))


@app.command()
def install(
    place: Annotated[
        Path | None, typer.Argument(metavar="[REPOSITORY]", help="the bare repository; else this school's folder")
    ] = None,
    root: options.Root = None,
) -> None:
    """Put the hook into the school's bare repository on the server, or into this folder.

    Example: schoolpub guard install /srv/gongkai.git
    Example: schoolpub guard install
    """
    folder = place.resolve() if place else find_root(root or Path.cwd())
    hook = guarding.install(
        folder,
        tell(say("The guard's program was not found here, so nothing is let through: install schoolpub again, then run"
                 " `schoolpub guard install`.")),
    )  # fmt: skip
    console.out(say("On guard: {file}", file=str(hook)))


@app.command()
def receive() -> None:
    """Look at what somebody hands in (git calls this on the server).

    Example: schoolpub guard receive
    """
    bare = Path.cwd()
    refused: list[str] = []
    handed = guarding.handed_in(sys.stdin.read())
    objects = guarding.handed_over(bare)
    # A mark may come together with the act that it marks; the act itself is looked at like any other.
    held = next((new for _, new, ref in handed if ref == _branch(bare) and new), last_commit(bare))
    for old, new, ref in handed:
        refused += [tell(text) for text in _refused(bare, objects, held, old, new, ref)]
    if refused:
        _refuse(refused)


def _refuse(reasons: list[str]) -> None:
    print(tell(say("Refused by the guard of the school's repository; nothing was taken over:")), file=sys.stderr)
    for line in list(dict.fromkeys(reasons))[:_SHOWN]:
        print("  " + masking.text(line), file=sys.stderr)
    if len(reasons) > _SHOWN:
        print(tell(say("  … and {count} more", count=len(reasons) - _SHOWN)), file=sys.stderr)
    raise typer.Exit(1)


def _refused(bare: Path, objects: list[Path], held: str, old: str, new: str, ref: str) -> Iterator[Text]:
    if not new:
        yield say("{ref}: nothing is ever deleted here", ref=ref)
        return
    if ref.startswith("refs/tags/"):
        if old:
            yield say("{ref}: a mark that was set stays as it is", ref=ref)
            return
        if not held or not _marks(held, objects, new):
            yield say("{ref}: only a plain mark on what {branch} holds is kept here", ref=ref, branch=_branch(bare))
        return
    if ref != _branch(bare):
        yield say("{ref}: only {branch} is kept here", ref=ref, branch=_branch(bare))
        return
    with standing_at(new, objects) as ledger:
        if old and not ledger.holds(old):
            yield say("the history would be rewritten: {commit} is no longer in it → schoolpub sync", commit=old[:12])
            return
        yield from _unproven(ledger, old)
        yield from _personal(ledger, old, new)


def _marks(held: str, objects: list[Path], new: str) -> bool:
    """Return whether *new* is a commit of the history up to *held*."""
    with standing_at(held, objects) as ledger:
        return ledger.kind(new) == "commit" and ledger.holds(new)


def _branch(bare: Path) -> str:
    head = (bare / "HEAD").read_text("utf-8").strip()
    return head.removeprefix("ref: ")


def _unproven(ledger: Exchange, old: str) -> Iterator[Text]:
    """Yield what no permitted act explains, as far as it was not there before."""
    from schoolpub.store.proof import proving

    now = clock.now().at
    found = proving.prove(ledger, now).findings
    if found and old:
        head = ledger.head()
        ledger.stand_at(old)
        known = {_key(finding) for finding in proving.prove(ledger, now).findings}
        ledger.stand_at(head)
        found = tuple(finding for finding in found if _key(finding) not in known)
    for finding in found:
        code = f"{finding.code} {finding.commit[:12]}".strip()
        yield say("{code}: {message}", code=code, message=tell(finding.message))


def _key(finding: Finding) -> tuple[str, str, str, str]:
    return finding.code, finding.commit, finding.record, finding.file


def _personal(ledger: Exchange, old: str, new: str) -> Iterator[Text]:
    """Yield personal data in anything that would enter the history, also in what was taken out again."""
    from schoolpub.rules.checks.let_pass import let_pass

    snapshot = Workspace(ledger.root).read(cache=False)
    declared = declared_of(snapshot.school, snapshot.people)
    today = clock.now().today
    for file, data in ledger.entered(old, new):
        for problem in errors(let_pass(_found(file, data, snapshot, declared), snapshot.school, today)):
            where = file or tell(say("a commit's text"))
            yield say("personal data in {file}: {what}", file=where, what=tell(problem.message))


def _found(file: str, data: bytes, snapshot: Snapshot, declared: frozenset[str]) -> list[Problem]:
    from schoolpub.rules.checks.privacy import personal_data, raw_text
    from schoolpub.store.attachments import text_of

    if is_record(file):
        record, _ = record_file.read_record(data, file)
        comments = raw_text(data, declared, file, comments_only=record is not None)
        return [*comments, *(personal_data(record, snapshot) if record else ())]
    if file.endswith((".yaml", ".yml")):  # the office's own settings: posts have telephones and e-mails
        numbers = [problem for problem in raw_text(data, declared, file) if problem.code == _NUMBER]
        return [*raw_text(data, declared, file, comments_only=True), *numbers]
    if not file.startswith("records/attachments/"):
        return raw_text(data, declared, file)
    text = text_of(data, file.rpartition("/")[2])
    return raw_text(text.encode(), declared, file) if text else []


@app.command()
def staged() -> None:
    """Look at what is about to be committed by hand (git calls this in a school's folder).

    Example: schoolpub guard staged
    """
    from schoolpub.cli.drafts import raw_look
    from schoolpub.cli.session import open_session
    from schoolpub.rules.checks import check_snapshot

    session = open_session(None, thorough=True)
    files = set(raw_look.staged_files(session))
    found = [p for p in check_snapshot(session.snapshot, session.today) if p.file in files]
    found += [p for p in session.snapshot.problems if p.file in files]
    found += raw_look.staged(session, sorted(files))
    reasons = list(dict.fromkeys(console.problem_line(p) for p in session.workspace.locate(errors(found))))
    ledger = Exchange(session.root)
    for file in sorted(files):
        before, after = ledger.contents([f"HEAD:{file}", f":{file}"])
        if file.startswith("records/") and after is None:
            reasons.append(tell(say("{file}: records are never deleted → schoolpub discard", file=file)))
        elif file in {r.file for r in session.snapshot.records.values()} and before is not None and after is not None:
            steps = before.partition(b"\nsteps:")[2]
            if not after.partition(b"\nsteps:")[2].startswith(steps.rstrip(b"\n")):
                reasons.append(tell(say("{file}: steps that were taken are never changed", file=file)))
    if reasons:
        _refuse(reasons)
