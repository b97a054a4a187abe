"""Numbers that belong to one person: identity cards, mobiles, bank cards, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.plain import Plain

_GAP = r"(?:[ \t_·-]{0,2}|[ \t]*\r?\n[ \t#]*)"
_NO_DIGIT = r"(?<![0-9])"
_ID = re.compile(rf"{_NO_DIGIT}[1-8](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9A-Za-z])")
_OLD_ID = re.compile(rf"{_NO_DIGIT}[1-8](?:{_GAP}[0-9]){{14}}(?![0-9])")
_MOBILE = re.compile(rf"{_NO_DIGIT}(?:(?:\+|00)?86[ -]?)?(?P<number>1[3-9][0-9]{{9}})(?![0-9]|\.[0-9])")
_GROUPED_MOBILE = re.compile(
    r"(?<![0-9])(?<![0-9] )(?:(?:\+|00)?86[ -]?)?"
    r"(?P<number>1[3-9][0-9](?:[ _·-]{1,2}(?:[0-9]{4}[ _·-]{1,2}[0-9]{4}|[0-9]{3}[ _·-]{1,2}[0-9]{5}|[0-9]{8})"
    r"|[0-9]{4}[ _·-]{1,2}[0-9]{4}))(?![0-9]|\.[0-9]| [0-9])"
)
"""Groups as people write them; two more numbers beside them make them a row of figures."""

_SPREAD_MOBILE = re.compile(rf"{_NO_DIGIT}(?P<number>1{_GAP}[3-9](?:{_GAP}[0-9]){{9}})(?![0-9]|\.[0-9])")
"""Divided anyhow: only beside a word that says what it is."""

_LANDLINE = re.compile(rf"{_NO_DIGIT}(?:0[0-9]{{2,3}}-?)?[2-8][0-9]{{6,7}}(?![0-9])")
_CARD = re.compile(
    rf"{_NO_DIGIT}(?:[0-9]{{12,25}}|[0-9]{{4}}(?:(?:[ -]{{1,2}}|\s*\n\s*)[0-9]{{4}}){{2,5}}(?:[ -]{{1,2}}[0-9]{{1,3}})?"
    r"|[0-9](?:[ -][0-9]){11,24})(?![0-9]|\.[0-9])"
)
_YEARS = re.compile(r"(?:(?:19|20)[0-9]{2}\s*)+")
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![A-Za-z0-9])")

_ID_WORDS = re.compile(r"身份证|证件号|身份号")
_HOME_WORDS = re.compile(r"(?:家庭|家长|监护人|父母|父亲|母亲|个人|住宅|私人)的?(?:联系)?(?:电话|号码)")
_PHONE_WORDS = re.compile(r"电话|手机|联系|致电|拨打|微信|热线|tel", re.I)
_CARD_WORDS = re.compile(r"卡号|银行卡|储蓄卡|信用卡|工资卡|社保卡|银行|账号|帐号|账户|帐户|开户|户名")
_CODE_WORDS = re.compile(
    r"编号|索引号|信用代码|机构代码|文号|流水号|项目号|项目代码|采购计划|合同号|票号|发票|订单|单号|批次|批号|条码|ISBN|ISSN"
    r"|备案号|许可证|登记号|公示号",
    re.I,
)
_CREDIT_WORDS = re.compile(r"信用代码|机构代码")
_BANKS = (
    *("6210", "6212", "6213", "6214", "6215", "6216", "6217", "6221", "6222", "6223", "6225", "6226", "6227", "6228"),
    *("6229", "6230", "6231", "6232", "6236", "6258", "6259", "9558"),
)
"""The first figures of the cards of the large banks."""

_PROVINCES = frozenset(
    [
        *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
        *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83),
    ]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
"""GB 11643: weights of the first 17 places and the check character by the sum modulo 11."""


def numbers(reading: Plain, declared: frozenset[str]) -> Iterator[Finding]:
    """Yield identity numbers, then telephones, cards and e-mails, those that are most certain first."""
    text = reading.text
    yield from _identities(text)
    yield from _telephones(text, declared)
    yield from _cards(text, declared)
    for match in _EMAIL.finditer(text):
        if match[0].casefold() not in declared:
            masked = f"{match[0][0]}***@{match[0].partition('@')[2]}"
            yield Finding(kind=Kind.EMAIL, level=Level.WARNING, start=match.start(), end=match.end(), masked=masked)


def valid_identity(number: str) -> bool:
    """Return whether *number* is an identity number: province, a real birthday, the check character (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return (
        len(number) == 18
        and int(number[:2]) in _PROVINCES
        and _is_day(number[6:14])
        and _CHECKS[total % 11] == number[17].upper()
    )


def luhn(number: str) -> bool:
    """Return whether the digits of *number* have the check digit of payment cards."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _identities(text: str) -> Iterator[Finding]:
    for match in _each(_ID, text):
        number = _digits(match[0])
        if valid_identity(number):
            if not _near(_CREDIT_WORDS, text, match, before=12, after=0):
                yield _identity(match, number, Level.ERROR)
        elif _near(_ID_WORDS, text, match, before=16, after=8):
            yield _identity(match, number, Level.WARNING)
    for match in _each(_OLD_ID, text):
        number = _digits(match[0])
        old = int(number[:2]) in _PROVINCES and _is_day("19" + number[6:12])
        if old and _near(_ID_WORDS, text, match, before=16, after=8):
            yield _identity(match, number, Level.ERROR)


def _identity(match: re.Match[str], number: str, level: Level) -> Finding:
    masked = number[:3] + "*" * (len(number) - 7) + number[-4:]
    return Finding(kind=Kind.ID, level=level, start=match.start(), end=match.end(), masked=masked)


def _telephones(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    for pattern in (_MOBILE, _GROUPED_MOBILE, _SPREAD_MOBILE):
        for match in pattern.finditer(text):
            number = _digits(match["number"])
            if number in declared or _near(_CODE_WORDS, text, match, before=8, after=0):
                continue
            if pattern is _SPREAD_MOBILE and not _near(_PHONE_WORDS, text, match, before=12, after=0):
                continue
            masked = f"{number[:3]}****{number[-4:]}"
            yield Finding(kind=Kind.PHONE, start=match.start(), end=match.end(), masked=masked)
    for match in _LANDLINE.finditer(text):
        number = _digits(match[0])
        if number not in declared and _near(_HOME_WORDS, text, match, before=12, after=0):
            yield Finding(kind=Kind.PHONE, start=match.start(), end=match.end(), masked=f"****{number[-2:]}")


def _cards(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    for match in _each(_CARD, text):
        number = _digits(match[0])
        if number in declared or _YEARS.fullmatch(match[0]):
            continue
        carded = 16 <= len(number) <= 19 and luhn(number)
        spoken = _near(_CARD_WORDS, text, match, before=24, after=10)
        coded = _near(_CODE_WORDS, text, match, before=12, after=0)
        if coded and not _near(_CARD_WORDS, text, match, before=8, after=0):
            continue
        if not spoken and not (carded and number.startswith((*_BANKS, "62"))):
            continue
        level = Level.ERROR if spoken or number.startswith(_BANKS) else Level.WARNING
        masked = "*" * (len(number) - 4) + number[-4:]
        yield Finding(kind=Kind.CARD, level=level, start=match.start(), end=match.end(), masked=masked)


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield every match, also those that begin inside another: two numbers may stand in one row."""
    place = 0
    while match := pattern.search(text, place):
        yield match
        place = match.start() + 1


def _near(pattern: re.Pattern[str], text: str, match: re.Match[str], *, before: int, after: int) -> bool:
    """Return whether *pattern* is near *match*, in the same sentence."""
    ahead = text[max(0, match.start() - before) : match.start()]
    ahead = re.split(r"[。;!?]", ahead)[-1]
    behind = re.split(r"[。;!?\n]", text[match.end() : match.end() + after])[0]
    return pattern.search(ahead) is not None or pattern.search(behind) is not None


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789Xx").upper()


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year < 2100
