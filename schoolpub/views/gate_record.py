"""The gate for one record: fields, references, attachments and steps that an audience may not see are taken out.

A body that was cut loses its format line `schoolpub:`, so that nobody takes it for the text that was approved:
`is_whole` asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as slot
from datetime import date

from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Attachment, Record, Step, Tree, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow as flows
from schoolpub.rules.clock.deadlines import notice_of
from schoolpub.rules.clock.proofs import INSIDE
from schoolpub.rules.totals import column_totals
from schoolpub.rules.values import Table, Value, read_values
from schoolpub.rules.values.written import stands_alone
from schoolpub.views.fields import field_text

_FORMAT = "schoolpub"
_PUBLIC_SAYS = frozenset({"number", "numbers", "codes", "after", "due", "channel", "place"})
"""What a step may say in public; opinions, reasons, minutes, scans and photos stay inside."""
_TOMBSTONE_SAYS = frozenset({"number", "numbers", "codes", "after", "due", "channel"})
_STOPS = frozenset({"suspend", "resume", "withdraw"})
_LISTS = frozenset({"table", "matrix", "blocks", "list", "long-text", "sections", "person"})
_NAMES = frozenset({"staff-name", "pupil-name", "restricted"})


def is_whole(record: Record) -> bool:
    """Return whether the audience sees all of *record*'s body, so that it may be offered byte for byte."""
    return _FORMAT in record.body


def lists_over(record: Record, item: Item, status: str, snapshot: Snapshot, today: date) -> bool:
    """Return whether the lists of *record* have to be gone on *today*, their notice period being over."""
    if item.after_notice == "keep":
        return False
    notice = notice_of(record, item, snapshot)
    if notice is None and _may_lack_notice(item):
        return status == "ended"
    # Without an end that can be told nobody would ever take the list down.
    return status == "ended" or notice is None or notice.last is None or notice.last < today


def _may_lack_notice(item: Item) -> bool:
    """Return whether records of *item* may be without a notice period: a commendation comes after one."""
    notice = item.notice
    keys = (notice.range or notice.first,) if notice else ()
    return all(item.fields[key].optional for key in keys if key in item.fields)


def gone_fields(item: Item) -> frozenset[str]:
    """Return the fields of *item* that leave when the notice period is over: lists and what names people."""
    return frozenset(key for key, field in item.fields.items() if _goes(field, item))


def _goes(field: Field, item: Item) -> bool:
    level = field.privacy or item.privacy
    if field.privacy in ("none", "aggregate"):
        return False
    return (level in _NAMES and field.type in ("text", "choice") and bool(field.privacy)) or field.type in _LISTS


@dataclass(frozen=True, slots=True)
class Gate:
    """Where a record is held against what may be seen."""

    snapshot: Snapshot
    visible: frozenset[str]
    """Base ids of the records that the audience sees."""
    today: date
    public: bool
    closed: dict[int, dict[str, Field]] = slot(default_factory=dict)
    """Item (by identity) → its fields in which something may have to be taken out."""

    @property
    def inner_boards(self) -> list[str]:
        """Names of the boards that only the school itself sees."""
        return [board.name for board in self.snapshot.school.boards if board.audience == "internal"]

    def reduced(self, record: Record, played: flows.Replay, *, stopped: bool) -> Record:
        """Return *record* as the audience may see it; of what is *stopped* only the gravestone is left."""
        steps = tuple([self._step(taken.step) for taken in played.taken])
        item = self.snapshot.item(record)
        if item is None or stopped or played.status not in flows.PUBLIC_STATUSES:
            return _tombstone(record, item, steps, public=self.public)
        fields = self._open_fields(record.fields, item)
        attachments = tuple(a for a in record.attachments if not _carries_closed(a, item))
        cut: dict[str, object] = {}
        if lists_over(record, item, played.status, self.snapshot, self.today):
            fields = self._without_lists(replace(record, fields=fields), item)
            attachments = ()
            if item.privacy in _NAMES:
                cut["summary"] = ""
        amends = record.body.get("amends")
        hidden = isinstance(amends, str) and base_id(amends) not in self.visible
        if fields == record.fields and attachments == record.attachments and not cut and not hidden:
            return record if steps == record.steps else replace(record, steps=steps)
        body = {k: v for k, v in record.body.items() if k not in (_FORMAT, "fields", "attachments", *cut)}
        if hidden:
            del body["amends"]
        return replace(record, steps=steps, fields=fields, attachments=attachments, body=body, **cut)  # type: ignore[arg-type]

    def _open_fields(self, values: Mapping[str, Tree], item: Item) -> Mapping[str, Tree]:
        """Return *values* without what is closed: the very same ones where nothing has to go."""
        closed = self.closed.get(id(item))
        if closed is None:
            closed = self.closed[id(item)] = {k: field for k, field in item.fields.items() if _has_secrets(field)}
        if values.keys() <= item.fields.keys() - closed.keys():
            return values
        found = {k: value for k, value in values.items() if k in item.fields and k not in closed}
        found |= open_fields({k: value for k, value in values.items() if k in closed}, closed, self.visible)
        return {k: found[k] for k in values if k in found}

    def _step(self, step: Step) -> Step:
        if not self.public:
            return step
        if not step.via and step.says.keys() <= _PUBLIC_SAYS and "place" not in step.says:
            return step
        says = {key: value for key, value in step.says.items() if key in _PUBLIC_SAYS}
        if says.get("place") in self.inner_boards:
            says["place"] = INSIDE
        return Step(step=step.step, by=step.by, role=step.role, at=step.at, on=step.on, content=step.content, says=says)

    def _without_lists(self, record: Record, item: Item) -> Mapping[str, Tree]:
        gone = gone_fields(item)
        fields = {key: value for key, value in record.fields.items() if key not in gone}
        if item.after_notice == "totals":
            values = read_values(record, item, self.snapshot.school).values
            for key in gone & record.fields.keys():
                left = _left(values.get(key), record.fields[key], item.fields[key], item)
                fields |= {key: left} if left else {}
        return {key: fields[key] for key in record.fields if key in fields}


