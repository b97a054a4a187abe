"""Word, Excel and PowerPoint files: tracked changes taken as done, comments and the makers' names left out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from schoolpub.errors import SchoolpubError, Text, say
from schoolpub.store.attachments import images
from schoolpub.store.attachments.cleaned import Cleaned, broken
from schoolpub.store.attachments.packages import packed, parts_of
from schoolpub.store.attachments.xml_filter import NotPlain, Verdict, filtered, walk

_MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_DROPPED = re.compile(
    r"docProps/.*|customXml/.*"
    r"|word/(?:comments\w*|people|commentsIds|commentsExtensible)\.xml"
    r"|xl/(?:comments.*|threadedComments/.*|persons/.*|revisions/.*|.*/comments\d*\.xml)"
    r"|ppt/(?:comments/.*|commentAuthors\.xml|authors\.xml|notesSlides/.*|changesInfos/.*|revisionInfo\.xml)",
    re.I,
)
"""Parts about the people who made the document, or that its readers were not meant to see."""

_COMMENTS = re.compile(r".*comments.*", re.I)
_RELATIONS = re.compile(r"(?P<folder>.*?)_rels/(?P<part>[^/]*)\.rels")
_PIVOT = re.compile(r"xl/pivotCache/pivotCacheDefinition\d*\.xml")
_MACROS = re.compile(r".*(?:vbaProject\.bin|vbaData\.xml|activeX/.*|macrosheets/.*)", re.I)
_PICTURE = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}

_ACCEPTED = frozenset(("ins", "moveTo"))
_GONE = frozenset(
    [
        *("del", "moveFrom", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "tcPrChange", "trPrChange"),
        *("tblGridChange", "tblPrExChange", "numberingChange", "cellIns", "cellDel", "cellMerge"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"),
        *("customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd"),
        *("commentRangeStart", "commentRangeEnd", "commentReference", "trackRevisions"),
    ]
)
"""Elements of Word's tracked changes and comments that go with what they hold."""


def clean(data: bytes, name: str) -> Cleaned:
    """Return the document *data* as it may be published; refuse hidden sheets and slides, and macros."""
    kind = name.rpartition(".")[2].lower()
    parts = parts_of(data, name)
    if _MAIN[kind] not in parts:
        raise broken(name, say("it is no {kind} document", kind=kind))
    if any(_MACROS.fullmatch(part) for part in parts):
        raise SchoolpubError(
            say("{name} carries macros.", name=name), fix=say("save it without macros, as {kind}", kind=kind)
        )
    try:
        _nothing_hidden(parts, name, kind)
        kept, notes = _cleaned(parts, kind)
    except NotPlain:
        raise broken(name, say("the document is damaged")) from None
    return Cleaned(data=packed(kept), name=name, notes=notes)


def _cleaned(parts: Mapping[str, bytes], kind: str) -> tuple[dict[str, bytes], tuple[Text, ...]]:
    gone = {part for part in parts if _DROPPED.fullmatch(part)}
    gone |= _drawings_of_comments(parts)
    gone |= {_relations_of(part) for part in gone} & set(parts)
    kept: dict[str, bytes] = {}
    changes = False
    for part, held in parts.items():
        if part in gone:
            continue
        ending = part.rpartition(".")[2].lower()
        if part == "[Content_Types].xml" or ending == "rels":
            kept[part] = _without_links(part, held, gone)
        elif kind == "docx" and part.startswith("word/") and ending == "xml":
            kept[part] = filtered(held, _word)
            changes = changes or b"<w:ins " in held or b"<w:del " in held
        elif kind == "xlsx" and (part == "xl/workbook.xml" or part.startswith("xl/worksheets/")) and ending == "xml":
            orphaned = _relations_of(part) in parts and bool(gone & set(_targets(parts, _relations_of(part))))
            kept[part] = filtered(held, _sheet_without_comments if orphaned else _sheet)
        elif ending in _PICTURE:
            kept[part] = images.strip(held, _PICTURE[ending]) or held
        elif "/embeddings/" in part and ending in _MAIN:
            kept[part] = clean(held, posixpath.basename(part)).data
        else:
            kept[part] = held
    notes = []
    if changes:
        notes.append(say("tracked changes were taken as done"))
    if any(_COMMENTS.fullmatch(part) for part in gone):
        notes.append(say("comments were removed"))
    if any(part.startswith("ppt/notesSlides/") for part in gone):
        notes.append(say("speaker's notes were removed"))
    return kept, tuple(notes)


