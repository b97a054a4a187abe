"""A text as the detectors read it: one form for each digit and mark, nothing invisible, every place known."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LIKE_DIGITS = "OoОоΟοＯｏIlІΙ|｜〇○◯零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖①-⓿❶-➓²³¹⁰-⁹₀-₉*＊×xX●■#"
_SUSPICIOUS = re.compile(
    rf"[\d{_LIKE_DIGITS}](?:[\W_]{{0,4}}[\d{_LIKE_DIGITS}]){{9}}"
    r"|&#|%[23]|\\[ux]|[@＠]|艾特"
    r"|[\[(（【]\s?[aA][tT]\s?[\])）】]|[\d一二三四五六七八九十][组社队]|[.．。点][ ]?(?:com|net|cn)"
    r"|[Qq][Qq]|微信|[Vv][Xx]|[Ww]e[Cc]hat|[Ww]eixin|班|年级|学生|儿童|生辰|地址|[Pp]assport"
    r"|出生|生日|生于|[\d日月号][ ]?生|[男女][,，、 ]|[Bb]orn|[Bb]irth|DOB|住|户籍|户口|老家|[证護护照]|[卡账帐][号户]"
    r"|电话|宅|家[庭长里在]|监护|父母|[父母]亲|个人|私人|本人|村|[栋幢座患诊]|单元|号楼|同学|小朋友|语文|数学|英语|物理|化学|总分|孤儿|低保|贫困|困难|建档|残疾|特困|受助|学籍|[A-Za-z\d][-－—#]\d{1,2}[-－—#]\d{3}"
)
"""Cheap to look for and present in all that the detectors find; `\\d` means every script's digits."""

_LONG = re.compile(rf"[\d{_LIKE_DIGITS}](?:[\W_]{{0,4}}[\d{_LIKE_DIGITS}]){{8}}")

_DIGEST = re.compile(
    r"(?<![0-9A-Za-z+/])(?:(?=[0-9]{0,12}[a-f])(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})"
    r"|(?=[^a-z\s]*[a-z])(?=[^A-Z\s]*[A-Z])(?=[^0-9\s]*[0-9])[A-Za-z0-9+/]{60,}={0,2})(?![0-9A-Za-z+/])"
)
"""Digests, commit ids and signatures by their shape: their digits mean nothing."""

_ESCAPED = re.compile(
    r"&#(?:x([0-9A-Fa-f]{2,5})|([0-9]{2,6}));|%([23][0-9A-Fa-f])|\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})"
)
"""A sign written by its number, as web pages, addresses and quoted YAML do."""

_DASHES = "‐‑‒–—―−－﹣﹘⁃➖ー─━ｰ﹉∼～〜"
_LETTERS = dict(zip("АВЕКМНОРСТХаеорсхіІΑΒΕΖΗΙΚΜΝΟΡΤΥΧοΟ✕✖╳χ", "ABEKMHOPCTXaeopcxiIABEZHIKMNOPTYXoOXXXx", strict=True))
_TABLE: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{ord(dash): "-" for dash in _DASHES},
    **{ord(letter): plain for letter, plain in _LETTERS.items()},
    **dict.fromkeys(
        map(ord, "\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"), " "
    ),
    **dict.fromkeys(map(ord, "·•・‧∙⋅･"), "·"),
    **dict.fromkeys(map(ord, "\u2028\u2029\x85\x0b\x0c"), "\n"),
    **dict.fromkeys(map(ord, "＊∗⁎✱✲﹡※"), "*"),
    **dict.fromkeys(map(ord, "｜丨∣ǀ"), "|"),
    **dict.fromkeys(map(ord, "【〔〈《［"), "["),
    **dict.fromkeys(map(ord, "】〕〉》］"), "]"),
    **dict.fromkeys(map(ord, "○◯⚪⭕"), "〇"),
    **dict.fromkeys(map(ord, "✕✖╳⨯"), "×"),
}
"""Signs that become one other sign."""

_ODD = re.compile("[^\x00-\x7f\u3001-\u301f\u4e00-\u9fff·×●■□]")
"""What may still need another form after the table."""

_VALUES = dict(zip("OoＱIl|〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001110012234567891123456789", strict=True))
_DIGITS = "[0-9" + re.escape("".join(_VALUES)) + "]"
_WRITTEN = re.compile(rf"(?<![A-FH-KM-Za-fh-km-z]){_DIGITS}(?:[ \t_·.,、/-]{{0,2}}{_DIGITS}){{9,}}[Xx]?(?![A-Za-z])")
_LETTER = re.compile(r"(?<=[0-9])[OoIl]+(?=[0-9])|^[OoIl]+(?=[0-9])|(?<=[0-9])[OoIl]+$")
_PURE = re.compile(r"[0-9]{11}")
_AS_DIGITS = str.maketrans(_VALUES)


