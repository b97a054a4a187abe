"""The form on which anybody writes an opinion about a record (意见征集表), as a plain value: one sheet of A4."""

from __future__ import annotations

from datetime import date
from typing import Any

from schoolpub.model.catalogue import Field
from schoolpub.model.record import Record
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.views.sheets import qr, register
from schoolpub.views.sheets.sheet import SAMPLE, UNSIGNED, Sheet
from schoolpub.views.sheets.title_lines import title_lines

_TITLE_WIDTH = 24.0
_LONGEST = 320
_KINDS = ("意见", "建议", "询问", "投诉")


def value(snapshot: Snapshot, record: Record, today: date) -> dict[str, Any]:
    """Return the form for opinions about *record* as it is printed on *today*."""
    sheet = Sheet(snapshot, record, today)
    school = snapshot.school
    return {
        "id": record.id,
        "plain_title": f"意见征集表：{sheet.title}",
        "school": school.name,
        "marks": [mark for mark in sheet.marks if mark in (SAMPLE, UNSIGNED)],
        "title": title_lines(record.title, sheet.words, _TITLE_WIDTH),
        "about": "　".join(part for part in (sheet.number or record.id, record.department) if part),
        "content": register.clip(register.content(sheet), _LONGEST),
        "notice": f"公示时间：{''.join(sheet.notice)}" if sheet.notice else "",
        "code": _code(sheet),
        "kinds": _kinds(snapshot, today),
        "ways": ways(school),
        "office": office(school),
    }


def _code(sheet: Sheet) -> dict[str, str] | None:
    """Return the square code of the page where the whole text stands; None where nobody could open it."""
    if not sheet.page:
        return None
    return {"qr": qr.plain(sheet.page), "qr_text": sheet.page}


def _kinds(snapshot: Snapshot, today: date) -> list[str]:
    """Return the kinds of feedback that the catalogue in force tells apart."""
    catalogue = snapshot.in_force(today)
    item = catalogue.items.get("feedback") if catalogue else None
    field: Field | None = item.fields.get("kind") if item else None
    return list(field.choices if field and field.choices else _KINDS)


def ways(school: School) -> list[dict[str, str]]:
    """Return where an opinion can be put, said or sent, each way a line."""
    boxes = "；".join("，".join(part for part in (box.name, box.place) if part) for box in school.boxes)
    telephones = "；".join(f"{line.name} {line.telephone}" for line in school.hotlines[:2] if line.telephone)
    lines = [("投入", boxes), ("电话", telephones), ("邮箱", school.office.email), ("当面", office(school))]
    return [{"label": label, "text": text} for label, text in lines if text]


def office(school: School) -> str:
    """Return the office with its place, hours and telephone, in one line."""
    contact = school.office
    return "，".join(part for part in (contact.name, contact.place, contact.hours, contact.telephone) if part)
