"""The guard of the school's bare repository refuses what rewrites, deletes or slips in, and tells the pusher why."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.office import Office

ID = "finance-monthly-2026-10"


@pytest.fixture
def bare(office: Office) -> Path:
    """Return a guarded bare repository that holds October's account up to its review."""
    office.at("review")
    place = office.root.parent / "school.git"
    office.git("init", "-q", "--bare", "--initial-branch=main", str(place))
    office.git("remote", "add", "origin", str(place))
    office.git("push", "-q", "origin", "main")
    office.done("guard", "install", str(place))
    office.surroundings.setenv("SCHOOLPUB_LANG", "zh")
    return place


def pushed(office: Office, *refs: str) -> subprocess.CompletedProcess[str]:
    """Push by hand, as somebody without this program would."""
    return subprocess.run(
        ["git", "push", "-q", *refs], cwd=office.root, capture_output=True, encoding="utf-8", check=False
    )


def by_hand(office: Office, message: str = "x") -> None:
    """Commit everything by hand, without this program."""
    office.git("add", "-A")
    office.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", message)


def test_honest_acts_pass(office: Office, bare: Path) -> None:
    """What the program recorded is taken, also from several offices."""
    office.through(ID, since="screen", upto="screen")
    office.done("sync")
    assert office.git("--git-dir", str(bare), "rev-parse", "main") == office.git("rev-parse", "HEAD")


def test_rewriting_deleting_and_other_branches(office: Office, bare: Path) -> None:
    """History only grows, nothing is deleted, and only the one branch is kept; the reason is told in Chinese."""
    held = office.git("rev-parse", "HEAD")
    office.git("reset", "-q", "--hard", "HEAD~1")
    office.done("remark", ID, "另一段历史")
    done = pushed(office, "--force", "origin", "HEAD:main")
    assert done.returncode and "改写" in done.stderr
    done = pushed(office, "origin", "HEAD:other", ":main")
    assert done.returncode and "只收" in done.stderr and "删除" in done.stderr
    assert office.git("--git-dir", str(bare), "rev-parse", "main") == held
    office.git("reset", "-q", "--hard", held.strip())
    office.path(ID).unlink()
    by_hand(office)
    done = pushed(office, "origin", "HEAD:main")
    assert done.returncode and "deleted-record" in done.stderr


def test_the_guard_is_never_asleep(office: Office, bare: Path, tmp_path: Path) -> None:
    """A machine that looks for hooks elsewhere does not put it to sleep; where its program is gone, nothing passes."""
    settings = tmp_path / "settings"
    settings.write_text("[core]\n\thooksPath = /nowhere\n", "utf-8")
    office.surroundings.setenv("GIT_CONFIG_GLOBAL", str(settings))
    assert "只收" in pushed(office, "origin", "HEAD:other").stderr
    hook = bare / "hooks/pre-receive"
    hook.write_text(re.sub(r"\S*python\S*", "/nowhere/python", hook.read_text("utf-8")), "utf-8")
    office.done("remark", ID, "备注")
    told = pushed(office, "origin", "HEAD:main")
    assert told.returncode and "schoolpub guard install" in told.stderr and "exec" not in told.stderr


def test_what_cannot_be_proven(office: Office, bare: Path) -> None:
    """A body changed after it was submitted, and a forged approval, are refused; `sync` shows the reasons."""
    path = office.path(ID)
    path.write_text(path.read_text("utf-8").replace("233112.35", "233112.36"), "utf-8")
    by_hand(office)
    said = office("sync")
    assert said.code == 3
    assert "学校的服务器不接受本机办的" in said.err and "edited" in said.err


def test_personal_data_never_enters(office: Office, bare: Path) -> None:
    """Personal data are refused, also when they were taken out again in the next commit, and in a commit's text."""
    path = office.path(ID)
    text = path.read_text("utf-8")
    mobile = "138" + "00138000"
    path.write_text(text.replace("title:", f"# 联系人手机 {mobile}\ntitle:", 1), "utf-8")
    by_hand(office)
    path.write_text(text, "utf-8")
    by_hand(office)
    done = pushed(office, "origin", "HEAD:main")
    assert done.returncode and "个人信息" in done.stderr
    assert mobile not in done.stderr


def test_no_way_around_the_look(office: Office, bare: Path) -> None:
    """An identity number beside the records, one in the settings, and a mark on a history of its own are refused."""
    number = "11010519491231" + "002X"
    office.path(ID).with_name("名单.txt").write_text(f"张某 {number}\n", "utf-8")
    people = office.root / "records/people.yaml"
    people.write_text(people.read_text("utf-8") + f"note: {number}\n", "utf-8")
    by_hand(office)
    done = pushed(office, "origin", "HEAD:main")
    assert done.stderr.count("个人信息") == 2
    assert number not in done.stderr
    for name in ("HEAD", "HEAD^{tree}"):
        office.git("update-ref", "refs/tags/x", office.git("rev-parse", name).strip())
        assert "只收标在" in pushed(office, "origin", "refs/tags/x").stderr
    office.git("tag", "-f", "x", "HEAD~1")
    assert not pushed(office, "origin", "refs/tags/x").returncode
    office.git("reset", "-q", "--hard", office.git("--git-dir", str(bare), "rev-parse", "main").strip())
    office.done("remark", ID, "学期末")
    office.git("tag", "y")
    assert not pushed(office, "origin", "main", "refs/tags/y").returncode  # the mark with the act that it marks
    empty = str(bare.with_name("empty.git"))
    office.git("init", "-q", "--bare", "--initial-branch=main", empty)
    office.done("guard", "install", empty)
    assert "只收标在" in pushed(office, empty, "refs/tags/y").stderr


def test_a_commit_by_hand_is_looked_at(office: Office) -> None:
    """In a school's folder the hook stops a deletion, a changed step and personal data before they are committed."""
    office.at("review")
    office.done("guard", "install")
    commit = ["git", "commit", "-qm", "x"]
    path = office.path(ID)
    text = path.read_text("utf-8")
    for changed in (text.replace("by: qian-li", "by: hua-rong"), None):
        path.write_text(changed, "utf-8") if changed else path.unlink()
        office.git("add", "-A")
        done = subprocess.run(commit, cwd=office.root, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode, changed
        assert "guard" in done.stderr or "Refused" in done.stderr
        office.git("reset", "-q", "--hard", "HEAD")
    office.write("school/records/catalogue/2026-01-01/edition.yaml", (office.root / "records/catalogue/2026-01-01/edition.yaml").read_bytes() + b"# x\n")
    office.git("add", "-A")
    subprocess.run(commit, cwd=office.root, check=True)


def test_another_hook_is_left_alone(office: Office) -> None:
    """A hook that somebody else put there is not written over; what is no repository is refused."""
    hook = office.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\n")
    office.refused("guard", "install")
    office.refused("guard", "install", str(office.root.parent))
    assert office.done("guard").out
