"""The main job: an account is drafted, sent through its chain, posted, proven, shown and printed."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from tests.cli.office import CHAIN, OCTOBER, STEPS, Office

ID = "finance-monthly-2026-10"


def photo(office: Office, name: str = "board.jpg", colour: str = "red") -> str:
    """Return the path of a photo."""
    path = office.root.parent / name
    Image.new("RGB", (64, 48), colour).save(path, "JPEG")
    return str(path)


def test_the_main_job(office: Office) -> None:
    """From a file to the page, the sheet and the proof: every file as the format says, every act one commit."""
    added = office.done("add", "finance-monthly", "--period", "2026-10", "--from", office.write("十月.yaml", OCTOBER))
    assert added.out == (
        "Drafted “2026年10月财务收支月报” in records/disclosures/2026/finance-monthly-2026-10.yaml.\n"
        "  → 报送（赵敏）：schoolpub submit finance-monthly-2026-10\n"
        "finance-monthly-2026-10\n"
    )
    body = (
        "schoolpub: 1\nid: finance-monthly-2026-10\nitem: finance-monthly\ncatalogue: 2026-01-01\nedition: 1\n"
        "title: 2026年10月财务收支月报\nperiod: 2026-10\ndepartment: 总务处\naudience: both\nfields:\n"
        + "".join(f"  {line}\n" for line in OCTOBER.splitlines())
    )
    draft = "- {step: draft, by: zhao-min, role: 填报人, at: 2026-11-03T09:12:00+08:00, clock: set}\n"
    assert office.text(ID) == body + "steps:\n" + draft

    heads = [office.git("rev-parse", "HEAD").strip()]
    for command, person, said in CHAIN:
        office.done(command, ID, *said, by=person, now="2026-11-04T10:00:00+08:00")
        heads.append(office.git("rev-parse", "HEAD").strip())

    content = "sha256:" + __import__("hashlib").sha256(body.encode()).hexdigest()
    at = "at: 2026-11-04T10:00:00+08:00"
    assert office.text(ID) == body + "steps:\n" + draft + "".join(
        f"- {{{line}, clock: set}}\n"
        for line in (
            f"step: submit, by: zhao-min, role: 填报人, {at}, content: '{content}'".replace("'", ""),
            f"step: review, by: qian-li, role: 部门负责人, via: zhao-min, {at}, content: {content}",
            f"step: screen, by: hua-rong, role: 财务小组, via: zhao-min, {at}, content: {content}",
            f"step: decide, by: shen-jing, role: 领导小组, via: zhao-min, {at}, content: {content}, "
            "meeting: 2026年11月3日校务会议",
            f"step: verify, by: jin-ye, role: 监督小组, via: zhao-min, {at}, content: {content}",
            f"step: sign, by: sun-jie, role: 校长, via: zhao-min, {at}, content: {content}, "
            f"number: 校公开〔2026〕1号, after: {heads[5]}",
            f"step: post, by: chen-xi, role: 公开办, via: zhao-min, {at}, content: {content}, due: 2026-11-05",
        )
    )
    assert len(set(heads)) == len(heads)
    assert office.git("status", "--porcelain") == ""
    assert office.git("log", "-1", "--format=%an <%ae> %cn %aI%n%B") == (
        "陈夕 <chen-xi@school.invalid> 赵敏 2026-11-04T10:00:00+08:00\n公布：2026年10月财务收支月报\n\n"
        "陈夕（公开办），应公开 2026-11-05，赵敏 代录\n\n"
        f"Record: {ID}\nStep: post\nBy: chen-xi\nRole: 公开办\nVia: zhao-min\n\n"
    )

    office.done("prove", ID, "--channel", "公开栏", "--place", "校门外", "--on", "2026-11-05", "--photo", photo(office),
                by="chen-xi", now="2026-11-05T16:00:00+08:00")  # fmt: skip
    proof = office.steps(ID)[-1]
    assert (proof["channel"], proof["place"], proof["on"]) == ("board", "校门外公开栏", "2026-11-05")
    kept = office.root / "records/attachments" / ID / proof["evidence"]["file"]
    assert re.fullmatch(r"board-[0-9a-f]{6}\.jpg", kept.name)
    assert proof["evidence"]["sha256"] == __import__("hashlib").sha256(kept.read_bytes()).hexdigest()

    office.done("build")
    page = (office.root / "site/public/records" / f"{ID}.html").read_text(encoding="utf-8")
    assert "校公开〔2026〕1号" in page
    assert "233,112.35" in page
    assert office.done("print", ID).out == f"{office.root}/print/{ID}.pdf\n"
    assert (office.root / "print" / f"{ID}.pdf").read_bytes().startswith(b"%PDF-")
    assert office.done("check").out.endswith("1 records: 0 errors, 0 warnings.\n")
    assert office.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("on", "late"), [("2026-11-05", 0), ("2026-11-06", 1), ("2026-11-09", 2), ("2026-11-10", 3)]
)
def test_lateness_is_counted_and_does_not_block(office: Office, on: str, late: int) -> None:
    """A report posted after the fifth is posted all the same; its working days of delay are counted and shown."""
    office.at("sign")
    office.done("post", ID, by="chen-xi", now=f"{on}T15:00:00+08:00")
    row = office.done("list", "--json", now="2026-12-24T09:00:00+08:00").json[0]
    assert (row["status"], row["due"], row["late_workdays"]) == ("posted", "2026-11-05", late)


def test_returned_and_submitted_again(office: Office) -> None:
    """A return reopens the text; the approvals before it count no more, and the chain begins anew."""
    office.at("screen")
    assert f"schoolpub return {ID} --reason" in office.refused("return", ID, by="shen-jing")
    office.done("return", ID, "--reason", "水费漏填", by="shen-jing")
    assert office.status(ID) == "returned"
    office.done("edit", ID, "--set", "notes=水费按表计收")
    office.through(ID, upto="submit")
    assert "submitted" in office.status(ID)
    office.refused("approve", ID, by="shen-jing")
    office.through(ID, since="review")
    steps = [step["step"] for step in office.steps(ID)]
    assert steps == ["draft", "submit", "review", "screen", "return", "edit", *STEPS]
    assert office.status(ID) == "posted"
    assert len({step["content"] for step in office.steps(ID) if "content" in step}) == 2


def test_a_wrong_step_changes_nothing(office: Office) -> None:
    """A step out of order, by the wrong person, after an appointment ended or on one's own draft is refused."""
    office.at("draft")
    assert "is “草稿”: there is nothing to approve now" in office.refused("approve", ID, by="qian-li")
    assert "cannot be taken now" in office.refused("post", ID, by="chen-xi")
    office.through(ID, upto="submit")
    said = office.refused("approve", ID, by="hua-rong")
    assert "it takes 部门负责人（总务处）" in said
    assert "钱立（qian-li）" in said
    assert "it takes 部门负责人" in office.refused("approve", ID, by="wang-lan")  # a head, of other departments
    office.through(ID, upto="review", since="review")
    assert "潘月（pan-yue）" in office.refused("approve", ID, by="tao-xin")  # left the finance group in August
    assert "has no step “frobnicate”" in office.refused("do", ID, "frobnicate", by="qian-li")
    office.refused("approve", ID, by="nobody")


