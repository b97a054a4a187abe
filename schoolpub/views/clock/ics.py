"""What falls due as a calendar file (RFC 5545) that any phone or mail program can take in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from schoolpub.model.snapshot import Snapshot
from schoolpub.views.clock import todo
from schoolpub.views.clock.task import Task

AHEAD = 366
"""Days ahead that the file of the office reaches."""

_LONGEST = 75
"""Bytes of a line; what is longer goes on in the next one, after a space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One day in the calendar."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""
    category: str = ""


def of_tasks(snapshot: Snapshot, today: date, person: str = "") -> str:
    """Return the calendar of what the school (or *person*) owes: what is late, and a year ahead."""
    found = todo.tasks(snapshot, today, horizon_days=AHEAD)
    chosen = todo.for_person(found, person) if person else found
    entries = [
        Entry(
            uid=_uid(task),
            day=task.due,
            summary=("逾期：" if task.state == "late" else "") + task.what,
            description="\n".join(part for part in (task.note, task.command) if part),
            category=task.category,
        )
        for task in chosen
        if task.due and task.kind != "stale"
    ]
    return calendar(f"{snapshot.school.name}校务公开期限", entries, today)


def _uid(task: Task) -> str:
    spot = (task.spot.channel, task.spot.place) if task.spot else ()
    parts = (task.kind, task.record or f"{task.item}-{task.period or task.day}", task.part, *spot)
    return "-".join(part for part in parts if part)


def calendar(name: str, entries: Iterable[Entry], today: date) -> str:
    """Return *entries* as a calendar called *name*, made *today*: each a whole day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//schoolpub//duties//ZH", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}", "X-WR-TIMEZONE:Asia/Shanghai"]  # fmt: skip
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(entry.uid)}@schoolpub",
            f"DTSTAMP:{today:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.day + timedelta(1):%Y%m%d}",
            f"SUMMARY:{_escaped(entry.summary)}",
            *([f"DESCRIPTION:{_escaped(entry.description)}"] if entry.description else []),
            *([f"URL:{entry.url}"] if entry.url else []),
            *([f"CATEGORIES:{_escaped(entry.category)}"] if entry.category else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """Return *line* in pieces of at most 75 bytes, no character divided."""
    if len(line.encode()) <= _LONGEST:
        return line
    pieces, piece, size = [], "", 0
    for ch in line:
        length = len(ch.encode())
        if size + length > _LONGEST:
            pieces.append(piece)
            piece, size = " ", 1
        piece += ch
        size += length
    return "\r\n".join([*pieces, piece])
