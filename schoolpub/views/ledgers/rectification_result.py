"""What the disclosure of a rectification's result begins with: everything that its ledger knows already."""

from __future__ import annotations

from datetime import date

from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain.flow import POSTED_STATUSES, status
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.ledgers.rectification import standing

LEAD = "3wd"
"""So long the chain is thought to need: opinions are proposed to be collected from then on."""
_LONGEST_TITLE = 30


def proposed(
    snapshot: Snapshot, record: Record, today: date, first: date | None
) -> tuple[dict[str, Tree], dict[str, Tree]]:
    """Return the head and the fields of the result of *record*; opinions are collected from *first* on."""
    now = standing(snapshot, record, today)
    first = first or days.add(today, LEAD, snapshot.calendar).end
    problem = _text(record.fields.get("problem"))
    row: dict[str, Tree] = {
        "problem": problem,
        "measure": " ".join(now.measures.split()),
        "owner": _text(record.fields.get("owner")),
        "due": now.due.isoformat() if now.due else "",
        "done": now.presented.day.isoformat() if now.presented else "",
        "evidence": " ".join(now.presented.said("result").split()) if now.presented else "",
    }
    accepted = now.accepted.day if now.accepted else today
    head: dict[str, Tree] = {
        "date": accepted.isoformat(),
        "department": record.department,
        "audience": record.audience,
        "title": f"“{problem}”整改结果公示" if len(problem) <= _LONGEST_TITLE else "",
    }
    fields: dict[str, Tree] = {
        "source": _source(snapshot, record),
        "problems": [{key: value for key, value in row.items() if value}],
        "verifier": now.accepted.role if now.accepted else "",
        "opinions_from": first.isoformat(),
    }
    return {key: value for key, value in head.items() if value}, {key: value for key, value in fields.items() if value}


def _source(snapshot: Snapshot, record: Record) -> str:
    """Return where it came from in words, with the number by which the ledger is found.

    A source that was not disclosed itself is told by its kind alone.
    """
    told = _text(record.fields.get("source_name"))
    source = snapshot.records.get(_text(record.fields.get("source_record")))
    if source is not None and status(snapshot, source) in POSTED_STATUSES and source.audience != "internal":
        told = f"《{source.title}》"
    return f"{_text(record.fields.get('source'))}{f'：{told}' if told else ''}（整改编号 {record.id}）"


def _text(tree: Tree) -> str:
    return tree if isinstance(tree, str) else ""