def appoint(office: Office, line: str) -> None:
    """Write another appointment into the register."""
    people = office.root / "records/people.yaml"
    people.write_text(people.read_text("utf-8").replace("keys: []", f"- {{{line}}}\nkeys: []"), "utf-8")


def test_nobody_approves_their_own_draft(office: Office) -> None:
    """Who drafted a record cannot review it, whatever posts they hold; the others are named."""
    office.at("submit")
    appoint(office, "person: zhao-min, role: 部门负责人, department: 总务处, from: 2025-01-01")
    said = office.refused("approve", ID)
    assert "“起草”" in said
    assert "these persons can: 钱立（qian-li）" in said
    office.done("approve", ID, by="qian-li")


def test_who_decided_does_not_verify(office: Office) -> None:
    """The person who took the decision may not verify it, even with a seat in the other group."""
    office.at("decide")
    appoint(office, "person: shen-jing, role: 成员, body: 监督小组, from: 2025-01-01")
    assert "“研究决定”" in office.refused("approve", ID, by="shen-jing")
    assert "groups" in office("check").out or office("check").code == 1


def test_a_changed_text_goes_no_further(office: Office) -> None:
    """Whoever changes a figure after the submission stops the chain; restored, it goes on."""
    office.at("review")
    path = office.path(ID)
    before = path.read_bytes()
    path.write_bytes(before.replace(b"12.34", b"12.35", 1))
    said = office.refused("approve", ID, by="hua-rong")
    assert "was changed after it was submitted" in said
    assert "content-changed" in office("check").out
    assert office("check").code == 1
    path.write_bytes(before)
    office.through(ID, since="screen")
    path.write_bytes(path.read_bytes().replace(b"12.34", b"12.35", 1))
    office.refused("remark", ID, "已核对")
    office.refused("prove", ID, "--channel", "board", "--on", "2026-11-03", "--photo", photo(office), by="chen-xi")
    office.done("suspend", ID, "--reason", "文件被改动", by="chen-xi")  # stopping is always easy


