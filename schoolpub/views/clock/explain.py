"""Why this date?  A deadline, its lateness and a notice period, each counted out day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from schoolpub.model.catalogue import Catalogue, Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.clock.calendar import Computed
from schoolpub.rules.clock.deadlines import Deadline, NoticePeriod, due_of, lateness, notice_of
from schoolpub.rules.clock.duties import Owed, State, owed
from schoolpub.rules.clock.proofs import Proofs, proofs_of
from schoolpub.rules.ledgers.clock import paid_on, runs
from schoolpub.views import formats
from schoolpub.views.clock import working
from schoolpub.views.clock.due_words import stopped, verb
from schoolpub.views.columns import grid, wrap
from schoolpub.views.pages.catalogue_words import duty_words, spot_words
from schoolpub.views.sheets.title_lines import plain

_COLUMNS = 80
_AHEAD = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that a date follows from."""

    id: str
    title: str
    item: Item
    catalogue: Catalogue
    deadline: Deadline | None
    done: date | None
    """Since when it is public."""
    over: bool
    """Nothing more can become late: it is public, void or waived."""
    late_by: int
    lateness: Computed | None
    """The days after the deadline, counted."""
    notice: NoticePeriod | None
    proofs: Proofs | None
    waiver: str
    since: date | None = None
    """From which day on the school owes it."""
    stopped: str = ""
    """That the clock stands still, where it does."""


def of_record(record: Record, snapshot: Snapshot, today: date) -> Explanation | None:
    """Return what the dates of *record* follow from, None when its item is unknown."""
    item, own = snapshot.item(record), snapshot.flow(record)
    if item is None or own is None:
        return None
    played = flow.replay(record, own)
    deadline = due_of(record, item, snapshot)
    done = paid_on(record, played, item, snapshot)
    over = done is not None or played.status == "void"
    until = done or (None if over else today)
    return Explanation(
        id=record.id,
        title=plain(record.title),
        item=item,
        catalogue=snapshot.catalogues[record.catalogue],
        deadline=deadline,
        done=done,
        over=over,
        late_by=lateness(deadline.date, until, snapshot.calendar) if deadline and until else 0,
        lateness=_late(deadline, until, snapshot),
        notice=notice_of(record, item, snapshot),
        proofs=proofs_of(record, played, item, snapshot.school) if done and not runs(item) else None,
        waiver="",
        stopped=stopped(record, snapshot),
    )


def of_duty(wanted: str, snapshot: Snapshot, today: date) -> Explanation | None:
    """Return what the date of a duty follows from, named as its record would be: `finance-monthly-2026-11`."""
    found = [entry for entry in owed(snapshot, today, horizon_days=_AHEAD) if wanted in _ids(entry)]
    if not found:
        return None
    entry = found[0]
    if entry.record_id:
        return of_record(snapshot.records[entry.record_id], snapshot, today)
    catalogue = snapshot.in_force(entry.due.date) or snapshot.catalogues[max(snapshot.catalogues)]
    over = entry.state in (State.PAID, State.WAIVED)
    until = entry.done or (None if over else today)
    about = formats.period(entry.period, snapshot.calendar) if entry.period else formats.day(entry.day or today)
    part = entry.item.parts.get(entry.part, "")
    return Explanation(
        id=_ids(entry)[0],
        title=f"{entry.item.name}　{about}" + (f"（{part}）" if part else ""),
        item=entry.item,
        catalogue=catalogue,
        deadline=entry.due,
        done=entry.done,
        over=over,
        late_by=entry.late_by,
        lateness=_late(entry.due, until, snapshot),
        notice=None,
        proofs=None,
        waiver=entry.waiver or "",
        since=entry.since,
    )


def _ids(entry: Owed) -> tuple[str, ...]:
    part = f"-{entry.part}" if entry.part else ""
    key = entry.period.slug if entry.period else entry.key
    return (f"{entry.item.slug}-{key}{part}", f"{entry.item.slug}-{key.replace('-', '')}{part}")


def _late(deadline: Deadline | None, until: date | None, snapshot: Snapshot) -> Computed | None:
    if deadline is None or until is None or until <= deadline.date:
        return None
    return days.between(deadline.date + timedelta(1), until, snapshot.calendar)


def text(found: Explanation, snapshot: Snapshot, today: date) -> list[str]:
    """Return *found* for a terminal."""
    lines = [found.title, *_facts(found)]
    due = found.deadline
    if due and due.working:
        lines += ["", "期限逐日计算", *_days(due.working)]
    if found.lateness:
        done = "至答复之日" if runs(found.item) else "至公开之日"
        lines += ["", f"逾期逐日计算（{done if found.done else '至今天'}）", *_days(found.lateness)]
    if found.notice:
        lines += ["", *_notice(found.notice, today)]
    if tables := _tables(found, snapshot):
        lines += ["", *(line for table in tables for line in wrap(table, _COLUMNS))]
    return lines


