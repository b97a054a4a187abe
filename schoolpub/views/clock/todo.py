"""What must be done now, each with the command that does it: owed, waiting, to be proven, to be taken down.

Everything follows from the records, the catalogue and the calendar; nothing is ticked off by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from schoolpub.model.catalogue import Item
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import authority, editions, flow, saying
from schoolpub.rules.chain.acts import next_steps
from schoolpub.rules.chain.aftermath import aftermaths
from schoolpub.rules.clock import calendar as days
from schoolpub.rules.clock.deadlines import due_of, lateness, notice_of
from schoolpub.rules.clock.duties import Owed, State, owed, started
from schoolpub.rules.clock.freshness import stale
from schoolpub.rules.clock.proofs import PASSING, proofs_of
from schoolpub.rules.clock.removals import removals
from schoolpub.rules.ledgers.accounting import Appeal, appeal_of
from schoolpub.rules.ledgers.clock import is_settled
from schoolpub.rules.remembered import remembered
from schoolpub.views import formats
from schoolpub.views.clock import upkeep
from schoolpub.views.clock.due_words import department_of, opens_a_box, stopped, words
from schoolpub.views.clock.task import Task
from schoolpub.views.ledgers import rectifying
from schoolpub.views.pages.catalogue_words import spot_words
from schoolpub.views.sheets.title_lines import plain

CONFIRM = "3wd"
"""Within so many working days what was posted in an emergency is confirmed."""

DECIDE = "2wd"
"""Within so many working days it is decided what becomes of a suspended record."""

_REMOVED = {
    "notice-over": "公示期已满，名单应当撤下",
    "suspended": "已暂停公开",
    "withdrawn": "已撤回公开",
    "superseded": "已由新版替代",
}



def tasks(snapshot: Snapshot, today: date, *, horizon_days: int | None = None) -> list[Task]:
    """Return everything that must be done on *today* or within *horizon_days*, the most urgent kinds first."""
    duties = [*_duties(snapshot, today, horizon_days)]
    named = {task.record for task in duties if task.record}
    found = [*duties, *_records(snapshot, today, named), *_mending(snapshot), *_stale(snapshot, today)]
    found += upkeep.planned(snapshot, today, horizon_days)
    found += upkeep.calendar(snapshot, today, any(task.provisional for task in duties))
    return found


def for_person(found: list[Task], person: str) -> list[Task]:
    """Return what *person* can do of *found*."""
    return [task for task in found if person in task.persons]


def is_late(found: list[Task]) -> bool:
    """Return whether anything is late that the catalogue asks for; the school's own plan does not count here."""
    return any(task.state == "late" and task.kind != "plan" for task in found)


def _duties(snapshot: Snapshot, today: date, horizon_days: int | None) -> Iterator[Task]:
    entries = owed(snapshot, today, horizon_days=horizon_days)
    entries = [e for e in entries if e.state not in (State.PAID, State.WAIVED)]
    known = {entry.record_id for entry in entries}
    horizon = snapshot.school.due_soon_days if horizon_days is None else horizon_days
    for event in started(snapshot, today):
        if event.record_id not in known and event.due.date <= today + timedelta(horizon):
            entries.append(event)
    for entry in sorted(entries, key=lambda e: (e.due.date, e.item.slug, e.key)):
        yield _duty(entry, snapshot, today)


def _duty(entry: Owed, snapshot: Snapshot, today: date) -> Task:
    item = entry.item
    record = snapshot.records.get(entry.record_id or "")
    box = opens_a_box(item)
    if record:
        command, persons, status = _next(record, snapshot, today)
        what = plain(record.title)
    else:
        command, persons, status = _add(entry), _drafters(item, snapshot, today), ""
        about = _about(entry, snapshot)
        what = f"{item.name}　{about}" if about else item.name
        if box and entry.state is State.LATE and entry.day:
            what = f"{entry.day.month}月{entry.day.day}日（{days.WEEKDAYS[entry.day.weekday()]}）未开箱：{item.name}"
    return Task(
        kind="mailbox" if box else "duty",
        state=entry.state.value,
        what=what,
        note=words(item, entry.due.date, entry.late_by, provisional=entry.due.provisional),
        command=command,
        persons=persons,
        due=entry.due.date,
        late_by=entry.late_by,
        provisional=entry.due.provisional,
        item=item.slug,
        item_name=item.name,
        category=item.category,
        department=department_of(record, snapshot) if record else item.department,
        period=entry.period.text if entry.period else "",
        day=entry.day.isoformat() if entry.day else "",
        part=entry.part,
        record=record.id if record else "",
        status=status,
    )


