"""Names of private persons in messengers: QQ and WeChat numbers; groups and the school's official account pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind

_CHAT = re.compile(
    r"(?:QQ(?!群|邮箱|交流群|音乐|浏览器)[ ]?(?:号码?)?[ ]?(?:[:为是]|(?=[0-9]))[ ]?"
    r"(?P<number>[1-9][0-9]{4,10})(?![0-9A-Za-z@.])"
    r"|(?:微信号|(?:家长|本人|老师|个人|班主任)微信|(?<![A-Za-z])(?:wechat|weixin|VX)[ ]?:)[ :为是]{0,3}"
    r"(?P<name>[A-Za-z][-_A-Za-z0-9]{5,19})(?![-_A-Za-z0-9@.]))",
    re.I,
)
_PRIVATE = re.compile(r"家长|学生|老师|班主任|本人|个人|同学|监护")
_OFFICIAL = re.compile(r"公众|官方|服务|订阅|学校|小程序|群")


def chats(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    """Yield QQ and WeChat numbers of persons; what may be an office's is a doubt."""
    for match in _CHAT.finditer(text):
        group = "number" if match["number"] else "name"
        if match[group] in declared or match[group].casefold() in declared:
            continue
        ahead = text[max(0, match.start() - 8) : match.start()].rpartition("\n")[2]
        level = Level.ERROR if not _OFFICIAL.search(ahead) or _PRIVATE.search(match[0] + ahead) else Level.WARNING
        start, end = match.span(group)
        yield Finding(kind=Kind.PHONE, level=level, start=start, end=end, masked=match[group][0] + "****")
