"""Names that every system can keep and every address can hold."""

from __future__ import annotations

import re
import unicodedata

from schoolpub.errors import SchoolpubError, say

_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])", re.I)
_FORBIDDEN = re.compile(r'[\\/:*?"<>|#%\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_LONGEST = 120


def clean(name: str) -> str:
    """Return *name* in its composed form; raise `SchoolpubError` for one that cannot stand, proposing another."""
    name = unicodedata.normalize("NFC", name)
    better = _FORBIDDEN.sub("_", name).lstrip(". ~").rstrip(". ")
    stem = better.partition(".")[0].strip()
    if _DEVICES.fullmatch(stem):
        better = f"_{better}"
    if len(better.encode()) > 2 * _LONGEST or len(better) > _LONGEST:
        head, dot, ending = better.rpartition(".")
        better = f"{head[:40]}{dot}{ending}" if head else better[:40]
    if better != name or not name:
        raise SchoolpubError(
            say("A file cannot be called {name} here.", name=_FORBIDDEN.sub("_", name)),
            fix=say("rename it, for example to {better}", better=better or "附件.pdf"),
        )
    return name
