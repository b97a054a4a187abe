"""Tells the story through the real commands: each act by its person, at its moment, as anybody would type it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from schoolpub.cli.app import app
from schoolpub.cli.clock import BEIJING
from schoolpub.cli.story import pictures
from schoolpub.cli.story.entries import Entries
from schoolpub.cli.story.episodes import Decide, Deed, Draft, Episode, Paper, Post
from schoolpub.cli.story.matters import Say
from schoolpub.model.catalogue import FlowStep, Item
from schoolpub.model.record import Tree
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.chain import authority, witness
from schoolpub.store.files import private, record_file
from schoolpub.store.workspace import Workspace
from schoolpub.store.yaml import canonical

_STAGES = ("submit", "review", "screen", "protect", "decide", "vote", "verify", "sign", "post")
"""The way of a record: those that are behind catch up first, so that one command serves many."""

_HOURS = {
    Draft: time(8, 40), Say: time(9), Deed: time(9, 30), Decide: time(10, 30), Paper: time(13, 40), Post: time(14, 30),
}  # fmt: skip
_PAUSE = timedelta(minutes=2)

_OUTER, _INNER = "校门外公开栏", "办公楼内公开栏"


@dataclass(slots=True)
class Told:
    """A record of the story, as far as it has come."""

    id: str
    file: str
    item: Item
    department: str
    audience: str
    status: str = "draft"
    by: dict[str, str] = field(default_factory=dict)
    """Step → who took it."""


class Teller:
    """Acts in the school's folder *root*; files handed to the commands lie on *desk*."""

    def __init__(self, root: Path, desk: Path, entries: Entries, changes: Entries) -> None:
        self.root = root
        self._desk = desk
        self._entries = entries
        self._changes = changes
        self._snapshot: Snapshot = Workspace(root).read()
        self._moment = datetime(2026, 1, 1, tzinfo=BEIJING)
        self.told: dict[str, Told] = {}

    def tell(self, episodes: Iterable[Episode]) -> Iterator[Episode]:
        """Play *episodes* one after the other, and yield each when it has happened."""
        for episode in episodes:
            begins = datetime.combine(date.fromisoformat(episode.day), _HOURS[type(episode)], BEIJING)
            self._moment = max(self._moment, begins)
            match episode:
                case Draft(names=names, until=until):
                    self._draft(names, until)
                case Decide(names=names, vote=vote):
                    self._carry(names, "sign", vote)
                case Paper(name=name):
                    self._paper(name)
                case Post(names=names):
                    self._carry(names, "post")
                    self._prove(names)
                case Deed():
                    self._do(episode)
                case Say():
                    self._say(episode)
            yield episode

    # What people do

    def _draft(self, names: Sequence[str], until: str) -> None:
        for name in names:
            entry = self._entries[name]
            item = self._item(str(entry["item"]))
            department = str(entry.get("department", item.department))
            body = {key: value for key, value in entry.items() if key not in ("item", "attach")}
            person = self._drafter(department)
            made = self._run("add", item.slug, "--from", self._yaml(name, body), person=person)
            told = Told(made["id"], made["file"], item, department, str(entry.get("audience", item.audience)))
            told.by["draft"] = person
            self.told[name] = told
            attached = entry.get("attach")
            for attachment in attached if isinstance(attached, list) else ():
                assert isinstance(attachment, dict)
                path, title = self._attachment(attachment), str(attachment["title"])
                self._run("attach", told.id, str(path), "--title", title, person=person)
                if "picture" in attachment:
                    self._run("inspect", told.id, person=self._office())
        if until != "draft":
            self._carry(names, until)

    def _carry(self, names: Sequence[str], until: str, vote: str = "") -> None:
        """Take every step of the chain that is left for *names*, up to and with *until*."""
        for stage in _STAGES[: _STAGES.index(until) + 1]:
            groups: dict[str, list[str]] = {}
            for name in names:
                line = self._next(name)
                if line is not None and line.step == stage:
                    groups.setdefault(self._actor(name, line), []).append(name)
            for person, group in groups.items():
                line = self._next(group[0])
                assert line is not None
                said = ("--meeting", vote if stage == "vote" else self._meeting()) if "meeting" in line.needs else ()
                self._on_all("approve" if line.approves else stage, group, *said, person=person)
                for name in group:
                    self.told[name].by[stage] = person

    def _paper(self, name: str) -> None:
        told = self.told[name]
        lines = [line for line in self._flow(told) if line.approves and line.step in _STAGES]
        signers = ",".join(f"{line.by[0]}={self._actor(name, line)}" for line in lines)
        code = witness.text_code(record_file.content_of((self.root / told.file).read_bytes()))
        scan = self._picture("登记表扫描件.png", pictures.paper(name))
        self._on_all(
            "approve", [name], "--paper", scan, "--code", code, "--for", signers, "--on", f"{self._moment:%Y-%m-%d}",
            "--meeting", self._meeting(), person=self._office(),
        )  # fmt: skip
        told.by |= {line.step: self._actor(name, line) for line in lines}

    def _prove(self, names: Sequence[str]) -> None:
        """Record the proof that *names* hang or are online: one photo for all that hang together."""
        told = [self.told[name] for name in names]
        hanging = [t for t in told if "board" in t.item.channels]
        self._proof("board", _OUTER, [t for t in hanging if t.audience != "internal"])
        self._proof("board", _INNER, [t for t in hanging if t.audience != "external"])
        self._proof("website", "校务公开栏目", [t for t in told if "website" in t.item.channels])
        self._proof("congress", "教代会会场", [t for t in told if "congress" in t.item.channels])

    def _proof(self, channel: str, place: str, told: Sequence[Told]) -> None:
        if not told:
            return
        today = f"{self._moment:%Y-%m-%d}"
        photo = self._picture(f"{place}.png", pictures.board(f"{today} {place}", len(told) + 2))
        self._run(
            "prove", *(t.id for t in told), "--channel", channel, "--place", place, "--on", today, "--photo", photo,
            person=self._office(),
        )  # fmt: skip

    def _do(self, deed: Deed) -> None:
        told = self.told[deed.name]
        words = list(deed.options)
        for place, word in enumerate(words):
            before = words[place - 1] if place else ""
            if before == "--photo":
                words[place] = self._picture(word, pictures.board(f"{deed.day} {deed.name}", 1))
            elif before == "--from":
                words[place] = self._yaml(word, self._changes[word])
        answer = self._run(deed.command, told.id, *words, person=deed.person)
        if deed.makes:
            made = Told(answer["id"], answer["file"], told.item, told.department, told.audience)
            made.by["draft"] = deed.person
            self.told[deed.makes] = made
        elif deed.command == "undo":
            told.status = answer["status"]
            told.by.popitem()
        elif "status" in answer:
            told.status = answer["status"]

    def _say(self, said: Say) -> None:
        """Do what the ledgers are told, and remember what it made."""
        words = [self._with_ids(word) for word in said.words]
        answer = self._run(said.command, *words, person=said.person)
        if said.makes:
            catalogue = self._snapshot.in_force(self._moment.date())
            assert catalogue is not None
            item = max((one for one in catalogue.items.values() if answer["id"].startswith(f"{one.slug}-")),
                       key=lambda one: len(one.slug))  # fmt: skip
            record, _ = record_file.read_record((self.root / answer["file"]).read_bytes(), answer["file"])
            assert record is not None
            told = Told(record.id, record.file, item, record.department, record.audience)
            told.by["draft"] = said.person
            self.told[said.makes] = told

    # Who is next

    def _item(self, slug: str) -> Item:
        catalogue = self._snapshot.in_force(self._moment.date())
        assert catalogue is not None
        return catalogue.items[slug]

    def _flow(self, told: Told) -> tuple[FlowStep, ...]:
        catalogue = self._snapshot.in_force(self._moment.date())
        assert catalogue is not None
        return catalogue.flows[told.item.flow].steps

    def _next(self, name: str) -> FlowStep | None:
        """Return the step that leads on from where *name* stands."""
        told = self.told[name]
        return next((line for line in self._flow(told) if line.step in _STAGES and told.status in line.sources), None)

    def _actor(self, name: str, line: FlowStep) -> str:
        """Return the first person who may take *line* after what was done before."""
        told = self.told[name]
        if line.step == "submit":
            return self._drafter("")  # who drafts for all departments sends on what they have drafted
        taken = {told.by.get(step) for step in line.not_by}
        entitled = authority.entitled(self._snapshot.people, line, told.department, self._moment.date())
        return next(person for person in entitled if person not in taken)

    def _drafter(self, department: str) -> str:
        today = self._moment.date()
        held = [a for a in self._snapshot.people.appointments if a.role == "填报人" and a.holds_on(today)]
        return next(a for wanted in (department, "") for a in held if a.department == wanted).person

    def _office(self) -> str:
        held = (a for a in self._snapshot.people.appointments if a.holds_on(self._moment.date()))
        return [a.person for a in held if a.role == "公开办"][-1]

    def _meeting(self) -> str:
        day = self._moment
        return f"{day.year}年{day.month}月{day.day}日校务公开领导小组会议"

    # What they type

    def _on_all(self, command: str, names: Sequence[str], *words: str, person: str) -> None:
        answer = self._run(command, *(self.told[name].id for name in names), *words, person=person)
        for name, row in zip(names, answer if isinstance(answer, list) else [answer], strict=True):
            self.told[name].status = row["status"]

    def _run(self, command: str, *words: str, person: str) -> Any:
        """Run `schoolpub COMMAND WORDS… --as PERSON` at the present moment and return its answer."""
        self._moment += _PAUSE
        line = [*command.split(), *words, "--json", "--root", str(self.root)]
        return json.loads(run([*line, "--as", person] if person else line, self._moment))

    def _yaml(self, name: str, tree: dict[str, Tree]) -> str:
        path = self._desk / f"{name}.yaml"
        path.write_text(canonical.block_text(self._with_ids(tree)), encoding="utf-8", newline="\n")
        return str(path)

    def _with_ids(self, tree: Any) -> Any:
        """Return *tree* with the ids of the records that it calls by @NAME."""
        if isinstance(tree, str) and tree.startswith("@"):
            return self.told[tree[1:]].id
        if isinstance(tree, dict):
            return {key: self._with_ids(value) for key, value in tree.items()}
        return [self._with_ids(value) for value in tree] if isinstance(tree, list) else tree

    def _attachment(self, wanted: dict[str, Tree]) -> Path:
        """Make the file that is attached: rows of a table, a picture, or another record's notice as PDF."""
        path = self._desk / str(wanted["file"])
        if "rows" in wanted:
            path.write_text(str(wanted["rows"]), encoding="utf-8", newline="\n")
        elif "picture" in wanted:
            path.write_bytes(pictures.paper(str(wanted["picture"])))
        else:
            printed = self._run("print", self.told[str(wanted["print"])].id, "--out", str(self._desk), person="")
            Path(printed["files"][0]).replace(path)
        return path

    def _picture(self, name: str, data: bytes) -> str:
        path = self._desk / name
        path.write_bytes(data)
        return str(path)


