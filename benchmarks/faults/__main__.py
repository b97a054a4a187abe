"""`python -m benchmarks.faults --rounds N --seed S`: blow after blow to a small school."""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.faults import blows, looking, school
from benchmarks.faults.blows import Blow

_DISK = "320m"
_GIT_MOMENT = 0.03
_ONCE = ("sync", "feedback import")
"""Commands that do nothing when they find everything done."""
_LOCKS = ("index.lock", "HEAD.lock", "refs/heads/main.lock", "config.lock", "objects/maintenance.lock")


class Round:
    """One command, one blow, one look."""

    def __init__(self, chance: random.Random, world: school.World, base: Path, commands: list[school.Command]) -> None:
        self.chance, self.world, self.base, self.commands = chance, world, base, commands
        self.known: dict[str, tuple[int, int]] = {}

    def begin(self, command: school.Command) -> int:
        """Put the world back to its beginning; return how many acts it holds."""
        for path in self.world.top.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        shutil.copytree(self.base, self.world.top, symlinks=True, dirs_exist_ok=True)
        command.before(self.world)
        return looking.acts(self.world)

    def measure(self, command: school.Command) -> tuple[int, int]:
        """Return how many moments a command has, and how many acts it makes, when nothing happens to it."""
        if command.name not in self.known:
            before = self.begin(command)
            ended = self.world.run(*command.arguments)
            if ended.code:
                raise RuntimeError(f"{command.name}: {ended.code} {ended.out}{ended.err}")
            self.known[command.name] = ended.moments, looking.acts(self.world) - before
        return self.known[command.name]

    def blow(self, kind: str, command: school.Command) -> tuple[str, list[str]]:
        """Strike *command*; return what was done, in words, and what is wrong afterwards."""
        moments, expected = self.measure(command)
        before = self.begin(command)
        told, ended = getattr(self, f"_{kind}")(command, moments)
        if isinstance(ended, list):
            return told, ended
        found = list(looking.whole(self.world, command, ended, before, expected))
        return f"{command.name}: {told} → {ended.code}", found

    # Blows

    def _kill(self, command: school.Command, moments: int, kind: str = "kill") -> tuple[str, blows.Ended]:
        moment = self.chance.randint(1, moments)
        delay = self.chance.choice((0.0, self.chance.uniform(0.001, _GIT_MOMENT)))
        told = f"{kind} at {moment} of {moments}" + (f" and {delay:.4f} s, with its children" if delay else "")
        return told, self.world.run(*command.arguments, blow=Blow(kind, moment, delay))

    def _interrupt(self, command: school.Command, moments: int) -> tuple[str, blows.Ended]:
        return self._kill(command, moments, "interrupt")

    def _refused(self, command: school.Command, moments: int) -> tuple[str, blows.Ended]:
        """Let the system refuse one write."""
        moment = self.chance.randint(1, moments)
        number = self.chance.choice((errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT))
        told = f"{errno.errorcode[number]} at {moment} of {moments}"
        return told, self.world.run(*command.arguments, blow=Blow("error", moment, number=number))

    def _full(self, command: school.Command, _moments: int) -> tuple[str, blows.Ended]:
        leave = self.chance.choice((0, 4096, 8192, self.chance.randrange(200_000), self.chance.randrange(2_000_000)))
        ballast = looking.fill(self.world.top, leave)
        surroundings = {"TMPDIR": str(self.world.top)} if self.chance.random() < 0.5 else {}
        ended = blows.run(self.world.school, command.arguments, **self.world.settings, **surroundings)
        look = blows.run(self.world.school, ["list", "--json"], **self.world.settings, **surroundings)
        ballast.unlink()
        told = f"{leave} bytes free{', also for temporary files' if surroundings else ''}"
        if look.code:
            return told, blows.Ended(70, "", f"Traceback: looking fails while the disk is full: {look.err}", 0)
        return told, ended

    def _read_only(self, command: school.Command, _moments: int) -> tuple[str, blows.Ended]:
        _mount("-o", "remount,ro", str(self.world.top))
        try:
            ended = self.world.run(*command.arguments)
            look = self.world.run("list", "--json")
        finally:
            _mount("-o", "remount,rw", str(self.world.top))
        if look.code:
            return "read-only", blows.Ended(70, "", f"Traceback: looking fails: {look.err}", 0)
        return "read-only", ended

    def _locks(self, command: school.Command, _moments: int) -> tuple[str, blows.Ended | list[str]]:
        """Leave locks of fallen programs; the command goes on, or its refusal names what cures it."""
        git = self.world.school / ".git"
        name = self.chance.choice(_LOCKS)
        form = self.chance.choice(("empty", "with something in it", "a folder"))
        age = self.chance.choice((0.0, 10.0, 3600.0))
        lock = git / name
        shutil.rmtree(lock) if lock.is_dir() else lock.unlink(missing_ok=True)
        lock.mkdir() if form == "a folder" else lock.write_bytes(b"" if form == "empty" else b"DIRC")
        os.utime(lock, (time.time() - age,) * 2)
        told = f"{name}, {form}, {age:.0f} s old"
        ended = self.world.run(*command.arguments)
        if found := list(looking.wrong_words(ended)):
            return f"{command.name}: {told} → {ended.code}", found
        if lock.exists():
            os.utime(lock, (0, 0))
            cured = self.world.run("doctor", "--fix")
            if lock.exists():
                return f"{command.name}: {told} → {ended.code}", [f"doctor leaves the lock: {cured.out}{cured.err}"]
        return told, ended

    def _own_lock(self, command: school.Command, _moments: int) -> tuple[str, blows.Ended]:
        """Let the program's own lock be a folder, rubbish, or held by a living process for a while."""
        lock = self.world.school / ".git/schoolpub.lock"
        form = self.chance.choice(("a folder", "rubbish", "held", "children's a folder", "a broken journal"))
        if form == "a folder":
            lock.unlink(missing_ok=True)
            lock.mkdir()
        elif form == "children's a folder":
            lock = lock.with_name("schoolpub.children")
            lock.unlink(missing_ok=True)
            lock.mkdir()
        elif form == "rubbish":
            lock.write_bytes(os.urandom(30))
        elif form == "a broken journal":
            lock = self.world.school / ".git/schoolpub/journal"
            lock.write_bytes(self.chance.choice((b"", b"[1,", b"\xff\xfe", b"{}", b"[1]", b'[2,"a","b","c",{}]')))
        else:
            holder = os.fork()
            if not holder:
                fcntl.flock(os.open(lock, os.O_RDWR), fcntl.LOCK_EX)
                time.sleep(self.chance.uniform(0.2, 1.0))
                os._exit(0)
            time.sleep(0.1)
            ended = self.world.run(*command.arguments)
            os.waitpid(holder, 0)
            return form, ended
        ended = self.world.run(*command.arguments)
        return form, ended

    def _two(self, command: school.Command, _moments: int) -> tuple[str, list[str]]:
        """Run two commands at once: each is done or refused, and the history tells which."""
        alone = ("check --mask", "adopt", "doctor --fix")
        other = self.chance.choice([c for c in self.commands if c.name not in alone])
        both = [command, other]
        expected = [self.measure(one)[1] for one in both]
        before = self.begin(command)
        running = [blows.start(self.world.school, c.arguments, Blow(), self.world.settings) for c in both]
        ended = [one.end() for one in running]
        told = f"{command.name} and {other.name} at once → {ended[0].code}, {ended[1].code}"
        found = [line for one in ended for line in looking.wrong_words(one)]
        most = sum(count for one, count in zip(ended, expected, strict=True) if one.code == 0)
        made = looking.acts(self.world) - before
        once = sum(n for c, n in zip(both, expected, strict=True) if c.name in _ONCE)
        if not most - once <= made <= most:
            found.append(f"{made} acts instead of {most}")
        done = next((c for c, one in zip(both, ended, strict=True) if one.code == 0), command)
        quiet = school.Command("list", ("list",), done.after)
        return told, found + list(looking.whole(self.world, quiet, blows.Ended(0, "", "", 0), made + before, 0))


