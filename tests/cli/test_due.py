"""`schoolpub due` and `schoolpub` alone: what must be done now, each with the command that does it."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

from tests.cli.office import NOW, Office

OCTOBER = "finance-monthly-2026-10"
OUTER, INNER = "校门外公开栏", "办公楼内公开栏"


@pytest.fixture
def quiet(office: Office) -> Office:
    """A school that owes only what falls due on 2026-11-03 or later, and opened its mailbox on that day."""
    school = office.root / "records/school.yaml"
    text = school.read_text("utf-8").replace("owed-since: 2026-11-01", "owed-since: 2026-11-03")
    school.write_text(text, "utf-8")
    office.done("adopt", "--reason", "自2026年11月3日起用本系统登记", "--yes")
    office.done("add", "mailbox-check", "--set", "letters=0", by="li-hua")  # 2026-11-03 is a Tuesday
    return office


def at(day: str, clock: str = "09:12") -> str:
    return f"{day}T{clock}:00+08:00"


def rows(office: Office, *options: str, **about: Any) -> list[dict[str, Any]]:
    """Return the rows of `due --json` that hold what *about* says."""
    found = office("due", "--json", *options).json
    return [row for row in found if all(row[key] == value for key, value in about.items())]


def photo(office: Office, name: str = "board.jpg") -> str:
    path = office.root.parent / name
    Image.new("RGB", (40, 30), "red").save(path)
    return str(path)


@pytest.mark.parametrize(
    ("day", "state", "late"),
    [("2026-11-03", "soon", 0), ("2026-11-05", "due", 0), ("2026-11-06", "late", 1), ("2026-11-09", "late", 2)],
)
def test_a_month_falls_due(quiet: Office, day: str, state: str, late: int) -> None:
    """The monthly report comes in sight, falls due, and is late by working days; a job sees it by the exit code."""
    found = rows(quiet, "--as-of", day, item="finance-monthly")

    assert [(r["kind"], r["state"], r["period"], r["due"], r["late_workdays"], r["record"]) for r in found] == [
        ("duty", state, "2026-10", "2026-11-05", late, "")
    ]
    assert found[0]["command"] == "schoolpub add finance-monthly --period 2026-10"
    assert "zhao-min" in found[0]["persons"].split(",")
    assert quiet("due", "--as-of", day).code == (1 if late else 0)


def test_as_of_a_day_only_what_was_done_by_then_counts(quiet: Office) -> None:
    """Posted on 11-06, the report is still owed as of 11-05: acts of later days are not known then."""
    quiet.october()
    quiet.surroundings.setenv("SCHOOLPUB_NOW", at("2026-11-06"))
    quiet.through(OCTOBER)

    assert [r["state"] for r in rows(quiet, "--as-of", "2026-11-05", item="finance-monthly")] == ["due"]
    assert [r["kind"] for r in rows(quiet, "--as-of", "2026-11-06", item="finance-monthly")] == ["prove"] * 3
    listed = quiet.done("list", "--json").json[0]
    assert (listed["due"], listed["posted"], listed["late_workdays"]) == ("2026-11-05", "2026-11-06", 1)
    assert listed["status_name"] == "已公开，待取证"


def test_the_chain_says_what_is_next(quiet: Office) -> None:
    """A record on its way is listed once, with the next step and those who can take it; each sees only their own."""
    quiet.october()
    for upto, command, person in (
        ("draft", f"schoolpub submit {OCTOBER}", "zhao-min"),
        ("submit", f"schoolpub approve {OCTOBER}", "qian-li"),
        ("sign", f"schoolpub post {OCTOBER}", "chen-xi"),
    ):
        if upto != "draft":
            quiet.through(OCTOBER, since="submit" if upto == "submit" else "review", upto=upto)
        found = rows(quiet, item="finance-monthly")
        assert [(r["record"], r["command"]) for r in found] == [(OCTOBER, command)]
        assert rows(quiet, "--for", person, item="finance-monthly") == found
        assert rows(quiet, "--for", "he-qing", item="finance-monthly") == []


def test_what_is_not_urgent_waits_for_a_person(quiet: Office) -> None:
    """A draft whose day is far off is listed as waiting."""
    quiet.october()
    found = rows(quiet, "--as-of", "2026-11-03", "--days", "0", item="finance-monthly")

    assert [(r["kind"], r["state"], r["status"], r["command"]) for r in found] == [
        ("waiting", "open", "draft", f"schoolpub submit {OCTOBER}")
    ]


def test_each_channel_and_board_is_owed_a_proof(quiet: Office) -> None:
    """Three proofs are owed; each prove pays one; the record is public from the latest of them."""
    quiet.october()
    quiet.through(OCTOBER)
    owed = rows(quiet, kind="prove")
    assert [(r["channel"], r["place"]) for r in owed] == [("board", OUTER), ("board", INNER), ("website", "")]
    assert [r["status"] for r in owed] == ["posted"] * 3

    board = photo(quiet)
    outside = ("--channel", "board", "--place", "校门外", "--on", "2026-11-03", "--photo", board)
    somewhere = ("--channel", "board", "--place", "操场", "--on", "2026-11-03", "--photo", board)
    said = quiet.done("prove", OCTOBER, *somewhere, by="chen-xi", now=at("2026-11-03", "10:00"))
    assert f"proves none of these: {OUTER}" in said.err
    assert OUTER in quiet.refused("takedown", OCTOBER, "--place", "天台", by="chen-xi")
    said = quiet.done("prove", OCTOBER, *outside, by="chen-xi")
    assert f"without a proof: {INNER}、学校网站" in said.out
    assert f"--channel board --place {INNER} " in said.out
    quiet.done("prove", OCTOBER, "--channel", "website", "--on", "2026-11-06", "--photo", board, by="chen-xi",
               now=at("2026-11-06"))  # fmt: skip
    row = quiet.done("show", OCTOBER, "--json").json
    assert (row["shown"], row["unproven"], row["late_workdays"]) == ("2026-11-06", INNER, 1)

    last = quiet.done("prove", OCTOBER, "--channel", "board", "--place", INNER, "--on", "2026-11-06",
                      "--minutes", "巡查记录", by="chen-xi", now=at("2026-11-06", "11:00"))  # fmt: skip
    assert "schoolpub prove" not in last.out
    assert rows(quiet, kind="prove") == []
    assert quiet.done("list", "--json").json[0]["status_name"] == "已公开"
    assert "实际公开  2026-11-06，逾期 1 个工作日" in quiet.done("show", OCTOBER).out


def test_a_proof_without_a_board_proves_none(quiet: Office) -> None:
    """With two boards the clerk is told to name one."""
    quiet.october()
    quiet.through(OCTOBER)
    board = ("--channel", "board", "--on", "2026-11-03", "--photo", photo(quiet))
    said = quiet.done("prove", OCTOBER, *board, by="chen-xi")

    assert "no board was named" in said.err
    assert [r["place"] for r in rows(quiet, kind="prove", channel="board")] == [OUTER, INNER]


def test_what_is_suspended_must_come_down_and_be_decided(quiet: Office) -> None:
    """Suspended, it is to be taken down on each board and the site, and decided within two working days."""
    quiet.october()
    quiet.through(OCTOBER)
    quiet.done("suspend", OCTOBER, "--reason", "数据待核", by="qian-li", now=at("2026-11-05"))
    down = rows(quiet, "--as-of", "2026-11-06", kind="takedown")
    assert [(r["channel"], r["place"], r["state"], r["late_workdays"]) for r in down] == [
        ("board", OUTER, "late", 1), ("board", INNER, "late", 1), ("website", "", "late", 1)
    ]  # fmt: skip
    decide = rows(quiet, "--as-of", "2026-11-10", kind="decide")
    assert [(r["due"], r["state"], r["late_workdays"]) for r in decide] == [("2026-11-09", "late", 1)]

    for place in (OUTER, INNER):
        quiet.done("takedown", OCTOBER, "--place", place, by="chen-xi", now=at("2026-11-06"))
    quiet.done("takedown", OCTOBER, "--channel", "website", by="chen-xi", now=at("2026-11-06"))
    assert rows(quiet, kind="takedown") == []


def test_why_this_date(quiet: Office) -> None:
    """`--explain` gives the duty, the rule, the working and the lateness, before there is a record and after."""
    before = quiet.done("due", "--explain", OCTOBER, "--json", "--as-of", "2026-11-06").json
    assert (before["due"], before["why"], before["late_workdays"]) == ("2026-11-05", "次月5日前", 1)
    assert [d["date"] for d in before["lateness"]["working"]] == ["2026-11-06"]

    circular = quiet.done("due", "--explain", "finance-term-circular-2026-2027-1-mid", "--json").json
    assert (circular["due"], circular["working"]["unit"], circular["working"]["count"]) == ("2026-11-20", "wd", 10)
    text = quiet.done("due", "--explain", "finance-term-circular-2026-2027-1-mid").out
    assert "自期中（2026年11月6日）起10个工作日内（起算日不计）" in text
    assert "2026-11-20  周五  第10日  工作日" in text
    assert "国务院办公厅关于2026年部分节假日安排的通知" in text

    quiet.october()
    quiet.through(OCTOBER)
    after = quiet.done("due", "--explain", "2026-10", "--json").json
    assert (after["said"], after["recomputed"], after["shown"]) == ("2026-11-05", "", "2026-11-03")
    assert after["unproven"] == [f"board:{OUTER}", f"board:{INNER}", "website"]
    quiet.refused("due", "--explain", "no-such-thing")


def test_alone_it_shows_what_is_to_be_done(quiet: Office) -> None:
    """`schoolpub` alone, with the same exit code; outside a school's folder it is the help."""
    quiet.october()
    now = quiet("--as-of", "2026-11-04")
    late = quiet("--as-of", "2026-11-06")

    assert now.out.startswith("2026年11月4日 星期三　示例学校\n")
    assert f"schoolpub submit {OCTOBER}" in now.out
    assert late.code == 1
    assert "逾期未办" in late.out
    assert quiet("--as-of", "2026-11-06", "list").code == 2
    quiet.surroundings.chdir(quiet.root.parent)
    assert quiet().out.startswith("Usage: schoolpub")


