"""A small school with records in every state, and one command of every kind that writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults import blows

LATER = "2026-11-03T10:00:00+08:00"
YES = ("--agreed", "sun-jie", "--yes")
OFFICE = ("--as", "chen-xi")
REASON = ("--reason", "示例")
CHAIN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("submit", "zhao-min", ()), ("approve", "qian-li", ()), ("approve", "hua-rong", ()),
    ("approve", "shen-jing", ("--meeting", "2026年11月3日校务会议")), ("approve", "jin-ye", ()),
    ("approve", "sun-jie", ()), ("post", "chen-xi", ()),
)  # fmt: skip
SPENT = (
    "large-spend", "--date", "2026-10-20", "--set", "amount=3200.00", "--set", "payee=示例公司",
    "--set", "purpose=印刷", "--set", "fund=公用经费",
    "--set", "decision_meeting=校务会", "--set", "decision_date=2026-10-15",
)  # fmt: skip
ASKED = "序号,提交答卷时间,1、您的身份,2、您的意见和建议,3、联系电话\n1,2026/11/2,家长,汤太咸,13800000137\n"
HOLIDAYS = "year: 2027\nnotice: 虚构的2027年安排\nholidays:\n- {name: 元旦, from: 2027-01-01, to: 2027-01-03}\n"
OCTOBER = (
    "balance_start: 0.00\nincome:\n- {item: 生均公用经费, month: 85000.00}\n"
    "expense:\n- {head: 办公费, month: 1200.00}\nbalance_end: 83800.00\n"
)


def month(number: int) -> str:
    """Return the id of a month's account."""
    return f"finance-monthly-2026-{number:02}"


@dataclass(frozen=True)
class World:
    """Where everything lies: the school, a stick, where offices meet, the user's other files."""

    top: Path
    school: Path

    @property
    def settings(self) -> dict[str, str]:
        """What the programs must be told of this world."""
        return {"HOME": str(self.top / "home"), "SCHOOLPUB_KEYS": str(self.top / "home/keys")}

    def run(self, *arguments: str, blow: blows.Blow = blows.NOTHING, now: str = blows.NOW) -> blows.Ended:
        """Run a command in the school's folder."""
        return blows.run(self.school, arguments, blow, **self.settings, SCHOOLPUB_NOW=now)

    def done(self, *arguments: str, now: str = blows.NOW) -> str:
        """Run a command that must succeed; return its last line."""
        ended = self.run(*arguments, now=now)
        if ended.code:
            raise RuntimeError(f"{arguments}: {ended.code}\n{ended.out}{ended.err}")
        return ended.out.splitlines()[-1] if ended.out else ""

    def git(self, *arguments: str, at: Path | None = None) -> str:
        """Return what git answers."""
        done = subprocess.run(["git", *arguments], cwd=at or self.school, capture_output=True, check=True)
        return done.stdout.decode()


@dataclass(frozen=True)
class Command:
    """A command, and what must hold of what it writes beside the records."""

    name: str
    arguments: Sequence[str]
    after: Callable[[World], list[str]] = lambda _: []
    """Returns what is wrong when the command has been repeated to its end."""
    before: Callable[[World], object] = lambda _: None
    """What somebody does by hand before the command."""


def make(world: World) -> list[Command]:
    """Make the school in *world*, and return a command of every kind for it."""
    from PIL import Image

    top = world.top
    (top / "home").mkdir(parents=True)
    blows_ran = blows.run(top, ["init", str(world.school), "--sample"], **world.settings)
    if blows_ran.code:
        raise RuntimeError(blows_ran.err)
    files = {"答卷.csv": ASKED, "2027.yaml": HOLIDAYS, "十一月.yaml": OCTOBER}
    for name, text in files.items():
        (top / name).write_text(text, encoding="utf-8")
    Image.new("RGB", (80, 60), "white").save(top / "照片.jpg")
    for number in range(1, 11):
        world.done("add", "finance-monthly", "--period", f"2026-{number:02}", "--zero")
    for place, (command, person, said) in enumerate(CHAIN):
        upto = 4 if place == 6 else 5 if place == 5 else 6 if place in (2, 3, 4) else 7
        world.done(command, *(month(n) for n in range(1, upto + 1)), *said, "--as", person)
    world.done("suspend", month(2), month(3), *REASON)
    matters = [
        world.done("feedback", "add", "--channel", "热线", "--topic", f"食堂{n}", "--name", "示例甲", "--contact",
                   "13800000137", "--as", "chen-xi")
        for n in range(3)
    ]  # fmt: skip
    for matter in matters[1:]:
        world.done("feedback", "assign", matter, "总务处", "--as", "chen-xi")
    world.done("feedback", "reply", matters[2], "--text", "已答复。", "--as", "qian-li")
    world.done("key", "new", *YES, "--as", "qian-li")
    world.done("backup", str(top / "usb"))
    (world.school / "print/恢复密钥.txt").rename(top / "信封.txt")
    world.git("init", "-q", "--bare", "--initial-branch=main", str(top / "会合处.git"))
    world.done("sync", str(top / "会合处.git"))
    _other_office(world)
    world.done("remark", month(1), "本机办的")
    world.done("add", *SPENT[:-1], "decision_date=2026-10-16")
    code = _code(world, month(7))
    return _commands(world, matters, code)


