"""The zip package that an xlsx or ods file is: opened within bounds, its XML told event by event."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from schoolpub.errors import say
from schoolpub.store.attachments.xml_filter import NotPlain, walk
from schoolpub.store.spreadsheets.bounds import MAX_UNPACKED, locked, refused, too_large

_MOST_PARTS = 5_000
_MOST_SHRUNK = 200
"""A part that unpacks to more than so many times its packed size is no writing of an office program…"""
_HARMLESS = 8 * 1024 * 1024
"""…unless it is small all the same."""
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Characters = Callable[[str], None]


class Package:
    """An opened package; raises `SchoolpubError` for one that is damaged, locked or a bomb."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        except _DAMAGE:
            raise refused(name, say("the file is damaged")) from None
        if len(self._entries) > _MOST_PARTS:
            raise too_large(name)
        if any(entry.flag_bits & 1 for entry in self._entries.values()):
            raise locked(name)
        self._left = MAX_UNPACKED

    def __contains__(self, part: str) -> bool:
        """Whether the package holds *part*."""
        return part in self._entries

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of all parts."""
        return tuple(self._entries)

    def read(self, part: str) -> bytes:
        """Return the bytes of *part*, at most those that it declares; nothing when it does not exist."""
        entry = self._entries.get(part)
        if entry is None:
            return b""
        shrunk = entry.file_size > _MOST_SHRUNK * max(entry.compress_size, 1)
        if entry.file_size > self._left or (shrunk and entry.file_size > _HARMLESS):
            raise too_large(self.name)
        self._left -= entry.file_size
        try:
            return self._zip.read(entry)
        except _DAMAGE:
            raise refused(self.name, say("the file is damaged")) from None

    def walk(self, part: str, start: Start, end: End, characters: Characters) -> None:
        """Tell what *part* holds; names come without prefix."""
        data = self.read(part)
        if not data:
            return
        try:
            walk(data, start, end, characters)
        except NotPlain:
            raise refused(self.name, say("the file is damaged")) from None
