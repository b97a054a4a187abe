"""Photos: turned upright, at most 2,000 pixels, and without the camera's notes.

What needs no new pixels is not encoded again: only the parts of the file that speak of something else are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from schoolpub.errors import SchoolpubError, Text, say
from schoolpub.store.attachments.cleaned import Cleaned, broken

LONGEST = 2000
_MOST_PIXELS = 120_000_000
_ORIENTATION = 0x0112
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "JPEG": {"quality": 88, "optimize": True, "subsampling": "4:2:0"},
    "PNG": {"optimize": False, "compress_level": 9},
    "WEBP": {"quality": 88, "method": 4},
}


def clean(data: bytes, name: str, kind: str) -> Cleaned:
    """Return the photo *data*, of the *kind* that its name promises, as it may be published."""
    from PIL import Image, ImageOps

    notes: list[Text] = []
    try:
        with Image.open(BytesIO(data)) as image:
            if image.format != kind and not (kind == "JPEG" and image.format == "MPO"):
                raise _misnamed(name, str(image.format))
            if image.width * image.height > _MOST_PIXELS:
                raise SchoolpubError(
                    say("{name} has too many pixels.", name=name), fix=say("make the picture smaller and attach that")
                )
            frames = getattr(image, "n_frames", 1)
            turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
            large = max(image.size) > LONGEST
            image.load()
            if turned or large or (frames > 1 and kind != "JPEG"):
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
                data = _encoded(upright, kind)
                notes += [say("the photo was turned upright")] if turned else []
                notes += [say("the photo was made smaller, to {pixels} pixels", pixels=LONGEST)] if large else []
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise broken(name, say("the picture is damaged")) from None
    stripped = strip(data, kind)
    if stripped is None:
        raise broken(name, say("the picture is damaged"))
    if stripped != data:
        notes.append(say("notes of the camera or the program were removed from the photo"))
    return Cleaned(data=stripped, name=name, notes=tuple(notes))


def strip(data: bytes, kind: str) -> bytes | None:
    """Return the picture with its pixels and nothing else; None when its parts cannot be told apart."""
    try:
        return _STRIPPERS[kind](data)
    except (IndexError, ValueError):
        return None


def _encoded(image: Any, kind: str) -> bytes:
    transparency = image.info.get("transparency")
    image.info = {} if transparency is None else {"transparency": transparency}
    if kind == "JPEG" and image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    out = BytesIO()
    image.save(out, kind, **_OPTIONS[kind])
    return out.getvalue()


def _misnamed(name: str, real: str) -> SchoolpubError:
    return SchoolpubError(
        say("{name} is in truth a picture of the kind {real}.", name=name, real=real),
        fix=say("give it the ending that belongs to it, or save it anew"),
    )


def _jpeg(data: bytes) -> bytes:
    """Keep the segments that a decoder needs, up to the first end of image."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    out, place = bytearray(data[:2]), 2
    while True:
        if data[place] != 0xFF:
            raise ValueError("no marker")
        marker = data[place + 1]
        if marker == 0xFF:  # filling
            place += 1
            continue
        if marker == 0xD9:
            return bytes(out + data[place : place + 2])
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if end > len(data) or end < place + 4:
            raise ValueError("cut off")
        segment = data[place:end]
        if marker == 0xDA:
            end = _scan_end(data, end)
            segment = data[place:end]
        # APP0 without a small picture, and Adobe's note on the colours, belong to the pixels.
        plain_app0 = marker == 0xE0 and segment[4:9] == b"JFIF\0" and len(segment) == 18
        if (not 0xE0 <= marker <= 0xEF and marker != 0xFE) or plain_app0 or segment[4:9] == b"Adobe":
            out += segment
        place = end


def _scan_end(data: bytes, place: int) -> int:
    while True:
        place = data.index(b"\xff", place)
        if data[place + 1] == 0 or 0xD0 <= data[place + 1] <= 0xD7:
            place += 2
        elif data[place + 1] == 0xFF:
            place += 1
        else:
            return place


def _png(data: bytes) -> bytes:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG")
    out, place = bytearray(data[:8]), 8
    while True:
        end = place + 12 + int.from_bytes(data[place : place + 4])
        name = data[place + 4 : place + 8]
        if end > len(data):
            raise ValueError("cut off")
        if name in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB"):
            out += data[place:end]
        if name == b"IEND":
            return bytes(out)
        place = end


def _webp(data: bytes) -> bytes:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("no WebP")
    chunks, place, last = bytearray(), 12, 8 + int.from_bytes(data[4:8], "little")
    while place < last:
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        end = place + 8 + size + size % 2
        if end > len(data):
            raise ValueError("cut off")
        name, chunk = data[place : place + 4], bytearray(data[place:end])
        if name == b"VP8X":
            chunk[8] &= 0x10  # only the flag for transparency stays
        if name in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH"):
            chunks += chunk
        place = end
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + bytes(chunks)


_STRIPPERS: Mapping[str, Callable[[bytes], bytes]] = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}
