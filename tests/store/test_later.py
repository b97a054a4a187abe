"""What was read before is not read again: editions known to be sound, records of the same process, stamps."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from schoolpub.store import cache
from schoolpub.store.files.catalogue_file import read_edition
from schoolpub.store.workspace import Workspace
from schoolpub.store.yaml import strict_yaml
from tests.views.making import add, finance

RECORDS = Path(__file__).parents[2] / "records"
EDITION = RECORDS / "catalogue" / "2026-01-01"


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A school whose files are trusted however new they are."""
    shutil.copytree(RECORDS, tmp_path / "records")
    monkeypatch.setattr(cache, "_RACY", -(10**12))
    return tmp_path


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
        codes = {problem.code for problem in Workspace(school).read().problems}
        assert "expression-unknown-name" in codes


def test_a_second_reading_makes_anew_only_what_changed(school: Path):
    """In one process an unchanged record is the very same value again, a changed one is not."""
    for period in ("2026-09", "2026-10"):
        add(school, f"finance-monthly-{period}", finance(period), day=date(2026, 11, 3))
    workspace = Workspace(school)
    workspace.read()  # remembers what the next reading keeps
    before = workspace.read().records

    changed = school / before["finance-monthly-2026-10"].file
    changed.write_text(changed.read_text("utf-8") + "# 备注\n", "utf-8")
    after = workspace.read().records

    assert after["finance-monthly-2026-09"] is before["finance-monthly-2026-09"]
    assert after["finance-monthly-2026-10"] is not before["finance-monthly-2026-10"]
    assert after == before == Workspace(school).read(cache=False).records


def test_the_stamp_tells_every_state_from_the_others(school: Path, monkeypatch: pytest.MonkeyPatch):
    """A file that changes, comes or goes gives another stamp; while one is so new that it may change, there is none."""
    workspace = Workspace(school)
    people, secret = school / "records" / "people.yaml", school / "private" / "a.yaml"
    secret.parent.mkdir()

    stamps = [workspace.stamp(), Workspace(school).stamp()]
    people.write_bytes(people.read_bytes() + b"\n")
    stamps.append(workspace.stamp())
    secret.write_text("salt: 00\n", "utf-8")
    stamps.append(workspace.stamp())
    secret.unlink()
    stamps.append(workspace.stamp())

    assert "" not in stamps
    assert stamps[0] == stamps[1]
    assert stamps[2] == stamps[4]
    assert len(set(stamps)) == 3
    monkeypatch.setattr(cache, "_RACY", 10**18)
    assert workspace.stamp() == ""


def test_a_copy_is_known_by_its_bytes(tmp_path: Path):
    """Where no time can be trusted the same bytes are compiled once, and other bytes anew."""
    for name in ("one", "two"):
        shutil.copytree(RECORDS, tmp_path / name / "records")
    one, two = (Workspace(tmp_path / name).read().catalogues[date(2026, 1, 1)] for name in ("one", "two"))
    assert one is two

    flows = tmp_path / "two" / "records" / "catalogue" / "2026-01-01" / "flows.yaml"
    flows.write_bytes(flows.read_bytes() + b"# \n")
    assert Workspace(tmp_path / "two").read().catalogues[date(2026, 1, 1)] is not two
