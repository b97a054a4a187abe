"""Heads of columns under which personal data stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from schoolpub.rules.privacy.findings import Kind

_FORBIDDEN = re.compile(
    r"身份证件?(?:号码?)?|(?:居民)?身份证号码?|银行卡(?:号码?)?|银行账号|(?:工资|储蓄)卡号?|(?:家庭|现)(?:住|地)址|住址"
    r"|出生(?:日期|年月日?)|(?:监护人|家长|父母|父亲|母亲|家庭)(?:联系)?(?:电话|方式|手机号?码?)|(?:本人)?联系电话|手机号?码?"
)
_NAME = re.compile(r"(?:学生)?姓名|学生")
_MARKS = re.compile(r".{0,6}(?:成绩|名次|分数|排名|得分|总分)")
_HINT = re.compile(r"证|卡|址|出生|电话|手机|姓名|学生")
_CELLS = re.compile(r"[|\t,│]|\s{2,}")
"""What divides cells; prose has its own commas."""


def forbidden_heads(heads: Iterable[str]) -> list[tuple[str, Kind]]:
    """Return those of the *heads* of one table that may not stand there, with the kind of each."""
    plain = [(head, _plain(head)) for head in heads]
    found = [(head, Kind.HEAD) for head, name in plain if _FORBIDDEN.fullmatch(name)]
    if any(_NAME.fullmatch(name) for _, name in plain):
        found += [(head, Kind.MARKS) for head, name in plain if _MARKS.fullmatch(name)]
    return found


def heads_in(line: str) -> list[tuple[str, Kind]]:
    """Return the forbidden heads in a *line* that looks like the first row of a table: three cells or more."""
    if not _HINT.search(line):
        return []
    cells = [cell for cell in (part.strip() for part in _CELLS.split(line)) if cell]
    return forbidden_heads(cells) if len(cells) >= 3 and all(len(cell) <= 12 for cell in cells) else []


def _plain(head: str) -> str:
    return "".join(unicodedata.normalize("NFKC", head).split()).strip(":*")
