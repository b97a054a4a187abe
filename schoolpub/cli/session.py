"""One run of a command in a school's folder: what was read, who acts, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from schoolpub.cli import clock, console, framework
from schoolpub.errors import Problem, ProblemsFound, SchoolpubError, WrongCommandLine, errors, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, numbering
from schoolpub.rules.clock.as_of import known_on
from schoolpub.store.files import private
from schoolpub.store.files.layout import LEDGERS, PEOPLE, SCHOOL
from schoolpub.store.git.git_folder import git_state, interrupted, last_commit
from schoolpub.store.reading import ERASE
from schoolpub.store.workspace import Workspace, find_root

if TYPE_CHECKING:
    from schoolpub.store.git.ledger import Ledger

_SHORT = re.compile(r"\d{0,4}", re.ASCII)


@dataclass
class Session:
    """The school's folder, read once; `acting` reads it again under the lock before something is written."""

    root: Path
    as_person: str = ""
    as_of: str = ""
    thorough: bool = False
    """Whether it is also looked which files lie beside the records."""
    writes: bool = False
    """Whether something is to be written: an act sees every record, whatever day is judged."""
    moment: clock.Moment = field(default_factory=clock.now)

    @cached_property
    def workspace(self) -> Workspace:
        """The files."""
        return Workspace(self.root)

    @cached_property
    def snapshot(self) -> Snapshot:
        """Everything that was read; with `--as-of`, as it stood on that day."""
        read = self.workspace.read(attachments=self.thorough)
        if not self.as_of or self.writes:
            return read
        return known_on(self._under_the_policy_of_then(read), self.today)

    def _under_the_policy_of_then(self, read: Snapshot) -> Snapshot:
        """Return *read* under the calendar, catalogue and posts as they were recorded on the day that is judged."""
        if self.today >= self.moment.today or not self.ledger.exists():
            return read
        from schoolpub.store.files import policy

        then = policy.recorded_on(self.ledger, self.today)
        if then is None or policy.changed(then, policy.present(self.root)) == {}:
            return read
        return policy.snapshot_with(read, then)[0]

    @property
    def adopted(self) -> Snapshot:
        """What was read, under the policy that was adopted: what lies edited in the folder lets nobody act."""
        if self._recorded_policy is None:
            return self.snapshot
        from schoolpub.store.files.policy import snapshot_with

        return snapshot_with(self.snapshot, self._recorded_policy)[0]

    @cached_property
    def _recorded_policy(self) -> Mapping[str, bytes] | None:
        """The policy as the last commit has it, None where the folder says the same."""
        from schoolpub.store.files import policy

        edited = self.ledger.exists() and policy.edited(self.ledger)
        return policy.recorded(self.ledger) if edited else None

    @property
    def declared(self) -> frozenset[str]:
        """Numbers, addresses and places that the school declared as its own."""
        from schoolpub.rules.declared import declared_of

        return declared_of(self.snapshot.school, self.snapshot.people)

    @cached_property
    def ledger(self) -> Ledger:
        """The git history."""
        from schoolpub.store.git.ledger import Ledger

        return Ledger(self.root)

    @cached_property
    def today(self) -> date:
        """The day that is judged: `--as-of`, else the clock's."""
        return day(self.as_of) if self.as_of else self.moment.today

    @contextmanager
    def acting(self) -> Iterator[Session]:
        """Hold the lock; finish what a killed command left; read again, since others may have acted meanwhile."""
        with self.ledger.lock():
            self.recover()
            framework.acted_on.append((self.root, last_commit(self.root)))
            self.writes = True
            for known in ("snapshot", "_recorded_policy"):
                self.__dict__.pop(known, None)
            self.moment = clock.now()  # somebody else's act may have been waited for
            private.settle(self.root, self._stands)
            yield self

    def _stands(self, record_id: str, digest: str) -> bool | None:
        """Return whether a record names the private text with *digest*; None where that is not sure."""
        record = self.snapshot.records.get(record_id)
        if record is None:
            held = any(name.endswith(f"/{record_id}.yaml") for name in self.ledger.listed("records"))
            return None if held else False
        if self.ledger.contents([f"HEAD:{record.file}"])[0] != self.workspace.data(record.file):
            return None
        erased = any(step.step == ERASE for step in record.steps)
        return digest == ("" if erased else str(record.body.get("private") or ""))

    def recover(self) -> None:
        """Finish what a killed command left, and say so."""
        completed = self.ledger.recover()
        if completed:
            console.note(say("An earlier command was interrupted; completed: {files}", files=", ".join(completed)))
        if left := self.ledger.left:
            console.note(
                say(
                    "An earlier command was interrupted; {files} were changed since and stay as they are.",
                    files=", ".join(left),
                )
            )

    @cached_property
    def typist(self) -> str:
        """The person at the keyboard: git's `user.email`, matched in `people.yaml`; empty when unknown."""
        person = self.snapshot.people.by_email(self.ledger.user_email())
        return person.id if person else ""

    @cached_property
    def actor(self) -> str:
        """The person whose act it is."""
        self._registers_are_sound()
        if self.as_person:
            return self._as_other(self.as_person)
        if not self.typist:
            email = self.ledger.user_email()
            raise SchoolpubError(
                say("people.yaml knows nobody with the e-mail “{email}”.", email=email or "-"),
                fix=say("set yours with `git config user.email NAME@…`, or have it entered in records/people.yaml"),
            )
        return self.typist

    def _registers_are_sound(self) -> None:
        registers = (p for p in self.snapshot.problems if p.file in (PEOPLE, SCHOOL))
        if mistakes := errors(registers):
            located = self.workspace.locate(mistakes)
            raise ProblemsFound(located, say("Nobody can act before this is mended: it says who may."))

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

    def stamp(self) -> str:
        """Return what tells the state of all files, and of git, from any other; nothing where that cannot be told."""
        files = self.workspace.stamp()
        return f"{files} {git_state(self.root)}" if files else ""

    def state_of_tree(self) -> tuple[str, bool | None] | None:
        """Return the commit and whether the records are as it says, None outside git.

        Where git cannot be asked, the commit stands in its files, and nobody knows the rest.
        """
        if not self.ledger.exists():
            return None
        try:
            return self.ledger.head(), self.ledger.clean()
        except SchoolpubError:
            return last_commit(self.root), None

    def person(self, name: str) -> str:
        """Return the slug of a person given by slug or name."""
        self._registers_are_sound()
        for person in self.snapshot.people.persons.values():
            if name in (person.id, person.name):
                return person.id
        raise SchoolpubError(
            say("people.yaml knows no “{person}”.", person=name),
            fix=say("known: {persons}", persons="、".join(self.snapshot.people.persons)),
        )

    def record(self, wanted: str) -> Record:
        """Return the record meant by an id, an unambiguous part of it, or an official number.

        The number may be short (31, 2026-31) or whole (校公开〔2026〕31号), and also one that was replaced since.
        """
        records = self.snapshot.records
        if wanted in records:
            return records[wanted]
        if wanted.endswith(".v1") and wanted[:-3] in records:
            return records[wanted[:-3]]
        found = numbering.called(self.snapshot, wanted, self.today.year)
        if not _SHORT.fullmatch(wanted):  # 31 is a number and never a part; 2026-10 may be a month as well
            found += [r for r in records.values() if wanted and wanted in r.id]
        latest = _latest_editions(self.snapshot, found)
        if len(latest) == 1:
            return latest[0]
        if not latest:
            if mistakes := self.mistakes_in(wanted):
                raise ProblemsFound(mistakes, say("“{wanted}” cannot be read: mend its file first.", wanted=wanted))
            raise SchoolpubError(
                say("There was no record “{wanted}” on {day}.", wanted=wanted, day=self.as_of)
                if self.as_of and not self.writes
                else say("There is no record “{wanted}”.", wanted=wanted),
                fix=say("`schoolpub list` shows all ids"),
            )
        raise SchoolpubError(
            say("“{wanted}” means several records: {ids}", wanted=wanted, ids="、".join(map(_called, latest[:8]))),
            fix=say("write the id, or the number with its series: 校公开〔2026〕31号"),
        )

    def mistakes_in(self, wanted: str) -> list[Problem]:
        """Return why the file of the record *wanted* could not be read."""
        found = (p for p in self.snapshot.problems if p.file.endswith(".yaml") and p.file.split("/")[1] in LEDGERS)
        return errors(p for p in found if wanted and wanted in p.file.rpartition("/")[2].removesuffix(".yaml"))


