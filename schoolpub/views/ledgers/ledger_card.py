"""One matter of a ledger as a plain value: what somebody brought up, or what is put right."""

from __future__ import annotations

from datetime import date
from typing import Any

from schoolpub.model.record import Record, base_id
from schoolpub.rules.ledgers import rectification
from schoolpub.rules.ledgers.around import RECTIFICATIONS
from schoolpub.views import formats
from schoolpub.views.context import Context
from schoolpub.views.ledgers import ledger_rows

Card = dict[str, Any]

_EXCERPT = 90
_DECISIONS = {"公开": "予以公开", "部分": "部分公开", "不公开": "不予公开"}


def card(record: Record, context: Context) -> Card:
    """Return *record* as an entry of its ledger; every value is plain."""
    found = _rectified(record, context) if record.item in RECTIFICATIONS else _answered(record, context)
    item = context.item(record)
    number = found["receipt"] or record.id
    told = {
        **found,
        "id": record.id,
        "item": record.item,
        "item_name": item.name,
        "number": number,
        "url": context.url(record),
        "day": record.date.isoformat() if record.date else "",
        "day_word": formats.day(record.date) if record.date else "",
        "due_word": word(found["due"]),
        "done_word": word(found["done"]),
    }
    told["tags"] = _tags(told)
    told["about"] = [part for part in (told["kind"], told["owner"] or told["department"], told["receipt"]) if part]
    told["find"] = " ".join((told["title"], number, told["kind"], told["channel"], told["department"], told["text"]))
    return told


def _answered(record: Record, context: Context) -> Card:
    row = ledger_rows.row(record, context.seen, context.today)
    return {
        "title": row["topic"],
        "receipt": row["receipt"],
        "kind": row["kind"],
        "channel": row["channel"],
        "department": row["department"],
        "owner": "",
        "status": row["status"],
        "status_word": row["status_name"],
        "open": row["open"],
        "due": row["due"],
        "done": row["answered"],
        "late": row["late_workdays"],
        "decision": row["decision"],
        "decision_word": _DECISIONS.get(row["decision"], row["decision"]),
        "rating": row["rating"],
        "text": row["reply"],
        "excerpt": excerpt(row["reply"]),
        "result": link(_last(record, "republish", "record") or _last(record, "reply", "answer"), context),
    }


def _rectified(record: Record, context: Context) -> Card:
    stands = rectification.standing(context.seen, record, context.today)
    source, owner = record.fields.get("source"), record.fields.get("owner")
    told = stands.presented.said("result") if stands.presented and stands.accepted else ""
    done = stands.presented.day if stands.presented else None
    return {
        "title": str(record.fields.get("problem") or context.title(record)),
        "receipt": "",
        "kind": str(source or ""),
        "channel": "",
        "department": record.department,
        "owner": owner if isinstance(owner, str) else "",
        "status": stands.status,
        "status_word": context.status_word(record, stands.status),
        "open": not stands.over,
        "due": stands.due.isoformat() if stands.due else "",
        "done": done.isoformat() if done else "",
        "late": stands.late_by,
        "decision": "",
        "decision_word": "",
        "rating": "",
        "text": told,
        "excerpt": excerpt(told),
        "result": link(stands.result.id, context) if stands.result else None,
    }


def link(record_id: str, context: Context) -> dict[str, str] | None:
    """Return title and address of a record or a matter that the audience sees; None where it sees none."""
    if not record_id:
        return None
    target = context.current(record_id) or context.entries.get(base_id(record_id))
    if target is None:
        return None
    topic = target.fields.get("topic" if target.item not in RECTIFICATIONS else "problem")
    title = topic if target.id in context.entries and isinstance(topic, str) else context.title(target)
    return {"title": title, "url": context.url(target)}


def excerpt(text: str) -> str:
    """Return the beginning of *text* in one line."""
    line = "".join(part.strip() for part in text.splitlines())
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1] + "…"


def word(day: str) -> str:
    """Return an ISO date in words; empty for none."""
    return formats.day(date.fromisoformat(day)) if day else ""


def _last(record: Record, step: str, key: str) -> str:
    return next((s.said(key) for s in reversed(record.steps) if s.step == step and s.said(key)), "")


def _tags(told: Card) -> list[dict[str, str]]:
    tags = [("running" if told["open"] else "plain", told["status_word"])]
    if told["late"]:
        tags.append(("late", f"逾期{told['late']}个工作日"))
    if told["decision_word"]:
        tags.append(("plain", told["decision_word"]))
    if told["rating"]:
        tags.append(("plain", told["rating"]))
    return [{"kind": kind, "text": text} for kind, text in tags]
