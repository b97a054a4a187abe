"""Office documents as the zip packages they are: opened within bounds, written with nothing of the machine in them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from schoolpub.errors import SchoolpubError, say
from schoolpub.store.attachments.cleaned import broken

_MOST_PARTS = 5000
_MOST_BYTES = 200 * 1024 * 1024
_OLD = b"\xd0\xcf\x11\xe0"
"""The beginning of an old document, and of a new one with a password."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_FIRST = "[Content_Types].xml"
_DATE = (1980, 1, 1, 0, 0, 0)


def parts_of(data: bytes, name: str) -> dict[str, bytes]:
    """Return the parts of a package; raise `SchoolpubError` when it is none, locked, or far larger than it looks."""
    if data.startswith(_OLD):
        raise _locked(name) if _ENCRYPTED in data else _old(name)
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            if len(entries) > _MOST_PARTS or sum(entry.file_size for entry in entries) > _MOST_BYTES:
                raise _bomb(name)
            if any(entry.flag_bits & 1 for entry in entries):
                raise _locked(name)
            parts = _read(package, entries, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise broken(name, say("it is no document of this kind")) from None
    if _FIRST not in parts:
        raise broken(name, say("it is no document of this kind"))
    return parts


def _read(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> dict[str, bytes]:
    """Return what *entries* hold; how much that is shows while it is read, whatever they declare."""
    parts: dict[str, bytes] = {}
    left = _MOST_BYTES
    for entry in entries:
        with package.open(entry) as part:
            held = part.read(left + 1)
        left -= len(held)
        if left < 0:
            raise _bomb(name)
        parts[entry.filename] = held
    return parts


def _bomb(name: str) -> SchoolpubError:
    return SchoolpubError(
        say("{name} unpacks to far more than a document needs.", name=name),
        fix=say("open it, save it anew and attach that"),
    )


def _locked(name: str) -> SchoolpubError:
    return SchoolpubError(
        say("{name} is locked with a password.", name=name),
        fix=say("open it with the password, empty it under File › Info › Encrypt with Password, save, and attach that"),
    )


def _old(name: str) -> SchoolpubError:
    return SchoolpubError(
        say("{name} is a document in an old format, whatever it is called.", name=name),
        fix=say("open it, save it as docx, xlsx or pptx, and attach that"),
    )


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return *parts* as a package, the same bytes for the same parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            package.writestr(entry, parts[name])
    return out.getvalue()
