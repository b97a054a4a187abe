"""Saved web pages as evidence: what runs or loads is taken out, what was to be read stays.

Only evidence may be a page; it is kept beside the record and never published.  A policy written into the page forbids
a browser to run or fetch anything, should the filter and the browser ever read a page differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from html import escape
from html.parser import HTMLParser

from schoolpub.errors import say
from schoolpub.store.attachments.cleaned import Cleaned, broken

_HEAD = (
    '<meta charset="utf-8">'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "img-src data: cid:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'\">"
)
_SILENT = frozenset(["script", "iframe"])
"""What goes with all that stands in it."""
_DROPPED = _SILENT | {"frame", "object", "embed", "applet", "base", "portal", "fencedframe"}
"""Of these others the tag goes, and what stands in it stays."""
_SAVED_FROM = " saved from url="
"""How the comment begins in which a browser tells the address of a page it saved."""
_BREAKS = frozenset(["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "dt", "dd", "table", "section", "td", "th"])
_RUNS = re.compile(r"[\s\x00-\x1f]*(?:javascript|vbscript|data\s*:\s*text/html)", re.IGNORECASE)
_REMOTE = ("src", "srcset", "poster", "background", "data")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)


def clean(data: bytes, name: str) -> Cleaned:
    """Return a saved page without scripts, frames and whatever it would load."""
    if _ending(name) in ("mhtml", "mht"):
        return Cleaned(data=_bundle(data, name), name=name)
    return Cleaned(data=_page(_decoded(data, name)).encode(), name=name)


def text(data: bytes, name: str) -> str:
    """Return what is to be read on a cleaned page, also what stands only beside a picture or in a field."""
    if _ending(name) not in ("mhtml", "mht"):
        return _Words.of(_decoded(data, name))
    parts = [p for p in message_from_bytes(data, policy=policy.compat32).walk() if _is_page(p)]
    return "\n".join(_Words.of(_decoded(_payload(part), name, part.get_content_charset())) for part in parts)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _decoded(data: bytes, name: str, charset: str | None = None) -> str:
    said = _CHARSET.search(data[:2048])
    for encoding in (charset, "utf-8-sig", said[1].decode("ascii") if said else None, "gb18030"):
        try:
            if encoding and b"\0" not in data:
                return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise broken(name, say("it is no text in UTF-8 or GB18030"))


def _page(source: str) -> str:
    page = _Page()
    page.feed(source.replace("\r\n", "\n"))
    page.close()
    return "".join(page.kept)


def _bundle(data: bytes, name: str) -> bytes:
    """Return a page that was saved as one file (MHTML) with each of its pages cleaned and its scripts emptied."""
    message = message_from_bytes(data, policy=policy.compat32.clone(max_line_length=0))
    parts = [part for part in message.walk() if not part.is_multipart()]
    if message.get("MIME-Version") is None or not any(_is_page(part) for part in parts):
        raise broken(name, say("there is no page in it"))
    for part in parts:
        if _is_page(part):
            cleaned = _page(_decoded(_payload(part), name, part.get_content_charset()))
            _put(part, cleaned.encode(), "utf-8")
        elif not part.get_content_type().startswith(("image/", "text/css", "font/")):
            _put(part, b"", None)
    return message.as_bytes()


def _is_page(part: Message) -> bool:
    return part.get_content_type() in ("text/html", "application/xhtml+xml")


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _put(part: Message, data: bytes, charset: str | None) -> None:
    from base64 import encodebytes

    if charset:
        part.set_param("charset", charset)
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(data).decode("ascii"))


class _Page(HTMLParser):
    """A page copied tag by tag, without what runs or loads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._within = ""
        self._style = False
        self._begun = False

    def handle_decl(self, decl: str) -> None:
        self.kept.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        if data.startswith(_SAVED_FROM):
            self.kept.append(f"<!--{data}-->")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._within or tag in _DROPPED:
            self._within = self._within or (tag if tag in _SILENT else "")
            return
        known = dict(attrs)
        if (tag == "meta" and _is_told_anew(known)) or (tag == "link" and known.get("rel") != "canonical"):
            return
        told = "".join(_written(key, value) for key, value in attrs if _may_stay(key, value))
        self.kept.append(f"<{tag}{told}>")
        self._style = tag == "style"
        if tag == "head":
            self._begin()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        count = len(self.kept)
        self.handle_starttag(tag, attrs)
        if len(self.kept) > count:  # as in a drawing, where every element may be closed at once
            self.kept[count] = f"{self.kept[count][:-1]}/>"

    def handle_endtag(self, tag: str) -> None:
        if self._within:
            self._within = "" if tag == self._within else self._within
        elif tag not in _DROPPED:
            self._style = False
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.kept.append(data if self._style else escape(data, quote=False))

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self.kept.append(_HEAD)

    def close(self) -> None:
        super().close()
        if self._begun:
            return
        # Without a head the policy still has to stand before everything that it forbids.
        after = 1 if self.kept and self.kept[0].startswith("<!") else 0
        self.kept.insert(after, f"<head>{_HEAD}</head>")


def _is_told_anew(attrs: dict[str, str | None]) -> bool:
    """Return whether a `meta` says what the page says anew, or sends the reader elsewhere."""
    equivalent = (attrs.get("http-equiv") or "").lower()
    return "charset" in attrs or equivalent in ("content-type", "content-security-policy", "refresh", "set-cookie")


def _may_stay(key: str, value: str | None) -> bool:
    if key.startswith("on") or key in ("srcdoc", "ping", "nonce", "integrity"):
        return False
    if value and _RUNS.match(value):
        return False
    return key not in _REMOTE or not value or value.startswith(("data:image/", "cid:"))


def _written(key: str, value: str | None) -> str:
    return f" {key}" if value is None else f' {key}="{escape(value)}"'


class _Words(HTMLParser):
    """What is to be read on a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._style = False

    @classmethod
    def of(cls, source: str) -> str:
        """Return the words of *source*."""
        words = cls()
        words.feed(source)
        words.close()
        return "".join(words.found)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        self.found += ["\n"] if tag in _BREAKS else []
        self.found += [f" {value} " for value in _shown(attrs)]

    def handle_endtag(self, tag: str) -> None:
        self._style = False
        self.found += ["\n"] if tag in _BREAKS else []

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.found.append(data)


def _shown(attrs: list[tuple[str, str | None]]) -> Iterator[str]:
    for key, value in attrs:
        if value and key in ("alt", "title", "value", "content", "placeholder"):
            yield value
