"""The rows of a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from schoolpub.rules.sheets.rows import Row

_COMPUTED = ("=", "+", "-", "@", "\t", "\r", "'")


def divide(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows of *text*; raise csv.Error when it cannot be divided."""
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="\n"), delimiter=delimiter)
    line = 1
    for cells in reader:
        yield Row(line, tuple(unguarded(cell).strip() for cell in cells))
        line = reader.line_num + 1


def table_text(rows: Iterable[Sequence[str]]) -> bytes:
    """Return *rows* as a CSV file that Excel reads as UTF-8, with nothing in it that it would compute."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def guarded(cell: str) -> str:
    """Return *cell* with an apostrophe before what a spreadsheet program would compute."""
    return f"'{cell}" if cell.startswith(_COMPUTED) and not _is_number(cell) else cell


def unguarded(cell: str) -> str:
    """Return *cell* without that apostrophe."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_COMPUTED) else cell


def _is_number(cell: str) -> bool:
    bare = cell.removeprefix("-").removesuffix("%").replace(",", "", 5)
    return cell.startswith("-") and bare.replace(".", "", 1).isdecimal() and bare.isascii()
