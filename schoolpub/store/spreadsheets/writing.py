"""A workbook written with openpyxl from plain pages: heads, notes, drop-downs, formats, formulas; text stays text."""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from schoolpub.model.book import letters

if TYPE_CHECKING:
    from schoolpub.views.workbooks.workbook_cells import Box, Page

_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile("_x[0-9A-Fa-f]{4}_")
_FONT = "宋体"
_MOST_OF_A_LIST = 250
"""Characters that Excel takes for a drop-down written in its rule."""
_STILL = datetime(2000, 1, 1)


def workbook(pages: Sequence[Page]) -> bytes:
    """Return *pages* as the bytes of an xlsx file; the same pages give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "schoolpub"
    book.properties.created = book.properties.modified = _STILL
    for page in pages:
        _page(book.create_sheet(page.title), page)
    out = io.BytesIO()
    try:
        book.save(out)  # by way of temporary files
    except Exception as failed:
        kind, mark, name = str(failed).partition("IO_")
        if isinstance(failed, OSError) or kind or not mark:
            raise
        number = getattr(errno, name, errno.EIO)  # lxml, where it is installed, has an error of its own
        raise OSError(number, os.strerror(number)) from None
    return _still(out.getvalue())


def _page(sheet: Any, page: Page) -> None:
    from openpyxl.styles import Border, Side

    thin = Side(style="thin", color="BFBFBF")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for (row, column), box in page.boxes.items():
        cell = sheet.cell(row, column)
        _fill(cell, box)
        _style(cell, box, border)
    for column, width in page.widths.items():
        sheet.column_dimensions[letters(column)].width = width
    if page.frozen:
        sheet.freeze_panes = f"A{page.frozen + 1}"
    _drop_downs(sheet, page)
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if page.wide else "portrait"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"1:{page.frozen}" if page.frozen else None


def _fill(cell: Any, box: Box) -> None:
    if box.kind == "number" or box.kind == "formula":
        cell.value = box.value
    elif box.kind == "date":
        cell.value = date.fromisoformat(str(box.value))
    elif box.value:
        text = _REFUSED.sub("", str(box.value))
        cell.value = _ESCAPE.sub(lambda found: f"_x005F{found[0]}", text)
        cell.data_type = "s"  # whatever it begins with, it is no formula
        cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    if box.form:
        cell.number_format = box.form
    elif box.kind == "text" and box.value and not box.look:
        cell.number_format = "@"
    if box.note:
        from openpyxl.comments import Comment

        cell.comment = Comment(box.note, "schoolpub", height=30 + 18 * (1 + len(box.note) // 18), width=240)


def _style(cell: Any, box: Box, border: Any) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    if box.look == "title":
        cell.font = Font(name="黑体", size=16)
        return
    if box.look == "hint":
        cell.font = Font(name=_FONT, size=10, color="7F7F7F")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        return
    cell.border = border
    bold = box.look in ("head", "total")
    cell.font = Font(name=_FONT, size=11, bold=bold)
    if box.look in ("head", "label"):
        cell.fill = PatternFill("solid", fgColor="E8EEF4")
    horizontal = "center" if box.look == "head" else None
    cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=box.kind == "text")


def _drop_downs(sheet: Any, page: Page) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    lists: dict[tuple[tuple[str, ...], bool], Any] = {}
    for (row, column), box in page.boxes.items():
        joined = ",".join(box.choices)
        if not box.choices or len(joined) > _MOST_OF_A_LIST or any("," in choice for choice in box.choices):
            continue
        rule = lists.get((box.choices, box.open))
        if rule is None:
            quoted = joined.replace('"', '""')
            rule = DataValidation(type="list", formula1=f'"{quoted}"', allow_blank=True, showErrorMessage=not box.open)
            rule.errorTitle, rule.error = "请从下拉中选择", "、".join(box.choices)[:200]
            lists[box.choices, box.open] = rule
            sheet.add_data_validation(rule)
        rule.add(f"{letters(column)}{row}")


def _still(data: bytes) -> bytes:
    """Return the package with the same bytes each time: no clock in it."""
    import zipfile

    out = io.BytesIO()
    stamp = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as still:
        for name in package.namelist():
            part = package.read(name)
            if name == "docProps/core.xml":
                part = stamp.sub(b"", part)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            still.writestr(entry, part)
    return out.getvalue()
