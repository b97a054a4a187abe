"""The chain's other ways: paper, undo, remarks, stopping, new editions, numbers, any step by `do`."""

from __future__ import annotations

import os

import pytest
from PIL import Image

from schoolpub.rules.chain import witness
from schoolpub.store.files.record_file import read_record
from tests.cli.office import OCTOBER, Office

ID = "finance-monthly-2026-10"


def picture(office: Office, name: str = "scan.jpg") -> str:
    """Return the path of a scan."""
    path = office.root.parent / name
    Image.new("RGB", (80, 60), "white").save(path)
    return str(path)


def code_of(office: Office, record_id: str = ID) -> str:
    """Return the text code that the form of a record bears."""
    record, _ = read_record(office.path(record_id).read_bytes(), "x.yaml")
    assert record is not None
    return witness.text_code(record.content)


FOUR = "部门负责人=qian-li,财务小组=华容,领导小组=shen-jing,监督小组=jin-ye"


# Paper


def test_one_form_takes_every_step_signed_on_it(office: Office) -> None:
    """The scan with the right code takes the approvals one after another, each by its signer, typed by the clerk."""
    office.at("submit")
    office.done(
        "approve", ID, "--paper", picture(office, "登记表.jpg"), "--code", code_of(office).lower(), "--for", FOUR,
        "--on", "2026-11-03", "--meeting", "2026年11月3日校务会议", now="2026-11-04T08:05:00+08:00",
    )  # fmt: skip
    steps = office.steps(ID)[2:]
    assert [(s["step"], s["by"], s["role"], s["via"], s["on"]) for s in steps] == [
        ("review", "qian-li", "部门负责人", "zhao-min", "2026-11-03"),
        ("screen", "hua-rong", "财务小组", "zhao-min", "2026-11-03"),
        ("decide", "shen-jing", "领导小组", "zhao-min", "2026-11-03"),
        ("verify", "jin-ye", "监督小组", "zhao-min", "2026-11-03"),
    ]
    assert ["meeting" in s for s in steps] == [False, False, True, False]
    assert len({s["paper"]["sha256"] for s in steps}) == 1
    assert (office.root / "records/attachments" / ID / steps[0]["paper"]["file"]).is_file()
    assert office.git("rev-list", "--count", "HEAD").strip() == "4"
    assert office.git("status", "--porcelain") == ""
    assert office("check").code == 0


def test_a_form_for_another_text_is_refused(office: Office) -> None:
    """A code with a slip of the pen, of another text, or none at all is refused; lower case and O for 0 are not slips."""
    office.at("submit")
    right = code_of(office)
    other = ("0" if right[0] != "0" else "1") + right[1:]
    form = ("--paper", picture(office), "--for", "部门负责人=qian-li")
    assert "signed for another text" in office.refused("approve", ID, *form, "--code", other)
    assert "needs --code" in office.refused("approve", ID, *form)
    assert "--paper" in office.refused("approve", ID, "--code", right, code=2)
    office.done("approve", ID, *form, "--code", right.lower().replace("0", "o").replace("-", " "))
    assert office.status(ID) == "reviewed"


def test_a_signature_missing_in_the_middle_is_named(office: Office) -> None:
    """Where one before it did not sign, nothing is taken, and the missing signature is named; the first ones alone pass."""
    office.at("submit")
    form = ("--paper", picture(office), "--code", code_of(office), "--meeting", "会议")
    gap = "部门负责人=qian-li,领导小组=shen-jing,监督小组=jin-ye"
    said = office.refused("approve", ID, *form, "--for", gap)
    assert "领导小组（沈静）、监督小组（金叶）" in said
    assert "“专审”" in said
    assert "财务小组" in said
    assert "no approval is left" in office.refused(
        "approve", ID, *form, "--for", FOUR + ",校长=sun-jie,工会=he-qing"
    )
    assert "twice" in office.refused("approve", ID, *form, "--for", "校长=sun-jie,校长=wu-tong", code=2)
    assert "there is no “=”" in office.refused("approve", ID, *form, "--for", "sun-jie")
    assert "it takes 部门负责人" in office.refused("approve", ID, *form, "--for", "部门负责人=wang-lan")
    assert "before the step" in office.refused(
        "approve", ID, *form, "--for", "部门负责人=qian-li", "--on", "2026-11-02"
    )
    assert "several people signed" in office.refused("approve", ID, *form, "--for", FOUR, "--opinion", "同意")
    office.done("approve", ID, *form, "--for", "部门负责人=qian-li", "--opinion", "同意")
    assert office.steps(ID)[-1]["opinion"] == "同意"


