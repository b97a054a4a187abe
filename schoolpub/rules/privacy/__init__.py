"""Personal data in texts: what it looks like, which law keeps it off a notice, and how it is masked.

`scan` finds; nothing here knows records or files.  The texts may come from anywhere: full-width digits, blanks, hyphens
and line breaks inside a number do not hide it.
"""

from __future__ import annotations

from collections.abc import Iterable

from schoolpub.rules.declared import declared_of
from schoolpub.rules.privacy.findings import Finding, Kind
from schoolpub.rules.privacy.heads import forbidden_heads, heads_in, tables_in
from schoolpub.rules.privacy.names import is_masked, mask_name
from schoolpub.rules.privacy.plain import Plain, plain, suspicious, windows

__all__ = (
    "Finding",
    "Kind",
    "declared_of",
    "forbidden_heads",
    "heads_in",
    "is_masked",
    "mask",
    "mask_name",
    "scan",
    "tables_in",
)


def scan(text: str, declared: Iterable[str] = frozenset(), *, context: str = "") -> list[Finding]:
    """Return the personal data in *text*, in order; what is *declared* (numbers, addresses, e-mails) passes.

    *context* is what a reader sees beside the text, such as the name of its column.
    """
    if not suspicious(context + text):
        return []
    from schoolpub.rules.privacy.detectors import found_in  # their patterns take longer to compile than most commands

    known = frozenset(declared)
    reading = plain(f"{context}\n{text}" if context else text)
    skipped = len(plain(f"{context}\n").text) if context else 0
    offset = len(context) + 1 if context else 0
    found: list[Finding] = []
    for begin, end in windows(reading.text):
        taken: list[Finding] = []
        for finding in found_in(reading.text[begin:end], known):
            if begin + finding.start < skipped:
                continue
            if any(finding.start < other.end and other.start < finding.end for other in taken):
                continue  # the detectors stand in the order of their certainty: an ID number is no card
            taken.append(finding)
        found += [_placed(finding.at(begin + finding.start, begin + finding.end), reading, offset) for finding in taken]
    return sorted(found, key=lambda finding: (finding.start, finding.end))


def mask(text: str, declared: Iterable[str] = frozenset(), *, context: str = "") -> str:
    """Return *text* with its personal data masked as it is the custom."""
    for finding in reversed(scan(text, declared, context=context)):
        text = text[: finding.start] + finding.masked + text[finding.end :]
    return text


def _placed(finding: Finding, reading: Plain, offset: int) -> Finding:
    start, end = reading.place(finding.start, finding.end)
    return finding.at(start - offset, end - offset)
