"""The notice (公告、公示) of a record as a plain value: what `templates/print/notice.typ` sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.numbering import number_of
from schoolpub.views.fields import common_fields
from schoolpub.views.sheets.sheet import Sheet
from schoolpub.views.sheets.sheet_blocks import Block, body, paragraph
from schoolpub.views.sheets.title_lines import plain, title_lines

TITLE_WIDTH = 19.0
"""Characters of a line of the title: 2号 on 156 mm, one character spared."""

_SENDER_WIDTH = 15.0


def value(snapshot: Snapshot, record: Record, today: date) -> dict[str, Any]:
    """Return the notice of *record* as it is printed on *today*."""
    sheet = Sheet(snapshot, record, today)
    senders = [line for name in sheet.senders for line in title_lines(name, sheet.words, _SENDER_WIDTH)]
    return {
        "id": record.id,
        "plain_title": sheet.title,
        "title": title_lines(record.title, sheet.words, TITLE_WIDTH),
        "school": snapshot.school.name,
        "number": "　".join(part for part in (sheet.series, sheet.number) if part),
        "marks": sheet.marks,
        "blocks": [*_opening(sheet), *body(sheet.blocks), *explanations(sheet), *_closing(sheet)],
        "attachments": sheet.attachments,
        "sender": senders,
        "date": sheet.date,
        "code": sheet.code,
        "chain": sheet.chain,
        "timing": sheet.timing,
    }


def _opening(sheet: Sheet) -> Iterator[Block]:
    record = sheet.shown
    if record.summary:
        yield from (paragraph(line.strip()) for line in record.summary.splitlines() if line.strip())
    if record.zero:
        yield paragraph("本期没有应公开的内容，特此公告。")
    yield from (paragraph(text) for text in background(sheet))


def background(sheet: Sheet) -> Iterator[str]:
    """Yield what the record rests on, what it supplements and why it was corrected, a sentence each."""
    body = sheet.shown.body
    basis = body.get("basis")
    documents = basis if isinstance(basis, list) else [basis] if isinstance(basis, str) else []
    named = [text for entry in documents if (text := _document(entry))]
    if named:
        yield f"依据：{'、'.join(named)}。"
    amends = body.get("amends")
    target = sheet.snapshot.records.get(amends) if isinstance(amends, str) else None
    if target is not None:
        number = number_of(target)
        yield f"本件补充或更正《{plain(target.title)}》{f'（{number}）' if number else ''}。"
    reason = body.get("reason")
    if isinstance(reason, str) and reason:
        yield f"更正说明：{reason.rstrip('。')}。"


def explanations(sheet: Sheet) -> Iterator[Block]:
    """Yield what the school says to figures that do not meet a rule, and who signs for the figures."""
    yield from (paragraph(f"说明：{text}") for text in common_fields.explanations(sheet.shown, sheet.item))
    signers = sheet.shown.body.get("signers")
    entries = [entry for entry in signers if isinstance(entry, dict)] if isinstance(signers, list) else []
    if entries:
        yield paragraph("　".join(f"{entry.get('duty') or ''}：{entry.get('name') or ''}" for entry in entries))


def _closing(sheet: Sheet) -> Iterator[Block]:
    if sheet.notice:
        yield paragraph(f"公示时间：{''.join(sheet.notice)}。")
        yield paragraph(sheet.objection)
    if sheet.contacts:
        yield paragraph(f"联系方式：{'；'.join(sheet.contacts)}。")


def _document(entry: object) -> str:
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, dict):
        return ""
    title, number = str(entry.get("title") or ""), str(entry.get("number") or "")
    shown = title if not title or title.startswith("《") else f"《{title}》"
    return f"{entry.get('issuer') or ''}{shown}{f'（{number}）' if number else ''}"
