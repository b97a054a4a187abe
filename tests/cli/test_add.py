"""`add`: from files, options and what the calendar says to a draft; all mistakes at once, where the user wrote them."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.cli.office import EVENT, OCTOBER, Office

ID = "finance-monthly-2026-10"
MONTH = ("add", "finance-monthly", "--period", "2026-10")
INCOME = "项目,本月,本年累计\n生均公用经费,85000.00,850000.00\n利息收入,12.34,120.50\n"
EXPENSE = "科目,本月,本年累计\n办公费,1200.00,30000.00\n水费,2999.99,21000.00\n"
WHOLE = (
    "字段,值\n上月结余,152300.00\n本月结余,233112.35\n\n收入\n" + INCOME + "\n支出\n" + EXPENSE
)


def body(office: Office, record_id: str = ID) -> str:
    """Return what stands above the steps."""
    return office.text(record_id).partition("steps:\n")[0]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("十月 报表.yaml", OCTOBER.encode()),
        ("bom.yaml", b"\xef\xbb\xbf" + OCTOBER.replace("\n", "\r\n").encode()),
        ("十月.csv", WHOLE.encode()),
        ("bom.csv", b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()),
        ("gbk.csv", WHOLE.encode("gb18030")),
        ("utf16.csv", WHOLE.replace(",", "\t").encode("utf-16")),
        (
            "十月.json",
            json.dumps(
                {
                    "balance_start": "152300.00",
                    "income": [
                        {"item": "生均公用经费", "month": "85000.00", "ytd": "850000.00"},
                        {"item": "利息收入", "month": "12.34", "ytd": "120.50"},
                    ],
                    "expense": [
                        {"head": "办公费", "month": "1200.00", "ytd": "30000.00"},
                        {"head": "水费", "month": "2999.99", "ytd": "21000.00"},
                    ],
                    "balance_end": "233112.35",
                },
                ensure_ascii=False,
            ).encode(),
        ),
    ],
)  # fmt: skip
def test_every_kind_of_file_gives_the_same_record(office: Office, name: str, data: bytes) -> None:
    """YAML, JSON and CSV, in UTF-8 with or without a mark, UTF-16 and GB18030 make the same body."""
    assert office.done(*MONTH, "--from", office.write(name, data)).last == ID
    assert body(office).partition("fields:\n")[2] == "".join(f"  {line}\n" for line in OCTOBER.splitlines())


def test_tables_from_files_of_their_own(office: Office) -> None:
    """`TABLE=FILE` reads one table, by its key or its name, beside the other files and options."""
    office.done(
        "add", "财务收支月报", "--period", "2026-10",
        "--from", f"income={office.write('收入.csv', INCOME)}",
        "--from", f"支出={office.write('支出.yaml', OCTOBER.partition('expense:')[2].partition('balance')[0])}",
        "--set", "balance_start=152300.00", "--set", "balance_end=233112.35",
    )  # fmt: skip
    assert body(office).partition("fields:\n")[2] == "".join(f"  {line}\n" for line in OCTOBER.splitlines())


def test_what_stands_beside_the_fields(office: Office) -> None:
    """Title, period, department, audience and summary may stand in the file; options win over it."""
    head = "title: 十月账目\nperiod: 2026-09\ndepartment: 办公室\naudience: internal\nsummary: 本月收支平衡\n"
    made = office.done(*MONTH, "--from", office.write("x.yaml", head + OCTOBER))
    assert "The file is about 2026-09; --period 2026-10 counts." in made.err
    assert body(office).splitlines()[5:11] == [
        "title: 十月账目",
        "period: 2026-10",
        "department: 办公室",
        "audience: internal",
        "summary: 本月收支平衡",
        "fields:",
    ]
    nested = "title: 九月账目\nfields:\n" + "".join(f"  {line}\n" for line in OCTOBER.splitlines())
    september = office.done("add", "finance-monthly", "--period", "2026-09", "--from", office.write("y.yaml", nested)).last
    assert "title: 九月账目" in office.text(september)


def test_the_period_is_last_months(office: Office) -> None:
    """Without a period it is the month before; without a date it is today; the opening is the last closing."""
    september = OCTOBER.replace("152300.00", "100.00").replace("233112.35", "80912.35")
    office.done("add", "finance-monthly", "--period", "2026-09", "--from", office.write("九月.yaml", september))
    made = office.done("add", "finance-monthly", "--from", office.write("x.yaml", re.sub("balance_start.*\n", "", OCTOBER)
                                                                        .replace("233112.35", "161724.70")))  # fmt: skip
    assert made.last == ID
    assert "balance_start: 80912.35" in office.text(ID)


def test_like_another_record(office: Office) -> None:
    """`--like` begins with another record's values; what follows from others or the month before is not copied."""
    office.at("draft")
    november = ("add", "finance-monthly", "--period", "2026-11", "--like", ID)
    assert "balance_end missing" in office.refused(*november, now="2026-12-01T09:00:00+08:00", code=1)
    made = office.done(*november, "--set", "balance_end=313924.70")
    text = office.text(made.last)
    assert "balance_start: 233112.35" in text
    assert "{item: 利息收入, month: 12.34}" in text
    assert "2026年11月" in text
    office.done("add", "finance-monthly", "--period", "2026-08", "--zero")
    assert "another item" in office.refused("add", "fees-term", "--like", ID)


