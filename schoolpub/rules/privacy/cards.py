"""Numbers of bank cards and accounts: by the words beside them, or by the bank's first figures and the check digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.near import digits, each, last_before, near

_DIVIDER = r"(?:[ _.·-]{1,3}|\s*\n\s*)"
_CARD = re.compile(
    rf"(?<![0-9])(?:[0-9]{{12,25}}|[0-9]{{4}}(?:{_DIVIDER}[0-9]{{4}}){{2,5}}(?:{_DIVIDER}[0-9]{{1,3}})?"
    rf"|[0-9]{{6}}{_DIVIDER}[0-9]{{10,13}}|[0-9](?:[ _·-][0-9]){{11,24}})(?![0-9]|\.[0-9])"
)
_ANYHOW = re.compile(r"(?<![0-9])[0-9](?:[ \t_.·/-]{0,2}(?:\r?\n[ \t#]*)?[0-9]){11,24}(?![0-9]|\.[0-9])")
_SHORT = re.compile(
    r"(?<!QQ)(?<!微信)(?<!公众)(?<!登录)(?<!平台)(?:账|帐)[号户](?:为|是)?[^0-9A-Za-z一-鿿]{0,4}(?P<number>[0-9]{9,11})(?![0-9]|\.[0-9])"
)
_HIDDEN = re.compile(r"(?<![0-9*●■])[3-69][0-9]{3}[0-9*●■×xX#]{8,14}[0-9*●■×xX#](?![0-9*●■])")
_YEARS = re.compile(r"(?:(?:19|20)[0-9]{2}\s*)+")
_DATED = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])")

_WORDS = re.compile(
    r"[卡账帐][ ]{0,2}[号户]|银行卡|储蓄卡|信用卡|借记卡|工资卡|社保卡|医保卡"
    r"|一卡通|存折|银行|农信|信用社|账号|帐号|账户|帐户|开户|户名|打款|转账|收款|汇款|card",
    re.I,
)
_CLOSE_WORDS = re.compile(r"[卡账帐][ ]{0,2}[号户]|银行卡|储蓄卡|工资卡|社保卡|存折|账号|帐号|账户|帐户|开户行?|户名")
_CODE_WORDS = re.compile(
    r"编号|索引号|信用代码|机构代码|代码|文号|流水号?|项目号|采购计划|合同号?|票号|发票|订单|单号|批次|批号|条码|ISBN|ISSN"
    r"|备案号?|许可证|登记号|公示号|税号|识别号|行号|联行|标识码|工号|考号|准考证|报名号|序列号|资产|设备|编码|凭证|回单|证书号?|学号|身份证"
    r"|采购|招标|中标|S/?N|时间戳|校验",
    re.I,
)
_MONEY = re.compile(r"[ ]?(?:元|万|亿|%)")
_KNOWN = (
    *("6210", "6212", "6213", "6214", "6215", "6216", "6217", "6218", "6221", "6222", "6223", "6225", "6226", "6227"),
    *("6228", "6229", "6230", "6231", "6232", "6233", "6235", "6236", "6250", "6251", "6252", "6253", "6258", "6259"),
    *("6282", "6283", "6292", "9558", "4367", "4563", "4392", "5187", "5240", "5264", "5309", "5408", "5453", "5491"),
    *("4033", "4047", "4096", "4213", "4270", "4380", "4514", "4512", "4682", "4693", "5149", "5184", "5201", "5218"),
    *("5257", "5438", "5481", "5522", "3568", "3569", "3708", "3702"),
)
"""The first figures of the cards of the large banks."""


def cards(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    """Yield card and account numbers; a check digit alone is a doubt."""
    done = 0
    for pattern in (_CARD, _ANYHOW):
        for match in each(pattern, text):
            number = digits(match[0])
            if number in declared:
                done = match.end()
            elif match.start() >= done and (level := _level(pattern, match, text, number)) is not None:
                yield _found(match.start(), match.end(), number, level)
    for match in _SHORT.finditer(text):
        if match["number"] not in declared:
            yield _found(*match.span("number"), match["number"])
    for match in _HIDDEN.finditer(text):
        hidden = sum(not sign.isdigit() for sign in match[0])
        known = match[0].startswith((*_KNOWN, "62")) or near(_WORDS, text, match, before=24, after=10)
        if 1 <= hidden <= 4 and len(match[0]) >= 16 and known:
            yield _found(match.start(), match.end(), match[0])


def luhn(number: str) -> bool:
    """Return whether the digits of *number* have the check digit of payment cards."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _level(pattern: re.Pattern[str], match: re.Match[str], text: str, number: str) -> Level | None:
    """Return how sure it is that *match* is a card or an account; None when it is not."""
    if _YEARS.fullmatch(match[0]) or _MONEY.match(text, match.end()):
        return None
    coded = last_before(_CODE_WORDS, text, match, before=14)
    if coded >= 0 and coded > last_before(_CLOSE_WORDS, text, match, before=14):
        return None
    spoken = near(_WORDS, text, match, before=24, after=10)
    if pattern is _ANYHOW:
        near_word = near(_CLOSE_WORDS, text, match, before=10)
        return Level.ERROR if near_word and 16 <= len(number) <= 19 and luhn(number) else None
    if spoken:
        return Level.ERROR
    if not (16 <= len(number) <= 19 and luhn(number)) or number[0] not in "34569":
        return None
    if len(number) == 18 and _DATED.match(number, 6):
        return None
    return Level.ERROR if number.startswith(_KNOWN) else Level.WARNING


def _found(start: int, end: int, number: str, level: Level = Level.ERROR) -> Finding:
    return Finding(kind=Kind.CARD, level=level, start=start, end=end, masked="*" * (len(number) - 4) + number[-4:])
