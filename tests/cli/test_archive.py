"""A year's package is a valid BagIt bag with the list of DA/T 22; filing is an act, and what changes afterwards is found."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import subprocess
from pathlib import Path

import bagit
import openpyxl
import pytest
from pypdf import PdfReader

from tests.cli.office import Office

ID = "finance-monthly-2026-10"
HEADS = ["序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注"]


@pytest.fixture
def filed(office: Office) -> tuple[Office, Path]:
    """October's account posted and filed; the package."""
    office.posted()
    made = office.done("archive", "2026", "--json", by="chen-xi")
    told = made.json
    assert (told["count"], told["filed"]) == (1, 1)
    assert "not over" in made.err and "Z000" in made.err  # said before a number is given for good
    return office, Path(told["folder"])


def test_the_package(filed: tuple[Office, Path]) -> None:
    """A validator of others accepts it; the list has its columns in three forms; nothing private is in it."""
    office, folder = filed
    bag = bagit.Bag(str(folder))
    assert bag.is_valid()
    assert bag.info["External-Identifier"] == "Z000-WS·2026"
    data = folder / "data"
    rows = list(csv.reader(io.StringIO((data / "归档文件目录.csv").read_text("utf-8-sig"))))
    assert rows[0] == HEADS
    assert rows[1] == ["1", "Z000-WS·2026-D10-0001", "校公开〔2026〕1号", "示例学校", "2026年10月财务收支月报", "20261103", "", "1", ""]
    sheet = openpyxl.load_workbook(data / "归档文件目录.xlsx").active
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == rows
    assert "归档文件目录" in PdfReader(data / "归档文件目录.pdf").pages[0].extract_text()
    piece = data / f"D10/0001-{ID}.v1"
    assert b"pdfaid" in (piece / f"{ID}.pdf").read_bytes()
    assert (office.path(ID).read_bytes()).startswith((piece / f"{ID}.yaml").read_bytes())
    clone = folder.parent / "clone"
    office.git("clone", "-q", str(data / "history.bundle"), str(clone))
    assert (clone / "records/people.yaml").read_bytes() == (data / "policy/people.yaml").read_bytes()
    assert office.steps(ID)[-1]["archive"] == "Z000-WS·2026-D10-0001"
    assert office.steps(ID)[-1]["package"] == hashlib.sha256((folder / "manifest-sha256.txt").read_bytes()).hexdigest()


def test_changes_after_filing_are_found(filed: tuple[Office, Path]) -> None:
    """The package and the records agree; a later act is told, a changed record or file is found."""
    office, folder = filed
    assert office.done("archive", "verify", str(folder)).code == 0
    office.done("remark", ID, "审计已核对")
    assert "remark" in office.done("archive", "verify", str(folder)).out
    path = office.path(ID)
    text = path.read_text("utf-8")
    path.write_text(text.replace("233112.35", "233112.36"), "utf-8")
    told = office("archive", "verify", str(folder))
    assert told.code == 1 and ID in told.out
    path.write_text(text, "utf-8")
    piece = next(folder.glob("data/D10/*/*.pdf"))
    piece.write_bytes(piece.read_bytes() + b" ")
    (folder / "data/more.txt").write_text("x")
    told = office("archive", "verify", str(folder), "--json").json
    assert len(told["problems"]) == 3  # changed, one too many, and the count
    office.refused("archive", "verify", str(office.root))


def test_a_package_made_over_is_not_the_one_that_was_filed(filed: tuple[Office, Path]) -> None:
    """A sheet swapped under fitting digests is found, for the records name the list of files; a copy says what it is."""
    office, folder = filed
    sheet, other = next(folder.glob("data/D10/*/*.pdf")), folder / "data/归档文件目录.pdf"
    sheet.write_bytes(other.read_bytes())
    bagit.Bag(str(folder)).save(manifests=True)
    assert bagit.Bag(str(folder)).is_valid()
    told = office("archive", "verify", str(folder))
    assert told.code == 1 and "filed" in told.out
    again = office.done("archive", "2026", "--copy", "--json").json["folder"]
    told = office.done("archive", "verify", again, "--json").json
    assert (told["problems"], told["vouched"]) == ([], False)


def test_only_what_was_recorded_is_packed(office: Office) -> None:
    """A record altered by hand goes into no package, no register and no inspector's folder."""
    office.posted()
    path = office.path(ID)
    path.write_text(path.read_text("utf-8").replace("2999.99", "2999.98"), "utf-8")
    for command in (("archive", "2026"), ("archive", "2026", "--inspection", "--seed", "7"), ("print", "--register", "2026")):
        assert path.name in office.refused(*command, by="chen-xi" if command == ("archive", "2026") else "")


