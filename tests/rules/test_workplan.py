"""The work plan: weeks of term become days, phases may overlap, tasks are overdue or done."""

from __future__ import annotations

from schoolpub.model.catalogue import Item
from schoolpub.model.workplan import Phase, PlanTask, WorkPlan
from schoolpub.rules.clock.workplan import state_of, week_of_term
from schoolpub.store.files.workplan_file import read_plan
from schoolpub.views.clock.workplan import plan_value
from tests.rules.sample_calendar import CALENDAR, day
from tests.rules.sample_chain import posted, record, snapshot
from tests.rules.sample_records import item

SURVEY: Item = item("survey", channels=())
PLAN = WorkPlan(
    id="2026-2027-1",
    name="工作计划",
    term="2026-2027-1",
    phases=(
        Phase(name="动员部署", weeks=(1, 2), tasks=(PlanTask(name="成立小组", week=1, done=day("2026-09-04")),)),
        Phase(name="组织实施", weeks=(3, 10), tasks=(PlanTask(name="培训", owner="办公室"),)),
        Phase(
            name="监督评估",
            weeks=(11, 14),
            tasks=(
                PlanTask(name="满意度调查", week=12, proof="survey-20261120"),
                PlanTask(name="检查", due=day("2026-11-20")),
            ),
        ),
        Phase(name="年终总结", first=day("2026-11-01"), last=day("2026-12-31")),
    ),
)


def test_weeks_are_counted_from_the_first_day_of_term() -> None:
    """Term begins on Monday 2026-08-31: week 11 begins on 2026-11-09, and 2026-11-21 lies in week 12."""
    found = state_of(PLAN, snapshot([]), day("2026-11-21"))

    assert [(p.first.isoformat(), p.last.isoformat()) for p in found] == [
        ("2026-08-31", "2026-09-13"), ("2026-09-14", "2026-11-08"), ("2026-11-09", "2026-12-06"),
        ("2026-11-01", "2026-12-31"),
    ]  # fmt: skip
    assert week_of_term("2026-2027-1", day("2026-11-21"), CALENDAR) == 12
    assert [p.phase.name for p in found if p.runs] == ["监督评估", "年终总结"]


def test_tasks_are_done_due_or_overdue() -> None:
    """A task is done by its date or by the posted record that proves it; what is left over is late by working days."""
    survey = record("survey", "2026-11-20", steps=posted("2026-11-24"))
    found = state_of(PLAN, snapshot([SURVEY], [survey]), day("2026-11-25"))
    told = [(t.task.name, t.due.isoformat(), str(t.done), t.late_by) for p in found for t in p.tasks]

    assert told == [
        ("成立小组", "2026-09-06", "2026-09-04", 0),
        ("培训", "2026-11-08", "None", 13),
        ("满意度调查", "2026-11-22", "2026-11-24", 2),
        ("检查", "2026-11-20", "None", 3),
    ]


def test_the_plan_in_words() -> None:
    """Today's week and phases stand at the head."""
    value = plan_value(PLAN, snapshot([]), day("2026-11-21"))

    assert value["now"] == "今天（第12周）处于：监督评估、年终总结"
    assert value["phases"][2]["tasks"][1]["text"] == "应于 2026年11月20日 前完成，逾期 1 个工作日"


def test_a_plan_is_read_strictly() -> None:
    """Weeks need a term, a phase needs its days, and unknown keys are told; months give their first and last day."""
    good, none = read_plan(
        {"name": "计划", "phases": [{"name": "一", "from": "2026-02", "to": "2026-04"}]}, "records/workplan/2026.yaml"
    )
    bad, found = read_plan(
        {
            "name": "计划",
            "phases": [
                {"name": "一", "weeks": "1-2"},
                {"name": "二"},
                {"name": "三", "from": "2026-05-01", "to": "2026-04-01", "who": "x"},
            ],
        },
        "records/workplan/2026.yaml",
    )

    assert none == []
    assert good is not None
    assert (good.phases[0].first, good.phases[0].last) == (day("2026-02-01"), day("2026-04-30"))
    assert bad is None
    assert [(p.code, p.where[:2]) for p in found] == [
        ("workplan-weeks", ("phases", 0)),
        ("workplan-phase", ("phases", 1)),
        ("unknown-key", ("phases", 2)),
        ("workplan-phase", ("phases", 2)),
    ]