_KINDS = {"kill": 8, "interrupt": 2, "refused": 4, "full": 4, "read_only": 1, "locks": 2, "own_lock": 1, "two": 2}


def _mount(*words: str) -> bool:
    return subprocess.run(["mount", *words], check=False, capture_output=True).returncode == 0


@contextmanager
def _disk() -> Iterator[tuple[Path, bool]]:
    """Have a folder, on a small disk of its own where that may be."""
    with tempfile.TemporaryDirectory(prefix="schoolpub-faults-") as top:
        own = Path(top) / "盘"
        own.mkdir()
        mounted = _mount("-t", "tmpfs", "-o", f"size={_DISK}", "none", str(own))
        try:
            yield own, mounted
        finally:
            if mounted:
                subprocess.run(["umount", "-l", str(own)], check=False)


def rounds(count: int, seed: int, only: str, kinds: str, tell: Callable[[str], object]) -> Counter[str]:
    """Strike *count* times; tell every round that ended badly, and return how many of each kind there were."""
    chance = random.Random(seed)
    met: Counter[str] = Counter()
    with _disk() as (top, own_disk), tempfile.TemporaryDirectory(prefix="schoolpub-faults-") as kept:
        world, base = school.World(top, top / "学校"), Path(kept) / "base"
        commands = [c for c in school.make(world) if not only or c.name in only.split(",")]
        looks = [["verify"], ["check"], ["list", "--json"], ["remark", "no-such", "x"]]
        blows.warm(world.school, looks, **world.settings)
        shutil.copytree(top, base, symlinks=True)
        one = Round(chance, world, base, commands)
        wanted = {k: n for k, n in _KINDS.items() if (not kinds or k in kinds.split(","))
                  and (own_disk or k not in ("full", "read_only"))}  # fmt: skip
        for number in range(count):
            command = chance.choice(commands)
            kind = chance.choices([*wanted], [*wanted.values()])[0]
            try:
                told, found = one.blow(kind, command)
            except (OSError, RuntimeError, subprocess.CalledProcessError) as failed:
                told, found = f"{kind} on {command.name}", [f"{type(failed).__name__}: {failed}"]
            met[kind] += 1
            if found:
                met["bad"] += 1
                tell(f"✗ {number} {told}\n" + "\n".join(f"    {line}" for line in dict.fromkeys(found)))
            if number % 50 == 49:
                tell(f"{number + 1}: {dict(met)}")
    return met


def main() -> None:
    """Read the command line, strike, and end with 1 when something was wrong."""
    import git  # noqa: F401 -- once here, not in every fork

    import schoolpub.cli.app  # noqa: F401

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the small disk is given back
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="names of commands, with commas")
    parser.add_argument("--kinds", default="", help=",".join(_KINDS))
    given = parser.parse_args()
    began = time.monotonic()
    met = rounds(given.rounds, given.seed, given.only, given.kinds, lambda text: print(text, flush=True))
    print(f"{given.rounds} rounds in {time.monotonic() - began:.0f} s: {dict(met)}")
    sys.exit(1 if met["bad"] else 0)


if __name__ == "__main__":
    main()
