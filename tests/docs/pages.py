"""The documentation as the tests see it: pages, fenced blocks, headings, links.

Blocks marked `sh` and `console` are run, those of one page in one shell and in order, in an empty folder.  In a
`console` block the lines after `$ ` are commands and the others are what they print; a line `…` stands for lines that
are left out.  Blocks marked `text` (what waits for a person, installs something, takes long, or needs a network) are
not run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent.parent
PAGES = (
    "README.md",
    "README.zh-CN.md",
    "docs/clerk.md",
    "docs/spreadsheets.md",
    "docs/feedback.md",
    "docs/rectification.md",
    "docs/archivist.md",
    "docs/administrator.md",
    "docs/safekeeping.md",
    "docs/proof.md",
    "docs/privacy.md",
    "docs/architecture.md",
    "docs/file-format.md",
)
LEFT_OUT = "…"

_FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>[\w-]*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: what it is marked as, its text, the line on which it begins, where its text lies in the page."""

    kind: str
    text: str
    line: int
    span: tuple[int, int]


@dataclass(frozen=True)
class Command:
    """A command of a `console` block, and what the page says that it prints."""

    text: str
    output: str


def read(page: str) -> str:
    """Return the text of a page."""
    return (REPOSITORY / page).read_text("utf-8")


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [
        Block(match["kind"], match["text"], text.count("\n", 0, match.start()) + 1, match.span("text"))
        for match in _FENCE.finditer(text)
    ]


def prose(text: str) -> str:
    """Return a page without its fenced blocks."""
    return _FENCE.sub("", text)


def commands(block: Block) -> list[Command]:
    """Return the commands of a `console` block; a line after `> ` goes on with the command."""
    found: list[Command] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:], ""))
        elif found and line.startswith("> ") and not found[-1].output:
            found[-1] = Command(f"{found[-1].text}\n{line[2:]}", "")
        else:
            found[-1] = Command(found[-1].text, f"{found[-1].output}{line}\n")
    return found


def matches(said: str, printed: str) -> bool:
    """Return whether *printed* is what a page *said*, whose lines `…` stand for any lines."""
    pattern = "".join("(?:.*\n)*" if line == LEFT_OUT else re.escape(line) + " *\n" for line in said.splitlines())
    return re.fullmatch(pattern, printed) is not None


def levels(text: str) -> list[int]:
    """Return the levels of the headings, in order."""
    return [len(mark) for mark, _ in _HEADING.findall(prose(text))]


def anchors(text: str) -> set[str]:
    """Return what a link may name behind `#`: the headings as the usual hosts spell them."""
    named = (heading.replace("`", "").lower() for _, heading in _HEADING.findall(prose(text)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in named}


def links(text: str) -> list[str]:
    """Return the links of a page that stay in the repository."""
    return [link for link in _LINK.findall(prose(text)) if not re.match(r"[a-z]+:", link)]
