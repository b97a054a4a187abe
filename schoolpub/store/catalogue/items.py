"""Items: one line of the catalogue each."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from schoolpub.errors import say
from schoolpub.model.catalogue import Basis, Field, Flow, Item, Rule, Waives
from schoolpub.model.period import PeriodKind
from schoolpub.model.record import Tree
from schoolpub.store.catalogue.duties import read_duties, read_notice
from schoolpub.store.catalogue.entry import SLUG, Entry, Place
from schoolpub.store.catalogue.fields import PRIVACY, Context, read_field, read_fields, references_in
from schoolpub.store.catalogue.later import LaterFields, LaterRules
from schoolpub.store.catalogue.rules import read_rules

LEDGERS = ("disclosures", "feedback", "rectifications", "supervision")
_KEYS = (
    *("name", "help", "category", "ledger", "title", "audience", "department", "flow", "channels", "also-channels"),
    *("privacy", "keep", "basis", "duties", "period", "parts", "date-name", "notice", "after-notice", "year-starts"),
    *("stale-after", "waives", "fields", "rules", "print"),
)
_REQUIRED = ("name", "category", "department", "flow")
_PERIODS = (*(kind.value for kind in PeriodKind), "none")
_STALE = re.compile(r"[1-9]\d{0,3}[ymd]", re.ASCII)
_WAIVES = {"item": ("text", "choice"), "periods": ("list", "text"), "until": ("date",), "postponed-to": ("date",)}
_PLACES = re.compile(r"\{([^{}]*)\}")
_TITLE_PLACES = ("period", "date", "name", "school", "part", "department")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the rest of the edition declares and items refer to; None where it declares nothing."""

    flows: Mapping[str, Flow]
    categories: tuple[str, ...] | None
    channels: Mapping[str, str] | None
    laws: Mapping[str, str] | None


