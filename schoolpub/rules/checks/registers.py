"""What only all records together show: numbers given twice, gaps, two records about the same, two hats on one head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.people import Appointment
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow, numbering
from schoolpub.rules.values.wrong import nearest

_OF_THE_EDITION = frozenset({"id", "edition", "catalogue", "reason", "private", "fields"})
LEADING, SUPERVISING = "领导小组", "监督小组"


def numbers_are_given_once(snapshot: Snapshot) -> Iterator[Problem]:
    """Report records that bear the same official number."""
    for number, first, later in numbering.collisions(snapshot):
        message = say("the number {number} belongs to {other}, too", number=number, other=first.id)
        fix = say("Give it another: `schoolpub renumber {id} --reason …`", id=later.id)
        yield _problem(later, "number-twice", message, _step_with(later, number), fix)


def series_have_users(snapshot: Snapshot) -> Iterator[Problem]:
    """Report a series of numbers whose department or item the school does not have: nothing would bear its numbers."""
    known = {*snapshot.school.departments, *(key for c in snapshot.catalogues.values() for key in c.items)}
    for key in snapshot.school.series_of:
        if key not in known and snapshot.school.departments:
            yield Problem(
                code="series-unused",
                message=say("“{key}” is no department of the school and no item: nothing has its numbers", key=key),
                fix=nearest(key, known),
                file="records/school.yaml",
                where=("series-of", key),
            )


def numbers_have_no_gaps(snapshot: Snapshot) -> Iterator[Problem]:
    """Warn of official numbers that no record bears or bore: a void record keeps its number."""
    used: dict[tuple[str, int], dict[int, tuple[Record, str]]] = defaultdict(dict)
    for record in snapshot.records.values():
        for text, _ in numbering.numbers(record):
            if parsed := numbering.parse_number(text):
                used[parsed[0], parsed[1]][parsed[2]] = record, text
    for given in used.values():
        before = 0
        for number in sorted(given):
            record, text = given[number]
            if number > before + 1:
                gap = f"{before + 1}" if number == before + 2 else f"{before + 1}—{number - 1}"
                message = say("before {number} the numbers {gap} are missing in the register", number=text, gap=gap)
                fix = say("A record was deleted, or not yet fetched from another machine: `schoolpub verify`.")
                yield _problem(record, "number-gap", message, _step_with(record, text), fix, Level.WARNING)
            before = number


def periods_have_one_record(snapshot: Snapshot) -> Iterator[Problem]:
    """Report two records of one item about the same period."""
    seen: dict[tuple[str, str, str], Record] = {}
    for record in snapshot.records.values():
        item = snapshot.item(record)
        if record.period is None or item is None or not item.periodic or flow.status(snapshot, record) == "void":
            continue
        first = seen.setdefault((record.item, record.period.text, record.part), record)
        if first.base != record.base:
            message = say("{other} is about the same period", other=first.id)
            fix = say("Keep one of them: `schoolpub discard`, or `schoolpub correct` for a new edition.")
            yield _problem(record, "period-twice", message, ("period",), fix)


def editions_follow_each_other(snapshot: Snapshot) -> Iterator[Problem]:
    """Report an edition whose predecessor is missing."""
    for record in snapshot.records.values():
        if record.edition < 2:
            continue
        earlier = record.base if record.edition == 2 else f"{record.base}.v{record.edition - 1}"
        if earlier not in snapshot.records:
            message = say("the edition before this one, {id}, is missing", id=earlier)
            fix = say("Restore it from the history: editions are never deleted.")
            yield _problem(record, "edition-gap", message, ("edition",), fix)


def correction_changes_something(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Warn of an edition that says just what the public edition before it says."""
    before = [e for e in editions.editions(snapshot, record.id) if e.edition < record.edition]
    if before and flow.status(snapshot, before[-1]) in flow.PUBLIC_STATUSES and _said(before[-1]) == _said(record):
        message = say("this edition says exactly what the edition {edition} says", edition=before[-1].edition)
        fix = say("Put right what is wrong with `schoolpub edit {id}`, or give it up with `schoolpub discard {id}`.",
                  id=record.id)  # fmt: skip
        yield _problem(record, "edition-unchanged", message, ("fields",), fix, Level.WARNING)


def _said(record: Record) -> dict[str, object]:
    """Return what a reader is told by *record*, the reason for a correction apart."""
    body = {key: value for key, value in record.body.items() if key not in _OF_THE_EDITION}
    return {**body, "fields": {**record.fields, **record.private_fields}}


def groups_are_disjoint(snapshot: Snapshot) -> Iterator[Problem]:
    """Report persons who sit in the leading and in the supervision group at the same time."""
    people = snapshot.people
    for person in people.persons:
        seats = [a for a in people.appointments if a.person == person]
        leading = [a for a in seats if a.answers_to(LEADING)]
        supervising = [a for a in seats if a.answers_to(SUPERVISING)]
        both = next(((a, b) for a in leading for b in supervising if _overlap(a, b)), None)
        if both:
            since = max(both[0].since, both[1].since)
            message = say(
                "{person} sits in {one} and in {other} from {day} on",
                person=people.name(person), one=LEADING, other=SUPERVISING, day=since.isoformat(),
            )  # fmt: skip
            yield Problem(
                code="groups-overlap",
                message=message,
                fix=say("End one of the two appointments before the other begins."),
                file="records/people.yaml",
                where=("appointments",),
            )


def _overlap(one: Appointment, other: Appointment) -> bool:
    return one.since <= (other.until or date.max) and other.since <= (one.until or date.max)


def _step_with(record: Record, number: str) -> Where:
    index = max((i for i, step in enumerate(record.steps) if step.said("number") == number), default=0)
    return ("steps", index, "number")


def _problem(record: Record, code: str, message: Text, where: Where, fix: Text, level: Level = Level.ERROR) -> Problem:
    return Problem(code=code, message=message, fix=fix, level=level, record=record.id, file=record.file, where=where)
