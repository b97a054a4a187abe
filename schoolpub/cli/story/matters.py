"""What people said to 示例学校 and what came of it: a term of the ledgers, and the mailbox of every Tuesday.

All of it is invented.  Names of matters are those by which later acts call them: `@lamp`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Say:
    """A command of the ledgers, its words with the ids of what they call by @NAME."""

    day: str
    person: str
    command: str
    words: tuple[str, ...]
    makes: str = ""
    """The name of the record that it makes."""


_MISSED = "2026-10-20"
_MOVED = {"2026-10-06": "2026-10-08", "2026-05-05": "2026-05-06"}
"""Tuesdays that are holidays: the next working day counts."""
_TERMS = (("2026-01-06", "2026-01-20"), ("2026-03-03", "2026-07-07"), ("2026-09-01", "2026-11-17"))
_LETTERS = {"2026-09-22": ("late",), "2026-11-10": ("books",)}
"""Tuesdays on which a letter was in the box → the matter as which it was registered."""


def mailbox() -> Iterator[Say]:
    """Yield the Tuesdays of the terms on which the mailbox was opened; one was missed."""
    for first, last in _TERMS:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            on = _MOVED.get(day.isoformat(), day.isoformat())
            letters = _LETTERS.get(on, ())
            named = tuple(word for name in letters for word in ("--registered", f"@{name}"))
            if on != _MISSED:
                yield Say(on, "li-hua", "mailbox check", ("--letters", str(len(letters)), *named))
            day += timedelta(7)


def _said(day: str, channel: str, kind: str, topic: str, text: str, makes: str, *more: str) -> Say:
    words = ("--channel", channel, "--kind", kind, "--topic", topic, "--text", text, *more)
    return Say(day, "li-hua", "feedback add", words, makes)


def said() -> Iterator[Say]:
    """Yield what was said and answered, before the mailbox of the same day is entered."""
    # 电话问菜价 → 答复，满意，办结
    yield _said("2026-11-05", "热线", "询问", "食堂10月荤菜为什么涨价", "一份荤菜比9月贵了。",
                "price", "--about", "@canteen-2026-10", "--from", "家长", "--name", "示例家长",
                "--contact", "回拨来电")  # fmt: skip
    yield Say("2026-11-05", "chen-xi", "feedback assign", ("@price", "总务处"))
    yield Say("2026-11-06", "qian-li", "feedback reply",
              ("@price", "--text", "10月猪肉采购价上涨，荤菜按成本核定，毛利没有提高；明细见10月公示。"))  # fmt: skip
    yield Say("2026-11-09", "li-hua", "feedback rate", ("@price", "满意"))
    yield Say("2026-11-09", "chen-xi", "feedback close", ("@price",))
    # 同一件事又有人来信 → 并案
    yield _said("2026-11-06", "邮箱", "询问", "询问食堂荤菜价格", "荤菜价格怎么定的？", "price-again")
    yield Say("2026-11-06", "chen-xi", "feedback merge", ("@price-again", "@price"))
    # 来信 → 整改 → 公布结果 → 评价 → 办结
    yield _said("2026-10-12", "意见箱", "意见", "教学楼二层楼道灯太暗", "放学时楼道很暗，低年级学生容易摔倒。",
                "lamp", "--from", "家长")  # fmt: skip
    yield Say("2026-10-12", "chen-xi", "feedback assign", ("@lamp", "总务处"))
    yield Say("2026-10-14", "qian-li", "feedback reply",
              ("@lamp", "--text", "现场测量照度不足，已列入整改，10月23日前更换灯具。"))  # fmt: skip
    yield Say("2026-10-14", "chen-xi", "rectify add",
              ("--from", "@lamp", "--problem", "教学楼二层楼道照度不足", "--owner", "总务主任", "--due", "2026-10-23"),
              "lamp-mended")  # fmt: skip
    yield Say("2026-10-14", "qian-li", "rectify plan", ("@lamp-mended", "--measures", "更换12盏灯具，每月测一次照度。"))
    yield Say("2026-10-21", "qian-li", "rectify present",
              ("@lamp-mended", "--result", "12盏灯具全部更换，实测照度120勒克斯，符合标准。"))  # fmt: skip
    yield Say("2026-10-22", "wang-lan", "rectify accept", ("@lamp-mended", "--opinion", "现场测量，属实。"))
    yield Say("2026-10-22", "zhao-min", "rectify publish",
              ("@lamp-mended", "--opinions-from", "2026-10-26"), "lamp-told")  # fmt: skip
    yield Say("2026-10-26", "chen-xi", "rectify republish", ("@lamp-mended",))
    yield Say("2026-10-26", "chen-xi", "feedback republish", ("@lamp", "@lamp-told"))
    yield Say("2026-11-03", "wang-lan", "rectify close", ("@lamp-mended",))
    yield Say("2026-11-03", "li-hua", "feedback rate", ("@lamp", "满意"))
    yield Say("2026-11-03", "chen-xi", "feedback close", ("@lamp",))
    # 不予受理；移送；答复迟了
    yield _said("2026-11-09", "网上", "投诉", "推销课外辅导班", "一家机构推销课外辅导班。", "advertised")
    yield Say("2026-11-09", "chen-xi", "feedback decline", ("@advertised", "--ground", "属于商业推销，不是意见"))
    yield _said("2026-09-24", "来访", "建议", "希望增设公交站点", "校门口没有公交站。", "bus", "--from", "社会公众")
    yield Say("2026-09-25", "chen-xi", "feedback transfer",
              ("@bus", "--to", "示例区交通局", "--reason", "公交站点由交通部门设置"))  # fmt: skip
    yield _said("2026-09-22", "校长信箱", "建议", "希望延长图书馆开放时间", "希望放学后图书馆再开一小时。", "late",
                "--from", "学生")  # fmt: skip
    yield Say("2026-09-22", "chen-xi", "feedback assign", ("@late", "教导处"))
    yield Say("2026-10-13", "shen-jing", "feedback reply",
              ("@late", "--text", "自10月19日起，图书馆周一至周四开放至17:30。答复迟了，特此致歉。"))  # fmt: skip
    yield Say("2026-10-19", "li-hua", "feedback rate", ("@late", "基本满意"))
    yield Say("2026-10-19", "chen-xi", "feedback close", ("@late",))
    # 点题公开：部分公开
    yield _said("2026-10-19", "家长会", "点题公开", "校服采购的评审过程", "希望公开校服采购是怎么评的。", "asked",
                "--from", "家长")  # fmt: skip
    yield Say("2026-10-19", "chen-xi", "feedback assign", ("@asked", "总务处"))
    yield Say("2026-10-28", "qian-li", "feedback reply",
              ("@asked", "--decision", "部分", "--text", "评审办法、评分和结果已经公开；投标文件不公开。",
               "--reason", "投标文件涉及投标人的商业秘密", "--answer", "@uniform-result"))  # fmt: skip
    yield Say("2026-10-30", "chen-xi", "feedback close", ("@asked",))
    # 举报：只计件数
    yield _said("2026-10-21", "意见箱", "举报", "收受礼品", "（内容只存本机）", "reported")
    yield Say("2026-10-22", "wang-lan", "feedback assign", ("@reported",))
    yield Say("2026-11-06", "wang-lan", "feedback reply", ("@reported", "--result", "不属实"))
    yield Say("2026-11-06", "wang-lan", "feedback close", ("@reported",))
    # 评估提出的改进
    yield Say("2026-11-11", "chen-xi", "rectify add",
              ("--improvement", "--problem", "公开栏上的表格字太小", "--owner", "办公室主任", "--due", "2026-12-18",
               "--set", "source=评估", "--set", "source_name=10月师生代表检查公开栏"), "board-type")  # fmt: skip
    # 还在办的
    yield _said("2026-11-10", "校长信箱", "建议", "希望增加课外书", "图书角的书都看完了。", "books", "--from", "学生")
    yield _said("2026-11-18", "座谈会", "意见", "放学时校门口拥堵", "建议各年级错峰放学。", "gate")
    yield Say("2026-11-19", "chen-xi", "feedback assign", ("@gate", "安全办"))


def matters() -> list[Say]:
    """Return the whole term."""
    return [*said(), *mailbox()]
