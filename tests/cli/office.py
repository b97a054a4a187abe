"""What people do at the office machine, in tests: commands, persons, moments, and the folder as it was before."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

NOW = "2026-11-03T09:12:00+08:00"

OCTOBER = """\
balance_start: 152300.00
income:
- {item: 生均公用经费, month: 85000.00, ytd: 850000.00}
- {item: 利息收入, month: 12.34, ytd: 120.50}
expense:
- {head: 办公费, month: 1200.00, ytd: 30000.00}
- {head: 水费, month: 2999.99, ytd: 21000.00}
balance_end: 233112.35
"""
"""October's account, which is right."""

EVENT = """\
amount: 3000.00
payee: 示例文印有限公司
purpose: 试卷印刷
fund: 公用经费
decision_meeting: 第17次校务会议
decision_date: 2026-10-15
"""
"""A payment of the sum from which a record is owed."""

CHAIN = (
    ("submit", "zhao-min", ()),
    ("approve", "qian-li", ()),
    ("approve", "hua-rong", ()),
    ("approve", "shen-jing", ("--meeting", "2026年11月3日校务会议")),
    ("approve", "jin-ye", ()),
    ("approve", "sun-jie", ()),
    ("post", "chen-xi", ()),
)
"""The chain of a sensitive item: command, person, what must be said."""

STEPS = ("submit", "review", "screen", "decide", "verify", "sign", "post")


@dataclass(frozen=True)
class Result:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line of the answer."""
        return self.out.splitlines()[-1]

    @property
    def json(self) -> Any:
        """The answer read as JSON."""
        return json.loads(self.out)


@dataclass
class Office:
    """A school's folder and the commands that are run in it."""

    root: Path
    inside: Callable[..., Result]
    surroundings: pytest.MonkeyPatch
    schools: Path

    def __call__(self, *arguments: str, now: str = "", by: str = "") -> Result:
        """Run a command here, at the moment *now*, as the person *by*."""
        if now:
            self.surroundings.setenv("SCHOOLPUB_NOW", now)
        result = self.inside(*arguments, *(["--as", by] if by else []))
        assert "Traceback" not in result.err, result.err
        return result

    def done(self, *arguments: str, now: str = "", by: str = "") -> Result:
        """Run a command that must succeed."""
        result = self(*arguments, now=now, by=by)
        assert result.code == 0, f"{arguments}\n{result.out}{result.err}"
        return result

    def refused(self, *arguments: str, code: int = 3, now: str = "", by: str = "") -> str:
        """Run a command that must be refused; it changes nothing and names a way out, and what it said is returned."""
        before = self.state()
        result = self(*arguments, now=now, by=by)
        assert result.code == code, f"{arguments}\n{result.code} {result.out}{result.err}"
        assert self.state() == before
        assert "→" in result.err, result.err
        return result.err

    def program(self, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as a program of its own."""
        environment = dict(os.environ) | settings.pop("env", {})
        return subprocess.run(
            [sys.executable, "-m", "schoolpub", *arguments],
            cwd=settings.pop("cwd", self.root),
            env={key: value for key, value in environment.items() if value is not None},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            **settings,
        )

    def git(self, *arguments: str) -> str:
        """Return what git answers in the school's folder."""
        made = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, encoding="utf-8", check=True)
        return made.stdout

    def state(self) -> dict[str, str]:
        """Return what stands: the commit, what git says of the folder, and every file's digest outside the cache."""
        files = {
            str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for top in self.root.iterdir()
            if top.name not in (".git", ".schoolpub")
            for path in sorted([top, *top.rglob("*")])
            if path.is_file()
        }
        return {"HEAD": self.git("rev-parse", "HEAD"), "status": self.git("status", "--porcelain"), **files}

    def write(self, name: str, text: str | bytes) -> str:
        """Write a file of the user's beside the school's folder, and return its path."""
        path = self.root.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    def path(self, record_id: str) -> Path:
        """Return the file of a record."""
        return next(self.root.glob(f"records/*/*/{record_id}.yaml"))

    def text(self, record_id: str) -> str:
        """Return the file of a record as text."""
        return self.path(record_id).read_text(encoding="utf-8")

    def steps(self, record_id: str) -> list[dict[str, Any]]:
        """Return the steps of a record, every scalar as text."""
        return list(yaml.load(self.text(record_id), yaml.BaseLoader)["steps"])

    def status(self, record_id: str) -> str:
        """Return the status of a record."""
        return str(self.done("show", record_id, "--json").json["status"])

    def objects(self) -> bytes:
        """Return every object that git holds, one after another."""
        command = ["git", "cat-file", "--batch-all-objects", "--unordered", "--batch"]
        return subprocess.run(command, cwd=self.root, capture_output=True, check=True).stdout

    # The main job

    def october(self, text: str = OCTOBER) -> str:
        """Draft October's account and return its id."""
        return self.done("add", "finance-monthly", "--period", "2026-10", "--from", self.write("十月.yaml", text)).last

    def through(self, record_id: str, upto: str = "post", since: str = "submit") -> None:
        """Take a record through the chain of sensitive items, from *since* to *upto*, both included."""
        for (command, person, said), name in zip(CHAIN, STEPS, strict=True):
            if STEPS.index(since) <= STEPS.index(name) <= STEPS.index(upto):
                self.done(command, record_id, *said, by=person)

    def at(self, step: str) -> str:
        """Have October's account right after *step* in the school of the first day; each moment is made once and copied."""
        record_id = "finance-monthly-2026-10"
        kept = self.schools / f"october-{step}"
        if not kept.exists():
            with self.surroundings.context() as aside:
                aside.setenv("SCHOOLPUB_NOW", NOW)
                if step == "draft":
                    self._become(self.schools / "first-day")
                    self.october()
                else:
                    self.at(("draft", *STEPS)[STEPS.index(step)])
                    self.through(record_id, since=step, upto=step)
            shutil.copytree(self.root, kept)
        self._become(kept)
        return record_id

    @classmethod
    def like(cls, kept: Path, root: Path, inside: Callable[..., Result], surroundings: pytest.MonkeyPatch) -> Office:
        """Return an office in a copy of the school in *kept*, at its machine."""
        shutil.copytree(kept, root)
        surroundings.chdir(root)
        return cls(root, inside, surroundings, kept.parent)

    def _become(self, kept: Path) -> None:
        for path in self.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(kept, self.root, dirs_exist_ok=True)

    def posted(self) -> str:
        """Have October's account posted."""
        return self.at("post")
