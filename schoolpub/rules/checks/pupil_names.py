"""Names of pupils where outsiders can read them: masked, unless the consent is recorded (standards §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from schoolpub.errors import Problem, Where, say
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.privacy import Kind, is_masked, mask_name
from schoolpub.rules.privacy.findings import LAWS

_CONSENT = "consent"
_NO = frozenset(["", "no", "n", "false", "否", "无", "未", "未取得", "没有", "-", "/"])


def pupil_names(record: Record, snapshot: Snapshot) -> Iterator[Problem]:
    """Yield pupils' full names in a *record* for outsiders that neither the row nor the record has a consent for."""
    item = snapshot.item(record)
    if item is None or "internal" in (record.audience, item.audience):
        return
    if _consented(record.body) or _consented(record.fields):
        return
    for key, field in item.fields.items():
        if key in record.fields:
            yield from _in(record.fields[key], field, item, record, ("fields", key))


def _in(tree: Tree, field: Field, item: Item, record: Record, where: Where) -> Iterator[Problem]:
    if isinstance(tree, str):
        if _names_pupils(field, item) and tree.strip() and not is_masked(tree):
            yield _unmasked(tree, record, where)
    elif isinstance(tree, list):
        for number, part in enumerate(tree):
            yield from _in(part, field, item, record, (*where, number))
    elif isinstance(tree, dict) and not _consented(tree):
        if isinstance(rows := tree.get("rows"), list) and "rows" not in field.columns:
            yield from _in(rows, field, item, record, (*where, "rows"))
        for key, column in field.columns.items():
            if key in tree:
                yield from _in(tree[key], _of(column, field), item, record, (*where, key))


def _of(column: Field, table: Field) -> Field:
    """Return *column* with the privacy of its table where it has none of its own."""
    return replace(column, privacy=table.privacy) if table.privacy and not column.privacy else column


def _names_pupils(field: Field, item: Item) -> bool:
    return field.type == "person" and (field.privacy or item.privacy) == "pupil-name"


def _consented(tree: Mapping[str, Tree]) -> bool:
    said = tree.get(_CONSENT)
    if isinstance(said, str):
        return said.strip().casefold() not in _NO
    return bool(said)


def _unmasked(name: str, record: Record, where: Where) -> Problem:
    masked, law = mask_name(name), LAWS[Kind.NAME]
    return Problem(
        code=f"personal-{Kind.NAME}",
        message=say("A pupil's full name is not shown to outsiders: {masked} ({law}).", masked=masked, law=law),
        fix=say("write {masked}, or record the consent with `consent: recorded`", masked=masked),
        record=record.id,
        file=record.file,
        where=where,
        field=".".join(str(part) for part in where[1:]),
    )
