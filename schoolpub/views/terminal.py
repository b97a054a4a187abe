"""What `show` and `items` say on a terminal of 80 columns, and the same as JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from schoolpub.model.catalogue import Catalogue, Field, Flow, Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow, validity, witness
from schoolpub.rules.chain.acts import leads_on
from schoolpub.rules.chain.numbering import former_numbers, series_of
from schoolpub.rules.clock.deadlines import notice_of
from schoolpub.rules.values import read_values
from schoolpub.views import formats, rows
from schoolpub.views.clock.due_words import verb
from schoolpub.views.clock.timing import notice as notice_words
from schoolpub.views.columns import fits, grid, stacked, width, wrap
from schoolpub.views.context import Context
from schoolpub.views.fields import changes, field_blocks
from schoolpub.views.pages.catalogue_words import TYPES, when

COLUMNS = 80

_SAID = {
    "measures": "", "progress": "", "result": "", "record": "见 ", "effect": "", "until": "新期限 ",
    "reason": "理由：", "opinion": "意见：", "meeting": "会议：", "remark": "", "number": "", "place": "",
    "grade": "", "measure": "", "ground": "依据或者理由：", "outcome": "",
}  # fmt: skip
"""What a step said that is told beside it → the mark before it."""


def record_json(snapshot: Snapshot, record: Record, today: date) -> dict[str, Any]:
    """Return all of a record for a script: the row of `list`, the body as written, and the steps in force."""
    own_flow = snapshot.flow(record)
    played = flow.replay(record, own_flow) if own_flow else flow.Replay("none", ())
    steps = [
        {"step": t.step.step, "by": t.step.by, "role": t.step.role, "at": t.step.at.isoformat(), "status": t.after,
         **({"on": t.step.on.isoformat()} if t.step.on else {}), **t.step.says}
        for t in played.taken
    ]  # fmt: skip
    code = validity.code_of(record, own_flow)
    return {
        **rows.row(snapshot, record, today),
        "content": record.content,
        "code": witness.short(code) if code else "",
        "digest": code,
        "body": dict(record.body),
        "fields": dict(record.fields),
        "steps": steps,
    }


def record_text(snapshot: Snapshot, record: Record, today: date) -> str:
    """Return a record as a person reads it on a terminal."""
    row, code = rows.row(snapshot, record, today), validity.code_of(record, snapshot.flow(record))
    lines = [*wrap(record.title, COLUMNS), "─" * min(COLUMNS, width(record.title))]
    item = snapshot.item(record)
    notice = notice_of(record, item, snapshot) if item else None
    facts = [
        ("编号", row["number"] or (_to_come(snapshot, record) if _is_numbered(snapshot, record) else "")),
        ("原编号", "、".join(former_numbers(record))),
        ("核对码", witness.short(code) if code else ""),
        ("事项", f"{row['item_name']}（{row['item']}）"),
        ("版次", _edition(record)),
        ("状态", row["status_name"]),
        ("零报告", "本期没有应公开的内容" if record.zero else ""),
        ("公开范围", formats.AUDIENCES.get(record.audience, record.audience)),
        ("部门", row["department"]),
        ("期间", formats.period(record.period, snapshot.calendar) if record.period else ""),
        ("日期", formats.day(record.date) if record.date else ""),
        (verb(item) if item else "应公开", _due(row)),
        *_actual(row),
        ("公示期", notice_words(notice, today).partition("：")[2] if notice else ""),
        ("文件", record.file),
    ]
    lines += grid([(label, text) for label, text in facts if text], ["left"], COLUMNS)
    if record.summary:
        lines += ["", *wrap(record.summary, COLUMNS)]
    if item:
        values = read_values(record, item, snapshot.school).values
        made = field_blocks.blocks(item, values, attachments=record.attachments, calendar=snapshot.calendar)
        for block in made:
            lines += ["", *_block(block)]
    lines += _corrected(snapshot, record, today)
    if record.attachments:
        lines += ["", "附件", *(f"  {a.title}（{a.file}）" for a in record.attachments)]
    return "\n".join([*lines, "", "办理过程", *_chain(snapshot, record)])


def _edition(record: Record) -> str:
    reason = record.body.get("reason")
    told = f"，更正说明：{reason}" if isinstance(reason, str) and reason else ""
    return f"第{record.edition}版{told}" if record.edition > 1 else ""


def _corrected(snapshot: Snapshot, record: Record, today: date) -> list[str]:
    """Return what the edition *record* changes of the one before: whoever approves it looks at that first."""
    earlier = [edition for edition in editions.editions(snapshot, record.id) if edition.edition < record.edition]
    item = snapshot.item(record)
    if not earlier or item is None or snapshot.item(earlier[-1]) is None:
        return []
    whole = {key: r for key, r in snapshot.records.items() if snapshot.item(r) and snapshot.flow(r)}
    context = Context(replace(snapshot, records=whole), "internal", today)
    found = changes.between(earlier[-1], record, item, context)
    lines = ["", f"与第{earlier[-1].edition}版相比"]
    lines += [f"  {change['name']}：{line}" for change in found for line in change["lines"]]
    return [*lines, *([] if found else ["  各项内容没有改动"])]


def _to_come(snapshot: Snapshot, record: Record) -> str:
    """Return that the number is given at the sign-off, and of which series where there are several."""
    return f"（签发时取号：{series_of(snapshot.school, record)}）" if snapshot.school.series_of else "（签发时取号）"


def _is_numbered(snapshot: Snapshot, record: Record) -> bool:
    own_flow, item = snapshot.flow(record), snapshot.item(record)
    if item is not None and item.ledger:
        return False
    return own_flow is None or any("number" in line.gives and line.signs_off for line in own_flow.steps)


def _due(row: dict[str, Any]) -> str:
    note = "（推算：缺放假安排或学期日期）" if row["provisional"] else ""
    late = f"，逾期 {row['late_workdays']} 个工作日" if row["late_workdays"] and not row["posted"] else ""
    other = f"（按现行日历和目录为 {row['recomputed']}）" if row["recomputed"] else ""
    return row["due"] + note + other + late if row["due"] else ""


def _actual(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return when it was public: the proven day, or that of the posting while a proof is missing."""
    if not row["posted"]:
        return []
    late = f"，逾期 {row['late_workdays']} 个工作日" if row["late_workdays"] else "，按期" if row["due"] else ""
    label = "实际公开" if row["shown"] else "发布"
    return [(label, (row["shown"] or row["posted"]) + late), ("待取证", row["unproven"])]


