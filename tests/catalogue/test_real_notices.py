"""Notices as schools really publish them go in without loss, and the wrong ones are caught.

Each file in `notices/` is one notice: `item`, the content of the file that is given to `add --from` (`add`), and what
is expected: `wrong` (the problems by code, field and figures; none: it fits), `notes` (codes of what is to be mended
before it is submitted), `outside` (the mistake shows only beside other records: the draft is taken and `submit`
refuses it), `late` (how late it is by now), `private` (it never enters history).  Besides: `before` (notices entered
earlier; `{1}` in `add` is the id of the first), `day` (when it is entered), `files` (attachments that lie beside it).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
import yaml

from schoolpub.cli.app import app
from schoolpub.model.period import parse_period
from schoolpub.model.record import Record
from schoolpub.model.snapshot import Snapshot
from schoolpub.rules.values import read_values
from schoolpub.store.workspace import Workspace
from schoolpub.store.yaml.strict_yaml import locate, parse
from schoolpub.views import formats
from schoolpub.views.fields import field_blocks
from schoolpub.views.gate_record import lists_over
from schoolpub.views.pages import data
from tests.views import making

FILES = sorted((Path(__file__).parent / "notices").glob("*.yaml"))
NOTICES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in FILES}
RIGHT = [name for name, notice in NOTICES.items() if "wrong" not in notice]
WRONG = [name for name, notice in NOTICES.items() if "wrong" in notice]
ORDINARY_DAY = date(2026, 11, 3)


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Office:
    """The sample school's office: a folder, where everything that a test entered can be thrown away."""

    root: Path
    empty: str
    capture: Any

    def run(self, *words: str) -> Answer:
        """Run `schoolpub` with *words*."""
        self.capture.readouterr()
        with pytest.raises(SystemExit) as stop:
            app([*words, "--root", str(self.root)], prog_name="schoolpub")
        said = self.capture.readouterr()
        return Answer(int(stop.value.code or 0), said.out, said.err)

    def add(self, item: str, content: Any, day: date) -> tuple[Answer, bytes]:
        """Enter *content* as an outsider does who writes it with a YAML library; return the answer and the file."""
        file = self.root.parent / "F.yaml"
        file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
        os.environ["SCHOOLPUB_NOW"] = f"{day}T09:00:00"
        return self.run("add", item, "--from", str(file), "--json"), file.read_bytes()

    def enter(self, notice: dict[str, Any]) -> tuple[Answer, bytes]:
        """Enter a notice and those before it; return the last answer and its file."""
        ids: list[str] = []
        for one in notice.get("before", []):
            answer, _ = self.add(one["item"], one["add"], day_of(notice, one["add"]))
            assert answer.code == 0, answer.err
            ids.append(json.loads(answer.out)["id"])
        content = {
            key: ids[int(value[1]) - 1] if value in ("{1}", "{2}") else value for key, value in notice["add"].items()
        }
        notice["add"] = content
        for name, text in notice.get("files", {}).items():
            (self.root.parent / name).write_text(text, "utf-8")
        return self.add(notice["item"], content, day_of(notice, content))

    def snapshot(self) -> Snapshot:
        """Return everything that is in the folder."""
        return Workspace(self.root).read()

    def clear(self) -> None:
        """Throw away what was entered."""
        for folder in (
            "records/disclosures",
            "records/feedback",
            "records/rectifications",
            "records/supervision",
            "private",
        ):
            shutil.rmtree(self.root / folder, ignore_errors=True)
        for words in (["update-ref", "refs/heads/main", self.empty], ["read-tree", self.empty]):
            subprocess.run(["git", "-C", str(self.root), *words], check=True)


