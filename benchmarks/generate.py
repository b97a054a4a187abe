"""Make a large school: the sample school's policy, and as many records as are asked for, the same every time.

Year after year the same rhythm, about a thousand records a year: plans, ratings and reports of the week, accounts of
the month, and events in between, each drafted, approved, posted and proven.  A hundredth is still on its way, a few
were corrected or withdrawn.  `schoolpub check` finds no error in what is made here.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice
from pathlib import Path

from schoolpub.model.catalogue import FlowStep
from schoolpub.model.period import week_of
from schoolpub.model.record import Record, Step, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.paths import shipped
from schoolpub.rules.clock.deadlines import due_of
from schoolpub.rules.identity import event_id, path_of
from schoolpub.store.files.record_file import new_text, read_record
from schoolpub.store.workspace import Workspace

BEGINNING = date(2026, 1, 5)
"""The first Monday on which the sample school's catalogue is in force."""
BEIJING = timezone(timedelta(hours=8))
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001010100"
    "1bb6ee560000000049454e44ae426082"
)
"""A photo of one grey point: evidence has to be there, and its size is no matter."""

_OFFICE, _LEADERS, _SUPERVISION, _FINANCE, _PRINCIPAL = "chu-wei", "wu-tong", "wang-lan", "hua-rong", "sun-jie"
_ACTORS = {"公开办": _OFFICE, "领导小组": _LEADERS, "监督小组": _SUPERVISION, "财务小组": _FINANCE, "校长": _PRINCIPAL}
_HEADS = {"总务处": "qian-li", "德育处": "yang-fan", "安全办": "qin-yue"}
_CLERK = "zhao-min"
_ON_THE_WAY = {"posted": "prove", "ready": "sign", "waiting": "submit", "begun": "draft"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a clerk enters, and the day on which it is posted."""

    item: str
    title: str
    day: date
    fields: Mapping[str, Tree]
    period: str = ""


@dataclass(slots=True)
class School:
    """A school's folder that is being filled."""

    root: Path
    snapshot: Snapshot
    numbers: dict[int, int] = field(default_factory=dict)
    moments: dict[date, int] = field(default_factory=dict)
    records: list[str] = field(default_factory=list)
    """The ids, in the order of their posting."""
    last: date = BEGINNING

    def snapshot_now(self) -> Snapshot:
        """Return the school with its records."""
        return Workspace(self.root).read()

    def number(self, year: int) -> str:
        """Return the next official number of *year*."""
        self.numbers[year] = self.numbers.get(year, 0) + 1
        return f"{self.snapshot.school.series}〔{year}〕{self.numbers[year]}号"


def fill(root: Path, count: int) -> School:
    """Make a school with *count* records in the new folder *root*."""
    shutil.copytree(shipped("starter"), root / "records")
    school = School(root, Workspace(root).read(cache=False))
    written = 0
    for number, draft in enumerate(drafts()):
        if written == count:
            break
        progress = "posted" if count - written > count // 100 else ("ready", "waiting", "begun")[number % 3]
        record = _write(school, draft, 1, progress=progress, withdrawn=number % 199 == 198)
        written += 1
        if number % 97 == 96 and written < count and progress == "posted":
            _write(school, draft, 2, progress="posted", first=record)
            written += 1
        school.last = draft.day
    return school


def drafts() -> Iterator[Draft]:
    """Yield what the school discloses, day after day, without an end."""
    accounts = _Accounts()
    for number in range(100_000):
        day = BEGINNING + timedelta(number)
        if day.weekday() < 5:
            yield from _of_a_day(day, number, accounts)


def _of_a_day(day: date, number: int, accounts: _Accounts) -> Iterator[Draft]:
    if day.weekday() == 0:
        yield _logistics(day)
        yield _rating(day, number)
    if day.weekday() == 4:
        yield _plan(day)
    # The first working day from the third on, so that a month's accounts are always in time.
    if (day.day == 3) or (day.weekday() == 0 and day.day in (4, 5)):
        yield accounts.monthly(day)
    if (day.day == 12) or (day.weekday() == 0 and day.day in (13, 14)):
        yield accounts.canteen(day)
    yield _notice(day, number)
    yield _good_news(day, number)
    if number % 2:
        yield _large_spend(day, number)
    if day.weekday() == 2:
        yield _inspection(day, number)
    if day.weekday() == 3:
        yield _procurement(day, number)


# What is disclosed


def _logistics(day: date) -> Draft:
    monday = day - timedelta(7)
    week = week_of(monday)
    fields: dict[str, Tree] = {
        "cleaning": "教学楼每日保洁两次，卫生间每课间巡查；垃圾分类投放点已清洗消毒。\n操场看台积水已清理。",
        "repairs": [
            {"place": f"教学楼{floor}层", "work": work, "state": "已完成"}
            for floor, work in (("一", "更换灯管"), ("二", "修理水龙头"), ("三", "加固窗扇"))
        ],
        "patrols": [
            {"date": (monday + timedelta(n)).isoformat(), "area": "食堂和宿舍", "finding": "无异常", "action": "-"}
            for n in range(5)
        ],
    }
    return Draft(
        item="logistics-weekly", title=f"{week.year}年第{week.text[-2:]}周后勤服务工作简报", day=day, fields=fields,
        period=week.text,
    )  # fmt: skip


def _rating(day: date, number: int) -> Draft:
    week = week_of(day - timedelta(7))
    rows: list[Tree] = []
    for grade in "一二三四五六":
        for room in (1, 2, 3):
            marks = [(number + room * 3 + len(rows) * k) % 4 - 1 for k in (1, 2, 3)]
            named = zip(("卫生", "纪律", "两操"), marks, strict=True)
            cells: dict[str, Tree] = {name: _signed(mark) for name, mark in named}
            rows.append({"label": f"{grade}（{room}）班", **cells, "total": _signed(sum(marks))})
    scores: dict[str, Tree] = {"columns": ["卫生", "纪律", "两操"], "rows": rows}
    return Draft(
        item="weekly-rating", title=f"{week.year}年第{week.text[-2:]}周班级常规评比", day=day,
        fields={"scores": scores, "findings": "两操出勤好于上周；个别班级放学后未关灯。"}, period=week.text,
    )  # fmt: skip


def _signed(mark: int) -> str:
    return f"{mark:+}" if mark else "0"


def _plan(day: date) -> Draft:
    week = week_of(day + timedelta(3))
    work = ("教研组活动", "校园安全巡查", "家长接待", "教师例会", "社团活动")
    tasks: list[Tree] = [
        {"department": "教导处", "date": (week.first + timedelta(n)).isoformat(), "place": "办公楼会议室", "work": name}
        for n, name in enumerate(work)
    ]
    return Draft(
        item="weekly-plan", title=f"{week.year}年第{week.text[-2:]}周工作安排", day=day,
        fields={"focus": "抓好常规管理，做好迎检准备。", "tasks": tasks}, period=week.text,
    )  # fmt: skip


def _notice(day: date, number: int) -> Draft:
    work = ("教学楼停水检修", "配电室停电检修", "网络设备更换", "操场划线保养", "消防水泵联动测试")[number % 5]
    begins = day + timedelta(7)
    fields: dict[str, Tree] = {
        "work": work, "place": "教学楼一至三层", "from": f"{begins}T08:00", "to": f"{begins}T17:00",
        "effect": "检修期间请使用风雨操场的饮水点，造成不便敬请谅解。", "emergency": "no",
    }  # fmt: skip
    return Draft(item="service-notice", title=f"关于{work}的预告", day=day, fields=fields)


def _good_news(day: date, number: int) -> Draft:
    event = ("区中小学生田径运动会", "市青少年科技创新比赛", "区合唱展演", "校园读书节征文")[number % 4]
    winners: list[Tree] = [
        {"winner": f"{grade}（{room}）班集体", "class": f"{grade}（{room}）班", "prize": prize}
        for grade, room, prize in (("四", 1, "一等奖"), ("五", 2, "二等奖"), ("六", 3, "二等奖"), ("七", 1, "三等奖"))
    ]
    fields: dict[str, Tree] = {"event": event, "level": "区", "organiser": "示例区教育局", "winners": winners}
    return Draft(item="good-news", title=f"喜报：{event}", day=day, fields=fields)


def _large_spend(day: date, number: int) -> Draft:
    decided = day - timedelta(10)
    fields: dict[str, Tree] = {
        "amount": f"{3000 + number * 37 % 9000}.{number % 100:02}",
        "payee": f"示例供应单位{number}",
        "purpose": f"第{number}批教学实验材料和体育器材补充",
        "fund": "公用经费",
        "decision_meeting": f"{decided.year}年第{decided.month}次校务会议",
        "decision_date": decided.isoformat(),
    }
    title = f"大额资金使用公开（{day.year}年{day.month}月{day.day}日）"
    return Draft(item="large-spend", title=title, day=day, fields=fields)


def _inspection(day: date, number: int) -> Draft:
    findings: list[Tree] = [
        {"finding": "实验室试剂标签脱落", "level": "一般", "measure": "重新贴签", "due": f"{day + timedelta(5)}"},
        {"finding": "疏散门闭门器损坏", "level": "重大", "measure": "当日修复", "due": f"{day + timedelta(1)}"},
    ]
    fields: dict[str, Tree] = {
        "area": "教学楼、食堂、实验室和配电室",
        "inspectors": [{"post": "安全办主任"}, {"post": "总务处管理员"}],
        "findings": findings,
        "praise": [f"四（{number % 3 + 1}）班"],
    }
    return Draft(item="safety-inspection", title="安全检查与隐患整改", day=day, fields=fields)


def _procurement(day: date, number: int) -> Draft:
    amount = 20_000 + number * 13 % 30_000
    prices = (amount, amount + 1_200, amount + 2_650)
    quotes: list[Tree] = [
        {"supplier": f"示例商贸{name}公司", "price": f"{price}.00", "rank": f"{rank}"}
        for rank, (name, price) in enumerate(zip("甲乙丙", prices, strict=True), 1)
    ]
    begins = day + timedelta(1)
    fields: dict[str, Tree] = {
        "name": "办公和教学设备采购", "method": "询价", "quotes": quotes, "winner": "示例商贸甲公司",
        "amount": f"{amount}.00", "delivery": "合同签订后十日内送达", "reason": "符合采购需求且报价最低",
        "notice_from": f"{begins}", "notice_to": f"{begins + timedelta(14)}", "objection_tel": "000-00000004",
    }  # fmt: skip
    title = f"采购结果公示（{day.year}年{day.month}月{day.day}日）"
    return Draft(item="procurement-result", title=title, day=day, fields=fields)


class _Accounts:
    """The books, whose every month carries on from the one before."""

    HEADS = ("办公费", "印刷费", "水费", "邮电费", "维修（护）费", "培训费", "专用材料费", "劳务费", "学生活动费")
    FOODS = ("主食", "蔬菜", "肉蛋", "调料", "燃料")

    def __init__(self) -> None:
        self.balance = Decimal("46318.25")
        self.years: dict[str, Decimal] = {}
        self.canteen_balance = Decimal("640.00")
        self.canteen_years: dict[str, Decimal] = {}

    def monthly(self, day: date) -> Draft:
        """Return the report of the month before *day*."""
        month = day.replace(day=1) - timedelta(1)
        if month.month == 1:
            self.years.clear()
        paid = {head: Decimal(900 + (month.month * 131 + n * 77) % 2000) for n, head in enumerate(self.HEADS)}
        income = {"生均公用经费拨款": sum(paid.values(), Decimal("-150.00")), "其他收入": Decimal("150.00")}
        start, self.balance = self.balance, self.balance + sum(income.values()) - sum(paid.values())
        for name, amount in (paid | income).items():
            self.years[name] = self.years.get(name, Decimal(0)) + amount
        fields: dict[str, Tree] = {
            "balance_start": f"{start:.2f}",
            "income": [{"item": n, "month": f"{a:.2f}", "ytd": f"{self.years[n]:.2f}"} for n, a in income.items()],
            "expense": [
                {
                    "head": n, "budget": "36000.00", "month": f"{a:.2f}", "ytd": f"{self.years[n]:.2f}",
                    "percent": _percent(self.years[n], Decimal(36000)),
                }
                for n, a in paid.items()
            ],
            "balance_end": f"{self.balance:.2f}",
            "notes": "一、收入\n本月收入主要为财政拨付的生均公用经费。\n二、支出\n各项支出均在年初预算之内。",
        }  # fmt: skip
        title = f"{month.year}年{month.month}月财务收支月报"
        return Draft(item="finance-monthly", title=title, day=day, fields=fields, period=f"{month:%Y-%m}")

    def canteen(self, day: date) -> Draft:
        """Return the canteen's accounts of the month before *day*."""
        month = day.replace(day=1) - timedelta(1)
        if month.month == 9:
            self.canteen_years.clear()
        paid = {food: Decimal(8000 + (month.month * 313 + n * 517) % 6000) for n, food in enumerate(self.FOODS)}
        total = sum(paid.values())
        income = {"学生伙食费": total - 6000, "教职工伙食费": Decimal(6000)}
        years = self.canteen_years
        for name, amount in (paid | income).items():
            years[name] = years.get(name, Decimal(0)) + amount
        fields: dict[str, Tree] = {
            "kind": "自营",
            "opening": f"{self.canteen_balance:.2f}",
            "income": [{"head": n, "month": f"{a:.2f}", "ytd": f"{years[n]:.2f}"} for n, a in income.items()],
            "expense": [
                {"head": n, "month": f"{a:.2f}", "ytd": f"{years[n]:.2f}", "share": _percent(a, Decimal(total))}
                for n, a in paid.items()
            ],
            "closing": f"{self.canteen_balance:.2f}",
        }
        title = f"{month.year}年{month.month}月食堂收支公示"
        return Draft(item="canteen-monthly", title=title, day=day, fields=fields, period=f"{month:%Y-%m}")


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{(part * 100 / whole).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


# From a draft to a file


def _write(
    school: School, draft: Draft, edition: int, *, progress: str, withdrawn: bool = False, first: Record | None = None
) -> Record:
    """Write *draft* as a record that got as far as *progress*; a second edition names its *first*."""
    catalogue = next(iter(school.snapshot.catalogues.values()))
    item = catalogue.items[draft.item]
    # Two things of one day are minutes apart, as they are in an office.
    turn = school.moments[draft.day] = school.moments.get(draft.day, -1) + 1
    at = datetime(draft.day.year, draft.day.month, draft.day.day, 8, 0, turn % 60, tzinfo=BEIJING)
    clerk = Step(step="draft", by=_CLERK, role="填报人", at=at)
    named = f"{item.slug}-{draft.period}" if draft.period else event_id(item, draft.day, repr(draft).encode())
    base = first.base if first else named
    body: dict[str, Tree] = {
        "schoolpub": "1",
        "id": base if edition == 1 else f"{base}.v{edition}",
        "item": item.slug,
        "catalogue": catalogue.edition.isoformat(),
        "edition": f"{edition}",
        "title": draft.title,
        **({"period": draft.period} if draft.period else {"date": draft.day.isoformat()}),
        "department": item.department,
        "audience": item.audience,
        **({"reason": "表述有误，予以更正"} if first else {}),
        "fields": dict(draft.fields),
    }
    text = new_text(body, [clerk])
    year = int((draft.period or f"{draft.day}")[:4])
    record, problems = read_record(text.encode(), path_of(item, str(body["id"]), year))
    assert record is not None, problems
    steps = [clerk, *_chain(school, record, catalogue.flows[item.flow].steps, at, progress, withdrawn)]
    target = school.root / record.file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(new_text(body, steps), encoding="utf-8", newline="\n")
    if any(step.step == "prove" for step in steps):
        kept = school.root / "records" / "attachments" / record.id
        kept.mkdir(parents=True)
        (kept / "photo.png").write_bytes(PHOTO)
    school.records.append(record.id)
    return record


def _chain(
    school: School, record: Record, lines: tuple[FlowStep, ...], at: datetime, progress: str, withdrawn: bool
) -> Iterator[Step]:
    """Yield the steps after the first, up to the one that *progress* means."""
    item = school.snapshot.item(record)
    assert item is not None
    way = list(islice((line for line in lines if not line.own), 1, [line.step for line in lines].index("prove")))
    for line in way:
        at += timedelta(minutes=7)
        role = line.by[0]
        by = _HEADS.get(record.department, _head(at.date())) if role == "部门负责人" else _ACTORS.get(role, _CLERK)
        says: dict[str, Tree] = {}
        if "meeting" in line.needs:
            says["meeting"] = f"{at.year}年第{at.month}次校务会议"
        if "number" in line.gives:
            says |= {"number": school.number(at.year), "after": hashlib.sha1(record.id.encode()).hexdigest()}
        if line.step == "post" and (due := due_of(record, item, school.snapshot)):
            says["due"] = due.date.isoformat()
        bound = line.approves or line.step in ("submit", "post")
        yield Step(step=line.step, by=by, role=role, at=at, content=record.content if bound else "", says=says)
        if line.step == _ON_THE_WAY[progress] or progress == "begun":
            return
    photo: dict[str, Tree] = {"file": "photo.png", "sha256": hashlib.sha256(PHOTO).hexdigest()}
    board = "办公楼内公开栏" if item.audience == "internal" else "校门外公开栏"
    for channel in item.channels:
        at += timedelta(minutes=3)
        place = board if channel == "board" else "学校网站"
        proof: dict[str, Tree] = {"channel": channel, "place": place, "evidence": photo}
        yield Step(step="prove", by=_OFFICE, role="公开办", at=at, on=at.date(), says=proof)
    if withdrawn:
        stop: dict[str, Tree] = {"reason": "内容与事实不符"}
        for name, by, role in (("suspend", _OFFICE, "公开办"), ("withdraw", _PRINCIPAL, "校长")):
            at += timedelta(minutes=30)
            bound = record.content if name == "withdraw" else ""
            yield Step(step=name, by=by, role=role, at=at, content=bound, says=stop)
        for channel in item.channels:
            at += timedelta(minutes=3)
            yield Step(step="takedown", by=_OFFICE, role="公开办", at=at, on=at.date(), says={"channel": channel})


def _head(day: date) -> str:
    """Return the head of the school's office, where somebody else came in August 2026."""
    return "feng-yun" if day < date(2026, 8, 1) else "chen-xi"
