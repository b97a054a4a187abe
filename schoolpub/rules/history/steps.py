"""The steps that a commit added to a record: allowed by the flow, taken by whom they say, then, and over this text?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from schoolpub.errors import Text, say
from schoolpub.model.catalogue import FlowStep
from schoolpub.model.people import People
from schoolpub.model.record import Record, Step
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import authority, flow, numbering
from schoolpub.rules.clock.deadlines import due_of
from schoolpub.rules.history.conditions import unmet
from schoolpub.rules.history.facts import GRACE, Deed, Finding, Standing, Version
from schoolpub.rules.history.signatures import judge_signatures

_BOUND = ("submit", "post")


def judge_steps(
    before: Version, after: Version, deed: Deed, standing: Standing, snapshot: Snapshot, *, new: bool = False
) -> Iterator[Finding]:
    """Yield what is wrong with the steps that *after* has more than *before*."""
    record = after.record
    assert record is not None
    if not deed.commit:  # it lies in the folder and was never committed
        for step in record.steps[len(before.steps) :]:
            if not new or step is not record.steps[0]:
                yield Finding(
                    code="unrecorded-step", record=record.id, file=after.file,
                    message=say("the step “{step}” stands in the file, and no act recorded it", step=step.step),
                )  # fmt: skip
        return
    own_flow = snapshot.flow(record)
    author = person_of(snapshot.people, deed.email)
    beside = any(step.by == author for step in record.steps[len(before.steps) :])
    for index in range(len(before.steps), len(record.steps)):
        step = record.steps[index]
        so_far = replace(record, steps=record.steps[:index])
        by_hand = new and index == 0 and len(record.steps) > 1
        for code, message in (
            *_in_time(step, so_far, deed, by_hand=by_hand),
            *_by_whom(step, deed, snapshot, by_hand=by_hand, beside=beside),
        ):
            yield _found(code, message, record, step, deed, snapshot)
        if own_flow is None:
            continue
        played = flow.replay(so_far, own_flow)
        line = flow.find_line(own_flow, step.step, played.status)
        if line is None:
            status = status_name(snapshot, record, played.status)
            message = say("it cannot follow the status “{status}”", status=status)
            yield _found("step-not-allowed", message, record, step, deed, snapshot)
            continue
        if step.step == numbering.MERGED and len(deed.parents) < 2:
            message = say("nothing was brought together here that it could decide about")
            yield _found("step-not-allowed", message, record, step, deed, snapshot)
        for code, message in (
            *entitled(step, line, played, record, snapshot),
            *_says_enough(step, line, record, deed),
            *_numbered(step, line, so_far, snapshot, _next_numbers(deed, standing)),
            *_due(step, line, so_far, standing, snapshot),
            *unmet(step, line, played, so_far, deed, standing, snapshot),
        ):
            yield _found(code, message, record, step, deed, snapshot)
    yield from judge_signatures(before, after, deed, snapshot, standing.signatures)


def status_name(snapshot: Snapshot, record: Record, status: str) -> str:
    """Return the catalogue's name of a status."""
    catalogue = snapshot.catalogues.get(record.catalogue)
    return catalogue.statuses.get(status, status) if catalogue else status


def step_name(snapshot: Snapshot, record: Record, step: str) -> str:
    """Return the flow's name of a step."""
    own_flow = snapshot.flow(record)
    return next((line.name for line in own_flow.named(step)), step) if own_flow else step


def _found(code: str, message: Text, record: Record, step: Step, deed: Deed, snapshot: Snapshot) -> Finding:
    told = say("step “{step}”: {reason}", step=step_name(snapshot, record, step.step), reason=message)
    return Finding(code=code, message=told, record=record.id, commit=deed.commit, file=record.file)


def _in_time(step: Step, so_far: Record, deed: Deed, *, by_hand: bool) -> Iterator[tuple[str, Text]]:
    last = max((s.at for s in so_far.steps), default=None)
    if last is not None and step.at + GRACE < last:
        yield "backdated", say("it is timed {at}, before the step above it", at=step.at.isoformat())
    elif step.at > deed.at or (step.at < deed.at and not by_hand):
        yield (
            "backdated" if step.at < deed.at else "postdated",
            say("it is timed {at}, but was recorded at {time}", at=step.at.isoformat(), time=deed.at.isoformat()),
        )
    if step.on is not None and step.on > step.at.date():
        yield "postdated", say("the paper bears a date in the future, {day}", day=step.on.isoformat())


def person_of(people: People, email: str) -> str:
    """Return the person who commits under *email*; nothing when it is nobody's."""
    known = people.by_email(email)
    if known is not None:
        return known.id
    name, mark, host = email.partition("@")
    person = people.persons.get(name) if mark and host == "school.invalid" else None
    return person.id if person and not person.emails else ""


def _by_whom(step: Step, deed: Deed, snapshot: Snapshot, *, by_hand: bool, beside: bool) -> Iterator[tuple[str, Text]]:
    """Judge who acted; *beside* a step of the author there may be one that was typed for somebody else."""
    people = snapshot.people
    author, typist = person_of(people, deed.email), person_of(people, deed.committer_email)
    if step.by not in people.persons:
        yield "unknown-person", say("the register knows no “{person}”", person=step.by)
    elif not author:
        yield "author-mismatch", say("it was recorded by somebody whom the register does not know")
    elif step.by != author and "paper" not in step.says and not (beside and step.via):
        yield (
            "author-mismatch",
            say("it says {by}, but {author} recorded it", by=people.name(step.by), author=people.name(author)),
        )
    elif (step.via or step.by) != typist and not by_hand:
        yield (
            "author-mismatch",
            say("it says that {by} typed it, but that was {author}", by=people.name(step.via or step.by),
                author=people.name(typist) if typist else say("somebody unknown")),
        )  # fmt: skip
    elif next(people.held(step.via or step.by, deed.at.date()), None) is None:
        yield "not-entitled", say("{via} typed it, who held no post on {day}", via=people.name(step.via or step.by),
                                  day=deed.at.date().isoformat())  # fmt: skip
    elif step.via and not snapshot.school.shared_machine and "paper" not in step.says:
        yield "not-entitled", say("nobody may act for another at this school without a signed paper")