def _about(entry: Owed, snapshot: Snapshot) -> str:
    if entry.period:
        part = entry.item.parts.get(entry.part, "")
        return formats.period(entry.period, snapshot.calendar) + (f"（{part}）" if part else "")
    return f"{formats.day(entry.day)}（{days.WEEKDAYS[entry.day.weekday()]}）" if entry.day else ""


def _add(entry: Owed) -> str:
    if opens_a_box(entry.item):
        return "schoolpub mailbox check --letters N" + (" --date DATE" if entry.state is State.LATE else "")
    time = f"--period {entry.period.text}" if entry.period and entry.item.periodic else ""
    if not time:
        day = entry.day or (entry.period.last if entry.period else None)
        time = f"--date {day.isoformat()}" if day else ""
    part = f" --part {entry.part}" if entry.part else ""
    return f"schoolpub add {entry.item.slug} {time}{part}"


def _drafters(item: Item, snapshot: Snapshot, today: date) -> tuple[str, ...]:
    catalogue = snapshot.in_force(today)
    own = catalogue.flows.get(item.flow) if catalogue else None
    line = flow.find_line(own, own.steps[0].step, flow.NONE) if own and own.steps else None
    return tuple(authority.entitled(snapshot.people, line, item.department, today)) if line else ()


def _next(record: Record, snapshot: Snapshot, today: date) -> tuple[str, tuple[str, ...], str]:
    """Return the command of the next step of *record*, who can take it, and its status."""
    status = flow.status(snapshot, record)
    lines = [(line, persons) for line, persons in next_steps(snapshot, record, today) if line.step != "prove"]
    if not lines:
        return f"schoolpub show {record.id}", (), status
    line, _ = lines[0]
    persons = tuple(dict.fromkeys(person for _, able in lines for person in able))
    item = snapshot.item(record)
    told = [saying.command(item, line, record.id), *saying.words(item, line, line.needs)]
    return " ".join(told), persons, status


def _records(snapshot: Snapshot, today: date, named: set[str]) -> Iterator[Task]:
    """Yield what single records ask for; those in *named* were told as duties already."""
    for record in snapshot.records.values():
        item, own = snapshot.item(record), snapshot.flow(record)
        if item is None or own is None:
            continue
        played = flow.replay(record, own)
        if played.status not in (*flow.POSTED_STATUSES, "void", flow.NONE):
            if record.id not in named:
                yield from _waiting(record, item, played, snapshot, today)
            continue
        if played.status in flow.PUBLIC_STATUSES and not editions.superseded(snapshot, record):
            yield from _running(record, item, snapshot, today)
            yield from _unproven(record, item, played, snapshot, today)
        if played.status == "urgent":
            yield _unconfirmed(record, item, played, snapshot, today)
        if played.status == "suspended":
            yield _undecided(record, item, played, snapshot, today)
        yield from _hanging(record, item, snapshot, today)


def _task(record: Record, item: Item, snapshot: Snapshot, **more: object) -> Task:
    about: dict[str, object] = {
        "what": plain(record.title),
        "item": item.slug,
        "item_name": item.name,
        "category": item.category,
        "department": department_of(record, snapshot),
        "period": record.period.text if record.period else "",
        "day": record.date.isoformat() if record.date else "",
        "part": record.part,
        "record": record.id,
        "status": flow.status(snapshot, record),
    }
    return Task(**{**about, **more})  # type: ignore[arg-type]


