"""All files of one audience's site as values: pages for the templates, texts to write, files to copy.

A *unit* is what belongs to one record and its editions: it depends on little else, so that the board can keep what it
made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from schoolpub.model.record import Record
from schoolpub.views import asking, formats, gate_record, places, validity
from schoolpub.views.clock import workplan
from schoolpub.views.context import Context
from schoolpub.views.ledgers import ledger_card, ledger_page, ledgers, statistics_page
from schoolpub.views.pages import (
    about,
    cards,
    catalogue_page,
    contacts,
    data,
    evidence,
    feed,
    home,
    lists,
    owing,
    record_page,
    search,
)
from schoolpub.views.pages.cards import Card

_NAVIGATION = (
    (places.HOME, "首页"),
    (places.CATALOGUE, "公开目录"),
    (places.BROWSE, "全部事项"),
    (places.LEDGER_FEEDBACK, "意见与整改"),
    (places.CONTACTS, "组织与联系"),
    (places.CODES, "核对公告"),
    (places.ABOUT, "数据"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A template, the value that it shows and where the outcome stands."""

    path: str
    template: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A file that is written as it is; *value* is JSON where it is no text yet."""

    path: str
    value: Any


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that is taken from the school's folder: an attachment, or the text of a body."""

    path: str
    record: str
    file: str
    """Name of the attachment; empty for the record's own body."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Everything that belongs to one record and its editions."""

    cards: list[Card]
    terms: list[str]
    """What the current edition is found by."""
    pages: list[Page]
    texts: list[Text]
    copies: list[Copy]


def common(context: Context) -> dict[str, Any]:
    """Return what every page shows."""
    school = context.seen.school
    return {
        "school": school.name,
        "board": "校务公开" if context.public else "校务公开（校内）",
        "audience": context.audience,
        "site": school.site if context.public else "",
        "ribbon": "示例学校，数据均为虚构" if school.sample else "",
        "today": context.today.isoformat(),
        "today_word": formats.day(context.today),
        "nav": [{"url": url, "text": text} for url, text in _NAVIGATION],
        "ask": asking.brief(school),
    }


def unit(base: str, context: Context, offered: Callable[[Record], bool], held: evidence.Held) -> Unit:
    """Return the files of the record *base*; *offered* says whether its body can be had byte for byte."""
    found = Unit([], [], [], [], [])
    for record in context.editions[base]:
        shown = cards.posted(record, context)
        card = cards.card(shown, context)
        found.cards.append(card)
        if shown.stopped:
            value = record_page.gravestone(shown, card, context)
            title = f"{card['title']}（{value['status_word']}）"
            found.pages.append(_page(card["url"], "tombstone.html", title, record=value))
            continue
        body = gate_record.is_whole(record) and offered(record)
        value = record_page.page(shown, card, context, held, body=body)
        found.pages.append(
            _page(card["url"], "record.html", card["title"], description=_description(record, card), record=value)
        )
        stem = card["url"].removesuffix(".html")
        found.texts.append(Text(f"{stem}.json", record_page.data(shown, card)))
        found.texts.append(Text(f"{stem}.csv", data.record_csv(card, value["blocks"])))
        if body:
            found.copies.append(Copy(record_page.body_text(record), record.id, "", _bare(record.content)))
        found.copies.extend(
            Copy(places.attachment(record, a.file), record.id, a.file, _bare(a.sha256)) for a in record.attachments
        )
        found.copies.extend(_evidence(record, value["proofs"]))
        if card["current"]:
            found.terms.extend(_terms(card, value["blocks"], record, context))
    return found


def _evidence(record: Record, proofs: list[dict[str, Any]]) -> list[Copy]:
    """Return the photos of *proofs*, each once: one photo may prove several boards."""
    shown = {p["name"]: p["digest"] for proof in proofs for p in proof["evidence"] if p["url"]}
    return [Copy(places.attachment(record, name), record.id, name, digest) for name, digest in shown.items()]


def _terms(card: Card, blocks: list[dict[str, Any]], record: Record, context: Context) -> list[str]:
    def find() -> list[str]:
        return sorted(search.terms(search.text_of(card, blocks)))

    return find() if context.mentioned(record) else context.once("terms", record, find)


def _bare(digest: str) -> str:
    return digest.removeprefix("sha256:")


def _description(record: Record, card: Card) -> str:
    return record.summary or "　".join(part for part in (card["department"], card["number"], card["day_word"]) if part)


