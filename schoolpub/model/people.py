"""Persons and what they were entitled to, from when until when, as `people.yaml` states them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who acts: a slug, a name, the e-mails that git knows them by."""

    id: str
    name: str
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A role, or a seat in a body, held by a person between two dates (both included)."""

    person: str
    role: str
    department: str = ""
    """Empty: for the whole school."""
    body: str = ""
    """领导小组, 监督小组 …; empty for a plain role."""
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether the appointment is in force on *day*."""
        return self.since <= day and (self.until is None or day <= self.until)

    def answers_to(self, name: str) -> bool:
        """Return whether a flow that asks for *name* (a role or a body) means this appointment."""
        return name in (self.role, self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A person's SSH public key and the days on which it counts."""

    person: str
    key: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The register of persons, appointments and keys."""

    persons: Mapping[str, Person] = field(default_factory=dict)
    appointments: tuple[Appointment, ...] = ()
    keys: tuple[Key, ...] = ()
    _emails: Mapping[str, Person] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note whose each e-mail is: a proof asks for every commit."""
        known = reversed(list(self.persons.values()))
        object.__setattr__(self, "_emails", {email.casefold(): person for person in known for email in person.emails})

    def by_email(self, email: str) -> Person | None:
        """Return the person whom git knows by *email* (upper and lower case alike)."""
        return self._emails.get(email.strip().casefold())

    def held(self, person: str, day: date) -> Iterator[Appointment]:
        """Yield the appointments that *person* holds on *day*."""
        return (a for a in self.appointments if a.person == person and a.holds_on(day))

    def name(self, person: str) -> str:
        """Return the person's name, or the slug when the register does not know them."""
        known = self.persons.get(person)
        return known.name if known else person

    def ident(self, person: str) -> tuple[str, str]:
        """Return the name and the e-mail address under which the history knows *person*."""
        known = self.persons.get(person)
        return self.name(person), known.emails[0] if known and known.emails else f"{person}@school.invalid"
