"""Taking a step: is it possible now, for this person, on this text?  Gives the step to append, or refuses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from schoolpub.errors import StepRefused, say
from schoolpub.model.catalogue import Flow, FlowStep, Item
from schoolpub.model.people import Appointment
from schoolpub.model.record import Record, Step, Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import authority, flow, numbering, saying
from schoolpub.rules.chain.conditions import TELLING, judge, may_hold
from schoolpub.rules.clock.deadlines import due_of
from schoolpub.rules.clock.removals import still_up
from schoolpub.rules.judge.results import hold
from schoolpub.rules.ledgers.moment import Moment
from schoolpub.rules.ledgers.reports import nothing_of_a_report

GRACE = timedelta(minutes=2)
"""How far a clock may lag behind the step before: two machines are never quite in time."""

_ASIDE = ("same", "before", "void", "suspended", "returned", "clarifying", "transferred", "merged", "declined")
"""Statuses that lie beside the way."""

_BACK = ("refuse", "reopen")
"""Steps that go back on it."""

NEEDS: Mapping[str, str] = {
    "meeting": "会议",
    "reason": "理由",
    "on": "日期",
    "evidence": "证明材料",
    "channel": "公开形式",
    "department": "承办部门",
    "question": "须补充的内容",
    "answer": "补充的内容",
    "reply": "答复",
    "decision": "是否公开",
    "organisation": "移送单位",
    "into": "并入的记录",
    "ground": "依据或者理由",
    "rectification": "整改记录",
    "record": "公布结果的记录",
    "rating": "评价",
    "opinion": "意见",
    "result": "结果",
    "progress": "进展",
    "until": "新的期限",
    "effect": "效果",
    "grade": "性质",
    "measure": "措施",
    "outcome": "申诉处理结果",
}
"""What a flow may ask a step to say, in its own language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody means to do: who, when, and what the step says."""

    by: str
    via: str = ""
    at: datetime
    clock_set: bool = False
    on: date | None = None
    says: Mapping[str, Tree]
    head: str = ""
    """The commit on which the act is taken."""


def take(
    snapshot: Snapshot, record: Record, name: str, act: Act, *, numbered: Collection[str] = (), emergency: bool = False
) -> Step:
    """Return the step *name* on *record* as *act* takes it; raise StepRefused when it may not be taken.

    *numbered* are the official numbers given before in the same act; with *emergency* what was not approved
    yet is posted.
    """
    own_flow = snapshot.flow(record)
    if own_flow is None:
        raise not_possible(snapshot, record, None, name, flow.NONE)
    played = flow.replay(record, own_flow)
    line = flow.find_line(own_flow, name, played.status)
    if line is None:
        for later in own_flow.named(name):
            judge(tuple(check for check in later.checks if check in TELLING), _moment(snapshot, record, played, act))
        raise not_possible(snapshot, record, own_flow, name, played.status)
    if line.emergency and not emergency:
        raise not_possible(snapshot, record, own_flow, name, played.status)
    if emergency and not line.emergency:
        raise StepRefused(
            say("{id} is signed off: it needs no emergency.", id=record.id), fix=say("leave out --emergency")
        )
    day = act.on or act.at.date()
    appointment = _entitled(snapshot, record, line, act, played)
    if reason := authority.conflict(played, act.by, line):
        raise StepRefused(
            say("{id}: {reason}", id=record.id, reason=reason),
            fix=say("these persons can: {persons}", persons=names(snapshot, record, line, day, played) or "-"),
        )
    _in_time(record, played, line, act)
    _same_text(record, played, line)
    if name == "end":
        _nothing_hangs(snapshot, record)
    if line.signs_off or name == "post":
        _notice_is_over(snapshot, record, act)
    says = dict(act.says)
    if name == "undo":
        says["undoes"] = played.taken[-1].step.step
    if (name == "post" or "due" in line.gives) and (due := _due(snapshot, record)):
        says["due"] = due
    if "number" in line.gives:
        says["number"] = _number(snapshot, record, act, numbered, again=name == "renumber")
    if "after" in line.gives and act.head:
        says["after"] = act.head
    _says_enough(record, snapshot.item(record), line, says, act)
    nothing_of_a_report(snapshot, record, name, says)
    if line.checks:
        judge(line.checks, replace(_moment(snapshot, record, played, act), says=says))
    if act.clock_set:
        says["clock"] = "set"
    bound = line.approves or line.signs_off or name in ("submit", "post") or "content" in line.gives
    return Step(
        step=name,
        by=act.by,
        role=authority.acted_as(appointment, line),
        via=act.via if act.via != act.by else "",
        on=act.on,
        at=act.at,
        content=record.content if bound else "",
        says=says,
    )


def first_step(line: FlowStep, appointment: Appointment, act: Act) -> Step:
    """Return the step that drafts a record."""
    return Step(
        step=line.step,
        by=act.by,
        role=authority.acted_as(appointment, line),
        via=act.via if act.via != act.by else "",
        on=act.on,
        at=act.at,
        says={**act.says, **({"clock": "set"} if act.clock_set else {})},
    )


def next_approval(snapshot: Snapshot, record: Record, person: str, day: date) -> FlowStep | None:
    """Return the next approval of *record* that *person* may take, if any."""
    own_flow = snapshot.flow(record)
    if own_flow is None:
        return None
    played = flow.replay(record, own_flow)
    for line in flow.open_lines(own_flow, played.status):
        may = authority.entitlement(snapshot.people, person, line, played.department(record), day)
        if line.approves and may and not authority.conflict(played, person, line):
            return line
    return None


def next_steps(snapshot: Snapshot, record: Record, day: date) -> list[tuple[FlowStep, Sequence[str]]]:
    """Return the steps that lead on from here, each with the persons who may take it."""
    own_flow = snapshot.flow(record)
    if own_flow is None:
        return []
    played = flow.replay(record, own_flow)
    found: list[tuple[FlowStep, Sequence[str]]] = []
    moment = Moment(snapshot=snapshot, record=record, played=played, says={}, day=day)
    for line in flow.open_lines(own_flow, played.status):
        owing = line.step == "reply" and not may_hold(("answered",), moment)
        if not (owing or leads_on(line) or line.step == "prove") or line.to == played.status:
            continue
        if line.checks and not may_hold(line.checks, moment):
            continue
        people = authority.entitled(snapshot.people, line, played.department(record), day)
        found.append((line, [p for p in people if authority.conflict(played, p, line) is None]))
    return found


def leads_on(line: FlowStep) -> bool:
    """Return whether *line* is part of the way to being posted, not a way back, aside or out."""
    aside = line.emergency or line.to in _ASIDE or line.step in _BACK
    return not aside and not set(line.sources) <= flow.POSTED_STATUSES


def not_possible(snapshot: Snapshot, record: Record, own_flow: Flow | None, name: str, status: str) -> StepRefused:
    """Return the refusal of the step *name*, or of any approval, that the flow does not allow from *status*."""
    catalogue = snapshot.catalogues.get(record.catalogue)
    if own_flow is None or catalogue is None:
        return StepRefused(say("{id}: its catalogue edition or flow is missing; run `schoolpub check`", id=record.id))
    shown = catalogue.statuses.get(status, status)
    lines = (s for s in flow.open_lines(own_flow, status) if not s.emergency and s.step != "merged")
    possible = dict.fromkeys(f"{s.step}（{s.name}）" for s in lines)
    if not name:
        message = say("{id} is “{status}”: there is nothing to approve now.", id=record.id, status=shown)
    elif own_flow.named(name):
        told = {"id": record.id, "status": shown, "step": own_flow.named(name)[0].name}
        message = say("{id} is “{status}”: the step “{step}” cannot be taken now.", **told)
    else:
        message = say("{id}: its flow “{flow}” has no step “{step}”.", id=record.id, flow=own_flow.name, step=name)
    return StepRefused(message, fix=say("possible now: {steps}", steps="、".join(possible) or "-"))


def _moment(snapshot: Snapshot, record: Record, played: flow.Replay, act: Act) -> Moment:
    return Moment(snapshot=snapshot, record=record, played=played, says=act.says, day=act.on or act.at.date())


def _entitled(snapshot: Snapshot, record: Record, line: FlowStep, act: Act, played: flow.Replay) -> Appointment:
    day = act.on or act.at.date()
    department = played.department(record)
    appointment = authority.entitlement(snapshot.people, act.by, line, department, day)
    if appointment is None:
        raise StepRefused(
            say(
                "{person} cannot take the step “{step}” on {id}: on {day} it takes {roles}{department}.",
                person=snapshot.people.name(act.by),
                step=line.name,
                id=record.id,
                day=day.isoformat(),
                roles="、".join(line.by) or "-",
                department=f"（{department}）",
            ),
            fix=say("these persons can: {persons}", persons=names(snapshot, record, line, day, played) or "-"),
        )
    return appointment


def names(snapshot: Snapshot, record: Record, line: FlowStep, day: date, played: flow.Replay) -> str:
    """Return who may take *line* on *record* on *day*, by name and slug."""
    people = authority.entitled(snapshot.people, line, played.department(record), day)
    free = (p for p in people if authority.conflict(played, p, line) is None)
    return "、".join(f"{snapshot.people.name(p)}（{p}）" for p in free)


def _number(snapshot: Snapshot, record: Record, act: Act, given: Collection[str], *, again: bool) -> str:
    """Return the number to give; a sign-off that was undone gives the record's own number back."""
    if again and not numbering.number_of(record):
        raise StepRefused(
            say("{id} bears no official number that could be replaced.", id=record.id),
            fix=say("it is given one when it is signed off"),
        )
    return numbering.number_for(snapshot, record, act.at.year, given, again=again)


