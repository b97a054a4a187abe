"""Other copies of a history: a clone, a backup or a bundle, read without trusting anything in it but its objects."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schoolpub.errors import SchoolpubError, say
from schoolpub.rules.history.facts import Finding
from schoolpub.store.git.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How a copy and this history agree."""

    head: str = ""
    """The newest commit that both hold."""
    common: int = 0
    findings: tuple[Finding, ...] = ()


def compare(ledger: Ledger, place: Path) -> Compared:
    """Return how the history of *ledger* agrees with the copy in *place*: a folder, a bare repository or a bundle."""
    if not place.exists():
        raise SchoolpubError(
            say("There is no copy at {place}.", place=str(place)), fix=say("name a folder, a backup or a bundle")
        )
    branch = ledger.branch() or "main"
    with _fetched(place) as copy:
        tips = copy.ask("for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads/").decode()
        named = {name: tip for tip, _, name in (line.partition(" ") for line in tips.splitlines())}
        tip = named.get(branch) or next(iter(named.values()), "")
        if not tip:
            raise SchoolpubError(
                say("{place} holds no history.", place=str(place)), fix=say("name a folder, a backup or a bundle")
            )
        theirs = copy.ask("rev-list", "--topo-order", tip, "--").decode().split()
    ours = ledger.ask("rev-list", "--topo-order", "HEAD", "--").decode().split()
    return _judged(ours, theirs, place.name)


def _judged(ours: list[str], theirs: list[str], name: str) -> Compared:
    mine, yours = set(ours), set(theirs)
    shared = [commit for commit in theirs if commit in mine]
    lacking = [commit for commit in theirs if commit not in mine]
    if not shared:
        message = say("{copy} and this history have nothing in common", copy=name)
        return Compared(findings=(Finding(code="other-history", commit=theirs[0], message=message),))
    if not lacking:
        return Compared(head=shared[0], common=len(shared))
    more = [commit for commit in ours if commit not in yours]
    told = {"copy": name, "count": len(lacking), "last": shared[0][:12]}
    if more:
        message = say("{copy} holds {count} acts that are not here, and here stand others: after {last} the history "
                      "was written anew, or both went on without each other", **told)  # fmt: skip
        return Compared(head=shared[0], common=len(shared), findings=(
            Finding(code="rewritten-history", commit=lacking[-1], message=message),))  # fmt: skip
    message = say("{copy} holds {count} acts that are missing here after {last}", **told)
    finding = Finding(code="truncated-history", commit=lacking[-1], message=message)
    return Compared(head=shared[0], common=len(shared), findings=(finding,))


@contextmanager
def _fetched(place: Path) -> Iterator[Ledger]:
    """Have the branches of *place* in an empty repository of our own: no hook and no setting of theirs is read here."""
    with tempfile.TemporaryDirectory(prefix="schoolpub-") as folder:
        copy = Ledger(Path(folder) / "copy")
        copy.init()
        source = str(place.resolve())
        copy.ask(
            "-c", "protocol.allow=never", "-c", "protocol.file.allow=always", "-c", "transfer.fsckObjects=true",
            "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
            "--update-head-ok", "--no-auto-gc", "--no-recurse-submodules", source, "+refs/heads/*:refs/heads/*",
        )  # fmt: skip
        yield copy
