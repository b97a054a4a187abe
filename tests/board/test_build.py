"""Building: the same bytes every time, nothing twice, nothing stale, nothing of others."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from schoolpub.board import build, fingerprints
from schoolpub.errors import ProblemsFound
from schoolpub.rules.chain import flow
from schoolpub.rules.clock.duties import owed
from tests.board.conftest import TODAY, make
from tests.views.making import REPOSITORY, TEMPLATES, add, finance, read


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below *root* but the cache."""
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    return {name: data for name, data in found.items() if name != ".build"}


def test_same_files_same_day_same_bytes(own_school, monkeypatch, tmp_path):
    """A second build elsewhere, from another working directory, gives the same bytes in every file."""
    make(own_school)
    monkeypatch.chdir(tmp_path)
    make(own_school, out="elsewhere")

    assert tree(own_school / "site") == tree(own_school / "elsewhere")


def test_two_processes_give_the_same_bytes(own_school, monkeypatch):
    """What processes share out is put together in the same order."""
    make(own_school, jobs=1)
    monkeypatch.setattr("schoolpub.board.units._WORTH_A_PROCESS", 0)
    monkeypatch.setattr("schoolpub.board.units._SHARE", 2)
    make(own_school, out="elsewhere", jobs=2)

    assert tree(own_school / "site") == tree(own_school / "elsewhere")


def test_nothing_is_written_twice(own_school):
    """A second build writes nothing and leaves every file's time alone; neither does one without the cache."""
    make(own_school)
    times = {p: p.stat().st_mtime_ns for p in (own_school / "site").rglob("*") if p.is_file()}

    again = make(own_school)
    assert (again.written, again.removed, again.unchanged) == ([], [], again.files)
    (own_school / "site/.build").unlink()
    without = make(own_school)

    assert (without.written, without.removed) == ([], [])
    assert {p: p.stat().st_mtime_ns for p in times if p.name != ".build"} == {
        p: t for p, t in times.items() if p.name != ".build"
    }


