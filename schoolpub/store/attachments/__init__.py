"""Files that go with a record, cleaned when they are attached.

What is digested, approved and published is the same file: without the camera's place, the writer's name, tracked
changes or comments.  Cleaning what is clean gives the same bytes.
Evidence stays inside the school, and may be a saved page too.
"""

from __future__ import annotations

from dataclasses import dataclass

from schoolpub.errors import SchoolpubError, say
from schoolpub.store.attachments import names
from schoolpub.store.attachments.cleaned import Cleaned, broken

__all__ = ("ALLOWED", "MAX_BYTES", "Cleaned", "Reading", "clean", "clean_evidence", "reading", "text_of")

MAX_BYTES = 20 * 1024 * 1024

_IMAGES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
_OFFICE = ("docx", "xlsx", "pptx")
_TEXTS = ("csv", "txt")
_PAGES = ("html", "htm", "mhtml", "mht")
ALLOWED = (*_IMAGES, "pdf", *_OFFICE, *_TEXTS)
"""Endings of the files that may be attached."""

_INSTEAD = {
    **dict.fromkeys(("doc", "wps", "rtf", "odt", "docm", "dotx"), "docx"),
    **dict.fromkeys(("xls", "et", "ods", "xlsm", "xlsb"), "xlsx"),
    **dict.fromkeys(("ppt", "dps", "odp", "pptm", "ppsx"), "pptx"),
    **dict.fromkeys(("heic", "heif", "bmp", "tif", "tiff", "gif", "avif"), "jpg"),
    **dict.fromkeys(("ofd", *_PAGES, "caj"), "pdf"),
}


def clean(data: bytes, name: str) -> Cleaned:
    """Return the file *name* without what it tells unasked; raise `SchoolpubError` for one that may not be attached."""
    name = _measured(data, name)
    ending = _ending(name)
    if ending in _IMAGES:
        from schoolpub.store.attachments import images

        return images.clean(data, name, _IMAGES[ending])
    if ending == "pdf":
        from schoolpub.store.attachments import pdf

        return pdf.clean(data, name)
    if ending in _OFFICE:
        from schoolpub.store.attachments import office

        return office.clean(data, name)
    if ending in _TEXTS:
        if decoded(data) is None:
            raise broken(name, say("it is no text in UTF-8 or GB18030"))
        return Cleaned(data=data, name=name)
    raise _refused(name, ending)


def clean_evidence(data: bytes, name: str) -> Cleaned:
    """Return the file *name* as `clean` does, or a saved page: evidence is never published."""
    if _ending(name) not in _PAGES:
        return clean(data, name)
    from schoolpub.store.attachments import web

    return web.clean(data, _measured(data, name))


def _measured(data: bytes, name: str) -> str:
    """Return *name* as it may stand; raise `SchoolpubError` for a file that is empty or too large."""
    name = names.clean(name)
    if len(data) > MAX_BYTES:
        raise SchoolpubError(
            say("{name} has {size} MB; at most 20 MB can be attached.", name=name, size=-(-len(data) // (1024 * 1024))),
            fix=say("make the pictures in it smaller, or divide it"),
        )
    if not data:
        raise SchoolpubError(say("{name} is empty.", name=name), fix=say("choose the right file"))
    return name


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file, and whether it is all that a person sees there."""

    text: str
    whole: bool
    """False for photos, scans and whatever cannot be read: a person must look at it."""


def reading(data: bytes, name: str) -> Reading:
    """Return what can be read in a file, for the look-out for personal data."""
    ending = _ending(name)
    try:
        if ending == "pdf":
            from schoolpub.store.attachments import pdf

            return Reading(*pdf.text(data, name))
        if ending in _OFFICE:
            from schoolpub.store.attachments import office_text

            return Reading(*office_text.text(data, name))
        if ending in _PAGES:
            from schoolpub.store.attachments import web

            return Reading(web.text(data, name) or "", whole=True)
    except SchoolpubError:
        return Reading("", whole=False)
    words = decoded(data) if ending in _TEXTS else None
    return Reading(words or "", words is not None)


def text_of(data: bytes, name: str) -> str | None:
    """Return the text of a file; None when there is none to read."""
    found = reading(data, name)
    return found.text if found.text.strip() or found.whole else None


def decoded(data: bytes) -> str | None:
    """Return *data* as text, in UTF-8 or as Excel in China saves it; None when it is neither."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):  # what Excel calls Unicode text
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    if b"\0" in data:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _refused(name: str, ending: str) -> SchoolpubError:
    allowed = ", ".join(ALLOWED)
    if instead := _INSTEAD.get(ending):
        fix = say("save it as {instead} and attach that", instead=instead)
    else:
        fix = say("attach one of these kinds: {allowed}", allowed=allowed)
    why = say("Files of this kind cannot be attached: {name}. Allowed are {allowed}.", name=name, allowed=allowed)
    return SchoolpubError(why, fix=fix)
