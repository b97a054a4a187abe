"""The one gate: what the public and the school itself may see."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schoolpub.rules.chain import flow
from schoolpub.views import gate
from schoolpub.views.gate_record import is_whole
from tests.views.making import add, finance, policy, read

TODAY = date(2026, 11, 18)
RESULT = {
    "item": "procurement-result",
    "title": "学生课桌椅采购结果公示",
    "date": "2026-11-16",
    "department": "总务处",
    "audience": "both",
    "fields": {
        "project_no": "SL-2026-011",
        "name": "学生课桌椅",
        "quotes": [{"supplier": "示例甲家具有限公司", "price": "186000.00"}],
        "winner": "示例甲家具有限公司",
        "amount": "186000.00",
        "notice_from": "2026-11-17",
        "notice_to": "2026-11-24",
    },
}
HONOURS = {
    "item": "honours-student",
    "title": "学生评优推荐公示",
    "date": "2026-11-03",
    "department": "德育处",
    "audience": "both",
    "summary": "推荐名单",
    "fields": {
        "stage": "推荐公示",
        "awards": [{"award": "三好学生", "winners": [{"name": "张*", "class": "七年级1班"}]}],
        "notice": {"from": "2026-11-04", "to": "2026-11-10"},
    },
}
CONGRESS = {
    "item": "congress",
    "title": "教代会决议",
    "date": "2026-10-30",
    "department": "工会",
    "audience": "internal",
    "fields": {"session": "第三次"},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return policy(tmp_path)


def public(root: Path, today: date = TODAY):
    return gate.seen_by(read(root), gate.PUBLIC, today).records


def internal(root: Path, today: date = TODAY):
    return gate.seen_by(read(root), gate.INTERNAL, today).records


def test_only_posted_records_pass(root):
    """A record that is signed but not posted is seen by nobody."""
    add(root, "finance-monthly-2026-09", finance("2026-09"), day=date(2026, 10, 4))
    add(root, "finance-monthly-2026-10", finance("2026-10"), day=date(2026, 11, 4), upto="sign")

    assert list(public(root)) == ["finance-monthly-2026-09"]
    assert list(internal(root)) == ["finance-monthly-2026-09"]


def test_internal_records_stay_inside(root):
    """A record for the inner board is seen by the school and not by the public, also where only the record says so."""
    add(root, "congress-20261030-aaaa", CONGRESS, day=date(2026, 11, 2), chain="disclosure-reviewed")
    add(root, "finance-monthly-2026-10", {**finance(), "audience": "internal"}, day=date(2026, 11, 4))

    assert list(internal(root)) == ["congress-20261030-aaaa", "finance-monthly-2026-10"]
    assert list(public(root)) == []


def test_status_is_the_same_on_both_sides(root):
    """The public's shorter steps replay to the same status as the whole ones."""
    back = ("return", "sun-jie", "校长", date(2026, 11, 4), {"reason": "附件不全"})
    add(root, "finance-monthly-2026-10", finance(), day=date(2026, 11, 4), proofs={"board": "2026-11-04"})
    add(root, "finance-monthly-2026-09", finance("2026-09"), day=date(2026, 10, 4), upto="verify", more=(back,))
    whole = read(root)
    seen = gate.seen_by(whole, gate.PUBLIC, TODAY)

    for record in seen.records.values():
        assert flow.status(seen, record) == flow.status(whole, whole.records[record.id])


def test_texts_of_steps_stay_inside(root):
    """Opinions, minutes, scans, photos and who typed are for the school alone."""
    add(
        root,
        "finance-monthly-2026-10",
        finance(),
        day=date(2026, 11, 4),
        proofs={"board": "2026-11-04"},
        says={"review": {"opinion": "已核对原始凭证", "paper": {"file": "登记表.jpg", "sha256": "1" * 64}}},
    )

    seen = repr(public(root)["finance-monthly-2026-10"])

    assert "已核对" not in seen and "登记表" not in seen and "第5次会议" not in seen and "board.jpg" not in seen
    assert "校门外公开栏" in seen
    assert "已核对" in repr(internal(root)["finance-monthly-2026-10"])


def test_a_stopped_record_is_a_gravestone(root):
    """Suspended content leaves both sites at once, title and earlier editions included."""
    stop = ("suspend", "chu-wei", "公开办", date(2026, 11, 17), {"reason": "写了不该写的事"})
    add(root, "procurement-result-20261116-abcd", RESULT, day=date(2026, 11, 16), chain="disclosure-reviewed")
    add(
        root,
        "procurement-result-20261116-abcd.v2",
        RESULT,
        day=date(2026, 11, 17),
        chain="disclosure-reviewed",
        more=(stop,),
    )

    for records in (public(root), internal(root)):
        assert len(records) == 2
        for record in records.values():
            assert (record.title, record.fields, record.body, record.attachments) == ("采购结果公示", {}, {}, ())
            assert "甲家具" not in repr(record)
        assert "不该写" not in repr(public(root)) and "不该写" in repr(internal(root))