def open_session(
    root: Path | None, as_person: str = "", as_of: str = "", *, thorough: bool = False, writes: bool = False
) -> Session:
    """Return a session in *root*, or in the school's folder found upwards from here.

    What a killed command left half done is finished first, so that even a look shows what happened.
    """
    session = Session(find_root(root or Path.cwd()), as_person, as_of, thorough, writes)
    if interrupted(session.root):
        try:
            session.recover()
        except (SchoolpubError, OSError) as stop:  # looking must be possible all the same; an act will be refused
            console.refusal(stop if isinstance(stop, SchoolpubError) else framework.unreachable(stop))
    return session


def day(text: str) -> date:
    """Return the day written as *text*; raise SchoolpubError when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongCommandLine(say("“{text}” is no date.", text=text), fix=say("write it as 2026-11-03")) from None


def _called(record: Record) -> str:
    """Return how a record is told from others: its id, with the number that it bears."""
    number = numbering.number_of(record)
    return f"{record.id}（{number}）" if number else record.id


def _latest_editions(snapshot: Snapshot, records: list[Record]) -> list[Record]:
    """Return, for each of *records*, the edition that counts: the latest that was not given up."""
    latest = {record.base: editions.current(snapshot, record.id) or record for record in records}
    return list(latest.values())