def _other_office(world: World) -> None:
    """Let another office hand on one act."""
    second = world.top / "办公室二"
    shutil.copytree(world.school, second)
    for command in (["remark", month(6), "对方办的"], ["sync"]):
        ended = blows.run(second, command, **world.settings)
        assert ended.code == 0, ended
    shutil.rmtree(second)


def _code(world: World, record_id: str) -> str:
    from schoolpub.rules.chain import witness
    from schoolpub.store.files.record_file import read_record

    path = next(world.school.glob(f"records/*/*/{record_id}.yaml"))
    record = read_record(path.read_bytes(), "x.yaml")[0]
    assert record is not None
    return witness.text_code(record.content)


def _edit_terms(world: World) -> None:
    terms = world.school / "records/calendar/terms.yaml"
    terms.write_text(terms.read_text("utf-8").replace("last: 2027-01-22", "last: 2027-01-15"), "utf-8")


def _edit_draft(world: World) -> None:
    draft = next(world.school.glob(f"records/*/*/{month(9)}.yaml"))
    text = draft.read_text("utf-8").replace("\nfields:", "\nsummary: 详询张老师13800000001\nfields:", 1)
    draft.write_text(text, "utf-8")


def _fallen(world: World) -> None:
    """Leave what a fallen git leaves."""
    for name in ("index.lock", "config.lock"):
        (world.school / ".git" / name).write_bytes(b"DIRC")
        os.utime(world.school / ".git" / name, (0, 0))


def _commands(world: World, matters: Sequence[str], code: str) -> list[Command]:
    top = world.top
    paper = ("--paper", str(top / "照片.jpg"), "--code", code, "--for", "财务小组=hua-rong")
    photo = ("--place", "校门外公开栏", "--on", "2026-11-03", "--photo", str(top / "照片.jpg"))
    told = {
        "add": ("add", *SPENT),
        "add --from": ("add", "finance-monthly", "--period", "2026-11", "--from", str(top / "十一月.yaml")),
        "edit": ("edit", month(8), "--set", "notes=改过"),
        "attach": ("attach", month(8), str(top / "照片.jpg")),
        "check --mask": ("check", month(9), "--mask"),
        "submit": ("submit", month(8)),
        "approve": ("approve", month(7), "--as", "hua-rong"),
        "approve, a number": ("approve", month(6), "--as", "sun-jie"),
        "approve --paper": ("approve", month(7), *paper),
        "return": ("return", month(7), *REASON, "--as", "hua-rong"),
        "undo": ("undo", month(7), "--as", "qian-li"),
        "discard": ("discard", month(10), *REASON),
        "post": ("post", month(5), "--as", "chen-xi"),
        "prove": ("prove", month(1), "--channel", "board", *photo, "--as", "chen-xi"),
        "takedown": ("takedown", month(1), *photo, "--as", "chen-xi"),
        "suspend": ("suspend", month(1), *REASON),
        "resume": ("resume", month(2), "--as", "sun-jie"),
        "withdraw": ("withdraw", month(3), *REASON, "--as", "sun-jie"),
        "correct": ("correct", month(4), *REASON, "--set", "notes=更正"),
        "renumber": ("renumber", month(1), *REASON, "--as", "chen-xi"),
        "remark": ("remark", month(4), "备注"),
        "feedback add": ("feedback", "add", "--channel", "热线", "--topic", "操场", "--name", "示例乙", *OFFICE),
        "feedback reply": ("feedback", "reply", matters[1], "--text", "一、已查。", "--as", "qian-li"),
        "feedback erase": ("feedback", "erase", matters[2], *REASON, "--as", "chen-xi"),
        "feedback import": ("feedback", "import", str(top / "答卷.csv"), "--topic", "问卷", "--yes", *OFFICE),
        "rectify add": ("rectify", "add", "--from", matters[1], "--department", "总务处", "--owner", "总务主任",
                        "--due", "20wd", "--as", "qian-li"),
        "mailbox check": ("mailbox", "check", "--letters", "0", "--as", "chen-xi"),
        "people add": ("people", "add", "lu-yuan", "--name", "陆远", "--email", "lu-yuan@school.invalid", *YES),
        "key new": ("key", "new", *YES),
        "key retire": ("key", "retire", "qian-li", *REASON, *YES),
        "handover": ("handover", "chen-xi", "chu-wei", "--date", "2026-12-01", *YES),
        "calendar add": ("calendar", "add", "2027", "--from", str(top / "2027.yaml"), *REASON, *YES),
        "adopt": ("adopt", *REASON, *YES),
        "sync": ("sync",),
        "backup": ("backup", str(top / "usb")),
        "backup --new-recovery-key": ("backup", "--new-recovery-key"),
        "init --from": ("init", str(top / "新"), "--from", str(top / "usb"), "--key", str(top / "信封.txt")),
        "init": ("init", str(top / "新"), "--sample"),
        "archive": ("archive", "2026", "--as", "chen-xi"),
        "build": ("build",),
        "print": ("print", month(1), "--form", "notice,register"),
        "export": ("export", month(1), "--out", str(top / "月报.xlsx"), "--force"),
        "guard install": ("guard", "install"),
        "doctor --fix": ("doctor", "--fix"),
        "verify": ("verify",),
    }  # fmt: skip
    after: dict[str, Callable[[World], list[str]]] = {
        "sync": _met, "backup": _restored, "backup --new-recovery-key": _restored, "init --from": _stands,
        "init": _stands, "archive": _packed, "print": _sheets, "export": _book, "guard install": _hook,
        "handover": _list, "key new": _key,
    }  # fmt: skip
    before = {"adopt": _edit_terms, "check --mask": _edit_draft, "doctor --fix": _fallen}
    nothing: Callable[[World], list[str]] = lambda _: []  # noqa: E731
    return [
        Command(name, said, after.get(name, nothing), before.get(name, lambda _: None)) for name, said in told.items()
    ]


