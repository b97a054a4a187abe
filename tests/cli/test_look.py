"""Looking: list, show, find, log and items, for a clerk on a terminal of 80 columns and for a script."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schoolpub.views.columns import fits, stacked, width
from tests.cli.office import Office

ID = "finance-monthly-2026-10"


def on_a_terminal(office: Office, *arguments: str, columns: int = 80) -> str:
    """Return what a command shows on a terminal of *columns*, in Chinese."""
    ours, theirs = pty.openpty()
    subprocess.run(["stty", "-F", os.ttyname(theirs), "cols", str(columns), "rows", "50"], check=True)
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "SCHOOLPUB_LANG")}
    program = subprocess.Popen(
        [sys.executable, "-m", "schoolpub", *arguments],
        cwd=office.root, stdin=theirs, stdout=theirs, stderr=theirs, env=environment | {"TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if select.select([ours], [], [], 0.1)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
    os.close(ours)
    assert program.wait(timeout=10) == 0
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode()).replace("\r\n", "\n")


@pytest.fixture
def year(office: Office) -> Office:
    """A school with some records in different states."""
    office.posted()
    office.done("add", "finance-monthly", "--period", "2026-11", "--zero", now="2026-12-08T09:00:00+08:00")
    office.done(
        "add", "large-spend", "--date", "2026-10-20", "--set", "amount=3200.00", "--set", "payee=示例文印有限公司",
        "--set", "purpose=期中考试试卷印刷", "--set", "fund=公用经费", "--set", "decision_meeting=第17次校务会议",
        "--set", "decision_date=2026-10-15",
    )  # fmt: skip
    return office


def test_list_as_json(year: Office) -> None:
    """`list --json` is an array of flat objects with ISO dates and the flow's English statuses."""
    rows = year.done("list", "--json").json
    assert [row["status"] for row in rows] == ["posted", "draft", "draft"]
    told = {
        "id": ID,
        "item": "finance-monthly",
        "item_name": "财务收支月报",
        "category": "财务",
        "title": "2026年10月财务收支月报",
        "period": "2026-10",
        "date": "",
        "year": "2026",
        "department": "总务处",
        "audience": "both",
        "edition": 1,
        "status": "posted",
        "number": "校公开〔2026〕1号",
        "due": "2026-11-05",
        "provisional": False,
        "posted": "2026-11-03",
        "late_workdays": 0,
        "file": f"records/disclosures/2026/{ID}.yaml",
    }
    assert told.items() <= rows[0].items()


def test_list_is_narrowed(year: Office) -> None:
    """Item, status, category, department, year and audience narrow the list; nothing found is said so."""
    def ids(*options: str) -> list[str]:
        return [row["id"] for row in year.done("list", *options, "--json").json]

    assert ids("--status", "posted") == [ID]
    assert ids("--status", "已公开") == [ID]
    assert ids("--item", "财务收支月报", "--year", "2026") == [ID, "finance-monthly-2026-11"]
    assert len(ids("--category", "财务")) == 3
    assert ids("--department", "教导处") == []
    assert ids("--year", "2025") == []
    assert year.done("list", "--year", "2025").out == "No record.\n"


def test_find(year: Office) -> None:
    """Words of titles, fields and remarks are found, full-width and half-width alike; all must occur."""
    assert ID in year.done("find", "水费").out
    assert ID in year.done("find", "ＦＩＮＡＮＣＥ").out
    assert [row["item"] for row in year.done("find", "试卷", "文印", "--json").json] == ["large-spend"]
    assert year.done("find", "试卷", "水费").out == "No record.\n"


def test_a_pipe_gets_tabs(year: Office) -> None:
    """Outside a terminal the list is lines of tabs."""
    lines = year.done("list").out.splitlines()
    assert lines[0].split("\t")[3:] == ["Title", "Id"]
    assert {len(line.split("\t")) for line in lines} == {5}


@pytest.mark.parametrize(
    "command", [("list",), ("show", ID), ("find", "水费"), ("items",), ("items", "finance-monthly"), ("items", "fees-term")]
)
def test_eighty_columns_are_enough(year: Office, command: tuple[str, ...]) -> None:
    """On a terminal of 80 columns no line is wider, no id is broken, and no word is cut."""
    shown = on_a_terminal(year, *command)
    assert max(width(line.rstrip()) for line in shown.splitlines() if not line.startswith("→")) <= 80, shown
    assert "…" not in shown
    if command[0] in ("list", "find"):
        assert ID in shown, shown


def test_show(office: Office) -> None:
    """A record as a person reads it: facts, tables with their totals, the chain."""
    office.posted()
    shown = office.done("show", ID).out
    assert TABLES in shown
    assert shown.endswith(CHAIN)


