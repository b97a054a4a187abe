"""Who may take a step: by post or body, department, day, and what they did before in the same round."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from schoolpub.model.catalogue import FlowStep
from schoolpub.model.people import Appointment
from schoolpub.rules.chain import authority
from schoolpub.rules.chain.flow import find_line, replay
from tests.rules.chains import BEIJING, DAY, flow, record, school, shipped, step

TODAY = date(2026, 11, 3)


def line(name: str, status: str) -> FlowStep:
    """Return the flow's line for a step from a status."""
    found = find_line(flow(), name, status)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("step_", "status", "department", "day", "persons"),
    [
        ("submit", "draft", "总务处", TODAY, ["zhao-min"]),
        ("submit", "draft", "工会", TODAY, ["zhao-min", "shi-yu"]),
        ("review", "submitted", "总务处", TODAY, ["qian-li"]),
        ("review", "submitted", "办公室", date(2026, 7, 31), ["feng-yun"]),
        ("review", "submitted", "办公室", date(2026, 8, 1), ["chen-xi"]),
        ("screen", "reviewed", "总务处", date(2026, 8, 31), ["yan-hui", "hua-rong", "tao-xin"]),
        ("screen", "reviewed", "总务处", date(2026, 9, 1), ["yan-hui", "hua-rong", "pan-yue"]),
        ("decide", "screened", "总务处", TODAY, ["sun-jie", "wu-tong", "shen-jing"]),
        ("sign", "verified", "总务处", date(2024, 12, 31), []),
        ("sign", "verified", "总务处", date(2025, 1, 1), ["sun-jie"]),
        ("review", "submitted", "没有的部门", TODAY, []),
    ],
)
def test_entitlement(step_: str, status: str, department: str, day: date, persons: list[str]) -> None:
    """Posts count for their department and between their dates, both included; seats in a body count for its step."""
    assert authority.entitled(shipped().people, line(step_, status), department, day) == persons


def test_a_step_for_everybody() -> None:
    """Where the flow names nobody, anyone with any appointment may act; a person with none may not."""
    remark = line("remark", "posted")
    assert authority.entitlement(shipped().people, "wang-lan", remark, "总务处", TODAY) is not None
    assert authority.entitlement(shipped().people, "wang-lan", remark, "总务处", date(2020, 1, 1)) is None
    assert authority.entitlement(shipped().people, "nobody", remark, "总务处", TODAY) is None


def test_the_role_that_is_written_down() -> None:
    """The step names the post or body that the flow asked for, not the seat in it."""
    decide = line("decide", "screened")
    appointment = authority.entitlement(shipped().people, "shen-jing", decide, "总务处", TODAY)
    assert appointment is not None
    assert appointment.role == "成员"
    assert authority.acted_as(appointment, decide) == "领导小组"


def test_conflicts() -> None:
    """Nobody approves what they drafted or decided; only the last actor undoes; a return wipes nothing of that."""
    played = replay(record("draft submit review screen decide"), flow())
    verify = line("verify", "decided")
    assert str(authority.conflict(played, "shen-jing", verify)) == (
        "whoever took the step “研究决定” cannot take this one too"
    )
    assert authority.conflict(played, "jin-ye", verify) is None
    undo = line("undo", "decided")
    assert authority.conflict(played, "shen-jing", undo) is None
    assert authority.conflict(played, "jin-ye", undo) is not None
    again = replay(record("draft submit return submit"), flow())
    assert authority.conflict(again, "zhao-min", line("review", "submitted")) is not None


def judged(*steps: str, appointments: tuple[Appointment, ...] = (), **changes: dict[str, object]) -> list[str]:
    """Return what `judge` says of a record with *steps*, some of them changed."""
    made = record([step(name, **changes.get(name, {})) for name in steps])
    snapshot = school(made, appointments=appointments)
    return [f"{p.where[1]} {p.message}" for p in authority.judge(made, flow(), snapshot)]


def test_a_whole_chain_is_found_sound() -> None:
    """Every step by its person on its day gives no problem."""
    assert judged("draft", "submit", "review", "screen", "decide", "verify", "sign", "post") == []


def test_steps_by_the_wrong_person() -> None:
    """An unknown person, one without the post, one whose appointment ended, and one's own draft are told at their steps."""
    assert judged("draft", "submit", "review", review={"by": "nobody"}) == [
        "2 step “部门审核”: people.yaml knows no “nobody”"
    ]
    assert (
        "held none of these posts on 2026-11-03: 部门负责人"
        in judged("draft", "submit", "review", review={"by": "wang-lan"})[0]
    )
    assert "陶新" in judged("draft", "submit", "review", "screen", screen={"by": "tao-xin"})[0]
    head = Appointment(person="zhao-min", role="部门负责人", department="总务处", since=date(2025, 1, 1))
    assert "“起草”" in judged("draft", "submit", "review", review={"by": "zhao-min"}, appointments=(head,))[0]


def test_the_paper_date_is_the_day_that_counts() -> None:
    """Signed on paper while still in office, recorded after: entitled; and the other way round not."""
    late = datetime(2026, 11, 3, 9, 0, tzinfo=BEIJING)
    steps = [
        step("draft", at=datetime(2026, 8, 3, 9, 0, tzinfo=BEIJING)),
        step("submit", at=datetime(2026, 8, 3, 9, 0, tzinfo=BEIJING)),
        step("review", at=datetime(2026, 8, 4, 9, 0, tzinfo=BEIJING)),
        step("screen", by="tao-xin", at=late, on=date(2026, 8, 31)),
    ]
    made = record(steps)
    assert list(authority.judge(made, flow(), school(made))) == []
    made = record([*steps[:3], replace(steps[3], on=date(2026, 9, 1))])
    assert len(list(authority.judge(made, flow(), school(made)))) == 1


def test_dated_before_its_predecessor() -> None:
    """A signature dated before the one it follows is told, and so is a sheet that hung before it was signed off."""
    assert judged("draft", "submit", "review", review={"on": date(2026, 11, 2)}) == [
        "2 step “部门审核”: it is dated 2026-11-02, before the step “报送” of 2026-11-03"
    ]
    whole = ("draft", "submit", "review", "screen", "decide", "verify", "sign", "post", "prove")
    assert "before the step “签发” of 2026-11-03" in judged(*whole, prove={"on": date(2026, 11, 1)})[0]
    assert judged(*whole, prove={"on": date(2026, 11, 3)}) == []


def test_mending_an_appointment_does_not_unpublish() -> None:
    """With every appointment taken away each step is told, and the record is still posted."""
    made = record()
    bare = replace(school(made), people=replace(shipped().people, appointments=()))
    assert len(list(authority.judge(made, flow(), bare))) == len(made.steps)
    assert replay(made, flow()).status == "posted"
    assert made.steps[0].at == DAY
