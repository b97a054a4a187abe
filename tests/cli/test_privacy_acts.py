"""Personal data at the office machine: masked in drafts, found where git would keep it, looked at, stopped."""

from __future__ import annotations

import io
import time

from PIL import Image

from tests.cli.office import Office

ID = "finance-monthly-2026-10"
MOBILE = "13800000001"


def photo() -> bytes:
    """Return a small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def test_a_photo_is_posted_only_after_a_second_person_looked_at_it(office: Office) -> None:
    """The program cannot read it: `check` and `post` say so until somebody other than the drafter takes `inspect`."""
    office.at("draft")
    office.done("attach", ID, office.write("明细.png", photo()))
    assert "attachment-unseen" in office.done("check", ID).out
    office.through(ID, upto="sign")

    said = office.refused("post", ID, by="chen-xi")
    assert "明细.png" in said and f"schoolpub inspect {ID}" in said
    assert "zhao-min" not in office.refused("inspect", ID, by="zhao-min").partition("→")[2]
    assert ID in office.done("privacy").out

    assert office.done("inspect", ID, by="qian-li").out == "明细.png: looked at.\n"
    assert office.steps(ID)[-1]["file"] == "明细.png"
    office.refused("inspect", ID, by="qian-li")
    office.done("post", ID, by="chen-xi")
    assert office.done("privacy", "--json").json == {"unseen": [], "incidents": []}


def test_a_draft_is_masked(office: Office) -> None:
    """`check --mask` shows each place, writes the masked text as an edit, and changes nothing else."""
    office.at("draft")
    text = office.text(ID)
    assert "\nsteps:" in text
    path = office.path(ID)
    path.write_text(text.replace("\nfields:", f"\nsummary: 详询张老师{MOBILE}\nfields:", 1), encoding="utf-8")
    assert "personal-phone" in office("check", ID).out

    said = office.done("check", ID, "--mask").out

    assert said.startswith(f"  summary：详询张老师138****0001\n{ID}: 1 places were masked.\n")
    assert office.text(ID).replace("summary: 详询张老师138****0001\n", "") == text + office.text(ID)[-len(
        office.text(ID).splitlines(keepends=True)[-1]
    ) :]
    assert office.steps(ID)[-1]["step"] == "edit"
    assert MOBILE.encode() not in office.objects()
    assert "0 places" in office.done("check", ID, "--mask").out
    office.through(ID, upto="submit")
    office.refused("check", ID, "--mask")


def test_what_is_staged_is_looked_at_as_it_is_staged(office: Office) -> None:
    """Comments, names and files that are no records count; that the folder was mended since does not help."""
    note = office.root / "名单.txt"
    note.write_text(f"张示例 {MOBILE}\n", encoding="utf-8")
    (office.root / "records/school.yaml").open("a", encoding="utf-8").write(f"# 家长 {MOBILE}\n")
    office.git("add", "名单.txt", "records/school.yaml")
    note.write_text("已改\n", encoding="utf-8")

    found = office("check", "--staged", "--json")

    assert found.code == 1
    assert {(p["code"], p["file"]) for p in found.json["problems"]} == {
        ("personal-phone", "名单.txt"),
        ("personal-phone", "records/school.yaml"),
    }


def test_an_incident_is_stopped_and_recorded(office: Office) -> None:
    """One command suspends what is on show, opens the incident's record, and tells what is left to do."""
    office.posted()
    office.refused("privacy", "incident", ID, by="chen-xi")

    said = office.done("privacy", "incident", ID, "--what", "学生身份证号", "--persons", "3", by="chen-xi")

    assert office.status(ID) == "suspended"
    assert "git filter-repo" in said.out and "schoolpub withdraw" in said.out
    incident = said.last
    assert office.status(incident) == "opened"
    assert f"record: {ID}" in office.text(incident) and "commits: 8" in office.text(incident)
    office.done("do", incident, "purge", "--set", "until=abc1234", "--set", "how=filter-repo", by="chen-xi")
    office.refused("do", incident, "close", "--set", "result=已清除", by="chen-xi")
    office.done("do", incident, "close", "--set", "result=已清除", by="sun-jie")
    office.done("check")


def test_a_file_of_200_mb_is_refused_at_once(office: Office) -> None:
    """Its size is enough; nothing of that size is read."""
    office.at("draft")
    large = office.root.parent / "录像.pdf"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    begun = time.perf_counter()

    said = office.refused("attach", ID, str(large))

    assert "200 MB" in said and time.perf_counter() - begun < 5


def test_a_finding_is_let_pass_from_its_adoption_to_its_last_day(office: Office) -> None:
    """What somebody only wrote into the folder lets nothing pass; history keeps what it was once given."""
    office.at("draft")
    duty = ("edit", ID, "--set", "notes=值班手机13800138000")
    assert "138****8000" in office.refused(*duty, code=1)
    waiver = f"{{record: {ID}, kind: phone, value: 138****8000, why: 书面同意, by: 信息保护员, until: 2026-11-20}}"
    with (office.root / "records/school.yaml").open("a", encoding="utf-8") as file:
        file.write(f"privacy-waivers:\n- {waiver}\n")

    assert "`schoolpub adopt`" in office.refused(*duty, code=1)

    office.done("adopt", "records/school.yaml", "--reason", "放行值班手机", "--yes")
    office.done(*duty)
    passed = office("check", ID)
    assert (passed.code, "was let pass by 信息保护员" in passed.out) == (0, True)
    later = "2026-11-21T09:00:00+08:00"
    assert "personal-phone" in office.refused("submit", ID, now=later, code=1)