def test_the_whole_form_up_to_the_number(office: Office) -> None:
    """With the principal's signature the form gives the number, and the rules are judged before it."""
    office.at("submit")
    form = ("--paper", picture(office), "--code", code_of(office), "--meeting", "校务会", "--for", FOUR + ",校长=sun-jie")
    office.done("approve", ID, *form)
    assert office.steps(ID)[-1]["number"] == "校公开〔2026〕1号"
    assert office.status(ID) == "signed"


# Undo, remark, discard


def test_undo_takes_back_ones_own_last_step(office: Office) -> None:
    """Only the person of the last step undoes it; after somebody else's act, or once posted, nobody does."""
    office.at("review")
    assert "only the person who took the last step" in office.refused("undo", ID, by="hua-rong")
    office.done("undo", ID, by="qian-li")
    assert office.status(ID) == "submitted"
    assert [s["step"] for s in office.steps(ID)] == ["draft", "submit", "review", "undo"]
    assert office.steps(ID)[-1]["undoes"] == "review"
    assert "only the person" in office.refused("undo", ID, by="qian-li")
    office.done("undo", ID)  # the submission, which is the clerk's
    assert office.status(ID) == "draft"
    office.done("edit", ID, "--set", "notes=补充说明")
    office.through(ID, upto="submit")
    office.through(ID, since="review")
    office.refused("undo", ID, by="chen-xi")
    assert office("check").code == 0


def test_a_signature_undone_gives_its_number_back(office: Office) -> None:
    """A sign-off that was undone and taken again bears the same number, and the next record the next one."""
    office.at("sign")
    office.done("undo", ID, by="sun-jie")
    office.done("approve", ID, by="sun-jie")
    assert [s["number"] for s in office.steps(ID) if "number" in s] == ["校公开〔2026〕1号"] * 2
    other = office.done("add", "finance-monthly", "--period", "2026-11", "--zero").last
    office.through(other, upto="sign")
    assert office.steps(other)[-1]["number"] == "校公开〔2026〕2号"
    assert office("check").out.endswith("0 errors, 0 warnings.\n")


def test_remark_changes_no_status(office: Office) -> None:
    """Anybody in the register may add a remark at any time; it is found and shown."""
    office.posted()
    office.done("remark", "2026-10", "审计已核对", by="wang-lan")
    assert office.status(ID) == "posted"
    assert "审计已核对" in office.done("show", ID).out
    assert ID in office.done("find", "审计").out


def test_a_record_given_up_keeps_its_number(office: Office) -> None:
    """A discarded record is void, its number stays in the register, and a new draft is its second edition."""
    office.at("draft")
    assert "--reason" in office.refused("discard", ID)
    office.through(ID, upto="sign")
    office.done("discard", ID, "--reason", "重复填报")
    assert office.status(ID) == "void"
    again = office.october()
    assert again == f"{ID}.v2"
    office.through(again, upto="sign")
    assert office.steps(again)[-1]["number"] == "校公开〔2026〕2号"
    assert office("check").out.endswith("0 errors, 0 warnings.\n")
    assert "exists already; it is “已签发”" in office.refused(
        "add", "finance-monthly", "--period", "2026-10", "--from", office.write("x.yaml", OCTOBER)
    )


# Stopping and ending


def test_suspend_and_resume(office: Office) -> None:
    """Anyone of the chain stops it at once with a reason; only the principal lifts it; the page is a note meanwhile."""
    office.posted()
    assert "--reason" in office.refused("suspend", ID)
    office.done("suspend", ID, "--reason", "数据待核")
    office.done("build")
    page = office.root / f"site/public/records/{ID}.html"
    assert "暂停公开" in page.read_text(encoding="utf-8")
    assert "数据待核" in office.done("log", ID).out
    for file in (office.root / "site/public").rglob("*.*"):
        data = file.read_bytes()
        assert b"233112.35" not in data
        assert b"233,112.35" not in data
        assert "数据待核".encode() not in data
    office.refused("resume", ID)
    office.done("resume", ID, by="sun-jie")
    assert office.status(ID) == "posted"
    office.done("build")
    assert "233,112.35" in page.read_text(encoding="utf-8")


