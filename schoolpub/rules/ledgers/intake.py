"""Rows of a questionnaire platform or a mailbox as matters: which column means what, and what a row says.

Columns are proposed from their heads; nothing is guessed about what will be public: a topic comes from a column or
from the user, never out of the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schoolpub.model.book import Sheet
from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record, Tree
from schoolpub.model.snapshot import Snapshot

FIELDS = ("date", "channel", "kind", "topic", "text", "about", "from_whom", "name", "contact")
"""What a column may hold."""

_HEADS: Mapping[str, tuple[str, ...]] = {
    "contact": ("联系方式", "联系电话", "手机", "电话", "邮箱", "邮件地址", "微信", "contact", "phone", "email"),
    "name": ("姓名", "称呼", "发件人", "反映人", "联系人", "name"),
    "from_whom": ("身份", "反映人身份", "您是"),
    "date": ("提交时间", "提交答卷时间", "填写时间", "发送时间", "收到日期", "日期", "时间", "date"),
    "channel": ("渠道", "来源渠道", "channel"),
    "kind": ("类别", "类型", "反映类型", "意见类型", "kind"),
    "topic": ("事由", "主题", "标题", "题目", "subject", "topic"),
    "about": ("针对的公开事项", "公开记录", "记录号", "about"),
    "text": ("内容", "意见和建议", "意见建议", "意见", "建议", "正文", "留言", "诉求", "text", "body"),
}  # fmt: skip
"""Field → words of heads that mean it, the plainest first."""

_DRESS = re.compile(r"^\s*(?:[QqＱ]?\d+\s*[、.．:：)）]\s*)?|[（(\[【].*?[)）\]】]|[\s*：:？?]+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """A row as it was read: its number in the sheet, what it says by field, and every cell as it stood."""

    number: int
    said: Mapping[str, str]
    cells: tuple[str, ...]


def head_row(sheet: Sheet) -> tuple[int, list[str]]:
    """Return the number and the texts of the row of heads: the first one with at least two cells."""
    for number, cells in sheet.rows():
        if sum(cell.filled for cell in cells) >= 2:
            return number, [cell.text for cell in cells]
    return 0, []


def proposed(heads: Sequence[str]) -> dict[str, str]:
    """Return head → field for the heads whose meaning is plain; each field once, the plainest head first."""
    bare = {head: _DRESS.sub("", head).lower() for head in heads if head}
    found: dict[str, str] = {}
    for same in (True, False):
        for field, words in _HEADS.items():
            if field in found.values():
                continue
            for word in words:
                head = next((h for h, b in bare.items() if h not in found and (b == word if same else word in b)), "")
                if head:
                    found[head] = field
                    break
    return {head: found[head] for head in heads if head in found}


def answers(sheet: Sheet, heads: Sequence[str], below: int, mapping: Mapping[str, str]) -> Iterator[Answer]:
    """Yield each row below the heads that says anything."""
    for number, cells in sheet.rows():
        if number <= below or not any(cell.filled for cell in cells):
            continue
        texts = tuple(cells[i].text if i < len(cells) else "" for i in range(len(heads)))
        said: dict[str, str] = {}
        for head, text in zip(heads, texts, strict=True):
            if (field := mapping.get(head)) and text:
                said[field] = f"{said[field]}\n{text}" if field in said else text
        yield Answer(number, said, texts)


def words_of(item: Item, fields: Mapping[str, Tree]) -> str:
    """Return the words of a matter that history keeps: its text, else its topic; nothing of a report."""
    known = (key for key in ("text", "topic") if key in item.fields and item.fields[key].privacy != "restricted")
    return next((" ".join(text.split()) for key in known if isinstance(text := fields.get(key), str) and text), "")


def from_elsewhere(snapshot: Snapshot, keys: Collection[str]) -> dict[tuple[str, str], list[Record]]:
    """Return the matters that a machine without one of *keys* imported, by item and words."""
    found: dict[tuple[str, str], list[Record]] = {}
    for record in snapshot.records.values():
        origin = next((step.said("origin") for step in record.steps if step.said("origin")), "")
        item = snapshot.item(record) if origin and origin.partition("-")[0] not in keys else None
        if item is not None:
            found.setdefault((item.slug, words_of(item, record.fields)), []).append(record)
    return found


def day_of(text: str) -> date | None:
    """Return the day in *text*: 2026-11-03, 2026/11/3 14:05, 2026年11月3日; None when there is none."""
    match = _DAY.search(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
