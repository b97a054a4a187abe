"""The workspace: every file is read once, nothing unknown is passed over, and the cache never changes what is read."""

from __future__ import annotations

import os
import shutil
import stat
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from schoolpub.errors import Problem, SchoolpubError, say
from schoolpub.model.period import parse_period
from schoolpub.model.record import Step
from schoolpub.store import cache
from schoolpub.store.files import unfinished
from schoolpub.store.files.record_file import new_text
from schoolpub.store.workspace import Workspace, find_root

AT = datetime.fromisoformat("2026-11-03T09:12:00+08:00")
EDITION = Path(__file__).parents[2] / "records" / "catalogue" / "2026-01-01"


def record_text(period: str = "2026-10", steps=(), **changes) -> str:
    body = {
        "schoolpub": "1", "id": f"finance-monthly-{period}", "item": "finance-monthly", "catalogue": "2026-01-01",
        "edition": "1", "title": f"{period}月报", "period": period, "department": "总务处", "audience": "both",
        "fields": {"balance_start": "152300.00"}, **changes,
    }  # fmt: skip
    return new_text(body, [Step(step="draft", by="zhao-min", role="填报人", at=AT), *steps])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small school's folder."""
    shutil.copytree(EDITION, tmp_path / "records" / "catalogue" / "2026-01-01")
    write(tmp_path, "records/school.yaml", "name: 示例学校\n")
    write(tmp_path, "records/people.yaml", "persons: {zhao-min: {name: 赵敏}}\n")
    write(tmp_path, "records/calendar/2026.yaml", "year: 2026\n")
    write(tmp_path, "records/disclosures/2026/finance-monthly-2026-10.yaml", record_text())
    return tmp_path


def write(root: Path, file: str, text: str | bytes) -> Path:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def told(root: Path, cache: bool = False) -> list[tuple[str, str]]:
    """Return code and file of every problem."""
    return [(p.code, p.file) for p in Workspace(root).read(cache).problems]


def test_a_folder_is_read(root):
    """School, people, calendar, catalogue and records come together in one snapshot without problems."""
    snapshot = Workspace(root).read(cache=False)

    assert snapshot.problems == ()
    assert snapshot.school.name == "示例学校"
    assert snapshot.people.name("zhao-min") == "赵敏"
    assert list(snapshot.calendar.years) == [2026]
    assert list(snapshot.catalogues) == [date(2026, 1, 1)]
    assert list(snapshot.records) == ["finance-monthly-2026-10"]
    assert snapshot.item(snapshot.records["finance-monthly-2026-10"]).name == "财务收支月报"


def test_the_root_is_found_upwards(root):
    """Any folder inside the school's folder leads to it; outside, the way out is told."""
    assert find_root(root / "records" / "disclosures" / "2026") == root.resolve()
    with pytest.raises(SchoolpubError, match=r"records/school\.yaml") as refused:
        find_root(root.parent.parent)
    assert "schoolpub init" in str(refused.value.fix)


def test_litter_is_passed_over_and_the_unknown_is_told(root):
    """What systems drop is ignored; every other file, folder and link that does not belong is a problem."""
    litter = ["Thumbs.db", "desktop.ini", ".DS_Store", "~$表.xlsx", ".~lock.x#", ".a.yaml.swp", "a.yaml~"]
    for name in litter:
        write(root, f"records/disclosures/2026/{name}", "")
    write(root, "records/notes.txt", "")
    write(root, "records/disclosures/2026/a.yml", "")
    write(root, "records/disclosures/b.yaml", "")
    write(root, "records/old/2026/c.yaml", "")
    write(root, "records/calendar/26.yaml", "")
    write(root, "records/attachments/loose.pdf", "")
    write(root, "records/attachments/finance-monthly-2026-10/x.pdf", "")
    write(root, "records/attachments/finance-monthly-2026-10/deep/y.pdf", "")
    write(root, "records/attachments/finance-monthly-2026-09/z.pdf", "")
    (root / "records" / "disclosures" / "empty").mkdir()
    (root / "records" / "supervision").symlink_to(root / "records" / "disclosures")

    assert told(root) == [
        ("unknown-file", "records/attachments/finance-monthly-2026-09/z.pdf"),
        ("unknown-file", "records/attachments/finance-monthly-2026-10/deep"),
        ("unknown-file", "records/attachments/finance-monthly-2026-10/x.pdf"),
        ("unknown-file", "records/attachments/loose.pdf"),
        ("unknown-file", "records/calendar/26.yaml"),
        ("unknown-file", "records/disclosures/2026/a.yml"),
        ("unknown-file", "records/disclosures/b.yaml"),
        ("unknown-file", "records/notes.txt"),
        ("unknown-file", "records/old"),
        ("unknown-file", "records/supervision"),
    ]


