"""The ledger: acts on real repositories, together, interrupted, and beside what the user has under way."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from schoolpub.errors import SchoolpubError
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.git.staging import Staging

AT = datetime(2026, 11, 3, 9, 12, tzinfo=timezone(timedelta(hours=8)))
ZHAO = ("赵示例", "zhao@school.invalid")
QIAN = ("钱示例", "qian@school.invalid")
NAME = "records/disclosures/2026/财务-2026-10.yaml"


def git(root: Path, *arguments: str, check: bool = True) -> str:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=check)
    return done.stdout.decode()


def act(ledger: Ledger, changes: dict[str, bytes | None], expect: dict[str, bytes | None] | None = None, **more) -> str:
    told = {"subject": "起草：示例", "author": ZHAO, "committer": ZHAO, "at": AT, **more}
    return ledger.act(changes, expect=expect or {}, **told)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "学校", patience=5)
    made.init()
    made.set_user(*ZHAO)
    return made


def test_an_act_is_a_commit_that_reads_well(ledger):
    """The first act in an empty repository makes its file and a commit with author, committer, date and trailers."""
    commit = act(
        ledger,
        {NAME: b"id: x\n"},
        subject="公布：2026年10月财务收支月报",
        body="赵示例（填报人）",
        trailers=[("Record", "finance-monthly-2026-10"), ("Step", "post"), ("By", "zhao")],
        committer=QIAN,
    )

    assert git(ledger.root, "log", "--format=%H%n%an <%ae> %aI%n%cn <%ce> %cI%n%B") == (
        f"{commit}\n赵示例 <zhao@school.invalid> 2026-11-03T09:12:00+08:00\n"
        "钱示例 <qian@school.invalid> 2026-11-03T09:12:00+08:00\n"
        "公布：2026年10月财务收支月报\n\n赵示例（填报人）\n\n"
        "Record: finance-monthly-2026-10\nStep: post\nBy: zhao\n\n"
    )
    assert (ledger.root / NAME).read_bytes() == b"id: x\n"
    assert ledger.clean() and ledger.head() == commit and ledger.branch() == "main"


def test_the_same_acts_have_the_same_ids(tmp_path):
    """Two folders in which the same was done hold the same commits."""
    heads = []
    for name in ("one", "two"):
        ledger = Ledger(tmp_path / name)
        ledger.init()
        act(ledger, {NAME: b"1\n"})
        act(ledger, {NAME: b"2\n"}, {NAME: b"1\n"})
        heads.append(ledger.head())

    assert heads[0] == heads[1]


def test_a_file_is_removed_with_the_folder_it_leaves_empty(ledger):
    """A change to None takes the file out of the folder and out of git."""
    act(ledger, {"keep": b"1", NAME: b"x\n"})
    act(ledger, {NAME: None}, {NAME: b"x\n"})

    assert not (ledger.root / "records").exists()
    assert git(ledger.root, "ls-tree", "-r", "--name-only", "HEAD") == "keep\n"
    assert ledger.clean()


def test_the_log_tells_the_acts(ledger):
    """The log gives the newest first, with trailers and files; a path, a number and a start narrow it."""
    first = act(ledger, {NAME: b"1\n", "b": b"1"}, trailers=[("Record", "x"), ("Step", "draft")])
    second = act(ledger, {"b": b"2"}, {"b": b"1"}, subject="修改：b", body="第一行\n第二行")

    log = ledger.log()

    assert [(c.id, c.parents, c.subject, c.body, c.trailers, c.files) for c in log] == [
        (second, (first,), "修改：b", "第一行\n第二行", (), ("b",)),
        (first, (), "起草：示例", "", (("Record", "x"), ("Step", "draft")), ("b", NAME)),
    ]
    assert log[0].at == AT and log[0].author == "赵示例" and log[1].said("Record") == "x"
    assert [c.id for c in ledger.log(NAME)] == [first]
    assert [c.id for c in ledger.log([], 1)] == [second]
    assert ledger.contents([log[0].changes[0].old, f"HEAD:{NAME}", "HEAD:nothing here"]) == [b"1", b"1\n", None]


def test_a_merge_names_only_what_it_changed_itself(ledger):
    """Of a merge the log names a file that equals none of the parents, and no other."""
    act(ledger, {"a": b"1\n", "b": b"1\n"})
    git(ledger.root, "checkout", "-qb", "other")
    act(ledger, {"a": b"2\n"}, {"a": b"1\n"})
    git(ledger.root, "checkout", "-q", "main")
    act(ledger, {"b": b"2\n"}, {"b": b"1\n"})
    git(ledger.root, "merge", "-q", "--no-commit", "other")
    (ledger.root / "a").write_bytes(b"smuggled\n")
    git(ledger.root, "add", "a")
    git(ledger.root, "commit", "-qm", "merge")

    merge = ledger.log()[0]

    assert len(merge.parents) == 2
    assert merge.files == ("a",)
    assert ledger.contents([merge.changes[0].new]) == [b"smuggled\n"]


def test_a_file_that_somebody_changed_refuses_the_act(ledger):
    """When a file no longer holds what was read, nothing is done: no commit, no file, no journal."""
    before = act(ledger, {NAME: b"1\n"})
    (ledger.root / NAME).write_bytes(b"somebody else\n")

    with pytest.raises(SchoolpubError, match="Somebody else changed"):
        act(ledger, {NAME: b"2\n", "new": b"x"}, {NAME: b"1\n"})

    assert ledger.head() == before
    assert (ledger.root / NAME).read_bytes() == b"somebody else\n"
    assert not (ledger.root / "new").exists() and not ledger.interrupted()


def test_a_file_that_is_there_is_not_overwritten_unasked(ledger):
    """A path that *expect* does not name must be new."""
    act(ledger, {"a": b"1"})

    with pytest.raises(SchoolpubError, match="Somebody else changed a "):
        act(ledger, {"a": b"2"})


def test_what_the_user_has_under_way_stays(ledger):
    """Staged, changed and untracked files of the user are neither committed nor touched."""
    act(ledger, {"a": b"1\n", "b": b"1\n", "c": b"1\n"})
    (ledger.root / "b").write_bytes(b"changed\n")
    (ledger.root / "c").write_bytes(b"staged\n")
    git(ledger.root, "add", "c")
    (ledger.root / "d").write_bytes(b"untracked\n")
    (ledger.root / "e").write_bytes(b"new and staged\n")
    git(ledger.root, "add", "e")
    before = git(ledger.root, "status", "--porcelain")

    act(ledger, {"a": b"2\n"}, {"a": b"1\n"})

    assert git(ledger.root, "status", "--porcelain") == before == " M b\nM  c\nA  e\n?? d\n"
    assert Staging(ledger.root).staged() == ["c", "e"]
    assert git(ledger.root, "show", "--format=", "--name-only") == "a\n"


def test_the_surroundings_and_settings_do_not_leak_in(ledger, tmp_path, monkeypatch):
    """Neither variables of git nor hooks, signing or an odd configuration change what an act does."""
    hook = ledger.root / ".git/hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    for key, value in {
        "commit.gpgsign": "true",
        "core.fsmonitor": "false-program",
        "log.showSignature": "true",
    }.items():
        git(ledger.root, "config", key, value)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))

    commit = act(ledger, {NAME: b"1\n"})

    assert [c.id for c in ledger.log()] == [commit]
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("path", ["../x", "/x", "a//b", ".git/config", "a/.GIT/x", "a\\b", "private/x.yaml", "C:x", ""])
def test_paths_outside_the_records_are_refused(ledger, path):
    """Only files inside the school's folder and outside `private/` are recorded."""
    with pytest.raises(SchoolpubError, match="may not be recorded"):
        act(ledger, {path: b"x"})


