"""A school's own templates: looked at before, bounded while they run, and told where they go wrong.

They are words of people who are no programmers, or of somebody who means harm: nothing outside their folder is read,
no page runs for ever, and no page loads anything from elsewhere.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError, TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from schoolpub.errors import SchoolpubError, Text, say

_LARGEST = 20 * 1024 * 1024
_LARGEST_TEXT = 1024 * 1024
_TEXTS = (".html", ".css", ".js")
_SECONDS = 5.0
"""Processor time that one page may take; the longest honest one takes a fraction of a second."""
_MEMORY = 2 * 1024**3
_LONGEST = 10_000
_WIDE = re.compile(r"%[^a-zA-Z%]*(?:\d{4}|\*)")
_OUTSIDE = re.compile(rb"@import|url\(\s*[\"']?\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_REFRESH = re.compile(r"<meta[^>]+http-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
_FIRST = ("html", "head")

_deadline = 0.0


def look_at(folder: Path) -> None:
    """Raise SchoolpubError where *folder* holds links, enormous files, or a style that loads from elsewhere."""
    for path in (folder.parent, folder, *sorted(folder.rglob("*"))):
        name = path.relative_to(folder.parents[1]).as_posix()
        if path.is_symlink():
            raise _refused(say("{file} is a link: it would show what lies elsewhere.", file=name),
                           say("put the file itself there"))  # fmt: skip
        if not path.is_file():
            continue
        size, text = path.stat().st_size, path.suffix.lower() in _TEXTS
        if size > (_LARGEST_TEXT if text else _LARGEST):
            raise _refused(say("{file} has {size} MB, too much for every page.", file=name, size=-(-size // 1024**2)),
                           say("make it smaller"))  # fmt: skip
        if path.suffix.lower() == ".css" and (found := _OUTSIDE.search(data := path.read_bytes())):
            line = data.count(b"\n", 0, found.start()) + 1
            raise _refused(say("{file}:{line} loads something from elsewhere; the site asks nobody.",
                               file=name, line=line),
                           say("put the file into templates/site/assets and name it there"))  # fmt: skip


def _refused(message: Text, fix: Text) -> SchoolpubError:
    return SchoolpubError(message, fix=fix)


class TooLong(TemplateRuntimeError):
    """A page runs on and on."""


def tick() -> None:
    """Count a round of a loop, or a call: raise TooLong when the page has had its time."""
    if time.process_time() > _deadline:
        raise TooLong(f"it runs for more than {_SECONDS:.0f} seconds")


class Bounded(SandboxedEnvironment):
    """Jinja's sandbox, in which loops and macros end and texts stay short."""

    intercepted_binops = frozenset(["*", "**", "%"])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        del self.globals["lipsum"]
        wanted = self.filters["format"]

        def formatted(value: Any, *arguments: Any, **named: Any) -> Any:
            _narrow(str(value))
            return wanted(value, *arguments, **named)

        self.filters["format"] = formatted

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in list(tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock))):
            assert isinstance(node, nodes.For | nodes.Macro | nodes.CallBlock)
            call = nodes.Call(nodes.ImportedName(f"{__name__}.tick"), [], [], None, None)
            node.body.insert(0, nodes.ExprStmt(call, lineno=node.lineno).set_environment(self))
        return tree

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute what may grow without end, where it does not."""
        if operator == "**":
            raise SecurityError("** is not for templates")
        if operator == "*":
            long = next((len(one) * other for one, other in ((left, right), (right, left))
                         if hasattr(one, "__len__") and isinstance(other, int)), 0)  # fmt: skip
            if long > _LONGEST:
                raise SecurityError(f"a text repeated to {long} characters")
        elif isinstance(left, str):
            _narrow(left)
        return super().call_binop(context, operator, left, right)


def _narrow(pattern: str) -> None:
    if _WIDE.search(pattern):
        raise SecurityError("a format of more than 999 characters")


@contextmanager
def bounded(folders: Sequence[Path]) -> Iterator[None]:
    """Let a template of *folders* run for its time, in its memory; tell what is wrong with it by file and line."""
    global _deadline
    _deadline = time.process_time() + _SECONDS
    try:
        with _memory():
            yield
    except SchoolpubError:
        raise
    except Exception as error:
        file, line = _place(error, folders)
        reason = str(error) or {"MemoryError": "it needs too much memory"}.get(type(error).__name__, "")
        raise SchoolpubError(
            say("The page template {file} has a mistake in line {line}: {message}", file=file, line=line,
                message=(reason or type(error).__name__)[:200]),
            fix=say("Mend the template in templates/site, or remove it to use the built-in one."),
        ) from None  # fmt: skip


def _place(error: Exception, folders: Sequence[Path]) -> tuple[str, int | str]:
    """Return the file and the line of the school's own templates where *error* arose."""
    if isinstance(error, TemplateSyntaxError):
        return error.name or "*.html", error.lineno
    place: tuple[str, int | str] = ("*.html", "?")
    trace = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        own = next((folder for folder in folders if path.is_relative_to(folder)), None)
        if own is not None and (own in folders[:-1] or place[1] == "?"):
            place = path.relative_to(own).as_posix(), trace.tb_lineno
        trace = trace.tb_next
    return place


@contextmanager
def _memory() -> Iterator[None]:
    """Let this process grow by so much and no more, where the system can do that."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = used + _MEMORY if hard == resource.RLIM_INFINITY else min(used + _MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def keeps_to_itself(page: str, name: str, shipped: Path) -> None:
    """Raise SchoolpubError when *page* may load or run something from elsewhere: it lost the head of every page."""
    wanted = _POLICY.search((shipped / "base.html").read_text("utf-8"))
    assert wanted is not None
    head = _Head()
    head.feed(page[:4096])
    if head.policy != wanted[1] or _REFRESH.search(page):
        raise SchoolpubError(
            say("The page made by {file} lacks the line that keeps pages from loading anything from elsewhere.",
                file=name),
            fix=say("begin the template with {example} and change single blocks",
                    example=f"{{% extends 'shipped/{name}' %}}"),
        )  # fmt: skip


class _Head(HTMLParser):
    """Finds the policy of a page, where nothing stands before it that could load anything."""

    policy: str | None = None
    other = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        if tag == "meta" and not self.other and told.get("http-equiv", "") == "Content-Security-Policy":
            self.policy = self.policy or told.get("content")
        elif tag not in _FIRST and not (tag == "meta" and "http-equiv" not in told):
            self.other = True
