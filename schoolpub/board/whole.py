"""What is made of all records together: home and lists, the data files, the feed, the site map, the search index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schoolpub.board import atom, output
from schoolpub.board.cache import Made, Side
from schoolpub.board.output import Entry
from schoolpub.board.units import Work, Writer
from schoolpub.views.pages import feed, search, site

_SHARDS = "assets/search-{year}.js"
_MATTERS = "assets/search-matters.js"


@dataclass(frozen=True, slots=True)
class Finished:
    """The files that belong to no single record."""

    files: dict[str, Entry]
    written: list[str]
    shards: dict[str, str] = field(default_factory=dict)
    """Path of a part of the search index → a digest of what it was made from."""


def finish(work: Work, audience: str, made: Mapping[str, Made], before: Side) -> Finished:
    """Write everything that is made of all records of *audience* together."""
    context = work.contexts[audience]
    writer = Writer(work, audience, work.common(audience))
    cards = [card for unit in made.values() for card in unit.cards]
    shards = _search(writer, made, before)
    parts = sorted(shards, reverse=True)
    if index := site.matters_found(context):
        writer.data(_MATTERS, index.encode())
        parts.append(_MATTERS)  # the disclosed records come first
    pages = list(site.pages(cards, context, parts))
    for page in pages:
        writer.page(page)
    for text in site.texts(cards, context):
        writer.text(text)
    writer.data("feed.xml", atom.feed(site.feed_value(cards, context)))
    paths = [page.path for page in pages]
    paths += [path for unit in made.values() for path in unit.files if path.endswith(".html")]
    if places := feed.sitemap(paths, cards, context) if context.public else []:
        writer.data("sitemap.xml", atom.sitemap(places))
    for path, data in work.look.assets().items():
        writer.data(path, data)
    return Finished(writer.files, writer.written, shards)


def _search(writer: Writer, made: Mapping[str, Made], before: Side) -> dict[str, str]:
    """Write the search index, a part for each year; return path → what it was made from."""
    by_year: dict[int, list[Made]] = {}
    for unit in made.values():
        if unit.terms:
            by_year.setdefault(unit.cards[-1]["year"], []).append(unit)
    shards: dict[str, str] = {}
    for year, units in sorted(by_year.items()):
        path = _SHARDS.format(year=year)
        key = output.digest(*(unit.key.encode() for unit in units))
        shards[path] = key
        kept = writer.folder.before.get(path)
        if before.shards.get(path) == key and kept and writer.folder.sizes.get(path) == kept[1]:
            writer.files[path] = kept
            continue
        units = sorted(units, key=lambda u: _newest(u.cards[-1]), reverse=True)
        documents = [search.document(unit.cards[-1]) for unit in units]
        text = search.shard(documents, [unit.terms.split() for unit in units])
        writer.data(path, text.encode())
    return shards


def _newest(card: Mapping[str, Any]) -> tuple[str, str]:
    return card["posted_at"], card["id"]