def test_a_calendar_file(quiet: Office) -> None:
    """`--ics` is a calendar: lines end in CR LF, none is longer than 75 bytes, each duty is a whole day once."""
    text = quiet.done("due", "--ics").out
    lines = text.split("\r\n")

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(uids) == len(set(uids)) == lines.count("BEGIN:VEVENT")
    at_ = lines.index("UID:duty-finance-monthly-2026-10@schoolpub")
    assert lines[at_ + 2 : at_ + 4] == ["DTSTART;VALUE=DATE:20261105", "DTEND;VALUE=DATE:20261106"]
    assert text == quiet.done("due", "--ics").out
    path = quiet.root.parent / "期限.ics"
    for _ in range(2):  # an older calendar is written over, another file is not
        quiet.done("due", "--ics", "-o", str(path))
    assert path.read_bytes() == text.encode()
    path.write_text("x")
    quiet.refused("due", "--ics", "-o", str(path))


def test_the_missing_calendar_is_told(quiet: Office) -> None:
    """From November on the next year's table is missed; before, only where dates already count with it."""
    assert [r["command"] for r in rows(quiet, kind="calendar")] == ["schoolpub calendar add 2027"]
    assert rows(quiet, "--as-of", "2026-10-20", kind="calendar") == []


def test_coverage(quiet: Office) -> None:
    """The matrix shows each period of each item; what nobody declared is not fine."""
    quiet.october()
    quiet.through(OCTOBER)
    found = quiet.done("coverage", "--json", "--as-of", "2026-11-10").json
    months = [(r["period"], r["how"]) for r in found if r["item"] == "finance-monthly"]
    events = {r["item"]: r["how_name"] for r in found if r["state"] == "event"}

    assert months == [("2026-10", "unproven"), ("2026-11", "later"), ("2026-12", "later")]
    assert events["large-spend"] == "未申报"
    screen = quiet.done("coverage", "--as-of", "2026-11-10").out
    assert "财务收支月报\t\t\t\t\t\t\t\t\t\t证\t未\t未" in screen
    assert "缺＝逾期未公开" in screen