def pages(found: Sequence[Card], context: Context, shards: Sequence[str]) -> Iterator[Page]:
    """Yield every page that is not a record's; *found* are all cards, *shards* the parts of the search index."""
    ordered = lists.newest_first(found)
    current = [c for c in ordered if c["current"]]
    balance = owing.balance(context)
    ways = lists.browse(current, context)
    school = context.seen.school.name
    inside = "" if context.public else "（校内）"
    yield _page(places.HOME, "home.html", f"{school}校务公开{inside}", home=home.home(current, balance, context))
    listed = catalogue_page.catalogue(current, balance, context)
    yield _page(places.CATALOGUE, "catalogue.html", "校务公开目录", catalogue=listed)
    covered = owing.matrix(context)
    yield _page(places.COVERAGE, "coverage.html", "公开情况一览", section=places.CATALOGUE, coverage=covered)
    if plans := workplan.page(context.seen, context.today, public=context.public):
        yield _page(places.WORKPLAN, "workplan.html", "工作计划", section=places.CATALOGUE, plans=plans)
    yield _page(places.BROWSE, "browse.html", "全部公开事项", browse=ways, latest=current[:30])
    yield _page(places.CONTACTS, "contacts.html", "组织与联系", contacts=contacts.contacts(current, context))
    yield _page(places.ABOUT, "about.html", "关于数据", about=about.about(context))
    yield _page(places.CODES, "validity.html", "这张公告还有效吗", codes=validity.page(ordered, context))
    yield _page(places.SEARCH, "search.html", "查找", search={"shards": list(shards), "browse": ways})
    yield from _ledgers(context)
    for path, (title, value) in lists.lists(current, context).items():
        yield _page(path, "list.html", title, section=places.BROWSE, list=value)


def matters(context: Context) -> list[Card]:
    """Return every matter of the ledgers that has a page."""
    return [ledger_card.card(record, context) for record in context.entries.values()]


def matters_found(context: Context) -> str:
    """Return the search index of the ledgers, newest first; empty where there is nothing to find."""
    told = ledgers.newest_first(matters(context))
    found = [search.terms(one["find"]) for one in told]
    return search.shard([search.matter(one) for one in told], found) if told else ""


def _ledgers(context: Context) -> Iterator[Page]:
    """Yield the ledgers and a page for each of their matters."""
    section = places.LEDGER_FEEDBACK
    cards = matters(context)
    for ledger in ledgers.shown(context):
        value = ledgers.page(ledger, cards, context)
        yield _page(ledger.path, "ledger.html", ledger.name, section=section, ledger=value)
    counted = statistics_page.page(context)
    yield _page(places.STATISTICS, "statistics.html", "意见反馈统计", section=section, statistics=counted)
    for path, title, value in statistics_page.listings(cards, context):
        yield _page(path, "counted.html", title, section=section, counted=value)
    for told in cards:
        value = ledger_page.page(context.entries[told["id"]], told, context)
        yield _page(told["url"], "matter.html", told["title"], section=section, matter=value)


def texts(found: Sequence[Card], context: Context) -> Iterator[Text]:
    """Yield the data files of the whole site."""
    ordered = lists.newest_first(found)
    yield Text("records.json", data.records(ordered, context))
    yield Text("records.csv", data.records_csv(ordered))
    yield Text("codes.json", about.codes_data(ordered, context))
    told = matters(context)
    for ledger in ledgers.shown(context):
        stem = ledger.path.removesuffix(".html")
        yield Text(f"{stem}.json", ledgers.as_data(ledger, told, context))
        yield Text(f"{stem}.csv", ledgers.as_csv(ledger, told))
    yield Text("statistics.json", statistics_page.as_data(context))
    yield Text("statistics.csv", statistics_page.as_csv(context))
    yield Text(places.DUTIES, owing.calendar(owing.balance(context), context))


def feed_value(found: Sequence[Card], context: Context) -> dict[str, Any]:
    """Return the feed."""
    return feed.feed([c for c in found if c["current"]], context)


def _page(
    path: str, template: str, title: str, *, description: str = "", section: str = "", **value: Any
) -> Page:
    page = {
        "path": path,
        "root": "../" * path.count("/"),
        "title": title,
        "description": description,
        "section": section or path,
    }
    return Page(path, template, {"page": page, **value})
