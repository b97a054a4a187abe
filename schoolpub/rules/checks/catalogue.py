"""Does the record fit the catalogue that it names: edition, item, audience, department, period, explanations?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions
from schoolpub.rules.identity import path_of
from schoolpub.rules.values.wrong import nearest

_NARROWER = {"both": ("both", "external", "internal"), "external": ("external",), "internal": ("internal",)}
"""Audience of the item → audiences that its records may have."""
_AUDIENCES: Mapping[str, Text] = {
    "both": say("inside and outside the school"),
    "external": say("outside the school"),
    "internal": say("inside the school"),
}
_KINDS: Mapping[str, Text] = {
    "month": say("a month"),
    "quarter": say("a quarter"),
    "week": say("a week"),
    "term": say("a term"),
    "year": say("a year"),
    "school-year": say("a school year"),
    "span": say("a span of time"),
}
"""Kind of period → its name."""


def edition_is_known(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report a catalogue edition that does not exist, or was not in force when the record was drafted.

    A correction may keep the catalogue of the edition that it corrects: the same form, the same chain.
    """
    known = [edition.isoformat() for edition in sorted(snapshot.catalogues)]
    if record.catalogue not in snapshot.catalogues:
        message = say("there is no edition {edition} of the catalogue", edition=record.catalogue.isoformat())
        yield _problem(record, "catalogue-unknown", message, ("catalogue",), nearest(str(record.catalogue), known))
        return
    if not record.steps or _corrects(record, snapshot):
        return
    drafted = record.steps[0].at.date()
    in_force = snapshot.in_force(drafted)
    if in_force is None or in_force.edition != record.catalogue:
        right = in_force.edition.isoformat() if in_force else "-"
        message = say(
            "the edition {edition} of the catalogue was not in force on {day}, when the record was drafted",
            edition=record.catalogue.isoformat(),
            day=drafted.isoformat(),
        )
        yield _problem(
            record, "catalogue-not-in-force", message, ("catalogue",), say("In force was {edition}.", edition=right)
        )


def _corrects(record: Record, snapshot: Snapshot) -> bool:
    """Return whether *record* is a later edition of one with the same catalogue."""
    before = editions.editions(snapshot, record.id) if record.edition > 1 else ()
    return any(r.catalogue == record.catalogue for r in before if r.edition < record.edition)


def item_is_known(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report an item that the edition does not have."""
    catalogue = snapshot.catalogues.get(record.catalogue)
    if catalogue is not None and record.item not in catalogue.items:
        message = say("the catalogue has no item {item}", item=record.item)
        yield _problem(record, "item-unknown", message, ("item",), nearest(record.item, catalogue.items))


def record_fits_item(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report what the item does not allow: a wider audience, another kind of period, an unknown part."""
    item = snapshot.item(record)
    if item is None:
        return
    allowed = _NARROWER.get(item.audience, ())
    if record.audience not in allowed:
        message = say(
            "the audience “{audience}” is wider than “{item}” allows, which is “{most}”",
            audience=_AUDIENCES.get(record.audience, record.audience), item=item.name,
            most=_AUDIENCES.get(item.audience, item.audience),
        )  # fmt: skip
        fix = say("Write one of: {names}.", names="、".join(allowed))
        yield _problem(record, "audience-too-wide", message, ("audience",), fix)
    yield from _period(record, item)
    for index, attachment in enumerate(record.attachments):
        for place, key in enumerate(attachment.carries):
            if key not in item.fields:
                message = say("the attachment carries {key}, but “{item}” has no such field", key=key, item=item.name)
                where = ("attachments", index, "carries", place)
                yield _problem(record, "carries-unknown", message, where, nearest(key, item.fields))


def _period(record: Record, item: Item) -> Iterator[Problem]:
    if item.periodic:
        kinds = item.period.split()
        if record.period is None:
            message = say("“{item}” is about a period, not a date", item=item.name)
            yield _problem(record, "record-period", message, ("date",), say("Write period: …"))
        elif record.period.kind not in kinds:
            message = say(
                "the period {period} is {kind}, but “{item}” takes {kinds}",
                period=record.period.text, kind=_KINDS[record.period.kind], item=item.name, kinds=_any_of(kinds),
            )  # fmt: skip
            fix = say("Write a month 2026-10, a quarter 2026Q4, a week 2026-W44, a term 2026-2027-1 or a year 2026.")
            yield _problem(record, "record-period", message, ("period",), fix)
    elif record.date is None:
        message = say("“{item}” is about an event and needs its date", item=item.name)
        yield _problem(record, "record-period", message, ("period",), say("Write date: 2026-11-03"))
    parts = "、".join(f"{key}（{name}）" for key, name in item.parts.items())
    if record.part and record.part not in item.parts:
        message = say("“{item}” has no part “{part}”", item=item.name, part=record.part)
        fix = say("Write one of: {names}.", names=parts) if parts else say("Delete this line.")
        yield _problem(record, "part-unknown", message, ("part",), fix)
    elif not record.part and item.duties and all(duty.part for duty in item.duties):
        message = say("“{item}” is published in parts, and this record does not say which it is", item=item.name)
        yield _problem(record, "part-missing", message, ("part",), say("Write part: and one of {names}.", names=parts))


def _any_of(kinds: list[str]) -> Text:
    """Return *kinds* of periods in words: a month or a quarter."""
    names = [_KINDS.get(kind, Text(kind)) for kind in kinds]
    return reduce(lambda some, other: say("{some} or {other}", some=some, other=other), names)


def department_is_known(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report a department that the school does not have."""
    known = snapshot.school.departments
    if known and record.department not in known:
        message = say("the school has no department “{department}”", department=record.department)
        yield _problem(record, "department-unknown", message, ("department",), nearest(record.department, known))


def file_is_in_its_place(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report a file that is not called after its record, or lies in another folder than its ledger and year."""
    name = record.file.rpartition("/")[2]
    if name != f"{record.id}.yaml":
        message = say("the file is called {name}, but holds the record {id}", name=name, id=record.id)
        yield _problem(record, "file-name", message, ("id",), say("Call the file {name}.", name=f"{record.id}.yaml"))
        return
    item = snapshot.item(record)
    if item is not None and record.file != (right := path_of(item, record.id, record.year)):
        message = say("the record lies in a folder of another ledger or year")
        yield _problem(record, "file-folder", message, (), say("Move it to {path}.", path=right))


def explanations_have_a_rule(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Warn of an explanation in `says` for a rule that does not exist."""
    item = snapshot.item(record)
    if item is None or not record.says:
        return
    known = {rule.name for rule in item.rules if rule.name} | set(item.fields)
    for key, field in item.fields.items():
        known |= {f"{key}.{column}" for column in field.columns} | {f"{key}.{line}" for line in field.footers}
    known |= {"model-text"}
    for key in record.says:
        if key not in known:
            message = say("there is no rule “{name}” to explain", name=key)
            yield _problem(record, "says-unknown", message, ("says", key), nearest(key, known), Level.WARNING)


def _problem(
    record: Record, code: str, message: Text, where: Where, fix: Text | None, level: Level = Level.ERROR
) -> Problem:
    return Problem(
        code=code, message=message, fix=fix, level=level, record=record.id, file=record.file, where=where,
        field=".".join(map(str, where)),
    )  # fmt: skip