TABLES = """\
上月结余  152,300.00 元

收入（单位：元）
项目               本月    本年累计
生均公用经费  85,000.00  850,000.00
利息收入          12.34      120.50
合计          85,012.34  850,120.50

支出（单位：元）
科目        本月   本年累计
办公费  1,200.00  30,000.00
水费    2,999.99  21,000.00
合计    4,199.99  51,000.00

本月结余  233,112.35 元
"""

CHAIN = """
办理过程
  2026-11-03 09:12  起草      填报人      赵敏
  2026-11-03 09:12  报送      填报人      赵敏
  2026-11-03 09:12  部门审核  部门负责人  钱立（赵敏 代录）
  2026-11-03 09:12  专审      财务小组    华容（赵敏 代录）
  2026-11-03 09:12  研究决定  领导小组    沈静（赵敏 代录）  会议：2026年11月3日
                                                             校务会议
  2026-11-03 09:12  监督审核  监督小组    金叶（赵敏 代录）
  2026-11-03 09:12  签发      校长        孙洁（赵敏 代录）  校公开〔2026〕1号
  2026-11-03 09:12  公开      公开办      陈夕（赵敏 代录）
→ 取证（陈夕、褚微）：schoolpub prove finance-monthly-2026-10 --channel board --place 校门外公开栏 --on DATE --photo FILE --as chen-xi
"""


def test_a_table_with_many_columns(office: Office) -> None:
    """A table of seven columns keeps within 80, its names wrapped and its figures whole."""
    fields = str(Path(__file__).parent.parent / "data" / "wide.yaml")
    made = office.done("add", "procurement-result", "--date", "2026-11-02", "--from", fields)
    shown = office.done("show", made.last).out
    assert max(width(line) for line in shown.splitlines() if not line.startswith("→")) <= 80
    assert "\n示例校服制造股份有限  171.50  运动装 64.50元；冬装 107  88.1    20  22.22%     2\n" in shown


def test_what_does_not_fit_is_stacked() -> None:
    """A table that cannot be kept within its columns becomes a list: each cell beside its head."""
    heads = ["类别", *(f"第{n}列" for n in range(1, 9))]
    row = ["一年级", *["1,234,567.89"] * 8]
    assert not fits([heads, row], 80)
    assert stacked(heads, [row, ["二年级", "5.00"]], 80) == [
        "● 一年级",
        *(f"  第{n}列  1,234,567.89" for n in range(1, 9)),
        "● 二年级",
        "  第1列  5.00",
    ]


def test_log_in_plain_words(office: Office) -> None:
    """The trail names who did what, when, with which number; of one record, or of all."""
    office.posted()
    lines = office.done("log", ID).out.splitlines()
    assert lines[0] == "2026-11-03 09:12  赵敏  起草：2026年10月财务收支月报"
    assert "2026-11-03 09:12  孙洁  签发：2026年10月财务收支月报" in lines
    assert any("校公开〔2026〕1号" in line for line in lines)
    assert len(office.done("log", "--json", "--limit", "3").json) == 3
    entry = office.done("log", "--json", "--limit", "1").json[0]
    assert entry["subject"] == "公布：2026年10月财务收支月报"
    assert ["Step", "post"] in entry["trailers"]
    assert entry["files"] == [f"records/disclosures/2026/{ID}.yaml"]


def test_items(office: Office) -> None:
    """The catalogue lists its items; one item is explained with its fields, its deadline, its chain and its basis."""
    rows = office.done("items", "--json").json
    assert {"slug", "name", "category", "when"} <= set(rows[0])
    one = office.done("items", "finance-monthly", "--json").json
    assert one["fields"]["income"]["columns"]["month"]["type"] == "money"
    text = office.done("items", "财务收支月报").out
    for word in ("每月，次月5日前", "敏感事项公开程序", "上月结余", "balance_start", "研究决定", "领导小组"):
        assert word in text
    assert "did you mean" in office.refused("items", "finance-month")


def test_show_as_json(office: Office) -> None:
    """`show --json` gives the body as written and the steps in force."""
    office.posted()
    shown = office.done("show", "2026-10", "--json").json
    assert shown["fields"]["income"][0] == {"item": "生均公用经费", "month": "85000.00", "ytd": "850000.00"}
    assert [s["step"] for s in shown["steps"]][-1] == "post"
    assert shown["content"].startswith("sha256:")


def test_names_of_a_record(office: Office) -> None:
    """A record is meant by its id, a part of it, its number, or its number with the year; nothing else."""
    office.posted()
    for name in (ID, "2026-10", "monthly-2026", "1", "2026-1", f"{ID}.v1"):
        assert office.done("show", name, "--json").json["id"] == ID
    for name in ("2", "2026-2", "01", "2025-1", "nothing", "", "²", "校"):
        assert "There is no record" in office.refused("show", name)
    office.done("add", "finance-monthly", "--period", "2026-11", "--zero")
    assert "means several records" in office.refused("show", "finance-monthly")
