"""Plain values → PDF/A-2a sheets: the only place that knows Typst.

The values come from `views`, the layout from `templates/print/*.typ`.  The text of a record reaches the template as
JSON, so that nothing a clerk writes is ever read as markup.  The same value and time give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from schoolpub.errors import SchoolpubError, say
from schoolpub.notices import apart
from schoolpub.notices import fonts as font_lists
from schoolpub.notices.mistakes import explain
from schoolpub.notices.sources import read_sources

PAPERS: Mapping[str, tuple[float, float, str]] = {
    "A4": (22.0, 12.0, "A3"),
    "A3": (31.0, 14.0, "A2"),
    "A2": (44.0, 18.0, ""),
}
"""Paper → the largest and smallest type of a poster's text in points, and the next larger paper.

The smallest grows slower than the paper, so that a larger sheet holds more; all can be read from two steps away.
"""

_STEP = 0.94
"""From one size of type to the next smaller one."""


class Printer:
    """Prints sheets; keep one for many sheets, it holds the fonts and the compiled templates.

    *templates* are folders of `.typ` files, the school's own before the program's.
    """

    def __init__(self, templates: Sequence[Path], fonts: str = font_lists.PACKAGED) -> None:
        import typst

        system = fonts == font_lists.SYSTEM
        folders = [str(folder) for folder in font_lists.packaged_folders()]
        loaded = typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=folders)
        self._sources = read_sources(templates)
        self._families = font_lists.choose(loaded.families())
        # Typst reads below its root, which would else be the working directory: here lie templates and nothing more.
        root = next(folder for folder in reversed(templates) if folder.is_dir())
        self._compiler = typst.Compiler(font_paths=loaded, root=str(root))
        self._apart: dict[str, Any] = {"root": str(root), "fonts": tuple(folders), "system_fonts": system}
        self._own = len([folder for folder in templates if folder.is_dir()]) > 1

    def notice(self, value: Mapping[str, Any], timestamp: datetime) -> bytes:
        """Return the notice (公告) on A4 in the geometry of GB/T 9704."""
        return self._sheet("notice", value, timestamp)

    def register(self, value: Mapping[str, Any], timestamp: datetime) -> bytes:
        """Return the registration form (校务公开登记表), exactly one A4 page."""
        for size, room in ((10.5, 1.0), (10.0, 0.85), (9.5, 0.75), (9.0, 0.65), (8.5, 0.55), (8.0, 0.5)):
            sheet = self._sheet("register", {**value, "size": size, "room": room}, timestamp)
            if pages(sheet) == 1:
                return sheet
        raise SchoolpubError(
            say("The registration form of {record} does not fit on one page.", record=value.get("id", "")),
            fix=say("Shorten the title and the summary of the record."),
        )

    def opinions(self, value: Mapping[str, Any], timestamp: datetime) -> bytes:
        """Return the form for opinions (意见征集表), one A4 page with a receipt to tear off."""
        return self._sheet("opinions", value, timestamp)

    def slip(self, value: Mapping[str, Any], timestamp: datetime) -> bytes:
        """Return the receipt of something that somebody brought up (收件回执), on A5."""
        return self._sheet("slip", value, timestamp)

    def ledger(self, value: Mapping[str, Any], timestamp: datetime) -> bytes:
        """Return a ledger (台账) on A4 across, over as many pages as it needs."""
        return self._sheet("ledger", value, timestamp)

    def handover(self, value: Mapping[str, Any], timestamp: datetime) -> bytes:
        """Return the list of a handover (移交清单) on A4, for both to sign."""
        return self._sheet("handover", value, timestamp)

    def listing(self, value: Mapping[str, Any], timestamp: datetime) -> bytes:
        """Return a list (公开登记簿, 归档文件目录) on landscape A4."""
        return self._sheet("listing", value, timestamp)

    def poster(self, value: Mapping[str, Any], paper: str, timestamp: datetime) -> bytes:
        """Return the poster on one sheet of *paper* (A4, A3, A2), in the largest type that fits."""
        if paper not in PAPERS:
            raise SchoolpubError(
                say("“{paper}” is no paper size for a poster.", paper=paper),
                fix=say("Use one of {papers}.", papers="、".join(PAPERS)),
            )
        largest, smallest, larger = PAPERS[paper]
        sizes = _sizes(largest, smallest)
        fitting = b""
        low, high = 0, len(sizes)
        while low < high:
            # The first try is the largest type: a short poster needs no second one.
            middle = 0 if high == len(sizes) and not low else (low + high) // 2
            sheet = self._sheet("poster", {**value, "paper": paper.lower(), "size": sizes[middle]}, timestamp)
            if pages(sheet) == 1:
                fitting, high = sheet, middle
            else:
                low = middle + 1
        if fitting:
            return fitting
        raise SchoolpubError(
            say(
                "{record} does not fit on one {paper} poster in type that can be read.",
                record=value.get("id", ""),
                paper=paper,
            ),
            fix=say("Print it on {paper}, or print the notice instead.", paper=larger)
            if larger
            else say("Print the notice instead (--form notice), and put long tables into an attachment."),
        )

    def _sheet(self, template: str, value: Mapping[str, Any], timestamp: datetime) -> bytes:
        import typst

        if f"{template}.typ" not in self._sources:
            raise SchoolpubError(say("The print template {file} is missing.", file=f"{template}.typ"))
        data = json.dumps({**value, "fonts": self._families}, ensure_ascii=False, sort_keys=True)
        # The compiler takes a mapping of files too; its type stub does not say so.
        files: Any = {**self._sources, "main.typ": f'#include "{template}.typ"\n'.encode()}
        if self._own:
            return self._made_apart(apart.Sheet(files=files, data=data, timestamp=timestamp, **self._apart), value)
        try:
            sheet = self._compiler.compile(
                files,
                format="pdf",
                sys_inputs={"data": data},
                timestamp=timestamp,
                # PDF/A is also the guard that a character without a glyph is an error and not an empty box.
                pdf_standards="a-2a",
            )
        except typst.TypstError as error:
            raise explain(error.message, error.diagnostic, value) from None
        if not isinstance(sheet, bytes):
            raise TypeError(f"a PDF is one piece of bytes, not {type(sheet).__name__}")
        return sheet

    def _made_apart(self, sheet: apart.Sheet, value: Mapping[str, Any]) -> bytes:
        made = apart.compiled(sheet)
        if isinstance(made, apart.Mistake):
            raise explain(made.message, made.diagnostic, value)
        return made


def _sizes(largest: float, smallest: float) -> list[float]:
    """Return the sizes of type to try, the largest first."""
    sizes = [largest]
    while sizes[-1] * _STEP > smallest:
        sizes.append(round(sizes[-1] * _STEP, 2))
    return [*sizes, smallest]


def pages(sheet: bytes) -> int:
    """Return how many pages the PDF *sheet* has."""
    from pypdf import PdfReader

    return len(PdfReader(BytesIO(sheet)).pages)