def test_broken_files_are_problems_and_nothing_stops(root):
    """A folder in which every file is broken is still read, and every file is told."""
    for path in (root / "records").rglob("*.yaml"):
        path.write_bytes(b"a: b: c\n\xff")

    snapshot = Workspace(root).read()

    assert snapshot.school.name == "" and not snapshot.records
    assert {p.file for p in snapshot.problems} >= {
        path.relative_to(root).as_posix() for path in (root / "records").rglob("*.yaml")
    }  # fmt: skip


def test_missing_registers_are_told(root):
    """A folder without its registers says so."""
    (root / "records" / "school.yaml").unlink()
    (root / "records" / "people.yaml").unlink()

    assert told(root) == [("file-missing", "records/people.yaml"), ("file-missing", "records/school.yaml")]


def test_names_and_places_of_records_must_agree(root):
    """A renamed copy, a record twice and a record in the wrong folder are told, each with the way out."""
    write(root, "records/disclosures/2026/copy.yaml", record_text())
    write(root, "records/feedback/2026/finance-monthly-2026-10.yaml", record_text())
    write(root, "records/disclosures/2025/finance-monthly-2026-09.yaml", record_text("2026-09"))

    found = Workspace(root).read()

    assert [(p.code, p.file, str(p.fix)) for p in found.problems] == [
        ("record-folder", "records/disclosures/2025/finance-monthly-2026-09.yaml",
         "Move it to records/disclosures/2026/ with git mv."),
        ("record-file-name", "records/disclosures/2026/copy.yaml",
         "Give the file the name finance-monthly-2026-10.yaml; when it is a copy, remove it."),
        ("record-twice", "records/feedback/2026/finance-monthly-2026-10.yaml", "Remove the copy."),
    ]  # fmt: skip
    assert list(found.records) == ["finance-monthly-2026-09", "finance-monthly-2026-10"]


def test_attachments_are_compared_with_their_digests(root):
    """Files that records and steps name are known; missing and changed ones are told when they are asked for."""
    posted = Step(
        step="prove", by="feng-yun", role="公开办", at=AT + timedelta(1),
        says={
            "evidence": [{"file": "照片.jpg", "sha256": sha256(b"photo").hexdigest()}],
            "paper": {"file": "表.jpg", "sha256": "0" * 64},
        },
    )  # fmt: skip
    attachments = [{"file": "明细.pdf", "title": "明细", "sha256": sha256(b"list").hexdigest()}]
    write(
        root,
        "records/disclosures/2026/finance-monthly-2026-10.yaml",
        record_text(steps=[posted], attachments=attachments),
    )
    for name, data in {"明细.pdf": b"list", "照片.jpg": b"other"}.items():
        write(root, f"records/attachments/finance-monthly-2026-10/{name}", data)
    here = Workspace(root)
    snapshot = here.read()

    assert snapshot.problems == ()
    assert [(p.code, p.where) for p in here.attachment_problems(snapshot)] == [
        ("attachment-changed", ("steps", 1, "evidence", 0, "file")),
        ("attachment-missing", ("steps", 1, "paper", "file")),
    ]


def test_problems_get_line_and_column(root):
    """A place in a record becomes line and column; the file is found by the record's id."""
    here = Workspace(root)
    here.read()
    problem = Problem(code="x", message=say("x"), record="finance-monthly-2026-10", where=("fields", "balance_start"))
    elsewhere = Problem(code="y", message=say("y"), file="records/gone.yaml", where=("a",))

    assert here.locate([problem, elsewhere]) == [
        replace(problem, file="records/disclosures/2026/finance-monthly-2026-10.yaml", line=11, column=18),
        elsewhere,
    ]
    assert here.data("records/school.yaml") == "name: 示例学校\n".encode()
    with pytest.raises(SchoolpubError, match=r"records/gone\.yaml"):
        here.data("records/gone.yaml")


@pytest.fixture
def remembering(root, monkeypatch):
    """The folder, with a cache that remembers files however new they are: tests do not wait."""
    monkeypatch.setattr(cache, "_RACY", -(10**12))
    return root


def test_unchanged_files_are_not_opened(remembering):
    """What the cache says of an unchanged file is what is read, and git never sees the cache."""
    Workspace(remembering).read()
    known = cache.Cache.load(remembering / ".schoolpub")
    for file, (signature, tree, content) in known._known.items():
        known.put(file, signature, {**tree, "title": "记住的"} if "disclosures" in file else tree, content)
    known.save()

    assert Workspace(remembering).read().records["finance-monthly-2026-10"].title == "记住的"
    assert Workspace(remembering).read(cache=False).records["finance-monthly-2026-10"].title == "2026-10月报"
    assert (remembering / ".schoolpub" / ".gitignore").read_text() == "*\n"