def test_what_a_step_must_say(office: Office) -> None:
    """A decision without its meeting, a proof without its photo, day or channel are refused with the option to add."""
    office.at("screen")
    said = office.refused("approve", ID, by="shen-jing")
    assert "研究决定" in said
    assert "--meeting" in said
    office.through(ID, since="decide")
    board = ("--channel", "board")
    assert "--photo FILE" in office.refused("prove", ID, *board, "--on", "2026-11-03", by="chen-xi")
    assert "--on DATE" in office.refused("prove", ID, *board, "--photo", photo(office), by="chen-xi")
    assert "--channel …" in office.refused("prove", ID, "--on", "2026-11-03", "--photo", photo(office), by="chen-xi")
    known = office.refused("prove", ID, "--channel", "广播塔", "--on", "2026-11-03", "--photo", photo(office), by="chen-xi")
    assert "board（公开栏）" in known
    assert "lies in the future" in office.refused(
        "prove", ID, *board, "--on", "2026-11-04", "--photo", photo(office), by="chen-xi"
    )
    assert "before the step “签发”" in office.refused(
        "prove", ID, *board, "--on", "2026-11-02", "--photo", photo(office), by="chen-xi"
    )


def test_the_rules_are_judged_at_submission(office: Office) -> None:
    """A draft may be incomplete in what looks at other records; submission is refused with the problem's place."""
    text = OCTOBER.replace("2999.99", "3000.00").replace("233112.35", "233112.34")
    record_id = office.october(text)
    said = office.refused("submit", record_id, code=1)
    assert re.match(r"records/disclosures/2026/finance-monthly-2026-10\.yaml:17:\d+ rule-record ", said), said
    assert "large-spend" in said or "大额资金使用" in said


def test_the_next_step_can_be_copied(office: Office) -> None:
    """What is told to do next works when it is copied, with what must be said filled in."""
    record_id = office.october()
    following = office.done("add", "finance-monthly", "--period", "2026-11", "--zero", "--json").json["next"]
    assert following == ["报送（赵敏）：schoolpub submit finance-monthly-2026-11"]
    assert "零报告" in office.done("show", "finance-monthly-2026-11").out
    office.through(record_id, upto="screen")
    assert office.done("show", record_id).out.splitlines()[-1] == (
        f"→ 研究决定（孙洁、吴桐、沈静）：schoolpub approve {record_id} --meeting … --as sun-jie"
    )
    office.through(record_id, since="decide")
    assert office.done("show", record_id).out.splitlines()[-1] == (
        f"→ 取证（陈夕、褚微）：schoolpub prove {record_id} --channel board --place 校门外公开栏 --on DATE --photo FILE --as chen-xi"
    )
