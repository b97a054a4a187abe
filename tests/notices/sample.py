"""A small invented school with one finance report and one list, built by hand: what the print tests start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Catalogue, Field, Flow, FlowStep, Head, Item, Notice
from schoolpub.model.people import People, Person
from schoolpub.model.period import parse_period
from schoolpub.model.record import Record, Step
from schoolpub.model.school import Board, Contact, School
from schoolpub.model.snapshot import Snapshot

TODAY = date(2026, 11, 5)
CHINA = timezone(timedelta(hours=8))
STAMP = datetime(2026, 11, 4, 16, 0, tzinfo=CHINA)
EDITION = date(2026, 1, 1)


def at(day: int, hour: int = 9) -> datetime:
    """Return a moment in November 2026."""
    return datetime(2026, 11, day, hour, tzinfo=CHINA)


def line(step: str, name: str, source: str, to: str, by: str, **more: Any) -> FlowStep:
    return FlowStep(step=step, name=name, sources=(source,), to=to, by=(by,), **more)


FLOW = Flow(
    key="sensitive",
    name="敏感事项公开程序",
    steps=(
        line("draft", "起草", "none", "draft", "填报人"),
        line("submit", "报送", "draft", "submitted", "填报人"),
        line("review", "部门审核", "submitted", "reviewed", "部门负责人", approves=True),
        line("screen", "专审", "reviewed", "screened", "财务小组", approves=True),
        line("decide", "研究决定", "screened", "decided", "领导小组", approves=True),
        line("verify", "监督审核", "decided", "verified", "监督小组", approves=True),
        line("sign", "签发", "verified", "signed", "校长", approves=True, signs_off=True, gives=("number", "after")),
        line("post", "公开", "signed", "posted", "公开办"),
        line("prove", "取证", "posted", "same", "公开办"),
        line("suspend", "中止", "posted", "suspended", "公开办"),
    ),
)
SHORT_FLOW = Flow(
    key="plain",
    name="一般事项公开程序",
    steps=(
        line("draft", "起草", "none", "draft", "填报人"),
        line("submit", "报送", "draft", "submitted", "填报人"),
        line("review", "部门审核", "submitted", "reviewed", "部门负责人", approves=True),
        line("sign", "公开办签发", "reviewed", "signed", "公开办", approves=True, signs_off=True),
        line("post", "公开", "signed", "posted", "公开办"),
    ),
)


def fields(*found: Field) -> dict[str, Field]:
    return {field.key: field for field in found}


def money(key: str, name: str, **more: Any) -> Field:
    return Field(key=key, name=name, type="money", **more)


FINANCE = Item(
    slug="finance-monthly",
    name="财务收支月报",
    category="财务",
    department="总务处",
    flow="sensitive",
    period="month",
    channels=("board", "website"),
    fields=fields(
        money("balance_start", "上月结余"),
        Field(
            key="income",
            name="收入",
            type="table",
            columns=fields(
                Field(key="item", name="项目", type="text"),
                money("month", "本月", total=True),
                money("ytd", "本年累计", total=True),
            ),
            heads=(Head(name="金额", over=("month", "ytd")),),
        ),
        Field(
            key="expense",
            name="支出",
            type="table",
            tree=True,
            columns=fields(Field(key="head", name="科目", type="text"), money("month", "本月", total=True)),
        ),
        money("balance_end", "本月结余"),
        Field(key="notes", name="说明", type="long-text", optional=True),
    ),
    side_by_side=(),
)
HONOURS = Item(
    slug="honours-student",
    name="学生评优结果公示",
    category="学生",
    department="德育处",
    flow="plain",
    date_name="公示日期",
    channels=("board",),
    privacy="pupil-name",
    after_notice="remove",
    notice=Notice(days="5wd", range="notice"),
    fields=fields(
        Field(key="notice", name="公示期", type="range"),
        Field(
            key="winners",
            name="拟表彰名单",
            type="table",
            columns=fields(
                Field(key="name", name="姓名", type="text"),
                Field(key="class", name="班级", type="text"),
                Field(key="deeds", name="主要事迹", type="text"),
            ),
        ),
    ),
)
SCHOOL = School(
    name="示例学校",
    sample=True,
    site="https://school.invalid/gongkai/",
    office=Contact(name="校务公开办公室", telephone="000-00000001", place="办公楼101室"),
    authority=Contact(name="示例区教育局", telephone="000-00000002"),
    boards=(
        Board(name="校门外公开栏", audience="external", place="正门东侧"),
        Board(name="办公楼内公开栏", audience="internal"),
    ),
    departments=("总务处", "德育处"),
)
NAMES = {"zhao": "赵敏", "qian": "钱立", "sun": "孙洁", "li": "李华", "wu": "吴桐", "wang": "王岚", "feng": "冯云"}
PEOPLE = People(persons={slug: Person(id=slug, name=name) for slug, name in NAMES.items()})

CONTENT = "sha256:" + "9f2c" * 16
DRAFTED = (
    Step(step="draft", by="zhao", role="填报人", at=at(2)),
    Step(step="submit", by="zhao", role="填报人", at=at(2, 10), content=CONTENT),
)
APPROVED = (
    Step(step="review", by="qian", role="部门负责人", at=at(3), content=CONTENT),
    Step(step="screen", by="li", role="财务小组", at=at(3, 10), content=CONTENT),
    Step(
        step="decide",
        by="wu",
        role="领导小组",
        at=at(3, 11),
        content=CONTENT,
        says={"meeting": "2026年第9次会议", "opinion": "同意公开。"},
    ),
    Step(step="verify", by="wang", role="监督小组", at=at(3, 15), content=CONTENT),
)
SIGNED = (
    Step(
        step="sign",
        by="sun",
        role="校长",
        at=at(4),
        content=CONTENT,
        says={"number": "校公开〔2026〕31号", "after": "a1b2c3"},
    ),
)
POSTED = (
    Step(step="post", by="feng", role="公开办", at=at(4, 16), says={"due": "2026-11-05", "place": "校门外公开栏"}),
)

INCOME = [
    {"item": "生均公用经费", "month": "85000.00", "ytd": "850000.00"},
    {"item": "课后服务费（代收）", "month": "1200.50", "ytd": "1200.50"},
]
EXPENSE: list[Any] = [
    {"head": "公用支出", "month": "60000.00", "level": "1"},
    {"head": "办公费", "month": "20000.00", "level": "2"},
    {"head": "水电费", "month": "40000.00", "level": "2"},
    {"head": "维修费", "month": "12300.10", "level": "1"},
]


def finance(**changes: Any) -> Record:
    """Return the finance report, signed off, with *changes*; keys in `fields` are replaced one by one."""
    given = {
        "balance_start": "152300.00",
        "income": INCOME,
        "expense": EXPENSE,
        "balance_end": "166200.40",
        **changes.pop("fields", {}),
    }
    made = Record(
        id="finance-monthly-2026-10",
        item="finance-monthly",
        catalogue=EDITION,
        title="2026年10月财务收支月报",
        period=parse_period("2026-10"),
        department="总务处",
        audience="both",
        fields=given,
        steps=(*DRAFTED, *APPROVED, *SIGNED),
        content=CONTENT,
        file="records/disclosures/2026/finance-monthly-2026-10.yaml",
    )
    return replace(made, **{"body": {"fields": given, "schoolpub": "1"}, **changes})


def honours(count: int = 3, **changes: Any) -> Record:
    """Return a list of *count* invented pupils with a notice period of five working days."""
    winners = [
        {"name": f"学生{i:03}", "class": f"九（{i % 9 + 1}）班", "deeds": f"事迹第{i}项：乐于助人，学习认真"}
        for i in range(1, count + 1)
    ]
    given: Any = {"notice": {"from": "2026-11-05", "to": "2026-11-11"}, "winners": winners}
    made = Record(
        id="honours-student-20261105-abcd",
        item="honours-student",
        catalogue=EDITION,
        title="2026年秋季学期三好学生拟表彰名单公示",
        date=date(2026, 11, 5),
        department="德育处",
        audience="both",
        fields=given,
        body={"fields": given, "schoolpub": "1"},
        steps=(
            *DRAFTED,
            APPROVED[0],
            Step(step="sign", by="feng", role="公开办", at=at(4), says={"number": "校公开〔2026〕32号"}),
        ),
        content=CONTENT,
        file="records/disclosures/2026/honours-student-20261105-abcd.yaml",
    )
    return replace(made, **changes)


def snapshot(*records: Record, school: School = SCHOOL) -> Snapshot:
    """Return a snapshot that holds *records*."""
    catalogue = Catalogue(
        edition=EDITION,
        categories=("财务", "学生"),
        channels={"board": "公开栏", "website": "学校网站"},
        items={item.slug: item for item in (FINANCE, HONOURS)},
        flows={"sensitive": FLOW, "plain": SHORT_FLOW},
    )
    return Snapshot(
        school=school,
        people=PEOPLE,
        calendar=Calendar(),
        catalogues={EDITION: catalogue},
        records={record.id: record for record in records},
    )