def test_a_zero_report(office: Office) -> None:
    """Where there was nothing to disclose, one word says so and no field is asked for."""
    made = office.done("add", "finance-monthly", "--period", "2026-10", "--zero")
    assert "zero: \"yes\"" in office.text(made.last)
    office.done("submit", made.last)
    assert office("check").code == 0


def test_json_answer(office: Office) -> None:
    """`--json` gives id, file, commit and what comes next, and nothing else on stdout."""
    answer = office.done(*MONTH, "--from", office.write("x.yaml", OCTOBER), "--json").json
    assert answer == {
        "id": ID,
        "file": f"records/disclosures/2026/{ID}.yaml",
        "commit": office.git("rev-parse", "HEAD").strip(),
        "next": [f"报送（赵敏）：schoolpub submit {ID}"],
        "notes": [],
    }


def test_notes_tell_what_submission_will_refuse(office: Office) -> None:
    """A draft that other records contradict is written, with what must be mended; the id is still the last line."""
    answer = office.done(*MONTH, "--from", office.write("x.yaml", OCTOBER.replace("2999.99", "3000.00")
                                                        .replace("233112.35", "233112.34")))  # fmt: skip
    lines = answer.out.splitlines()
    assert lines[0] == "To be mended before it is submitted:"
    assert lines[1].startswith("  x.yaml:7:21 ")
    assert lines[-1] == ID


def test_all_mistakes_at_once(office: Office) -> None:
    """Every mistake of every field is told with file, line and column, and nothing is written."""
    wrong = office.write(
        "十月.yaml",
        "balance_start: 1523.005\nincome:\n- {item: 利息, month: 12.345}\n- {item: 利息, mnth: 1.00}\n"
        "expense: []\nbalance_ende: 1.00\n",
    )
    said = office.refused(*MONTH, "--from", wrong, code=1)
    assert [line.split(" ")[0:2] for line in said.splitlines()] == [
        ["十月.yaml", "missing"],
        ["十月.yaml:1:16", "value-decimals"],
        ["十月.yaml:3:21", "value-decimals"],
        ["十月.yaml:4:3", "missing"],
        ["十月.yaml:4:20", "unknown-column"],
        ["十月.yaml:5:10", "missing"],
        ["十月.yaml:6:15", "unknown-field"],
        ["Nothing", "was"],
    ]
    assert "Did you mean balance_end?" in said
    assert said.endswith("Nothing was changed: there are mistakes to mend first.\n")