def test_a_correction_that_is_internal_hides_what_it_corrects(root):
    """When the new edition is for the inner board only, the public no longer sees the old one's content."""
    add(root, "finance-monthly-2026-10", finance(), day=date(2026, 11, 4))
    add(root, "finance-monthly-2026-10.v2", {**finance(), "audience": "internal"}, day=date(2026, 11, 5))

    assert public(root)["finance-monthly-2026-10"].fields == {}
    assert internal(root)["finance-monthly-2026-10"].fields != {}


@pytest.mark.parametrize(("today", "shown"), [(date(2026, 11, 10), True), (date(2026, 11, 11), False)])
def test_lists_leave_after_their_notice_period(root, today, shown):
    """On the day after the notice period the list of pupils is gone from both sites, with the summary."""
    add(root, "honours-student-20261103-abcd", HONOURS, day=date(2026, 11, 3), chain="disclosure-reviewed")

    for records in (public(root, today), internal(root, today)):
        record = records["honours-student-20261103-abcd"]
        assert ("张*" in repr(record)) is shown
        assert is_whole(record) is shown
        assert record.fields["stage"] == "推荐公示"


def test_a_list_without_an_end_is_not_shown(root):
    """Where the end of a notice period cannot be told, the list is treated as over."""
    endless = {**HONOURS, "fields": {**HONOURS["fields"], "notice": {"from": "2026-11-04"}}}
    add(root, "honours-student-20261103-abcd", endless, day=date(2026, 11, 3), chain="disclosure-reviewed")

    assert "张*" not in repr(public(root)["honours-student-20261103-abcd"])


def test_references_to_what_is_hidden_are_dropped(root):
    """A reference to an internal record is not even an id in public; one to a public record stays."""
    spend = {
        "item": "large-spend",
        "title": "大额资金使用",
        "date": "2026-10-20",
        "department": "总务处",
        "fields": {"amount": "8800.00", "payee": "示例公司"},
    }
    rows = [
        {"ref": "large-spend-20261020-open", "amount": "8800.00"},
        {"ref": "large-spend-20261020-dark", "amount": "8800.00"},
    ]
    add(root, "large-spend-20261020-open", {**spend, "audience": "both"}, day=date(2026, 10, 21))
    add(root, "large-spend-20261020-dark", {**spend, "audience": "internal"}, day=date(2026, 10, 21))
    add(root, "finance-monthly-2026-10", finance(large=rows), day=date(2026, 11, 4))

    record = public(root)["finance-monthly-2026-10"]

    assert record.fields["large"] == [
        {"ref": "large-spend-20261020-open", "amount": "8800.00"},
        {"amount": "8800.00"},
    ]
    assert not is_whole(record)
    assert is_whole(internal(root)["finance-monthly-2026-10"])


@pytest.mark.parametrize("form", ["row", "list", "mapping"])
def test_references_are_dropped_in_every_form_of_a_table(root, form):
    """One row alone, a list of rows, rows with totals around them: none lets a hidden id through."""
    row = {"ref": "large-spend-20261020-dark", "amount": "8800.00"}
    large = {"row": row, "list": [row], "mapping": {"rows": [row], "totals": {"amount": "8800.00"}}}[form]
    add(root, "finance-monthly-2026-10", finance(large=large), day=date(2026, 11, 4))

    assert "dark" not in repr(public(root)["finance-monthly-2026-10"])


def test_people_are_those_who_answer(root):
    """The public sees bodies, those who approve and those who acted; nobody's mailbox and no key."""
    add(root, "finance-monthly-2026-10", finance(), day=date(2026, 11, 4))
    seen = gate.seen_by(read(root), gate.PUBLIC, TODAY)

    assert all(not person.emails for person in seen.people.persons.values())
    assert seen.people.keys == ()
    assert "zhao-min" in seen.people.persons
    assert not [a for a in seen.people.appointments if a.role == "填报人"]
    assert {a.body for a in seen.people.appointments if a.body} >= {"领导小组", "监督小组"}


def test_inner_boards_and_columns_stay_inside(root):
    """The public's snapshot knows no inner board and no column of it."""
    seen = gate.seen_by(read(root), gate.PUBLIC, TODAY)

    assert [b.name for b in seen.school.boards] == ["校门外公开栏"]
    assert {c.audience for c in seen.catalogues[date(2026, 1, 1)].columns} == {"external"}


def test_unknown_audience_is_refused(root):
    """A misspelt audience sees nothing."""
    with pytest.raises(ValueError, match="publik"):
        gate.seen_by(read(root), "publik", TODAY)