def day_of(notice: dict[str, Any], content: dict[str, Any]) -> date:
    """Return the day on which a notice is entered: the one it states, its own date, or any day."""
    return notice.get("day") or content.get("date") or ORDINARY_DAY


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample school, made once."""
    root = tmp_path_factory.mktemp("office") / "school"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit):
        patch.setenv("SCHOOLPUB_NOW", "2015-01-05T09:00:00")  # before any of the notices
        app(["init", str(root), "--sample"], prog_name="schoolpub")
    return root


@pytest.fixture
def office(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Return the sample school's office with nothing entered."""
    monkeypatch.setenv("SCHOOLPUB_LANG", "zh")
    monkeypatch.setenv("SCHOOLPUB_NOW", f"{ORDINARY_DAY}T09:00:00")
    head = subprocess.run(["git", "-C", str(folder), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    one = Office(folder, head.stdout.strip(), capsys)
    yield one
    one.clear()


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_notice_goes_in_without_loss(name, office):
    """It is taken without a word too many; the record, `show`, the page and its spreadsheet have every value."""
    notice = NOTICES[name]

    answer, file = office.enter(notice)

    assert answer.code == 0, answer.err
    said = json.loads(answer.out)
    assert [line.split()[2] for line in said["notes"]] == notice.get("notes", [])
    snapshot = office.snapshot()
    record = snapshot.records[said["id"]]
    kept = [*leaves({**record.body, "fields": dict(record.fields)}), *leaves(private(office.root, record.id))]
    assert not Counter(entered(file)) - Counter(kept), "not kept as entered"
    if notice.get("private"):
        return
    shown = json.loads(office.run("show", record.id, "--json").out)
    assert not set(entered(file)) - set(leaves(shown)), "lost in show"
    if late := notice.get("late"):
        assert (shown["due"], shown["late_workdays"]) == (late["due"].isoformat(), late["workdays"])
    page, sheet = printed(record, snapshot)
    head = {key for key in record.body if key != "fields"}
    for leaf in leaves({key: value for key, value in notice["add"].items() if key not in head}):
        found = forms(leaf)
        assert any(form in page for form in found), f"not on the page: {leaf}"
        assert any(form in sheet or form.replace(",", "") in sheet for form in found), f"not in the spreadsheet: {leaf}"


@pytest.mark.parametrize("name", [name for name in WRONG if "outside" not in NOTICES[name]])
def test_a_wrong_notice_is_refused(name, office):
    """Each mistake is told where it was written, with both figures and their difference; nothing else is accused."""
    notice = NOTICES[name]

    answer, file = office.enter(notice)

    assert answer.code == 1, answer.out
    told = [line for line in answer.err.splitlines() if line.startswith("F.yaml") and line.split()[1] != "提醒"]
    assert sorted(line.split()[1] for line in told) == sorted(wanted["code"] for wanted in notice["wrong"]), answer.err
    for wanted in notice["wrong"]:
        line, column = locate(file, where(wanted["field"]))
        here = [text for text in told if text.startswith(f"F.yaml:{line}:{column} {wanted['code']} ")]
        figures = [str(figure) for figure in wanted.get("figures", [])]
        assert any(all(figure in text for figure in figures) for text in here), (wanted, line, column, told)
        assert not any(re.search(r"(?<![A-Za-z-])[a-z_]{3,}", plain(text)) for text in here), "a key, not a name"


@pytest.mark.parametrize("name", [name for name in WRONG if "outside" in NOTICES[name]])
def test_a_notice_that_others_contradict_is_not_submitted(name, office):
    """What only other records show does not hinder drafting; `check` tells it, and an error stops `submit`."""
    notice = NOTICES[name]

    answer, _ = office.enter(notice)

    assert answer.code == 0, answer.err
    record = json.loads(answer.out)["id"]
    found = json.loads(office.run("check", record, "--json").out)["problems"]
    for wanted in notice["wrong"]:
        here = [f for f in found if (f["code"], f["field"]) == (wanted["code"], wanted["field"])]
        figures = [str(figure) for figure in wanted["figures"]]
        assert any(all(figure in f["message"] for figure in figures) for f in here), (wanted, found)
    errors = {f["code"] for f in found if f["level"] == "error"}
    assert errors <= {wanted["code"] for wanted in notice["wrong"]}
    assert office.run("submit", record).code == (1 if errors else 0)


SHEET = """
期间,2026-06
上期结余,"2,087,580.00"

收入
项 目,本 期
学生伙食费,"52,119.00"
教师伙食费,9630.5
合 计,"61,749.50"

支出
项目,本期,占比
主食,"20,000.00",33.33%
副食,40000,66.67

期末累计结余,"2,089,329.50"
盈亏超出幅度的原因,历年滚存

各月一览
月份,收入,支出,备注
5月,1200,/,停伙
6月,"61,749.50",60000,
合计,"62,949.50",60000,
"""


def test_a_sheet_saved_by_a_spreadsheet_goes_in_as_it_is_printed(office):
    """Thousands, percents with and without their sign, words and a total in the last row survive; so does a matrix."""
    (office.root.parent / "收支.csv").write_text(SHEET, "utf-8-sig")

    answer = office.run("add", "canteen-monthly", "--from", str(office.root.parent / "收支.csv"), "--json")

    assert answer.code == 0, answer.err
    snapshot = office.snapshot()
    record = snapshot.records[json.loads(answer.out)["id"]]
    values = read_values(record, snapshot.item(record), snapshot.school).values
    assert record.fields["opening"] == "2,087,580.00"
    assert values["income"].totals["month"].amount == Decimal("61749.50")
    assert [row.cells["share"].text for row in values["expense"].rows] == ["33.33%", "66.67"]
    months = values["months"]
    assert (months.columns, months.totals["支出"].amount) == (("收入", "支出"), Decimal(60000))
    assert [(row.label, row.note) for row in months.rows] == [("5月", "停伙"), ("6月", "")]


def test_a_commendation_without_a_notice_period_keeps_its_list(office):
    """Where the item lets a record be without a notice period its list stays; where it asks for one it never does."""
    answer, _ = office.enter(NOTICES["honours-03-commendation-without-notice"])
    snapshot = office.snapshot()
    record = snapshot.records[json.loads(answer.out)["id"]]
    aid = snapshot.catalogues[record.catalogue].items["aid-list"]

    assert not lists_over(record, snapshot.item(record), "posted", snapshot, ORDINARY_DAY)
    assert lists_over(record, aid, "posted", snapshot, ORDINARY_DAY)


def test_the_count_of_the_year_is_held_against_the_records(office):
    """An annual report that prints another number than was posted is asked about, with both numbers."""
    making.add(office.root, "finance-monthly-2026-10", making.finance(), day=date(2026, 11, 3))
    counts = [{"category": "财务", "count": 3}]

    answer, _ = office.add("report-annual", {"period": 2026, "counts": counts, "total": 3}, date(2026, 12, 31))

    (note,) = json.loads(answer.out)["notes"]
    assert "check-records-counted" in note
    assert "已公开的记录 = 1" in note
    assert "总条数 = 3" in note


def test_opinions_asked_before_adoption_are_no_late_notice(office):
    """A range that was over before the day of adoption hung as a draft: posting the adopted text is not late for it."""
    asked = {"notice_from": "2026-10-12", "notice_to": "2026-10-23"}
    rule = {
        "item": "regulation",
        "title": "示例学校请假制度",
        "date": "2026-10-30",
        "department": "办公室",
        "audience": "both",
        "fields": {"body": "一、总则", "number": "示校〔2026〕9号", "adopted_by": "校务会议", **asked},
    }
    making.add(office.root, "regulation-20261030-abcd", rule, day=date(2026, 11, 2), chain="disclosure-reviewed")

    found = json.loads(office.run("check", "regulation-20261030-abcd", "--json").out)["problems"]

    assert not [line for line in found if line["code"] == "notice-too-short"]


def entered(file: bytes) -> list[str]:
    """Return every value in a file given to `add`; a period given by its two ends is one."""
    tree, _ = parse(file, "F.yaml")
    period = tree.get("period")
    return leaves({**tree, "period": "..".join(period.values()) if isinstance(period, dict) else period})


def printed(record: Record, snapshot: Snapshot) -> tuple[str, str]:
    """Return the fields of a record as its page and as its spreadsheet say them."""
    item = snapshot.item(record)
    values = read_values(record, item, snapshot.school).values
    blocks = field_blocks.blocks(item, values, attachments=record.attachments, calendar=snapshot.calendar)
    sheet = data.record_csv({"title": "", "number": "", "day": ""}, blocks)
    return "\n".join(map(str, leaves(blocks))), sheet.replace('""', '"')


def plain(line: str) -> str:
    """Return what a message says in words: without its place and code, the name under `says` and what was quoted."""
    told = re.sub(r"^\S+ \S+ ", "", line).split(" → ")[0]
    return re.sub(r"“[^”]*”", "", told)


def where(field: str) -> tuple[str | int, ...]:
    """Return the way to a field in the file."""
    return tuple(int(part) if part.isdecimal() else part for part in field.split("."))


def leaves(tree: Any) -> list[Any]:
    """Return every scalar in *tree* that is not empty."""
    if isinstance(tree, dict):
        return [leaf for value in tree.values() for leaf in leaves(value)]
    if isinstance(tree, list):
        return [leaf for value in tree for leaf in leaves(value)]
    return [] if tree is None else [tree] if not isinstance(tree, str) or tree else []


def private(root: Path, record: str) -> Any:
    """Return what is kept out of the history for *record*."""
    file = root / "private" / f"{record}.yaml"
    return yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}


def forms(leaf: Any) -> set[str]:
    """Return the ways in which a value that was entered may be printed."""
    if isinstance(leaf, bool):
        return {"是", "一致同意"} if leaf else {"否"}
    if isinstance(leaf, datetime):
        return {formats.moment(leaf)}
    if isinstance(leaf, date):
        return {formats.day(leaf), leaf.isoformat()}
    text = str(leaf)
    found = {text, *(line.strip() for line in text.splitlines()[:1])}
    with suppress(InvalidOperation):
        number = Decimal(text.replace(",", "").rstrip("%"))
        found |= {f"{number:,f}", f"{number:,.2f}", f"{number:+,f}", f"{number:,f}%"}
    for read in (lambda: formats.period(parse_period(text)), lambda: formats.moment(datetime.fromisoformat(text))):
        with suppress(ValueError):
            found.add(read())
    return found
