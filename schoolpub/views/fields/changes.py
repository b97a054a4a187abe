"""What a correction changed: the edition before beside the new one, field by field, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Record
from schoolpub.rules.judge.lines import row_keys
from schoolpub.rules.values import Matrix, MatrixRow, Row, Section, Table, Value, read_values
from schoolpub.views import formats, gate_record
from schoolpub.views.context import Context
from schoolpub.views.fields import field_text
from schoolpub.views.fields.field_text import Around

_NOTHING = "（空）"
_LONG = 60
"""A text that is longer is told paragraph by paragraph."""
_MOST = 12
"""Lines told of one field; what is beyond is counted."""


def since_before(record: Record, item: Item, context: Context) -> dict[str, Any] | None:
    """Return what *record* changed of the posted edition before it, None for a first edition."""
    earlier = [e for e in context.editions[record.base] if e.edition < record.edition]
    if not earlier or not record.body or not earlier[-1].body:
        return None
    old = earlier[-1]
    posts = [context.replay(edition).last("post") for edition in (old, record)]
    reason = record.body.get("reason")
    return {
        "lead": f"与第{old.edition}版相比",
        "reason": reason if isinstance(reason, str) else "",
        "before": formats.day(posts[0].day) if posts[0] else "",
        "after": formats.day(posts[1].day) if posts[1] else "",
        "fields": between(old, record, item, context),
    }


def between(old: Record, new: Record, item: Item, context: Context) -> list[dict[str, Any]]:
    """Return the fields that differ as `name` and `lines`; lists that were taken down are left out."""
    found = [_change("标题", old.title, new.title), _change("摘要", old.summary, new.summary)]
    found += [_change("责任部门", old.department, new.department)]
    found.append(_change("公开范围", *(formats.AUDIENCES.get(r.audience, r.audience) for r in (old, new))))
    found.append(_change(item.date_name, *(formats.day(r.date) if r.date else "" for r in (old, new))))
    values = [read_values(r, item, context.seen.school).values for r in (old, new)]
    statuses = [context.replay(r).status for r in (old, new)]
    over = any(
        gate_record.lists_over(r, item, s, context.seen, context.today)
        for r, s in zip((old, new), statuses, strict=True)
    )
    gone = gate_record.gone_fields(item) if over else frozenset()
    titles = {e.id: context.title(e) for key in context.mentioned(old) | context.mentioned(new)
              for e in context.editions[key]}  # fmt: skip
    around = Around({**titles, **{key.partition(".v")[0]: title for key, title in titles.items()}}, {}, None)
    for key, field in item.fields.items():
        if key not in gone:
            found.append(_field(field, values[0].get(key), values[1].get(key), around))
    found.append(_attachments(old, new))
    return [change for change in found if change["lines"]]


def _change(name: str, old: str, new: str) -> dict[str, Any]:
    return {"name": name, "lines": [] if old == new else _told(old, new)}


def _told(old: str, new: str) -> list[str]:
    if old == new:  # entered in another way, and no difference to a reader
        return []
    if max(len(old), len(new)) > _LONG or "\n" in old + new:
        return _paragraphs(old.splitlines(), new.splitlines())
    if not old:
        return [f"补充“{new}”"]
    if not new:
        return [f"删去“{old}”"]
    return [f"由“{old}”改为“{new}”"]


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> list[str]:
    lines = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if kind == "replace":
            lines.append(f"由“{before}”改为“{after}”")
        elif kind == "delete":
            lines.append(f"删去“{before}”")
        elif kind == "insert":
            lines.append(f"补充“{after}”")
    return lines


def _field(field: Field, old: Value, new: Value, around: Around) -> dict[str, Any]:
    lines = [] if old == new else _lines(field, old, new, around)
    if len(lines) > _MOST:
        lines = [*lines[:_MOST], f"另有 {len(lines) - _MOST} 处改动，见两版全文"]
    return {"name": field.name, "lines": lines}


def _lines(field: Field, old: Value, new: Value, around: Around) -> list[str]:
    if isinstance(old, Table | None) and isinstance(new, Table | None) and (old or new):
        return _table(field, old or Table(()), new or Table(()), around)
    if isinstance(old, Matrix | None) and isinstance(new, Matrix | None) and (old or new):
        return _matrix(field, old or Matrix((), ()), new or Matrix((), ()))
    if field.type == "blocks":
        return _groups(field, old or (), new or (), around)
    return _told(_words(old, field, around), _words(new, field, around))


def _words(value: Value, field: Field, around: Around) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], Section):
        return "\n".join(str(p["text"]) for p in field_text.paragraphs(value))
    text = field_text.words(value, field, around)
    unit = field_text.unit(value, field)
    return f"{text} {unit}" if text and unit else text


def _table(field: Field, old: Table, new: Table, around: Around) -> list[str]:
    columns = {**(old.columns or field.columns), **(new.columns or field.columns)}
    lines = _rows(_named(old.rows, field, columns, around), _named(new.rows, field, columns, around), columns, around)
    for key in dict.fromkeys((*old.totals, *new.totals)):
        column = columns.get(key)
        if column and (told := _from_to(old.totals.get(key), new.totals.get(key), column, around)):
            lines.append(f"合计·{column.name}：{told}")
    for name in dict.fromkeys((*old.footers, *new.footers)):
        if old.footers.get(name) != new.footers.get(name):
            lines.append(f"{name}：有改动")
    if old.unit != new.unit and (old.rows and new.rows):
        lines.append(f"单位：由“{old.unit or '元'}”改为“{new.unit or '元'}”")
    if old.note != new.note:
        lines += [f"注：{line}" for line in _told(old.note, new.note)]
    return lines


def _named(rows: Sequence[Row], field: Field, columns: Mapping[str, Field], around: Around) -> dict[str, Row]:
    """Return *rows* by what a reader calls them: the key column, the path in a tree, else the first cell."""
    column = field.row_key if field.row_key in columns else next(iter(columns), "")
    if field.row_key:
        paths = row_keys(rows, column)
    else:
        paths = [(field_text.words(row.cells.get(column), columns[column], around),) if column else () for row in rows]
    found: dict[str, Row] = {}
    for path, row in zip(paths, rows, strict=True):
        name = "·".join(part for part in path if part) or "（无名称）"
        number = 1
        while (shown := name if number == 1 else f"{name}（{number}）") in found:
            number += 1
        found[shown] = row
    return found


def _rows(
    old: Mapping[str, Row], new: Mapping[str, Row], columns: Mapping[str, Field], around: Around
) -> list[str]:
    lines = []
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before is None and after is not None:
            lines.append(f"增加“{name}”：{_whole(after, columns, around)}")
        elif after is None and before is not None:
            lines.append(f"删去“{name}”：{_whole(before, columns, around)}")
        elif before is not None and after is not None:
            changed = [
                f"{column.name}{told}"
                for key, column in columns.items()
                if (told := _from_to(before.cells.get(key), after.cells.get(key), column, around))
            ]
            if before.note != after.note:
                changed.append(f"备注由“{before.note or _NOTHING}”改为“{after.note or _NOTHING}”")
            if before.parts != after.parts and not changed:
                changed.append("构成有改动")
            if changed:
                lines.append(f"“{name}”：{'，'.join(changed)}")
    return lines


def _whole(row: Row, columns: Mapping[str, Field], around: Around) -> str:
    told = ((column.name, field_text.words(row.cells.get(key), column, around)) for key, column in columns.items())
    return "，".join(f"{name} {text}" for name, text in told if text)


def _from_to(old: Value, new: Value, field: Field, around: Around) -> str:
    """Return how a cell changed; nothing where it reads the same."""
    before, after = (field_text.words(value, field, around) for value in (old, new))
    if before == after:
        return ""
    return f"由 {before or _NOTHING} 改为 {after or _NOTHING}"


def _matrix(field: Field, old: Matrix, new: Matrix) -> list[str]:
    cell = Field(key="", name="", type=field.kind or "money", unit=new.unit or old.unit or field.unit)
    before, after = ({row.label: row for row in matrix.rows} for matrix in (old, new))
    lines = []
    for label in dict.fromkeys((*before, *after)):
        if label not in before:
            lines.append(f"增加“{label}”")
        elif label not in after:
            lines.append(f"删去“{label}”")
        else:
            lines += _cells(label, before[label], after[label], cell)
    return lines or ["合计或者说明有改动"]


def _cells(label: str, old: MatrixRow, new: MatrixRow, cell: Field) -> list[str]:
    changed = [
        f"{name}{told}"
        for name in dict.fromkeys((*old.cells, *new.cells))
        if (told := _from_to(old.cells.get(name), new.cells.get(name), cell, field_text.NOTHING))
    ]
    if told := _from_to(old.total, new.total, cell, field_text.NOTHING):
        changed.append(f"合计{told}")
    if old.note != new.note:
        changed.append(f"备注由“{old.note or _NOTHING}”改为“{new.note or _NOTHING}”")
    return [f"“{label}”：{'，'.join(changed)}"] if changed else []


def _groups(
    field: Field, old: Sequence[Mapping[str, Value]], new: Sequence[Mapping[str, Value]], around: Around
) -> list[str]:
    head = field.columns.get(field.title_field)

    def named(groups: Sequence[Mapping[str, Value]]) -> dict[str, Mapping[str, Value]]:
        return {
            (field_text.words(group.get(head.key), head, around) if head else "") or f"第{number}项": group
            for number, group in enumerate(groups, 1)
        }

    before, after = named(old), named(new)
    lines = []
    for name in dict.fromkeys((*before, *after)):
        if name not in before:
            lines.append(f"增加“{name}”")
        elif name not in after:
            lines.append(f"删去“{name}”")
        else:
            for key, part in field.columns.items():
                one, two = before[name].get(key), after[name].get(key)
                if one != two:
                    lines += [f"“{name}”·{part.name}：{line}" for line in _lines(part, one, two, around)]
    return lines


def _attachments(old: Record, new: Record) -> dict[str, Any]:
    before, after = ({a.title or a.file: a.sha256 for a in r.attachments} for r in (old, new))
    lines = [f"增加《{title}》" for title in after if title not in before]
    lines += [f"删去《{title}》" for title in before if title not in after]
    lines += [f"《{title}》已更换" for title in after if title in before and before[title] != after[title]]
    return {"name": "附件", "lines": lines}
