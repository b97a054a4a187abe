"""公开登记簿: every official number of a year on one list, with its own digest at the foot; the anchor of the year.

The printed list is signed and sent to the authority.  The same rows are a text file: its SHA-256 is the digest at the
foot.  The text is a function of the records and of the commit that it names, so that `schoolpub verify` makes it anew
from the history, and holds it against the file (`--codes`) or the code on the paper (`--code`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Any

from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow, witness
from schoolpub.rules.chain.numbering import parse_number
from schoolpub.rules.chain.validity import signed_off
from schoolpub.rules.filing import registered
from schoolpub.views import formats
from schoolpub.views.sheets.title_lines import plain

Listing = dict[str, Any]

_HEADS = (re.compile(r"# 公开登记簿 .* (\d{4})年"), re.compile(r"# ([0-9a-f]{40,64})"))

_COLUMNS = (
    ("编号", 3.9), ("题名", 8.0), ("版次", 0.9), ("责任部门", 2.0), ("签发", 2.1), ("公开", 2.1),
    ("现状", 2.6), ("核对码", 5.4),
)  # fmt: skip


def text(snapshot: Snapshot, year: int, head: str) -> str:
    """Return the register as text: a line each, the edition first, its whole code last; *head* is the last commit."""
    whole = {record.id: digest for record, digest in signed_off(snapshot)}
    lines = [f"# 公开登记簿 {snapshot.school.name} {year}年", f"# {head}"]
    register = registered(snapshot, year)
    heads = {given[0][0]: _section(series, given) for series, given in register.items() if len(register) > 1}
    for number, record, valid in chain.from_iterable(register.values()):
        if number in heads:
            lines.append(f"# {heads.pop(number)}")
        signed, posted = _days(record, snapshot)
        told = "\t".join((record.edition_id, number, plain(record.title).replace("\t", " "), signed, posted))
        state = _state(record, snapshot) if valid else "改号前的编号"
        line = f"{told}\t{state}\t{whole.get(record.id, '')}"
        lines.append(line if valid and record.id in whole else f"# {line.rstrip()}")
    return "\n".join(lines) + "\n"


def read(told: str) -> tuple[int, str] | None:
    """Return the year and the last commit of a register, *told* as text; None when it is none."""
    lines = told.splitlines()[:2]
    matches = [pattern.fullmatch(line) for pattern, line in zip(_HEADS, lines, strict=False)]
    return (int(matches[0][1]), matches[1][1]) if len(matches) == 2 and matches[0] and matches[1] else None


def differences(told: str, made: str) -> list[str]:
    """Return the numbers whose lines differ between two registers, or stand in one of them only."""
    one, other = (text.splitlines() for text in (told, made))
    lines = [line for line in (*one, *other) if (line in one) is not (line in other)]
    return list(dict.fromkeys(line.removeprefix("# ").split("\t")[1] if "\t" in line else line[:40] for line in lines))


def value(snapshot: Snapshot, year: int, head: str, today: date) -> Listing:
    """Return the register as a list to print."""
    digest = hashlib.sha256(text(snapshot, year, head).encode()).hexdigest()
    whole = {record.id: code for record, code in signed_off(snapshot)}
    register = registered(snapshot, year)
    heads = {given[0][0]: _section(series, given) for series, given in register.items() if len(register) > 1}
    count = sum(map(len, register.values()))
    rows = []
    for number, record, valid in chain.from_iterable(register.values()):
        if number in heads:
            rows.append([heads.pop(number)])
        signed, posted = _days(record, snapshot)
        rows.append([
            number, plain(record.title), str(record.edition), record.department, signed, posted,
            _state(record, snapshot) if valid else "已改号",
            witness.short(whole[record.id]) if valid and record.id in whole else "",
        ])  # fmt: skip
    return listing(
        snapshot, f"{year}年校务公开登记簿",
        [f"{year}年共 {count} 个编号，截至{formats.day(today)}。"],
        _COLUMNS, rows,
        [f"登记簿核对码：{witness.register_code(head, digest)}", f"校验值（SHA-256）：{digest}", f"历史截至：{head}",
         "校验值由同名文本文件算出。由下列人员签字后报主管部门，作为这一年的凭证；"
         "日后输入登记簿核对码（schoolpub verify --code）即知历史改没改过。"],
        ["编制人", "公开办负责人", "校长", "监督小组"],
    )  # fmt: skip


def listing(
    snapshot: Snapshot,
    title: str,
    lead: list[str],
    columns: tuple[tuple[str, float], ...],
    rows: list[list[str]],
    foot: list[str],
    signs: list[str],
) -> Listing:
    """Return a list on landscape A4: *columns* with their relative widths; a row of one cell is a head over others."""
    return {
        "id": title,
        "plain_title": title,
        "title": title,
        "school": snapshot.school.name,
        "marks": ["示例学校，数据均为虚构"] if snapshot.school.sample else [],
        "lead": lead,
        "columns": [{"name": name, "width": width} for name, width in columns],
        "rows": rows,
        "foot": foot,
        "signs": signs,
    }


def _section(series: str, given: Sequence[tuple[str, Record, bool]]) -> str:
    """Return the head over the numbers of one series: which it is, from which to which, how many."""
    last = parse_number(given[-1][0])
    return f"{series}：1—{last[2] if last else ''}号，共 {len(given)} 个"


def _days(record: Record, snapshot: Snapshot) -> tuple[str, str]:
    own = snapshot.flow(record)
    played = flow.replay(record, own) if own else None
    sign, post = (played.sign_off, played.last("post")) if played else (None, None)
    return sign.day.isoformat() if sign else "", post.day.isoformat() if post else ""


def _state(record: Record, snapshot: Snapshot) -> str:
    status = "superseded" if editions.superseded(snapshot, record) else flow.status(snapshot, record)
    return snapshot.catalogues[record.catalogue].statuses.get(status, status)
