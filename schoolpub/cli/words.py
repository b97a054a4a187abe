"""Words that may be typed in English for what the catalogue says in Chinese, at the commands of the ledgers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schoolpub.errors import WrongCommandLine, say

_SHOWN = 40
"""Names that a refusal lists."""

CHANNELS: Mapping[str, str] = {
    "box": "意见箱", "mailbox": "校长信箱", "phone": "热线", "hotline": "热线", "电话": "热线", "email": "邮箱",
    "mail": "邮箱", "forum": "座谈会", "parents-meeting": "家长会", "visit": "来访", "web": "网上", "online": "网上",
    "survey": "问卷", "inspection": "督导",
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "opinion": "意见", "question": "询问", "suggestion": "建议", "complaint": "投诉", "consultation": "咨询",
    "report": "举报", "request": "点题公开", "点题": "点题公开",
}  # fmt: skip
WRITERS: Mapping[str, str] = {
    "parent": "家长", "staff": "教职工", "pupil": "学生", "student": "学生", "public": "社会公众", "anonymous": "匿名",
}  # fmt: skip
RATINGS: Mapping[str, str] = {"satisfied": "满意", "fair": "基本满意", "dissatisfied": "不满意"}
DECISIONS: Mapping[str, str] = {"disclose": "公开", "partly": "部分", "部分公开": "部分", "no": "不公开"}
RESULTS: Mapping[str, str] = {
    "confirmed": "查实", "partly": "部分查实", "unfounded": "不属实", "unclear": "无法查证"
}  # fmt: skip


def chinese(word: str, words: Mapping[str, str]) -> str:
    """Return the Chinese word that *word* stands for, else *word* itself."""
    return words.get(word.strip().lower(), word.strip())


def one_of(option: str, value: str, known: Iterable[str]) -> None:
    """Raise WrongCommandLine where *value* of *option* is nothing that can be: an empty list would look like none."""
    names = list(dict.fromkeys(filter(None, known)))
    if value and value not in names:
        shown = "、".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
        raise WrongCommandLine(
            say("{option}: there is no “{value}”.", option=option, value=value), fix=say("known: {names}", names=shown)
        )


def year(text: str) -> int:
    """Return the year written as *text*; raise WrongCommandLine when it is none."""
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise WrongCommandLine(say("“{text}” is no year.", text=text), fix=say("write it as 2026"))
    return int(text)
