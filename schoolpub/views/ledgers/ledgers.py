"""The ledgers as pages and as data: what people brought up, what they asked to be disclosed, what is put right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from schoolpub.model.catalogue import Item
from schoolpub.views import asking, places
from schoolpub.views.context import Context
from schoolpub.views.ledgers import opinions
from schoolpub.views.ledgers.ledger_card import Card
from schoolpub.views.pages import data


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger that is shown."""

    item: str
    name: str
    path: str
    lead: str
    empty: str
    internal: bool = False


LEDGERS = (
    Ledger(
        "feedback", "意见反馈", places.LEDGER_FEEDBACK,
        "各种渠道收到的意见、询问、建议和投诉，逐件列出事由、办理部门、答复和结果；不公开反映人，也不公开来件原文。",
        "还没有收到意见。",
    ),
    Ledger(
        "disclosure-request", "点题公开", places.LEDGER_REQUESTS,
        "师生、家长和社会公众点题要求公开的事项，逐件列出答复：公开、部分公开或者不公开，后两种写明理由。",
        "还没有人点题。",
    ),
    Ledger(
        "rectification", "整改台账", places.LEDGER_RECTIFICATIONS,
        "意见、检查、评估和审计发现的问题，逐件列出措施、责任岗位、期限和结果；结果公布并再次征求意见之后才销号。",
        "没有列入整改的问题。",
    ),
    Ledger(
        "improvement", "改进台账", places.LEDGER_IMPROVEMENTS,
        "评估、通报和例会提出的改进事项，跟踪到见效为止。只在校内公开。",
        "没有列入改进的事项。",
        internal=True,
    ),
)  # fmt: skip

_COLUMNS = (
    ("id", "编号"), ("receipt", "回执编号"), ("title", "事由"), ("kind", "类别"), ("channel", "渠道"),
    ("department", "办理部门"), ("owner", "责任岗位"), ("day", "日期"), ("due", "期限"), ("done", "答复或报验日期"),
    ("late", "逾期工作日"), ("status_word", "状态"), ("decision", "是否公开"), ("text", "答复或结果"),
    ("rating", "评价"), ("url", "页面"),
)  # fmt: skip
_DATA = (*(key for key, _ in _COLUMNS), "item", "status", "open")


def of_item(slug: str) -> Ledger:
    """Return the ledger in which matters of the item *slug* stand."""
    return next(ledger for ledger in LEDGERS if ledger.item == slug)


def path_of(item: Item, context: Context) -> str:
    """Return the page of the ledger in which matters of *item* stand; empty where the audience sees none."""
    return next((one.path for one in shown(context) if one.item == item.slug), "")


def shown(context: Context) -> list[Ledger]:
    """Return the ledgers that the audience sees and the catalogue in force knows."""
    return [one for one in LEDGERS if one.item in context.catalogue.items and not (one.internal and context.public)]


def page(ledger: Ledger, cards: Sequence[Card], context: Context) -> dict[str, Any]:
    """Return the page of *ledger* with its matters: those that are open first, then by year."""
    own = newest_first(card for card in cards if card["item"] == ledger.item)
    return {
        "lead": ledger.lead,
        "count": len(own),
        "told": told(own),
        "empty": ledger.empty,
        "groups": groups(own),
        "ways": opinions.ways(context.seen.school),
        "letter": asking.letter(context.seen.school, ledger.name),
        "office": context.seen.school.office.name,
        "others": [{"name": one.name, "url": one.path, "here": one is ledger} for one in shown(context)],
        "stem": ledger.path.removesuffix(".html"),
    }


def newest_first(cards: Iterable[Card]) -> list[Card]:
    """Return *cards* by their day, the newest first."""
    return sorted(cards, key=lambda card: (card["day"], card["id"]), reverse=True)


def groups(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """Return *cards* with a heading for each group: in hand, then those that are over, by year."""
    found = [{"name": "办理中", "cards": [card for card in cards if card["open"]]}]
    over = [card for card in cards if not card["open"]]
    for year, members in groupby(over, lambda card: card["day"][:4]):
        found.append({"name": f"{year}年已办结", "cards": list(members)})
    return [group for group in found if group["cards"]]


def told(cards: Sequence[Card]) -> str:
    """Return how many there are, how many of them are open, and how many late."""
    if not cards:
        return ""
    late = sum(1 for card in cards if card["late"])
    running = sum(1 for card in cards if card["open"])
    kept = f"其中逾期 {late} 件" if late else "没有逾期"
    return f"共 {len(cards)} 件，办理中 {running} 件，已办结 {len(cards) - running} 件，{kept}。"


def as_data(ledger: Ledger, cards: Sequence[Card], context: Context) -> dict[str, Any]:
    """Return *ledger* for programs: what its page shows."""
    own = newest_first(card for card in cards if card["item"] == ledger.item)
    return {
        "school": context.seen.school.name,
        "audience": context.audience,
        "date": context.today.isoformat(),
        "ledger": ledger.name,
        "matters": [{key: card[key] for key in _DATA} for card in own],
    }


def as_csv(ledger: Ledger, cards: Sequence[Card]) -> str:
    """Return *ledger* for spreadsheets: the same, a line each."""
    own = newest_first(card for card in cards if card["item"] == ledger.item)
    lines = [[str(card[key]) for key, _ in _COLUMNS] for card in own]
    return data.table([name for _, name in _COLUMNS], lines)
