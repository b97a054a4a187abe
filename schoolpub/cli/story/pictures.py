"""Small photos as evidence, drawn pixel by pixel: a board with sheets on it, a form with signatures, a receipt."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256

_WIDTH, _HEIGHT = 320, 200
_Colour = tuple[int, int, int]
_WALLS: tuple[_Colour, ...] = ((214, 206, 190), (196, 205, 212), (208, 214, 200))
_FRAME: _Colour = (96, 72, 52)
_FELT: _Colour = (52, 96, 84)
_PAPER: _Colour = (250, 250, 246)
_INK: _Colour = (90, 90, 96)
_SEAL: _Colour = (196, 36, 36)


def board(seed: str, sheets: int) -> bytes:
    """Return a photo of a board with *sheets* sheets; another *seed* gives another light and other lines."""
    picture = _Picture(_WALLS[_chance(seed, 0) % len(_WALLS)])
    picture.fill(14, 16, 292, 160, _FRAME)
    picture.fill(20, 22, 280, 148, _FELT)
    for number in range(min(sheets, 10)):
        left, top = 28 + number % 5 * 54, 30 + number // 5 * 70
        picture.sheet(left, top, 44, 60, seed, number)
    return picture.png()


def paper(seed: str) -> bytes:
    """Return a scan of a paper form with a red seal."""
    picture = _Picture((232, 232, 228))
    picture.sheet(80, 6, 160, 188, seed, 0)
    for row in range(5):
        picture.fill(92, 70 + row * 20, 136, 1, _INK)
    for size in range(9):
        picture.fill(196 - size, 150 + size, 2 * size + 1, 1, _SEAL)
        picture.fill(196 - size, 168 - size, 2 * size + 1, 1, _SEAL)
    return picture.png()


class _Picture:
    def __init__(self, wall: _Colour) -> None:
        self._rows = [bytearray(bytes(wall) * _WIDTH) for _ in range(_HEIGHT)]

    def fill(self, left: int, top: int, width: int, height: int, colour: _Colour) -> None:
        for row in self._rows[top : top + height]:
            row[left * 3 : (left + width) * 3] = bytes(colour) * width

    def sheet(self, left: int, top: int, width: int, height: int, seed: str, number: int) -> None:
        self.fill(left, top, width, height, _PAPER)
        self.fill(left + width // 4, top + 5, width // 2, 3, _INK)
        for line in range((height - 16) // 6):
            length = width // 2 + _chance(seed, number * 40 + line) % (width // 2 - 8)
            self.fill(left + 4, top + 14 + line * 6, length, 1, _INK)

    def png(self) -> bytes:
        head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
        pixels = zlib.compress(b"".join(b"\0" + row for row in self._rows), 9)
        chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _chance(seed: str, number: int) -> int:
    """Return a number that looks like chance and is always the same."""
    return sha256(f"{seed}/{number}".encode()).digest()[0]
