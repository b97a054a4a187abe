"""What is read in git's folder without asking git is what git says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from schoolpub.store.git.git_folder import last_commit, plain_email
from schoolpub.store.git.ledger import Ledger

PLAIN = "[user]\n\tname = 赵敏\n\temail = zhao-min@school.invalid\n"


@pytest.mark.parametrize(
    ("settings", "read"),
    [
        (PLAIN, True),
        ("[user]\n\temail = zhao-min@school.invalid\n[core]\n\tautocrlf = false\n", True),
        ("[USER]\n email=zhao-min@school.invalid ; at the office\n", False),
        (PLAIN + "[user]\n\temail = qian-li@school.invalid\n", False),
        (PLAIN + "[include]\n\tpath = other\n", False),
        ('[user]\n\temail = "zhao-min@school.invalid"\n', False),
        ('[user "other"]\n\temail = zhao-min@school.invalid\n', False),
        ("", False),
    ],
)
def test_an_email_is_read_where_it_stands_plainly(tmp_path: Path, settings: str, read: bool):
    """Settings in git's own writing are read; of all others git is asked, and the answer is always git's."""
    ledger = Ledger(tmp_path)
    ledger.init()
    config = tmp_path / ".git" / "config"
    config.write_text(config.read_text("utf-8") + settings, "utf-8")
    (tmp_path / ".git" / "other").write_text("[user]\n\temail = sun-jie@school.invalid\n", "utf-8")

    asked = subprocess.run(["git", "config", "--get", "user.email"], cwd=tmp_path, capture_output=True, text=True)

    assert ledger.user_email() == asked.stdout.strip()
    assert plain_email(tmp_path) == ("zhao-min@school.invalid" if read else "")


@pytest.mark.parametrize("how", ["empty", "loose", "packed", "detached", "a work tree"])
def test_branch_and_last_commit_are_those_that_git_names(tmp_path: Path, how: str):
    """However git keeps the branch, what is read of it is what git says."""
    main = tmp_path / "main"
    ledger = Ledger(main)
    ledger.init()
    ledger.set_user("赵敏", "zhao-min@school.invalid")

    def git(*words: str) -> str:
        made = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
        return made.stdout.strip()

    folder = main
    if how != "empty":
        git("commit", "--allow-empty", "--message", "一")
    match how:
        case "packed":
            git("pack-refs", "--all")
        case "detached":
            git("checkout", "--quiet", "--detach")
        case "a work tree":
            git("worktree", "add", "-b", "other", str(tmp_path / "other"))
            folder = tmp_path / "other"
            git("commit", "--allow-empty", "--message", "二")

    assert Ledger(folder).head() == git("rev-parse", "--quiet", "--verify", "HEAD")
    assert Ledger(folder).branch() == git("symbolic-ref", "--quiet", "--short", "HEAD")
    assert last_commit(folder) in ("", Ledger(folder).head())
    assert (last_commit(folder) == "") == (how == "empty")
