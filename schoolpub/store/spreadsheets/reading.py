"""Any spreadsheet that a school may have, as a `Book`: xlsx, xls, ods, csv, told apart by what they are, not by name.

Whatever is damaged, locked, far too large, carries macros or is no workbook is refused with the way out.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from schoolpub.errors import SchoolpubError, Text, say, system_words
from schoolpub.model.book import Book, Sheet
from schoolpub.store.csv_rows import unguarded
from schoolpub.store.spreadsheets.bounds import MAX_BYTES, Filling, refused, text_cell, too_large

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BOOK = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_DELIMITERS = (",", "\t", ";", "，")
_NOT_BOOKS: tuple[tuple[bytes, Text], ...] = (
    (b"%PDF", say("it is a PDF")),
    (b"\x89PNG", say("it is a picture")),
    (b"\xff\xd8\xff", say("it is a picture")),
    (b"Rar!", say("it is an archive")),
    (b"7z\xbc\xaf", say("it is an archive")),
    (b"MZ", say("it is a program")),
    (b"\x7fELF", say("it is a program")),
)


def read_book(path: Path) -> Book:
    """Return the spreadsheet at *path*; raise `SchoolpubError` when it cannot or may not be read."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _too_many_bytes(path.name, size)
        data = path.read_bytes()
    except OSError as error:
        raise SchoolpubError(
            say("The file {file} cannot be read ({why}).", file=str(path), why=system_words(error)),
            fix=say("check its name, and the folder you are in"),
        ) from None
    return book_of(data, path.name)


def book_of(data: bytes, name: str) -> Book:
    """Return the spreadsheet with the bytes *data*; *name* is only told, and must not lie about a workbook."""
    if len(data) > MAX_BYTES:
        raise _too_many_bytes(name, len(data))
    if not data.strip():
        raise refused(name, say("it is empty"), say("choose the right file"))
    for start, what in _NOT_BOOKS:
        if data.startswith(start):
            raise refused(name, what, say("give a workbook (.xlsx, .xls, .ods) or a CSV file"))
    if data.startswith(_OLE) or data[:2] in _OLD_BOOK:
        from schoolpub.store.spreadsheets import xls

        return xls.read(data, name)
    if data.startswith(b"PK"):
        if _first_part(data) == b"mimetype":
            from schoolpub.store.spreadsheets import ods

            return ods.read(data, name)
        from schoolpub.store.spreadsheets import xlsx

        return xlsx.read(data, name)
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style", b"<div")):
        raise refused(name, say("it is a web page that was only named like a workbook"))
    if head.startswith(b"<?xml"):
        raise refused(name, say("it is XML, as old programs save it"))
    return Book(name=name, kind="csv", sheets=(_text_sheet(data, name),))


def decoded(data: bytes) -> str | None:
    """Return the text of a CSV file in UTF-8, UTF-16 with its mark, or GB18030; None for what is no text."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _first_part(data: bytes) -> bytes:
    length = int.from_bytes(data[26:28], "little")
    return data[30 : 30 + length]


def _text_sheet(data: bytes, name: str) -> Sheet:
    text = decoded(data)
    if text is None:
        raise refused(name, say("it is neither a workbook nor text in UTF-8 or GBK"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    score = (0, 0)
    for delimiter in _DELIMITERS:
        sample = text[:100_000]
        counted = sample.count(delimiter)
        if counted and (counted, -_DELIMITERS.index(delimiter)) > score:
            score = (counted, -_DELIMITERS.index(delimiter))
    chosen = _DELIMITERS[-score[1]] if score[0] else ","
    filling = Filling(name)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline="\n"), delimiter=chosen), 1):
            for column, cell in enumerate(row, 1):
                filling.put(number, column, text_cell(unguarded(cell)))
    except csv.Error:
        raise too_large(name) from None
    return Sheet(name="", cells=filling.cells)


def _too_many_bytes(name: str, size: int) -> SchoolpubError:
    return refused(
        name,
        say("it has {size} MB; at most {most} MB are read", size=-(-size // 2**20), most=MAX_BYTES // 2**20),
        say("copy the cells that are meant into a new workbook and give that"),
    )