def test_a_second_filing_keeps_the_numbers(filed: tuple[Office, Path]) -> None:
    """What was filed keeps its number; only what is new is filed; who may not file is refused and nothing is written."""
    office, _ = filed
    office.done("correct", ID, "--reason", "补充说明", "--set", "notes=补充")
    office.through(f"{ID}.v2")
    office.refused("archive", "2026", by="qian-li")
    again = office.done("archive", "2026", "--json", by="chen-xi").json
    assert (again["count"], again["filed"]) == (2, 1)
    rows = list(csv.reader(io.StringIO(Path(again["folder"], "data/归档文件目录.csv").read_text("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["Z000-WS·2026-D10-0001", "Z000-WS·2026-D10-0002"]
    assert rows[1][8] == "已由新版替代" and rows[2][8] == "更正"
    assert office.done("check", "--strict").code == 0
    office.refused("archive", "2025", by="chen-xi")


def test_the_register_is_a_witness(office: Office) -> None:
    """The yearly register confirms the history by its text, and for years by the code at its foot; a forged one does not."""
    office.posted()
    pdf, text = (Path(line) for line in office.done("print", "--register", "2026").out.split())
    told = text.read_text("utf-8")
    digest = hashlib.sha256(text.read_bytes()).hexdigest()
    shown = "".join(page.extract_text() for page in PdfReader(pdf).pages).replace("\n", "").replace(" ", "")
    assert digest in shown and "校公开〔2026〕1号" in shown
    code = re.search(r"登记簿核对码：((?:[0-9A-Z]{5}-){6}[0-9A-Z*~$=])", shown)[1]  # type: ignore[index]
    assert office.done("verify", "--code", digest, "--json").json["sha256"] == digest
    office.done("suspend", ID, "--reason", "数据待核")  # what is done later does not trouble it
    for said in (("--codes", str(text)), ("--code", code.lower().replace("-", " "))):
        assert digest in office.done("verify", *said).out
    found = office.done("verify", "--codes", str(text), "--json").json
    assert found["verdict"] == "confirmed" and [a["kind"] for a in found["anchors"]] == ["codes", "register"]
    for forged, why in ((told.replace("月报", "年报"), "校公开〔2026〕1号"), (told.replace("\n# ", "\n# 0", 1), "")):
        found = office("verify", "--codes", office.write("伪.txt", forged), "--json").json
        assert [f["code"] for f in found["findings"] if why in f["message"]] == ["register-contradicted"]
    text.write_text(told.replace("已公开", "已撤回公开"), "utf-8")
    assert office("verify", "--codes", str(text)).code == 1
    assert office("verify", "--code", "0" * 30 + "0").code == 1
    office.refused("verify", "--codes", str(pdf))
    office.refused("print")
    office.refused("print", "--register", "26", code=2)


def test_an_inspector_draws_ten(office: Office) -> None:
    """The inspector's folder has lists, register, history, and records drawn by the seed, which anybody can repeat."""
    office.posted()
    office.refused("archive", "2026", "--inspection")
    office.done("suspend", ID, "--reason", "数据待核")
    office.done("resume", ID, by="sun-jie")
    told = office.done("archive", "2026", "--inspection", "--seed", "it's 7", "--json").json
    data = Path(told["folder"]) / "data"
    assert bagit.Bag(told["folder"]).is_valid()
    assert told["drawn"] == [ID] and (data / f"8-抽查/{ID}/{ID}.pdf").exists()
    names = ["0-说明.txt", "1-公开情况.csv", "2-逾期.csv", "3-更正.csv", "4-撤回与暂停.csv", "5-免予公开.csv"]
    assert sorted(p.name for p in data.iterdir())[:6] == names
    first, covered, late, _, stopped, _ = ((data / name).read_text("utf-8-sig") for name in names)
    assert "财务收支月报" in covered and "核验全部历史" in first
    assert "后勤服务工作简报" in late  # nobody ever began it
    assert [line.split(",")[3] for line in stopped.splitlines()[1:]] == ["暂停公开", "恢复公开"] and "数据待核" in stopped
    recipe = next(line for line in (data / "8-抽查/抽取办法.txt").read_text("utf-8").splitlines() if line.startswith("while"))
    again = subprocess.run(["sh", "-c", recipe], cwd=data / "8-抽查", capture_output=True, encoding="utf-8", check=True)
    assert [line.split()[1] for line in again.stdout.splitlines()] == told["drawn"]


def test_what_is_said_to_be_filed_is_there(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where filing fails there is no package; one that a kill left behind the filing is put in place; halves go."""
    from schoolpub.cli.acts import taking

    office.posted()
    half = office.root / "archive/.part-old"
    half.mkdir(parents=True)
    os.utime(half, (0, 0))

    def fall(*_: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as broken:
        broken.setattr(taking, "commit", fall)
        assert office("archive", "2026", by="chen-xi").code == 3
    assert [path.name for path in (office.root / "archive").iterdir()] == [".gitignore"]
    assert office.steps(ID)[-1]["step"] == "post"
    office.done("archive", "2026", by="chen-xi")
    half.mkdir()
    package = office.root / "archive/校务公开档案-2026"
    package.rename(half / package.name)
    told = office.done("archive", "2026", "--copy")
    assert "completed" in told.err and not half.exists()
    assert office.done("archive", "verify", str(package)).code == 0
