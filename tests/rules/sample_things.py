"""Small catalogues written as YAML, and records of them, so that each test states only what matters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from schoolpub.model.catalogue import Catalogue, Item
from schoolpub.model.people import Appointment, People, Person
from schoolpub.model.period import parse_period
from schoolpub.model.record import Attachment, Record, Step
from schoolpub.model.school import Account, Contact, School
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.judge import judge
from schoolpub.rules.values import Reading, read_values
from schoolpub.store.files.catalogue_file import read_edition
from schoolpub.store.yaml.strict_yaml import parse

EDITION = date(2026, 1, 1)
SHIPPED = Path(__file__).parents[2] / "records" / "catalogue" / EDITION.isoformat()
SCHOOL = School(
    name="示例学校",
    office=Contact(name="校务公开办公室", telephone="000-00000001"),
    hotlines=(Contact(name="监督电话", telephone="000-00000004"),),
    accounts=(Account(name="示例学校", bank="示例银行", number="0000000000000000001"),),
    departments=("总务处", "办公室"),
)
PEOPLE = People(
    persons={p: Person(id=p, name=n) for p, n in (("zhao-min", "赵敏"), ("qian-li", "钱立"), ("sun-he", "孙和"))},
    appointments=(
        Appointment(person="zhao-min", role="填报人", department="总务处", since=date(2020, 1, 1)),
        Appointment(person="qian-li", role="部门负责人", department="总务处", since=date(2020, 1, 1)),
        Appointment(person="sun-he", role="公开办", since=date(2020, 1, 1)),
    ),
)
FLOWS = """
plain:
  name: 一般程序
  steps:
    - {step: draft, name: 起草, from: [none], to: draft, by: [填报人]}
    - {step: submit, name: 报送, from: [draft, returned], to: submitted, by: [填报人]}
    - {step: sign, name: 签发, from: [submitted], to: signed, by: [部门负责人], approves: true, gives: [number]}
    - {step: post, name: 公开, from: [signed], to: posted, by: [公开办]}
    - {step: return, name: 退回, from: [submitted], to: returned, by: [部门负责人], needs: [reason]}
    - {step: discard, name: 作废, from: [draft, submitted, signed], to: void, by: [填报人], needs: [reason]}
"""
HEAD = """
thing:
  name: 示例事项
  category: 财务
  department: 总务处
  flow: plain
  audience: both
  channels: [board]
"""


def catalogue(items: str) -> Catalogue:
    """Return an edition with the items written in *items*, which must be right."""
    trees = {
        "edition.yaml": tree("edition: 2026-01-01\nadopted: 2025-12-10\ncategories: [财务]\n"),
        "flows.yaml": tree(FLOWS),
        "items.yaml": tree(items),
    }
    read, problems = read_edition(trees, EDITION.isoformat())
    assert read is not None and not problems, [(p.where, str(p.message)) for p in problems]
    return read


def item(text: str, *, period: str = "none") -> Item:
    """Return the item `thing` with the `fields:` and `rules:` written in *text*."""
    return thing(text, period=period).items["thing"]


@lru_cache
def thing(text: str, *, period: str = "none") -> Catalogue:
    """Return an edition whose only item is `thing`."""
    body = "".join(f"  {line}\n" for line in text.strip("\n").splitlines())
    return catalogue(f"{HEAD}  period: {period}\n{body}")


@lru_cache
def shipped() -> Catalogue:
    """Return the catalogue that comes with the program."""
    trees = {path.name: parse(path.read_bytes(), path.name)[0] for path in sorted(SHIPPED.glob("*.yaml"))}
    read, _ = read_edition(trees, EDITION.isoformat())
    assert read is not None
    return read


def tree(text: str) -> Any:
    """Return YAML as the store reads it."""
    found, problems = parse(text.encode(), "t")
    assert not problems, [str(p.message) for p in problems]
    return found


def step(name: str, by: str = "zhao-min", role: str = "填报人", day: str = "2026-11-03", **changes: Any) -> Step:
    """Return a step taken at nine in the morning of *day*."""
    at = datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=timezone(timedelta(hours=8)))
    return Step(step=name, by=by, role=role, at=at, **changes)


def record(fields: Any = None, **changes: Any) -> Record:
    """Return a record of `thing`; *fields* may be YAML."""
    read = tree(fields) if isinstance(fields, str) else fields or {}
    period = changes.pop("period", None)
    day = changes.pop("date", None if period else date(2026, 11, 3))
    slug = changes.get("item", "thing")
    end = parse_period(period).slug if period else f"{day:%Y%m%d}-abcd"
    made = changes.pop("id", f"{slug}-{end}")
    year = parse_period(period).year if period else day.year
    values: dict[str, Any] = {
        "item": "thing",
        "catalogue": EDITION,
        "title": "示例标题",
        "department": "总务处",
        "audience": "both",
        "content": "sha256:one",
        "steps": (step("draft"),),
        "file": f"records/disclosures/{year}/{made}.yaml",
        "body": {"says": changes.pop("says", {}), **changes.pop("body", {})},
        **changes,
    }
    return Record(id=made, period=parse_period(period) if period else None, date=day, fields=read, **values)


def attachment(*carries: str) -> Attachment:
    """Return a file that carries fields."""
    return Attachment(file="表.pdf", title="表", sha256="0" * 64, carries=carries)


def snapshot(edition: Catalogue, records: Iterable[Record] = (), **changes: Any) -> Snapshot:
    """Return a school's folder with *records*."""
    values = {"school": SCHOOL, "people": PEOPLE, **changes}
    by_id = {r.id: r for r in sorted(records, key=lambda r: r.id)}
    return Snapshot(catalogues={edition.edition: edition}, records=by_id, **values)


def read(text: str, fields: str, **changes: Any) -> Reading:
    """Return the reading of *fields* (YAML) by an item with the fields in *text*."""
    return read_values(record(fields, **changes), item(text), SCHOOL)


def judged(edition: Catalogue, one: Record, others: Iterable[Record] = (), *, outside: bool = True) -> list[str]:
    """Return what judging *one* beside *others* finds: level, code, place and message, a line each."""
    everything = snapshot(edition, [one, *others])
    own = edition.items[one.item]
    found = judge(one, own, read_values(one, own, SCHOOL), everything, outside=outside)
    return [told(p) for p in found]


def told(problem: Any) -> str:
    """Return a problem in one line."""
    return f"{problem.level} {problem.code} {problem.field}: {problem.message}"
