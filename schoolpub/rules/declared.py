"""What the school has declared as its own: its numbers, addresses and places are nobody's personal data."""

from __future__ import annotations

from schoolpub.model.people import People
from schoolpub.model.school import School


def declared_of(school: School, people: People | None = None) -> frozenset[str]:
    """Return what *school* has declared as its own: telephones, accounts, office e-mails and places."""
    contacts = [c for c in (school.office, school.authority, *school.boxes, *school.hotlines) if c]
    places = [c.place for c in contacts] + [board.place for board in school.boards]
    emails = [c.email for c in contacts]
    if people is not None:
        emails += [email for person in people.persons.values() for email in person.emails]
    accounts = ["".join(ch for ch in account.number if ch.isdigit()) for account in school.accounts]
    return school.telephones | frozenset(t for t in (*accounts, *places, *(email.casefold() for email in emails)) if t)