def test_the_cache_changes_nothing(remembering):
    """With the cache the snapshot is that of the files, also after some were changed, added and removed."""
    fresh = Workspace(remembering).read(cache=False)
    assert Workspace(remembering).read() == fresh
    assert Workspace(remembering).read() == fresh

    write(remembering, "records/disclosures/2026/finance-monthly-2026-10.yaml", record_text(title="改"))
    write(remembering, "records/disclosures/2026/finance-monthly-2026-11.yaml", record_text("2026-11"))
    (remembering / "records" / "calendar" / "2026.yaml").unlink()
    changed = Workspace(remembering).read()
    assert changed == Workspace(remembering).read(cache=False)
    assert changed.records["finance-monthly-2026-10"].title == "改"


def test_problems_are_told_again_with_the_cache(remembering):
    """A file with a problem is read each time, so that no problem is ever forgotten."""
    write(remembering, "records/disclosures/2026/finance-monthly-2026-11.yaml", "\ufeff" + record_text("2026-11"))
    write(remembering, "records/disclosures/2026/finance-monthly-2026-12.yaml", "x")

    first = told(remembering, cache=True)

    assert first and told(remembering, cache=True) == first == told(remembering)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: b"\x00" * len(data),
        lambda data: data[:-10],
        lambda data: data[:60] + b"?" + data[61:],
        lambda data: data.replace(b"cpython", b"cpython"[::-1]),
    ],
)
def test_a_damaged_cache_is_ignored(remembering, damage):
    """Whatever happened to the cache file, the files themselves are read."""
    fresh = Workspace(remembering).read()
    file = remembering / ".schoolpub" / "cache"
    file.write_bytes(damage(file.read_bytes()))

    assert Workspace(remembering).read() == fresh


def test_a_cache_with_false_trees_is_ignored(remembering):
    """Trees that are no records, under the right signatures and a right check sum, do no harm."""
    fresh = Workspace(remembering).read()
    known = cache.Cache.load(remembering / ".schoolpub")
    for file, (signature, _, content) in list(known._known.items()):
        known.put(file, signature, {"id": 1, "steps": 3}, content)
    known.save()

    assert Workspace(remembering).read() == fresh


def test_a_file_as_new_as_the_reading_is_not_remembered(tmp_path):
    """What was written in the instant of the reading could change again without a sign; older files are remembered."""
    now = time.time_ns()
    old, new = (100_000, now - 10**10, now - 10**10, 1), (100_000, now, now, 2)
    touched = (100_000, now - 10**10, now, 3)
    seen = cache.Cache(tmp_path / ".schoolpub")
    for name, signature in {"old": old, "new": new, "touched": touched}.items():
        seen.put(name, signature, {"a": "b"}, "")
    seen.save()

    known = cache.Cache.load(tmp_path / ".schoolpub")

    assert known.get("old", old) == ({"a": "b"}, "")
    assert known.get("old", new) is known.get("new", new) is known.get("touched", touched) is None


def test_little_is_not_remembered(root):
    """Where reading anew costs next to nothing no cache is written."""
    shutil.rmtree(root / "records" / "catalogue")
    Workspace(root).read()

    assert not (root / ".schoolpub").exists()


@pytest.mark.skipif(os.name == "nt", reason="modes are not Windows'")
def test_interrupted_entries_are_kept_for_their_owner_only(tmp_path):
    """An entry is saved, listed, loaded and removed; nobody else may read it and git ignores it."""
    name = unfinished.key("finance-monthly", parse_period("2026-01..2026-10"))
    entry = {"title": "月报", "fields": {"income": [{"item": "a\nb", "month": None}]}}

    path = unfinished.save(tmp_path, name, {"title": "旧"})
    unfinished.save(tmp_path, name, entry)

    assert name == "finance-monthly-2026-01-to-2026-10"
    assert path == tmp_path / "private" / "unfinished" / f"{name}.yaml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "private" / ".gitignore").read_text() == "*\n"
    assert unfinished.keys(tmp_path) == [name]
    assert unfinished.load(tmp_path, name) == entry
    unfinished.remove(tmp_path, name)
    unfinished.remove(tmp_path, name)
    assert unfinished.keys(tmp_path) == []
    assert unfinished.key("large-spend", date(2026, 11, 3)) == "large-spend-2026-11-03"
    for bad in (name, "../x"):
        with pytest.raises(SchoolpubError):
            unfinished.load(tmp_path, bad)