def _met(world: World) -> list[str]:
    world.done("sync")
    there = world.git("rev-parse", "main", at=world.top / "会合处.git")
    found = [] if there == world.git("rev-parse", "HEAD") else ["the offices do not meet"]
    return found + [line for line in world.git("fsck", "--strict", at=world.top / "会合处.git").splitlines() if line]


def _restored(world: World) -> list[str]:
    """Give the office back with what lies in the envelope or waits for it."""
    world.done("backup")
    keys = [*sorted((world.school / "print").glob("恢复密钥*.txt")), world.top / "信封.txt"]
    new = world.top / "恢复"
    words = ["init", str(new), "--from", str(world.top / "usb"), "--key", str(keys[0])]
    ended = blows.run(world.top, words, **world.settings)
    if ended.code:
        return [f"the copy does not come back: {ended.err}"]
    found = [] if world.git("rev-parse", "HEAD") == world.git("rev-parse", "HEAD", at=new) else ["the copy is behind"]
    mine, theirs = ({p.name: p.read_bytes() for p in root.glob("private/*.yaml")} for root in (world.school, new))
    shutil.rmtree(new)
    return found + ([] if mine == theirs else ["the copy lacks private files"])


def _stands(world: World) -> list[str]:
    ended = blows.run(world.top / "新", ["list", "--json"], **world.settings)
    dirty = world.git("status", "--porcelain", at=world.top / "新")
    return [f"the new folder does not stand: {ended.err} {dirty}"] if ended.code or dirty else []


def _packed(world: World) -> list[str]:
    found = sorted((world.school / "archive").glob("校务公开档案-*"))
    ended = [world.run("archive", "verify", str(path)) for path in found]
    filed = "step: file," in next(world.school.glob(f"records/*/*/{month(1)}.yaml")).read_text("utf-8")
    whole = [one for one in ended if one.code == 0]
    return [] if whole and filed else [f"no whole package: {[one.out + one.err for one in ended]} {filed}"]


def _sheets(world: World) -> list[str]:
    sheets = list((world.school / "print").glob("*.pdf"))
    return [f"{path.name} is half" for path in sheets if not path.read_bytes().rstrip().endswith(b"%%EOF")]


def _book(world: World) -> list[str]:
    try:
        return [str(bad)] if (bad := zipfile.ZipFile(world.top / "月报.xlsx").testzip()) else []
    except (OSError, zipfile.BadZipFile) as failed:
        return [f"no spreadsheet: {failed}"]


def _hook(world: World) -> list[str]:
    hook = world.school / ".git/hooks/pre-commit"
    whole = hook.exists() and hook.read_text("utf-8").endswith("guard staged\n") and hook.stat().st_mode & 0o100
    return [] if whole else ["the hook is not in place"]


def _list(world: World) -> list[str]:
    handed = "chu-wei, role: 公开办" in (world.school / "records/people.yaml").read_text("utf-8")
    return _sheets(world) + ([] if list((world.school / "print").glob("handover*.pdf")) or not handed else ["no list"])


def _key(world: World) -> list[str]:
    named = "person: zhao-min, key" in (world.school / "records/people.yaml").read_text("utf-8")
    path = world.top / "home/keys/zhao-min"
    return [] if not named or path.exists() else ["a key is registered that nobody has"]
