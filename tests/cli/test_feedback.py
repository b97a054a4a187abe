"""A matter at the office machine: registered in one line, answered, closed; and nobody learns who wrote in."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from schoolpub.rules.ledgers import intake
from schoolpub.views.ledgers import mailbox
from tests.cli.office import Office
from tests.rules.sample_matters import within

PHONE, NAME, FACT = "13800000137", "示例反映人甲", "示例举报内容乙"


def added(office: Office, *options: str, by: str = "chen-xi") -> str:
    return office.done("feedback", "add", "--channel", "phone", *options, by=by).last


def test_registered_in_one_line(office: Office) -> None:
    """English and Chinese words are taken; the answer is what the writer is told, with number and day."""
    result = office.done(
        "feedback", "add", "--channel", "phone", "--kind", "consultation", "--topic", "食堂菜价", "--from", "parent",
        by="li-hua",
    )  # fmt: skip
    assert result.out.splitlines()[:3] == [
        "您的咨询已于 2026年11月3日收到，回执编号 意见反馈〔2026〕1号。",
        "事由：食堂菜价。",
        "最迟 2026年11月10日 答复，凭回执编号可查询办理情况。",
    ]
    row = office.done("feedback", "list", "--channel", "热线", "--json").json[0]
    assert (row["kind"], row["status"], row["due"], row["department"]) == ("咨询", "received", "2026-11-10", "办公室")
    request = office.done("feedback", "add", "--channel", "意见箱", "--kind", "request", "--topic", "校服", by="li-hua")
    assert "点题公开〔2026〕1号" in request.out
    assert request.last.startswith("disclosure-request-")


def test_from_registration_to_the_end(office: Office) -> None:
    """Assigned, answered in lines, rated, closed; each step says what comes next, and the records stay right."""
    matter = added(office, "--topic", "食堂菜价")
    assert f"schoolpub feedback assign {matter} 部门" in office.done("show", matter).out
    assert "cannot be taken now" in office.refused("feedback", "close", matter, by="chen-xi")
    office.done("feedback", "assign", matter, "总务处", by="chen-xi")
    office.refused("do", matter, "close", by="chen-xi")
    office.done("feedback", "reply", matter, "--text", "一、菜价未变。\n二、已公布采购价。", by="qian-li")
    assert "  reply: |-\n    一、菜价未变。\n    二、已公布采购价。\n" in office.text(matter)
    assert office.steps(matter)[-1]["due"] == "2026-11-10"
    office.done("feedback", "rate", matter, "dissatisfied", by="chen-xi")
    assert "no new answer" in office.refused("do", matter, "close", by="chen-xi")
    office.done("feedback", "reply", matter, "--text", "再次说明。", by="qian-li")
    office.done("feedback", "rate", matter, "满意", by="chen-xi")
    office.done("feedback", "close", matter, by="chen-xi")
    assert office.status(matter) == "closed"
    assert "满意" in office.done("feedback", "show", matter).out
    assert office.done("check").code == 0


def test_the_due_date_is_in_due(office: Office) -> None:
    """An answer that is late is in `due` with the command that gives it, and leaves it when it is given."""

    def told(day: str) -> list[tuple[str, str, int]]:
        rows = office("due", "--as-of", day, "--json").json
        return [(r["state"], r["command"], r["late_workdays"]) for r in rows if r["record"] == matter]

    matter = added(office, "--topic", "食堂菜价")
    office.done("feedback", "assign", matter, "总务处", by="chen-xi")
    assert told("2026-11-12") == [("late", f"schoolpub feedback reply {matter} --text …", 2)]
    assert "应答复" in office.done("due", "--explain", matter).out
    office.done("feedback", "reply", matter, "--text", "示例", by="qian-li")
    assert told("2026-11-12") == [("open", f"schoolpub feedback close {matter}", 0)]


def test_who_wrote_in_is_never_in_history(office: Office) -> None:
    """Every number of a known prefix is tried against all that git holds, also unreachable: none is there."""
    kept = added(office, "--topic", "食堂菜价", "--name", NAME, "--contact", PHONE)
    report = added(
        office, "--kind", "report", "--topic", FACT, "--text", FACT + "，丙", "--contact", PHONE, by="jin-ye"
    )
    shown = office.refused("feedback", "add", "--channel", "热线", "--topic", f"回电{PHONE}", code=1, by="chen-xi")
    assert "138****0137" in shown
    assert PHONE not in shown
    shown = office.refused("feedback", "reply", kept, "--text", f"请打{PHONE}", code=3, by="qian-li")
    office.done("feedback", "assign", kept, "总务处", by="chen-xi")
    shown = office.refused("feedback", "reply", kept, "--text", f"请打{PHONE}", code=1, by="qian-li")
    assert "138****0137" in shown
    office.git("gc", "--quiet")  # packs and keeps what is unreachable

    def found() -> list[str]:
        held = office.objects() + b"".join(_files(office.root / "records"))
        numbers = set(re.findall(rb"(?<!\d)1380000\d{4}(?!\d)", held))
        return [*map(bytes.decode, numbers), *(word for word in (NAME, FACT) if word.encode() in held)]

    assert found() == []
    assert PHONE in (office.root / f"private/{kept}.yaml").read_text("utf-8")
    assert "举报" in office.git("log", "--format=%s")
    assert FACT not in office.done("log").out + office.done("feedback").out

    office.done("feedback", "erase", kept, "--reason", "本人要求", by="chen-xi")
    office.done("do", report, "discard", "--set", "reason=重复登记", by="jin-ye")
    office.done("do", report, "erase", "--set", "reason=本人要求", by="jin-ye")
    assert not list((office.root / "private").glob("*.yaml"))
    assert office.steps(kept)[-1]["step"] == "erase"
    assert office.done("check").code == 0
    assert found() == []


def _files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_a_report_is_told_nowhere(office: Office) -> None:
    """Neither site holds anything of a report, and it cannot be linked to a record."""
    report = added(office, "--kind", "举报", "--topic", FACT, by="jin-ye")
    office.refused(
        "feedback", "add", "--channel", "热线", "--kind", "举报", "--topic", "示例", "--about", "x", by="jin-ye"
    )
    office.refused("feedback", "assign", report, by="chen-xi")  # the supervision group's own
    office.done("build")
    site = b"".join(_files(office.root / "site"))
    assert report.encode() not in site
    assert FACT.encode() not in site


def test_the_mailbox(office: Office) -> None:
    """No letter is an entry; a missed Tuesday stays, and letters are counted."""
    office.done("mailbox", "check", "--letters", "0", by="li-hua")
    assert "is no number of letters" in office.refused("mailbox", "check", "--letters", "两", by="li-hua", code=2)
    letter = added(office, "--topic", "食堂菜价")
    office.refused("mailbox", "check", "--letters", "0", "--registered", letter, by="li-hua")
    office.done(
        "mailbox", "check", "--letters", "1", "--registered", letter, by="li-hua", now="2026-11-18T09:00:00+08:00"
    )
    rows = {r["day"]: r for r in office.done("mailbox", "--as-of", "2026-11-30", "--json").json}
    assert [rows[f"2026-11-{day}"]["state"] for day in ("03", "10", "17", "24")] == ["paid", "late", "paid", "late"]
    assert (rows["2026-11-17"]["late_workdays"], rows["2026-11-17"]["letters"]) == (1, "1")
    late = [r["title"] for r in office("due", "--as-of", "2026-11-30", "--json").json if r["kind"] == "mailbox"]
    assert "11月24日（周二）未开箱：校长信箱开箱记录" in late
    assert not any("11月17日" in what for what in late)
    later = ("--date", "2026-11-10", "--letters", "0")
    office.done("mailbox", "check", *later, by="li-hua", now="2026-11-25T09:00:00+08:00")
    told = {r["day"]: r["state_name"] for r in office.done("mailbox", "--as-of", "2026-11-30", "--json").json}
    assert told["2026-11-10"] == "已开箱（2026年11月25日补记）"


def test_a_tuesday_that_is_a_rest_day() -> None:
    """The box is opened on the next working day instead; there is no Tuesday in the vacations."""
    today = date(2026, 10, 9)
    found = mailbox.rows(within(), today, date(2026, 1, 1), today)
    assert {r["day"]: r["due"] for r in found if r["moved"]} == {"2026-05-05": "2026-05-06", "2026-10-06": "2026-10-08"}
    assert not [r for r in found if r["day"].startswith(("2026-02", "2026-08"))]
    assert {r["state"] for r in found} == {"late"}


TABLE = """\
序号,提交答卷时间,1、您的身份,2、您的意见和建议（选填）,3、联系电话
1,2026/11/2 14:05:22,家长,食堂的汤太咸,13800000137
2,2026年11月1日,学生,食堂的汤太咸,
3,2026-11-02,学生,食堂的汤太咸,
3,2026-11-02,学生,食堂的汤太咸,
"""


def test_a_table_is_imported_whole_and_once(office: Office) -> None:
    """Columns are proposed and shown; nothing happens without a yes; the second time nothing is added."""
    table = office.write("问卷.csv", TABLE.encode("gb18030"))
    arguments = ("feedback", "import", table, "--topic", "食堂问卷意见")
    shown = office(*arguments, by="chen-xi")
    assert (shown.code, office.git("status", "--porcelain")) == (3, "")
    assert "2、您的意见和建议（选填）→text" in shown.out
    assert PHONE not in shown.out

    before = office.git("rev-parse", "HEAD").strip()
    first = office.done(*arguments, "--yes", "--json", by="chen-xi").json
    assert (len(first["added"]), first["known"]) == (4, 0)  # two that say the same are two
    assert office.git("rev-list", "--count", f"{before}..HEAD").strip() == "1"
    rows = office.done("feedback", "list", "--json").json
    assert [r["date"] for r in rows] == ["2026-11-01", "2026-11-02", "2026-11-02", "2026-11-02"]
    assert len({r["receipt"] for r in rows}) == 4
    assert PHONE.encode() not in office.objects()

    state = office.state()
    again = office.done(*arguments, "--yes", "--json", by="chen-xi").json
    assert (again["added"], again["known"], office.state()) == ([], 4, state)
    more = office.write("问卷2.csv", TABLE + "5,2026-11-03,家长,谢谢,\n")
    assert (
        len(office.done("feedback", "import", more, "--topic", "示例", "--yes", "--json", by="chen-xi").json["added"])
        == 1
    )

    # Another machine has another key: the same words are not taken twice, and the key tells which rows are new.
    key = office.root / "private/import.key"
    key.rename(key.with_name("taken.key"))
    told = office.refused(*arguments, "--yes", code=1, by="chen-xi")
    assert told.count("another machine imported the same words") == 4
    key.with_name("taken.key").rename(key.with_name("import-2.key"))
    assert office.done(*arguments, "--yes", "--json", by="chen-xi").json["known"] == 4


def test_one_wrong_row_and_nothing_is_imported(office: Office) -> None:
    """Every row that is wrong is told with its line and what to write; none of the others is registered."""
    table = office.write(
        "问卷.csv", TABLE + f"5,2027-01-01,家长,示例,\n6,2026-11-01,家长,请打{PHONE},\n7,2026-11-01,老师,示例,\n"
    )
    told = office.refused("feedback", "import", table, "--topic", "示例", "--yes", code=1, by="chen-xi")
    assert [line.split()[0] for line in told.splitlines() if line.startswith("问卷.csv:")] == [
        "问卷.csv:6:1", "问卷.csv:7:1", "问卷.csv:8:1"
    ]  # fmt: skip
    assert "138****0137" in told and PHONE not in told
    assert "--map" in office.refused("feedback", "import", table, "--map", "没有=text", by="chen-xi")
    assert "topic" in office.refused("feedback", "import", table, "--yes", code=1, by="chen-xi")


def test_heads_of_platforms() -> None:
    """Heads as platforms write them, with numbers and remarks; each meaning once, the rest is left out."""
    heads = [
        "序号",
        "提交答卷时间",
        "Q1、您的姓名（选填）",
        "2. 您的手机号",
        "3、您对食堂有什么建议？",
        "主题",
        "来自IP",
    ]
    assert intake.proposed(heads) == {
        "提交答卷时间": "date", "Q1、您的姓名（选填）": "name", "2. 您的手机号": "contact",
        "3、您对食堂有什么建议？": "text", "主题": "topic",
    }  # fmt: skip
    assert intake.proposed(["发件人", "发送时间", "主题", "正文"]) == {
        "发件人": "name", "发送时间": "date", "主题": "topic", "正文": "text"
    }  # fmt: skip
    assert [intake.day_of(text) for text in ("2026/11/3 14:05", "2026年2月30日", "昨天")] == [
        date(2026, 11, 3),
        None,
        None,
    ]


def test_slips_of_a_clerk(office: Office) -> None:
    """Nothing comes tomorrow, and a list of what cannot be is no empty list."""
    ahead = ("feedback", "add", "--channel", "热线", "--topic", "示例事由", "--date", "2027-01-01")
    assert "had not come" in office.refused(*ahead, code=1, by="li-hua")
    assert "投诉" in office.refused("feedback", "list", "--kind", "表扬", code=2)
    assert "总务处" in office.refused("list", "--department", "食堂", code=2)
    assert "2026" in office.refused("rectify", "list", "--year", "26", code=2)
    assert office.done("feedback", "list", "--kind", "complaint", "--json").json == []
