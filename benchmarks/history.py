"""Time `schoolpub verify` on a long history: the school of `generate.py`, each step one commit by whoever took it.

    python benchmarks/history.py --steps 10000

The first proof walks from the first commit; the second knows what the first one proved.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.generate import BEGINNING, BEIJING, PHOTO, School, fill
from benchmarks.run import PROGRAM, run_program
from schoolpub.model.record import Step
from schoolpub.store.git.ledger import Ledger

_AFTER = re.compile(rb"after: [^,}]+")
_FOUNDED = datetime(BEGINNING.year, BEGINNING.month, BEGINNING.day, 7, tzinfo=BEIJING)
_STEPS_OF_A_RECORD = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A step of a record: the line that it appends to the file."""

    record: str
    step: Step
    file: str
    line: bytes
    """Of a record's first step everything above it too."""


def main() -> None:
    """Make the history, prove it twice, print what that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=10_000, help="about so many steps (default: 10000)")
    parser.add_argument("--keep", type=Path, help="make the school in this new folder and leave it there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="schoolpub-bench-") as folder:
        os.environ["SCHOOLPUB_KEYS"] = f"{folder}/keys"
        school = fill(options.keep or Path(folder) / "school", options.steps // _STEPS_OF_A_RECORD)
        print(f"{record(school)} steps on {len(school.records)} records")
        for name in ("verify, first", "verify, nothing new"):
            run = run_program([*PROGRAM, "verify", "--root", str(school.root)], school)
            print(f"{name:<24} processor {run.processor:6.2f} s   clock {run.wall:6.2f} s   {run.peak:5.0f} MiB")


def record(school: School) -> int:
    """Put *school* under git's care step by step, record after record; return how many steps there are."""
    ledger = Ledger(school.root)
    ledger.init()
    ledger.set_user("赵敏", "zhao-min@school.invalid")
    acts = list(_acts(school))
    texts: dict[str, bytes] = {}
    with History(school) as history:
        history.commit("zhao-min", _FOUNDED, "建立示例学校", _policy(school.root))
        for act in acts:
            trailers = f"Record: {act.record}\nStep: {act.step.step}"
            texts[act.file] = texts.get(act.file, b"") + _AFTER.sub(b"after: " + history.last.encode(), act.line)
            files = {act.file: texts[act.file]}
            if act.step.says.get("evidence"):
                files[f"records/attachments/{act.record}/photo.png"] = PHOTO
            history.commit(act.step.by, act.step.at, f"{act.step.step}\n\n{trailers}", files)
    subprocess.run(["git", "-C", str(school.root), "reset", "--quiet", "--hard"], check=True)
    return len(acts)


def _policy(root: Path) -> dict[str, bytes]:
    files = (root / "records").rglob("*.yaml")
    named = {path.relative_to(root).as_posix(): path for path in files}
    founding = {name: path.read_bytes() for name, path in named.items() if not name.startswith("records/disclosures/")}
    return founding | {".gitignore": b"/private/\n/site/\n/.schoolpub/\n"}


def _acts(school: School) -> Iterator[Act]:
    records = school.snapshot_now().records
    for record in (records[name] for name in school.records):
        data = (school.root / record.file).read_bytes()
        body, mark, tail = data.partition(b"\nsteps:\n")
        lines = tail.splitlines(keepends=True)
        lines[0] = body + mark + lines[0]
        for step, line in zip(record.steps, lines, strict=True):
            yield Act(record=record.id, step=step, file=record.file, line=line)


class History:
    """Commits, one upon another, handed to one `git fast-import`."""

    def __init__(self, school: School) -> None:
        self._people = school.snapshot.people
        command = ["git", "-C", str(school.root), "fast-import", "--quiet", "--date-format=raw"]
        self._git = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.last = ""
        """The commit that was made last."""

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._git.stdin is not None
        self._git.stdin.close()
        self._git.wait()

    def commit(self, person: str, at: datetime, message: str, files: Mapping[str, bytes]) -> None:
        """Record *files* as what *person* did *at* that moment."""
        into, answers = self._git.stdin, self._git.stdout
        assert into is not None and answers is not None
        who = f"{self._people.name(person)} <{person}@school.invalid> {int(at.timestamp())} +0800"
        into.write(f"commit refs/heads/main\nmark :1\nauthor {who}\ncommitter {who}\n".encode())
        into.write(_data(message.encode()))
        for name, content in files.items():
            into.write(f"M 100644 inline {name}\n".encode() + _data(content))
        into.write(b"\nget-mark :1\n")
        into.flush()
        self.last = answers.readline().decode().strip()


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"


if __name__ == "__main__":
    main()