def test_mistakes_in_a_spreadsheet_have_line_and_column(office: Office) -> None:
    """A wrong amount in CSV is told at its row and column; so is an unknown head."""
    sheet = office.write("收入.csv", INCOME.replace("12.34", "十二元"))
    rest = office.write("x.yaml", OCTOBER.replace(OCTOBER[OCTOBER.index("income"): OCTOBER.index("expense")], ""))
    said = office.refused(*MONTH, "--from", rest, "--from", f"income={sheet}", code=1)
    assert said.startswith("收入.csv:3:2 value-money ")
    heads = office.write("收入.csv", INCOME.replace("本年累计", "本年类计"))
    said = office.refused(*MONTH, "--from", rest, "--from", f"income={heads}", code=1)
    assert said.startswith("收入.csv:1:3 table-unknown ")


def test_mistakes_of_two_files_are_told_together(office: Office) -> None:
    """A file that cannot be read does not hide the mistakes of the next."""
    one, two = office.write("a.yaml", "income: &x []\n"), office.write("b.yaml", "expense: {a: 1, a: 2}\n")
    said = office.refused(*MONTH, "--from", one, "--from", two, code=1)
    assert "a.yaml:1:9" in said
    assert "b.yaml:1:" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "finance-montly"), 3, "did you mean: finance-monthly"),
        (("add", "没有的事项"), 3, "schoolpub items"),
        (("add", "finance-monthly", "--period", "2026-13"), 1, "2026-13"),
        (("add", "finance-monthly", "--period", "2026Q4", "--zero"), 1, "quarter"),
        (("add", "finance-monthly", "--zero", "--part", "mid"), 1, "part"),
        (("add", "finance-monthly", "--from", "missing.yaml"), 3, "no such file"),
        (("add", "finance-monthly", "--from", "."), 3, "folder"),
        (("add", "finance-monthly", "--set", "balance_start"), 2, "--set KEY=VALUE"),
        (("add", "finance-monthly", "--set", "audience=everybody", "--zero"), 1, "audience"),
        (("add", "finance-monthly", "--set", "department=食堂部", "--zero"), 1, "department"),
        (("add", "finance-monthly", "--as-of", "2026-02-30"), 2, "2026-02-30"),
        (("add", "finance-monthly", "--like", "nothing"), 3, "schoolpub list"),
    ],
)
def test_refusals_change_nothing(office: Office, arguments: tuple[str, ...], code: int, said: str) -> None:
    """Each refusal has its exit code, names what is wrong and the way out, and writes nothing."""
    assert said in office.refused(*arguments, code=code)


def test_an_unknown_kind_of_file(office: Office) -> None:
    """A workbook that is none is refused with the way out."""
    assert "save it anew" in office.refused(*MONTH, "--from", office.write("x.xlsx", b"PK\x03\x04"))
    assert "save it anew" in office.refused(*MONTH, "--from", office.write("x.csv", b"PK\x03\x04"))


def test_an_existing_record_is_not_drafted_again(office: Office) -> None:
    """The same month is refused with the command that fits its status."""
    office.at("draft")
    again = (*MONTH, "--from", office.write("x.yaml", OCTOBER))
    assert f"`schoolpub edit {ID}`" in office.refused(*again)
    office.through(ID, upto="submit")
    assert f"`schoolpub show {ID}`" in office.refused(*again)
    office.through(ID, since="review")
    assert f"`schoolpub correct {ID}`" in office.refused(*again)


def test_ids_of_events(office: Office) -> None:
    """The same entry at the same moment has the same id on any machine; a second one gets letters of its own."""
    call = office.write("e.yaml", EVENT)
    first = office.done("add", "large-spend", "--date", "2026-10-20", "--from", call).last
    second = office.done("add", "large-spend", "--date", "2026-10-20", "--from", call).last
    assert re.fullmatch(r"large-spend-20261020-[a-z]{4}", first)
    assert re.fullmatch(r"large-spend-20261020-[a-z]{4}", second)
    assert first != second
    office.git("reset", "-q", "--hard", "HEAD~2")
    assert office.done("add", "large-spend", "--date", "2026-10-20", "--from", call).last == first
    assert office.done("add", "large-spend", "--date", "2026-10-20", "--from", call).last == second
    later = office.done(
        "add", "large-spend", "--date", "2026-10-20", "--from", call, now="2026-11-03T09:13:00+08:00"
    ).last
    assert later not in (first, second)


