"""Records made into files, each with its editions a unit of work; two processes where there are many."""

from __future__ import annotations

import gc
import json
import marshal
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from schoolpub.board import output
from schoolpub.board.cache import Made, Side
from schoolpub.board.collector import collected
from schoolpub.board.output import Entry, Folder
from schoolpub.board.sources import SourceError, Sources
from schoolpub.board.templates import Templates
from schoolpub.errors import Problem
from schoolpub.views.context import Context
from schoolpub.views.pages import site
from schoolpub.views.sheets.qr import Squares

_WORTH_A_PROCESS = 200
_SHARE = 50
"""Records handed to a process at a time."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is needed to make any file."""

    contexts: Mapping[str, Context]
    folders: Mapping[str, Folder]
    look: Templates
    policy: str
    """A digest of program, templates, policy and day."""
    sources: Sources
    squares: Squares
    """What the contexts share."""
    before: Mapping[str, Side]
    """What the last build made for each audience."""

    def common(self, audience: str) -> dict[str, Any]:
        """Return what every page of *audience* shows."""
        return site.common(self.contexts[audience])


@dataclass(slots=True)
class Outcome:
    """What became of the records of both audiences."""

    sides: dict[str, dict[str, Made]] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


Task: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
"""A base id, and for each audience that sees it the digest of all that it depends on."""
Result: TypeAlias = tuple[str, list[tuple[str, Made, list[str]]], list[Problem]]


def make(work: Work, keys: Mapping[str, Mapping[str, str]], jobs: int | None) -> Outcome:
    """Return everything that belongs to single records, made anew where *keys* differ from the last build's."""
    outcome = Outcome({audience: {} for audience in keys}, {audience: [] for audience in keys})
    todo: dict[str, list[tuple[str, str]]] = {}
    for audience, by_base in keys.items():
        for base, key in by_base.items():
            made = work.before[audience].units.get(base)
            if made and made.key == key and _as_left(made, work.folders[audience]):
                outcome.sides[audience][base] = made
            else:
                todo.setdefault(base, []).append((audience, key))
    tasks = [(base, tuple(wanted)) for base, wanted in todo.items()]
    for base, sides, problems in _results(work, tasks, jobs):
        outcome.problems += problems
        for audience, made, written in sides:
            outcome.sides[audience][base] = made
            outcome.written[audience] += written
    for audience, by_base in keys.items():
        # In the order of the records, whichever process was first.
        outcome.sides[audience] = {b: outcome.sides[audience][b] for b in by_base if b in outcome.sides[audience]}
    return outcome


def _as_left(made: Made, folder: Folder) -> bool:
    return all(folder.sizes.get(path) == entry[1] for path, entry in made.files.items())


def _results(work: Work, tasks: Sequence[Task], jobs: int | None) -> Iterator[Result]:
    processes = min(jobs or 2, os.cpu_count() or 1)
    if len(tasks) <= _WORTH_A_PROCESS or processes < 2 or sys.platform == "win32" or not hasattr(os, "fork"):
        common = {audience: work.common(audience) for audience in work.contexts}
        with collected():
            yield from [_one(work, common, task) for task in tasks]
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _warm(work)
    shares = [tasks[i : i + _SHARE] for i in range(0, len(tasks), _SHARE)]
    with ProcessPoolExecutor(processes, get_context("fork"), initializer=_begin, initargs=(work,)) as pool:
        for results in pool.map(_share, shares):
            yield from results


_work: Work
_common: dict[str, dict[str, Any]]


def _begin(work: Work) -> None:
    """Take over what the parent has read: a forked process gets it for nothing."""
    global _work, _common
    gc.freeze()  # what was read lives as long as the process: never walk it again
    gc.enable()
    _work, _common = work, {audience: work.common(audience) for audience in work.contexts}


def _share(tasks: Sequence[Task]) -> list[Result]:
    return [_one(_work, _common, task) for task in tasks]


def _warm(work: Work) -> None:
    """Make what all processes need before they part."""
    for context in work.contexts.values():
        _ = context.editions, context.mentions
    work.look.load()


def _one(work: Work, common: Mapping[str, dict[str, Any]], task: Task) -> Result:
    base, wanted = task
    sides: list[tuple[str, Made, list[str]]] = []
    problems: list[Problem] = []
    squares = work.squares
    squares.known, squares.used = {}, {}
    for audience, key in wanted:
        context = work.contexts[audience]
        if before := work.before[audience].units.get(base):
            squares.known |= before.squares
        unit = site.unit(base, context, work.sources.offers, work.sources.holds)
        writer = Writer(work, audience, common[audience])
        for page in unit.pages:
            writer.page(page)
        for text in unit.texts:
            writer.text(text)
        for copy in unit.copies:
            try:
                writer.copy(copy)
            except SourceError as wrong:
                problems.append(wrong.problem)
        made = Made(key, unit.cards, " ".join(unit.terms), writer.files, squares.used)
        sides.append((audience, made, writer.written))
    return base, sides, problems


class Writer:
    """Puts pages, texts and copies into one audience's folder and remembers what it did."""

    def __init__(self, work: Work, audience: str, common: dict[str, Any]) -> None:
        self.work = work
        self.audience = audience
        self.common = common
        self.folder = work.folders[audience]
        self.files: dict[str, Entry] = {}
        self.written: list[str] = []

    def page(self, page: site.Page) -> None:
        """Render *page* unless template and value are what they were."""
        value = marshal.dumps(page.value, 0)
        key = output.digest(self.work.policy.encode(), page.template.encode(), value)

        def render() -> bytes:
            return self.work.look.render(page.template, {**page.value, "common": self.common}).encode()

        self._put(page.path, key, render)

    def text(self, text: site.Text) -> None:
        """Write *text*, JSON where it is no text yet."""
        value = text.value
        data = (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) + "\n").encode()
        self._put(text.path, output.digest(data), lambda: data)

    def data(self, path: str, data: bytes) -> None:
        """Write bytes as they are."""
        self._put(path, output.digest(data), lambda: data)

    def copy(self, copy: site.Copy) -> None:
        """Copy a file that was approved; it is not even read when it was copied before."""
        snapshot = self.work.contexts[self.audience].seen
        self._put(copy.path, copy.sha256, lambda: self.work.sources.read(copy, snapshot))

    def _put(self, path: str, key: str, data: Any) -> None:
        self.files[path], written = self.folder.put(path, key, data)
        if written:
            self.written.append(path)
