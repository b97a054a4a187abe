"""Homes: a place below the district beside a word for a home, or a dwelling beside a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.names import person_in

_NUMBER = r"(?:[0-9]+|[一二三四五六七八九十百]+|[A-Za-z])"
_SIGN = r"[^\s,。;:(){}\[\]\"'、]"
_UNIT = rf"{_NUMBER}[ ]?(?:号楼|号院|号|栋|幢|座|单元|室|户|组|社|队|楼|层|弄|门)"
_FLAT = r"(?<![0-9-])[0-9A-Za-z]{1,3}[-#][0-9]{1,2}[-#][0-9]{3,4}(?![0-9-])"
_PLACE = re.compile(
    rf"{_SIGN}{{0,24}}?(?:路|街|巷|弄|道|胡同|村|寨|屯|庄|镇|乡|里|坊"
    r"|小区|社区|花园|苑|家园|公寓|公馆|城|府|庭|湾|园|宿舍|大院|家属院|新村)"
    rf"{_SIGN}{{0,20}}?(?:{_UNIT}(?:{_SIGN}{{0,12}}?(?:{_UNIT}|[0-9]{{2,4}}(?![0-9年月日元%分人])))*|{_FLAT})"
)
_FLATS = re.compile(
    rf"{_SIGN}{{0,24}}?(?:{_NUMBER}[ ]?(?:号楼|栋|幢|座)[ ]?(?:{_NUMBER}[ ]?单元[ ]?)?[0-9]{{2,4}}[ ]?[室户号]?"
    rf"|{_NUMBER}[ ]?单元[ ]?[0-9]{{2,4}}[ ]?[室户号]?|{_FLAT})"
)
_ANCHOR = re.compile(r"(?:[0-9]|[一二三四五六七八九十]|[A-Z])[ ]?(?:号|栋|幢|座|单元|室|户|组|社|队|楼|弄|门)|" + _FLAT)
"""What every such place has, and few other texts: found first, because it is fast to look for."""

_ENDS = re.compile(r"[\n。]")
_DWELLING = re.compile(
    r"(?:号楼|栋|幢|座|单元)[^\s,。;]{0,6}?[0-9]{2,4}(?:室|户|号)?$"
    rf"|(?:栋|幢|座|楼|号)[ ]?[0-9]{{1,2}}[ ]?(?:单元|门)$"
    rf"|(?:村|寨|屯|庄)[^\s,。;]{{0,6}}{_NUMBER}(?:[组社队]|号|户)(?:{_NUMBER}[号户])?$|{_FLAT}$"
)
_HOME = re.compile(
    r"(?:家庭|家长|学生|现在?|户籍|通讯|户口|常住|经常)(?:居?住[址地]|地址|所在地|住所)?[^0-9一-鿿。;A-Za-z]{0,3}"
    r"|(?:家庭|家长|学生|现|户籍|常住)(?:住址|地址|居住地)[^0-9一-鿿。;A-Za-z]{0,3}(?:为|是|在)?|(?:家|居|现)?住址[^0-9一-鿿。;]{0,3}(?:为|是)?"
    r"|[家现居]?住(?!校|宿|院|房|户)(?:在|于)?|现居住?[在于]?|居住地?[^0-9一-鿿。;]{0,3}|户籍(?:所在)?地?[^0-9一-鿿。;]{0,3}"
)
_HOME_WORDS = re.compile(
    r"(?:家庭|家长|学生|户籍|常住|个人)(?:住址|地址|所在地|居住地|住所)"
    r"|(?:现|居|家|暂|租)住|住址|住在|住于|住所地?[:]|居住地?|户籍(?!警|制)|户口所在|(?:^|[ ,;:(、])住$"
    r"|现居|家在|家里在|老家|宅[:]"
)
_BELOW = re.compile(
    rf"(?:村|寨|屯|路|街|巷|小区|社区|花园|苑|家园|公寓|宿舍)(?!级|民|委|道办|卫|小学|中学|幼)|村民小组|{_UNIT}|{_FLAT}"
)
_AT_HOME = re.compile(
    r"(?:(?:家庭|户籍|常住|现|学生|家长|个人)(?:居?住址?|地址|居住地|所在地)|住址|家住|住在|住于|现住|现居住?[在于]?"
    r"|居住地?[址在于]?|户籍地?址?|户口所在地|老家|家在)"
    r"[^0-9一-鿿。;\nA-Za-z]{0,4}(?:地址|为|是|在|于|:)?[ ]?(?P<place>[^\s,。;:(){}\[\]\"'、]{2,40})"
)
_SENT_TO = re.compile(
    r"(?:通讯|邮寄|收件|收货|寄送)地址[ :为是]{0,3}(?:[一-鿿]{2,4},)?(?P<place>[^\s,。;:(){}\[\]\"'、]{4,40})"
)
"""Where letters go: an office's street and number pass, a flat does not."""

