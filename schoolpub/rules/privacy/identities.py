"""Numbers of identity cards (GB 11643), of pupils, which are made of them, and of passports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.near import digits, each, last_before, near

_GAP = r"(?:[ \t_·.,、/()\[\]|-]{0,3}|[ \t]*\r?\n[ \t#]*)"
_NUMBER = re.compile(rf"(?<![0-9])[1-8](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx×](?![0-9])")
_OLD = re.compile(rf"(?<![0-9])[1-8](?:{_GAP}[0-9]){{14}}(?![0-9]|\.[0-9])")
_MISTYPED = re.compile(r"(?<![0-9])[1-8][0-9]{12,18}[0-9Xx](?![0-9])")
_HIDDEN = re.compile(r"(?<![0-9*●■])[1-8*●■][0-9*●■#?_xX×□]{16}[0-9Xx*●■#?_×□](?![0-9*●■])")
_MOST_HIDDEN = 5
"""Fewer hidden signs than this and one more can be computed back or tried out; the birthday alone has eight."""

_WORDS = re.compile(r"身份证|居住证|身份号|身份信息|证件号|公民号|学籍|ID ?(?:card|号|No)|sfz", re.I)
_OTHER_WORDS = re.compile(
    r"信用代码|机构代码|税号|识别号|登记号|许可证|资格证|合格证|编号|流水|订单|单号|批次|条码|索引"
)
_CREDIT_WORDS = re.compile(r"信用代码|机构代码|税号|纳税人识别号")
_LAYOUTS = (
    frozenset((3, 6, 8, 10, 12, 14, 17)),
    frozenset((4, 8, 12, 16)),
    frozenset((5, 10, 15)),
    frozenset(range(18)),
)
"""After which digits people divide the number."""

_PASSPORT = re.compile(
    r"(?<![0-9A-Za-z])(?:[DEGPS][A-HJ-NP-Z]?[0-9]{7,8}|14[0-9]{7}|15[0-9]{7}|[HM][0-9]{8,10}|[0-9]{8}|[A-Z]{1,3}[0-9]{6,9})(?![0-9A-Za-z])",
    re.I,
)
_PASSPORT_WORDS = re.compile(r"护照|通行证|回乡证|台胞证|军官证|士兵证|passport", re.I)

_PROVINCES = frozenset(
    [
        *(11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46),
        *(50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83),
    ]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
"""GB 11643: weights of the first 17 places and the check character by the sum modulo 11."""


def identities(text: str) -> Iterator[Finding]:
    """Yield the numbers of identity cards in *text*, then what was one before a slip of the pen, then passports."""
    for match in each(_NUMBER, text):
        number = digits(match[0].replace("×", "X"))
        spoken = near(_WORDS, text, match, before=20, after=10)
        if valid_identity(number) and (spoken or (_divided_as_usual(match[0]) and not re.search("[,、]", match[0]))):
            if not near(_CREDIT_WORDS, text, match, before=12):
                yield _found(match, number)
        elif spoken and "," not in match[0] and _plain_enough(match[0]) and not _other(text, match):
            yield _found(match, number)
    for match in _HIDDEN.finditer(text):
        seen = sum(sign.isdigit() for sign in match[0][:17]) + (match[0][17] in "0123456789Xx")
        lettered = re.search(r"[xX]", match[0][:17]) and not re.search(r"[*●■#?_□×]|[xX]{2}", match[0])
        if near(_CREDIT_WORDS, text, match, before=12) or (lettered and not near(_WORDS, text, match, before=20)):
            continue
        if 18 > seen > 18 - _MOST_HIDDEN or _shows_birthday(match[0]):
            yield _found(match, match[0].replace("×", "*"))
    for match in each(_OLD, text):
        number = digits(match[0])
        spoken = near(_WORDS, text, match, before=20, after=10)
        divided = len(number) != len(match[0])
        if _is_old(number) and (spoken or not (divided or near(_OTHER_WORDS, text, match, before=12))):
            yield _found(match, number, Level.ERROR if spoken else Level.WARNING)
    for match in _MISTYPED.finditer(text):
        said = last_before(_WORDS, text, match, before=12)
        if said >= 0 and not re.search(r"[0-9]", text[said : match.start()]) and not _other(text, match):
            yield _found(match, match[0])
    for match in _PASSPORT.finditer(text):
        if near(_PASSPORT_WORDS, text, match, before=16, after=6):
            masked = match[0][:1] + "*" * (len(match[0]) - 4) + match[0][-3:]
            yield Finding(kind=Kind.PASSPORT, start=match.start(), end=match.end(), masked=masked)


def valid_identity(number: str) -> bool:
    """Return whether *number* is an identity number: province, a real birthday, the check character (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return (
        len(number) == 18
        and int(number[:2]) in _PROVINCES
        and _is_day(number[6:14])
        and _CHECKS[total % 11] == number[17].upper()
    )


def _found(match: re.Match[str], number: str, level: Level = Level.ERROR) -> Finding:
    masked = number[:3] + "*" * (len(number) - 7) + number[-4:]
    return Finding(kind=Kind.ID, level=level, start=match.start(), end=match.end(), masked=masked)


def _is_old(number: str) -> bool:
    return int(number[:2]) in _PROVINCES and _is_day("19" + number[6:12])


def _divided_as_usual(written: str) -> bool:
    """Return whether the gaps of a number stand where people put them, or there is but one."""
    places, count, before = set(), 0, ""
    for sign in written:
        if sign in "0123456789Xx×":
            if count and before not in "0123456789":
                places.add(count)
            count += 1
        before = sign
    return len(places) <= 1 or len(places) == 17 or any(places <= layout for layout in _LAYOUTS[:3])


def _plain_enough(written: str) -> bool:
    return len(written) <= 26


def _other(text: str, match: re.Match[str]) -> bool:
    """Return whether another word than that of an identity card stands closer ahead of *match*."""
    own = last_before(_WORDS, text, match, before=20)
    return last_before(_OTHER_WORDS, text, match, before=20) > own


def _shows_birthday(written: str) -> bool:
    day = written[6:14]
    return (
        any(sign in "*●■#_□?×xX" for sign in written[:17]) and written[:6].isdigit() and day.isdigit() and _is_day(day)
    )


def _is_day(written: str) -> bool:
    try:
        day = date(int(written[:4]), int(written[4:6]), int(written[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year < 2100
