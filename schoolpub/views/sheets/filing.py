"""归档文件目录 by DA/T 22-2015 (5.5.2): nine columns in this order, dates in eight digits, empty cells left blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions, flow
from schoolpub.rules.chain.numbering import number_of
from schoolpub.rules.filing import Filed, fonds
from schoolpub.views import formats
from schoolpub.views.sheets.title_lines import plain
from schoolpub.views.sheets.yearbook import Listing, listing

HEADS = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")
_WIDTHS = (1.0, 4.4, 3.9, 2.8, 8.6, 1.9, 1.0, 1.0, 2.8)


def rows(entries: Sequence[Filed], pages: Mapping[str, int], snapshot: Snapshot) -> list[list[str]]:
    """Return the list's rows; *pages* says how many pages each record has, its attachments included."""
    return [
        [
            str(index),
            entry.number,
            number_of(entry.record),
            snapshot.school.name,
            plain(entry.record.title) + (f"（第{entry.record.edition}版）" if entry.record.edition > 1 else ""),
            f"{entry.signed:%Y%m%d}",
            "",
            str(pages[entry.record.id]) if pages.get(entry.record.id) else "",
            _remark(entry, snapshot),
        ]
        for index, entry in enumerate(entries, 1)
    ]


def value(year: int, told: list[list[str]], entries: Sequence[Filed], snapshot: Snapshot) -> Listing:
    """Return the list to print, with what its cover says: fonds, its name, year, retention."""
    keeps = "、".join(dict.fromkeys(formats.KEEP.get(entry.keep, entry.keep) for entry in entries))
    cover = f"全宗号：{fonds(snapshot)}　全宗名称：{snapshot.school.name}　年度：{year}　保管期限：{keeps}"
    return listing(
        snapshot, f"{year}年归档文件目录", [f"{cover}　共 {len(told)} 件"],
        tuple(zip(HEADS, _WIDTHS, strict=True)), told, ["按 DA/T 22—2015 编制；一件包括正文和附件。"],
        ["整理人", "检查人"],
    )  # fmt: skip


def _remark(entry: Filed, snapshot: Snapshot) -> str:
    record = entry.record
    status = flow.status(snapshot, record)
    told = []
    if record.audience == "internal":
        told.append("对内公开")
    if editions.superseded(snapshot, record):
        told.append("已由新版替代")
    elif status in ("suspended", "withdrawn"):
        told.append("已撤回公开" if status == "withdrawn" else "暂停公开")
    if record.edition > 1:
        told.append("更正")
    return "，".join(told)
