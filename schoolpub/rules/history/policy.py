"""Changes of policy: each is named, with the digest of every file, by a record of two persons in the same commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from schoolpub.errors import Text, say
from schoolpub.model.catalogue import Catalogue
from schoolpub.model.people import Key
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import flow
from schoolpub.rules.checks.registers import groups_are_disjoint
from schoolpub.rules.history.facts import Deed, FileChange, Finding, Standing, Version
from schoolpub.rules.history.steps import person_of

ITEM = "policy"
"""The item whose records name changes of policy."""
GONE = "-"
"""What such a record writes for the digest of a file that was deleted."""
AGREED = "adopted"
"""The status of a change of policy to which a second person agreed."""

_EDITION_FOLDER = "records/catalogue/"
_PEOPLE = "records/people.yaml"


def judge_policy(deed: Deed, standing: Standing, *, root: bool) -> Iterator[Finding]:
    """Yield the changes of policy in *deed* that no record names."""
    if root:
        yield from _founding(deed)
        return
    named = named_in(deed)
    for file in sorted(named.keys() - {change.file for change in deed.policy}) if deed.commit else ():
        message = say("a record of policy names {file}, and the file was not changed", file=file)
        yield Finding(code="policy-unexplained", message=message, commit=deed.commit, file=file)
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


def judge_change(
    before: Snapshot, after: Snapshot, records: Iterable[Record], day: date, commit: str = ""
) -> Iterator[Finding]:
    """Yield what nobody may change, agreed to or not: two hats on one head, what was in force, what records follow.

    *records* are those that stood before the change, made on *day*.
    """
    already = [str(problem.message) for problem in groups_are_disjoint(before)]
    for problem in groups_are_disjoint(after):
        if str(problem.message) not in already:
            yield Finding(code="groups-overlap", message=problem.message, commit=commit, file=problem.file)
    for key in before.people.keys:
        if not any(_still(key, other) for other in after.people.keys):
            message = say("a key of {person} was taken out of the register, or counts longer than before",
                          person=before.people.name(key.person))  # fmt: skip
            yield Finding(code="register-rewritten", message=message, commit=commit, file=_PEOPLE)
    for edition in sorted(before.catalogues.keys() ^ after.catalogues.keys()) if before.catalogues else ():
        if edition > day:
            continue
        told = {"edition": edition.isoformat()}
        yield Finding(
            code="policy-backdated", commit=commit, file=f"{_EDITION_FOLDER}{edition.isoformat()}",
            message=say("the edition {edition} is in force before it is adopted", **told)
            if edition in after.catalogues
            else say("the edition {edition} was in force, and is removed", **told),
        )  # fmt: skip
    yield from _flows_in_use(before, after, records, commit)


def _still(key: Key, other: Key) -> bool:
    """Return whether *key* stands in the register as *other*: it may have ended meanwhile, and nothing else."""
    same = (key.person, key.key, key.since) == (other.person, other.key, other.since)
    return same and (key.until is None or (other.until is not None and other.until <= key.until))


def _flows_in_use(before: Snapshot, after: Snapshot, records: Iterable[Record], commit: str) -> Iterator[Finding]:
    """Yield the items whose flow is another now, although records were begun upon it: they keep theirs for ever."""
    edited = [edition for edition, made in before.catalogues.items() if after.catalogues.get(edition) is not made]
    used = Counter((record.catalogue, record.item) for record in records if record.catalogue in edited)
    for (edition, slug), count in sorted(used.items()):
        was, now = (_way(snapshot.catalogues.get(edition), slug) for snapshot in (before, after))
        if was and was != now:
            yield Finding(
                code="policy-rewritten", commit=commit, file=f"{_EDITION_FOLDER}{edition.isoformat()}",
                message=say("the flow of “{item}” was changed in the edition {edition}, by which {count} records go",
                            item=before.catalogues[edition].items[slug].name, edition=edition.isoformat(),
                            count=count),
            )  # fmt: skip


def _way(catalogue: Catalogue | None, slug: str) -> tuple[object, ...]:
    """Return what decides about the steps of a record of the item *slug*; what things are called does not count."""
    item = catalogue.items.get(slug) if catalogue else None
    own_flow = catalogue.flows.get(item.flow) if catalogue and item else None
    return (item.ledger, *(replace(line, name="") for line in own_flow.steps)) if item and own_flow else ()