def _chain(snapshot: Snapshot, record: Record) -> list[str]:
    own_flow = snapshot.flow(record)
    lines = []
    for taken in flow.replay(record, own_flow).taken if own_flow else ():
        step = taken.step
        who = snapshot.people.name(step.by) + (f"（{snapshot.people.name(step.via)} 代录）" if step.via else "")
        said = _said(step.says) or _void(snapshot, own_flow, step.says.get("void"))
        lines.append([f"{step.at:%Y-%m-%d %H:%M}", taken.line.name, step.role, who, said])
    return [f"  {line}" for line in grid(lines, [], COLUMNS - 2)]


def _void(snapshot: Snapshot, own_flow: Flow | None, void: Any) -> str:
    """Return in words which steps of the other office became void: each stands as `step person time`."""
    told = []
    for text in void or ():
        step, _, rest = str(text).partition(" ")
        person = rest.partition(" ")[0]
        name = next((line.name for line in own_flow.named(step)), step) if own_flow else step
        told.append(f"{name}（{snapshot.people.name(person)}）")
    return f"另一处的作废：{'、'.join(told)}" if told else ""


def _said(says: Any) -> str:
    return "；".join(mark + says[key] for key, mark in _SAID.items() if isinstance(says.get(key), str))


def _block(block: field_blocks.Block) -> list[str]:
    match block["kind"]:
        case "facts":
            return grid([(fact["label"], fact["text"]) for fact in block["rows"]], ["left", "left"], COLUMNS)
        case "text":
            return [block["name"], *(line for p in block["paragraphs"] for line in wrap(p["text"], COLUMNS))]
        case "table":
            return _table(block)
        case "pair":
            return [line for table in block["tables"] for line in ["", *_table(table)]][1:]
        case "blocks":
            lines = [block["name"]]
            for group in block["groups"]:
                lines += [f"● {group['title']}", *(line for inner in group["blocks"] for line in _block(inner))]
            return lines
        case "carried":
            return [f"{block['name']}：见附件 {'、'.join(f['title'] for f in block['files'])}"]
        case _:
            return [f"{block['name']}：公示期满，名单已撤下"]


