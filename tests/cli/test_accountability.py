"""An accountability case: in order, by different people, names nobody in history, and corrected when it was revoked."""

from __future__ import annotations

from datetime import date

import pytest

from schoolpub.errors import StepRefused
from schoolpub.model.record import Record
from schoolpub.rules.chain import flow
from schoolpub.rules.ledgers import accounting
from schoolpub.rules.ledgers.moment import Moment
from schoolpub.views.clock import todo
from tests.cli.office import Office
from tests.rules import sample_things as things

FACTS = "值班时擅自离岗的示例案情"
NOTICE = "accountability-notice-20261110-aaaa"


def test_a_case_goes_in_order(office: Office) -> None:
    """No decision before it was checked, none by whoever checked it, none off the ladder; the facts stay here."""
    said = ("--set", "source=检查", "--set", "object=教职工", "--set", f"facts={FACTS}")
    case = office.done("add", "accountability", *said, by="jin-ye").last
    assert FACTS.encode() not in office.objects()
    office.refused("add", "accountability", "--set", "source=检查", "--set", "object=学生", "--set", "facts=某事",
                   by="jin-ye", code=1)  # fmt: skip

    decide = ("do", case, "decide", "--set", "meeting=11月3日会议")
    office.refused(*decide, "--set", "measure=批评教育", by="shen-jing")
    office.done("do", case, "check", "--set", "result=属实", by="jin-ye")
    office.done("do", case, "assess", "--set", "grade=一般", by="jin-ye")
    assert "批评教育" in office.refused(*decide, "--set", "measure=罚款", by="shen-jing")
    office.done(*decide, "--set", "measure=批评教育", by="shen-jing")
    assert "decision stands" in office.refused("do", case, "drop", "--set", "reason=算了", by="shen-jing")
    assert office.done("check").code == 0


def case(*steps: tuple[str, str, dict[str, str]]) -> Record:
    first = ("find", "2026-11-02", {}), ("check", "2026-11-03", {}), ("assess", "2026-11-03", {})
    taken = tuple(things.step(name, day=day, says=said) for name, day, said in (*first, *steps))
    return things.record({}, item="accountability", id="accountability-20261102-bbbb", steps=taken)


DECIDED = ("decide", "2026-11-04", {"measure": "警告"}), ("implement", "2026-11-05", {})
DISCLOSED = (*DECIDED, ("disclose", "2026-11-10", {"record": NOTICE}))
APPEAL = ("appeal", "2026-11-20", {"ground": "事实不清"})


def moment(record: Record, day: str, *others: Record, **says: str) -> Moment:
    snapshot = things.snapshot(things.shipped(), [record, *others])
    own = snapshot.flow(record)
    assert own is not None
    on = things.step("x", day=day).day
    return Moment(snapshot=snapshot, record=record, played=flow.replay(record, own), says=says, day=on)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (DISCLOSED, "may still be appealed against, until 2026-12-04"),
        ((*DISCLOSED, APPEAL), "not decided yet; it is due by 2026-12-20"),
        ((*DISCLOSED, APPEAL, ("answer-appeal", "2026-11-25", {"outcome": "维持"})), ""),
        ((*DISCLOSED, APPEAL, ("answer-appeal", "2026-11-25", {"outcome": "撤销"})), "not corrected in public yet"),
        ((*DISCLOSED, APPEAL, ("answer-appeal", "2026-11-25", {"outcome": "撤销"}),
          ("correct-notice", "2026-11-30", {"record": f"{NOTICE}.v2"})), ""),
    ],
)  # fmt: skip
def test_it_closes_when_the_appeal_is_settled(steps: tuple[tuple[str, str, dict[str, str]], ...], said: str) -> None:
    """An open appeal, and a revoked decision whose notice is not corrected, keep the case open."""
    refusal = accounting.case_settled(moment(case(*steps), "2026-12-01"))

    assert (said in str(refusal)) if said else refusal is None


def test_an_appeal_has_thirty_days() -> None:
    """Filed on the thirtieth day after the decision it is in time, a day later not."""
    assert accounting.in_time_to_appeal(moment(case(*DECIDED), "2026-12-04")) is None
    late = accounting.in_time_to_appeal(moment(case(*DECIDED), "2026-12-05"))

    assert isinstance(late, StepRefused)
    assert "2026-12-04" in str(late)


def test_the_time_of_an_appeal_is_in_due() -> None:
    """First the time to appeal, then the time to answer; both in calendar days, late ones counted in working days."""
    def told(day: str, *steps: tuple[str, str, dict[str, str]]) -> list[tuple[str, str, int]]:
        found = todo.tasks(things.snapshot(things.shipped(), [case(*steps)]), date.fromisoformat(day))
        return [(task.state, str(task.due), task.late_by) for task in found if task.kind == "appeal"]

    answered = "answer-appeal", "2026-11-25", {"outcome": "维持"}
    assert told("2026-11-05", *DECIDED) == [("open", "2026-12-04", 0)]
    assert told("2026-12-05", *DECIDED) == []
    assert told("2026-12-22", *DISCLOSED, APPEAL) == [("late", "2026-12-20", 2)]
    assert told("2026-11-26", *DISCLOSED, APPEAL, answered) == []