def test_withdrawing_goes_through_suspension(office: Office) -> None:
    """A record is withdrawn only from its suspension, by the principal and with a reason; taken down from the wall after."""
    office.posted()
    office.refused("withdraw", ID, "--reason", "不应公开", by="sun-jie")
    office.done("suspend", ID, "--reason", "不应公开")
    office.refused("withdraw", ID, "--reason", "不应公开")
    office.refused("withdraw", ID, by="sun-jie")
    office.done("withdraw", ID, "--reason", "不应公开", by="sun-jie")
    assert office.status(ID) == "withdrawn"
    office.done("takedown", ID, "--place", "校门外", by="chen-xi")
    assert office.status(ID) == "withdrawn"


def test_it_ends_when_it_is_down_everywhere(office: Office) -> None:
    """One board taken down ends nothing; the last place does. It stays readable, and a late proof hangs nothing up."""
    office.posted()
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-12-01T09:00:00+08:00")
    assert "办公楼内公开栏" in office.refused("do", ID, "end", by="chen-xi")
    assert "--place 校门外公开栏" in office.refused("takedown", ID, by="chen-xi")
    for place in ("校门外", "办公楼"):
        office.done("takedown", ID, "--place", place, by="chen-xi")
        assert office.status(ID) == "posted"
    assert {r["kind"] for r in office("due", "--json").json if r["record"] == ID} == {"prove"}
    office.done("takedown", ID, "--channel", "website", by="chen-xi")
    assert office.status(ID) == "ended"
    assert office.git("log", "-1", "--format=%s").strip() == "撤下、结束公示：2026年10月财务收支月报"
    board = ("--channel", "board", "--place", "校门外", "--on", "2026-11-04", "--photo", picture(office))
    office.done("prove", ID, *board, by="chen-xi")
    assert office.status(ID) == "ended"
    assert "学校网站" in office.done("show", ID).out
    assert office("check").code == 0


# Editions


def test_a_correction_is_a_new_edition(office: Office) -> None:
    """The corrected figures take the whole chain in a file of their own; the old page stays until the new one is posted."""
    office.posted()
    first = office.path(ID).read_bytes()
    assert "needs a reason" in office.refused("correct", ID)
    sheet = office.write("支出.csv", "科目,本月,本年累计\n办公费,1200.00,30000.00\n水费,2899.99,20900.00\n")
    made = office.done(
        "correct", ID, "--reason", "水费金额有误", "--from", f"expense={sheet}", "--set", "balance_end=233212.35",
        now="2026-11-09T09:00:00+08:00",
    )  # fmt: skip
    second = f"{ID}.v2"
    assert made.last == second
    assert "reason: 水费金额有误" in office.text(second)
    assert office.status(ID) == "posted"
    assert "has a newer edition already" in office.refused("correct", ID, "--reason", "x")
    office.through(second, upto="sign")
    office.done("build")
    assert "233,112.35" in (office.root / f"site/public/records/{ID}.html").read_text(encoding="utf-8")
    office.done("post", second, by="chen-xi")
    office.done("build")
    page = (office.root / f"site/public/records/{ID}.html").read_text(encoding="utf-8")
    assert "233,212.35" in page
    assert "水费金额有误" in page
    assert "233,112.35" in (office.root / f"site/public/records/{ID}.v1.html").read_text(encoding="utf-8")
    statuses = {row["id"]: row["status"] for row in office.done("list", "--json").json}
    assert statuses == {ID: "superseded", second: "posted"}
    assert office.path(ID).read_bytes() == first
    assert office("check").code == 0


def test_a_correction_takes_the_attachments_along(office: Office) -> None:
    """What was attached to the first edition belongs to the second, too, until the clerk takes it out."""
    office.at("draft")
    office.done("attach", ID, picture(office, "明细.jpg"), "--title", "支出明细")
    office.through(ID, upto="sign")
    office.done("inspect", ID, by="qian-li")
    office.through(ID, since="post")
    office.done("correct", ID, "--reason", "补充说明", "--set", "notes=补充")
    folder = office.root / "records/attachments"
    assert (folder / f"{ID}.v2/明细.jpg").read_bytes() == (folder / f"{ID}/明细.jpg").read_bytes()
    assert office("check").code == 0
    office.surroundings.setenv("EDITOR", "sed -i '/^attachments:/,/sha256/d'")
    office.done("edit", f"{ID}.v2")
    assert not (folder / f"{ID}.v2").exists()
    assert office("check").code == 0
    assert office.git("status", "--porcelain") == ""