def run(words: Sequence[str], moment: datetime) -> str:
    """Run the command line *words* as at *moment* in this process, and return what it prints."""
    out, err = StringIO(), StringIO()
    with _clock(moment), _known_salt(), redirect_stdout(out), redirect_stderr(err):
        code = app(list(words), standalone_mode=False)
    if code:
        raise RuntimeError(f"{moment.isoformat()} schoolpub {' '.join(words)}\n{out.getvalue()}{err.getvalue()}")
    return out.getvalue()


@contextmanager
def _clock(moment: datetime) -> Iterator[None]:
    before = os.environ.get("SCHOOLPUB_NOW")
    os.environ["SCHOOLPUB_NOW"] = moment.isoformat()
    try:
        yield
    finally:
        del os.environ["SCHOOLPUB_NOW"]
        if before is not None:
            os.environ["SCHOOLPUB_NOW"] = before


@contextmanager
def _known_salt() -> Iterator[None]:
    """Let private files begin with the same salt each time: what they hold is invented, and commits stay the same."""
    drawn = private.text

    def text(fields: Mapping[str, Tree]) -> bytes:
        return canonical.block_text({"salt": "0" * 64, "fields": dict(fields)}).encode()

    private.text = text
    try:
        yield
    finally:
        private.text = drawn