def test_a_link_is_refused(ledger, tmp_path):
    """A symbolic link on the way to a file would write elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    (ledger.root / "records").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SchoolpubError, match="link to another place"):
        act(ledger, {"records/a": b"x"})


def test_a_detached_head_and_a_merge_under_way_are_refused(ledger):
    """States in which a commit would be lost or mixed up are refused with the way out."""
    act(ledger, {"a": b"1"})
    git(ledger.root, "checkout", "-q", "--detach")
    with pytest.raises(SchoolpubError, match="no branch is checked out") as refusal:
        act(ledger, {"b": b"1"})
    assert "git checkout main" in str(refusal.value.fix)

    git(ledger.root, "checkout", "-q", "main")
    (ledger.root / ".git/MERGE_HEAD").write_text(ledger.head() + "\n")
    with pytest.raises(SchoolpubError, match="merge is under way"):
        act(ledger, {"b": b"1"})


def test_a_folder_without_git_or_a_bare_one_is_refused(tmp_path):
    """Where there is no repository with a work tree, the refusal names `schoolpub init`."""
    git(tmp_path, "init", "-q", "--bare", "bare")
    for folder in ("bare", "nothing"):
        (tmp_path / folder).mkdir(exist_ok=True)
        ledger = Ledger(tmp_path / folder)
        assert not ledger.exists() and ledger.recover() == []
        with pytest.raises(SchoolpubError) as refusal:
            act(ledger, {"a": b"x"})
        assert "schoolpub init" in str(refusal.value.fix)


def test_a_shallow_clone_takes_acts(ledger, tmp_path):
    """An act needs no history below it."""
    act(ledger, {"a": b"1\n"})
    act(ledger, {"a": b"2\n"}, {"a": b"1\n"})
    git(tmp_path, "clone", "-q", "--depth", "1", ledger.root.as_uri(), "shallow")

    clone = Ledger(tmp_path / "shallow")
    act(clone, {"a": b"3\n"}, {"a": b"2\n"})

    assert clone.clean() and len(clone.log()) == 2


def test_a_second_work_tree_takes_acts(ledger, tmp_path):
    """In a work tree that shares its repository with another the act lands on its own branch."""
    act(ledger, {"a": b"1\n"})
    git(ledger.root, "worktree", "add", "-q", "-b", "second", str(tmp_path / "second"))

    second = Ledger(tmp_path / "second")
    act(second, {"a": b"2\n"}, {"a": b"1\n"})

    assert second.clean() and ledger.clean() and second.branch() == "second" and ledger.branch() == "main"


def test_a_taken_lock_is_named(ledger):
    """Who waits too long is told which lock, and that somebody else is working."""
    other = Ledger(ledger.root, patience=0.2)
    with ledger.lock(), ledger.lock(), pytest.raises(SchoolpubError, match=r"schoolpub\.lock"):
        act(other, {"a": b"x"})
    act(other, {"a": b"x"})


def test_an_index_that_another_program_holds_delays_only_the_index(ledger):
    """The act has happened; the index is told as soon as the other program lets go, and no act goes ahead before."""
    act(ledger, {"a": b"1\n"})
    hasty = Ledger(ledger.root, patience=0.3)
    lock = ledger.root / ".git/index.lock"
    lock.write_bytes(b"another program")

    act(hasty, {"a": b"2\n"}, {"a": b"1\n"})
    assert (ledger.root / "a").read_bytes() == b"2\n" and not hasty.clean()
    with pytest.raises(SchoolpubError, match=r"index\.lock"):
        act(hasty, {"a": b"3\n"}, {"a": b"2\n"})

    assert lock.read_bytes() == b"another program"
    lock.unlink()
    act(hasty, {"a": b"3\n"}, {"a": b"2\n"})
    assert hasty.clean()


def test_only_on_refuses_a_branch_that_moved(ledger):
    """An act that names the commit on which it is taken is not moved onto another."""
    head = act(ledger, {"a": b"1"})
    act(ledger, {"b": b"1"})

    with pytest.raises(SchoolpubError, match="Others recorded acts"):
        act(ledger, {"c": b"1"}, only_on=head)


WORKER = """
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from schoolpub.store.git.ledger import Ledger
at = datetime(2026, 11, 3, 9, 12, tzinfo=timezone(timedelta(hours=8)))
me, count = sys.argv[2], int(sys.argv[3])
ledger = Ledger(Path(sys.argv[1]))
for number in range(count):
    name = f"records/{me}.yaml"
    other = f"records/{me}/{number}.txt"
    with ledger.lock():
        ledger.recover()
        held = {n: (ledger.root / n).read_bytes() if (ledger.root / n).exists() else None for n in (name, other)}
        ledger.act(
            {name: (held[name] or b"") + f"{number} {'x' * 4000}\\n".encode(), other: b"1"},
            subject=f"{me} {number}", author=(me, "a@b.invalid"), committer=(me, "a@b.invalid"), at=at, expect=held,
        )
    print(number, flush=True)
