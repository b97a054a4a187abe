"""Codes that tie paper to the record: anybody can recompute them with `sha256sum`.

The witness code stands for a record as it was signed off, the text code for its words alone.  Both are computed, never
stored, and written in Crockford's base 32 with his check character, so that they survive being read out.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from schoolpub.model.catalogue import Flow
from schoolpub.model.record import Record, Step
from schoolpub.rules.chain.numbering import MERGED

FORMAT = "schoolpub-code/1"

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS = _ALPHABET + "*~$=U"
_LOOKALIKES = str.maketrans("OIL", "011")
_CODE_LENGTH = 20
_TEXT_CODE_LENGTH = 10
_REGISTER_CODE_LENGTH = 30
_LENGTHS = (_TEXT_CODE_LENGTH, _CODE_LENGTH, _REGISTER_CODE_LENGTH)
_COMMIT_BITS = 50
_DIGEST = re.compile(r"[0-9a-f]{64}")


def lines(record: Record, step: Step) -> str:
    """Return the five lines that the code of *record* digests; *step* is its sign-off."""
    parts = (FORMAT, record.edition_id, record.content, step.at.isoformat(), step.said("after"))
    return "".join(f"{part}\n" for part in parts)


def digest(record: Record, step: Step) -> str:
    """Return the whole code of *record*, signed off by *step*, in 64 hexadecimal digits."""
    return hashlib.sha256(lines(record, step).encode()).hexdigest()


def signed(record: Record, flow: Flow | None) -> Iterator[tuple[int, str]]:
    """Yield every sign-off that *record* ever had, undone ones too: the step's place and the whole code.

    The code is that of the text which was signed off then; a record that was sent back may have another one now.
    """
    for index, step in enumerate(record.steps if flow else ()):
        # A post signs off itself in an emergency only: then it says upon what.
        lines = (line for line in flow.named(step.step) if not line.emergency or step.said("after")) if flow else ()
        if step.content and any(line.signs_off for line in lines):
            yield index, digest(replace(record, content=step.content), step)


def void(record: Record) -> Iterator[str]:
    """Yield the codes of sign-offs that did not stand when two offices were brought together."""
    for step in record.steps:
        told = step.says.get("codes") if step.step == MERGED else None
        yield from (code for code in (told if isinstance(told, list) else []) if isinstance(code, str))


def ever(record: Record, flow: Flow | None) -> Iterator[str]:
    """Yield every code that a sheet of *record* may bear."""
    yield from (code for _, code in signed(record, flow))
    yield from void(record)


def short(hexadecimal: str) -> str:
    """Return the first 100 bits of a digest as `XXXXX-XXXXX-XXXXX-XXXXX-C`."""
    return _spelled(hexadecimal, _CODE_LENGTH)


def text_code(content: str) -> str:
    """Return the code of the words alone, `XXXXX-XXXXX-C`, from *content* (`sha256:…`)."""
    return _spelled(content.removeprefix("sha256:"), _TEXT_CODE_LENGTH)


def register_code(commit: str, hexadecimal: str) -> str:
    """Return the code of a yearly register: 50 bits of the commit up to which it goes, 100 bits of its digest."""
    number = _bits(commit, _COMMIT_BITS) << 5 * _CODE_LENGTH | _bits(hexadecimal, 5 * _CODE_LENGTH)
    return _written(number, _REGISTER_CODE_LENGTH)


def is_register_code(code: str) -> bool:
    """Return whether *code* is a register's, typed without a slip."""
    parts = _parts(code)
    return parts is not None and len(parts[0]) == _REGISTER_CODE_LENGTH and well_typed(code)


def names_commit(code: str, commit: str) -> bool:
    """Return whether the register with *code* goes up to *commit*."""
    parts = _parts(code)
    return parts is not None and _number(parts[0]) >> 5 * _CODE_LENGTH == _bits(commit, _COMMIT_BITS)


def same_code(one: str, other: str) -> bool:
    """Return whether both are the same code, however they were typed; a missing check character is forgiven."""
    first, second = _parts(one), _parts(other)
    if first is None or second is None or first[0] != second[0]:
        return False
    return first[1] == second[1] or not first[1] or not second[1]


def well_typed(code: str) -> bool:
    """Return whether *code* has the length of a code and its check character is right."""
    parts = _parts(code)
    return parts is not None and set(parts[0]) <= set(_ALPHABET) and parts[1] == _check(_number(parts[0]))


def is_digest(code: str) -> bool:
    """Return whether *code* is a whole digest, or an address with one behind `#`."""
    return bool(_DIGEST.fullmatch(code.strip().rpartition("#")[2].lower()))


def find(code: str, codes: Mapping[str, str]) -> list[str]:
    """Return the keys in *codes* (key → whole digest) meant by *code*: a short code, a digest, an address with one."""
    wanted = code.strip().rpartition("#")[2]
    if _DIGEST.fullmatch(wanted.lower()):
        return [key for key, whole in codes.items() if whole == wanted.lower()]
    return [key for key, whole in codes.items() if same_code(wanted, short(whole))]


def _spelled(hexadecimal: str, length: int) -> str:
    return _written(_bits(hexadecimal, 5 * length), length)


def _bits(hexadecimal: str, count: int) -> int:
    return int(hexadecimal, 16) >> (4 * len(hexadecimal) - count)


def _written(number: int, length: int) -> str:
    characters = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
    groups = [characters[start : start + 5] for start in range(0, length, 5)]
    return "-".join((*groups, _check(number)))


def _check(number: int) -> str:
    return _CHECKS[number % 37]


def _number(body: str) -> int:
    number = 0
    for character in body:
        number = number * 32 + _ALPHABET.index(character)
    return number


def _parts(code: str) -> tuple[str, str] | None:
    """Return the body and the check character of a typed code; None when its length is no code's."""
    typed = _typed(code)
    length = len(typed) - len(typed) % 10
    return (typed[:length], typed[length:]) if length in _LENGTHS and len(typed) - length <= 1 else None


def _typed(code: str) -> str:
    """Return the characters of a code that somebody typed: o is 0, i and l are 1, blanks and dashes are nothing."""
    plain = unicodedata.normalize("NFKC", code).upper().translate(_LOOKALIKES)
    return "".join(character for character in plain if character in _CHECKS)
