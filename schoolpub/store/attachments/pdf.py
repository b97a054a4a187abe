"""PDF files: written anew without the writer's name, older states, hidden files, scripts and reviewers' notes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from schoolpub.errors import SchoolpubError, say
from schoolpub.store.attachments.cleaned import Cleaned, broken

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader, PdfWriter

_OF_THE_MAKER = ("/CIDSystemInfo", "/FontName", "/FontFamily", "/CharSet", "/Lang", "/DA", "/DS", "/ID", "/M")
"""Keys whose texts are for programs."""

_HIDDEN = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AF")
"""Keys of any object that speak of its making and not of its looks."""

_OF_ROOT = ("/OpenAction", "/AA", "/Collection", "/Perms", "/Threads")
_NOTES = ("/Text", "/Popup", "/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/Redact")
_OF_NOTE = ("/T", "/NM", "/M", "/CreationDate", "/RC", "/Subj", "/AA")
_ROUNDS = 5


def clean(data: bytes, name: str) -> Cleaned:
    """Return the PDF *data* as it may be published; the pages look as before."""
    files = False
    for _ in range(_ROUNDS):
        reader = _reader(data, name)
        try:
            before, (data, hidden) = data, _written(reader)
        except Exception as error:  # pypdf raises whatever a damaged file leads it to
            raise broken(name, say("the PDF is damaged")) from error
        files = files or hidden
        if data == before:  # what the first writing left without an owner is gone with the next
            break
    notes = (say("files hidden in the PDF were removed"),) if files else ()
    return Cleaned(data=data, name=name, notes=notes)


def text(data: bytes, name: str) -> tuple[str, bool]:
    """Return all text of the PDF, and whether every page has some: a scan has none."""
    reader = _reader(data, name)
    try:
        pages = [page.extract_text() for page in reader.pages]
        told = [*pages, *(said for page in reader.pages for said in _drawn(page)), *_strings(reader.root_object)]
    except Exception as error:
        raise broken(name, say("the PDF is damaged")) from error
    return "\n".join(told), all(page.strip() for page in pages)


def _strings(top: Any) -> Iterator[str]:
    """Yield every text below *top* that is not on a page: forms, bookmarks, words for pictures, layers."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, TextStringObject

    seen: set[int] = set()
    below = [top]
    while below:
        one = below.pop()
        if isinstance(one, IndirectObject):
            if one.idnum not in seen:
                seen.add(one.idnum)
                below.append(one.get_object())
        elif isinstance(one, DictionaryObject):
            below += [value for key, value in one.items() if key not in _OF_THE_MAKER]
        elif isinstance(one, ArrayObject):
            below += one
        elif isinstance(one, TextStringObject) and one.strip():
            yield str(one)


def _drawn(page: PageObject) -> Iterator[str]:
    """Yield what notes and fields on *page* show as they are drawn."""
    from pypdf.generic import StreamObject

    for entry in page.get("/Annots") or ():
        looks = (entry.get_object().get("/AP") or {}).get("/N")
        looks = looks.get_object() if looks is not None else None
        for look in [looks] if isinstance(looks, StreamObject) else (looks or {}).values():
            shown = look.get_object()
            if isinstance(shown, StreamObject):
                yield page.extract_xform_text(shown)  # type: ignore[arg-type]


def _reader(data: bytes, name: str) -> PdfReader:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns about files that it can read all the same
    try:
        reader = PdfReader(BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")  # what only forbids copying opens without a password
        if not locked:
            len(reader.pages)
    except Exception as error:
        raise broken(name, say("the PDF is damaged")) from error
    if locked:
        raise SchoolpubError(
            say("{name} is locked with a password.", name=name),
            fix=say("open it with the password, print it as a new PDF (“Save as PDF”) and attach that"),
        )
    return reader


def _written(reader: PdfReader) -> tuple[bytes, bool]:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=reader)
    files = _empty(writer)
    writer.metadata = None
    writer._ID = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue(), files


def _empty(writer: PdfWriter) -> bool:
    """Take out of *writer* what may not be published; return whether there were files in it."""
    from pypdf.generic import DictionaryObject, StreamObject

    root = writer.root_object
    for key in _OF_ROOT:
        root.pop(key, None)
    form = root.get("/AcroForm")
    if form is not None:
        form.get_object().pop("/XFA", None)  # the same form once more, where nobody looks
    names = root.get("/Names")
    names = names.get_object() if names is not None else DictionaryObject()
    files = "/EmbeddedFiles" in names or "/AF" in root
    for key in ("/EmbeddedFiles", "/JavaScript"):
        names.pop(key, None)
    for entry in writer._objects:
        if isinstance(entry, DictionaryObject):
            for key in _HIDDEN:
                entry.pop(key, None)
            if entry.get("/S") in ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm"):
                entry.clear()
        if isinstance(entry, StreamObject):
            _empty_photo(entry)
    for page in writer.pages:
        files = _without_notes(page) or files
    return files


def _empty_photo(entry: Any) -> None:
    """Take the camera's notes out of a photo that lies in the PDF as it was taken."""
    from schoolpub.store.attachments import images

    kind = entry.get("/Filter")
    kinds = kind if isinstance(kind, list) else [kind]
    if entry.get("/Subtype") == "/Image" and kinds == ["/DCTDecode"]:
        stripped = images.strip(entry._data, "JPEG")
        if stripped is not None:
            entry._data = stripped


def _without_notes(page: Any) -> bool:
    from pypdf.generic import ArrayObject, NameObject

    page.pop("/AA", None)
    annotations = page.get("/Annots")
    if annotations is None:
        return False
    kept, files = ArrayObject(), False
    for entry in annotations.get_object():
        note = entry.get_object()
        kind = note.get("/Subtype") if hasattr(note, "get") else None
        files = files or kind == "/FileAttachment"
        if kind is None or kind in _NOTES:
            continue
        if kind != "/Widget":  # of a form's field /T is the name
            for key in _OF_NOTE:
                note.pop(key, None)
        note.pop("/Popup", None)
        kept.append(entry)
    if kept:
        page[NameObject("/Annots")] = kept
    else:
        page.pop("/Annots", None)
    return files
