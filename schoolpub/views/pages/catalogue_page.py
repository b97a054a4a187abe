"""The catalogue (校务公开目录) as people read it: what is disclosed, by whom, when and why, and what was posted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from schoolpub.model.catalogue import Catalogue, Due, Duty, Item
from schoolpub.rules.clock.calendar import WEEKDAYS as WEEKDAY_WORDS
from schoolpub.rules.clock.deadlines import WEEKDAYS
from schoolpub.rules.clock.duties import Owed
from schoolpub.views import asking, formats, gate_ledger, places
from schoolpub.views.context import Context
from schoolpub.views.ledgers import ledgers
from schoolpub.views.pages import owing
from schoolpub.views.pages.cards import Card

_SHOWN = 3
_EVERY = {
    "day": "每日",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "term": "每学期",
    "half-term": "每学期期中、期末",
    "year": "每年",
    "school-year": "每学年",
    **{key: f"每{word}" for key, word in zip(WEEKDAYS, WEEKDAY_WORDS, strict=True)},
}
_ANCHORS = {
    "date": "事项发生",
    "period-start": "期初",
    "period-end": "期末",
    "term-start": "学期开始",
    "term-end": "学期结束",
    "term-middle": "期中",
}
_PRIVACY = {
    "pupil-name": "学生姓名隐去部分",
    "aggregate": "只公开汇总数",
    "restricted": "涉及个人信息的内容不公开",
}


def catalogue(cards: list[Card], balance: Collection[Owed], context: Context) -> dict[str, Any]:
    """Return the page of the catalogue in force; *cards* are the current ones, newest first."""
    edition = context.catalogue
    by_item: dict[str, list[Card]] = {}
    for card in cards:
        by_item.setdefault(card["item"], []).append(card)
    # What should have been looked at again is the school's own affair.
    old = () if context.public else {record.item for record, _ in context.stale}
    categories = dict.fromkeys([*edition.categories, *(item.category for item in edition.items.values())])
    groups = [
        {
            "name": name,
            "anchor": f"category-{number}",
            "items": [_item(item, by_item.get(item.slug, []), context, old) for item in _of(edition, name)],
        }
        for number, name in enumerate(categories, 1)
    ]
    return {
        "lead": _lead(edition, context),
        "missing": _by_item(owing.missing(balance), context),
        "coming": _by_item(owing.coming(balance), context),
        "plans": bool(context.seen.plans),
        "groups": [group for group in groups if group["items"]],
    }


def _of(edition: Catalogue, category: str) -> Iterable[Item]:
    return (item for item in edition.items.values() if item.category == category)


def _lead(edition: Catalogue, context: Context) -> str:
    if not edition.items:
        return "学校还没有制定公开目录。"
    said = edition.adopted and edition.adopted_by
    adopted = f"，{formats.day(edition.adopted)}由{edition.adopted_by}通过" if edition.adopted and said else ""
    inner = sum(item.audience == "internal" for item in edition.items.values())
    return (
        f"{formats.day(edition.edition)}起施行{adopted}。共 {len(edition.items)} 项，"
        f"其中只对内公开 {inner} 项{'，在校内公开栏公开' if context.public and inner else ''}。"
    )


def _by_item(entries: Iterable[Owed], context: Context) -> list[dict[str, Any]]:
    """Return what is owed item by item, the latest period first."""
    found: dict[str, list[Owed]] = {}
    for entry in entries:
        found.setdefault(entry.item.name, []).append(entry)
    return [
        {
            "name": name,
            "count": len(owed),
            "lines": [f"{owing.period(o, context)}，{owing.deadline(o)}" for o in reversed(owed)],
        }
        for name, owed in found.items()
    ]


def _item(item: Item, cards: list[Card], context: Context, stale: Collection[str]) -> dict[str, Any]:
    edition = context.catalogue
    hidden = context.public and item.audience == "internal"
    flow = edition.flows.get(item.flow)
    rows = [
        ("公开范围", formats.AUDIENCES.get(item.audience, item.audience)),
        ("责任部门", item.department),
        ("时限", "；".join(frequency(duty, item) for duty in item.duties) or "事项发生时"),
        ("公示期", _notice(item)),
        ("公开形式", "、".join(edition.channels.get(c, c) for c in item.channels)),
        ("公开程序", f"{flow.name}：{_steps(flow.steps)}" if flow else ""),
        ("个人信息", _PRIVACY.get(item.privacy, "")),
        ("保管期限", formats.KEEP.get(item.keep, item.keep)),
    ]
    more = len(cards) - _SHOWN
    return {
        "slug": item.slug,
        "name": item.name,
        "help": item.help,
        "tags": [*(["对内"] if item.audience == "internal" else []), *(["超过复核期限"] if item.slug in stale else [])],
        "rows": [{"label": label, "text": text} for label, text in rows if text],
        "basis": [asking.basis(b, edition) for b in item.basis],
        "cards": cards[:_SHOWN],
        "more": {"text": f"全部 {len(cards)} 件", "url": places.item(item.slug)} if more > 0 else None,
        "ledger": ledgers.path_of(item, context),
        "empty": _empty(item, hidden),
    }


def _empty(item: Item, hidden: bool) -> str:
    if item.privacy == "restricted" and item.ledger in gate_ledger.LEDGERS:
        return "不逐件公开，只在统计中计件数。"
    if item.ledger in gate_ledger.LEDGERS:
        return "在校内登记。"
    return "在校内公开栏公开。" if hidden else "尚未公开。"


def _steps(steps: Iterable[Any]) -> str:
    told = [
        s.name
        for s in steps
        if s.step in ("draft", "submit", "post") or (s.approves and "suspended" not in s.sources)
    ]
    return " → ".join(dict.fromkeys(told))


def _notice(item: Item) -> str:
    if item.notice is None:
        return ""
    after = {"remove": "，期满撤下名单", "totals": "，期满只留合计"}.get(item.after_notice, "")
    return f"不少于{formats.count(item.notice.days)}{after}"


def frequency(duty: Duty, item: Item) -> str:
    """Return a duty in plain Chinese: 每月，次月5日前."""
    part = item.parts.get(duty.part, "")
    every = _EVERY.get(duty.every, "")
    if duty.in_term and every:
        every += "（学期内）"
    return f"{every}{part}{'，' if every or part else ''}{_due(duty.due, item)}"


def _due(due: Due, item: Item) -> str:
    if due.same_day:
        text = "当日"
    elif due.day is not None:
        text = f"{'次月' if due.of == 'next-month' else '当月'}{due.day}日前"
    elif due.weekday is not None:
        text = f"{'当' if due.of == 'this-week' else '下'}{WEEKDAY_WORDS[due.weekday - 1]}前"
    elif due.month_day:
        month, day = (int(part) for part in due.month_day.split("-"))
        text = f"{'次年' if due.of == 'next-year' else '当年'}{month}月{day}日前"
    elif due.within:
        text = f"{_anchor(due.of, item)}后{formats.count(due.within)}内"
    else:
        text = f"{_anchor(due.of, item)}{formats.count(due.before)}前"
    return text + ("，遇休息日顺延" if due.roll == "next-workday" else "")


def _anchor(name: str, item: Item) -> str:
    if name == "date" and item.date_name != "日期":
        return item.date_name
    if name in _ANCHORS:
        return _ANCHORS[name]
    field = item.fields.get(name.partition(".")[0])
    return f"“{field.name}”" if field else name