def test_a_waiver_lets_off(quiet: Office) -> None:
    """A posted waiver, with reason, approver and end, lets the canteen's October account off; its end is the limit."""
    waiver = quiet.write("免.yaml", "waived: canteen-monthly\nreason: 食堂停业改造\n"
                                   "approved_by: 2026年11月2日校务会议\nuntil: 2026-11-30\n")  # fmt: skip
    made = quiet.done("add", "waiver", "--date", "2026-11-02", "--from", waiver).last
    assert "title: 关于食堂（膳食）收支与食谱的免予公开" in quiet.text(made)
    quiet.done("submit", made)
    for person, said in (("chen-xi", ()), ("shen-jing", ("--meeting", "校务会议")), ("jin-ye", ()), ("sun-jie", ())):
        quiet.done("approve", made, *said, by=person)
    assert rows(quiet, "--as-of", "2026-11-12", item="canteen-monthly", kind="duty") != []
    quiet.done("post", made, by="chu-wei")

    assert rows(quiet, "--as-of", "2026-11-12", item="canteen-monthly") == []
    cells = quiet.done("coverage", "--json", "--item", "canteen-monthly", "--as-of", "2026-12-20").json
    assert [(c["period"], c["how"], c["waiver"]) for c in cells] == [
        ("2026-10", "waived", made), ("2026-11", "missing", ""), ("2026-12", "later", "")
    ]  # fmt: skip


