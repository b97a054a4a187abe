"""Is the school whole after a blow?  Nothing half done, lost or left behind, and the next command works."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from benchmarks.faults import blows
from benchmarks.faults.school import LATER, Command, World, month

_LITTER = re.compile(r"\.~lock\..*|.*\.(part|new|tmp|lock)|\.part-.*|cache\.\d+|tmp_.*|恢复密钥（新）\.txt|\.begun")
_KEPT = ("schoolpub.lock",)
_RECORDED = ("已经记录",)
_UNSURE = ("看看办成了没有", "schoolpub list")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def acts(world: World) -> int:
    """Return how many acts the history holds."""
    return int(world.git("rev-list", "--count", "HEAD"))


def wrong_words(ended: blows.Ended) -> Iterator[str]:
    """Yield what is wrong with what a command said."""
    if "Traceback" in ended.err or ended.code not in (0, 1, 2, 3, 130, -9, -2):
        yield f"ended with {ended.code}: {ended.err[-600:]}"
    elif ended.code == 3 and ("→" not in ended.err or not _CHINESE.search(ended.err)):
        yield f"no way out is told: {ended.err}"


def whole(world: World, command: Command, ended: blows.Ended, before: int, expected: int) -> Iterator[str]:
    """Yield what is wrong after *command* ended so, which makes *expected* acts when nothing happens to it."""
    yield from wrong_words(ended)
    look = world.run("list", "--json", now=LATER)
    if look.code or not _is_json(look.out):
        yield f"looking fails: {look.code} {look.err}"
    made = acts(world) - before
    happened = made > 0
    if made not in (0, expected):
        yield f"{made} acts instead of {expected}"
    if ended.code == 0 and made != expected:
        yield "told as done and is not"
    if ended.code == 3 and happened and not any(words in ended.err for words in (*_RECORDED, *_UNSURE)):
        yield f"told as refused and was done: {ended.err}"
    if ended.code == 130 and happened and "没有任何改动" in ended.err:
        yield f"told as not changed and was done: {ended.err}"
    if ended.code == 3 and not happened and any(words in ended.err for words in _RECORDED):
        yield f"told as recorded and is not: {ended.err}"
    yield from _next_works(world)
    _age(world)
    if not happened or not expected:
        repeated = world.run(*command.arguments, now=LATER)
        if repeated.code and ended.code:
            yield f"cannot be repeated: {repeated.code} {repeated.out[-300:]}{repeated.err}"
    else:
        yield from (f"repeated: {line}" for line in wrong_words(world.run(*command.arguments, now=LATER)))
    if litter(world):
        _age(world)
        fixed = world.run("doctor", "--fix", now=LATER)
        yield from (f"doctor: {line}" for line in wrong_words(fixed))
    try:
        yield from command.after(world)
    except RuntimeError as failed:
        yield f"afterwards: {failed}"
    yield from _sound(world)
    yield from private_texts(world)
    yield from (f"litter: {path}" for path in litter(world))


def _is_json(text: str) -> bool:
    try:
        return bool(json.loads(text))
    except ValueError:
        return False


def _next_works(world: World) -> Iterator[str]:
    ended = world.run("remark", month(4), "核对", now=LATER)
    if ended.code:
        yield f"the next command fails: {ended.code} {ended.err}"


def _sound(world: World) -> Iterator[str]:
    if dirty := world.git("status", "--porcelain"):
        yield f"the folder is not as the history says: {dirty}"
    if (world.school / ".git/schoolpub/journal").exists():
        yield "an act is still unfinished"
    try:
        world.git("fsck", "--strict", "--no-dangling")
    except OSError as failed:
        yield str(failed)
    for name in ("verify", "check"):
        ended = world.run(name, now=LATER)
        if ended.code or "Traceback" in ended.err:
            yield f"{name}: {ended.code} {ended.out[-700:]}{ended.err[-300:]}"


def private_texts(world: World) -> Iterator[str]:
    """Yield which private texts are lost, or open to others."""
    from schoolpub.store.files import private
    from schoolpub.store.workspace import Workspace

    for record in Workspace(world.school).read(cache=False).records.values():
        named, path = record.body.get("private"), world.school / f"private/{record.id}.yaml"
        erased = any(step.step == "erase" for step in record.steps)
        if erased and path.exists():
            yield f"{record.id} was erased and its private file is there"
        if named and not erased and (not path.exists() or private.digest(path.read_bytes()) != named):
            yield f"the private text of {record.id} is lost"
    for path in (world.school / "private").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        if path.name != ".gitignore" and mode & 0o077:
            yield f"{path} is open to others: {mode:o}"


def litter(world: World) -> list[str]:
    """Return what was left behind."""
    found = [path for path in world.top.rglob("*") if _LITTER.fullmatch(path.name) and path.name not in _KEPT]
    return [str(path.relative_to(world.top)) for path in found]


def _age(world: World) -> None:
    """Let what was left behind be of yesterday."""
    for name in litter(world):
        os.utime(world.top / name, (0, 0))


def fill(folder: Path, leave: int) -> Path:
    """Fill the disk that *folder* lies on, but for *leave* bytes; return the file that does it."""
    ballast = folder / "满"
    room = os.statvfs(folder)
    free = room.f_bavail * room.f_frsize - leave
    with ballast.open("wb") as file:
        if free > 0:
            os.posix_fallocate(file.fileno(), 0, free)
    return ballast
