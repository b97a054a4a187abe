"""The school itself: names, places, contacts and settings, as `school.yaml` states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A notice board on a wall (公开栏)."""

    name: str
    audience: str
    """`external` or `internal`."""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A declared public contact: an office number, a hotline, the supervising authority."""

    name: str
    telephone: str = ""
    place: str = ""
    hours: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A bank account of the school that may be printed."""

    name: str
    bank: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """Which steps must be signed with a key, from when on, and which a signed paper may vouch for instead."""

    since: date
    steps: tuple[str, ...] = ()
    """Empty: every step."""
    paper: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyWaiver:
    """One finding of the look-out for personal data that somebody let pass, until a day."""

    record: str
    kind: str
    """What was found, as the code of the problem says it: `phone` of `personal-phone`."""
    value: str
    """The masked value, or the head of the column, as the problem shows it."""
    why: str
    by: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """One school and its settings."""

    name: str
    stage: str = ""
    sample: bool = False
    """An invented school: every page and sheet says so."""
    site: str = ""
    """Public address of the site, ending in `/`; empty when there is none."""
    series: str = "校公开"
    """Sender mark of the official number: 校公开〔2026〕31号."""
    series_of: Mapping[str, str] = field(default_factory=dict)
    """Department or item → the sender mark of its own series of numbers; all others use `series`."""
    office: Contact = field(default_factory=lambda: Contact(name="校务公开办公室"))
    authority: Contact | None = None
    """The supervising authority, to whom one may complain (条例 art. 55)."""
    boards: tuple[Board, ...] = ()
    boxes: tuple[Contact, ...] = ()
    """Opinion boxes: name and place."""
    hotlines: tuple[Contact, ...] = ()
    accounts: tuple[Account, ...] = ()
    privacy_waivers: tuple[PrivacyWaiver, ...] = ()
    departments: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    """The classes, each of which has a parents' meeting every term."""
    shared_machine: bool = False
    """Several people act at one office machine: `--as PERSON` is allowed and the step says `via`."""
    small: bool = False
    """A school with too few people for the full flows."""
    large_sum: Decimal = Decimal("3000.00")
    """Spending from this sum on (included) needs a record of its own, in 元."""
    notice_counts_start_day: bool = False
    """Whether the day of posting is day 1 of a notice period; the law's default is no (民法典 art. 201)."""
    due_soon_days: int = 7
    owed_since: date | None = None
    """What fell due before this day is not held against the school: it did not keep records here yet."""
    signatures: Signatures | None = None
    """None: a step may be signed, and need not be."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Other numbers that rules may read as `school.NAME`, as text."""

    @property
    def telephones(self) -> frozenset[str]:
        """Every declared telephone number, digits only."""
        contacts = (self.office, self.authority, *self.boxes, *self.hotlines)
        numbers = (c.telephone for c in contacts if c and c.telephone)
        return frozenset("".join(ch for ch in n if ch.isdigit()) for n in numbers)
