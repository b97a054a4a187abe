"""From a source to the end: taken up in one act, accepted by another, published, opinions collected again, closed."""

from __future__ import annotations

import csv
import io

import pytest

from schoolpub.store.spreadsheets.reading import read_book
from tests.cli.office import Office

MINUTES = """\
date: 2026-11-02
kind: 座谈会
scope: [家长代表]
questions:
- {question: 维修费为什么比去年多, answer: 更换了管道, accepted: no}
- {question: 维修应先询价再施工, answer: 采纳, accepted: yes}
"""
CHAIN = (
    ("submit", "zhao-min", ()), ("approve", "qian-li", ()), ("approve", "shen-jing", ("--meeting", "11月20日校务会")),
    ("approve", "jin-ye", ()), ("approve", "sun-jie", ()), ("post", "chen-xi", ()),
)  # fmt: skip


@pytest.fixture
def hearing(office: Office) -> str:
    """The minutes of a forum with one accepted suggestion."""
    return office.done("add", "hearing", "--from", office.write("纪要.yaml", MINUTES)).last


def opened(office: Office, source: str, *more: str) -> str:
    said = ("--department", "总务处", "--owner", "总务主任", "--due", "20wd")
    return office.done("rectify", "add", "--from", source, *said, *more).last


def test_a_suggestion_is_put_right_to_the_end(office: Office, hearing: str) -> None:
    """The minutes and the rectification name each other; it closes after its result was public for five working days."""
    record = opened(office, f"{hearing}#2")
    assert office.git("log", "-1", "--format=%(trailers:key=Record,valueonly)").split() == [record, hearing]
    assert office.steps(hearing)[-1]["rectification"] == record
    office.refused("rectify", "add", "--from", hearing, "--owner", "总务主任", "--due", "20wd")

    office.done("rectify", "plan", record, "--measures", "先询价", by="qian-li")
    assert "not accepted yet" in office.refused("rectify", "close", record, by="jin-ye")
    office.done("rectify", "present", record, "--result", "均已询价", by="chen-xi", now="2026-11-20T09:00:00+08:00")
    assert "qian-li" not in office.refused("rectify", "accept", record, by="chen-xi")
    office.done("rectify", "accept", record, by="jin-ye")
    for command in (("rectify", "close", record), ("do", record, "close")):
        said = office.refused(*command, by="jin-ye")
        assert "the result was not published again yet" in said
        assert f"schoolpub rectify publish {record}" in said

    told = office.done("rectify", "publish", record, "--opinions-from", "2026-11-23").last
    office.refused("rectify", "publish", record)
    assert "not public yet" in office.refused("rectify", "republish", record, by="chen-xi")
    for command, person, more in CHAIN:
        office.done(command, told, *more, by=person)
    office.done("rectify", "republish", record, by="chen-xi")

    assert "until 2026-11-30" in office.refused("rectify", "close", record, by="jin-ye", now="2026-11-30T09:00:00+08:00")
    office.done("rectify", "close", record, by="jin-ye", now="2026-12-01T09:00:00+08:00")
    assert office.status(record) == "closed"
    assert office.done("check").code == 0


def test_a_feedback_waits_for_what_it_was_promised(office: Office) -> None:
    """One command opens the rectification and turns the feedback over; it cannot be closed before that is."""
    said = ("--channel", "热线", "--kind", "投诉", "--topic", "食堂门口湿滑", "--text", "雨天容易滑倒")
    feedback = office.done("feedback", "add", *said, by="chen-xi").last
    assert "assign" in office.refused("rectify", "add", "--from", feedback, "--owner", "总务主任", "--due", "20wd")
    office.done("feedback", "assign", feedback, "总务处", by="chen-xi")
    record = opened(office, feedback, "--as", "qian-li")

    assert (office.status(feedback), office.status(record)) == ("rectifying", "opened")
    assert [row["problem"] for row in office.done("rectify", "list", "--json").json] == ["食堂门口湿滑"]
    office.done("feedback", "reply", feedback, "--text", "已安排加铺防滑垫", by="qian-li")
    assert record in office.refused("feedback", "recheck", feedback, by="chen-xi")


def test_the_ledger_is_written_in_every_form(office: Office, hearing: str) -> None:
    """The same rows as CSV and as a workbook; nothing is written over, and other kinds of file are refused."""
    opened(office, hearing)
    out = office.root.parent
    office.done("rectify", "ledger", "-o", str(out / "台账.csv"))
    rows = list(csv.reader(io.StringIO((out / "台账.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0][:4] == ["序号", "立项", "问题", "来源"]
    assert rows[1][2:4] == ["维修应先询价再施工", "座谈会：座谈会纪要（2026年11月2日）第2条"]

    office.done("rectify", "ledger", "-o", str(out / "台账.xlsx"))
    sheet = read_book(out / "台账.xlsx").sheets[0]
    assert [[cell.text for cell in row] for _number, row in sheet.rows()] == rows
    office.refused("rectify", "ledger", "-o", str(out / "台账.csv"))
    office.refused("rectify", "ledger", "-o", str(out / "台账.docx"))


def test_the_ledger_is_printed(office: Office, hearing: str) -> None:
    """The printed ledger holds the problem, the post and the state, also when it runs over pages."""
    from pypdf import PdfReader

    opened(office, hearing)
    file = office.root.parent / "台账.pdf"
    office.done("rectify", "ledger", "-o", str(file), "--as-of", "2026-12-03")
    text = "".join(page.extract_text() for page in PdfReader(file).pages).replace("\n", "")

    for words in ("整改台账", "维修应先询价再施工", "逾期2个工作日", "未销号1"):
        assert words in text.replace(" ", "")


def test_a_feedback_is_put_right_in_either_order(office: Office) -> None:
    """Opened from the feedback, the step is taken; taking it again changes nothing, and a given-up one is replaced."""
    added = office.done(
        "feedback", "add", "--channel", "热线", "--topic", "食堂排队久", "--json", by="li-hua"
    ).json["id"]  # fmt: skip
    office.done("feedback", "assign", added, "总务处", by="chen-xi")
    said = ("--owner", "总务主任", "--due", "20wd")
    first = office.done("rectify", "add", "--from", added, *said, by="qian-li").last
    before = office.state()
    again = office.done("feedback", "rectify", added, first, by="qian-li")
    assert office.state() == before
    assert "already" in again.out + again.err
    assert f"schoolpub feedback reply {added}" in again.out  # nobody has answered yet
    office.done("do", first, "discard", "--set", "reason=重复立项", by="chen-xi")
    second = office.done("rectify", "add", "--from", added, *said, by="qian-li").last
    office.refused("feedback", "recheck", added, by="jin-ye")
    assert [step["rectification"] for step in office.steps(added) if step["step"] == "rectify"] == [first, second]
    assert "签发时取号" not in office.done("show", second).out