"""


def worker(ledger: Ledger, name: str, count: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(ledger.root), name, str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )


def test_two_at_once_lose_nothing(ledger):
    """Two processes with 20 acts each leave 40 commits, a clean folder and a sound repository."""
    both = [worker(ledger, name, 20) for name in ("one", "two")]
    for process in both:
        assert process.wait(timeout=60) == 0, process.stderr.read().decode()

    assert len(ledger.log()) == 40
    assert ledger.clean()
    assert git(ledger.root, "fsck", "--full", "--strict") == ""


@pytest.mark.parametrize("whole_group", [False, True], ids=["our-process", "with-its-children"])
def test_a_kill_at_any_moment_leaves_before_or_after(ledger, whole_group):
    """After each of many kills the next command finds the act undone or finishes it; nothing is in between."""
    chance = random.Random(20261103)
    act(ledger, {"a": b"1"})
    for _ in range(8):
        process = worker(ledger, "one", 1000)
        process.stdout.readline()  # it is at work now
        time.sleep(chance.uniform(0, 0.06))
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
        process.wait()

        after = Ledger(ledger.root)
        after.recover()
        assert after.left == ()
        assert git(ledger.root, "status", "--porcelain") == ""
        assert not after.interrupted()

    commit = act(Ledger(ledger.root), {"b": b"1"})
    assert ledger.head() == commit and ledger.clean()
    assert git(ledger.root, "fsck", "--full", "--strict", "--no-dangling") == ""


def test_recovery_leaves_a_file_that_was_edited_since(ledger):
    """After a kill between the branch and the files, the files are finished, but one that somebody edited is named."""
    act(ledger, {"a": b"1\n", "b": b"1\n"})
    index = (ledger.root / ".git/index").read_bytes()
    commit = act(ledger, {"a": b"2\n", "b": b"2\n"}, {"a": b"1\n", "b": b"1\n"})
    interrupt(ledger, commit, {"a": (b"1\n", b"2\n"), "b": (b"1\n", b"2\n")}, index)
    (ledger.root / "b").write_bytes(b"edited\n")

    assert ledger.recover() == ["a"]

    assert ledger.left == ("b",)
    assert (ledger.root / "a").read_bytes() == b"2\n" and (ledger.root / "b").read_bytes() == b"edited\n"
    assert git(ledger.root, "status", "--porcelain") == " M b\n"


def test_recovery_forgets_an_act_that_did_not_happen(ledger):
    """A journal whose commit is not on the branch is dropped, and the files stay."""
    act(ledger, {"a": b"1\n"})
    interrupt(ledger, "0" * 39 + "1", {"a": (b"1\n", b"2\n")}, None)

    assert ledger.recover() == []
    assert ledger.clean() and (ledger.root / "a").read_bytes() == b"1\n"


def interrupt(ledger: Ledger, commit: str, files: dict[str, tuple[bytes, bytes]], index: bytes | None) -> None:
    """Put the folder back to the moment in which the branch had moved and no file yet."""
    from schoolpub.store.git import journal

    puts = {}
    for name, (old, new) in files.items():
        (ledger.root / name).write_bytes(old)
        blob = git(ledger.root, "rev-parse", f"HEAD:{name}").strip()
        puts[name] = journal.Put(old=journal.digest(old), new=journal.digest(new), blob=blob)
    note = journal.Journal(branch="main", commit=commit, parent="", puts=puts)
    journal.write(ledger.root / ".git", note)
    if index is not None:
        (ledger.root / ".git/index").write_bytes(index)
