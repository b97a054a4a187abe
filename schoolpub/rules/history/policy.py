"""Changes of policy: each is named, with the digest of every file, by a record of two persons in the same commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from schoolpub.errors import Text, say
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.history.facts import Deed, FileChange, Finding, Standing, Version
from schoolpub.rules.history.steps import person_of

ITEM = "policy"
"""The item whose records name changes of policy."""
GONE = "-"
"""What such a record writes for the digest of a file that was deleted."""
AGREED = "adopted"
"""The status of a change of policy to which a second person agreed."""

_EDITION_FOLDER = "records/catalogue/"


def judge_policy(deed: Deed, standing: Standing, *, root: bool) -> Iterator[Finding]:
    """Yield the changes of policy in *deed* that no record names."""
    if root:
        yield from _founding(deed)
        return
    if not deed.policy:
        return

    def found(code: str, change: FileChange, message: Text) -> Finding:
        return Finding(code=code, message=message, commit=deed.commit, file=change.file)

    if not deed.commit:
        for change in deed.policy:
            yield found(
                "unadopted-policy", change, say("{file} was changed in the folder and not adopted", file=change.file)
            )
        return
    if not _asks_for_records(standing.snapshot, deed.at.date()):
        yield from _by_trailers(deed, standing)
        return
    named = named_in(deed)
    for change in deed.policy:
        if change.file not in named:
            yield found(
                "policy-unexplained",
                change,
                say("{file} was changed, and no record of policy names the change", file=change.file),
            )
        elif named[change.file] != (change.after or GONE):
            yield found(
                "policy-unexplained",
                change,
                say("{file} is not the file that the record of policy names", file=change.file),
            )
        elif _already_in_force(change, deed.policy, deed.at.date()):
            yield found(
                "policy-backdated",
                change,
                say("{file} belongs to an edition that was in force before it existed", file=change.file),
            )


def named_in(deed: Deed) -> dict[str, str]:
    """Return the files that new records of policy in *deed* name, with their digests."""
    named: dict[str, str] = {}
    for touched in deed.records:
        after = touched.after.record if touched.after else None
        if touched.before is None and after is not None and after.item == ITEM:
            named |= files_named(after)
    return named


def files_named(record: Record) -> dict[str, str]:
    """Return the files that a record of policy names, with their digests."""
    rows = record.fields.get("files")
    found: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("file"), str) and isinstance(row.get("sha256"), str):
            found[str(row["file"])] = str(row["sha256"])
    return found


def unagreed(versions: Mapping[str, Version], snapshot: Snapshot) -> Iterator[Finding]:
    """Yield the records of policy to which no second person has agreed yet."""
    for version in versions.values():
        record = version.record
        if record is None or record.item != ITEM:
            continue
        own_flow = snapshot.flow(record)
        status = flow.replay(record, own_flow).status if own_flow else flow.NONE
        if status != AGREED:
            yield Finding(
                code="policy-unagreed", record=record.id, file=version.file,
                message=say("this change of policy took effect, and no second person has agreed to it"),
            )  # fmt: skip


def _asks_for_records(snapshot: Snapshot, day: date) -> bool:
    catalogue = snapshot.in_force(day)
    return catalogue is not None and ITEM in catalogue.items


def _founding(deed: Deed) -> Iterator[Finding]:
    if not any(change.file == "records/school.yaml" for change in deed.policy):
        yield Finding(
            code="truncated-history", commit=deed.commit,
            message=say("the first commit founds no school: what was before it is missing"),
        )  # fmt: skip
    if deed.records:
        yield Finding(
            code="truncated-history", commit=deed.commit,
            message=say("the first commit holds {count} records: what was before it is missing",
                        count=len(deed.records)),
        )  # fmt: skip


def _by_trailers(deed: Deed, standing: Standing) -> Iterator[Finding]:
    """Judge a change made while the catalogue knew no records of policy: by a person in office, and named by itself."""
    people = standing.snapshot.people
    author = person_of(people, deed.email)
    named = {value for key, value in deed.trailers if key == "Policy"}
    in_office = author and next(people.held(author, deed.at.date()), None) is not None
    for change in deed.policy:
        if change.file not in named or not in_office:
            yield Finding(
                code="policy-unexplained", commit=deed.commit, file=change.file,
                message=say("{file} was changed, and no act by somebody in office names the change", file=change.file),
            )  # fmt: skip


def _already_in_force(change: FileChange, changes: tuple[FileChange, ...], day: date) -> bool:
    """Return whether *change* adds to an edition that is new in this commit and begins no later than *day*."""
    if not change.file.startswith(_EDITION_FOLDER) or change.before or not change.after:
        return False
    folder = change.file.rpartition("/")[0]
    if any(c.file.startswith(f"{folder}/") and c.before for c in changes):
        return False
    try:
        return date.fromisoformat(folder.rpartition("/")[2]) <= day and change.file.endswith("/edition.yaml")
    except ValueError:
        return False
