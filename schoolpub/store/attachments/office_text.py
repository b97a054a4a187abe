"""The text of office documents, every part of it: head and foot lines, text boxes, hidden columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from schoolpub.errors import say
from schoolpub.store.attachments.cleaned import broken
from schoolpub.store.attachments.packages import parts_of
from schoolpub.store.attachments.xml_filter import NotPlain, walk

_INNER = (".docx", ".xlsx", ".pptx")
_PAGE = re.compile(r"word/document\d*\.xml|ppt/slides/[^/]*\.xml")
_LINES = frozenset(("p", "tr", "br", "cr", "si", "row"))
_CELLS = frozenset(("tab", "tc"))
_SKIPPED = frozenset(("f", "instrText", "formula1", "formula2"))


_DEEPEST = 3
"""Documents inside documents inside a document: deeper nobody puts one."""


def text(data: bytes, name: str, depth: int = 0) -> tuple[str, bool]:
    """Return the text of the document *data* with those inside it, and whether its own pages have any word at all.

    A row is a line, its cells divided by tabs.
    """
    parts = parts_of(data, name)
    try:
        if name.lower().endswith(".xlsx"):
            told = [_sheets(parts)]
            whole = bool(told[0].strip())
        else:
            by_part = {part: _running(parts[part]) for part in sorted(parts) if part.endswith(".xml")}
            told = list(by_part.values())
            whole = any(words.strip() for part, words in by_part.items() if _PAGE.fullmatch(part))
        told += [_aside(parts[part]) for part in sorted(parts) if part.endswith(".xml")]
        told += [_running(parts[part]) for part in sorted(parts) if part.lower().endswith(".svg")]
        told += [_targets(parts[part]) for part in sorted(parts) if part.endswith(".rels")]
    except (NotPlain, IndexError, ValueError):
        raise broken(name, say("the document is damaged")) from None
    for part in sorted(parts):
        if part.lower().endswith(_INNER):
            if depth == _DEEPEST:
                raise broken(name, say("documents lie too deep inside one another"))
            told.append(text(parts[part], part.rpartition("/")[2], depth + 1)[0])
        elif "/media/" in part and len(parts[part]) > _PHOTO:
            whole = False
        elif "/embeddings/" in part or part.lower().endswith((".zip", ".bin", ".htm", ".html", ".mht", ".rtf")):
            whole = whole and part.startswith("xl/printerSettings/")  # a package that nobody can look into from here
    return "\n".join(part for part in told if part), whole


_PHOTO = 40_000
"""Bytes from which on a picture in a document may be a scan with words; a logo or a seal has fewer."""

_TOLD_ASIDE = {
    "docPr": ("descr", "title"), "cNvPr": ("descr", "title"), "sheet": ("name",), "hyperlink": ("tooltip",),
    "dataValidation": ("prompt", "promptTitle", "error"), "fldSimple": ("instr",), "docVar": ("name", "val"),
    "connection": ("name", "description"), "dbPr": ("connection", "command"),
    "alias": ("val",), "tag": ("name", "val"), "cacheField": ("name", "caption"), "s": ("v",), "n": ("v",),
}  # fmt: skip
"""What attributes say to people: the words for a picture, the names of sheets, hints, the data behind a pivot table."""

_ASIDE = re.compile(
    rb"descr=|title=|<sheet |tooltip=|prompt|error=|instr|<f[ >]|formula|docVar|:alias |:tag |<connection"
    rb"|cacheField|pivotCacheRecords"
)
_INSTRUCTIONS = frozenset(("instrText", "formula1", "formula2", "f"))
_WORDS_OF_FORMULA = re.compile(r'"([^"]*)"')


def _aside(xml: bytes) -> str:
    """Return what a part says in attributes, and in the quoted words of its formulas and field instructions."""
    if not _ASIDE.search(xml):
        return ""
    out: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        wanted = _TOLD_ASIDE.get(name, ())
        out.extend(said for key, said in attributes.items() if said and key.rpartition(":")[2] in wanted)
        if name in _INSTRUCTIONS:
            inside.append("")

    def end(name: str) -> None:
        if name in _INSTRUCTIONS and inside:
            out.append("".join(_WORDS_OF_FORMULA.findall(inside.pop())))

    def characters(said: str) -> None:
        if inside:
            inside[-1] += said

    walk(xml, start, end, characters)
    return "\n".join(out)


def _targets(xml: bytes) -> str:
    """Return where the links of a part lead outside: an e-mail or a telephone may be behind a harmless word."""
    found: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") == "External":
            found.append(unquote(attributes.get("Target", "")))

    walk(xml, start, lambda _: None, lambda _: None)
    return "\n".join(found)


def _running(xml: bytes) -> str:
    out: list[str] = []
    skipping = 0

    def start(name: str, _: Mapping[str, str]) -> None:
        nonlocal skipping
        skipping += name in _SKIPPED
        if name in ("tab", "br", "cr"):
            out.append("\t" if name == "tab" else "\n")

    def end(name: str) -> None:
        nonlocal skipping
        skipping -= name in _SKIPPED
        if name == "p" and out and out[-1] == "\n":
            return
        if name in _LINES - {"br", "cr"}:
            out.append("\n")
        elif name == "tc":
            while out and out[-1] == "\n":
                out.pop()
            out.append("\t")

    def characters(said: str) -> None:
        if not skipping:
            out.append(said)

    walk(xml, start, end, characters)
    return "".join(out)


def _sheets(parts: Mapping[str, bytes]) -> str:
    shared = _shared(parts.get("xl/sharedStrings.xml"))
    found = []
    for part in sorted(parts):
        if not part.endswith(".xml") or part in ("xl/sharedStrings.xml", "xl/styles.xml"):
            continue
        found.append(_rows(parts[part], shared) if part.startswith("xl/worksheets/") else _running(parts[part]))
    shown = "\n".join(found)
    # A cell that was emptied may leave its words in the list of shared strings.
    return "\n".join([shown, *(words for words in shared if words and words not in shown)])


def _shared(xml: bytes | None) -> list[str]:
    strings: list[str] = []
    letters: list[str] = []

    def end(name: str) -> None:
        if name == "si":
            strings.append("".join(letters))
            letters.clear()

    if xml is not None:
        walk(xml, lambda *_: None, end, letters.append)
    return strings


def _rows(xml: bytes, shared: list[str]) -> str:
    """Return a sheet's rows; a number stands as the file has it, a formula as its last result."""
    out: list[str] = []
    cell: list[str] = []
    kind, skipping = "", 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal kind, skipping
        skipping += name in _SKIPPED
        if name == "c":
            kind = attributes.get("t", "n")
            cell.clear()

    def end(name: str) -> None:
        nonlocal skipping
        skipping -= name in _SKIPPED
        if name == "c":
            said = "".join(cell).strip()
            out.append(shared[int(said)] if kind == "s" and said else said)
            out.append("\t")
            cell.clear()
        elif name == "row":
            out.append("\n")

    def characters(said: str) -> None:
        if not skipping:
            cell.append(said)

    walk(xml, start, end, characters)
    return "".join((*out, *cell))
