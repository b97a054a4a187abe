"""A chain with proofs and removals, and records on it: each test says day by day what was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from schoolpub.model.catalogue import Catalogue, Flow, FlowStep, Item
from schoolpub.model.people import Appointment, People, Person
from schoolpub.model.record import Record, Step
from schoolpub.model.school import Board, School
from schoolpub.model.snapshot import Snapshot
from tests.rules.sample_calendar import CALENDAR, day
from tests.rules.sample_records import EDITION, record

OUTER, INNER = "校门外公开栏", "办公楼内公开栏"
BOARDS = (Board(name=OUTER, audience="external"), Board(name=INNER, audience="internal"))
FLOW = Flow(
    key="short",
    name="简易程序",
    steps=(
        FlowStep(step="draft", name="起草", sources=("none",), to="draft", by=("填报人",)),
        FlowStep(step="submit", name="报送", sources=("draft",), to="submitted", by=("填报人",)),
        FlowStep(
            step="sign", name="签发", sources=("submitted",), to="signed", by=("校长",), approves=True, signs_off=True
        ),
        FlowStep(step="post", name="公开", sources=("signed",), to="posted", by=("公开办",)),
        FlowStep(step="prove", name="取证", sources=("posted", "ended"), to="same", by=("公开办",)),
        FlowStep(step="remark", name="备注", sources=("any",), to="same", by=()),
        FlowStep(step="discard", name="作废", sources=("draft", "submitted"), to="void", by=()),
        FlowStep(step="suspend", name="暂停公开", sources=("posted", "ended"), to="suspended", by=()),
        FlowStep(step="resume", name="恢复公开", sources=("suspended",), to="before", by=("校长",)),
        FlowStep(step="withdraw", name="撤回公开", sources=("suspended",), to="withdrawn", by=("校长",)),
        FlowStep(
            step="takedown", name="撤下", sources=("posted", "ended", "suspended", "withdrawn"), to="same", by=("公开办",)
        ),
        FlowStep(step="end", name="结束公示", sources=("posted",), to="ended", by=("公开办",)),
    ),
)
PEOPLE = People(
    persons={slug: Person(id=slug, name=name) for slug, name in
             (("zhao", "赵敏"), ("sun", "孙洁"), ("chu", "褚微"))},
    appointments=(
        Appointment(person="zhao", role="填报人", since=day("2025-01-01")),
        Appointment(person="sun", role="校长", since=day("2025-01-01")),
        Appointment(person="chu", role="公开办", since=day("2025-01-01")),
    ),
)  # fmt: skip


def step(name: str, on: str, **says: Any) -> Step:
    """Return a step of the day *on*, at eight; *says* is what it wrote down."""
    at = datetime.combine(day(on), datetime.min.time(), timezone(timedelta(hours=8))) + timedelta(hours=8)
    return Step(step=name, by="zhao", role="填报人", at=at, says=says)


def posted(on: str, **says: Any) -> tuple[Step, ...]:
    """Return the steps of a record that was posted on the day *on*."""
    return (*(step(name, on) for name in ("draft", "submit", "sign")), step("post", on, **says))


def proved(on: str, channel: str = "board", place: str = "") -> Step:
    """Return a proof."""
    return step("prove", on, channel=channel, **({"place": place} if place else {}))


def gone(on: str, channel: str = "board", place: str = "") -> Step:
    """Return a removal."""
    return step("takedown", on, channel=channel, **({"place": place} if place else {}))


def snapshot(items: list[Item], records: list[Record] = [], **changes: Any) -> Snapshot:  # noqa: B006
    """Return a school with two boards and one edition of the catalogue."""
    catalogue = Catalogue(
        edition=EDITION,
        items={i.slug: i for i in items},
        flows={"short": FLOW},
        channels={"board": "公开栏", "website": "学校网站", "congress": "教代会"},
        statuses={"posted": "已公开", "submitted": "已报送", "draft": "草稿", "signed": "已签发"},
    )
    whole = Snapshot(
        school=School(name="示例学校", boards=BOARDS),
        people=PEOPLE,
        calendar=CALENDAR,
        catalogues={EDITION: catalogue},
        records={r.id: r for r in records},
    )
    return replace(whole, **changes)


def edition(of: Record, number: int, **changes: Any) -> Record:
    """Return a later edition of *of*."""
    return replace(of, id=f"{of.id}.v{number}", edition=number, **changes)


__all__ = ["FLOW", "INNER", "OUTER", "day", "edition", "gone", "posted", "proved", "record", "snapshot", "step"]
