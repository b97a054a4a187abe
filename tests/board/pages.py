"""Reading built pages as a browser would, with nothing but the standard library."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))


class Page(HTMLParser):
    """What a page holds: its ids, links, heads, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.ids: list[str] = []
        self.links: list[tuple[str, str, str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.text: list[str] = []
        self.feed(path.read_text("utf-8"))
        self.close()
        if self.open:
            self.wrong.append(f"not closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if len(found) != len(attrs):
            self.wrong.append(f"an attribute twice: {tag} {attrs}")
        self.tags.append((tag, found))
        if found.get("id"):
            self.ids.append(found["id"] or "")
        for name in ("href", "src", "action"):
            if found.get(name) is not None:
                self.links.append((tag, name, found[name] or ""))
        if any(name.startswith("on") or name == "style" for name in found):
            self.wrong.append(f"handler or style in {tag}: {found}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing, line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every *tag*."""
        return [attrs for name, attrs in self.tags if name == tag]


def pages(root: Path) -> dict[str, Page]:
    """Return every page below *root*."""
    return {path.relative_to(root).as_posix(): Page(path) for path in sorted(root.rglob("*.html"))}


def dead_links(root: Path, found: dict[str, Page]) -> list[str]:
    """Return every link that leads nowhere, by the exact case of the name."""
    names = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    dead = []
    for name, page in found.items():
        for _, _, link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (Path(name).parent / unquote(parts.path)).as_posix() if parts.path else name
            clean: list[str] = []
            for part in target.split("/"):
                if part == "..":
                    clean.pop()
                elif part not in ("", "."):
                    clean.append(part)
            target = "/".join(clean)
            fragment_missing = parts.fragment and target in found and parts.fragment not in found[target].ids
            if target not in names or fragment_missing:
                dead.append(f"{name}: {link}")
    return dead
