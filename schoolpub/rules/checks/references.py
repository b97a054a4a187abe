"""Records that point to others: do these exist, and are they what the field may point to?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schoolpub.errors import Level, Problem, Text, Where, say
from schoolpub.model.catalogue import Field
from schoolpub.model.record import Record, Tree, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.values.written import rows_of
from schoolpub.rules.values.wrong import nearest


def references_lead_somewhere(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Report ids of records that do not exist, are void, or belong to an item that the field does not take."""
    item = snapshot.item(record)
    if item is not None:
        for where, field, wanted in _references(item.fields, record.fields, ("fields",)):
            yield from _judge(record, snapshot, where, wanted, field.to)
    amended = record.body.get("amends")
    if isinstance(amended, str):
        yield from _judge(record, snapshot, ("amends",), amended, ())


def _references(
    fields: Mapping[str, Field], tree: Mapping[str, Tree], where: Where
) -> Iterator[tuple[Where, Field, str]]:
    for key, field in fields.items():
        value = tree.get(key)
        if field.type == "reference":
            if isinstance(value, str):
                yield (*where, key), field, value
        elif field.columns and value is not None:
            for place, row in rows_of(value, field.columns):
                if isinstance(row, dict):
                    yield from _references(field.columns, row, (*where, key, *place))


def _judge(record: Record, snapshot: Snapshot, where: Where, wanted: str, items: tuple[str, ...]) -> Iterator[Problem]:
    found = snapshot.records.get(wanted) or snapshot.records.get(base_id(wanted))
    if found is None:
        message = say("there is no record {id}", id=wanted)
        near = [i for i, r in snapshot.records.items() if not items or r.item in items]
        yield _problem(record, "reference-dangling", message, where, nearest(wanted, near[-200:]))
    elif items and found.item not in items:
        message = say("{id} is a record of “{item}”, which this field does not take", id=wanted, item=found.item)
        yield _problem(record, "reference-item", message, where, say("Write one of: {names}.", names="、".join(items)))
    elif flow.status(snapshot, found) == "void":
        message = say("the record {id} was given up", id=wanted)
        yield _problem(
            record, "reference-void", message, where, say("Write the id of the record that counts."), Level.WARNING
        )


def _problem(
    record: Record, code: str, message: Text, where: Where, fix: Text | None, level: Level = Level.ERROR
) -> Problem:
    return Problem(
        code=code, message=message, fix=fix, level=level, record=record.id, file=record.file, where=where,
        field=".".join(map(str, where[1:] if where[0] == "fields" else where)),
    )  # fmt: skip
