"""E-mail addresses: those of persons stop, those that nobody declared are a doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schoolpub.errors import Level
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.near import near

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?![A-Za-z0-9])"
)
_PRIVATE = (
    r"(?:(?:vip\.)?qq|foxmail|(?:vip\.)?163|126|yeah|188|gmail|googlemail|outlook|hotmail|live|msn|icloud|me|sina|sohu|tom"
    r"|21cn|aliyun|yahoo|139|189|wo|88|proton|protonmail)"
)
_FREE = re.compile(rf"@{_PRIVATE}\.(?:com|cn|net|com\.cn|me)$", re.I)
_DISGUISED = re.compile(
    rf"(?<![A-Za-z0-9._%+-])(?P<who>[A-Za-z0-9][A-Za-z0-9._%+-]{{2,63}})\s{{0,2}}"
    rf"(?:@|#|[(\[{{]\s?(?:at|@|艾特)\s?[)\]}}]|艾特|\s(?i:at)\s|\*at\*)\s{{0,2}}"
    rf"(?P<host>{_PRIVATE})\s{{0,2}}(?:\.|。|[(\[]\s?(?:dot|点|\.)\s?[)\]]|点|\sdot\s|,)\s{{0,2}}(?P<end>com|cn|net)(?![A-Za-z0-9])",
    re.I,
)
_HOME_WORDS = re.compile(r"家长|监护人|父亲|母亲|父母|个人|私人|本人|学生|同学|家庭")


def emails(text: str, declared: frozenset[str]) -> Iterator[Finding]:
    """Yield e-mail addresses that the school did not declare."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            address = match[0].casefold()
            if address in declared:
                continue
            private = _FREE.search(address) or near(_HOME_WORDS, text, match, before=10)
            masked = f"{match[0][0]}***@{match[0].partition('@')[2]}"
            level = Level.ERROR if private else Level.WARNING
            yield Finding(kind=Kind.EMAIL, level=level, start=match.start(), end=match.end(), masked=masked)
    for match in _DISGUISED.finditer(text):
        if f"{match['who']}@{match['host']}.{match['end']}".casefold() not in declared:
            masked = f"{match['who'][0]}***@{match['host']}.{match['end']}"
            yield Finding(kind=Kind.EMAIL, start=match.start(), end=match.end(), masked=masked)