def entitled(
    step: Step, line: FlowStep, played: flow.Replay, record: Record, snapshot: Snapshot
) -> Iterator[tuple[str, Text]]:
    """Yield why the person of *step* might not take it by *line* on its day, after *played*: code and reason."""
    if step.by not in snapshot.people.persons:
        return
    person, day = snapshot.people.name(step.by), step.day.isoformat()
    appointment = authority.entitlement(snapshot.people, step.by, line, played.department(record), step.day)
    if appointment is None:
        roles = "、".join(line.by) or "-"
        yield "not-entitled", say("{person} held none of these posts on {day}: {roles}", person=person, day=day,
                                  roles=roles)  # fmt: skip
        return
    if step.role != authority.acted_as(appointment, line):
        yield "not-entitled", say("{person} did not act as “{role}” on {day}", person=person, role=step.role, day=day)
    if reason := authority.conflict(played, step.by, line):
        yield "not-entitled", reason
    earlier = authority.earliest(played, line)
    if earlier is not None and step.day < earlier.step.day:
        yield (
            "backdated",
            say("it is dated {day}, before the step “{step}” of {last}", day=day, step=earlier.line.name,
                last=earlier.step.day.isoformat()),
        )  # fmt: skip


def _says_enough(step: Step, line: FlowStep, record: Record, deed: Deed) -> Iterator[tuple[str, Text]]:
    if "paper" in step.says and not line.approves:
        yield "author-mismatch", say("a signed paper vouches for an approval, and for nothing else")
    if step.on is not None and authority.dated_back(line, step.on, step.at.date(), step.says):
        yield "backdated", say("it is dated back to {day}, and no signed paper shows that", day=step.on.isoformat())
    lacking = [need for need in line.needs if not step.says.get(need) and not (need == "on" and step.on)]
    lacking += [given for given in ("number", "after") if given in line.gives and not step.said(given)]
    if lacking:
        yield "incomplete-step", say("it does not say: {needs}", needs="、".join(lacking))
    bound = line.approves or line.signs_off or step.step in _BOUND or "content" in line.gives
    if bound and step.content != record.content:
        yield (
            ("unbound-approval", say("it does not say for which text"))
            if not step.content
            else ("unbound-approval", say("it was given to another text than the one that stands here"))
        )
    if step.said("after") and deed.parents and step.said("after") not in deed.parents:
        yield (
            "rewritten-history",
            say("it was taken upon the commit {after}, which is not the one before it", after=step.said("after")[:12]),
        )


def _next_numbers(deed: Deed, standing: Standing) -> dict[tuple[str, int], tuple[int, int]]:
    """Return for each series and year the first and the last number that *deed* may give: the next ones, no other."""
    more: Counter[tuple[str, int]] = Counter()
    for touched in deed.records:
        steps = touched.after.steps[len(touched.before.steps) if touched.before else 0 :] if touched.after else ()
        more.update(parsed[:2] for step in steps if (parsed := numbering.parse_number(step.said("number"))))
    return {key: (standing.given.get(key, 0) + 1, standing.given.get(key, 0) + count) for key, count in more.items()}


def _numbered(
    step: Step, line: FlowStep, so_far: Record, snapshot: Snapshot, next_ones: Mapping[tuple[str, int], tuple[int, int]]
) -> Iterator[tuple[str, Text]]:
    number = step.said("number")
    if not number:
        return
    if "number" not in line.gives:
        yield "wrong-number", say("this step gives no number, and yet it says {number}", number=number)
        return
    if step.step == "renumber" and not numbering.number_of(so_far):
        yield "wrong-number", say("the record bore no number that could be replaced")
    if step.step != "renumber" and number in numbering.held(so_far):
        return  # a sign-off that was undone gives the record's own number back
    parsed = numbering.parse_number(number)
    series = numbering.series_of(snapshot.school, so_far)
    if parsed is None or parsed[:2] != (series, step.at.year):
        told = {"number": number, "series": series, "year": step.at.year}
        yield "wrong-number", say("{number} is no number of its series in that year, {series}〔{year}〕", **told)
        return
    first, last = next_ones[parsed[:2]]
    if not first <= parsed[2] <= last:
        yield "wrong-number", say("it gives {number}, but the next number was {next}", number=number, next=first)


def _due(
    step: Step, line: FlowStep, so_far: Record, standing: Standing, snapshot: Snapshot
) -> Iterator[tuple[str, Text]]:
    """Judge the date by which it was owed, as the step wrote it down: worked out again with what stood then."""
    if step.step != "post" and "due" not in line.gives:
        return
    item = snapshot.item(so_far)
    found = due_of(so_far, item, standing.as_stood(snapshot)) if item else None
    wanted = found.date.isoformat() if found else ""
    if step.said("due") != wanted:
        yield "wrong-due", say("it says that it was owed by {said}, but that was {due}", said=step.said("due") or "-",
                               due=wanted or "-")  # fmt: skip
