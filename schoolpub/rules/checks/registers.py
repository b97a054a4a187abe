"""What only all records together show: numbers given twice, gaps, two records about the same, two hats on one head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.people import Appointment
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.chain.numbering import number_of, numbers, parse_number

LEADING, SUPERVISING = "领导小组", "监督小组"


def numbers_are_given_once(snapshot: Snapshot) -> Iterator[Problem]:
    """Report records that bear the same official number."""
    bearers: dict[str, Record] = {}
    for record in _by_time(snapshot):
        number = number_of(record)
        if not number:
            continue
        if (first := bearers.setdefault(number, record)) is not record:
            message = say("the number {number} belongs to {other}, too", number=number, other=first.id)
            fix = say("Give one of them another: `schoolpub do {id} renumber --set reason=…`", id=record.id)
            yield _problem(record, "number-twice", message, _step_with(record, number), fix)


def numbers_have_no_gaps(snapshot: Snapshot) -> Iterator[Problem]:
    """Warn of official numbers that no record bears or bore: a void record keeps its number."""
    used: dict[tuple[str, int], dict[int, tuple[Record, str]]] = defaultdict(dict)
    for record in snapshot.records.values():
        for text, _ in numbers(record):
            if parsed := parse_number(text):
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


def _by_time(snapshot: Snapshot) -> list[Record]:
    """Return the records in the order in which they were last given a number."""

    def moment(record: Record) -> tuple[str, str]:
        given = [step.at.isoformat() for _, step in numbers(record)]
        return (given[-1] if given else "", record.id)

    return sorted(snapshot.records.values(), key=moment)


def _step_with(record: Record, number: str) -> Where:
    index = max((i for i, step in enumerate(record.steps) if step.said("number") == number), default=0)
    return ("steps", index, "number")


def _problem(record: Record, code: str, message: Text, where: Where, fix: Text, level: Level = Level.ERROR) -> Problem:
    return Problem(code=code, message=message, fix=fix, level=level, record=record.id, file=record.file, where=where)
