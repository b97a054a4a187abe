"""`init`: a school's own folder from answers or questions; no invented person in it, and nothing half made."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest
import yaml

from tests.cli.office import OCTOBER, Office
from tests.cli.terminal import Terminal
from tests.conftest import run_inside

ANSWERS = Path(__file__).parent.parent / "data" / "answers.yaml"
SAMPLE = Path(__file__).parent.parent.parent / "records"


def everything(root: Path) -> bytes:
    """Return every byte of a folder, git's objects unpacked."""
    office = Office(root, run_inside, None, root)  # type: ignore[arg-type]
    return office.objects() + b"\0".join(
        path.read_bytes() + str(path).encode() for path in root.rglob("*") if path.is_file()
    )


def invented() -> list[bytes]:
    """Return the names and slugs of every person of the sample school, and its own name."""
    people = yaml.safe_load((SAMPLE / "people.yaml").read_text(encoding="utf-8"))["persons"]
    return [text.encode() for slug, person in people.items() for text in (slug, person["name"])] + ["示例学校".encode()]


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("small", [False, True])
def test_a_school_of_ones_own(tmp_path: Path, small: bool) -> None:
    """From complete answers comes a school that passes its checks, can act at once, and holds no invented person."""
    root = tmp_path / "我们 学校"
    made = run_inside("init", str(root), "--answers", str(ANSWERS), *(["--small"] if small else []))
    assert made.code == 0, made.err
    assert made.err == ""
    assert made.out.splitlines()[0] == f"Made 示范小学 in {root}."
    assert [n for n in invented() if n in everything(root)] == []
    assert run_inside("check", "--strict", "--root", str(root)).out == "0 records: 0 errors, 0 warnings.\n"
    school = yaml.load((root / "records/school.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert school["small"] == ("yes" if small else "no")
    flow = {True: "disclosure-sensitive-small", False: "disclosure-sensitive"}[small]
    assert f"  flow: {flow}\n" in (root / "records/catalogue/2026-01-01/finance.yaml").read_text(encoding="utf-8")
    here = ("--root", str(root))
    draft = tmp_path / "x.yaml"
    draft.write_text(OCTOBER, encoding="utf-8")
    run = [
        ("add", "finance-monthly", "--period", "2026-10", "--from", str(draft)),
        ("submit", "2026-10"),
        ("approve", "2026-10", "--as", "liu-ping"),
        *([] if small else [("approve", "2026-10", "--as", "罗斌"),
                            ("approve", "2026-10", "--as", "gao-yuan", "--meeting", "校务会")]),
        ("approve", "2026-10", "--as", "he-mei"),
        ("approve", "2026-10", "--as", "ma-jun"),
        ("post", "2026-10", "--as", "tang-li"),
    ]  # fmt: skip
    for command in run:
        done = run_inside(*command, *here)
        assert done.code == 0, (command, done.err)
    assert "示小公开〔2026〕1号" in run_inside("show", "2026-10", *here).out
    assert run_inside("build", *here).code == 0


@pytest.mark.usefixtures("surroundings")
def test_the_sample_school(tmp_path: Path) -> None:
    """`--sample` makes the sample school; `--small` puts it on the short flows."""
    assert run_inside("init", str(tmp_path / "a"), "--sample").code == 0
    assert run_inside("init", str(tmp_path / "b"), "--sample", "--small").code == 0
    text = (tmp_path / "b/records/school.yaml").read_text(encoding="utf-8")
    assert "small: yes" in text
    assert "small: no" not in text
    assert run_inside("check", "--strict", "--root", str(tmp_path / "b")).code == 0


@pytest.mark.usefixtures("surroundings")
def test_an_occupied_folder_is_refused(tmp_path: Path) -> None:
    """A folder with anything in it, and a file, are refused; an empty folder is taken."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").write_text("x")
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    assert "is not empty" in run_inside("init", str(tmp_path / "full"), "--sample").err
    assert run_inside("init", str(tmp_path / "full"), "--sample").code == 3
    assert run_inside("init", str(tmp_path / "file"), "--sample").code == 3
    assert run_inside("init", str(tmp_path / "file/x"), "--sample").code == 3
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["x"]
    assert run_inside("init", str(tmp_path / "empty"), "--sample").code == 0
    assert "--answers FILE" in run_inside("init", str(tmp_path / "none")).err
    assert not (tmp_path / "none").exists()


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("clerk: wang-dan", "clerk: nobody", 3, "nobody"),
        ("clerk: wang-dan", "klerk: wang-dan", 3, "klerk"),
        ("  name: 示范小学\n", "", 5, "name"),
        ("name: 示范小学", "nmae: 示范小学", 6, "nmae"),
        ("person: ma-jun, role: 校长", "person: ma-jn, role: 校长", 36, "ma-jn"),
        ("body: 监督小组", "body: 领导小组", 0, ""),
        ("person: he-mei, role: 组长, body: 监督小组", "person: gao-yuan, role: 组长, body: 监督小组", 0, "领导小组"),
        ("wang-dan: {name: 王丹", "Wang: {name: 王丹", 3, "wang-dan"),
        ("audience: external", "audience: everyone", 14, "audience"),
        ("liu-ping@school.invalid", "wang-dan@school.invalid", 27, "wang-dan"),
        ("  persons:", "  persons: &x", 25, "→"),
        ("series: 示小公开", "series: 示小公开\n  series: 甲", 11, "series"),
    ],
)
def test_mistakes_in_the_answers(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    """Every mistake is told where it was written, and no folder is left behind."""
    text = ANSWERS.read_text(encoding="utf-8")
    assert old in text
    answers = tmp_path / "答案.yaml"
    answers.write_text(text.replace(old, new, 1), encoding="utf-8")
    made = run_inside("init", str(tmp_path / "school"), "--answers", str(answers))
    if not line and not said:
        assert made.code == 0, made.err
        return
    assert made.code == 1, made.out + made.err
    assert said in made.err
    if line:
        assert f"答案.yaml:{line}:" in made.err, made.err
    assert not (tmp_path / "school").exists()


@pytest.mark.usefixtures("surroundings")
def test_nothing_half_made_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git the folder cannot be made, and none is; an empty one stays empty."""
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("new", "empty"):
        office = Office(tmp_path, run_inside, monkeypatch, tmp_path)
        made = office.program("init", name, "--sample")
        assert made.returncode == 3, made.stderr
        assert "git" in made.stderr
        assert "Traceback" not in made.stderr
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "empty").iterdir()) == []


