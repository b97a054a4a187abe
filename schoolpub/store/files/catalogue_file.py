"""Reading an edition of the catalogue: files become one compiled `Catalogue`, every mistake becomes a problem.

What is broken is left out, so that one mistake does not hide the rest of the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from schoolpub.errors import Level, Problem, say
from schoolpub.model.catalogue import Catalogue, Column, Flow, Item
from schoolpub.model.record import Tree
from schoolpub.store.catalogue.entry import SLUG, Entry, Place, parse_date
from schoolpub.store.catalogue.fields import TYPES
from schoolpub.store.catalogue.flows import FILE as FLOWS_FILE
from schoolpub.store.catalogue.flows import read_flows
from schoolpub.store.catalogue.items import Draft, Vocabulary, read_item
from schoolpub.store.yaml.shape import Shape

__all__ = ["EDITION_FILE", "FLOWS_FILE", "STATUSES", "TYPES", "read_edition"]

EDITION_FILE = "edition.yaml"
_KEYS = ("edition", "adopted", "adopted-by", "categories", "columns", "channels", "statuses", "laws")

STATUSES: Mapping[str, str] = {
    "draft": "草稿",
    "submitted": "已报送",
    "returned": "已退回",
    "reviewed": "部门已审核",
    "screened": "已专审",
    "decided": "已研究决定",
    "voted": "已表决",
    "verified": "监督已审核",
    "signed": "已签发",
    "posted": "已公开",
    "urgent": "紧急公开，待追认",
    "ended": "公示期满",
    "suspended": "暂停公开",
    "withdrawn": "已撤回",
    "superseded": "已被新版取代",
    "void": "已作废",
}
"""The usual names of the statuses, for editions that do not name them."""
CHANNELS: Mapping[str, str] = {"board": "公开栏", "website": "学校网站"}
"""The usual names of the channels."""


@dataclass(slots=True)
class _Edition:
    """What `edition.yaml` says."""

    adopted: date | None = None
    adopted_by: str = ""
    categories: tuple[str, ...] | None = None
    columns: list[tuple[Place, Column]] = field(default_factory=list)
    channels: dict[str, str] | None = None
    statuses: dict[str, str] = field(default_factory=dict)
    laws: dict[str, str] | None = None


def read_edition(
    trees: Mapping[str, Tree], folder: str, *, sound: bool = False
) -> tuple[Catalogue | None, list[Problem]]:
    """Compile the edition in *folder* (`2026-01-01`) from its *trees* by file name; return it with all problems.

    It is None only when the folder's name is no date.  Of an edition that is known to be *sound*, having been
    compiled before without a problem, only what is asked for will be compiled.
    """
    base = folder if "/" in folder else f"records/catalogue/{folder}"
    shape = Shape(base)
    edition = parse_date(folder.rpartition("/")[2])
    if edition is None:
        shape.wrong(
            "catalogue-folder",
            (),
            say("“{folder}” is not the folder of an edition.", folder=folder.rpartition("/")[2]),
            say("Call it by the day from which the edition is in force: 2026-01-01."),
        )
        return None, shape.problems
    place = Place(Shape(f"{base}/{EDITION_FILE}"))
    said = _read_edition(trees.get(EDITION_FILE), place, edition)
    flow_place = Place(Shape(f"{base}/{FLOWS_FILE}"))
    flows = read_flows(trees.get(FLOWS_FILE), flow_place)
    if EDITION_FILE in trees and not sound:
        _name_statuses(flows, said, flow_place)
    vocabulary = Vocabulary(flows, said.categories, said.channels, said.laws)
    drafts, problems = _read_items(trees, base, vocabulary, sound)
    # What stands in a file that could not be read is missing for that reason alone.
    complete = all(tree is not None for tree in trees.values())
    if not sound:
        _look_up_names(drafts, complete)
        _check_columns(said.columns, drafts, complete)
    problems = [*place.problems, *flow_place.problems, *problems]
    broken_flows = _broken(flow_place.problems, flows)
    items: dict[str, Item] = {}
    for slug, draft in drafts.items():
        problems += draft.place.problems
        if draft.item.flow not in broken_flows and not draft.place.shape.broken:
            items[slug] = draft.item
    names = {**STATUSES, **said.statuses}
    catalogue = Catalogue(
        edition=edition,
        adopted=said.adopted,
        adopted_by=said.adopted_by,
        categories=_categories(said, drafts),
        columns=tuple(_without_missing(column, items) for _, column in said.columns),
        channels=_channels(said, drafts),
        laws=said.laws or {},
        statuses=names,
        items=items,
        flows={key: replace(flow, statuses=names) for key, flow in flows.items() if key not in broken_flows},
    )
    return catalogue, _once(problems)


def _once(problems: list[Problem]) -> list[Problem]:
    """Return *problems* without those that were noted twice."""
    return list({(p.code, p.file, p.where, str(p.message)): p for p in problems}.values())


def _read_edition(tree: Tree, place: Place, edition: date) -> _Edition:
    said = _Edition()
    if tree is None:
        return said
    entry = Entry.of(tree, place, _KEYS)
    written = entry.date("edition")
    if written and written != edition:
        entry.at("edition").wrong(
            "catalogue-edition",
            say("The edition says {written}, but its folder is called {folder}.", written=written, folder=edition),
        )
    said.adopted = entry.date("adopted")
    if said.adopted and said.adopted >= edition:
        entry.at("adopted").wrong(
            "catalogue-adopted",
            say("It was adopted on {adopted}, but is in force from {edition}.", adopted=said.adopted, edition=edition),
            say("An edition takes effect on a later day than its adoption: use a later day for the edition."),
        )
    said.adopted_by = entry.text("adopted-by")
    if "categories" in entry:
        said.categories = entry.texts("categories")
    if "channels" in entry:
        said.channels = entry.names("channels")
        for key in said.channels:
            _slug(key, entry.at("channels", key))
    if "laws" in entry:
        said.laws = entry.names("laws")
    said.statuses = entry.names("statuses")
    for key in said.statuses:
        _slug(key, entry.at("statuses", key))
    for at, member in entry.members("columns"):
        column = Entry.of(member, at, ("name", "audience", "items"), ("name", "audience", "items"))
        audience = column.choice("audience", ("internal", "external"), "external")
        said.columns.append((at, Column(name=column.text("name"), audience=audience, items=column.texts("items"))))
    return said


def _slug(key: str, place: Place) -> None:
    if not SLUG.fullmatch(key):
        place.wrong(
            "catalogue-key", say("“{key}” cannot be a key here.", key=key), say("Use small letters, digits and “-”.")
        )


def _name_statuses(flows: Mapping[str, Flow], said: _Edition, place: Place) -> None:
    """Warn of statuses that have no Chinese name."""
    unnamed: dict[str, str] = {}
    for flow in flows.values():
        for step in flow.steps:
            if SLUG.fullmatch(step.to) and step.to not in ("same", "before", *STATUSES, *said.statuses):
                unnamed.setdefault(step.to, flow.key)
    for status, key in unnamed.items():
        place.at(key).wrong(
            "flow-unnamed-status",
            say("The status “{status}” has no Chinese name.", status=status),
            say("Add it in {file} under “statuses”.", file=EDITION_FILE),
            level=Level.WARNING,
        )


def _read_items(
    trees: Mapping[str, Tree], base: str, vocabulary: Vocabulary, sound: bool
) -> tuple[dict[str, Draft], list[Problem]]:
    """Return the items of all files in order, each with its own problems, and the problems of the files."""
    drafts: dict[str, Draft] = {}
    problems: list[Problem] = []
    files: dict[str, str] = {}
    for name, tree in trees.items():
        if name in (EDITION_FILE, FLOWS_FILE) or tree is None:
            continue
        place = Place(Shape(f"{base}/{name}"))
        for slug, item_tree in place.bounded(place.shape.group(tree, ()).items()):
            if slug in drafts:
                place.at(slug).wrong(
                    "catalogue-repeated",
                    say("The item “{item}” stands in {file}, too.", item=slug, file=files[slug]),
                    say("Give each item in one file only."),
                )
                continue
            files[slug] = name
            drafts[slug] = read_item(slug, item_tree, Place(Shape(place.shape.file), (slug,)), vocabulary, sound=sound)
        problems += place.problems
    return drafts, problems


def _look_up_names(drafts: Mapping[str, Draft], complete: bool) -> None:
    """Look up names that lead from item to item: in expressions, references and rules."""
    from schoolpub.store.catalogue.names import check_names

    items = {slug: draft.item for slug, draft in drafts.items()}
    for draft in drafts.values():
        for pending in draft.context.pending:
            check_names(pending, draft.item, items)
        for place, target in draft.context.targets:
            if complete and target not in items:
                message = say("The catalogue has no item “{item}”.", item=target)
                place.unknown("catalogue-unknown-item", message, target, items)


def _check_columns(columns: list[tuple[Place, Column]], drafts: Mapping[str, Draft], complete: bool) -> None:
    for place, column in columns:
        for index, slug in enumerate(column.items):
            at = place.at("items", index)
            draft = drafts.get(slug)
            if draft is None and not complete:
                continue
            if draft is None:
                message = say("The catalogue has no item “{item}”.", item=slug)
                at.unknown("catalogue-unknown-item", message, slug, drafts)
            elif column.audience == "external" and draft.item.audience == "internal":
                at.wrong(
                    "column-audience",
                    say("The internal item “{item}” stands in a column for the public.", item=slug),
                    say("Put it in an internal column."),
                )


def _broken(problems: list[Problem], flows: Mapping[str, Flow]) -> set[str]:
    """Return the keys of flows that have an error; one in the common steps breaks them all."""
    keys = {str(p.where[0]) for p in problems if p.level is Level.ERROR and p.where}
    return set(flows) if "common" in keys else keys


def _without_missing(column: Column, items: Mapping[str, Item]) -> Column:
    return Column(
        name=column.name, audience=column.audience, items=tuple(slug for slug in column.items if slug in items)
    )


def _categories(said: _Edition, drafts: Mapping[str, Draft]) -> tuple[str, ...]:
    if said.categories is not None:
        return said.categories
    return tuple(dict.fromkeys(draft.item.category for draft in drafts.values() if draft.item.category))


def _channels(said: _Edition, drafts: Mapping[str, Draft]) -> dict[str, str]:
    if said.channels is not None:
        return said.channels
    used = (channel for d in drafts.values() for channel in (*d.item.channels, *d.item.also_channels))
    return {channel: CHANNELS.get(channel, channel) for channel in dict.fromkeys(used)}
