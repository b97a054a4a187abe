"""A site that nothing has touched is known by the state of the files: no record is read, and git is not needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from schoolpub.board.unchanged import unchanged
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.workspace import Workspace
from tests.board.conftest import TODAY, make
from tests.views.making import REPOSITORY, TEMPLATES


def asked(root: Path, stamp: str = "as it was", today=TODAY):
    """Return what `unchanged` says of the site of *root*."""
    return unchanged(stamp, today, templates=[TEMPLATES], out=root / "site")


def test_an_untouched_site_is_known(own_school):
    """Same state, same day, every file as it was left: the summary of a build that had nothing to do."""
    built = make(own_school, stamp="as it was")

    summary = asked(own_school)

    assert summary is not None
    assert (summary.written, summary.removed, summary.unchanged) == ([], [], built.files)


@pytest.mark.parametrize(
    "what", ["another state", "no state", "another day", "a file is gone", "a file was cut", "interrupted", "no note"]
)
def test_whatever_may_differ_is_built(own_school, what):
    """When anything may be other than it was, nothing is taken for granted."""
    make(own_school, stamp="as it was")
    site = own_school / "site"
    match what:
        case "another state":
            assert asked(own_school, stamp="changed") is None
        case "no state":
            assert asked(own_school, stamp="") is None
        case "another day":
            assert asked(own_school, today=TODAY + timedelta(1)) is None
        case _:
            page = site / "public" / "index.html"
            left = {"a file is gone": page, "interrupted": site / ".build", "no note": site / ".build.state"}
            if what in left:
                left[what].unlink()
            else:
                page.write_bytes(page.read_bytes()[:-1])
            assert asked(own_school) is None


def test_a_site_that_is_built_again_is_known_again(own_school):
    """A full look that found nothing to do leaves a note for the next time."""
    make(own_school)
    assert asked(own_school) is None
    make(own_school, stamp="as it was")

    assert asked(own_school) is not None


def test_a_build_needs_no_git(own_school, monkeypatch):
    """Without the program git the site is built, and names the commit that git's files name."""
    ledger = Ledger(own_school)
    ledger.init()
    ledger.set_user("赵敏", "zhao-min@school.invalid")
    files = [path for path in (own_school / "records").rglob("*") if path.is_file()]
    contents = {path.relative_to(own_school).as_posix(): path.read_bytes() for path in files}
    who = ("赵敏", "zhao-min@school.invalid")
    at = max(step.at for record in Workspace(own_school).read().records.values() for step in record.steps)
    commit = ledger.act(contents, subject="全部", author=who, committer=who, at=at, expect=contents)
    interpreter = Path(shutil.which(sys.executable) or sys.executable)
    monkeypatch.setenv("PATH", str(own_school / "nothing"))

    built = subprocess.run(
        [interpreter, "-m", "schoolpub", "build", "--json"],
        cwd=own_school,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "SCHOOLPUB_NOW": f"{TODAY.isoformat()}T08:00:00+08:00"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    inventory = json.loads((own_school / "site" / "public" / "build.json").read_bytes())
    assert json.loads(built.stdout)["written"] > 0
    assert built.stderr == ""
    assert (inventory["commit"], inventory["clean"]) == (commit, None)
