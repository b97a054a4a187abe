"""Files that somebody made to mislead, to hang or to flood: refused or told, quickly, each by its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schoolpub.cli import console
from schoolpub.errors import Level, errors, say
from schoolpub.store.files.calendar_file import read_year
from schoolpub.store.files.catalogue_file import read_edition
from schoolpub.store.files.school_file import read_school
from schoolpub.store.workspace import Workspace
from schoolpub.store.yaml import strict_yaml
from schoolpub.store.yaml.shape import Shape


@pytest.mark.parametrize("text", ["name: 公\u202e示\n", 'name: "公\\u202e示"\n', 'name: "\\e[2J"\n', "name: a\x9b2J\n"])
def test_what_turns_or_steers_the_reading_is_refused(text: str) -> None:
    """Nothing may be read as what it is not, raw or written as an escape."""
    _, found = strict_yaml.parse(text.encode(), "a.yaml")
    assert [(p.code, p.line) for p in errors(found)] == [("yaml-control-character", 1)]


def test_what_nobody_sees_is_told() -> None:
    """Two titles that look alike differ by a character that `check` names with its place; it forbids nothing."""
    tree, found = strict_yaml.parse("a: x\ntitle: 公\u200b示\n".encode(), "a.yaml")
    assert tree == {"a": "x", "title": "公\u200b示"}
    assert [(p.code, p.level, p.line, p.column) for p in found] == [("yaml-invisible", Level.WARNING, 2, 9)]


def test_a_terminal_is_not_steered(capsys: pytest.CaptureFixture[str]) -> None:
    """What a commit's message or a file's name may hold is shown and not obeyed."""
    console.out("a\x1b[2J\u202eb\n\tc")
    console.note(say("{file}", file="\x9b2J"))
    assert capsys.readouterr() == ("a\\u001b[2J\\u202eb\n\tc\n", "\\u009b2J\n")


def test_enormous_policy_is_told_quickly() -> None:
    """A catalogue of too many entries, a calendar of too many lines: a few hundred problems, and an error."""
    steps = [{"step": f"s{n}", "name": "步", "from": ["none"], "to": "draft", "by": []} for n in range(510)]
    flows = {"big": {"name": "大", "steps": steps}}
    edition, found = read_edition({"flows.yaml": flows}, "2026-01-01")  # type: ignore[dict-item]
    assert edition is not None and "catalogue-too-many" in {p.code for p in found}
    assert len(found) <= 510
    lines = [{"name": "假", "from": "2026-01-01", "to": "2026-12-31"}] * 510
    table, problems = read_year({"year": "2026", "holidays": lines}, "records/calendar/2026.yaml")  # type: ignore[dict-item]
    assert table is None and len(problems) == 500
    shape = Shape("a.yaml")
    for _ in range(900):
        shape.wrong("x", (), say("x"), level=Level.WARNING)
    shape.wrong("x", (), say("x"))
    assert shape.broken


def test_an_address_holds_no_markup() -> None:
    """The school's address goes into files of every kind."""
    tree = {"name": "示例学校", "site": 'https://x"><script>alert(1)</script>/'}
    assert [p.code for p in read_school(tree, "school.yaml")[1] if p.where == ("site",)] == ["value-url"]


def test_what_stands_in_a_broken_file_is_no_further_mistake(tmp_path: Path) -> None:
    """One wrong character in a file of the catalogue is one problem, not one for each item in it."""
    shutil.copytree(Path(__file__).parents[2] / "records/catalogue", tmp_path / "records/catalogue")
    file = tmp_path / "records/catalogue/2026-01-01/finance.yaml"
    file.write_text(file.read_text("utf-8") + '\nx: {name: "\\e[2J"}\n', "utf-8")
    found = [p for p in Workspace(tmp_path).read().problems if "catalogue" in p.file]
    assert [(p.file, p.code) for p in found] == [(file.relative_to(tmp_path).as_posix(), "yaml-control-character")]