def test_a_correction_given_up_leaves_room_for_another(office: Office) -> None:
    """After a discarded second edition the next correction is the third, and `2026-10` still means the posted one."""
    office.posted()
    office.done("correct", ID, "--reason", "甲")
    office.done("discard", f"{ID}.v2", "--reason", "不必更正")
    office.done("remark", "2026-10", "已核实")
    assert office.steps(ID)[-1]["remark"] == "已核实"
    assert office.done("correct", ID, "--reason", "乙").last == f"{ID}.v3"
    assert office("check").code == 0


def test_only_what_was_posted_is_corrected(office: Office) -> None:
    """A draft is edited and what is under way is returned; neither gets a new edition."""
    office.at("draft")
    assert "`schoolpub edit" in office.refused("correct", ID, "--reason", "x")
    office.through(ID, upto="review")
    assert "schoolpub return" in office.refused("correct", ID, "--reason", "x")
    assert "can no longer change" in office.refused("edit", ID, "--set", "notes=x")
    assert "can no longer change" in office.refused("attach", ID, picture(office))


# Numbers


def test_numbers_follow_each_other(office: Office) -> None:
    """Two records signed in one act get two numbers; the year begins anew; a renumbered record shows its old number, too."""
    made = [office.done("add", "finance-monthly", "--period", p, "--zero").last for p in ("2026-09", "2026-10")]
    for record_id in made:
        office.through(record_id, upto="verify")
    office.done("approve", *made, by="sun-jie")
    assert [office.steps(r)[-1]["number"] for r in made] == ["校公开〔2026〕1号", "校公开〔2026〕2号"]
    assert "--reason" in office.refused("renumber", made[0], by="chen-xi")
    office.done("renumber", made[0], "--reason", "与另一份公告重号", by="chen-xi")
    assert office.done("show", made[0], "--json").json["number"] == "校公开〔2026〕3号"
    assert "校公开〔2026〕1号" in office.text(made[0])
    third = office.done("add", "finance-monthly", "--period", "2026-12", "--zero", now="2027-01-04T09:00:00+08:00").last
    office.through(third, upto="sign")
    assert office.steps(third)[-1]["number"] == "校公开〔2027〕1号"
    assert office.done("show", "2027-1").out.splitlines()[0] == "2026年12月财务收支月报"


def test_a_number_and_a_month_are_told_apart(office: Office) -> None:
    """`2026-10` may be a month or number 10 of 2026: where both exist, the command asks instead of guessing."""
    office.posted()
    other = office.done("add", "finance-monthly", "--period", "2026-09", "--zero").last
    office.through(other, upto="submit")
    office.path(ID).write_text(office.text(ID).replace("〔2026〕1号", "〔2026〕10号"), encoding="utf-8")
    office.done("show", "2026-10")
    office.path(ID).write_text(office.text(ID).replace("〔2026〕10号", "〔2026〕1号"), encoding="utf-8")
    office.path(other).write_text(
        office.text(other) + "- {step: sign, by: sun-jie, role: 校长, at: 2026-11-03T09:12:00+08:00, "
        "number: 校公开〔2026〕10号}\n", encoding="utf-8",
    )  # fmt: skip
    said = office.refused("remark", "2026-10", "x")
    assert "means several records" in said
    assert ID in said
    assert other in said


def test_no_number_is_given_while_one_is_hidden(office: Office) -> None:
    """A record that cannot be read may bear the last number: it is mended before another is given."""
    office.posted()
    other = office.done("add", "finance-monthly", "--period", "2026-09", "--zero").last
    office.through(other, upto="verify")
    path = office.path(ID)
    path.write_text(office.text(ID).replace("fields:", "fields: &anchor"), encoding="utf-8")
    said = office.refused("approve", other, by="sun-jie", code=1)
    assert f"records/disclosures/2026/{ID}.yaml:10:" in said
    assert "cannot be read" in office.refused("show", ID, code=1)


# Any step


def test_do_takes_any_step(office: Office) -> None:
    """`do` takes a step by its name; it can say more, but not what the tool itself writes."""
    office.at("screen")
    office.done("do", ID, "decide", "--set", "meeting=校务会", "--set", "vote-result=全票", by="shen-jing")
    assert office.steps(ID)[-1]["vote-result"] == "全票"
    for key in ("number", "after", "due", "by", "role", "via", "at", "content", "clock", "undoes", "step", "signature"):
        assert "the tool itself" in office.refused("do", ID, "verify", "--set", f"{key}=x", by="jin-ye", code=2)
    for key in ("evidence", "paper"):
        assert "must be a file" in office.refused("do", ID, "verify", "--set", f"{key}=x", by="jin-ye", code=2)
    for wrong in ("Meeting=x", "a b=x", "姓名=x", "=x", "meeting"):
        office.refused("do", ID, "verify", "--set", wrong, by="jin-ye", code=2)
    for harmless in ("session", "name", "root", "person", "says"):
        office.done("do", ID, "remark", "--set", f"{harmless}=x", by="jin-ye")
    office.refused("approve", ID, "--set", "number=校公开〔2026〕999号", by="jin-ye", code=2)


