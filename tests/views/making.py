"""Real folders with real records, made without the commands: the sample school's policy and what a test posts in it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from schoolpub.model.record import Step, base_id
from schoolpub.model.snapshot import Snapshot
from schoolpub.store.files.record_file import content_of, new_text
from schoolpub.store.workspace import Workspace

REPOSITORY = Path(__file__).parents[2]
TEMPLATES = REPOSITORY / "templates" / "site"
CHINA = timezone(timedelta(hours=8))

CHAINS = {
    "disclosure": [
        ("draft", "zhao-min", "填报人"),
        ("submit", "zhao-min", "填报人"),
        ("review", "qian-li", "部门负责人"),
        ("sign", "chen-xi", "公开办"),
        ("post", "chu-wei", "公开办"),
    ],
    "disclosure-reviewed": [
        ("draft", "zhao-min", "填报人"),
        ("submit", "zhao-min", "填报人"),
        ("review", "qian-li", "部门负责人"),
        ("decide", "wu-tong", "领导小组"),
        ("verify", "wang-lan", "监督小组"),
        ("sign", "sun-jie", "校长"),
        ("post", "chu-wei", "公开办"),
    ],
    "disclosure-sensitive": [
        ("draft", "zhao-min", "填报人"),
        ("submit", "zhao-min", "填报人"),
        ("review", "qian-li", "部门负责人"),
        ("screen", "hua-rong", "财务小组"),
        ("decide", "wu-tong", "领导小组"),
        ("verify", "wang-lan", "监督小组"),
        ("sign", "sun-jie", "校长"),
        ("post", "chu-wei", "公开办"),
    ],
    "disclosure-congress": [
        ("draft", "zhao-min", "填报人"),
        ("submit", "zhao-min", "填报人"),
        ("review", "qian-li", "部门负责人"),
        ("decide", "wu-tong", "领导小组"),
        ("vote", "he-qing", "教代会"),
        ("verify", "wang-lan", "监督小组"),
        ("sign", "sun-jie", "校长"),
        ("post", "chu-wei", "公开办"),
    ],
}
_numbers = {"next": 0}


def policy(root: Path, *, sample: bool = True) -> Path:
    """Copy the sample school's policy to *root* and return it."""
    left_out = shutil.ignore_patterns("disclosures", "attachments", "feedback", "rectifications", "supervision")
    shutil.copytree(REPOSITORY / "records", root / "records", ignore=left_out)
    if not sample:
        school = root / "records" / "school.yaml"
        school.write_text(school.read_text("utf-8").replace("sample: yes", "sample: no"), "utf-8")
    return root


def read(root: Path) -> Snapshot:
    """Return the snapshot of *root*; nothing in it may be broken."""
    snapshot = Workspace(root).read(cache=False)
    wrong = [f"{p.file} {p.where} {p.message}" for p in snapshot.problems]
    assert not wrong, wrong
    return snapshot


def add(
    root: Path,
    record_id: str,
    body: Mapping[str, Any],
    *,
    day: date,
    chain: str = "disclosure-sensitive",
    upto: str = "post",
    proofs: Mapping[str, str] | None = None,
    says: Mapping[str, Mapping[str, Any]] | None = None,
    more: tuple[tuple[str, str, str, date, Mapping[str, Any]], ...] = (),
    files: Mapping[str, bytes] | None = None,
) -> Path:
    """Write the record *record_id*, drafted and posted on *day*; return its file.

    *upto* is the last step taken, *proofs* says on which day which channel was proven, *says* adds to single steps,
    *more* are steps after those (name, person, role, day, says), *files* become attachments.
    """
    base = base_id(record_id)
    item = body["item"]
    attachments = [
        {"file": name, "title": name.rpartition(".")[0], "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in (files or {}).items()
    ]
    whole = {
        "schoolpub": "1",
        "id": record_id,
        "item": item,
        "catalogue": "2026-01-01",
        "edition": str(1 if record_id == base else int(record_id.rpartition(".v")[2])),
        **{key: value for key, value in body.items() if key != "item"},
        **({"attachments": attachments} if attachments else {}),
    }
    content = content_of(new_text(whole, []).encode())
    steps = []
    moment = datetime(day.year, day.month, day.day, 8, 30, tzinfo=CHINA)
    for name, person, role in CHAINS[chain]:
        extra = dict((says or {}).get(name, {}))
        if name == "sign":
            _numbers["next"] += 1
            extra = {"number": f"校公开〔{day.year}〕{_numbers['next']}号", "after": "c0ffee" * 6 + "c0ff", **extra}
        if name == "decide":
            extra = {"meeting": "领导小组第5次会议", **extra}
        steps.append(step(name, person, role, moment, content if name not in ("draft", "post") else "", extra))
        moment += timedelta(minutes=20)
        if name == upto:
            break
    for channel, when in (proofs or {}).items():
        place = "校门外公开栏" if channel == "board" else "学校网站"
        photo = {"file": f"{channel}.jpg", "sha256": "0" * 64}
        extra = {"channel": channel, "place": place, "evidence": photo}
        steps.append(step("prove", "chu-wei", "公开办", moment, "", extra, on=date.fromisoformat(when)))
        moment += timedelta(minutes=1)
    for name, person, role, when, extra in more:
        moment = max(moment + timedelta(minutes=1), datetime(when.year, when.month, when.day, 15, 0, tzinfo=CHINA))
        steps.append(step(name, person, role, moment, "", extra))
    year = body["period"][:4] if "period" in body else body["date"][:4]
    file = root / "records" / "disclosures" / year / f"{record_id}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(new_text(whole, steps), "utf-8")
    for name, data in (files or {}).items():
        target = root / "records" / "attachments" / record_id / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return file


def step(
    name: str, person: str, role: str, at: datetime, content: str, says: Mapping[str, Any], on: date | None = None
) -> Step:
    """Return a step as the commands would write it."""
    return Step(step=name, by=person, role=role, at=at, on=on, content=content, says=dict(says))


FINANCE: dict[str, Any] = {
    "balance_start": "152300.00",
    "income": [
        {"item": "生均公用经费", "month": "85000.00", "ytd": "850000.00"},
        {"item": "其他收入", "month": "4300.50", "ytd": "21800.50"},
    ],
    "expense": [
        {"head": "办公费", "budget": "400000.00", "month": "31240.00", "ytd": "301180.00", "percent": "75.30%"},
        {"head": "水电费", "budget": "260000.00", "month": "26480.00", "ytd": "214300.00", "percent": "82.42%"},
        {"head": "水费", "level": "2", "month": "6480.00", "ytd": "54300.00"},
        {"head": "电费", "level": "2", "month": "20000.00", "ytd": "160000.00"},
        {"head": "维修费", "budget": "180000.00", "month": "8800.00", "ytd": "92400.00", "percent": "51.33%"},
    ],
    "balance_end": "175080.50",
    "agency": [
        {"item": "课后服务费", "opening": "0.00", "in": "46200.00", "out": "-", "balance": "46200.00"},
    ],
    "notes": "一、收入\n本月收入主要为财政拨付的生均公用经费。\n"
    "二、支出\n（一）水电费\n本月起按表计量，与上月相比有所增加。",
}


def finance(period: str = "2026-10", **changes: Any) -> dict[str, Any]:
    """Return the body of a monthly report."""
    year, month = period.split("-")
    return {
        "item": "finance-monthly",
        "title": f"{year}年{int(month)}月财务收支月报",
        "period": period,
        "department": "总务处",
        "audience": "both",
        "fields": {**FINANCE, **changes},
    }