_SHORT = 4000
"""Characters of a text that is looked at as a whole."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A normalised text, and where its signs stood in the original."""

    text: str
    starts: tuple[int, ...] = ()
    """Places in `text` from which on the distance to the original changes; empty when nothing moved."""
    shifts: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()
    """How many signs of the original stand for the one at each of `starts`; 0 for the usual one each."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where the characters from *start* to *end* stood."""
        if not self.starts:
            return start, end
        return self._at(start)[0], self._at(end - 1)[1]

    def _at(self, place: int) -> tuple[int, int]:
        number = bisect_right(self.starts, place) - 1
        if number < 0:
            return place, place + 1
        if self.lengths[number]:
            return self.shifts[number], self.shifts[number] + self.lengths[number]
        begin = self.shifts[number] + place - self.starts[number]
        return begin, begin + 1


@lru_cache(maxsize=4096)
def suspicious(text: str) -> bool:
    """Return whether a look at *text* by the detectors can find anything at all; records repeat most of their words."""
    return _SUSPICIOUS.search(text) is not None


def has_number(text: str) -> bool:
    """Return whether a number long enough to be somebody's stands in *text*."""
    return _LONG.search(text) is not None


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of a long plain text that are worth a closer look, with the line before, a head perhaps."""
    if len(text) <= _SHORT:
        yield 0, len(text)
        return
    begin = end = 0
    for match in _SUSPICIOUS.finditer(text):
        if match.end() <= end:
            continue
        first = text.rfind("\n", 0, max(0, text.rfind("\n", 0, match.start()))) + 1
        first = max(first, match.start() - _SHORT)
        last = text.find("\n", match.end())
        last = min(last if last >= 0 else len(text), match.end() + _SHORT)
        if first > end:
            if end:
                yield begin, end
            begin = first
        end = max(end, last)
    if end:
        yield begin, end


def plain(text: str) -> Plain:
    """Return *text* in the form that the detectors read."""
    escaped = _ESCAPED.search(text) is not None
    told = text if text.isascii() else text.translate(_TABLE)
    if not escaped and (told.isascii() or not _ODD.search(told)):
        return Plain(_read(told))
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    lengths: list[int] = []
    done = length = 0
    for match in re.compile(f"{_ESCAPED.pattern}|{_ODD.pattern}").finditer(told) if escaped else _ODD.finditer(told):
        begin, end = match.span()
        form = _form(match[0]) if end - begin == 1 else _unescaped(match)
        if len(form) == 1 == end - begin:
            if form != match[0]:
                pieces += [told[done:begin], form]
                length += begin - done + 1
                done = end
            continue
        pieces += [told[done:begin], form]
        length += begin - done
        if form:
            starts.append(length)
            shifts.append(begin)
            lengths.append(end - begin)
            length += len(form)
        starts.append(length)
        shifts.append(end)
        lengths.append(0)
        done = end
    pieces.append(told[done:])
    return Plain(_read("".join(pieces)), tuple(starts), tuple(shifts), tuple(lengths))


def _read(text: str) -> str:
    """Return *text* with its digests blank and its numbers in digits, sign by sign."""
    return _WRITTEN.sub(_in_digits, _DIGEST.sub(_blank, text))


def _in_digits(match: re.Match[str]) -> str:
    run = match[0]
    if run.isascii() and not _LETTER.search(run) and "|" not in run:
        return run
    run = _LETTER.sub(lambda letters: letters[0].translate(_AS_DIGITS), run)
    return run if _PURE.search(run) else run.translate(_AS_DIGITS)


def _blank(match: re.Match[str]) -> str:
    return "#" * len(match[0])


def _unescaped(match: re.Match[str]) -> str:
    hexadecimal, decimal, percent, unicode, byte = match.groups()
    code = int(decimal) if decimal else int(hexadecimal or percent or unicode or byte, 16)
    sign = chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
    sign = sign.translate(_TABLE)
    return sign if sign.isascii() else _form(sign) or "#"


def _form(character: str) -> str:
    digit = unicodedata.digit(character, -1)
    if digit >= 0:
        return str(digit)
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or character in "ㅤ\u115f\u1160":
        return ""
    return unicodedata.normalize("NFKC", character)
