"""Lists of records: by category, department, year, item, column, and the page that leads to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from schoolpub.model.catalogue import Column
from schoolpub.views import gate_ledger, places
from schoolpub.views.context import Context
from schoolpub.views.pages.cards import Card

_LONGEST = 300
"""Records on a list; those before them are on the lists of the years, which are whole."""


def newest_first(cards: Iterable[Card]) -> list[Card]:
    """Return *cards* by the moment they were posted, the newest first."""
    return sorted(cards, key=lambda c: (c["posted_at"], c["id"]), reverse=True)


def lists(cards: list[Card], context: Context) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return path → title and value of every list; *cards* are the current ones, newest first."""
    catalogue = context.catalogue
    found: dict[str, tuple[str, dict[str, Any]]] = {}

    def add(path: str, kind: str, title: str, chosen: list[Card], group: Callable[[Card], str] = _by_year) -> None:
        found[path] = (title, _list(kind, chosen, group))

    by_category = _grouped(cards, "category")
    for name in dict.fromkeys([*catalogue.categories, *by_category]):
        add(places.category(name), "类别", name, by_category.get(name, []))
    by_department = _grouped(cards, "department")
    for name in by_department:
        add(places.department(name), "责任部门", name, by_department[name])
    for year, chosen in _grouped(cards, "year").items():
        add(places.year(year), "年份", f"{year}年", chosen, lambda c: c["category"])
    by_item = _grouped(cards, "item")
    names = {c["item"]: c["item_name"] for c in reversed(cards)}
    names |= {slug: item.name for slug, item in catalogue.items.items()}
    for slug, name in names.items():
        if slug in catalogue.items and catalogue.items[slug].ledger in gate_ledger.LEDGERS:
            continue  # it stands in a ledger
        if slug in by_item or not (context.public and catalogue.items[slug].audience == "internal"):
            add(places.item(slug), "公开事项", name, by_item.get(slug, []))
    for column, chosen in by_column(cards, catalogue.columns):
        add(places.column(column.name), "公开栏目", column.name, chosen)
    return found


def by_column(cards: Iterable[Card], columns: Sequence[Column]) -> list[tuple[Column, list[Card]]]:
    """Return each column of the boards with its cards, in their order."""
    found: list[tuple[Column, list[Card]]] = [(column, []) for column in columns]
    places_of: dict[tuple[str, str], list[list[Card]]] = {}
    for card in cards:
        kind = card["item"], card["audience"]
        if kind not in places_of:
            places_of[kind] = [chosen for column, chosen in found if _in_column(*kind, column)]
        for chosen in places_of[kind]:
            chosen.append(card)
    return found


def _in_column(item: str, audience: str, column: Column) -> bool:
    return item in column.items and (audience == "both" or column.audience in ("both", audience))


def browse(cards: list[Card], context: Context) -> list[dict[str, Any]]:
    """Return the ways into the lists: categories, departments, years, each with its count."""
    by_category, by_department, by_year = (_grouped(cards, key) for key in ("category", "department", "year"))
    categories = dict.fromkeys([*context.catalogue.categories, *by_category])
    groups = [
        ("按类别", [_way(name, places.category(name), by_category.get(name, [])) for name in categories]),
        ("按年份", [_way(f"{year}年", places.year(year), by_year[year]) for year in sorted(by_year, reverse=True)]),
        ("按责任部门", [_way(name, places.department(name), chosen) for name, chosen in sorted(by_department.items())]),
    ]
    return [{"name": name, "links": links} for name, links in groups if links]


def _way(name: str, url: str, cards: list[Card]) -> dict[str, Any]:
    return {"name": name, "url": url, "count": len(cards)}


def _grouped(cards: Iterable[Card], key: str) -> dict[Any, list[Card]]:
    found: dict[Any, list[Card]] = {}
    for card in cards:
        found.setdefault(card[key], []).append(card)
    return found


def _by_year(card: Card) -> str:
    return f"{card['day'][:4]}年"


def _list(kind: str, cards: list[Card], group: Callable[[Card], str]) -> dict[str, Any]:
    shown = cards
    lead = f"共 {len(cards)} 件，按公开时间排列。" if cards else ""
    if group is not _by_year:
        shown = sorted(cards, key=group)
    elif len(cards) > _LONGEST:
        shown = cards[:_LONGEST]
        lead = f"共 {len(cards)} 件，以下是最近公开的 {_LONGEST} 件；更早的见各年份。"
    groups = [{"name": name, "cards": [_row(c) for c in members]} for name, members in groupby(shown, group)]
    cut = cards[_LONGEST:] if group is _by_year else []
    earlier = sorted({c["year"] for c in cut}, reverse=True)
    return {
        "kind": kind,
        "count": len(cards),
        "lead": lead,
        "empty": "尚未公开。",
        "groups": groups,
        "earlier": [{"name": f"{year}年", "url": places.year(year)} for year in earlier],
    }


_SHOWN = ("title", "url", "day", "day_word", "department", "number", "tags", "find")


def _row(card: Card) -> Card:
    """Return what a list shows of *card*."""
    return {key: card[key] for key in _SHOWN}