def _waiting(
    record: Record, item: Item, played: flow.Replay, snapshot: Snapshot, today: date
) -> Iterator[Task]:
    if item.ledger == rectifying.LEDGER:
        if wait := rectifying.waiting(snapshot, record, today):
            yield _task(record, item, snapshot, persons=_able(record, wait.step, snapshot, today), **wait.told)
        return
    appeal = appeal_of(played)
    if appeal and (appeal.filed or today <= appeal.until):
        yield _appeal(appeal, record, item, snapshot, today)
    command, persons, status = _next(record, snapshot, today)
    catalogue = snapshot.catalogues[record.catalogue]
    lines = [line for line, _ in next_steps(snapshot, record, today) if line.step != "prove"]
    if stop := stopped(record, snapshot):
        persons = _able(record, "clarified", snapshot, today)
        command = f"schoolpub feedback clarified {record.id} --text …"
        yield _task(record, item, snapshot, kind="waiting", state="open", note=stop, command=command, persons=persons)
    if not lines:
        return
    due = due_of(record, item, snapshot)
    note = f"{catalogue.statuses.get(status, status)}，待{lines[0].name}"
    if due and not is_settled(record, snapshot):
        note += f"，{words(item, due.date, 0, provisional=due.provisional)}"
    yield _task(
        record, item, snapshot,
        kind="waiting", state="open", note=note, command=command, persons=persons,
        due=due.date if due else None, provisional=bool(due and due.provisional),
    )  # fmt: skip


def _appeal(appeal: Appeal, record: Record, item: Item, snapshot: Snapshot, today: date) -> Task:
    late = lateness(appeal.until, today, snapshot.calendar) if appeal.filed else 0
    by, step = formats.day(appeal.until), "answer-appeal" if appeal.filed else "appeal"
    note = f"{formats.day(appeal.filed)}申诉，应于 {by} 前处理" if appeal.filed else f"对决定不服的，可在 {by} 前申诉"
    needs = "--set outcome=… --set meeting=…" if appeal.filed else "--set ground=… --on DATE"
    return _task(
        record, item, snapshot,
        kind="appeal", state="late" if late else "due" if appeal.until == today else "open",
        note=note + (f"，逾期 {late} 个工作日" if late else ""), command=f"schoolpub do {record.id} {step} {needs}",
        persons=_able(record, step, snapshot, today), due=appeal.until, late_by=late,
    )  # fmt: skip


def _running(record: Record, item: Item, snapshot: Snapshot, today: date) -> Iterator[Task]:
    notice = notice_of(record, item, snapshot)
    soon = timedelta(snapshot.school.due_soon_days)
    if notice is None or notice.last is None or not today <= notice.last <= today + soon:
        return
    ends = f"公示期至 {formats.day(notice.last)}"
    yield _task(
        record, item, snapshot,
        kind="notice", state="due" if notice.last == today else "soon",
        note=f"{ends}，期满须撤下" if item.after_notice != "keep" else ends,
        command=f"schoolpub show {record.id}",
        persons=_able(record, "takedown", snapshot, today), due=notice.last, provisional=notice.provisional,
    )  # fmt: skip


def _unproven(record: Record, item: Item, played: flow.Replay, snapshot: Snapshot, today: date) -> Iterator[Task]:
    missing = proofs_of(record, played, item, snapshot.school).missing
    hung = _hung_until(record, item, played, snapshot, today) if missing else None
    if hung and any(taken.step.step == "remark" and taken.step.day > hung for taken in played.taken):
        return  # what cannot be proven any more was explained
    due = due_of(record, item, snapshot) if missing else None
    late = lateness(due.date, today, snapshot.calendar) if due else 0
    for spot in missing:
        place = f" --place {spot.place}" if spot.place else ""
        proof = '--minutes "…"' if spot.channel in PASSING else "--photo FILE"
        where = spot_words(spot, snapshot.catalogues[record.catalogue])
        note = f"已公开，待取证：{where}"
        if hung:
            note = f"公示期已满，没有取证：{where}。有当时照片的补登，没有的用 schoolpub remark 说明"
        yield _task(
            record, item, snapshot,
            kind="prove", state="late" if late else "open",
            note=note + (f"，逾期 {late} 个工作日" if late else ""),
            command=f"schoolpub prove {record.id} --channel {spot.channel}{place}"
            f" --on {'DATE' if hung else today.isoformat()} {proof}",
            persons=_able(record, "prove", snapshot, today), due=due.date if due else None, late_by=late, spot=spot,
        )  # fmt: skip


def _hung_until(record: Record, item: Item, played: flow.Replay, snapshot: Snapshot, today: date) -> date | None:
    """Return the last day of a notice that is over, from which on nobody can prove that it hangs."""
    if played.status == "ended" and (end := played.last("end")):
        return end.day
    notice = notice_of(record, item, snapshot) if item.after_notice != "keep" else None
    return notice.last if notice and notice.last and notice.last < today else None