def _facts(found: Explanation) -> list[str]:
    due = found.deadline
    duty = duty_words(due.duty, found.item) if due else ""
    edition = f"{formats.day(found.catalogue.edition)}起施行的公开目录"
    facts = [
        ("事项", f"{found.item.name}（{found.item.slug}）"),
        ("目录规定", f"{duty}（{edition}）" if duty else f"{edition}没有规定期限，或者起算日期尚未填写"),
        ("起算", f"{formats.day(found.since)}起负有公开义务" if found.since else ""),
        (verb(found.item), _due(due) if due else found.stopped),
        ("算法", due.why if due else ""),
    ]
    if due and due.recomputed:
        facts.append(("现行日历", f"{formats.day(due.recomputed)}（公开时所示期限 {formats.day(due.date)} 不变）"))
    if found.waiver:
        facts.append(("免予公开", found.waiver))
    facts += _actual(found)
    return grid([fact for fact in facts if fact[1]], ["left"], _COLUMNS)


def _due(due: Deadline) -> str:
    guess = "（推算：所涉年份的放假安排或学期日期尚未登记）" if due.provisional else ""
    return f"{formats.day(due.date)} {formats.weekday(due.date)}{guess}"


def _actual(found: Explanation) -> list[tuple[str, str]]:
    late = f"逾期 {found.late_by} 个工作日" if found.late_by else "按期"
    if found.done is None:
        return [] if found.over or not found.late_by else [("至今", late)]
    verdict = f"，{late}" if found.deadline else ""
    if runs(found.item):
        return [("实际答复", formats.day(found.done) + verdict)]
    if found.proofs is None or not found.proofs.missing:
        return [("实际公开", formats.day(found.done) + verdict)]
    waiting = "、".join(spot_words(spot, found.catalogue) for spot in found.proofs.missing)
    head = ("实际公开", formats.day(found.done)) if found.proofs.shown else ("发布", formats.day(found.done))
    return [(head[0], head[1] + verdict), ("待取证", waiting)]


def _days(computed: Computed) -> list[str]:
    return [f"  {line}" for line in grid(working.rows(computed), [], _COLUMNS - 2)]


def _notice(notice: NoticePeriod, today: date) -> list[str]:
    from schoolpub.views.clock.timing import notice as notice_words

    lines = wrap(notice_words(notice, today), _COLUMNS)
    if not notice.enough:
        lines.append(f"期限不足：最早可于 {formats.day(notice.earliest)} 期满。")
    return lines + (_days(notice.working) if notice.working else [])


def _tables(found: Explanation, snapshot: Snapshot) -> list[str]:
    """Return where the holidays come from that were counted with."""
    counted = [c for c in (found.deadline and found.deadline.working, found.lateness) if c]
    if found.notice and found.notice.working:
        counted.append(found.notice.working)
    years = sorted({day.date.year for computed in counted for day in computed.working})
    told = []
    for year in years:
        table = snapshot.calendar.years.get(year)
        source = (table.notice or "学校登记的放假安排") if table else "尚未登记，按周一至周五推算"
        told.append(f"{year}年放假安排：{source}")
    return told


def data(found: Explanation) -> dict[str, Any]:
    """Return *found* for a script."""
    due, notice, proofs = found.deadline, found.notice, found.proofs
    return {
        "id": found.id,
        "item": found.item.slug,
        "title": found.title,
        "due": due.date.isoformat() if due else "",
        "provisional": bool(due and due.provisional),
        "since": found.since.isoformat() if found.since else "",
        "duty": duty_words(due.duty, found.item) if due else "",
        "why": due.why if due else "",
        "said": due.said.isoformat() if due and due.said else "",
        "recomputed": due.recomputed.isoformat() if due and due.recomputed else "",
        "working": working.data(due.working) if due and due.working else None,
        "shown": found.done.isoformat() if found.done else "",
        "unproven": [f"{s.channel}:{s.place}" if s.place else s.channel for s in proofs.missing] if proofs else [],
        "late_workdays": found.late_by,
        "lateness": working.data(found.lateness) if found.lateness else None,
        "waiver": found.waiver,
        "notice": {
            "from": notice.first.isoformat(),
            "to": notice.last.isoformat() if notice.last else "",
            "counted": notice.counted,
            "required": notice.required,
            "unit": notice.unit,
            "enough": notice.enough,
            "earliest": notice.earliest.isoformat(),
            "rule": notice.rule,
            "provisional": notice.provisional,
            "working": working.data(notice.working) if notice.working else None,
        }
        if notice
        else None,
    }