def _left(value: Value, written: Tree, field: Field, item: Item) -> Tree:
    """Return what stays of a list that was taken down: how many it held, its totals, in groups what names nobody."""
    if isinstance(value, Table):
        sums = value.totals or column_totals(value, field)
        told = [f"{field.columns[key].name}合计 {field_text.words(sums[key], field.columns[key])}"
                for key in sums if not _goes(field.columns[key], item)]  # fmt: skip
        note = "，".join(["公示期已满，名单已撤下", f"原有 {len(value.rows)} 项", *told])
        return {"rows": [], "note": note} if value.rows else None
    if field.type != "blocks" or not isinstance(value, tuple) or not isinstance(written, list):
        return None
    return [
        _group_left(group, told, field, item)
        for group, told in zip(value, written, strict=False)
        if isinstance(group, Mapping) and isinstance(told, dict)
    ]


def _group_left(group: Mapping[str, Value], written: Mapping[str, Tree], field: Field, item: Item) -> dict[str, Tree]:
    found: dict[str, Tree] = {}
    for key, part in field.columns.items():
        if isinstance(value := group.get(key), Table):
            found |= {key: left} if (left := _left(value, written.get(key), part, item)) else {}
        elif isinstance(told := written.get(key), str) and not _goes(part, item):
            found[key] = told
    return found


def _tombstone(record: Record, item: Item | None, steps: tuple[Step, ...], *, public: bool) -> Record:
    """Return what is left of *record*; why it was stopped is told to the school itself only."""
    bare = []
    for step in steps:
        told = _TOMBSTONE_SAYS if public or step.step not in _STOPS else _TOMBSTONE_SAYS | {"reason"}
        bare.append(replace(step, via="", says={key: value for key, value in step.says.items() if key in told}))
    title = item.name if item else record.item
    return replace(record, title=title, summary="", body={}, fields={}, attachments=(), steps=tuple(bare))


def _carries_closed(attachment: Attachment, item: Item) -> bool:
    """Return whether *attachment* holds a field that may not be shown."""
    return any(item.fields[key].privacy == "restricted" for key in attachment.carries if key in item.fields)


def _has_secrets(field: Field) -> bool:
    return field.privacy == "restricted" or field.type == "reference" or any(map(_has_secrets, field.columns.values()))


def open_fields(values: Mapping[str, Tree], fields: Mapping[str, Field], visible: frozenset[str]) -> dict[str, Tree]:
    """Return *values* without restricted fields and without references to records that are not visible."""
    found: dict[str, Tree] = {}
    for key, value in values.items():
        field = fields.get(key)
        if field is None or field.privacy == "restricted":
            continue
        if field.type == "reference" and isinstance(value, str) and base_id(value) not in visible:
            continue
        found[key] = _open_within(value, field, visible) if field.columns else value
    return found


def _open_within(value: Tree, field: Field, visible: frozenset[str]) -> Tree:
    known = _with_row_keys(field)
    if isinstance(value, list):
        return [open_fields(row, known, visible) if isinstance(row, dict) else row for row in value]
    if not isinstance(value, dict):
        return value
    if stands_alone(value, field.columns):
        return open_fields(value, known, visible)
    return {
        key: _open_within(part, field, visible) if key == "rows" else _open_totals(key, part, known)
        for key, part in value.items()
    }


def _open_totals(key: str, part: Tree, known: Mapping[str, Field]) -> Tree:
    """Return the totals and footers of a table without those of restricted columns."""
    if not isinstance(part, dict):
        return part
    if key == "footers":
        return {name: _open_totals("totals", line, known) for name, line in part.items()}
    return {name: cell for name, cell in part.items() if name not in known or known[name].privacy != "restricted"}


_ROW_KEYS = {key: Field(key=key, name=key, type="text") for key in ("level", "note")}
"""What every row may carry beside its columns."""


def _with_row_keys(field: Field) -> Mapping[str, Field]:
    return {**_ROW_KEYS, **field.columns}