def test_who_may_draft(office: Office) -> None:
    """A person without the drafter's post in the department is refused with those who have it."""
    said = office.refused(*MONTH, "--zero", by="qian-li")
    assert "钱立 cannot draft for 总务处" in said
    assert "赵敏（zhao-min）" in said
    office.git("config", "user.email", "stranger@school.invalid")
    assert "knows nobody with the e-mail “stranger@school.invalid”" in office.refused(*MONTH, "--zero")
    office.done(*MONTH, "--zero", by="zhao-min")
    assert "via" not in office.steps(ID)[0]


def test_as_needs_a_shared_machine(office: Office) -> None:
    """Where everybody has a machine of their own, nobody acts for another."""
    school = office.root / "records/school.yaml"
    school.write_text(school.read_text(encoding="utf-8").replace("shared-machine: yes", "shared-machine: no"), "utf-8")
    assert "--as is only for a shared office machine" in office.refused(*MONTH, "--zero", by="li-hua")
    office.done(*MONTH, "--zero", by="zhao-min")


# Large sums (R10) and the months' chain


def large(office: Office, amount: str) -> str:
    """Return October's account with a payment of *amount*."""
    closing = f"{233112.35 + 2999.99 - float(amount):.2f}"
    return office.october(OCTOBER.replace("2999.99", amount).replace("233112.35", closing))


def test_a_large_sum_needs_its_own_record(office: Office) -> None:
    """From 3,000.00 on a payment needs its own disclosure, at submission and in `check`; a draft of it is enough."""
    record_id = large(office, "3000.00")
    checked = office("check")
    assert checked.code == 1
    assert f"{ID}.yaml:17:" in checked.out
    assert "rule-record" in office.refused("submit", record_id, code=1)
    office.done("add", "large-spend", "--date", "2026-10-20", "--from", office.write("e.yaml", EVENT))
    assert office("check").code == 0
    office.done("submit", record_id)


def test_a_payment_that_was_split_is_noticed(office: Office) -> None:
    """Two payments of 1,800.00 to one payee within days give a warning, not an error; to two payees they give none."""
    half = EVENT.replace("3000.00", "1800.00")
    office.done("add", "large-spend", "--date", "2026-10-20", "--from", office.write("a.yaml", half))
    made = office.done("add", "large-spend", "--date", "2026-10-21", "--from", office.write("b.yaml", half))
    assert "was one payment split?" in made.out
    other = half.replace("示例文印有限公司", "另一家公司").replace("试卷印刷", "购买粉笔")
    made = office.done("add", "large-spend", "--date", "2026-10-21", "--from", office.write("c.yaml", other))
    assert "split" not in made.out
    assert office("check").code == 0


def test_one_cent_less_needs_none(office: Office) -> None:
    """2,999.99 is below the limit."""
    office.done("submit", large(office, "2999.99"))
    assert office("check").code == 0