def _table(block: field_blocks.Block) -> list[str]:
    aligns = [column["align"] for column in block["columns"]]
    heads = [_spread(row, len(aligns)) for row in block["heads"]]
    body = [
        ["　" * row["level"] + cells[0], *cells[1:]]
        for row in block["rows"]
        for cells in [_spread(row["cells"], len(aligns))]
    ]
    if fits([*heads, *body], COLUMNS):
        lines = grid([*heads, *body], aligns, COLUMNS)
    else:
        lines = stacked(heads[-1] if heads else [""] * len(aligns), body, COLUMNS)
    unit = f"（单位：{block['unit']}）" if block["unit"] else ""
    note = [f"注：{block['note']}"] if block["note"] else []
    return [f"{block['name']}{unit}", *lines, *note]


def _spread(cells: list[dict[str, Any]], count: int) -> list[str]:
    texts: list[str] = []
    for cell in cells:
        parts = "；".join(f"{part['name']} {part['text']}" for part in cell.get("parts", ()))
        texts += [cell["text"] + (f"（{parts}）" if parts else ""), *[""] * (cell.get("colspan", 1) - 1)]
    return [*[""] * (count - len(texts)), *texts][-count:] if len(texts) < count else texts[:count]


def item_row(catalogue: Catalogue, item: Item) -> dict[str, Any]:
    """Return one line of the catalogue."""
    return {
        "slug": item.slug,
        "name": item.name,
        "category": item.category,
        "audience": item.audience,
        "audience_name": formats.AUDIENCES.get(item.audience, item.audience),
        "department": item.department,
        "when": when(item),
        "flow": item.flow,
        "flow_name": catalogue.flows[item.flow].name,
        "keep": item.keep,
    }


def item_json(catalogue: Catalogue, item: Item) -> dict[str, Any]:
    """Return all of an item for a script: its fields with their types, and its flow."""
    return {
        **item_row(catalogue, item),
        "edition": catalogue.edition.isoformat(),
        "period": item.period,
        "channels": list(item.channels),
        "privacy": item.privacy,
        "fields": {key: _field_json(field) for key, field in item.fields.items()},
        "steps": [
            {"step": s.step, "name": s.name, "from": list(s.sources), "to": s.to, "by": list(s.by)}
            for s in catalogue.flows[item.flow].steps
        ],
    }


def _field_json(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"name": field.name, "type": field.type, "optional": field.optional}
    if field.choices:
        made["choices"] = list(field.choices)
    if field.unit:
        made["unit"] = field.unit
    if field.columns:
        made["columns"] = {key: _field_json(column) for key, column in field.columns.items()}
    return made


def item_text(catalogue: Catalogue, item: Item) -> str:
    """Return an item explained: what it is, when it is due, what to fill in, who approves."""
    lines = [f"{item.name}（{item.slug}）", "─" * width(f"{item.name}（{item.slug}）")]
    if item.help:
        lines += [*wrap(item.help, COLUMNS), ""]
    facts = [
        ("类别", item.category),
        ("公开范围", formats.AUDIENCES.get(item.audience, item.audience)),
        ("部门", item.department),
        ("时间", when(item)),
        ("公开形式", "、".join(catalogue.channels.get(c, c) for c in item.channels)),
        ("保存", formats.KEEP.get(item.keep, item.keep)),
        ("依据", "；".join(_basis(catalogue, item))),
    ]
    lines += grid([fact for fact in facts if fact[1]], ["left"], COLUMNS)
    lines += ["", "填报内容", *_fields_text(item.fields, 1)]
    lines += ["", f"程序：{catalogue.flows[item.flow].name}"]
    chain = [s for s in catalogue.flows[item.flow].steps if leads_on(s) or s.step == "prove"]
    lines += [f"  {line}" for line in grid([(s.name, "、".join(s.by), s.step) for s in chain], [], COLUMNS - 2)]
    if said := [rule.say for rule in item.rules if rule.say]:
        lines += ["", "核对", *(f"  · {line}" for text in said for line in wrap(text, COLUMNS - 4))]
    return "\n".join(lines)


def _fields_text(fields: Any, depth: int) -> list[str]:
    rows = []
    for key, field in fields.items():
        mark = "选填" if field.optional else ""
        name = field.name + (f"（{field.unit}）" if field.unit else "")
        rows.append(("  " * depth + key, name, TYPES.get(field.type, field.type), mark))
        for inner in field.columns.values():
            mark = "选填" if inner.optional else ""
            rows.append(("  " * (depth + 1) + inner.key, inner.name, TYPES.get(inner.type, inner.type), mark))
    return grid(rows, [], COLUMNS)


def _basis(catalogue: Catalogue, item: Item) -> list[str]:
    return [
        f"{catalogue.laws.get(b.law, b.law)}{b.article}" + ("" if b.confirmed else "（未核原文）") for b in item.basis
    ]
