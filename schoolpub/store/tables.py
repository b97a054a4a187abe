"""Spreadsheets saved as CSV, read into the fields of a draft.

What the rows mean is judged in `rules/sheets/own`; here the file becomes rows.
"""

from __future__ import annotations

import csv
from collections import Counter

from schoolpub.errors import say
from schoolpub.model.catalogue import Item
from schoolpub.rules.sheets.own import OwnReading
from schoolpub.rules.sheets.rows import Row
from schoolpub.store.csv_rows import divide
from schoolpub.store.yaml.strict_yaml import FORBIDDEN_VALUE, MAX_BYTES

_DELIMITERS = (",", "\t", ";", "，")


def read_csv(data: bytes, name: str, item: Item, table: str | None = None) -> OwnReading:
    """Return the reading of a CSV file; it knows where each value stands."""
    reading = OwnReading(item, name)
    text = _decode(reading, data)
    if text is not None:
        reading.read(_rows(reading, text), item.fields.get(table) if table else None)
    reading.problems.sort(key=lambda p: (p.line, p.column))
    return reading


def _decode(reading: OwnReading, data: bytes) -> str | None:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    if len(data) > MAX_BYTES:
        reading.wrong(
            0, 0, "table-too-large", say("The file has more than 2 MiB."), say("Attach it as a file instead.")
        )
        return None
    for encoding in () if data.startswith(b"PK") else encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    reading.wrong(
        0, 0, "table-encoding", say("The file is neither UTF-8 nor GBK text."),
        say("In Excel choose “Save as → CSV UTF-8”; a workbook itself (.xlsx) is no CSV file."),
    )  # fmt: skip
    return None


def _rows(reading: OwnReading, text: str) -> list[Row]:
    """Return the rows, divided by the delimiter that makes most sense of them."""
    best: list[Row] = []
    best_score = (-1, -1)
    for delimiter in _DELIMITERS:
        try:
            rows = list(divide(text, delimiter))
        except csv.Error:
            continue
        known = sum(reading.names_known(row) for row in rows)
        widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
        score = (known, max(widths.values(), default=0))
        if score > best_score:
            best, best_score = rows, score
    if not best and text.strip():
        reading.wrong(1, 1, "table-csv", say("The file cannot be read as CSV."), say("Save it again as CSV UTF-8."))
    for row in best:
        for column, cell in enumerate(row.cells, 1):
            if FORBIDDEN_VALUE.search(cell):
                reading.wrong(
                    row.line, column, "table-control-character", say("The cell contains a control character."),
                    say("Type its text again."),
                )  # fmt: skip
    return [Row(row.line, tuple(FORBIDDEN_VALUE.sub("", cell) for cell in row.cells)) for row in best]
