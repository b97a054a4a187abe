"""The weekly sheets of the autumn: next week's plan, the week's repairs and patrols, the classes' flags.

Until the end of October they were let off, because the boards were being rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from schoolpub.model.period import Period, parse_period
from schoolpub.model.record import Tree

WEEKS = ("2026-W44", "2026-W45", "2026-W46")
AHEAD = ("2026-W45", "2026-W46", "2026-W47")
"""Weeks whose plan was posted on the Friday before."""
DRAFT = "2026-W48"
"""The plan that is still a draft when the story ends."""

_LET_OFF = {
    # 事项: 改造期间怎样告知
    "weekly-plan": ("周工作安排", "每周五在教职工例会上通知，并发至各办公室"),
    "logistics-weekly": ("后勤服务工作简报", "维修和巡查情况记入总务处台账，可到总务处查阅"),
    "weekly-rating": ("班级常规评比", "每周一升旗仪式后口头公布"),
}

_CLASSES = ("四（1）班", "四（2）班", "五（1）班", "五（2）班", "六（1）班", "六（2）班")
_SCORES = ("+2 +1 +1  0 +2 -1", "+1 +2  0 +1 +1  0", "+1  0 +2 +2 +1 -2")
"""One line a week, one figure a class; discipline and exercise follow by shifting the line."""

_FOCUS = {
    "2026-W45": "期中学业质量分析，家长会",
    "2026-W46": "消防安全月活动，食堂采购开启",
    "2026-W47": "应急疏散演练，阅读节闭幕",
    "2026-W48": "期中总结整改，冬季防寒准备",
}
_TEACHING = ("学科教研，推门听课", "实验课准备检查", "作业量统计与公示", "教研组长例会", "备课检查反馈")
_PUPILS = ("升旗与国旗下讲话", "班主任例会", "班级卫生互查", "家长接待日", "路队与放学秩序检查")
_HOUSE = ("食堂验收抽查", "校园绿化修剪", "电路与门窗巡查", "饮水机清洗消毒", "公开栏更新核对")

_CLEANING = (
    "运动会期间增设12个垃圾桶，赛后当日清场；落叶期每天早晨增加一次清运。",
    "完成教学楼走廊玻璃清洗，卫生间每课间巡查并补充洗手液。",
    "清理屋面落水口，对风雨操场和器材室做了消毒，清洁记录完整。",
)
_REPAIRS = (
    ("五（1）班教室", "维修日光灯1盏、窗锁1处", "已完成"),
    ("风雨操场", "修补看台扶手", "进行中"),
    ("食堂洗碗间", "疏通下水并更换水封", "已完成"),
)
_PATROLS = (
    ("北侧围墙", "一处监控被树枝遮挡", "当日修剪"),
    ("实验楼二层", "灭火器压力偏低1具", "已更换"),
    ("食堂库房", "两袋面粉临期", "提前安排使用并登记"),
)
_HYGIENE = (
    "抽检餐具32件，洁净度合格；菜品留样齐全，冷藏温度记录完整。",
    "验收退回叶菜15千克，供货单位当日补送；油烟机滤网已清洗。",
    "家长代表陪餐两次，意见为汤品偏咸，已调整。",
)


def records() -> Iterator[tuple[str, dict[str, Tree]]]:
    """Yield the sheets of every week, each with its name in the story."""
    for number, text in enumerate(WEEKS):
        week = parse_period(text)
        yield f"logistics-{text}", _entry("logistics-weekly", text, _logistics(week, number))
        yield f"rating-{text}", _entry("weekly-rating", text, _rating(number))
    for item, (name, instead) in _LET_OFF.items():
        yield f"let-off-{item}", _let_off(item, name, instead)
    for text in (*AHEAD, DRAFT):
        yield f"plan-{text}", _entry("weekly-plan", text, _plan(parse_period(text)))


def _entry(item: str, period: str, fields: dict[str, Tree]) -> dict[str, Tree]:
    return {"item": item, "period": period, "fields": fields}


def _let_off(item: str, name: str, instead: str) -> dict[str, Tree]:
    return {
        "item": "waiver",
        "date": "2026-01-04",
        "title": f"关于公开栏改造期间免予张贴{name}的说明",
        "fields": {
            "waived": item,
            "periods": ["2025-12..2026-11"],
            "reason": f"校门外和办公楼内公开栏自2026年1月起分期改造，10月底完工，其间版面减半，优先张贴财务、收费、"
            f"招生等事项。{name}改为{instead}；11月起恢复每周张贴。",
            "approved_by": "2026年1月5日校务公开领导小组会议",
            "until": "2026-10-30",
        },
    }


def _plan(week: Period) -> dict[str, Tree]:
    number = week.first.isocalendar().week - 36 + 1
    days = ("周一", "周二", "周三", "周四", "周五")
    return {
        "week": f"第{number}周",
        "focus": _FOCUS[week.text],
        "days": {
            "columns": ["教导处", "德育处", "总务处"],
            "rows": [
                {
                    "label": f"{name}（{_short(week.first + timedelta(place))}）",
                    "教导处": _TEACHING[(place + number) % 5],
                    "德育处": _PUPILS[place],
                    "总务处": _HOUSE[(place * 2 + number) % 5],
                }
                for place, name in enumerate(days)
            ],
        },
    }


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _logistics(week: Period, number: int) -> dict[str, Tree]:
    place, work, state = _REPAIRS[number]
    area, finding, action = _PATROLS[number]
    return {
        "week": f"第{week.first.isocalendar().week - 35}周",
        "cleaning": _CLEANING[number],
        "repairs": [{"place": place, "work": work, "state": state}],
        "patrols": [
            {"date": (week.first + timedelta(2)).isoformat(), "area": area, "finding": finding, "action": action}
        ],
        "canteen_hygiene": _HYGIENE[number],
    }


def _rating(number: int) -> dict[str, Tree]:
    lines = [_SCORES[(number + shift) % len(_SCORES)].split() for shift in range(3)]
    rows: list[Tree] = []
    totals: dict[str, int] = {}
    for place, label in enumerate(_CLASSES):
        clean, calm, drill = (line[place] for line in lines)
        totals[label] = int(clean) + int(calm) + int(drill)
        rows.append({"label": label, "卫生": clean, "纪律": calm, "两操": drill, "total": _signed(totals[label])})
    best = max(totals, key=lambda label: totals[label])
    return {
        "week": f"第{number + 9}周",
        "scores": {"columns": ["卫生", "纪律", "两操"], "rows": rows},
        "bands": [{"band": "中", "class": best, "score": _signed(totals[best]), "level": "金", "flag": "流动红旗"}],
        "findings": "加分写“+”，扣分写“-”；得分最高的班级获本周流动红旗。",
    }


def _signed(number: int) -> str:
    return f"{number:+d}" if number else "0"


def friday(week: str) -> str:
    """Return the Friday of *week*, on which its sheets are posted."""
    return (parse_period(week).first + timedelta(4)).isoformat()
