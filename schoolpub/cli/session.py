"""One run of a command in a school's folder: what was read, who acts, and when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from schoolpub.cli import clock, console
from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.numbering import number_of, parse_number
from schoolpub.store.workspace import Workspace, find_root

if TYPE_CHECKING:
    from schoolpub.store.ledger import Ledger


@dataclass
class Session:
    """The school's folder, read once; `acting` reads it again under the lock before something is written."""

    root: Path
    as_person: str = ""
    as_of: str = ""
    moment: clock.Moment = field(default_factory=clock.now)

    @cached_property
    def workspace(self) -> Workspace:
        """The files."""
        return Workspace(self.root)

    @cached_property
    def snapshot(self) -> Snapshot:
        """Everything that was read."""
        return self.workspace.read()

    @cached_property
    def ledger(self) -> Ledger:
        """The git history."""
        from schoolpub.store.ledger import Ledger

        return Ledger(self.root)

    @cached_property
    def today(self) -> date:
        """The day that is judged: `--as-of`, else the clock's."""
        return day(self.as_of) if self.as_of else self.moment.today

    @contextmanager
    def acting(self) -> Iterator[Session]:
        """Hold the lock; finish what a killed command left; read again, since others may have acted meanwhile."""
        with self.ledger.lock():
            if completed := self.ledger.recover():
                console.note(say("An earlier command was interrupted; completed: {files}", files=", ".join(completed)))
            self.__dict__.pop("snapshot", None)
            yield self

    @cached_property
    def typist(self) -> str:
        """The person at the keyboard: git's `user.email`, matched in `people.yaml`; empty when unknown."""
        person = self.snapshot.people.by_email(self.ledger.user_email())
        return person.id if person else ""

    @cached_property
    def actor(self) -> str:
        """The person whose act it is."""
        if self.as_person:
            return self._as_other(self.as_person)
        if not self.typist:
            email = self.ledger.user_email()
            raise SchoolpubError(
                say("people.yaml knows nobody with the e-mail “{email}”.", email=email or "-"),
                fix=say("set yours with `git config user.email NAME@…`, or have it entered in records/people.yaml"),
            )
        return self.typist

    def _as_other(self, person: str) -> str:
        people = self.snapshot.people
        found = [p.id for p in people.persons.values() if person in (p.id, p.name)]
        if not found:
            raise SchoolpubError(
                say("people.yaml knows no “{person}”.", person=person),
                fix=say("known: {persons}", persons="、".join(people.persons)),
            )
        if found[0] != self.typist and not self.snapshot.school.shared_machine:
            raise SchoolpubError(
                say("--as is only for a shared office machine."),
                fix=say("put `shared-machine: yes` into records/school.yaml, or act under your own e-mail"),
            )
        return found[0]

    def state_of_tree(self) -> tuple[str, bool] | None:
        """Return the commit and whether the records are as it says; None outside git."""
        ledger = self.ledger
        return (ledger.head(), ledger.clean()) if ledger.exists() else None

    def person(self, name: str) -> str:
        """Return the slug of a person given by slug or name."""
        for person in self.snapshot.people.persons.values():
            if name in (person.id, person.name):
                return person.id
        raise SchoolpubError(
            say("people.yaml knows no “{person}”.", person=name),
            fix=say("known: {persons}", persons="、".join(self.snapshot.people.persons)),
        )

    def record(self, wanted: str) -> Record:
        """Return the record meant by an id, an unambiguous part of it, or an official number (31, 2026-31)."""
        records = self.snapshot.records
        if wanted in records:
            return records[wanted]
        found = _by_number(self.snapshot, wanted, self.today.year) or [r for r in records.values() if wanted in r.id]
        latest = _latest_editions(found)
        if len(latest) == 1:
            return latest[0]
        if not latest:
            raise SchoolpubError(
                say("There is no record “{wanted}”.", wanted=wanted), fix=say("`schoolpub list` shows all ids")
            )
        raise SchoolpubError(
            say("“{wanted}” means several records: {ids}", wanted=wanted, ids="、".join(r.id for r in latest[:8])),
            fix=say("give more of the id"),
        )


def open_session(root: Path | None, as_person: str = "", as_of: str = "") -> Session:
    """Return a session in *root*, or in the school's folder found upwards from here."""
    return Session(find_root(root or Path.cwd()), as_person, as_of)


def day(text: str) -> date:
    """Return the day written as *text*; raise SchoolpubError when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SchoolpubError(say("“{text}” is no date.", text=text), fix=say("write it as 2026-11-03")) from None


def _by_number(snapshot: Snapshot, wanted: str, this_year: int) -> list[Record]:
    year, _, number = wanted.rpartition("-")
    if not number.isdigit() or (year and not year.isdigit()):
        return []
    target = (int(year) if year else this_year, int(number))
    numbered = ((record, parse_number(number_of(record))) for record in snapshot.records.values())
    return [record for record, number in numbered if number and number[1:] == target]


def _latest_editions(records: list[Record]) -> list[Record]:
    latest: dict[str, Record] = {}
    for record in records:
        if record.base not in latest or latest[record.base].edition < record.edition:
            latest[record.base] = record
    return list(latest.values())
