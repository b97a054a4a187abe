"""Acts that this machine still knows of, and that the history which stands here lacks: it was set back, or left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from schoolpub.errors import Text, say
from schoolpub.rules.history.facts import Finding
from schoolpub.store.git import history
from schoolpub.store.git.apart import Apart
from schoolpub.store.git.copies import noted
from schoolpub.store.git.git_folder import git_folder
from schoolpub.store.git.history import Commit
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.proof import reading

_BRANCHES = "refs/heads/"
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)


def lost(ledger: Ledger, plain: Apart, head: str, *, logs: bool = True) -> Iterator[Finding]:
    """Yield what the branches of *ledger* hold beyond the history up to *head*, and with *logs* what once stood here.

    That is what git's own log says, and where second copies were made from.
    """
    known: set[str] = set()
    for name, tip in _branches(ledger):
        acts = _acts(plain, [tip], head)
        known |= {act.id for act in acts}
        if acts:
            yield _finding(
                acts[-1],
                say("the branch {name} holds {count} acts that the history checked out here lacks, from “{subject}” "
                    "of {day} on", name=name, count=len(acts), **_told(acts[-1])),
            )  # fmt: skip
    if not logs:
        return
    acts = [act for act in _acts(plain, sorted(_logged(ledger.root)), head) if act.id not in known]
    if acts:
        yield _finding(
            acts[-1],
            say("{count} acts that were recorded on this machine are no longer part of the history, from “{subject}” "
                "of {day} on", count=len(acts), **_told(acts[-1])),
        )  # fmt: skip
    for copy in noted(ledger.root):
        if not acts and not known and not reading.holds(plain, copy.head, head):
            yield Finding(
                code="truncated-history", commit=copy.head,
                message=say("the copy made at {place} on {day} goes up to {commit}, which is not part of this history",
                            place=copy.place, day=copy.moment.date().isoformat(), commit=copy.head[:12]),
            )  # fmt: skip


def _told(act: Commit) -> dict[str, str]:
    return {"subject": act.subject, "day": act.at.date().isoformat()}


def _finding(act: Commit, message: Text) -> Finding:
    return Finding(code="truncated-history", commit=act.id, record=act.said("Record"), message=message)


def _acts(plain: Apart, tips: list[str], head: str) -> list[Commit]:
    """Return the acts that lead to *tips* and are no part of the history up to *head*, the newest first."""
    if not tips:
        return []
    asked = "".join(f"{tip}\n" for tip in (*tips, f"^{head}"))
    answer = plain.ask("log", "-z", "--ignore-missing", "--topo-order", f"--format={history.FORMAT}", "--stdin",
                       stdin=asked.encode(), fails=True)  # fmt: skip
    return [commit for commit in history.commits(answer) if commit.said("Record") or commit.said("Policy")]


def _branches(ledger: Ledger) -> Iterator[tuple[str, str]]:
    answer = ledger.ask("for-each-ref", "--format=%(objectname) %(refname)", _BRANCHES, fails=True)
    for line in answer.decode("utf-8", "replace").splitlines():
        tip, _, name = line.partition(" ")
        yield name.removeprefix(_BRANCHES), tip


def _logged(root: Path) -> set[str]:
    """Return every commit at which git's log says that the branches of *root* once were."""
    folders = git_folder(root)
    if folders is None:
        return set()
    logs = [folders[0] / "logs" / "HEAD", *(folders[1] / "logs" / _BRANCHES).rglob("*")]
    found: set[str] = set()
    for log in logs:
        try:
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        names = (line.partition("\t")[0].split(" ", 2) for line in lines)
        found |= {name for words in names for name in words[:2] if _COMMIT.fullmatch(name) and name.strip("0")}
    return found
