"""Personal data that words give away: days of birth, homes, and texts that ask the public for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.names import mask_name
from schoolpub.rules.privacy.plain import Plain

_DAY = (
    r"(?P<year>(?:19|20)[0-9]{2})"
    r"(?:[-/.年][ ]?(?:1[0-2]|0?[1-9])(?:[-/.月][ ]?[0-3]?[0-9]日?|月)?|[01][0-9][0-3][0-9])"
)
_BIRTH = re.compile(
    rf"(?:(?:出生(?:日期|年月日?|时间)|生日)[^0-9。;\n]{{0,6}}|(?:出生于?|生于)[^0-9。;,\n]{{0,6}})\n?(?P<day>{_DAY})(?![0-9])"
)
_BORN = re.compile(rf"(?<![0-9])(?P<day>{_DAY})[ ]?(?:出生|生(?![0-9一-鿿]))")
_BOUND = re.compile(r"[ ]?(?:\(?含[^)]{0,6}\)?)?[ ]?(?:至|到|~|-|以?前|以?后|及其?以?[前后]|之[前后间]|期间|间)")
"""What makes a day the limit of an age group (出生日期在2020年8月31日以前), not somebody's birthday."""

_HOME = re.compile(
    r"(?:家庭|家长|学生|现|户籍|通讯)?(?:住址|地址)[^0-9一-鿿。;]{0,3}|家住|住在|现居住?在?|居住地|户籍(?:所在)?地"
)
_PLACE = re.compile(
    r"[^\s,。;:(){}\[\]\"']{0,24}?(?:路|街|巷|弄|村|屯|镇|乡|小区|花园|苑|家园|公寓)[^\s,。;:(){}\[\]\"']{0,20}?"
    r"(?:[0-9]+|[一二三四五六七八九十]+)(?:号|栋|幢|座|单元|室|户|组|社)(?:[^\s,。;:(){}\[\]\"']{0,12}[0-9]+(?:号|栋|幢|单元|室|户))*"
)
_DWELLING = re.compile(
    r"[0-9]+(?:栋|幢|座|号楼|单元)[^\s,。;]{0,6}?[0-9]+(?:室|户|号)$|村[^\s,。;]{0,4}(?:[0-9]+|[一二三四五六七八九十]+)[组社]$"
)
_HOME_HEADS = re.compile(r"(?:家庭|家长|学生|现|户籍)(?:住址|地址)|住址|家住|住在|现居|居住地|户籍")
_ORGANISATIONS = re.compile(
    r"公司|学校|小学|中学|幼儿园|中心|局|厂|店|银行|办公|机构|单位|医院|基地|分校|校区|集团|供应商"
)
_DISTRICT = re.compile(r".*?[市州盟].{1,6}?[区县旗市]|.*?[区县旗]|.*?[市州盟]")

_DATA = r"(?:身份证(?:件)?号码?|银行卡号?|银行账号|手机号码?|家庭住址|家庭地址|出生日期)"
_GIVE = (
    r"(?:报到|报至|报给|报送|上报|发到|发至|发给|发送|交到|交至|交给|送到|告知|提供|填写|填报|登记|留下|留言|回复|私信)"
)
_ASKED = re.compile(rf"(?P<a>{_DATA})[^。;\n]{{0,10}}?{_GIVE}|{_GIVE}[^。;\n]{{0,12}}?(?P<b>{_DATA})")
_NOT = re.compile(r"不|勿|禁止|严禁|无需|避免|隐去|隐藏|删除")

_ILL = r"(?:患|确诊|诊断为)[^。;\n]{0,12}?(?:病|癌|瘤|症|衰竭|贫血)"
_CALLED = r"(?P<name>[一-鿿]{2,4})(?:同学|小朋友)"
_PUPILS = (re.compile(rf"{_CALLED}[^。;\n]{{0,40}}?{_ILL}"), re.compile(rf"{_ILL}[^。;\n]{{0,16}}?{_CALLED}"))
_NO_NAME = re.compile(r".*[这该某各位名些全体的班个有女男年级校我们组长生*]")


def words(reading: Plain, declared: frozenset[str]) -> Iterator[Finding]:
    """Yield days of birth, home addresses and requests for personal numbers."""
    text = reading.text
    yield from _births(text)
    yield from _addresses(text, declared)
    yield from _illnesses(text)
    for match in _ASKED.finditer(text):
        group = "a" if match["a"] else "b"
        if _NOT.search(text[max(0, match.start() - 8) : match.end(group)]) is None:
            start, end = match.span(group)
            yield Finding(kind=Kind.ASKED, level=Level.WARNING, start=start, end=end, masked=match[group])


def _illnesses(text: str) -> Iterator[Finding]:
    for match in (found for form in _PUPILS for found in form.finditer(text)):
        name = _NO_NAME.sub("", match["name"])
        if len(name) >= 2:
            end = match.end("name")
            yield Finding(kind=Kind.HEALTH, start=end - len(name), end=end, masked=mask_name(name))


def _births(text: str) -> Iterator[Finding]:
    for match in _BIRTH.finditer(text):
        if not _BOUND.match(text, match.end()):
            yield _birth(match)
    for match in _BORN.finditer(text):
        ahead = text[max(0, match.start() - 3) : match.start()]
        if not re.search(r"[至到~-]", ahead):
            yield _birth(match)


def _birth(match: re.Match[str]) -> Finding:
    start, end = match.span("day")
    return Finding(kind=Kind.BIRTH, start=start, end=end, masked=f"{match['year']}年")


def _addresses(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    places = {place.replace(" ", "") for place in declared}
    for match in _PLACE.finditer(text):
        place = match[0]
        head = _HOME.match(place)
        start = match.start() + (head.end() if head else 0)
        ahead = text[max(0, match.start() - 12) : start].splitlines()
        at_home = any(_HOME_HEADS.search(line) for line in ahead)
        place = text[start : match.end()]
        if any(place in known for known in places):
            continue
        if not at_home and (
            not _DWELLING.search(place) or _ORGANISATIONS.search(text[max(0, match.start() - 40) : match.end()])
        ):
            continue
        level = Level.ERROR if at_home else Level.WARNING
        district = _DISTRICT.match(place)
        masked = (district[0] if district else "") + "****"
        yield Finding(kind=Kind.ADDRESS, level=level, start=start, end=match.end(), masked=masked)
