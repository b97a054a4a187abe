"""One commit of the history: everything that it touched, judged by what stood before it."""

from __future__ import annotations

from collections.abc import Iterator

from schoolpub.errors import Text, say
from schoolpub.rules.history.facts import DAY, GRACE, Deed, Finding, Standing, named_files
from schoolpub.rules.history.policy import judge_policy
from schoolpub.rules.history.records import judge_record
from schoolpub.rules.history.steps import person_of

_ATTACHMENTS = "records/attachments/"


def judge(deed: Deed, standing: Standing, *, root: bool = False) -> Iterator[Finding]:
    """Yield what no permitted act explains in *deed*."""
    yield from judge_policy(deed, standing, root=root)
    if not root:
        for touched in deed.records:
            yield from judge_record(touched, deed, standing)
        yield from _attachments(deed, standing)
        yield from _message(deed)
        yield from _author(deed, standing)
    for file in deed.strange:
        yield Finding(
            code="unknown-file", commit=deed.commit, file=file,
            message=say("{file} does not belong there", file=file),
        )  # fmt: skip
    if deed.commit:
        yield from judge_times(deed, standing)


def judge_times(deed: Deed, standing: Standing) -> Iterator[Finding]:
    """Yield what is wrong with the times of a commit: before what it follows, or recorded long after it was made."""
    if standing.latest is not None and standing.versions and deed.at + DAY < standing.latest:
        yield Finding(
            code="backdated", commit=deed.commit,
            message=say("it is dated {at}, more than a day before the commit it follows ({latest})",
                        at=deed.at.isoformat(), latest=standing.latest.isoformat()),
        )  # fmt: skip
    if abs(deed.recorded - deed.at) > GRACE:
        yield Finding(
            code="rewritten-history", commit=deed.commit,
            message=say("it says {at} for the act and {time} for its recording: it was written anew",
                        at=deed.at.isoformat(), time=deed.recorded.isoformat()),
        )  # fmt: skip


def _attachments(deed: Deed, standing: Standing) -> Iterator[Finding]:
    owners = {version.id: version for version in standing.versions.values()} if deed.attachments else {}
    acted = {}
    for touched in deed.records:
        if touched.after is not None:
            owners[touched.after.id] = acted[touched.after.id] = touched.after
    for change in deed.attachments:
        owner, _, name = change.file.removeprefix(_ATTACHMENTS).partition("/")
        version = owners.get(owner)
        named = named_files(version.record).get(name, set()) if version and version.record else set()

        def found(code: str, message: Text, owner: str = owner, file: str = change.file) -> Finding:
            return Finding(code=code, message=message, record=owner, commit=deed.commit, file=file)

        if not change.after:
            if named:
                yield found("attachment-removed", say("{file} was removed, and the record names it", file=change.file))
        elif change.after not in named:
            code = "attachment-swapped" if change.before or named else "unexplained-attachment"
            yield found(code, say("{file} is not a file that the record names with this digest", file=change.file))
        elif owner not in acted and deed.commit:
            yield found(
                "unexplained-attachment", say("{file} was put there without an act on its record", file=change.file)
            )
    for version in acted.values():
        yield from _missing(version.id, deed, standing)


def _missing(record_id: str, deed: Deed, standing: Standing) -> Iterator[Finding]:
    for touched in deed.records:
        after = touched.after
        if after is None or after.id != record_id or after.record is None:
            continue
        before = named_files(touched.before.record) if touched.before and touched.before.record else {}
        for name in named_files(after.record):
            file = f"{_ATTACHMENTS}{record_id}/{name}"
            if name not in before and file not in standing.attachments:
                yield Finding(
                    code="attachment-missing", record=record_id, commit=deed.commit, file=file,
                    message=say("the record names {file}, and it is not there", file=file),
                )  # fmt: skip


def _author(deed: Deed, standing: Standing) -> Iterator[Finding]:
    """Judge the name under which an act stands in the log: it is that of the person, as registered."""
    people = standing.snapshot.people
    person = person_of(people, deed.email)
    if deed.records and person and people.name(person) != deed.author:
        yield Finding(
            code="author-mismatch", commit=deed.commit,
            message=say("the log calls its author {name}, and the address is that of {person}", name=deed.author,
                        person=people.name(person)),
        )  # fmt: skip


def _message(deed: Deed) -> Iterator[Finding]:
    """Judge a message that names records and steps: it is what people read, and must not say something else."""
    claimed = {value for key, value in deed.trailers if key == "Record"}
    if not claimed:
        return
    done = {touched.after.id for touched in deed.records if touched.after is not None}
    steps = sorted(value for key, value in deed.trailers if key == "Step")
    taken = sorted(
        step.step
        for touched in deed.records
        if touched.after is not None
        for step in touched.after.steps[len(touched.before.steps) if touched.before else 0 :]
    )
    by_hand = [*taken]
    for touched in deed.records:
        if touched.before is None and touched.after is not None and touched.after.steps:
            by_hand.remove(touched.after.steps[0].step)
    if claimed != done or steps not in (taken, sorted(by_hand)):
        yield Finding(
            code="message-mismatch", commit=deed.commit,
            message=say("its message tells of other records or steps than those it touched"),
        )  # fmt: skip
