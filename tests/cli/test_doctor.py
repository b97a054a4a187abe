"""`doctor` names what is wrong with a machine, each with its cure, and does the safe cures."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.cli.office import Office


def bad(office: Office) -> dict[str, str]:
    """Return what is wrong, each with its cure."""
    told = office("doctor", "--json")
    found = {row["what"]: row["cure"] for row in told.json if row["state"] == "bad"}
    assert told.code == (1 if found else 0)
    assert all(found.values())
    return found


def test_a_machine_that_is_ready(office: Office) -> None:
    """Nothing is wrong on the first day; with records a second copy is missed until it is made."""
    assert bad(office) == {}
    office.posted()
    assert set(bad(office)) == {"copy"}
    office.done("backup", str(office.root.parent / "usb"))
    assert set(bad(office)) == {"keys"}  # the sheet with the recovery key lies about
    (office.root / "print/恢复密钥.txt").unlink()
    assert bad(office) == {}


@pytest.mark.parametrize("what", ["locks", "folder", "halfway"])
def test_what_is_cured(office: Office, what: str) -> None:
    """A lock of a fallen program, open private files, an act that was cut off: named, and cured with --fix."""
    if what == "locks":
        lock = office.root / ".git/index.lock"
        lock.touch()
        os.utime(lock, (time.time() - 600,) * 2)
    elif what == "folder":
        (office.root / "private").mkdir(exist_ok=True)
        (office.root / "private").chmod(0o755)
    else:
        from schoolpub.store.git import journal

        head = office.git("rev-parse", "HEAD").strip()
        note = journal.Journal(branch="main", commit=head, parent="", puts={})
        journal.write(office.root / ".git", note)
    assert set(bad(office)) == {what}
    office.done("doctor", "--fix")
    assert bad(office) == {}


def test_many_small_files_are_packed(office: Office) -> None:
    """The history of some years is packed by --fix, and is the same afterwards."""
    office.posted()
    office.surroundings.setattr("schoolpub.cli.safekeeping.readiness.LOOSE", 10)
    before = office.git("log", "--format=%H")
    assert "small files" in office("doctor").out
    office("doctor", "--fix")
    assert "small files" not in office("doctor").out
    assert office.git("count-objects").startswith("0 objects")
    assert office.git("log", "--format=%H") == before
    assert office.done("verify", "--json").json["verdict"] == "consistent"


def test_what_a_person_must_cure(office: Office) -> None:
    """Damaged history, an unknown person, a clock behind, a broken file: each is named."""
    office.git("config", "user.email", "x@school.invalid")
    assert set(bad(office)) == {"identity"}
    office.git("config", "user.email", "zhao-min@school.invalid")
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-10-30T09:00:00+08:00")
    assert set(bad(office)) == {"clock"}
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-11-03T09:12:00+08:00")
    (office.root / "records/people.yaml").write_text("persons: [", "utf-8")
    assert {"records", "identity"} <= set(bad(office))
    office.git("checkout", "-q", "records/people.yaml")
    for pack in (office.root / ".git/objects/pack").glob("*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(b"broken")
    assert "git" in bad(office)


def test_who_must_sign_is_told_that_they_cannot(office: Office, tmp_path: Path) -> None:
    """Where the school asks for signatures, a person without a key, or without its file here, is told before an act fails."""
    office.surroundings.setenv("SCHOOLPUB_KEYS", str(tmp_path / "keys"))
    school = office.root / "records/school.yaml"
    school.write_text(school.read_text("utf-8") + "signatures: {from: 2026-11-03, steps: [post]}\n", "utf-8")
    assert "schoolpub key new" in bad(office)["keys"]
    office.git("checkout", "-q", "records")
    office.done("key", "new", "--agreed", "sun-jie", "--yes")
    assert bad(office).keys() == {"copy"}
    school.write_text(school.read_text("utf-8") + "signatures: {from: 2026-11-03, steps: [post]}\n", "utf-8")
    (tmp_path / "keys/zhao-min").unlink()
    assert str(tmp_path / "keys/zhao-min") in bad(office)["keys"]