def _word(name: str, attributes: Mapping[str, str]) -> Verdict:
    # Word's own elements stand in several vocabularies; in none of them do these names mean anything else but in
    # mathematics, whose formatting knows no `del`.
    if name in _ACCEPTED:
        return Verdict.UNWRAP
    if name in _GONE or (name == "rsids" and not attributes):
        return Verdict.DROP
    return Verdict.KEEP


def _sheet(name: str, _: Mapping[str, str]) -> Verdict:
    # absPath is the folder on the writer's machine, fileSharing the one who reserved the file.
    return Verdict.DROP if name in ("absPath", "fileSharing") else Verdict.KEEP


def _sheet_without_comments(name: str, attributes: Mapping[str, str]) -> Verdict:
    return Verdict.DROP if name == "legacyDrawing" else _sheet(name, attributes)


def _nothing_hidden(parts: Mapping[str, bytes], name: str, kind: str) -> None:
    hidden: list[str] = []

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "sheet" and attributes.get("state", "visible") != "visible":
            hidden.append(attributes.get("name", "?"))
        if element == "sld" and attributes.get("show") in ("0", "false"):
            hidden.append("?")

    if kind == "xlsx":
        walk(parts["xl/workbook.xml"], start, _nothing, _nothing)
        _no_source_elsewhere(parts, name)
    if kind == "pptx":
        for part in sorted(parts):
            if re.fullmatch(r"ppt/slides/[^/]*\.xml", part):
                walk(parts[part], start, _nothing, _nothing)
    if hidden:
        what = say("hidden sheets: {sheets}", sheets=", ".join(hidden)) if kind == "xlsx" else say("hidden slides")
        raise SchoolpubError(
            say("{name} has {what}. Whoever opens the file can show them.", name=name, what=what),
            fix=say("delete them, or show them if they may be published, and attach the file again"),
        )


def _no_source_elsewhere(parts: Mapping[str, bytes], name: str) -> None:
    """Refuse a pivot table over rows that are on no sheet: they lie in the file all the same, every one."""
    sheets: set[str] = set()
    sources: list[str] = []

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "sheet":
            sheets.add(attributes.get("name", ""))
        if element == "cacheSource" and attributes.get("type") != "worksheet":
            sources.append("?")
        if element == "worksheetSource" and "name" not in attributes:
            sources.append(attributes.get("sheet", "?"))

    for part in ("xl/workbook.xml", *(p for p in sorted(parts) if _PIVOT.fullmatch(p))):
        walk(parts[part], start, _nothing, _nothing)
    if not sheets.issuperset(sources):
        raise SchoolpubError(
            say("{name} has a pivot table whose rows are on no sheet. Whoever opens the file can show them.",
                name=name),
            fix=say("copy the table, insert it as values into a new workbook and attach that"),
        )  # fmt: skip


def _nothing(_: str) -> None:
    """Pass over what is told."""


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _targets(parts: Mapping[str, bytes], relations: str) -> list[str]:
    """Return the parts to which *relations* leads."""
    found: list[str] = []

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            found.append(_target(relations, attributes.get("Target", "")))

    walk(parts[relations], start, _nothing, _nothing)
    return found


def _target(relations: str, target: str) -> str:
    match = _RELATIONS.fullmatch(relations)
    folder = match["folder"] if match else ""
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _drawings_of_comments(parts: Mapping[str, bytes]) -> set[str]:
    """Return the old drawings that frame comments: they hold the comments' boxes."""
    found: set[str] = set()
    for part in parts:
        if part.startswith("xl/") and _RELATIONS.fullmatch(part):
            targets = _targets(parts, part)
            if any(_COMMENTS.fullmatch(target) for target in targets):
                found |= {target for target in targets if target.lower().endswith(".vml")}
    return found & set(parts)


def _without_links(part: str, held: bytes, gone: set[str]) -> bytes:
    def judge(element: str, attributes: Mapping[str, str]) -> Verdict:
        if element == "Override" and attributes.get("PartName", "").lstrip("/") in gone:
            return Verdict.DROP
        inside = element == "Relationship" and attributes.get("TargetMode") != "External"
        if inside and _target(part, attributes.get("Target", "")) in gone:
            return Verdict.DROP
        return Verdict.KEEP

    return filtered(held, judge)