_ORGANISATIONS = re.compile(
    r"召开|举行|考试|集合|上课|开展|检查|等候|公司|学校|小学|中学|幼儿园|中心|局|厂|店|银行|办公|机构|单位|医院|基地|分校|校区|集团|供应商|工程|项目|开标|评标|会议|教室|仓库|食堂|营业"
    r"|门市|超市|地点|场所|维修|改造|值班|考点|考场|报名|递交|校址|校门|教学楼|宿管|寝室|学生宿舍|村委|居委|政府|派出所"
)
_NO_HOME = re.compile(
    r"^(?:小区|社区|街道|本|我|该|各|全|外|在(?!.{0,8}[路街村])|不|[和与或及](?=户|家|身|学|房|居|实|其|所)|证|簿|迁|人|性质|类|登|管|片|范|条|权|信|情|一致|的)"
)
_DISTRICT = re.compile(r".*?[市州盟].{1,6}?[区县旗市]|.*?[区县旗]|.*?[市州盟]")


def addresses(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    """Yield homes below the district; what the school declared passes."""
    places = {place.replace(" ", "") for place in declared if not place.isdigit() and "@" not in place}
    for match in _AT_HOME.finditer(text):
        place = match["place"]
        below = _BELOW.search(place)
        if below and not _NO_HOME.match(place) and not _known(place, places):
            yield _found(*match.span("place"), place, Level.ERROR)
    for match in _SENT_TO.finditer(text):
        place = match["place"]
        if _DWELLING.search(place) and not _ORGANISATIONS.search(place) and not _known(place, places):
            yield _found(*match.span("place"), place, Level.ERROR)
    done = 0
    for anchor in _ANCHOR.finditer(text):
        if anchor.start() < done:
            continue
        ends = _ENDS.search(text, anchor.end(), anchor.end() + 60)
        end = ends.start() if ends else min(anchor.end() + 60, len(text))
        begin = max(done, anchor.start() - 40)
        begin = max(begin, text.rfind("\n", begin, anchor.start()) + 1, text.rfind("。", begin, anchor.start()) + 1)
        done = end
        for pattern in (_PLACE, _FLATS):
            for match in pattern.finditer(text, begin, end):
                if finding := _judged(match, text, places):
                    yield finding


def _judged(match: re.Match[str], text: str, places: set[str]) -> Finding | None:
    """Return the home that *match* is: beside a word for a home, or a dwelling beside a person; None for others."""
    head = _HOME.match(match[0])
    start = match.start() + (head.end() if head else 0)
    place = text[start : match.end()]
    if len(place) < 3 or _known(place, places):
        return None
    lines = text[max(0, match.start() - 12) : start].splitlines()
    if any(_HOME_WORDS.search(line) for line in lines[-2:]) and not _ORGANISATIONS.search(place):
        return _found(start, match.end(), place, Level.ERROR)
    if not _DWELLING.search(place):
        return None
    begin = max(0, text.rfind("\n", 0, start) + 1, start - 40)
    end = min(match.end() + 16, _line_end(text, match.end()))
    if _ORGANISATIONS.search(text[begin:end]) or not person_in(text[max(begin, start - 24) : end]):
        return None
    return _found(start, match.end(), place, Level.ERROR)


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _known(place: str, places: set[str]) -> bool:
    return any(place in known or (len(known) > 5 and known in place) for known in places)


def _found(start: int, end: int, place: str, level: Level) -> Finding:
    district = _DISTRICT.match(place)
    masked = (district[0] if district else "") + "****"
    return Finding(kind=Kind.ADDRESS, level=level, start=start, end=end, masked=masked)