QUESTIONS = [
    "示范中学", "初中", "", "示中公开", "", "综合楼101室", "", "000-00000021", "示范市教育局", "000-00000022", "", "",
    "校门口", "yes", "明天", "2026-09-01",
    "周文 zhou.wen@school.invalid", "唐丽 tang@school.invalid", "马俊", "马俊 ma-jun@school.invalid",
    "唐丽", "何梅 123@school.invalid", "马俊、高远 gao@school.invalid", "何梅，罗斌 gao@other.invalid",
    "林涛 lin@school.invalid", "何梅",
]  # fmt: skip
DEPARTMENTS = 13


@pytest.mark.usefixtures("surroundings")
def test_asking_for_the_school(tmp_path: Path) -> None:
    """On a terminal it asks; a new name without an e-mail is asked again; the folder passes its checks."""
    with Terminal("init", "school", cwd=tmp_path) as terminal:
        terminal.type(*QUESTIONS)
        for _department in range(DEPARTMENTS):
            terminal.type("周文" if "总务处" in terminal.wait("：").splitlines()[-1] else "唐丽")
        assert terminal.end() == 0, terminal.shown
    assert "“马俊” is new" in terminal.shown
    assert "“明天” is no date." in terminal.shown
    assert "owed-since: 2026-09-01" in (tmp_path / "school/records/school.yaml").read_text(encoding="utf-8")
    people = yaml.safe_load((tmp_path / "school/records/people.yaml").read_text(encoding="utf-8"))
    assert people["persons"] == {
        "zhou-wen": {"name": "周文", "emails": ["zhou.wen@school.invalid"]},
        "tang": {"name": "唐丽", "emails": ["tang@school.invalid"]},
        "ma-jun": {"name": "马俊", "emails": ["ma-jun@school.invalid"]},
        "p4": {"name": "何梅", "emails": ["123@school.invalid"]},
        "gao": {"name": "高远", "emails": ["gao@school.invalid"]},
        "p6": {"name": "罗斌", "emails": ["gao@other.invalid"]},
        "lin": {"name": "林涛", "emails": ["lin@school.invalid"]},
    }
    assert [n for n in invented() if n in everything(tmp_path / "school")] == []
    assert run_inside("check", "--strict", "--root", str(tmp_path / "school")).code == 0
    assert run_inside("add", "finance-monthly", "--zero", "--root", str(tmp_path / "school")).code == 0


@pytest.mark.usefixtures("surroundings")
def test_typed_answers_with_a_mistake_are_kept(tmp_path: Path) -> None:
    """Who sits in both groups cannot be: the answers are kept in a file to be mended, and the folder is not made."""
    both = [*QUESTIONS[:22], "马俊", "马俊", "林涛 lin@school.invalid", "马俊"]
    with Terminal("init", "school", cwd=tmp_path) as terminal:
        terminal.type(*both)
        terminal.type(*[""] * DEPARTMENTS)
        assert terminal.end() == 1, terminal.shown
    assert not (tmp_path / "school").exists()
    kept = tmp_path / "school-answers.yaml"
    assert stat.S_ISREG(kept.stat().st_mode)
    text = kept.read_text(encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "监督小组" in row and "person:" in row)
    assert re.search(r"school-answers\.yaml:(\d+):\d+ groups-overlap", terminal.shown)
    mended = text.splitlines()
    del mended[line - 1]
    kept.write_text("\n".join(mended) + "\n", encoding="utf-8")
    made = run_inside("init", str(tmp_path / "school"), "--answers", str(kept))
    assert made.code == 0, made.err
