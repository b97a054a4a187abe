"""The catalogue in plain Chinese: when an item is due, how long its notice hangs."""

from __future__ import annotations

from collections.abc import Mapping

from schoolpub.model.catalogue import Catalogue, Due, Duty, Item
from schoolpub.rules.clock.proofs import Spot

EVERY: Mapping[str, str] = {
    "day": "每日", "week": "每周", "month": "每月", "quarter": "每季度", "term": "每学期", "half-term": "每学期两次",
    "year": "每年", "school-year": "每学年", "monday": "每周一", "tuesday": "每周二", "wednesday": "每周三",
    "thursday": "每周四", "friday": "每周五", "saturday": "每周六", "sunday": "每周日", "": "发生时",
}  # fmt: skip
"""How often → in words."""

TYPES: Mapping[str, str] = {
    "text": "文字", "long-text": "长文字", "sections": "分节文字", "date": "日期", "month": "月份",
    "datetime": "日期和时间", "range": "起止", "hours": "时间段", "period": "期间", "money": "金额", "price": "价格",
    "words": "大写金额", "integer": "整数", "decimal": "数", "signed": "带正负号的数", "percent": "百分比",
    "choice": "选择", "yes-no": "是或否", "person": "人", "post": "岗位", "organisation": "单位", "url": "网址",
    "email": "电子邮箱", "document-number": "文号", "reference": "另一份公开", "telephone": "电话",
    "telephones": "电话", "documents": "文件", "account": "账户", "votes": "表决结果", "list": "几项", "table": "表",
    "matrix": "矩阵表", "blocks": "几组",
}  # fmt: skip
"""The type of a field → what is to be written there."""

_FROM: Mapping[str, str] = {
    "term-start": "开学", "term-end": "学期结束", "term-middle": "期中", "period-start": "期初", "period-end": "期末",
}  # fmt: skip

_OF: Mapping[str, str] = {
    "next-month": "次月", "this-month": "当月", "next-year": "次年", "this-year": "当年", "next-week": "下周",
    "this-week": "本周", "previous-week": "前一周", "last-week": "前一周",
}  # fmt: skip

_WEEKDAYS = "一二三四五六日"


def when(item: Item) -> str:
    """Return when *item* is disclosed: 每月，次月5日前."""
    return "；".join(dict.fromkeys(duty_words(duty, item) for duty in item.duties))


def duty_words(duty: Duty, item: Item) -> str:
    """Return one duty in words."""
    often = EVERY.get(duty.every, duty.every)
    part = item.parts.get(duty.part, "")
    return f"{often}{part}，{due_words(duty.due, item)}"


def due_words(due: Due, item: Item) -> str:
    """Return when it is due, in words."""
    rolled = "（遇休息日顺延）" if due.roll == "next-workday" else ""
    if due.day is not None:
        return f"{_OF.get(due.of, due.of)}{due.day}日前{rolled}"
    if due.month_day:
        month, _, day = due.month_day.partition("-")
        return f"{_OF.get(due.of, '')}{int(month)}月{int(day)}日前{rolled}"
    if due.weekday is not None:
        return f"{_OF.get(due.of, due.of)}星期{_WEEKDAYS[due.weekday - 1]}前{rolled}"
    if due.same_day:
        return f"当日{rolled}"
    start = _FROM.get(due.of) or (item.date_name if due.of in ("", "date") else _field_name(item, due.of))
    if due.within:
        return f"{start}后{count_words(due.within)}内{rolled}"
    if due.before[:1].isdigit():
        return f"{start}{count_words(due.before)}前{rolled}"
    return f"{_FROM.get(due.before, due.before)}前"


def count_words(count: str) -> str:
    """Return `5wd` as 5个工作日, `20d` as 20日."""
    if count.endswith("wd"):
        return f"{count[:-2]}个工作日"
    return f"{count[:-1]}日" if count.endswith("d") else count


def _field_name(item: Item, key: str) -> str:
    field = item.fields.get(key)
    return field.name if field else key


def spot_words(spot: Spot, catalogue: Catalogue) -> str:
    """Return a place where something is shown: the board's name, else the channel's."""
    return spot.place or catalogue.channels.get(spot.channel, spot.channel)
