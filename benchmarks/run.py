"""Time the main jobs as whole programs and print them as ratios: seconds belong to a machine, ratios to the program.

Every round runs every job once, so that a machine that slows down slows all of them; the median of the rounds is told.
`processor` is the time that the program and what it started spent working, whatever else the machine did meanwhile.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.generate import School, fill
from schoolpub.store.git.ledger import Ledger

BARE = [sys.executable, "-c", "pass"]
PROGRAM = [sys.executable, "-m", "schoolpub"]
_QUIET = 2.2
"""Seconds after which a file that was changed can be remembered (see `store.cache`)."""


@dataclass(frozen=True)
class Run:
    """What one run of a program took."""

    processor: float
    wall: float
    peak: float
    """MiB; 0 where the system does not tell."""


@dataclass
class Job:
    """A program that is timed, and what has to be done before each run."""

    name: str
    command: Sequence[str] | Callable[[int], Sequence[str]]
    before: Callable[[int], None] = lambda _: None
    runs: list[Run] = field(default_factory=list)

    @property
    def processor(self) -> float:
        """Median processor time."""
        return statistics.median(run.processor for run in self.runs)

    @property
    def wall(self) -> float:
        """Median time on the clock."""
        return statistics.median(run.wall for run in self.runs)

    @property
    def peak(self) -> float:
        """The most memory that one process of any run needed."""
        return max(run.peak for run in self.runs)


def main() -> None:
    """Make a school of each size, time the jobs, print the tables."""
    options = _options()
    for count in options.records:
        with tempfile.TemporaryDirectory(prefix="schoolpub-bench-") as folder:
            _measure(Path(folder), count, options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[100, 1000], help="sizes (default: 100 1000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each job (default: 5)")
    return parser.parse_args()


def _measure(folder: Path, count: int, rounds: int) -> None:
    print(f"\n{count} records, {rounds} rounds")
    school = fill(folder / "school", count)
    _record(school)
    time.sleep(_QUIET)
    jobs = [Job("python -c pass", BARE), *_commands(school), *_builds(school, folder / "site")]
    for number in range(rounds):
        for job in jobs:
            job.before(number)
            command = job.command(number) if callable(job.command) else job.command
            job.runs.append(run_program([*command], school))
    _print(jobs, count, sum(1 for _ in (folder / "site").rglob("*.html")))


def _record(school: School) -> None:
    """Put the whole school under git's care in one commit."""
    ledger = Ledger(school.root)
    ledger.init()
    ledger.set_user("赵敏", "zhao-min@school.invalid")
    (school.root / ".gitignore").write_text("/private/\n/site/\n/.schoolpub/\n", encoding="utf-8")
    for words in (["add", "--all"], ["commit", "--quiet", "--no-verify", "--message", "示例学校"]):
        subprocess.run(["git", "-C", str(school.root), *words], check=True)


def _commands(school: School) -> list[Job]:
    """Return the commands that a clerk uses all day."""
    newest = school.records[-max(len(school.records) // 50, 2)]
    root = ["--root", str(school.root)]
    day = school.last + timedelta(1)

    def draft(number: int) -> list[str]:
        values = ["work=教学楼停水检修", "place=教学楼", f"from={day}T08:00", f"effect=第{number}次"]
        told = [word for value in values for word in ("--set", value)]
        return [*PROGRAM, "add", "service-notice", "--date", str(day), *told, *root]

    return [
        Job("--help", [*PROGRAM, "--help"]),
        Job("list", [*PROGRAM, "list", *root]),
        Job("show", [*PROGRAM, "show", newest, *root]),
        Job("check", [*PROGRAM, "check", *root]),
        Job("add", draft),
    ]


def _builds(school: School, site: Path) -> list[Job]:
    """Return the builds of both sites, in an order in which each finds what it needs."""

    def build(days: int) -> list[str]:
        day = school.last + timedelta(days)
        return [*PROGRAM, "build", "--root", str(school.root), "--out", str(site), "--as-of", str(day)]

    def nothing(_: int) -> None:
        shutil.rmtree(site, ignore_errors=True)

    def act(number: int) -> None:
        _prove_again(school, number)
        time.sleep(_QUIET)

    return [
        Job("build, first", lambda number: build(2 * number), nothing),
        Job("build, next day", lambda number: build(2 * number + 1)),
        Job("build, nothing changed", lambda number: build(2 * number + 1), lambda _: time.sleep(_QUIET)),
        Job("build, one record changed", lambda number: build(2 * number + 1), act),
    ]


def _prove_again(school: School, number: int) -> None:
    """Append one more proof to a record that is posted, as somebody does who hung a second copy."""
    record = school.snapshot_now().records[school.records[len(school.records) // 2]]
    proof = next(step for step in record.steps if step.step == "prove")
    file = school.root / record.file
    line = next(line for line in file.read_text(encoding="utf-8").splitlines() if "step: prove" in line)
    later = (proof.at + timedelta(hours=number + 1)).isoformat()
    with file.open("a", encoding="utf-8", newline="\n") as text:
        text.write(line.replace(proof.at.isoformat(), later) + "\n")


def run_program(command: list[str], school: School) -> Run:
    """Run *command* on the day after the school's last, and return what it took."""
    environment = {**os.environ, "SCHOOLPUB_NOW": f"{school.last + timedelta(1)}T09:00:00+08:00"}
    began = time.perf_counter()
    started = subprocess.Popen(
        command, cwd=Path(__file__).parents[1], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    if not hasattr(os, "wait4"):  # Windows tells no more than the clock
        complaint = started.communicate()[1]
        run = Run(time.perf_counter() - began, time.perf_counter() - began, 0.0)
        code = started.returncode
    else:
        assert started.stderr is not None
        complaint = started.stderr.read()
        _, status, used = os.wait4(started.pid, 0)
        code = started.returncode = os.waitstatus_to_exitcode(status)
        kibibytes = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
        run = Run(used.ru_utime + used.ru_stime, time.perf_counter() - began, kibibytes / 1024)
    if code:
        sys.exit(f"{' '.join(command)} failed:\n{complaint.decode('utf-8', 'replace')}")
    return run


def _own_peak() -> float:
    """Return what this program needs, which the system also counts for each program that it starts."""
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:  # Windows
        return 0.0
    return getrusage(RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024) * 1.1


def _print(jobs: list[Job], count: int, pages: int) -> None:
    bare, first = jobs[0].processor, next(job for job in jobs if job.name == "build, first")
    own = _own_peak()
    heads = ("", "processor s", "× bare", "× first build", "clock s", "peak MiB")
    print(f"{heads[0]:<28}" + "".join(f"{head:>15}" for head in heads[1:]))
    for job in jobs:
        of_full = f"{job.processor / first.processor:.3f}" if job.name.startswith("build") else ""
        peak = f"{job.peak:.0f}" if job.peak > own else "-"
        cells = (f"{job.processor:.3f}", f"{job.processor / bare:.1f}", of_full, f"{job.wall:.3f}", peak)
        print(f"{job.name:<28}" + "".join(f"{cell:>15}" for cell in cells))
    print(f"{count} records make {pages} pages in two sites: {pages / first.wall:.0f} a second in the first build")


if __name__ == "__main__":
    main()
