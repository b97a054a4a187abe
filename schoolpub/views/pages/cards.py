"""A record as one entry of a list: what home, lists, feed, data, codes and search are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.rules.chain import editions, witness
from schoolpub.rules.chain import flow as flows
from schoolpub.rules.chain.numbering import former_numbers, number_of
from schoolpub.rules.clock.deadlines import NoticePeriod, notice_of
from schoolpub.rules.clock.proofs import proofs_of
from schoolpub.views import formats
from schoolpub.views.clock import timing
from schoolpub.views.context import Context

Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted record with everything that was worked out about it once, for its card and its page."""

    record: Record
    item: Item
    played: flows.Replay
    status: str
    timing: timing.Timing
    notice: NoticePeriod | None
    digest: str
    """The whole witness code; empty when nobody signed off."""

    @property
    def stopped(self) -> bool:
        """Whether only a gravestone stands at its address."""
        return self.played.status not in flows.PUBLIC_STATUSES or not self.record.body


def posted(record: Record, context: Context) -> Posted:
    """Return what is known of *record*, which the gate let through."""
    item, played = context.item(record), context.replay(record)
    first = context.editions[record.base][0]
    timed = timing.timing(first, played if first is record else context.replay(first), context.item(first), context)
    if not context.is_current(record):
        timed = replace(timed, unproven=())  # nobody hangs an edition that was replaced
    elif first is not record:  # the first tells whether it was in time, this one what hangs
        timed = replace(timed, unproven=proofs_of(record, played, item, context.seen.school).missing)
    sign = played.sign_off
    return Posted(
        record=record,
        item=item,
        played=played,
        status=context.status(record, played.status),
        timing=timed,
        notice=context.once("notice", record, lambda: notice_of(record, item, context.seen)),
        digest=witness.digest(record, sign) if sign else "",
    )


def card(shown: Posted, context: Context) -> Card:
    """Return *shown* as an entry of a list; every value is plain."""
    record, item = shown.record, shown.item
    post = shown.played.last("post") or shown.played.taken[-1].step
    running = is_running(shown, context)
    number = number_of(record)
    title = context.title(record)
    due = shown.timing.deadline
    return {
        "id": record.edition_id,
        "base": record.base,
        "edition": record.edition,
        "current": context.is_current(record),
        "url": context.url(record),
        "title": title,
        "number": number,
        "former_numbers": former_numbers(record),
        "item": item.slug,
        "item_name": item.name,
        "category": item.category,
        "department": record.department,
        "audience": record.audience,
        "period": str(record.period or ""),
        "period_word": when(record, context),
        "date": record.date.isoformat() if record.date else "",
        "year": record.year,
        "status": shown.status,
        "status_word": context.status_word(record, shown.status),
        "stopped": shown.stopped,
        "zero": record.zero,
        "day": post.day.isoformat(),
        "day_word": formats.day(post.day),
        "day_short": f"{post.day.month}月{post.day.day}日",
        "posted_at": post.at.isoformat(),
        "updated": max(taken.step.at for taken in shown.played.taken).isoformat(),
        "due": due.date.isoformat() if due else "",
        "shown": shown.timing.shown.isoformat() if shown.timing.shown else "",
        "late": shown.timing.late,
        "notice_from": shown.notice.first.isoformat() if shown.notice else "",
        "notice_to": shown.notice.last.isoformat() if shown.notice and shown.notice.last else "",
        "running": running,
        "until": _until(shown.notice) if running and shown.notice else "",
        "content": record.content,
        "digest": shown.digest,
        "code": witness.short(shown.digest) if shown.digest else "",
        "summary": record.summary,
        "reason": _reason(record),
        "tags": _tags(shown, context, running),
        "find": " ".join((title, number, *former_numbers(record), item.name, record.department)),
    }


def _reason(record: Record) -> str:
    """Return why a corrected edition was made; nothing for a first one."""
    reason = record.body.get("reason")
    return reason if record.edition > 1 and isinstance(reason, str) else ""


def is_running(shown: Posted, context: Context) -> bool:
    """Return whether the notice period of *shown* runs today."""
    notice = shown.notice
    if notice is None or shown.stopped or shown.status not in ("posted", "urgent"):
        return False
    return notice.first <= context.today and (notice.last is None or context.today <= notice.last)


def when(record: Record, context: Context) -> str:
    """Return the period or the day that *record* is about, in words."""
    if record.period:
        part = context.item(record).parts.get(record.part, "")
        return formats.period(record.period, context.seen.calendar) + (f"（{part}）" if part else "")
    return formats.day(record.date) if record.date else ""


def _until(notice: NoticePeriod) -> str:
    return f"至{formats.day(notice.last)}" if notice.last else "截止日期另行公布"


def _tags(shown: Posted, context: Context, running: bool) -> list[dict[str, str]]:
    record = shown.record
    tags = []
    if shown.stopped or shown.status in ("superseded", "suspended", "withdrawn"):
        tags.append(("stopped", context.status_word(record, shown.status)))
    elif running:
        tags.append(("running", "公示中"))
    elif shown.status == "ended":
        tags.append(("plain", context.status_word(record, "ended")))
    if any(taken.line.emergency for taken in shown.played.taken):
        confirmed = shown.played.last("confirm")
        tags.append(("late" if confirmed is None else "plain", "紧急公开" + ("，待追认" if confirmed is None else "")))
    if context.is_current(record) and not shown.stopped and record.base in editions.correcting(context.seen):
        tags.append(("running", "更正中"))
    if shown.timing.late and not shown.stopped:
        tags.append(("late", f"逾期{shown.timing.late}个工作日"))
    if record.edition > 1:
        tags.append(("plain", f"第{record.edition}版"))
    if record.zero:
        tags.append(("plain", "零报告"))
    if not context.public and record.audience == "internal":
        tags.append(("inside", "对内"))
    return [{"kind": kind, "text": text} for kind, text in tags]
