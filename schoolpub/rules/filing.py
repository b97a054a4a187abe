"""Filing (归档) by DA/T 22-2015: which editions belong to a year, their file numbers; and a draw to be repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.chain.numbering import number_of, numbers, parse_number

FILED = "file"
"""The step by which a record is filed."""
KIND = "WS"
"""文书, the kind of files that disclosure records are."""
KEEPS = ("Y", "D30", "D10")
_FONDS = "Z000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One 件: an edition that was posted, with its place in the archive."""

    record: Record
    keep: str
    number: str
    """档号: Z109-WS·2026-D30-ZWC-0001."""
    new: bool
    """Whether it was not filed before."""
    signed: date
    posted: date


def fonds(snapshot: Snapshot) -> str:
    """Return the number of the school's holdings (全宗号), as the archive gave it."""
    return str(snapshot.school.settings.get("fonds") or _FONDS)


def has_fonds(snapshot: Snapshot) -> bool:
    """Return whether the school has entered the number that the archive gave it."""
    return bool(snapshot.school.settings.get("fonds"))


def codes(snapshot: Snapshot) -> Mapping[str, str]:
    """Return department → its code in file numbers, from the setting `archive-codes: 总务处=ZWC 教务处=JWC`."""
    pairs = str(snapshot.school.settings.get("archive_codes") or "").split()
    return dict(pair.split("=", 1) for pair in pairs if "=" in pair)


def filed(snapshot: Snapshot, year: int) -> list[Filed]:
    """Return the editions that were posted in *year*, in the order of the list: by retention, department, number."""
    found: list[tuple[Record, str, date, date]] = []
    for record in snapshot.records.values():
        own, item = snapshot.flow(record), snapshot.item(record)
        played = flow.replay(record, own) if own else None
        post, sign = (played.last("post"), played.sign_off) if played else (None, None)
        if item is None or post is None or sign is None or post.at.year != year:
            continue
        found.append((record, item.keep, sign.day, post.day))
    known = codes(snapshot)
    place = {r.id: known.get(r.department, "") for r, *_ in found}
    found.sort(key=lambda one: (_rank(one[1]), place[one[0].id], _order(one[0]), one[2]))
    last: dict[str, int] = {}
    for record, *_ in found:
        if before := number_in(record):
            head, _, tail = before.rpartition("-")
            last[head] = max(last.get(head, 0), int(tail) if tail.isdigit() else 0)
    made = []
    for record, keep, signed, posted in found:
        number = number_in(record)
        if not number:
            head = "-".join(p for p in (f"{fonds(snapshot)}-{KIND}·{year}", keep, place[record.id]) if p)
            last[head] = last.get(head, 0) + 1
            number = f"{head}-{last[head]:04}"
        new = not number_in(record)
        made.append(Filed(record=record, keep=keep, number=number, new=new, signed=signed, posted=posted))
    return sorted(made, key=lambda f: (_rank(f.keep), f.number))


def _rank(keep: str) -> int:
    return KEEPS.index(keep) if keep in KEEPS else len(KEEPS)


def number_in(record: Record) -> str:
    """Return the file number that *record* was given when it was filed; nothing before."""
    return next((step.said("archive") for step in reversed(record.steps) if step.step == FILED), "")


def _order(record: Record) -> tuple[str, int, str]:
    parsed = parse_number(number_of(record))
    return (parsed[0] if parsed else ""), (parsed[2] if parsed else 0), record.id


def drawn(ids: Sequence[str], seed: str, count: int = 10) -> list[str]:
    """Return *count* of *ids*, those with the smallest SHA-256 of `seed`, a line feed and the id, and a line feed."""
    return sorted(ids, key=lambda i: hashlib.sha256(f"{seed}\n{i}\n".encode()).hexdigest())[:count]


def registered(snapshot: Snapshot, year: int) -> Mapping[str, list[tuple[str, Record, bool]]]:
    """Return, for each series, its official numbers of *year* with their records, the school's own series first.

    False marks a number that was given up for another.
    """
    found = []
    for record in snapshot.records.values():
        now = number_of(record)
        for number in dict.fromkeys(n for n, _ in numbers(record)):
            parsed = parse_number(number)
            if parsed and parsed[1] == year:
                found.append((parsed[0], parsed[2], number, record, number == now))
    school = snapshot.school
    known = [school.series, *dict.fromkeys(school.series_of.values())]
    series = {name: known.index(name) if name in known else len(known) for name, *_ in found}
    found.sort(key=lambda f: (series[f[0]], f[0], f[1], f[3].id))
    register: dict[str, list[tuple[str, Record, bool]]] = {}
    for name, _, number, record, valid in found:
        register.setdefault(name, []).append((number, record, valid))
    return register
