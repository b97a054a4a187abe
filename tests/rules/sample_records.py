"""Records, items and a snapshot for the tests of dates: each test states only what matters to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Catalogue, Flow, FlowStep, Item
from schoolpub.model.period import parse_period
from schoolpub.model.record import Record, Step
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from tests.rules.sample_calendar import CALENDAR, day

FLOW = Flow(
    key="short",
    name="简易程序",
    steps=(
        FlowStep(step="draft", name="起草", sources=("none",), to="draft", by=("填报人",)),
        FlowStep(step="sign", name="签发", sources=("draft",), to="signed", by=("校长",), signs_off=True),
        FlowStep(step="post", name="公开", sources=("signed",), to="posted", by=("公开办",)),
        FlowStep(step="suspend", name="暂停公开", sources=("posted",), to="suspended", by=()),
        FlowStep(step="discard", name="作废", sources=("draft",), to="void", by=()),
    ),
)
EDITION = day("2026-01-01")


def item(slug: str = "finance-monthly", **changes: Any) -> Item:
    """Return an item that has only what *changes* say."""
    return Item(**{"slug": slug, "name": slug, "category": "财务", "department": "总务处", "flow": "short", **changes})


def steps(names: str, on: str = "2026-06-01", **says: str) -> tuple[Step, ...]:
    """Return the steps called *names*, all on one day; *says* belongs to the last."""
    at = datetime.combine(day(on), datetime.min.time(), timezone(timedelta(hours=8)))
    words = names.split()
    return tuple(
        Step(step=name, by="zhao-min", role="填报人", at=at, says=says if name == words[-1] else {}) for name in words
    )


def record(slug: str = "finance-monthly", key: str = "2026-10", **changes: Any) -> Record:
    """Return a record of the period (or the day) *key*."""
    is_day = len(key) == 10
    given: dict[str, Any] = {
        "id": f"{slug}-{key.replace('-', '') if is_day else key}",
        "item": slug,
        "catalogue": EDITION,
        "title": slug,
        "period": None if is_day else parse_period(key),
        "date": day(key) if is_day else None,
        "department": "总务处",
        "audience": "both",
        "content": "sha256:0",
        "file": f"records/disclosures/2026/{slug}-{key}.yaml",
        **changes,
    }
    return Record(**given)


def snapshot(
    items: Iterable[Item],
    records: Iterable[Record] = (),
    *,
    edition: date = EDITION,
    calendar: Calendar = CALENDAR,
    **school: Any,
) -> Snapshot:
    """Return a school's folder with one edition of the catalogue."""
    catalogue = Catalogue(edition=edition, items={i.slug: i for i in items}, flows={"short": FLOW})
    return Snapshot(
        school=School(name="示例学校", **school),
        calendar=calendar,
        catalogues={edition: catalogue},
        records={r.id: r for r in records},
    )
