"""The one gate: what an audience may see of a snapshot, as a smaller snapshot.

Every view, page, index, feed, data file and attachment is made from what comes out of here, so that nothing else has
to think about secrecy.  What is not plainly allowed stays behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from schoolpub.model.catalogue import Catalogue, Field, Item
from schoolpub.model.people import People
from schoolpub.model.record import Record
from schoolpub.model.school import School
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import editions
from schoolpub.rules.chain import flow as flows
from schoolpub.views import gate_ledger, gate_record

PUBLIC = "public"
INTERNAL = "internal"
AUDIENCES = (PUBLIC, INTERNAL)

_INTERNAL_ONLY = "internal"
_RESTRICTED = "restricted"
_OPEN = ("external", "both")


def seen_by(snapshot: Snapshot, audience: str, today: date) -> Snapshot:
    """Return the part of *snapshot* that *audience* (`public` or `internal`) may see on *today*."""
    if audience not in AUDIENCES:
        raise ValueError(audience)
    return _seen(snapshot, audience == PUBLIC, today, _all_posted(snapshot))


def seen_by_each(snapshot: Snapshot, today: date) -> dict[str, Snapshot]:
    """Return what each audience may see: the same as `seen_by`, the steps played only once."""
    posted = _all_posted(snapshot)
    return {audience: _seen(snapshot, audience == PUBLIC, today, posted) for audience in AUDIENCES}


def _seen(snapshot: Snapshot, public: bool, today: date, posted: Mapping[str, flows.Replay]) -> Snapshot:
    latest = _latest(snapshot, posted)
    seen = {key: played for key, played in posted.items() if not public or _is_open(snapshot, snapshot.records[key])}
    # An edition that was stopped, or that the audience may not see, takes the earlier ones with it.
    stopped = {base for base, key in latest.items() if key not in seen or seen[key].status not in flows.PUBLIC_STATUSES}
    # Nobody approved a text that was changed afterwards.
    stopped |= {snapshot.records[key].base for key in seen if not seen[key].vouches_for(snapshot.records[key].content)}
    told = gate_ledger.chosen(snapshot, public=public)
    visible = frozenset(snapshot.records[key].base for key in seen) | told.keys()
    gate = gate_record.Gate(snapshot, visible, today, public)
    records = {
        key: gate.reduced(snapshot.records[key], played, stopped=snapshot.records[key].base in stopped)
        for key, played in seen.items()
    }
    catalogues = {day: _catalogue(edition, public) for day, edition in snapshot.catalogues.items()}
    if told:
        records = dict(sorted((records | gate_ledger.reduced(told, visible, public=public)).items()))
    return replace(
        snapshot,
        school=_school(snapshot.school) if public else snapshot.school,
        people=_people(snapshot.people, catalogues, records, public),
        catalogues=catalogues,
        records=records,
        correcting=editions.correcting(snapshot),
        plans=tuple(plan for plan in snapshot.plans if not public or plan.audience in _OPEN),
        problems=(),
    )


def _all_posted(snapshot: Snapshot) -> dict[str, flows.Replay]:
    """Return the replay of every record that was posted once."""
    return {record.id: played for record in snapshot.records.values() if (played := _posted(snapshot, record))}


def _posted(snapshot: Snapshot, record: Record) -> flows.Replay | None:
    """Return the replay of *record* when it was posted once."""
    flow = snapshot.flow(record)
    played = flows.replay(record, flow) if flow else None
    return played if played and played.status in flows.POSTED_STATUSES else None


def _is_open(snapshot: Snapshot, record: Record) -> bool:
    """Return whether the public may see *record*."""
    item = snapshot.item(record)
    return (
        item is not None
        and item.privacy != _RESTRICTED
        and record.audience in _OPEN
        and item.audience in _OPEN
    )


def _latest(snapshot: Snapshot, posted: Mapping[str, flows.Replay]) -> dict[str, str]:
    """Return for each base id the id of its latest posted edition, whoever may see it."""
    latest: dict[str, str] = {}
    for key in posted:
        record = snapshot.records[key]
        known = latest.get(record.base)
        if known is None or snapshot.records[known].edition < record.edition:
            latest[record.base] = key
    return latest


def _catalogue(catalogue: Catalogue, public: bool) -> Catalogue:
    columns = tuple(c for c in catalogue.columns if not (public and c.audience == _INTERNAL_ONLY))
    items = {slug: _item(item) for slug, item in catalogue.items.items()}
    return replace(catalogue, columns=columns, items=items)


def _item(item: Item) -> Item:
    return replace(item, fields=_open_fields(item.fields))


def _open_fields(fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return *fields* without those that may never be shown, also inside tables and blocks."""
    return {
        key: replace(field, columns=_open_fields(field.columns)) if field.columns else field
        for key, field in fields.items()
        if field.privacy != _RESTRICTED
    }


def _school(school: School) -> School:
    boards = tuple(b for b in school.boards if b.audience != _INTERNAL_ONLY)
    return replace(school, boards=boards, settings={})


def _people(
    people: People, catalogues: Mapping[date, Catalogue], records: Mapping[str, Record], public: bool
) -> People:
    """Return *people* without keys and mailboxes; for the public only those who answer for what is disclosed."""
    appointments = people.appointments
    persons = people.persons
    if public:
        answering = _answering(catalogues)
        appointments = tuple(a for a in appointments if a.body or a.role in answering)
        acted = {step.by for record in records.values() for step in record.steps}
        seen = acted | {a.person for a in appointments}
        persons = {slug: person for slug, person in persons.items() if slug in seen}
    return People(persons={slug: replace(p, emails=()) for slug, p in persons.items()}, appointments=appointments)


def _answering(catalogues: Mapping[date, Catalogue]) -> set[str]:
    """Return the roles and bodies that approve, sign off or post what the public sees."""
    return {
        name
        for catalogue in catalogues.values()
        for item in catalogue.items.values()
        if item.audience != _INTERNAL_ONLY and item.flow in catalogue.flows
        for line in catalogue.flows[item.flow].steps
        if line.approves or line.signs_off or line.to == "posted"
        for name in line.by
    }
