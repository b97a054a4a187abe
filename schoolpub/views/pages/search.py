"""The search index: overlapping pairs of Chinese characters and whole words of letters and figures.

A query is the intersection of its pairs, so that no dictionary is needed and a name of any length is found.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from schoolpub.views.pages.cards import Card

_RUNS = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+|[a-z0-9]+")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MOST = 4000
"""Characters of a record that are indexed: enough for any notice, not for a list of a thousand names."""

Document: TypeAlias = tuple[str, str, str]
"""Address, title, and a line about it."""


def terms(text: str) -> set[str]:
    """Return the terms of *text*: pairs of Chinese characters, single ones where they stand alone, words."""
    found: set[str] = set()
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0] <= "z" or len(run) == 1:
            found.add(run)
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def text_of(card: Card, blocks: Iterable[Mapping[str, Any]]) -> str:
    """Return what is indexed of a record: its card and the words of its page."""
    numbers = [card["number"], *card["former_numbers"]]
    parts = [card["title"], *numbers, card["item_name"], card["category"], card["department"], card["summary"]]
    for block in blocks:
        parts += _words(block)
    return "\n".join(parts)[:_MOST]


def _words(block: Mapping[str, Any]) -> list[str]:
    match block["kind"]:
        case "facts":
            return [f"{row['label']} {row['text']}" for row in block["rows"]]
        case "text":
            return [block["name"], *(p["text"] for p in block["paragraphs"])]
        case "table":
            cells = (c for row in block["rows"] for c in row["cells"] if c["align"] != "right")
            return [block["name"], *dict.fromkeys(c["text"] for c in cells)]
        case "pair":
            return [word for table in block["tables"] for word in _words(table)]
        case "blocks":
            inner = (word for group in block["groups"] for part in group["blocks"] for word in _words(part))
            return [block["name"], *(group["title"] for group in block["groups"]), *inner]
    return []


def document(card: Card) -> Document:
    """Return how a record stands among the findings."""
    return _document(card, card["number"])


def matter(card: Mapping[str, Any]) -> Document:
    """Return how a matter of a ledger stands among the findings: by its receipt, else by its ledger."""
    return _document(card, card["receipt"] or card["item_name"])


def shard(documents: Sequence[Document], found: Sequence[Iterable[str]]) -> str:
    """Return the index of *documents* as a classic script, also for a disk; *found* are the terms of each."""
    postings: dict[str, list[int]] = {}
    for number, words in enumerate(found):
        for word in words:
            postings.setdefault(word, []).append(number)
    index = {word: _deltas(postings[word]) for word in sorted(postings)}
    value = json.dumps([documents, index], ensure_ascii=False, separators=(",", ":"))
    # No markup in a script, whoever may paste it into a page.
    return "(self.SP=self.SP||[]).push(" + value.replace("<", "\\u003c") + ");\n"


def _document(card: Mapping[str, Any], number: str) -> Document:
    about = "　".join(part for part in (card["day_word"], card["department"], number) if part)
    return card["url"], card["title"], about


def _deltas(numbers: Sequence[int]) -> str:
    """Return rising numbers as the distances between them, in base 36."""
    before, parts = 0, []
    for number in numbers:
        parts.append(_base36(number - before))
        before = number
    return " ".join(parts)


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
