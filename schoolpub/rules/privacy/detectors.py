"""All detectors, in the order of their certainty."""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.rules.privacy.addresses import addresses
from schoolpub.rules.privacy.births import births
from schoolpub.rules.privacy.cards import cards
from schoolpub.rules.privacy.chats import chats
from schoolpub.rules.privacy.emails import emails
from schoolpub.rules.privacy.findings import Finding
from schoolpub.rules.privacy.identities import identities
from schoolpub.rules.privacy.plain import has_number
from schoolpub.rules.privacy.telephones import telephones
from schoolpub.rules.privacy.words import words


def found_in(text: str, known: frozenset[str]) -> Iterator[Finding]:
    """Yield what each detector finds in *text*; what is *known* passes."""
    long = has_number(text)
    yield from identities(text)
    yield from emails(text, known)
    yield from telephones(text, known)
    yield from chats(text, known)
    if long:
        yield from cards(text, known)
    yield from births(text)
    yield from addresses(text, known)
    yield from words(text)
