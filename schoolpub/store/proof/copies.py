"""Other copies of a history: a clone, a backup or a bundle, read without trusting anything in it but its objects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schoolpub.errors import SchoolpubError, Text, say
from schoolpub.rules.history.facts import Finding
from schoolpub.store.backup import HISTORY
from schoolpub.store.git.apart import TAKEN, borrowing
from schoolpub.store.git.git_folder import git_folder
from schoolpub.store.git.ledger import Ledger

_BUNDLE = b"# v"
_LOUD = ("fatal:", "error:")
_KINDS = say("name a clone, a backup or a bundle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How a copy and this history agree."""

    head: str = ""
    """The newest commit that both hold."""
    common: int = 0
    findings: tuple[Finding, ...] = ()


def copy_in(place: Path, root: Path) -> Path:
    """Return the repository or the bundle in *place*; raise SchoolpubError when it is none, or *root*'s own."""
    if not place.exists():
        raise SchoolpubError(say("There is no copy at {place}.", place=str(place)), fix=_KINDS)
    if place.is_dir():
        source = place / HISTORY if (place / HISTORY).is_dir() else place
        found, own = git_folder(source), git_folder(root)
        if found is None:
            raise SchoolpubError(say("{place} is not under git's care.", place=str(place)), fix=_KINDS)
        if own and found[1].resolve() == own[1].resolve():
            raise SchoolpubError(
                say("{place} is this history itself, and proves nothing about it.", place=str(place)),
                fix=say("name a copy that lay elsewhere meanwhile"),
            )
        return source.resolve()
    with place.open("rb") as file:
        if file.read(len(_BUNDLE)) != _BUNDLE:
            raise SchoolpubError(say("{place} is no bundle of git's.", place=str(place)), fix=_KINDS)
    return place.resolve()


def compare(ledger: Ledger, source: Path, name: str) -> Compared:
    """Return how the history of *ledger* agrees with the copy in *source*, called *name*."""
    folders, head = git_folder(ledger.root), ledger.head()
    store = [folders[1] / "objects"] if folders else []
    with borrowing(*store, like=head) as plain:
        ours = plain.ask("rev-list", "--topo-order", head, "--", fails=True).decode().split() if head else []
    if not ours:
        message = say("the history here cannot be read to its beginning, so nothing is compared with {copy}", copy=name)
        return Compared(findings=(Finding(code="damaged-history", commit=head, message=message),))
    theirs, why = _read(source, [], head, ledger.branch())
    if "prerequisite" in why:  # a bundle of what came later: the rest of it is what lies here
        theirs, why = _read(source, store, head, ledger.branch())
    return _judged(ours, theirs, name) if theirs else Compared(findings=(_unread(name, why),))


def _read(source: Path, stores: list[Path], head: str, branch: str) -> tuple[list[str], str]:
    """Return the commits of the history in *source*, or git's complaint."""
    with borrowing(*stores, like=head) as copy:
        offered, why = copy.offered(str(source))
        chosen = _chosen(offered, branch or "main")
        why = why or (copy.take(str(source), chosen) if chosen else "")
        if why or not chosen:
            return [], why
        return copy.ask("rev-list", "--topo-order", TAKEN, "--").decode().split(), ""


def _chosen(offered: dict[str, str], branch: str) -> str:
    """Return which reference of a copy is its history: the branch of the same name, else what it stood on."""
    wanted = (f"refs/heads/{branch}", "HEAD")
    others = sorted(name for name in offered if name.startswith(("refs/heads/", "refs/tags/")) and "^" not in name)
    return next((name for name in (*wanted, *others) if name in offered), "")


def _unread(name: str, why: str) -> Finding:
    lines = sorted((line for line in why.splitlines() if line.strip()), key=lambda line: not line.startswith(_LOUD))
    message: Text = (
        say("the copy {copy} cannot be read to its end: {why}", copy=name, why=lines[0])
        if lines
        else say("the copy {copy} holds no history", copy=name)
    )
    return Finding(code="unreadable-copy", message=message)


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
