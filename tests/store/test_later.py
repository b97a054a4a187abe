"""An edition that is known to be sound is compiled only as far as it is asked."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from schoolpub.store import strict_yaml
from schoolpub.store.catalogue_file import read_edition
from schoolpub.store.workspace import Workspace

RECORDS = Path(__file__).parents[2] / "records"
EDITION = RECORDS / "catalogue" / "2026-01-01"


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A school whose files are so old that they can be remembered."""
    shutil.copytree(RECORDS, tmp_path / "records")
    _make_old(tmp_path)
    return tmp_path


def _make_old(root: Path) -> None:
    past = time.time() - 60
    for path in (root / "records").rglob("*.yaml"):
        os.utime(path, (past, past))
    time.sleep(2.1)  # what was changed within the last two seconds may change again without a sign


def test_a_sound_edition_is_the_same_as_one_compiled_whole():
    """Every item, field and rule is equal, whichever is asked for first."""
    trees = {path.name: strict_yaml.parse(path.read_bytes(), path.name)[0] for path in sorted(EDITION.glob("*.yaml"))}
    whole, problems = read_edition(trees, EDITION.name)
    sound, none = read_edition(trees, EDITION.name, sound=True)

    assert problems == none == []
    assert whole and sound
    assert list(sound.items) == list(whole.items)
    for slug in reversed(list(whole.items)):
        assert sound.items[slug].rules == whole.items[slug].rules
        assert list(sound.items[slug].fields.items()) == list(whole.items[slug].fields.items())
    assert sound == whole
    assert "nonesuch" not in sound.items["finance-monthly"].fields
    assert sound.items["finance-monthly"].fields.get("nonesuch") is None


def test_an_edition_that_changed_is_compiled_whole_again(school: Path):
    """A mistake that comes into a remembered edition is found, and found again."""
    workspace = Workspace(school)
    before = workspace.read()
    assert workspace.read() == before
    assert not before.problems

    finance = school / "records" / "catalogue" / "2026-01-01" / "finance.yaml"
    finance.write_text(finance.read_text("utf-8").replace("previous.balance_end]", "previous.balance_ende]"), "utf-8")

    for _ in range(2):
        codes = {problem.code for problem in workspace.read().problems}
        assert "expression-unknown-name" in codes
        _make_old(school)
