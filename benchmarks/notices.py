"""Sentences of school notices, kept as a file (`notices.txt`), with numbers of nobody put in for the measurement."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.personal_texts import Case, card, identity, mobile

SENTENCES = Path(__file__).with_name("notices.txt")

_HOLE = re.compile(r"⟨(\w+)(?:\|(\w+))?⟩")
_WIDE = {ord(str(digit)): 0xFF10 + digit for digit in range(10)}
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _spread(number: str, gap: str) -> str:
    sizes = (3, 4, 4) if len(number) == 11 else (6, 8, 4) if len(number) == 18 else (4,) * 5
    parts, place = [], 0
    for size in sizes:
        parts.append(number[place : place + size])
        place += size
    return gap.join(part for part in parts if part)


def _middle(number: str, inside: str) -> str:
    return number[:7] + inside + number[7:]


_DISGUISES: dict[str, Callable[[str], str]] = {
    "wide": lambda number: number.translate(_WIDE),
    "space": lambda number: _spread(number, " "),
    "dash": lambda number: _spread(number, "-"),
    "dash443": lambda number: f"{number[:4]}-{number[4:8]}-{number[8:]}",
    "dot": lambda number: _spread(number, "."),
    "comma": lambda number: _spread(number, "，"),
    "tab": lambda number: _spread(number, "\t"),
    "break": lambda number: _middle(number, "\n"),
    "zero": lambda number: _middle(number, "\u200b"),
    "letter": lambda number: number.replace("0", "O"),
    "lower": str.lower,
    "han": lambda number: number.translate(str.maketrans("0123456789", "〇一二三四五六七八九")),
    "yao": lambda number: number.translate(str.maketrans("0123456789", "零幺二三四五六七八九")),
    "upper": lambda number: number.translate(str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")),
    "ring": lambda number: number.translate(str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")),
    "paren": lambda number: f"{number[:3]}）{number[3:]}",
    "slash": lambda number: _spread(number, "/"),
    "spaced": " ".join,
    "hide1": lambda number: number[:9] + "*" + number[10:],
    "hide2": lambda number: number[:7] + "**" + number[9:],
}


def _old(chance: random.Random) -> str:
    number = identity(chance)
    return number[:6] + number[8:17]


def _mistyped(chance: random.Random) -> str:
    number = identity(chance)
    return number[:17] + ("1" if number[17] != "1" else "2")


def _credit(chance: random.Random) -> str:
    first = "12530102" + "".join(chance.choice(_CREDIT) for _ in range(9))
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(_CREDIT.index(sign) * weight for sign, weight in zip(first, weights, strict=True))
    return first + _CREDIT[(31 - total % 31) % 31]


_NUMBERS: dict[str, Callable[[random.Random], str]] = {
    "ID": identity,
    "IDBAD": _mistyped,
    "ID15": _old,
    "TEL": mobile,
    "CARD": card,
    "USCC": _credit,
}


def notices(seed: int = 6, each: int = 3) -> Iterator[Case]:
    """Yield every sentence with a number, *each* times with other numbers; the others once."""
    chance = random.Random(seed)

    def drawn(hole: re.Match[str]) -> str:
        number = _NUMBERS[hole[1]](chance)
        return _DISGUISES[hole[2]](number) if hole[2] else number

    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        if not line.startswith(("+ ", "- ")):
            continue
        text = line[2:].replace("⏎", "\n").replace("⇥", "\t")
        kind = "notices with personal data" if line[0] == "+" else "notices without"
        for _ in range(each if _HOLE.search(text) else 1):
            yield Case(kind, _HOLE.sub(drawn, text), line[0] == "+")