def _hanging(record: Record, item: Item, snapshot: Snapshot, today: date) -> Iterator[Task]:
    for removal in removals(record, item, snapshot, today):
        due = days.roll(removal.since, "next-workday", snapshot.calendar).end
        late = lateness(due, today, snapshot.calendar)
        spot = removal.spot
        place = f" --place {spot.place}" if spot.place else ""
        yield _task(
            record, item, snapshot,
            kind="takedown", state="late" if late else "due",
            note=f"{_REMOVED[removal.why]}，从{spot_words(spot, snapshot.catalogues[record.catalogue])}撤下"
            + (f"，逾期 {late} 个工作日" if late else ""),
            command=f"schoolpub takedown {record.id} --channel {spot.channel}{place}",
            persons=_able(record, "takedown", snapshot, today), due=due, late_by=late, spot=spot,
        )  # fmt: skip


def _unconfirmed(record: Record, item: Item, played: flow.Replay, snapshot: Snapshot, today: date) -> Task:
    post = played.last("post") or played.taken[-1].step
    due = days.add(post.day, CONFIRM, snapshot.calendar)
    late = lateness(due.end, today, snapshot.calendar)
    return _task(
        record, item, snapshot,
        kind="confirm", state="late" if late else "due" if due.end == today else "soon",
        note=f"{formats.day(post.day)}紧急公开，应于 {formats.day(due.end)} 前追认或者暂停公开"
        + (f"，逾期 {late} 个工作日" if late else ""),
        command=f'schoolpub approve {record.id} --meeting "…"',
        persons=_able(record, "confirm", snapshot, today), due=due.end, late_by=late, provisional=due.provisional,
    )  # fmt: skip


def _undecided(record: Record, item: Item, played: flow.Replay, snapshot: Snapshot, today: date) -> Task:
    stop = played.last("suspend")
    since = stop.day if stop else played.taken[-1].step.day
    due = days.add(since, DECIDE, snapshot.calendar)
    late = lateness(due.end, today, snapshot.calendar)
    return _task(
        record, item, snapshot,
        kind="decide", state="late" if late else "due" if due.end == today else "soon",
        note=f"{formats.day(since)}起暂停公开，应于 {formats.day(due.end)} 前决定恢复（resume）或撤回（withdraw）"
        + (f"，逾期 {late} 个工作日" if late else ""),
        command=f"schoolpub resume {record.id}",
        persons=_able(record, "resume", snapshot, today), due=due.end, late_by=late, provisional=due.provisional,
    )  # fmt: skip


def _mending(snapshot: Snapshot) -> Iterator[Task]:
    for found in aftermaths(snapshot):
        item = snapshot.item(found.record)
        assert item is not None
        yield _task(
            found.record, item, snapshot,
            kind="mend", state="open", note=f"因《{plain(found.because.title)}》更正，需更正或说明",
            command=f'schoolpub correct {found.record.id} --reason "…"',
            persons=tuple(dict.fromkeys(s.by for s in found.record.steps if s.step in ("draft", "submit"))),
        )  # fmt: skip


def _stale(snapshot: Snapshot, today: date) -> Iterator[Task]:
    for record, since in stale(snapshot, today):
        item = snapshot.item(record)
        assert item is not None
        yield _task(
            record, item, snapshot,
            kind="stale", state="open", note=f"{formats.day(since)}起超过复核期限（{formats.count(item.stale_after)}）",
            command=f'schoolpub correct {record.id} --reason "…"', persons=_drafters(item, snapshot, today), due=since,
        )  # fmt: skip


def _able(record: Record, step: str, snapshot: Snapshot, today: date) -> tuple[str, ...]:
    own = snapshot.flow(record)
    line = flow.find_line(own, step, flow.status(snapshot, record)) if own else None
    if own and line is None:
        line = next(iter(own.named(step)), None)
    if own is None or line is None:
        return ()
    department = department_of(record, snapshot)

    def find() -> tuple[str, ...]:
        return tuple(authority.entitled(snapshot.people, line, department, today))

    played = flow.replay(record, own)
    known = remembered(snapshot.memory, ("able", line.by, department, today), (), find)
    return tuple(person for person in known if authority.conflict(played, person, line) is None)
