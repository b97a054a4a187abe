"""What Typst reports, told to a person who does not know Typst."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from schoolpub.errors import SchoolpubError, say

_NO_GLYPH = re.compile(r'the text `(?P<text>"(?:[^"\\]|\\.)*")` could not be displayed')
_PLACE = re.compile(r"┌─ (?:.*/)?(?P<file>[^/\s:]+\.typ):(?P<line>\d+):\d+")
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_AROUND = 12


def explain(message: str, diagnostic: str, value: Mapping[str, Any]) -> SchoolpubError:
    """Return the refusal that tells what *message* means for the sheet made from *value*."""
    if match := _NO_GLYPH.search(message):
        return _no_glyph(_plain(match["text"]), value)
    place = _PLACE.search(diagnostic)
    return SchoolpubError(
        say(
            "The print template {file} has a mistake in line {line}: {message}",
            file=place["file"] if place else "*.typ",
            line=place["line"] if place else "?",
            message=message,
        ),
        fix=say("Mend the template in templates/print, or remove it to print with the built-in one."),
    )


def _no_glyph(text: str, value: Mapping[str, Any]) -> SchoolpubError:
    codes = "、".join(f"U+{ord(character):04X}" for character in text)
    shown = text if text.isprintable() else "?"
    found = next((t for t in _texts(value) if text in t), "")
    start = found.find(text)
    around = found[max(0, start - _AROUND) : start + len(text) + _AROUND].replace("\n", " ") if found else ""
    return SchoolpubError(
        say(
            "The character “{character}” ({codes}) in “{around}” cannot be printed: no font at hand has it.",
            character=shown,
            codes=codes,
            around="".join(c if c.isprintable() else "?" for c in around) or shown,
        ),
        fix=say("Write it with another character, or print with this machine's own fonts (--fonts system)."),
    )


def _plain(quoted: str) -> str:
    """Return the text that Typst shows as *quoted*, its escapes undone."""
    inner = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), quoted[1:-1])
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)
