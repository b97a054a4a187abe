"""Days of birth: one person's day, not the bounds of an age group, and not a day on which something arose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind

_DIGITS = "〇零一二三四五六七八九"
_DAY = (
    r"(?:(?P<year>(?:19|20)[0-9]{2})"
    r"(?:[ ]?[-/.年][ ]?\n?(?:1[0-2]|0?[1-9])(?:[ ]?[-/.月][ ]?\n?[0-3]?[0-9][ ]?[日号]?|[ ]?月)?"
    r"|[01][0-9][0-3][0-9]|[01][0-9](?![0-9]))"
    rf"|(?P<written>[一二][{_DIGITS}]{{3}}年(?:十[一二]|[{_DIGITS}元正十]|[1-9]|1[0-2])月(?:初?[{_DIGITS}十廿]{{1,3}}[日号]?|[0-3]?[0-9]日)?))"
)
_HEAD = (
    r"(?:出生(?:日期|年月日?|时间|年份|日)?|(?<![学新招师民卫])生日(?!期)|诞辰|生辰"
    r"|(?<![A-Za-z])(?:DOB|D\.O\.B\.?|born(?: on)?|date of birth|birth ?(?:day|date)))"
)
_BIRTH = re.compile(
    rf"(?:{_HEAD}(?:\([^)]{{0,8}}\))?[^0-9。;\n一二]{{0,8}}"
    rf"|(?<![学新考师业优医花先研男女招产特该发诞产衍萌寄派滋再读卒])生于[^0-9。;,\n一二]{{0,6}}"
    rf"|{_HEAD}[^0-9。;\n]{{0,4}})\n?(?P<day>{_DAY})(?![0-9])",
    re.I,
)
_BORN = re.compile(
    rf"(?<![0-9])(?P<day>{_DAY})[ ]?(?:(?:出生|降生)"
    rf"(?!医学|证|人口|率|登记|缺陷|地|的适龄|的儿童|的幼儿|的学生|的新生|的少年|的孩子)|生于|生(?![0-9一-鿿A-Za-z])|生人)"
)
_BOUND = re.compile(
    r"[ ]?(?:\(?含[^)]{0,6}\)?)?[ ]?(?:至|到|起|止|~|-|—|以?前|以?后|及其?以?[前后]|之[前后间]|期间|间|或|当日)"
    r"|[ ]?\([^)]{0,8}\)[ ]?(?:至|到|以?前|以?后|及以|之)"
)
"""What makes a day the limit of an age group (出生日期在2020年8月31日以前), not somebody's birthday."""

_BEFORE_BOUND = re.compile(
    r"(?:[至到起~-]|(?:不[早晚]于|早于|晚于|截至|截止|须在|应在|自|从|介于"
    r"|凡|年满|以前|之前|之后|以后|含)[^0-9。;\n]{0,6})[ ]?$"
)
_NOT_BORN = re.compile(r"学生日[常记程]|民生日|卫生日|学生生日会|生日[会蛋快餐歌派祝礼]|祖国|党的|建校|校庆|成立|学校")


_SEX = re.compile(rf"(?<![一-鿿])[男女][,、 ][ ]?(?P<day>{_DAY})(?![0-9至到~-])")
_SHORT_YEAR = re.compile(
    r"(?:出生(?:日期|年月日?|时间)|(?<![学新招师民卫])生日)[ :]{0,3}"
    r"(?P<day>[0-9]{2}[ ]?[-/.年][ ]?(?:1[0-2]|0?[1-9])[ ]?[-/.月][ ]?[0-3]?[0-9][日号]?)(?![0-9])"
)
"""The year in two digits, directly behind the word."""

_WHOLE = re.compile(r"[日号]|[-/.年].*[-/.月].*[0-9]|^[0-9]{8}$|月[^月]")
"""A day and not only its month."""


_CHEAP = re.compile(r"[生诞男女]|birth|born|dob|d\.o", re.I)


def births(text: str) -> Iterator[Finding]:
    """Yield the days of birth of single persons; a month alone is a doubt where an adult is meant."""
    if not _CHEAP.search(text):
        return
    for match in _BIRTH.finditer(text):
        ahead = text[max(0, match.start() - 8) : match.start("day")]
        if _BOUND.match(text, match.end()) or _BEFORE_BOUND.search(text[match.start() : match.start("day")]):
            continue
        if not _NOT_BORN.search(ahead) and not (ahead.endswith("生日") and "学生日" in ahead):
            yield _found(match, said=True)
    for match in _SEX.finditer(text):
        if _WHOLE.search(match["day"]):
            yield _found(match, said=True)
    for match in _SHORT_YEAR.finditer(text):
        if not _BOUND.match(text, match.end()):
            start, end = match.span("day")
            yield Finding(kind=Kind.BIRTH, start=start, end=end, masked=f"{match['day'][:2]}年")
    for match in _BORN.finditer(text):
        if not _BEFORE_BOUND.search(text[max(0, match.start() - 12) : match.start()]):
            yield _found(match, said=False)


def _found(match: re.Match[str], *, said: bool) -> Finding:
    start, end = match.span("day")
    year = match["year"] or "".join(
        str(_DIGITS.index(sign) - 1 if sign != "〇" else 0) for sign in match["written"][:4]
    )
    whole = _WHOLE.search(match["day"])
    doubt = not whole and not said and int(year) < _CHILDREN
    return Finding(
        kind=Kind.BIRTH, level=Level.WARNING if doubt else Level.ERROR, start=start, end=end, masked=f"{year}年"
    )


_CHILDREN = 2005
"""Who was born from this year on may be a pupil; of an adult's post the month of birth is told by custom."""
