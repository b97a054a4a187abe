"""`check`: every problem in the records, where it stands, for a person, for a script and for a hook."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cli.office import OCTOBER, Office

ID = "finance-monthly-2026-10"
FILE = f"records/disclosures/2026/{ID}.yaml"


def change(office: Office, old: str, new: str) -> None:
    """Change the record's file by hand."""
    text = office.text(ID)
    assert old in text
    office.path(ID).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sound_school(office: Office) -> None:
    """The shipped school has nothing to tell."""
    assert office.done("check").out == "0 records: 0 errors, 0 warnings.\n"
    assert office.done("check", "--json").json == {"problems": []}
    office.done("check", "--strict")


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("balance_end: 233112.35", "balance_end: 233112.36", "18:16", "rule-equal"),
        ("month: 12.34", "month: 12.345", "14:25", "value-decimals"),
        ("  balance_end: 233112.35\n", "", "10:1", "missing"),
        ("period: 2026-10", "period: 2026-13", "7:9", "value-period"),
        ("audience: both", "audience: everyone", "9:11", "value-choice"),
        ("balance_start:", "balance_start：", "11:16", "yaml-full-width"),
        ("schoolpub: 1", "schoolpub: 2", "1:12", "record-format"),
        ("title:", "title: x\ntitle:", "7:1", "yaml-duplicate-key"),
        ("fields:", "fields: &a", "10:9", "yaml-anchor"),
        ("  balance_start", "\tbalance_start", "11:1", "yaml-syntax"),
        ("department: 总务处", "department: 食堂部", "8:13", "department-unknown"),
        ("item: finance-monthly\n", "item: finance-montly\n", "", ""),
    ],
)
def test_a_mistake_has_its_place(office: Office, old: str, new: str, place: str, code: str) -> None:
    """Each kind of mistake is told with file, line, column, code and what to write instead; exit 1."""
    office.at("draft")
    change(office, old, new)
    answer = office("check")
    assert answer.code == 1
    lines = [line for line in answer.out.splitlines() if line.startswith(FILE)]
    assert any(line.startswith(f"{FILE}:{place} {code} ") for line in lines) or not code, answer.out
    assert all(" → " in line for line in lines), answer.out
    problems = office("check", "--json").json["problems"]
    assert {"code", "level", "file", "line", "column", "record", "field", "message", "fix"} == set(problems[0])
    assert {p["level"] for p in problems} <= {"error", "warning"}
    if code:
        assert f"{FILE}:{place}" in {f"{p['file']}:{p['line']}:{p['column']}" for p in problems}


def test_strict_counts_warnings(office: Office) -> None:
    """A warning alone is no failure, except with `--strict`."""
    office.at("draft")
    office.path(ID).write_bytes(office.path(ID).read_bytes().replace(b"\n", b"\r\n"))
    assert office("check").code == 0
    assert office("check", "--strict").code == 1


def test_only_some_records(office: Office) -> None:
    """With ids only their problems are told, also those of a file that cannot be read."""
    office.at("draft")
    office.done("add", "finance-monthly", "--period", "2026-09", "--zero")
    change(office, "233112.35", "1.00")
    assert office("check", "2026-10").code == 1
    assert office("check", "2026-09").code == 0
    change(office, "fields:", "fields: &a")
    for command in (("check", "2026-10"), ("check", "2026-10", "--json")):
        answer = office(*command)
        assert answer.code == 1
        assert "yaml-anchor" in answer.out
    assert "yaml-anchor" in office.refused("submit", "2026-10", code=1)
    again = ("add", "finance-monthly", "--period", "2026-10", "--zero")
    assert "cannot be read: mend its file" in office.refused(*again, code=1)


def test_staged(office: Office) -> None:
    """With `--staged` only what the user has staged is told, as a hook needs it."""
    office.at("draft")
    change(office, "233112.35", "1.00")
    assert office("check", "--staged").code == 0
    office.git("add", FILE)
    assert office("check", "--staged").code == 1


def test_files_that_do_not_belong(office: Office) -> None:
    """A stray file is told with where it should be; what systems and editors leave behind is passed over."""
    for name in ("Thumbs.db", "desktop.ini", ".DS_Store", "~$表.xlsx", ".~lock.x#", "x.yaml.swp", "x.yaml~"):
        (office.root / "records" / name).write_text("x")
    office.done("check")
    (office.root / "records" / "表.xlsx").write_text("x")
    (office.root / "records/disclosures/2026").mkdir(parents=True)
    (office.root / "records/disclosures/2026/x.yml").write_text("x")
    said = office("check")
    assert said.code == 1
    assert said.out.count("unknown-file") == 2
    assert ".yaml instead of .yml" in said.out


def test_a_broken_register_does_not_hide_the_rest(office: Office) -> None:
    """A slip in people.yaml or school.yaml is one line among the others."""
    office.at("draft")
    change(office, "233112.35", "1.00")
    people = office.root / "records/people.yaml"
    people.write_text(people.read_text("utf-8").replace("{name: 赵敏,", "{name: 赵敏, name: 赵敏,"), "utf-8")
    said = office("check")
    assert "records/people.yaml:3:" in said.out
    assert "rule-equal" in said.out
    assert "records/people.yaml:3:" in office.refused("add", "finance-monthly", "--zero", code=1)


def test_check_works_without_git(office: Office) -> None:
    """Checking needs no repository."""
    import shutil

    office.at("draft")
    shutil.rmtree(office.root / ".git")
    office.done("check")
    office.done("list")
    office.done("build")
    assert "schoolpub init" in office("submit", ID).err


def test_as_of_a_day(office: Office) -> None:
    """`--as-of` judges another day; what is no day is refused."""
    office.at("draft")
    office.done("check", "--as-of", date(2027, 1, 1).isoformat())
    assert "2026-11-03" in office("check", "--as-of", "tomorrow").err


def test_the_same_mistake_in_many_places(office: Office) -> None:
    """All mistakes of a file are told at once, in its order."""
    office.at("draft")
    text = OCTOBER.replace("85000.00", "八万").replace("1200.00", "一千二").replace("152300.00", "x")
    office.path(ID).write_text(office.text(ID).replace(
        "".join(f"  {line}\n" for line in OCTOBER.splitlines()), "".join(f"  {line}\n" for line in text.splitlines())
    ), encoding="utf-8")  # fmt: skip
    lines = [int(p["line"]) for p in office("check", "--json").json["problems"] if p["code"] == "value-money"]
    assert lines == [11, 13, 16]