def test_the_opening_is_the_last_closing(office: Office) -> None:
    """An opening that differs from September's closing, and a year's sum that does not follow, stop the submission."""
    september = (
        OCTOBER.replace("152300.00", "100.00").replace("233112.35", "80912.35")
        .replace("850000.00", "765000.00").replace("120.50", "108.16").replace("30000.00", "28800.00")
        .replace("21000.00", "18000.01")
    )  # fmt: skip
    office.done("add", "finance-monthly", "--period", "2026-09", "--from", office.write("九月.yaml", september))
    record_id = office.october()
    said = office.refused("submit", record_id, code=1)
    assert f"{ID}.yaml:11:18 rule-equal " in said
    assert "80,912.35" in said
    assert said.count("previous-differs") == 0
    wrong = office.write("y.yaml", OCTOBER.replace("152300.00", "80912.35").replace("233112.35", "161724.70")
                         .replace("120.50", "120.60"))  # fmt: skip
    office.done("edit", record_id, "--from", wrong)
    said = office.refused("submit", record_id, code=1)
    assert "利息收入" in said
    assert "120.50" in said
    right = office.write("y.yaml", OCTOBER.replace("152300.00", "80912.35").replace("233112.35", "161724.70"))
    office.done("edit", record_id, "--from", right)
    office.done("submit", record_id)
    assert subprocess.run(["git", "fsck", "--strict"], cwd=office.root, capture_output=True, check=True)


def test_many_identical_entries(office: Office) -> None:
    """Ids of entries made in the same moment never run out."""
    from datetime import date

    from schoolpub.rules.identity import event_id
    from schoolpub.store.workspace import Workspace

    item = next(iter(Workspace(office.root).read().catalogues.values())).items["large-spend"]
    made = {event_id(item, date(2026, 10, 20), b"the same", attempt) for attempt in range(2000)}
    assert len(made) > 1990


def test_a_wrong_value_on_the_command_line_names_its_field(office: Office) -> None:
    """What was given by --set stands in no file: each mistake names the field instead of a line."""
    said = office.refused("add", "large-spend", "--date", "2026-10-20", "--set", "amount=三千", "--set", "fund=公用经费",
                          "--set", "decision_date=昨天", code=1)  # fmt: skip
    named = [line.partition(" ")[0].partition(":")[2] for line in said.splitlines() if line.startswith("large-spend")]
    assert {"amount", "decision_date", "payee"} <= set(named)


def test_a_spreadsheet_of_the_schools_own_is_shown_and_remembered(office: Office) -> None:
    """The first time it must be confirmed; then the same names are known, and the file may be kept."""
    table = "2026年10月收支,,,\n收入项目,金额,支出项目,金额\n生均公用经费,85000,办公费,1200\n上期结余,100,期末结余,83900\n"
    given = (*MONTH, "--from", office.write("收支.csv", table))

    assert "收入项目（A2）" in office.refused(*given)
    office.done(*given, "--yes", "--keep")

    assert "收入项目: item" in (office.root / "records/layouts/finance-monthly.yaml").read_text("utf-8")
    assert (office.root / f"records/attachments/{ID}/收支.csv").is_file()
    mended = table.replace("1200", "1300").replace("83900", "83800")
    again = office.done("edit", ID, "--from", office.write("收支.csv", mended))
    assert again.err == ""
    assert "{head: 办公费, month: 1300}" in (office.root / f"records/disclosures/2026/{ID}.yaml").read_text("utf-8")
    assert office.done("check", "--json").json == {"problems": []}


def test_a_period_for_an_event_and_a_date_for_a_month(office: Office) -> None:
    """The other of the two is told as such, not taken beside what the tool would have filled in."""
    refused = office.refused("add", "donation", "--period", "2026", "--zero", code=1)
    assert "is about an event and needs its date → write --date 2026-11-03" in refused
    refused = office.refused("add", "finance-monthly", "--date", "2026-11-03", "--zero", code=1)
    assert "the period is missing → write --period 2026-10" in refused


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("title=一行\n两行", "title-long"),
        ("title=" + "长" * 121, "121 characters"),
        ("contacts=明天再说", "no telephone|not a telephone"),
        ("signers=[{who: 孙洁}]", "signers.0.who"),
        ("real_name_only=也许", "neither yes nor no"),
    ],
)
def test_what_stands_beside_the_fields_is_judged_too(office: Office, wrong: str, said: str) -> None:
    """What no page could show is refused where it is given."""
    told = office.refused(*MONTH, "--from", office.write("x.yaml", OCTOBER), "--set", wrong, code=1)
    assert re.search(said, told), told
