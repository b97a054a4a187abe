"""When a record was due, when it was really public, and whether the deadline was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.rules.chain import flow as flows
from schoolpub.rules.clock.calendar import Computed
from schoolpub.rules.clock.deadlines import Deadline, NoticePeriod, due_of, lateness
from schoolpub.rules.clock.proofs import Spot, proofs_of
from schoolpub.views import formats
from schoolpub.views.context import Context


@dataclass(frozen=True, slots=True)
class Timing:
    """The days around the first edition of a record."""

    posted: date
    shown: date | None
    """The latest proven day among the channels that the item requires; None while a proof is missing."""
    unproven: tuple[Spot, ...]
    """Boards and channels whose proof is missing."""
    deadline: Deadline | None
    late: int
    """Working days after the deadline, 0 when in time."""


def timing(record: Record, played: flows.Replay, item: Item, context: Context) -> Timing:
    """Return when *record* was due and public."""
    post = played.last("post") or played.taken[-1].step
    proofs = proofs_of(record, played, item, context.seen.school)
    deadline = due_of(record, item, context.seen)
    late = lateness(deadline.date, proofs.shown or post.day, context.seen.calendar) if deadline else 0
    return Timing(post.day, proofs.shown, proofs.missing, deadline, late)


def verdict(found: Timing) -> dict[str, str] | None:
    """Return the sentence that says whether the deadline was kept; None when there was none and no proof is missing."""
    actual = f"实际公开 {formats.day(found.shown)}" if found.shown else f"{formats.day(found.posted)}发布"
    if found.deadline is None:
        return {"kind": "plain", "text": actual}
    late = f"逾期 {found.late} 个工作日" if found.late else "按期"
    return {
        "kind": "late" if found.late else "kept",
        "text": f"应公开 {formats.day(found.deadline.date)}，{actual}，{late}",
    }


def notes(found: Timing, channels: dict[str, str]) -> list[str]:
    """Return what has to be said beside the verdict."""
    told = []
    if found.unproven:
        told.append(f"待取证：{'、'.join(s.place or channels.get(s.channel, s.channel) for s in found.unproven)}。")
    if (due := found.deadline) is None:
        return told
    told.append(f"期限：{due.why}。")
    if due.provisional:
        told.append("这一期限是推算的：所涉年份的放假安排或学期日期尚未登记。")
    if due.recomputed:
        told.append(f"公开时所示期限为 {formats.day(due.date)}；按现行日历和目录计算为 {formats.day(due.recomputed)}。")
    return told


def working(computed: Computed | None) -> list[dict[str, Any]]:
    """Return the counting of a date, day by day."""
    if computed is None:
        return []
    number, told = 0, []
    for day in computed.working:
        number += day.counts
        count = f"第{number}日" if day.counts else "不计"
        told.append({"counts": day.counts, "text": f"{formats.day(day.date)}　{day.why}　{count}"})
    return told


def notice(period: NoticePeriod, today: date) -> str:
    """Return the notice period in words: from, to, how many days, by which rule."""
    unit = "个工作日" if period.unit == "wd" else "日"
    if period.last is None:
        return f"公示期：{formats.day(period.first)}起，截止日期另行公布。{period.rule}。"
    state = "公示中" if period.first <= today <= period.last else "已期满" if today > period.last else "尚未开始"
    return f"公示期：{formats.span(period.first, period.last)}，共 {period.counted} {unit}（{state}）。{period.rule}。"
