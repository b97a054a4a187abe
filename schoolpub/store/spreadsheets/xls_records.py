"""What python-calamine does not tell of an `.xls`: number formats, formulas, hidden rows and columns, and its extent.

The file is a small file system (compound file) whose stream `Workbook` is a row of records.  Only the fixed parts of
a few kinds of records are looked at; whatever does not fit is left out, and the values come from python-calamine.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from schoolpub.store.spreadsheets import number_formats

_END = 0xFFFFFFF0
_MOST_SECTORS = 200_000
_GENERAL = number_formats.GENERAL


@dataclass(slots=True)
class SheetRecords:
    """What the records of one sheet tell; rows and columns from 1."""

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)
    """Cell → whether its result is a text that is empty."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    height: int = 0
    width: int = 0


def records_of(data: bytes) -> list[SheetRecords]:
    """Return what the sheets of the file *data* tell, in their order; nothing where it cannot be made out."""
    try:
        stream = _stream(data)
        return _sheets(stream) if stream else []
    except (struct.error, IndexError, ValueError):
        return []


def _stream(data: bytes) -> bytes:
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        return b""
    fat_count, first_folder = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 48)[0]
    cutoff, first_mini = struct.unpack_from("<2I", data, 56)
    listed = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < _END]
    more, count = struct.unpack_from("<2I", data, 68)
    while more < _END and count and len(listed) < fat_count:
        entries = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        listed += [sector for sector in entries[:-1] if sector < _END]
        more, count = entries[-1], count - 1
    fat: list[int] = []
    for sector in listed[:fat_count]:
        fat += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)

    def chain(first: int, table: list[int]) -> Iterator[int]:
        taken = 0
        while first < _END and first < len(table) and taken < _MOST_SECTORS:
            yield first
            first, taken = table[first], taken + 1

    def whole(first: int) -> bytes:
        return b"".join(data[(sector + 1) * size : (sector + 2) * size] for sector in chain(first, fat))

    folder = whole(first_folder)
    root = b""
    for offset in range(0, len(folder) - 127, 128):
        length = struct.unpack_from("<H", folder, offset + 64)[0]
        name = folder[offset : offset + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, total = struct.unpack_from("<2I", folder, offset + 116)
        if folder[offset + 66] == 5:
            root = whole(start)
        elif name in ("Workbook", "Book"):
            if total >= cutoff:
                return whole(start)[:total]
            mini = list(struct.unpack(f"<{len(whole(first_mini)) // 4}I", whole(first_mini)))
            return b"".join(root[s * 64 : s * 64 + 64] for s in chain(start, mini))[:total]
    return b""


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, offset)
        yield kind, stream[offset + 4 : offset + 4 + length]
        if kind == 0x0A:
            return
        offset += 4 + length


def _sheets(stream: bytes) -> list[SheetRecords]:
    own: dict[int, str] = {}
    used: list[int] = []
    offsets: list[int] = []
    for kind, held in _records(stream, 0):
        if kind == 0x85 and held[5] == 0:
            offsets.append(struct.unpack_from("<I", held)[0])
        elif kind == 0x41E:
            number, length, wide = struct.unpack_from("<HHB", held)
            code = held[5 : 5 + length * (2 if wide & 1 else 1)]
            own[number] = code.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
        elif kind == 0xE0:
            used.append(struct.unpack_from("<H", held, 2)[0])
    formats = [own.get(number) or number_formats.builtin(number) for number in used]
    sheets = [_sheet(stream, offset, formats) for offset in offsets]
    if all(empty for sheet in sheets for empty in sheet.formulas.values()):
        # Programs that cannot compute write every result as an empty text.
        for sheet in sheets:
            sheet.formulas = dict.fromkeys(sheet.formulas, False)
    return sheets


def _sheet(stream: bytes, offset: int, formats: list[str]) -> SheetRecords:
    found = SheetRecords()

    def cell(row: int, column: int, style: int) -> None:
        found.height, found.width = max(found.height, row + 1), max(found.width, column + 1)
        found.formats[row + 1, column + 1] = formats[style] if style < len(formats) else _GENERAL

    for kind, held in _records(stream, offset):
        if kind == 0x208 and len(held) >= 16:
            row, options = struct.unpack_from("<H", held)[0], struct.unpack_from("<I", held, 12)[0]
            if options & 0x20:
                found.hidden_rows.add(row + 1)
        elif kind == 0x7D and len(held) >= 10:
            first, last, _width, _style, options = struct.unpack_from("<5H", held)
            if options & 1:
                found.hidden_columns.update(range(first + 1, min(last, 255) + 2))
        elif kind in (0x203, 0x27E, 0x06, 0xFD, 0x204, 0x205) and len(held) >= 6:
            row, column, style = struct.unpack_from("<3H", held)
            cell(row, column, style)
            if kind == 0x06 and len(held) >= 14:
                found.formulas[row + 1, column + 1] = held[12:14] == b"\xff\xff" and held[6] == 3
        elif kind == 0xBD and len(held) >= 6:
            row, first = struct.unpack_from("<2H", held)
            for number in range((len(held) - 6) // 6):
                cell(row, first + number, struct.unpack_from("<H", held, 4 + 6 * number)[0])
    return found