def test_the_same_record_named_twice_is_taken_once(office: Office) -> None:
    """An id and a part of it in one command mean one record and one step."""
    office.at("draft")
    office.done("submit", ID, "2026-10")
    assert [s["step"] for s in office.steps(ID)] == ["draft", "submit"]


def test_several_records_pass_together_or_not_at_all(office: Office) -> None:
    """Where one of several records may not take the step, none does."""
    first = office.october()
    second = office.done("add", "finance-monthly", "--period", "2026-11", "--zero").last
    office.through(first, upto="submit")
    office.refused("approve", first, second, by="qian-li")
    office.through(second, upto="submit")
    answer = office.done("approve", first, second, "--json", by="qian-li").json
    assert [(row["id"], row["status"]) for row in answer] == [(first, "reviewed"), (second, "reviewed")]
    assert answer[0]["commit"] == answer[1]["commit"] == office.git("rev-parse", "HEAD").strip()


# What was written by hand


@pytest.mark.parametrize("taken", ["sign", "review"])
def test_a_step_written_by_hand_is_no_act(office: Office, taken: str) -> None:
    """A line that somebody typed below `steps:` does not get into the history with the next command."""
    office.at("submit")
    path = office.path(ID)
    before = path.read_bytes()
    content = office.steps(ID)[-1]["content"]
    line = f"- {{step: {taken}, by: sun-jie, role: 校长, at: 2026-11-03T09:12:00+08:00, content: {content}}}\n"
    path.write_bytes(before + line.encode())
    assert "somebody added steps by hand" in office.refused("remark", ID, "x")
    path.write_bytes(before.replace(b"by: zhao-min", b"by: li-hua"))
    assert "somebody changed the steps by hand" in office.refused("remark", ID, "x")
    path.write_bytes(before)
    office.done("remark", ID, "x")


def test_a_record_made_by_hand_begins_as_a_draft(office: Office) -> None:
    """A file that no command made may be a draft; one that says it was approved is refused."""
    office.at("draft")
    text = office.text(ID).replace("2026-10", "2026-08").replace("10月", "8月")
    path = office.path(ID).with_name("finance-monthly-2026-08.yaml")
    submitted = text + "- {step: submit, by: zhao-min, role: 填报人, at: 2026-11-03T09:12:00+08:00}\n"
    path.write_text(submitted, encoding="utf-8")
    assert "no act made this file" in office.refused("approve", "2026-08", by="qian-li")
    path.write_text(text, encoding="utf-8")
    office.done("submit", "2026-08")
    assert office.git("status", "--porcelain") == ""


def test_crlf_and_bom_of_a_draft_are_mended(office: Office) -> None:
    """A draft saved by an editor of another system is warned of, and the next act writes it as it should be."""
    office.at("draft")
    path = office.path(ID)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    checked = office("check")
    assert checked.code == 0
    assert checked.out.count(" warning ") == 2
    office.done("submit", ID)
    data = path.read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef")
    assert office.done("check").out.endswith("0 errors, 0 warnings.\n")
    path.write_bytes(data.replace(b"\n", b"\r\n"))
    assert "was changed after it was submitted" in office.refused("approve", ID, by="qian-li")


def test_what_the_user_has_under_way_stays(office: Office) -> None:
    """Staged and changed files beside the record are neither committed nor touched by an act."""
    office.at("draft")
    (office.root / "staged.txt").write_text("a")
    office.git("add", "staged.txt")
    school = office.root / "records/school.yaml"
    school.write_text(school.read_text(encoding="utf-8") + "# Notiz\n", encoding="utf-8")
    (office.root / "loose.txt").write_text("b")
    before = office.git("status", "--porcelain")
    office.done("submit", ID)
    assert office.git("status", "--porcelain") == before
    assert "staged.txt" not in office.git("show", "--stat", "HEAD")
    assert os.linesep not in office.git("log", "-1", "--format=%s").strip()
