"""One commit of the history: everything that it touched, judged by what stood before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schoolpub.errors import Text, say
from schoolpub.model.record import Step
from schoolpub.rules.history.facts import DAY, GRACE, Deed, Finding, Standing, named_files
from schoolpub.rules.history.policy import judge_policy
from schoolpub.rules.history.records import judge_record
from schoolpub.rules.history.steps import person_of

_ATTACHMENTS = "records/attachments/"
_TRAILERS = ("record", "step", "by", "role", "via", "agreed", "policy", "kept")


def judge(deed: Deed, standing: Standing, *, root: bool = False) -> Iterator[Finding]:
    """Yield what no permitted act explains in *deed*."""
    yield from judge_policy(deed, standing, root=root)
    if not root:
        for touched in deed.records:
            yield from judge_record(touched, deed, standing)
        yield from _attachments(deed, standing)
        yield from _message(deed, standing)
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
            code="backdated", commit=deed.commit, record=_record(deed),
            message=say("it is dated {at}, more than a day before the commit it follows ({latest})",
                        at=deed.at.isoformat(), latest=standing.latest.isoformat()),
        )  # fmt: skip
    if abs(deed.recorded - deed.at) > GRACE:
        yield Finding(
            code="rewritten-history", commit=deed.commit, record=_record(deed),
            message=say("it says {at} for the act and {time} for its recording: it was written anew",
                        at=deed.at.isoformat(), time=deed.recorded.isoformat()),
        )  # fmt: skip


def _attachments(deed: Deed, standing: Standing) -> Iterator[Finding]:
    acted = {touched.after.id: touched.after for touched in deed.records if touched.after is not None}
    owners = dict(acted)
    if any(change.file.removeprefix(_ATTACHMENTS).partition("/")[0] not in acted for change in deed.attachments):
        owners = {**{version.id: version for version in standing.versions.values()}, **acted}
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
    """Judge the names under which an act stands in the log: they are those of the persons, as registered."""
    people = standing.snapshot.people
    for email, name in ((deed.email, deed.author), (deed.committer_email, deed.committer)):
        person = person_of(people, email)
        if deed.records and person and people.name(person) != name:
            yield Finding(
                code="author-mismatch", commit=deed.commit, record=_record(deed),
                message=say("the log calls somebody {name}, and the address is that of {person}", name=name,
                            person=people.name(person)),
            )  # fmt: skip


def _record(deed: Deed) -> str:
    """Return the record that *deed* is about; nothing where there are several."""
    ids = {version.id for touched in deed.records if (version := touched.after or touched.before) is not None}
    return ids.pop() if len(ids) == 1 else ""


def _message(deed: Deed, standing: Standing) -> Iterator[Finding]:
    """Judge a message that tells of records, steps and persons: it is what people read, and must not say otherwise."""
    told = said(deed)
    if not told:
        return
    done = {touched.after.id for touched in deed.records if touched.after is not None}
    taken: list[Step] = []
    by_hand: list[Step] = []
    """Those without the first step of a record that was written by hand."""
    for touched in deed.records:
        new = touched.after.steps[len(touched.before.steps) if touched.before else 0 :] if touched.after else ()
        taken += new
        by_hand += new[1:] if touched.before is None else new
    people = standing.snapshot.people
    acted = {person_of(people, deed.email), person_of(people, deed.committer_email)}
    acted |= {person for step in taken for person in (step.by, step.via)}
    true = (
        {*told["record"]} == done
        and sorted(told["step"]) in (sorted(step.step for step in taken), sorted(step.step for step in by_hand))
        and {*told["by"], *told["via"], *told["agreed"]} <= acted
        and {*told["role"]} <= {step.role for step in taken}
        and {*told["policy"]} <= {change.file for change in deed.policy}
        and not told["kept"]
    )
    if not true:
        yield Finding(
            code="message-mismatch", commit=deed.commit, record=_record(deed),
            message=say("its message tells of other records, steps or persons than those it touched"),
        )  # fmt: skip


def said(deed: Deed) -> Mapping[str, list[str]]:
    """Return what a message says by trailers of ours: name → values; nothing where it has none."""
    told: dict[str, list[str]] = {name: [] for name in _TRAILERS}
    for key, value in deed.trailers:
        if key.casefold() in told:
            told[key.casefold()].append(value)
    return told if any(told.values()) else {}
