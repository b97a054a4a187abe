"""The Atom feed and the site map as XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_UNKNOWN = re.compile("[\x00-\x08\x0b-\x1f]")
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def feed(value: Mapping[str, Any]) -> bytes:
    """Return the feed in *value* as Atom."""
    lines = [
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">',
        _element("id", value["id"]),
        _element("title", value["title"]),
        _element("updated", value["updated"]),
        f"<author>{_element('name', value['author'])}</author>",
    ]
    if value["home"]:
        lines.append(f"<link rel=\"alternate\" type=\"text/html\" href={quoteattr(value['home'])}/>")
        lines.append(f"<link rel=\"self\" type=\"application/atom+xml\" href={quoteattr(value['home'] + 'feed.xml')}/>")
    for entry in value["entries"]:
        lines += _entry(entry)
    return (_HEAD + "\n".join([*lines, "</feed>"]) + "\n").encode()


def _entry(entry: Mapping[str, Any]) -> list[str]:
    category = [f"<category term={quoteattr(entry['category'])}/>"] if entry["category"] else []
    return [
        "<entry>",
        _element("id", entry["id"]),
        _element("title", entry["title"]),
        _element("published", entry["published"]),
        _element("updated", entry["updated"]),
        f"<link rel=\"alternate\" type=\"text/html\" href={quoteattr(entry['url'])}/>",
        *category,
        _element("summary", entry["summary"]),
        "</entry>",
    ]


def sitemap(places: Iterable[Mapping[str, str]]) -> bytes:
    """Return *places* as a site map."""
    lines = ['<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for place in places:
        changed = _element("lastmod", place["day"]) if place["day"] else ""
        lines.append(f"<url>{_element('loc', place['url'])}{changed}</url>")
    return (_HEAD + "\n".join([*lines, "</urlset>"]) + "\n").encode()


def _element(name: str, text: str) -> str:
    # Characters that XML does not know at all would make the whole feed unreadable.
    return f"<{name}>{escape(_UNKNOWN.sub('', text))}</{name}>"
