"""Does a signed yearly register agree with the history?  It is made anew from the commit that it names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from schoolpub.rules.chain import numbering, witness
from schoolpub.store.git.apart import standing_at
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.workspace import Workspace
from schoolpub.views.sheets import yearbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A register from outside, held against the one that the history gives."""

    year: int
    commit: str
    """Up to where it goes; empty when no commit of the history is meant."""
    digest: str = ""
    """The SHA-256 of the register as the history gives it."""
    count: int = 0
    """How many lines it has."""
    differing: tuple[str, ...] = ()
    """The numbers on which they differ."""

    @property
    def agrees(self) -> bool:
        """Whether the history gives the same register."""
        return bool(self.commit and self.digest) and not self.differing


def by_text(ledger: Exchange, told: str) -> Compared | None:
    """Return how the register *told* as text stands to the history; None when it is no register."""
    head = yearbook.read(told)
    if head is None:
        return None
    year, commit = head
    if not ledger.holds(commit):
        return Compared(year=year, commit="", count=_count(told))
    made = _made(ledger, commit, (year,))[year]
    differing = () if made == told else tuple(yearbook.differences(told, made)) or ("",)
    return Compared(year=year, commit=commit, digest=_digest(made), count=_count(told), differing=differing)


def by_code(ledger: Exchange, code: str) -> Compared | None:
    """Return how the register whose *code* was typed stands to the history; None when no commit fits it."""
    meant = [commit for commit in ledger.ask("rev-list", "HEAD").decode().split() if witness.names_commit(code, commit)]
    for commit in meant:
        for year, made in _made(ledger, commit).items():
            if witness.same_code(code, witness.register_code(commit, _digest(made))):
                return Compared(year=year, commit=commit, digest=_digest(made), count=_count(made))
    return Compared(year=0, commit=meant[0]) if meant else None


def by_digest(ledger: Exchange, digest: str) -> Compared | None:
    """Return the register of today's history whose SHA-256 is *digest*; None when it is no such register's."""
    commit = ledger.head()
    for year, made in _made(ledger, commit).items() if commit else ():
        if _digest(made) == digest.strip().lower():
            return Compared(year=year, commit=commit, digest=_digest(made), count=_count(made))
    return None


def _made(ledger: Exchange, commit: str, years: tuple[int, ...] = ()) -> dict[int, str]:
    """Return year → the register as it stood at *commit*; without *years* of all that have numbers."""
    with standing_at(commit, [ledger.folder / "objects"]) as old:
        snapshot = Workspace(old.root).read(cache=False, attachments=False)
    given = (numbering.parse_number(text) for r in snapshot.records.values() for text, _ in numbering.numbers(r))
    wanted = years or sorted({number[1] for number in given if number})
    return {year: yearbook.text(snapshot, year, commit) for year in wanted}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _count(text: str) -> int:
    return sum("\t" in line for line in text.splitlines())
