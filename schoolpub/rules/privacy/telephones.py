"""Telephones of private persons: mobiles, in the groups that people write, and lines at home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.near import digits, last_before, near

_AHEAD = r"(?<![0-9])(?<!0\.)"
_PREFIX = r"(?:\(?(?:\+[ ]?|00)?86\)?[ _.·-]{0,2}|\+|0|0086)?"
_BEHIND = r"(?![0-9]|\.[0-9])"
_MOBILE = re.compile(rf"{_AHEAD}{_PREFIX}(?P<number>1[3-9][0-9]{{9}}){_BEHIND}")
_DIVIDER = r"[ _·()\[\]/\\|*'~.-]{1,3}"
_GROUPED = re.compile(
    rf"{_AHEAD}(?<![0-9][ .*/-]){_PREFIX}\(?(?P<number>1[3-9][0-9]"
    rf"(?:{_DIVIDER}(?:[0-9]{{4}}{_DIVIDER}[0-9]{{4}}|[0-9]{{3}}{_DIVIDER}[0-9]{{5}}|[0-9]{{8}}"
    rf"|[0-9]{{2}}(?:{_DIVIDER}[0-9]{{2}}){{3}})|[0-9]{{4}}{_DIVIDER}[0-9]{{4}}|[0-9]{_DIVIDER}[0-9]{{4}}{_DIVIDER}[0-9]{{3}}"
    rf"|[0-9]{{2}}{_DIVIDER}[0-9]{{6}}))(?![0-9]|[.*/-][0-9]|[ ][0-9])"
)
"""Groups as people write them; more numbers beside them make them a row of figures."""

_SINGLE = re.compile(
    rf"{_AHEAD}(?<![0-9][ _.·,-])(?P<number>1(?P<gap>[ _.·-])[3-9](?:(?P=gap)[0-9]){{9}})(?![0-9]|(?P=gap)[0-9])"
)
_GAP = r"(?:[ \t_·.,、/()-]{0,3}|[ \t]*\r?\n[ \t#]*)"
_SPREAD = re.compile(rf"{_AHEAD}{_PREFIX}(?P<number>1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}){_BEHIND}")
"""Divided anyhow: only beside a word that says what it is."""

_HIDDEN = re.compile(r"(?<![0-9*●■□#?_Xx×A-Za-z])(?P<number>1[3-9*][0-9*●■□#?_Xx×]{9})(?![0-9*●■□#?_Xx×A-Za-z])")
_SIGNS = re.compile(r"[*●■□#?_Xx×]+")

_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.-])(?:(?:\+|00)?86[ -]?)?(?P<area>\(?0(?:10|2[0-9]|[3-9][0-9]{2}|0{2,3})\)?[ -]{0,2})?"
    r"(?P<own>[0-9]{7,8}|[0-9]{3,4}[ -][0-9]{4})(?:(?:-|转)[0-9]{1,5})?(?![0-9]|[-.][0-9])"
)

_HOME_WORDS = re.compile(
    r"(?:家庭|家长|家里|监护人|父母|父亲|母亲|爸爸|妈妈|爷爷|奶奶|外公|外婆|本人|个人|住宅|私人|家属)的?(?:固定|联系|座机|固话)?(?:电话|号码|座机|方式|固话)"
    r"|宅电|家电[:话]|(?:家长|监护人|父亲|母亲|父母|爸爸|妈妈)[^0-9。;\n]{0,6}$"
)
_PHONE_WORDS = re.compile(
    r"电话|手机|联系|致电|拨打|微信|热线|电联|号码|咨询|移动|联通|短信|家长|tel|mobile|phone|call", re.I
)
_CODE_WORDS = re.compile(
    r"编号|索引号|代码|文号|流水号|项目号|采购计划|合同号?|票号|发票|订单|单号|批次|批号|条码|ISBN|ISSN|序列号|型号|货号"
    r"|备案号?|许可证|登记号|公示号|标识码|工号|考号|准考证|报名号|资产|设备|校验|版本|金额|合计|总额|S/?N|编码|学号|QQ|版权|专利|价税|余额|结余|表号|[电水气]表|读数|发动机|车架",
    re.I,
)
_MONEY = re.compile(r"[ ]?(?:元|万|亿|人民币|平方|立方|字节|bytes?|%|‰|度电|千瓦|公里|字|人次)", re.I)
_CURRENCY = re.compile(r"(?:[¥￥$]|人民币|RMB)[ ]?$", re.I)
_COUNTED = re.compile(r"人数|合计|小计|数量|单价|应收|实收|班额")
_OF_DOCUMENT = re.compile(r"[\[(](?:19|20)[0-9]{2}[\])][ ]?第?$")
"""The year in a document number, before its serial number."""

_LETTER = re.compile(r"[A-Za-z]+[-_]?$")
_CALL = re.compile(r"(?:tel|phone|mobile|mob|call|wx|vx|wechat|qq|[tm]|no|sj|dh|dianhua|shouji)[-_]?$", re.I)


def telephones(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    """Yield mobiles and lines at home; a line whose owner is unknown is a doubt."""
    for pattern in (_MOBILE, _GROUPED, _SINGLE, _SPREAD):
        for match in pattern.finditer(text):
            number = digits(match["number"])
            if number in declared:
                continue
            spoken = near(_PHONE_WORDS, text, match, before=12, after=5)
            level = _level(pattern, match, text, spoken=spoken)
            if level is not None:
                yield _found(match, f"{number[:3]}****{number[-4:]}", level)
    for match in _HIDDEN.finditer(text):
        signs = _SIGNS.findall(match[0])
        hidden = sum(map(len, signs))
        if not 1 <= hidden <= 3 or len(signs) > 2:
            continue
        spoken = near(_PHONE_WORDS, text, match, before=12)
        if len(signs) == 2 and not spoken:  # 1400*600*75 is a desk
            continue
        # 1400×60000 may be a measure; a star or a dot in the middle of eleven signs hides a digit.
        sure = spoken or _SIGNS.search(match[0][-1]) or hidden > 1 or not re.search("[xX×]", signs[0])
        number = match[0]
        yield _found(match, f"{number[:3]}****{number[-4:]}", Level.ERROR if sure else Level.WARNING)
    yield from _lines(text, declared)


def _level(pattern: re.Pattern[str], match: re.Match[str], text: str, *, spoken: bool) -> Level | None:
    """Return how sure it is that *match* is a mobile; None when it is not."""
    if _MONEY.match(text, match.end()) or _CURRENCY.search(text[max(0, match.start() - 4) : match.start()]):
        return None
    if (
        _OF_DOCUMENT.search(text[max(0, match.start() - 8) : match.start()])
        and text[match.end() : match.end() + 1] == "号"
    ):
        return None
    coded = last_before(_CODE_WORDS, text, match, before=10)
    if coded >= 0 and coded > last_before(_PHONE_WORDS, text, match, before=12):
        return None
    if pattern is _MOBILE:
        lead = _LETTER.search(text[max(0, match.start() - 8) : match.start()])
        if lead and not _CALL.search(lead[0]):
            return Level.WARNING
        return Level.ERROR
    if spoken:
        return Level.ERROR
    if pattern is _GROUPED and " " in match["number"] and near(_COUNTED, text, match, before=6):
        return None
    if pattern is _SPREAD or (pattern is _GROUPED and _figures(match["number"])):
        return None
    if pattern is _SINGLE and match["gap"] == " ":
        return Level.WARNING
    return Level.ERROR


def _figures(written: str) -> bool:
    """Return whether groups of digits look like figures side by side: round ones, years, dates."""
    groups = re.findall(r"[0-9]+", written)
    if len(groups) == 3 and len(groups[0]) == 4:
        return True
    if "*" in written or "/" in written or "|" in written or "\\" in written:
        return not re.fullmatch(r"[0-9]{3}([*/|\\])[0-9]{4}\1[0-9]{4}", written) or "*" in written
    if " " not in written:
        return False
    return all(re.fullmatch(r"[0-9]*00|(?:19|20)[0-9]{2}|(?:19|20)[0-9]{6}", group) for group in groups[1:])


def _lines(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    for match in _LANDLINE.finditer(text):
        number = digits(match[0])
        own, area = digits(match["own"]), digits(match["area"] or "")
        if {number, own, area + own} & declared:
            continue
        home = near(_HOME_WORDS, text, match, before=14)
        if not home and (not match["area"] or coded_or_money(text, match)):
            continue
        divided = "-" in match[0] or " " in match[0] or ")" in match[0]
        if not home and not divided and not near(_PHONE_WORDS, text, match, before=12):
            continue
        yield _found(match, f"****{own[-2:]}", Level.ERROR if home else Level.WARNING)


def coded_or_money(text: str, match: re.Match[str]) -> bool:
    """Return whether *match* is the number of a thing, or an amount."""
    coded = last_before(_CODE_WORDS, text, match, before=10)
    return coded > last_before(_PHONE_WORDS, text, match, before=12) or _MONEY.match(text, match.end()) is not None


def _found(match: re.Match[str], masked: str, level: Level) -> Finding:
    return Finding(kind=Kind.PHONE, level=level, start=match.start(), end=match.end(), masked=masked)