def _in_time(record: Record, played: flow.Replay, line: FlowStep, act: Act) -> None:
    last = max((step.at for step in record.steps), default=None)
    if last is not None and act.at + GRACE < last:
        raise StepRefused(
            say(
                "this machine's clock says {now}, but the last step on {id} was taken at {last}.",
                now=act.at.isoformat(),
                id=record.id,
                last=last.isoformat(),
            ),
            fix=say("set the clock right and try again"),
        )
    if act.on is not None and authority.dated_back(line, act.on, act.at.date(), act.says):
        raise StepRefused(
            say("an approval dated back to {day} needs the paper that was signed then.", day=act.on.isoformat()),
            fix=say("add --paper SCAN --code TEXTCODE --for ROLE=PERSON, or leave out --on: it counts from today"),
        )
    if act.on is not None and act.on > act.at.date():
        raise StepRefused(
            say("the date on the paper, {day}, lies in the future.", day=act.on.isoformat()),
            fix=say("write the day that stands on the paper"),
        )
    before = authority.earliest(played, line)
    if before is not None and (act.on or act.at.date()) < before.step.day:
        raise StepRefused(
            say(
                "{day} is before the step “{step}” on {id}, which was taken on {last}.",
                day=(act.on or act.at.date()).isoformat(),
                step=before.line.name,
                id=record.id,
                last=before.step.day.isoformat(),
            ),
            fix=say("write the day that stands on the paper"),
        )


