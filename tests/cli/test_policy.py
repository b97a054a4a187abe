"""A changed calendar, catalogue or setting: what moves is shown first, then committed by a person with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from schoolpub.store.files.calendar_file import read_calendar_in
from tests.cli.office import Office

TABLE = """\
year: 2027
notice: 虚构的2027年安排
holidays:
- {name: 元旦, from: 2027-01-01, to: 2027-01-03}
- {name: 春节, from: 2027-02-05, to: 2027-02-11}
workdays:
- {date: 2027-01-09, for: 元旦}
- {date: 2027-02-20, for: 春节}
"""
MOVED = "代办费结算　2026—2027学年第一学期：2027-02-05 → 2027-02-12"


def edit(office: Office, file: str, old: str, new: str) -> Path:
    path = office.root / "records" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_a_year_is_entered_after_showing_what_moves(office: Office) -> None:
    """The preview lists every open date that moves, from what to what; the commit keeps the list for later readers."""
    table = office.write("2027.yaml", TABLE)
    said = office.refused("calendar", "add", "2027", "--from", table, "--reason", "通知已公布")
    assert "--yes" in said

    why = ("--reason", "通知已公布", "--agreed", "sun-jie")
    done = office.done("calendar", "add", "2027", "--from", table, *why, "--yes")
    assert MOVED in done.out
    assert "个日期不变，不再是推算" in done.out
    assert (office.root / "records/calendar/2027.yaml").read_text("utf-8") == TABLE
    told = office.git("log", "-1", "--format=%an%n%B")
    assert told.startswith("赵敏\n日历：登记2027年放假安排\n\n理由：通知已公布\n经办：赵敏；同意：孙洁\n\n日期变动：\n")
    assert MOVED in told
    assert told.rstrip().endswith("Policy: records/calendar/2027.yaml\nBy: zhao-min\nAgreed: sun-jie")
    assert MOVED in office.done("log").out
    assert office.git("status", "--porcelain") == ""
    assert office.done("days", "2026-12-31", "2wd", "--json").json["provisional"] is False
    assert "nothing to change" in office.done("calendar", "add", "2027", "--from", table, "--yes").out


def test_nobody_agrees_with_themselves(office: Office) -> None:
    """The second person is another one."""
    table = office.write("2027.yaml", TABLE)
    office.refused("calendar", "add", "2027", "--from", table, "--agreed", "zhao-min", "--yes")


def test_a_year_that_is_not_known_yet_is_refused_with_the_way_out(office: Office) -> None:
    """The program knows years up to some point; then the notice is copied by hand."""
    assert "calendar add 2027 --from FILE" in office.refused("calendar", "add", "2027", "--yes")
    office.refused("calendar", "add", "27")
    assert office("calendar", "remove", "2027").code == 2


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_known_years_are_those_of_the_notices(office: Office, year: int) -> None:
    """What the program writes for a year has the same days as the table that was copied from the notice by hand."""
    file = office.root / "records/calendar" / f"{year}.yaml"
    by_hand = read_calendar_in(file.parent).years[year]
    file.unlink()
    office.done("adopt", "--reason", "重新登记", "--yes")
    office.done("calendar", "add", str(year), "--yes")
    made = read_calendar_in(file.parent).years[year]

    assert set(made.holidays) == set(by_hand.holidays)
    assert set(made.workdays) == set(by_hand.workdays)


def test_a_wrong_table_is_not_entered(office: Office) -> None:
    """A make-up day on a weekday, or a table of another year, changes nothing."""
    wrong = office.write("2027.yaml", TABLE.replace("2027-01-09", "2027-01-08"))
    office.refused("calendar", "add", "2027", "--from", wrong, "--yes", code=1)
    other = office.write("2028.yaml", TABLE)
    assert office("calendar", "add", "2028", "--from", other, "--yes").code == 1


def test_edited_policy_is_adopted_with_its_moves(office: Office) -> None:
    """Only the files that were named are committed; the others stay edited; nothing is committed without a reason."""
    edit(office, "calendar/terms.yaml", "last: 2027-01-22", "last: 2027-01-15")
    edit(office, "catalogue/2026-01-01/finance.yaml", "day: 5, of: next-month, roll: none", "day: 10, of: next-month")
    office.refused("adopt")
    office.refused("adopt", "--reason", "校历调整")

    done = office.done("adopt", "records/calendar", "--reason", "校历调整", "--yes").out
    assert "代办费结算　2026—2027学年第一学期：2027-02-05 → 2027-01-29" in done
    assert "后勤服务工作简报　2027年第3周（1月18日—1月24日）：2027-01-25 → 不再要求" in done
    assert "财务收支月报" not in done
    assert office.git("status", "--porcelain") == " M records/catalogue/2026-01-01/finance.yaml\n"

    rest = office.done("adopt", "--reason", "期限调整", "--yes", "--json").json
    assert rest["files"] == ["records/catalogue/2026-01-01/finance.yaml"]
    moved = {(m["item"], m["period"]): (m["before"], m["after"]) for m in rest["moves"]}
    assert moved["finance-monthly", "2026-11"] == ("2026-12-05", "2026-12-10")
    assert {item for item, _ in moved} == {"finance-monthly"}
    assert office.git("status", "--porcelain") == ""
    assert "Nothing was edited" in office.done("adopt", "--reason", "再来").out


def test_what_was_posted_keeps_its_date(office: Office) -> None:
    """The due date shown at posting stands; where the new table gives another, both are shown."""
    record = office.posted()
    edit(office, "catalogue/2026-01-01/finance.yaml", "day: 5, of: next-month, roll: none", "day: 10, of: next-month")
    done = office.done("adopt", "--reason", "期限调整", "--yes").out

    assert f"（{record}）：已公开，所示期限不变；按新的安排应为 2026-11-05 → 2026-11-10" in done
    shown = office.done("show", record, "--json").json
    assert (shown["due"], shown["recomputed"]) == ("2026-11-05", "2026-11-10")
    assert "2026-11-05（按现行日历和目录为 2026-11-10）" in office.done("show", record).out
    explained = office.done("due", "--explain", record, "--json").json
    assert (explained["said"], explained["recomputed"]) == ("2026-11-05", "2026-11-10")
    office.done("build")
    page = (office.root / "site/public/records" / f"{record}.html").read_text("utf-8")
    assert "公开时所示期限为 2026年11月5日；按现行日历和目录计算为 2026年11月10日" in page


def test_an_earlier_day_is_judged_by_the_policy_of_then(office: Office) -> None:
    """With --as-of what was adopted later does not count yet, edits that nobody adopted do not either."""
    edit(office, "catalogue/2026-01-01/finance.yaml", "day: 5, of: next-month, roll: none", "day: 10, of: next-month")
    office.done("adopt", "--reason", "期限调整", "--yes", now="2026-11-20T09:00:00+08:00")
    edit(office, "catalogue/2026-01-01/finance.yaml", "day: 10, of: next-month", "day: 12, of: next-month")

    def november(*day: str) -> str:
        told = office.done("due", "--explain", "finance-monthly-2026-11", *day, "--json").json
        return str(told["due"])

    assert november("--as-of", "2026-11-19") == "2026-12-05"
    assert november("--as-of", "2026-11-20") == november() == "2026-12-12"


def test_broken_policy_is_not_adopted(office: Office) -> None:
    """Mistakes are shown with their places, all at once, and nothing is committed."""
    edit(office, "catalogue/2026-01-01/finance.yaml", "flow: disclosure-sensitive", "flow: no-such-flow")
    said = office.refused("adopt", "--reason", "x", "--yes", code=1)

    assert "records/catalogue/2026-01-01/finance.yaml:" in said
    assert "no-such-flow" in said


def test_a_new_edition_begins_later(office: Office) -> None:
    """An edition that would be in force already is refused; one of next year moves only what arises in it."""
    folder = office.root / "records/catalogue"
    files = {p.name: p.read_text("utf-8") for p in (folder / "2026-01-01").iterdir()}

    def new(edition: str) -> None:
        (folder / edition).mkdir()
        for name, text in files.items():
            text = text.replace("edition: 2026-01-01", f"edition: {edition}")
            text = text.replace("day: 5, of: next-month, roll: none", "day: 10, of: next-month")
            (folder / edition / name).write_text(text, "utf-8")

    new("2026-11-01")
    assert "in force before it is adopted" in office.refused("adopt", "--reason", "新目录", "--yes")
    for path in (folder / "2026-11-01").iterdir():
        path.unlink()
    (folder / "2026-11-01").rmdir()
    new("2027-01-01")
    moved = office.done("adopt", "--reason", "2027年目录", "--yes", "--json").json["moves"]
    assert {m["item"] for m in moved} == {"finance-monthly"}
    assert min(m["period"] for m in moved) == "2027-01"


def test_the_calendar_is_shown(office: Office) -> None:
    """`schoolpub calendar` lists years and terms."""
    found = office.done("calendar", "--json").json

    assert [y["year"] for y in found["years"]] == [2025, 2026]
    assert found["terms"][-1]["id"] == "2026-2027-2"
    assert "国务院办公厅关于2026年部分节假日安排的通知" in office.done("calendar").out


def test_what_no_two_persons_can_agree_upon(office: Office) -> None:
    """One head under two hats, and another flow for records under way, are refused with the way out."""
    office.at("review")
    edit(office, "people.yaml", "appointments:\n", "appointments:\n- {person: wang-lan, body: 领导小组, from: 2026-11-01}\n")
    edit(office, "catalogue/2026-01-01/finance.yaml", "flow: disclosure-sensitive", "flow: disclosure")
    said = office.refused("adopt", "--reason", "x", "--agreed", "sun-jie", "--yes")
    assert "王岚 sits in 领导小组 and in 监督小组" in said
    assert "the flow of “财务收支月报” was changed in the edition 2026-01-01, by which 1 records go" in said
    assert "schoolpub items --new" in said


def test_nobody_acts_by_what_was_not_adopted(office: Office) -> None:
    """A post, a flow or a series that only lies in the folder counts for nothing until it is adopted."""
    record = office.at("verify")
    edit(office, "school.yaml", "series: 校公开", "series: 他公开")
    edit(office, "people.yaml", "appointments:\n", "appointments:\n- {person: zhao-min, role: 校长, from: 2025-01-01}\n")
    assert "adopt" in office.refused("approve", record)
    office.through(record, since="sign", upto="sign")
    assert office.steps(record)[-1]["number"] == "校公开〔2026〕1号"


def test_an_approval_dated_back_needs_its_paper(office: Office) -> None:
    """Who approves today cannot say that it was yesterday, unless a signed paper shows it, or a meeting's minutes."""
    record = office.at("submit")
    later = "2026-11-05T09:00:00+08:00"
    assert "--paper" in office.refused("approve", record, "--on", "2026-11-03", by="qian-li", now=later)
    office.done("approve", record, "--on", "2026-11-05", by="qian-li")
    office.done("approve", record, by="hua-rong")
    office.done("approve", record, "--on", "2026-11-05", "--meeting", "2026年11月5日校务会", by="wu-tong",
                now="2026-11-06T09:00:00+08:00")  # fmt: skip
    assert office.done("verify", "--json").json["verdict"] == "consistent"
