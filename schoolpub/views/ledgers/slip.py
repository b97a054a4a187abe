"""The receipt for what somebody brought up (收件回执), as a plain value: no name, no word of what was said."""

from __future__ import annotations

from datetime import date
from typing import Any

from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.ledgers import clock
from schoolpub.rules.ledgers.receipts import receipt_of
from schoolpub.views import formats, places
from schoolpub.views.ledgers import opinions
from schoolpub.views.sheets import qr
from schoolpub.views.sheets.sheet import SAMPLE


def value(snapshot: Snapshot, record: Record, today: date) -> dict[str, Any]:
    """Return the receipt of *record*; raise SchoolpubError for a record that nobody brought up."""
    item = snapshot.item(record)
    if item is None or not clock.runs(item):
        raise SchoolpubError(
            say("{id} is nothing that somebody brought up: it has no receipt.", id=record.id),
            fix=say("name a matter of the ledger: `schoolpub feedback list`"),
        )
    found = clock.clock_of(record, snapshot)
    due = formats.day(found.deadline.date) if found and found.deadline else "补充说明后另行告知"
    secret = item.privacy == "restricted"
    topic = record.fields.get("topic")
    kind = record.fields.get("kind")
    rows = [
        ("回执编号", receipt_of(record) or record.id),
        ("收到日期", formats.day(record.date) if record.date else ""),
        ("类别", kind if isinstance(kind, str) else item.name),
        ("事由", "" if secret else topic if isinstance(topic, str) else record.title),
        ("最迟答复", due),
    ]
    school = snapshot.school
    page = "" if secret or not school.site else f"{school.site}{places.record(record, current=True)}"
    return {
        "id": record.id,
        "plain_title": f"收件回执：{receipt_of(record) or record.id}",
        "school": school.name,
        "marks": [SAMPLE] if school.sample else [],
        "rows": [{"label": label, "text": text} for label, text in rows if text],
        "code": {"qr": qr.plain(page), "qr_text": page} if page else None,
        "office": opinions.office(school),
        "printed": formats.day(today),
    }
