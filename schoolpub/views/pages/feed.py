"""The Atom feed and the site map, as values; the board writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from schoolpub.views import places
from schoolpub.views.context import Context
from schoolpub.views.pages.cards import Card

_ENTRIES = 50
_FOUNDED = "2026-01-01"
"""Date in the tags: it only has to be one on which the school could have owned its address, and never to change."""


def feed(cards: Collection[Card], context: Context) -> dict[str, Any]:
    """Return the feed of the newest records; a stopped one stays, so that readers learn of it."""
    school = context.seen.school
    newest = sorted(cards, key=lambda c: (c["updated"], c["id"]), reverse=True)[:_ENTRIES]
    return {
        "id": _tag(context, "feed"),
        "title": f"{school.name}校务公开" + ("" if context.public else "（校内）"),
        "updated": max((c["updated"] for c in newest), default=f"{context.today.isoformat()}T00:00:00+08:00"),
        "author": school.name,
        "home": school.site,
        "entries": [
            {
                "id": _tag(context, c["base"]),
                "title": _title(c),
                "url": school.site + places.link(c["url"]),
                "published": _published(c, context),
                "updated": c["updated"],
                "category": c["category"],
                "summary": _summary(c),
            }
            for c in newest
        ],
    }


def _published(card: Card, context: Context) -> str:
    """Return when the matter was first posted: a correction updates its entry."""
    post = context.replay(context.editions[card["base"]][0]).last("post")
    return post.at.isoformat() if post else str(card["posted_at"])


def _title(card: Card) -> str:
    if card["stopped"]:
        return f"{card['title']}（{card['status_word']}）"
    return f"更正：{card['title']}" if card["edition"] > 1 else str(card["title"])


def _summary(card: Card) -> str:
    if card["stopped"]:
        return "内容已停止公开。"
    corrected = f"第{card['edition']}版，更正说明：{card['reason']}" if card["reason"] else ""
    parts = (corrected, card["department"], card["number"], card["summary"])
    return "　".join(part for part in parts if part)


def _tag(context: Context, name: str) -> str:
    """Return an id that stays when the site moves from place to place on its server."""
    host = urlsplit(context.seen.school.site).hostname or "schoolpub.invalid"
    return f"tag:{host},{_FOUNDED}:{context.audience}/{name}"


def sitemap(pages: Iterable[str], cards: Collection[Card], context: Context) -> list[dict[str, str]]:
    """Return every page with its address and the day of its last change, where that is known."""
    site = context.seen.school.site
    if not site:
        return []
    changed = {c["url"]: c["updated"][:10] for c in cards}
    return [{"url": site + places.link(path), "day": changed.get(path, "")} for path in sorted(pages)]