def _same_text(record: Record, played: flow.Replay, line: FlowStep) -> None:
    going_back = line.own or line.to in ("returned", "void", "suspended")
    if played.status in ("draft", "returned", flow.NONE) or going_back:
        return
    bound = [t.step for t in played.round if t.step.content] or [
        t.step for t in played.taken if t.step.step == "submit" and t.step.content
    ]
    if any(step.content != record.content for step in bound):
        raise StepRefused(
            say("{id} was changed after it was submitted; nobody approved this text.", id=record.id),
            fix=say(
                "bring the submitted text back (`git diff {file}` shows what was changed); "
                "to change it, `schoolpub return {id} --reason …`, or `schoolpub correct` once it is posted",
                file=record.file,
                id=record.id,
            ),
        )


def _due(snapshot: Snapshot, record: Record) -> str:
    item = snapshot.item(record)
    deadline = due_of(record, item, snapshot) if item else None
    return deadline.date.isoformat() if deadline else ""


def _nothing_hangs(snapshot: Snapshot, record: Record) -> None:
    """Raise StepRefused while *record* is on show somewhere: what ends is down everywhere."""
    item, catalogue = snapshot.item(record), snapshot.catalogues[record.catalogue]
    up = still_up(record, item, snapshot) if item else []
    if up:
        places = "、".join(spot.place or catalogue.channels.get(spot.channel, spot.channel) for spot in up)
        raise StepRefused(
            say("{id} was not taken down everywhere: {places}.", id=record.id, places=places),
            fix=say("`schoolpub takedown {id} --channel … --place …` for each; the last one ends it", id=record.id),
        )


def _notice_is_over(snapshot: Snapshot, record: Record, act: Act) -> None:
    """Raise StepRefused while a result may not be decided yet, whatever day its writer gave it."""
    day = act.on or act.at.date()
    held = hold(record, snapshot, day)
    if held is None:
        return
    if held.notice:
        last = (held.allowed - timedelta(1)).isoformat()
        message = say("the notice period of {notice} lasts until {last}; {id} is its result.",
                      notice=held.notice, last=last, id=record.id)  # fmt: skip
    else:
        message = say("{id} is dated {day}, and that day has not come yet.", id=record.id, day=held.allowed.isoformat())
    raise StepRefused(message, fix=say("on {earliest} at the earliest", earliest=held.allowed.isoformat()))


def _says_enough(record: Record, item: Item | None, line: FlowStep, says: Mapping[str, Tree], act: Act) -> None:
    lacking = [need for need in line.needs if not says.get(need) and not (need == "on" and act.on)]
    if lacking:
        told = " ".join([saying.command(item, line, record.id), *saying.words(item, line, line.needs)])
        raise StepRefused(
            say(
                "the step “{step}” on {id} must also say: {needs}.",
                step=line.name,
                id=record.id,
                needs="、".join(f"{NEEDS[need]}（{need}）" if need in NEEDS else need for need in lacking),
            ),
            fix=say("say it: `{command}`", command=told),
        )