def test_what_a_build_depends_on_is_the_same_in_every_process(own_school):
    """Sets and hashes differ from process to process; what decides whether a site is up to date does not."""
    program = (
        "import sys; from pathlib import Path; from schoolpub.board import fingerprints; "
        "from schoolpub.store.workspace import Workspace; s = Workspace(Path(sys.argv[1])).read(cache=False); "
        "print(fingerprints.policy(s), sorted(fingerprints.records(s).items()))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program, str(own_school)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1


def test_a_new_record_touches_only_what_shows_it(own_school):
    """One more record writes its page and the lists that name it, and no other record's page."""
    make(own_school)
    add(own_school, "finance-monthly-2026-06", finance("2026-06"), day=date(2026, 7, 3))
    done = make(own_school)

    pages = [name for name in done.written if name.startswith("public/records/") and name.endswith(".html")]
    assert pages == ["public/records/finance-monthly-2026-06.html"]
    assert "public/index.html" in done.written and "public/contacts.html" not in done.written
    assert "public/assets/board.css" not in done.written


def test_what_is_suspended_leaves_every_file(own_school):
    """After a suspension page data, attachment and body are gone from the disk, even when the cache was lost."""
    make(own_school)
    files = own_school / "site/public/records"
    assert (files / "finance-monthly-2026-09.v1/支出 明细#1.pdf").exists()
    record = own_school / "records/disclosures/2026/finance-monthly-2026-09.v2.yaml"
    step = "- {step: suspend, by: chu-wei, role: 公开办, at: 2026-11-17T09:00:00+08:00, reason: 有误}\n"
    record.write_text(record.read_text("utf-8") + step, "utf-8")
    (own_school / "site/.build").unlink()
    (own_school / "site/public/build.json").unlink()

    done = make(own_school)

    left = sorted(p.relative_to(files).as_posix() for p in files.rglob("finance-monthly-2026-09*") if p.is_file())
    assert left == ["finance-monthly-2026-09.html", "finance-monthly-2026-09.v1.html"]
    assert not (files / "finance-monthly-2026-09.v1").exists()
    assert "public/records/finance-monthly-2026-09.json" in done.removed


def test_files_of_others_stay(own_school):
    """What the build did not make, it does not remove."""
    make(own_school)
    foreign = [own_school / "site/public/CNAME", own_school / "site/public/records/notes.txt", own_school / "site/mine"]
    for path in foreign:
        path.write_text("mine", "utf-8")
    add(own_school, "finance-monthly-2026-06", finance("2026-06"), day=date(2026, 7, 3))
    make(own_school)

    assert all(path.read_text("utf-8") == "mine" for path in foreign)


@pytest.mark.parametrize("harm", ["lost", "cut"])
def test_a_harmed_file_is_mended(own_school, harm):
    """A page that is missing or has another size is made again."""
    make(own_school)
    page = own_school / "site/public/records/finance-monthly-2026-10.html"
    before = page.read_bytes()
    page.unlink() if harm == "lost" else page.write_bytes(before[:100])

    assert make(own_school).written == ["public/records/finance-monthly-2026-10.html"]
    assert page.read_bytes() == before


def test_what_was_worked_out_before_changes_no_digest(own_school):
    """A long preview counts days and replays records between two builds; the policy is the same all the while."""
    snapshot = read(own_school)
    before = fingerprints.policy(snapshot)
    assert owed(snapshot, TODAY) and [flow.status(snapshot, record) for record in snapshot.records.values()]
    assert any(f.memory for c in snapshot.catalogues.values() for f in c.flows.values()) and snapshot.calendar.memory

    assert fingerprints.policy(snapshot) == before
    days = replace(snapshot.calendar, years={})
    assert fingerprints.policy(replace(snapshot, calendar=days)) != before


def test_a_broken_cache_is_forgotten(own_school):
    """A cache that is no cache costs time and nothing else."""
    make(own_school)
    (own_school / "site/.build").write_bytes(os.urandom(200))

    assert make(own_school).written == []


def test_another_day_is_printed(own_school):
    """Every page carries the day, so a new day writes every page."""
    make(own_school)
    done = make(own_school, today=date(2026, 11, 25))

    assert sum(name.endswith(".html") for name in done.written) == len(list((own_school / "site").rglob("*.html")))
    assert "公示中" not in (own_school / "site/public/records/procurement-result-20261116-abcd.html").read_text("utf-8")


@pytest.mark.parametrize(("data", "code"), [(None, "site-file-missing"), (b"another", "site-file-changed")])
def test_only_approved_files_are_published(own_school, data, code):
    """An attachment that is missing or was swapped stops the build; the next build does not believe the half one."""
    file = own_school / "records/attachments/finance-monthly-2026-09/支出 明细#1.pdf"
    file.unlink() if data is None else file.write_bytes(data)

    with pytest.raises(ProblemsFound) as stopped:
        make(own_school)
    assert {p.code for p in stopped.value.problems} == {code}
    assert not (own_school / "site/.build").exists()
    file.write_bytes(b"%PDF-1.4")

    make(own_school)
    assert (own_school / "site/public/records/finance-monthly-2026-09.v1/支出 明细#1.pdf").read_bytes() == b"%PDF-1.4"


def test_a_school_may_change_one_block(own_school):
    """A template of the school's own extends the shipped one; it runs in a sandbox."""
    own = own_school / "templates/site"
    own.mkdir(parents=True)
    (own / "about.html").write_text(
        "{% extends 'shipped/about.html' %}{% block main %}{{ super() }}<p>本校附言</p>{% endblock %}", "utf-8"
    )
    folders = [own, TEMPLATES]
    where = {"out": own_school / "site", "attachments": own_school / "records/attachments"}
    build(read(own_school), TODAY, templates=folders, **where)
    text = (own_school / "site/public/about.html").read_text("utf-8")
    assert "本校附言" in text and "关于数据" in text

    (own / "about.html").write_text("{{ ''.__class__.__mro__ }}", "utf-8")
    with pytest.raises(Exception, match="unsafe"):
        build(read(own_school), TODAY, templates=folders, **where)


def test_a_misspelt_name_fails_the_build(own_school):
    """A template that asks for what is not there fails, it does not print nothing."""
    own = own_school / "templates/site"
    own.mkdir(parents=True)
    (own / "about.html").write_text("{{ abuot['lead'] }}", "utf-8")

    with pytest.raises(Exception, match="abuot"):
        build(
            read(own_school),
            TODAY,
            templates=[own, TEMPLATES],
            out=own_school / "site",
            attachments=own_school / "records/attachments",
        )


def test_texts_are_escaped(own_school):
    """Markup in a record is text on every page and closes no script."""
    nasty = "</script><script>alert(1)</script><b onclick=x>\"'&"
    body = {**finance("2026-06", notes=nasty), "title": nasty}
    add(own_school, "finance-monthly-2026-06", body, day=date(2026, 7, 3))
    make(own_school)

    for path in (own_school / "site/public").rglob("*"):
        if path.suffix in (".html", ".xml", ".js"):
            text = path.read_text("utf-8")
            assert "<script>alert" not in text and "<b onclick" not in text, path


def test_a_record_without_its_item_is_left_out(own_school):
    """A record whose catalogue edition is gone appears nowhere and breaks nothing."""
    snapshot = read(own_school)
    orphan = replace(snapshot.records["finance-monthly-2026-10"], catalogue=date(1999, 1, 1))
    snapshot = replace(snapshot, records={**snapshot.records, orphan.id: orphan})
    build(
        snapshot,
        TODAY,
        templates=[TEMPLATES],
        out=own_school / "site",
        attachments=own_school / "records/attachments",
    )

    assert not (own_school / "site/public/records/finance-monthly-2026-10.html").exists()
