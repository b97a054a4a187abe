"""People and policy: every change is a record of two persons that names the files, and a handover moves all posts."""

from __future__ import annotations

from tests.cli.attacks import LATER, Attacker
from tests.cli.office import Office

AGREED = ("--agreed", "sun-jie", "--yes")


def test_posts_are_entered_and_ended_by_two_persons(office: Office) -> None:
    """A person, a post, a delegation, an end: shown in the list, each named by a record that verify accepts."""
    office.done("people", "add", "lu-yuan", "--name", "陆远", "--email", "lu-yuan@school.invalid", *AGREED)
    office.done("people", "appoint", "陆远", "填报人", "--department", "总务处", *AGREED)
    office.done("people", "delegate", "chen-xi", "chu-wei", "部门负责人", "--until", "2026-11-30", *AGREED)
    office.done("people", "end", "pan-yue", "财务小组", "--until", "2026-12-31", *AGREED)
    rows = office.done("people", "--json").json
    assert {"person": "lu-yuan", "name": "陆远", "role": "填报人", "department": "总务处", "body": "",
            "from": "2026-11-03", "until": ""} in rows  # fmt: skip
    assert [r["until"] for r in rows if r["person"] == "chu-wei"] == ["", "2026-11-30"]
    found = office.done("list", "--item", "policy", "--json").json
    assert [record["status"] for record in found] == ["adopted"] * 4
    assert office.done("verify", "--json").json["verdict"] == "consistent"


def test_a_slip_in_a_post_is_pointed_out(office: Office) -> None:
    """A post that no step asks for, and a department that the school has not, are entered and told with the nearest."""
    told = office.done("people", "appoint", "han-lu", "填报员", "--department", "总务科", "--agreed", "sun-jie", "--yes").err
    assert "填报人" in told and "总务处" in told
    told = office.done("people", "appoint", "han-lu", "填报人", "--department", "工会", "--agreed", "sun-jie", "--yes").err
    assert "填报人" not in told


def test_a_change_by_one_person_waits_for_a_second(office: Office) -> None:
    """It takes effect, verify says who is missing, and the second person's approval settles it; not the first one's."""
    office.done("people", "appoint", "han-lu", "填报人", "--department", "工会", "--yes")
    answer = office("verify", "--json")
    assert [finding["code"] for finding in answer.json["findings"]] == ["policy-unagreed"]
    record = answer.json["findings"][0]["record"]
    office.refused("approve", record, by="zhao-min")
    office.done("approve", record, by="wang-lan")
    assert office.done("verify", "--json").json["verdict"] == "consistent"


def test_nobody_agrees_to_their_own_rise(office: Office) -> None:
    """Who was appointed by a change has no say in it, at the act and afterwards: the posts of before it count."""
    office.done("people", "appoint", "li-hua", "校长", "--yes")
    record = office("verify", "--json").json["findings"][0]["record"]
    office.refused("approve", record, by="li-hua")
    line = "- {{step: agree, by: li-hua, role: 校长, at: {at}, content: \"{content}\"}}"
    a = Attacker(office)
    a.append(line.format(at=LATER, content=a.content(record)), record)
    a.commit(who="li-hua")
    codes = [finding["code"] for finding in office("verify", "--json", now=LATER).json["findings"]]
    assert "not-entitled" in codes


def test_leading_and_supervising_group_never_overlap(office: Office) -> None:
    """Somebody of the supervision group gets no seat in the leading group."""
    said = office.refused("people", "appoint", "jin-ye", "成员", "--body", "领导小组", *AGREED, code=1)
    assert "groups-overlap" in said


def test_a_register_that_was_edited_by_hand_is_adopted_first(office: Office) -> None:
    """What somebody wrote into the file is not taken along unseen."""
    people = office.root / "records/people.yaml"
    people.write_text(people.read_text("utf-8") + "# x\n", "utf-8")
    office.refused("people", "end", "pan-yue", "财务小组", *AGREED)


def test_a_handover_moves_posts_and_prints_the_list(office: Office) -> None:
    """All posts end the day before and begin with the new person; keys end; the list is a PDF; nothing is past."""
    office.surroundings.setenv("SCHOOLPUB_KEYS", str(office.root.parent / "keys"))
    office.done("key", "new", *AGREED, by="chen-xi")
    made = office.done("handover", "chen-xi", "chu-wei", "--date", "2026-12-01", *AGREED, "--json").json
    assert made["posts"] == ["公开办", "办公室部门负责人"]
    with open(made["files"][0], "rb") as file:
        assert file.read(5) == b"%PDF-"
    before, after = (office.done("people", "--json", "--as-of", f"2026-{day}").json for day in ("11-30", "12-01"))
    assert {"chen-xi", "chu-wei"} <= {row["person"] for row in before if row["role"] == "公开办"}
    assert [row["person"] for row in after if row["department"] == "办公室" and row["role"] == "部门负责人"] == ["chu-wei"]
    assert office.done("key", "--json").json[0]["until"] == "2026-11-30"
    assert office.done("verify", "--json").json["verdict"] == "consistent"
    office.refused("handover", "chu-wei", "chen-xi", "--date", "2026-11-01", *AGREED)