class _Printing(TypedDict):
    side_by_side: tuple[tuple[str, ...], ...]
    portrait: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as read, with what is still to be looked up."""

    item: Item
    place: Place
    context: Context


def read_item(slug: str, tree: Tree, place: Place, vocabulary: Vocabulary, *, sound: bool = False) -> Draft:
    """Return the item called *slug*; what is wrong with it goes to *place*.

    Fields and rules of a *sound* edition are compiled when they are asked for.
    """
    if not SLUG.fullmatch(slug):
        place.wrong(
            "catalogue-key",
            say("“{key}” cannot be the key of an item.", key=slug),
            say("Use small letters, digits and “-”; the Chinese word belongs in “name”."),
        )
    entry = Entry.of(tree, place, _KEYS, _REQUIRED)
    fields_tree = entry.get("fields")
    fields: Mapping[str, Field]
    rules: Sequence[Rule]
    if sound:
        context = Context()
        fields, rules = _later(entry, fields_tree)
    else:
        context = Context(references_in(fields_tree))
        fields = read_fields(fields_tree, place.at("fields"), context)
        rules = read_rules(entry, fields, context)
    parts = entry.names("parts")
    flow = entry.text("flow")
    if flow and flow not in vocabulary.flows:
        message = say("There is no flow “{flow}”.", flow=flow)
        place.at("flow").unknown("catalogue-unknown-flow", message, flow, vocabulary.flows)
    category = entry.text("category")
    if category and vocabulary.categories is not None and category not in vocabulary.categories:
        message = say("The edition has no category “{name}”.", name=category)
        place.at("category").unknown("catalogue-unknown-category", message, category, vocabulary.categories)
    item = Item(
        slug=slug,
        name=entry.text("name", slug),
        category=category,
        department=entry.text("department"),
        flow=flow,
        help=entry.text("help"),
        ledger=entry.choice("ledger", LEDGERS, "disclosures"),
        title=_title(entry, fields),
        audience=entry.choice("audience", ("internal", "external", "both"), "both"),
        channels=_channels(entry, "channels", vocabulary),
        also_channels=_channels(entry, "also-channels", vocabulary),
        privacy=entry.choice("privacy", PRIVACY, "none"),
        keep=entry.choice("keep", ("Y", "D30", "D10"), "D10"),
        basis=_basis(entry, vocabulary),
        duties=read_duties(entry, fields, parts),
        period=_period(entry),
        parts=parts,
        date_name=entry.text("date-name", "日期"),
        notice=read_notice(entry, fields),
        after_notice=entry.choice("after-notice", ("remove", "keep", "totals"), "keep"),
        waives=_waives(entry, fields),
        year_starts=entry.integer("year-starts", 1, 12) or 1,
        stale_after=_stale_after(entry),
        fields=fields,
        rules=rules,
        **_print(entry, fields),
    )
    return Draft(item, place, context)


def _later(entry: Entry, tree: Tree) -> tuple[Mapping[str, Field], Sequence[Rule]]:
    trees = tree if isinstance(tree, dict) else {}

    @cache
    def context() -> Context:
        return Context(references_in(tree))

    fields = LaterFields(trees, lambda key: read_field(key, trees[key], entry.at("fields", key), context()))
    return fields, LaterRules(lambda: read_rules(entry, fields, context()))


def _title(entry: Entry, fields: Collection[str]) -> str:
    title = entry.text("title")
    for name in _PLACES.findall(title):
        known = (*_TITLE_PLACES, *fields)
        if name not in known:
            message = say("The title has a place “{name}” that nothing fills.", name=name)
            entry.at("title").unknown("catalogue-unknown-name", message, name, known)
    return title


def _channels(entry: Entry, key: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    found = []
    for place, channel in entry.placed_texts(key):
        if vocabulary.channels is not None and channel not in vocabulary.channels:
            message = say("The edition has no channel “{name}”.", name=channel)
            place.unknown("catalogue-unknown-channel", message, channel, vocabulary.channels)
        found.append(channel)
    return tuple(found)


def _basis(entry: Entry, vocabulary: Vocabulary) -> tuple[Basis, ...]:
    basis = []
    for place, tree in entry.members("basis"):
        law = Entry.of(tree, place, ("law", "article", "confirmed"), ("law",))
        name = law.text("law")
        if name and vocabulary.laws is not None and name not in vocabulary.laws:
            message = say("The edition has no law called “{name}”.", name=name)
            place.at("law").unknown("catalogue-unknown-law", message, name, vocabulary.laws)
        basis.append(Basis(law=name, article=law.text("article"), confirmed=law.flag("confirmed", default=True)))
    return tuple(basis)


def _period(entry: Entry) -> str:
    """Return the kinds of period joined by a space; they may be written so, or as a list."""
    value = entry.get("period")
    kinds = entry.texts("period") if isinstance(value, list) else tuple(entry.text("period", "none").split())
    for kind in kinds:
        if kind not in _PERIODS or (kind == "none" and len(kinds) > 1):
            message = say("“{value}” is not possible for “{key}”.", value=kind, key="period")
            entry.at("period").unknown("value-choice", message, kind, _PERIODS)
    return " ".join(kinds) or "none"


def _stale_after(entry: Entry) -> str:
    value = entry.text("stale-after")
    if value and not _STALE.fullmatch(value):
        entry.at("stale-after").wrong(
            "value-span",
            say("“{value}” is not a span of time.", value=value),
            say("Write 1y, 6m or 90d."),
        )
    return value


def _waives(entry: Entry, fields: Mapping[str, Field]) -> Waives | None:
    if "waives" not in entry:
        return None
    named = Entry.of(entry.get("waives"), entry.at("waives"), ("item", "periods", "until", "postponed-to"), ("item",))
    for key, types in _WAIVES.items():
        name = named.text(key)
        if name and (name not in fields or fields[name].type not in types):
            known = [k for k, f in fields.items() if f.type in types]
            message = say("There is no field “{name}” of the type {types}.", name=name, types="/".join(types))
            named.at(key).unknown("catalogue-unknown-name", message, name, known)
    if "until" not in named and "postponed-to" not in named:
        named.missing("until")
    return Waives(
        item=named.text("item"),
        periods=named.text("periods"),
        until=named.text("until"),
        postponed=named.text("postponed-to"),
    )


def _print(entry: Entry, fields: Collection[str]) -> _Printing:
    pairs: list[tuple[str, ...]] = []
    if "print" not in entry:
        return {"side_by_side": (), "portrait": True}
    printed = Entry.of(entry.get("print"), entry.at("print"), ("side-by-side", "portrait"))
    for place, tree in printed.members("side-by-side"):
        names = tree if isinstance(tree, list) else [tree]
        for name in names:
            if not isinstance(name, str) or name not in fields:
                message = say("There is no field “{name}”.", name=name)
                place.unknown("catalogue-unknown-name", message, str(name), fields)
        pairs.append(tuple(str(name) for name in names))
    return {"side_by_side": tuple(pairs), "portrait": printed.flag("portrait", default=True)}