def test_the_plan(quiet: Office) -> None:
    """Today's phase by week of term, and tasks that nobody did."""
    found = quiet.done("plan", "--as-of", "2026-11-21", "--json").json[0]

    assert found["now"] == "今天（第12周）处于：监督评估"
    overdue = rows(quiet, "--as-of", "2026-11-24", kind="plan")
    assert [(r["title"], r["due"], r["late_workdays"]) for r in overdue if r["state"] == "late"] == [
        ("师生代表检查公开栏和网站", "2026-11-22", 2)
    ]
    assert NOW.startswith("2026-11-03")


def test_a_saved_page_is_a_proof(quiet: Office) -> None:
    """The page as it was on the net proves the website; a private number on it is stopped before the commit."""
    quiet.posted()
    page = "<html><head><title>月报</title></head><body onload=x()>收入<script>x()</script>{}</body></html>"
    bad = quiet.write("坏.html", page.format("联系人13912345678"))
    prove = ("prove", OCTOBER, "--channel", "website", "--on", "2026-11-03")
    assert "139****5678" in quiet.refused(*prove, "--photo", bad, by="chen-xi", code=1)

    quiet.done(*prove, "--photo", quiet.write("首页.html", page.format("")), by="chen-xi")
    kept = next((quiet.root / "records/attachments" / OCTOBER).glob("首页-*.html"))
    assert "收入" in kept.read_text("utf-8") and "x()" not in kept.read_text("utf-8")
    assert rows(quiet, kind="prove", channel="website") == []
    assert quiet("check").code == 0


def test_every_look_shows_the_school_as_it_stood(quiet: Office) -> None:
    """Drafted on the 3rd, posted on the 6th: before each day list, show, find and log know nothing of it."""
    quiet.october()
    quiet.surroundings.setenv("SCHOOLPUB_NOW", at("2026-11-06"))
    quiet.through(OCTOBER)

    def seen(day: str) -> list[str]:
        listed = quiet.done("list", "--as-of", day, "--json").json
        return [row["status"] for row in listed if row["item"] == "finance-monthly"]

    assert [seen(day) for day in ("2026-11-02", "2026-11-03", "2026-11-06")] == [[], ["draft"], ["posted"]]
    assert [r["status"] for r in quiet.done("find", "利息收入", "--as-of", "2026-11-03", "--json").json] == ["draft"]
    assert quiet.done("show", OCTOBER, "--as-of", "2026-11-05", "--json").json["status"] == "draft"
    assert "on 2026-11-02" in quiet.refused("show", OCTOBER, "--as-of", "2026-11-02")
    known = [c["subject"] for c in quiet.done("log", OCTOBER, "--as-of", "2026-11-05", "--json").json]
    assert known == ["起草：2026年10月财务收支月报"]
    newest = quiet.done("log", "--as-of", "2026-11-05", "--limit", "1", "--json").json
    assert [c["subject"] for c in newest] == known
