"""The clock of an answer, what stops it, and what must be there before a matter is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolpub.errors import StepRefused
from schoolpub.model.record import Record
from schoolpub.rules.chain import acts, flow
from schoolpub.rules.checks.ledgers import receipts_are_given_once, steps_met_their_conditions
from schoolpub.rules.clock import calendar
from schoolpub.rules.clock.duties import started
from schoolpub.rules.ledgers import clock
from schoolpub.rules.ledgers.receipts import next_receipt
from tests.rules.sample_calendar import day
from tests.rules.sample_matters import matter, within

RECEIVED = ("receive", "2026-09-21")
ASSIGNED = ("assign", "2026-09-21", {"department": "总务处"})
REPLY = {"reply": "示例答复"}


def due(record: Record) -> date | None:
    found = clock.clock_of(record, within(record))
    assert found is not None
    return found.deadline.date if found.deadline else None


def taken(record: Record, name: str, by: str = "chen-xi", /, *others: Record, **says: str) -> str:
    """Take a step on 2026-10-20; return the status after it."""
    snapshot = within(record, *others)
    at = datetime(2026, 10, 20, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    step = acts.take(snapshot, record, name, acts.Act(by=by, at=at, says=says))
    return flow.status(snapshot, replace(record, steps=(*record.steps, step)))


def refused(record: Record, name: str, by: str = "chen-xi", /, *others: Record, **says: str) -> str:
    with pytest.raises(StepRefused) as stop:
        taken(record, name, by, *others, **says)
    assert stop.value.fix is not None
    return str(stop.value)


def test_each_kind_has_its_time() -> None:
    """Five working days, ten for a complaint, fifteen for a request, by the State Council's calendar."""
    assert due(matter(RECEIVED)) == day("2026-09-29")  # the 25th is 中秋节
    assert due(matter(RECEIVED, kind="投诉")) == day("2026-10-12")
    assert due(matter(("receive", "2026-11-23"), item="disclosure-request")) == day("2026-12-14")  # R27


def test_the_clock_stops_while_more_is_asked_for() -> None:
    """Two days counted, then the writer is asked; nobody knows the day until the answer is there."""
    asked = ("clarify", "2026-09-23", {"question": "示例"})
    waiting = matter(RECEIVED, ASSIGNED, asked)
    found = clock.clock_of(waiting, within(waiting))
    assert found is not None and found.stopped and found.deadline is None and found.left == 3
    assert started(within(waiting), day("2026-12-31")) == []

    answered = matter(RECEIVED, ASSIGNED, asked, ("clarified", "2026-10-12", {"answer": "示例"}))
    assert due(answered) == day("2026-10-15")
    found = clock.clock_of(answered, within(answered))
    assert found is not None and found.deadline is not None
    assert "9月23日至10月12日等待补充说明不计" in found.deadline.why


@settings(max_examples=40)
@given(st.integers(0, 300), st.integers(1, 40), st.integers(1, 40))
def test_as_many_days_as_the_duty_says(shift: int, asked: int, waited: int) -> None:
    """However the clock was stopped, as many working days are counted as the duty gives."""
    start = date(2026, 1, 5) + timedelta(shift)
    first, second = start + timedelta(asked), start + timedelta(asked + waited)
    record = matter(
        ("receive", start.isoformat()),
        ("clarify", first.isoformat(), {"question": "示例"}),
        ("clarified", second.isoformat(), {"answer": "示例"}),
    )
    snapshot = within(record)
    last = due(record)
    assert last is not None
    counted = [start + timedelta(n) for n in range(1, (last - start).days + 1)]
    running = [d for d in counted if not first < d <= second and calendar.is_workday(d, snapshot.calendar)]
    assert len(running) == 5
    assert running[-1] == last


def test_one_extension_and_one_more_round() -> None:
    """Extended once by what is said, or by the time again; a dissatisfied rating begins anew, and may be extended again."""
    extended = matter(RECEIVED, ASSIGNED, ("extend", "2026-09-22", {"reason": "示例", "days": "3wd"}))
    assert due(extended) == day("2026-10-09")
    assert due(matter(RECEIVED, ("extend", "2026-09-22", {"reason": "示例"}))) == day("2026-10-12")
    assert "once is all" in refused(extended, "extend", reason="示例")

    again = matter(*[RECEIVED, ASSIGNED, ("reply", "2026-09-24", REPLY), ("rate", "2026-10-12", {"rating": "不满意"})])
    assert due(again) == day("2026-10-19")
    assert [c.round for c in clock.rounds(again, within(again))] == [1, 2]
    assert taken(again, "extend", reason="示例") == "rated"


def test_what_may_not_be_closed() -> None:
    """Nothing without a reply, nothing after a dissatisfied rating without another one, at last a review."""
    assigned = matter(RECEIVED, ASSIGNED)
    assert "cannot be taken now" in refused(assigned, "close")
    answered = [RECEIVED, ASSIGNED, ("reply", "2026-09-24", REPLY)]
    assert taken(matter(*answered), "close") == "closed"
    unhappy = [*answered, ("rate", "2026-09-25", {"rating": "不满意"})]
    assert "no new answer after the rating" in refused(matter(*unhappy), "close")
    assert taken(matter(*answered), "rate", rating="满意") == "rated"
    assert "is no rating" in refused(matter(*answered), "rate", rating="很好")

    twice = [*unhappy, ("reply", "2026-09-28", REPLY), ("rate", "2026-09-29", {"rating": "不满意"})]
    assert "supervision group looks into it" in refused(matter(*twice), "reply", "qian-li", **REPLY)
    assert "supervision group" in refused(matter(*twice), "close")  # another answer would be refused in turn
    assert "nothing to review" in refused(
        matter(*answered, ("rate", "2026-09-25", {"rating": "满意"})), "review", "wang-lan", opinion="示例"
    )
    assert taken(matter(*twice), "review", "wang-lan", opinion="示例") == "reviewing"
    assert taken(matter(*twice, ("review", "2026-09-30", {"opinion": "示例"})), "close") == "closed"


def test_a_promise_is_kept_first() -> None:
    """A matter that was promised a rectification is not closed before that is; an unknown one is refused at once."""
    promise = {"rectification": "rectification-20260925-abcd"}
    answered = [RECEIVED, ASSIGNED, ("reply", "2026-09-24", REPLY)]
    opened = matter(("open", "2026-09-25"), item="rectification", id="rectification-20260925-abcd")
    assert "is not a record of the ledger" in refused(matter(*answered), "rectify", **promise)
    assert taken(matter(*answered), "rectify", "chen-xi", opened, **promise) == "rectifying"

    mending = matter(*answered, ("rectify", "2026-09-25", promise), ("republish", "2026-10-10", {"record": "示例"}))
    assert "已立项" in refused(mending, "close", "chen-xi", opened)
    steps = ("plan", "present", "accept", "republish", "close")
    closed = replace(opened, steps=(*opened.steps, *(matter((n, "2026-10-12")).steps[0] for n in steps)))
    assert taken(mending, "close", "chen-xi", closed) == "closed"


def test_a_promise_cannot_be_slipped_out_of() -> None:
    """Not by giving the rectification up, by promising what is over, or by publishing and rating before it is done."""
    promise = {"rectification": "rectification-20260925-abcd"}
    mending = matter(RECEIVED, ASSIGNED, ("rectify", "2026-09-25", promise))
    opened = matter(("open", "2026-09-25"), item="rectification", id="rectification-20260925-abcd")
    void = replace(opened, steps=(*opened.steps, *matter(("discard", "2026-09-26", {"reason": "示例"})).steps))
    assert "已作废" in refused(mending, "recheck", "wang-lan", void)
    assert "已立项" in refused(mending, "republish", "chen-xi", opened, record="示例")
    other = matter(("open", "2026-09-28"), item="rectification", id="rectification-20260928-abcd")
    assert taken(mending, "rectify", "chen-xi", void, other, rectification=other.id) == "rectifying"

    done = replace(opened, steps=(*opened.steps, *(matter((n, "2026-10-12")).steps[0] for n in
                                                   ("plan", "present", "accept", "republish", "close"))))  # fmt: skip
    assert "closed already" in refused(matter(RECEIVED, ASSIGNED), "rectify", "chen-xi", done, **promise)
    checked = [RECEIVED, ASSIGNED, ("rectify", "2026-09-25", promise), ("recheck", "2026-10-12")]
    assert "no public reply" in refused(matter(*checked), "rate", "chen-xi", done, rating="满意")
    told = acts.next_steps(within(matter(*checked), done), matter(*checked), day("2026-10-12"))
    assert "reply" in [line.step for line, _ in told]


def test_a_reports_steps_say_what_is_in_lists() -> None:
    """Whatever key it is put under, a free word about a report is refused: git would keep it."""
    report = matter(RECEIVED, ("assign", "2026-09-21"), item="report")
    for name, says in (("remark", {"text": "示例"}), ("reply", {"result": "示例人"}), ("extend", {"reason": "示例人"}),
                       ("decline", {"ground": "示例人"}), ("remark", {"any": "示例"})):  # fmt: skip
        assert "would stay in history" in refused(report, name, "wang-lan", **says)
    assert taken(report, "extend", "wang-lan", reason="须继续核查", days="5wd") == "assigned"
    received = matter(RECEIVED, item="report")
    assert "would stay in history" in refused(received, "assign", "wang-lan", department="示例人")
    assert taken(received, "assign", "wang-lan", department="总务处") == "assigned"


def test_side_ways() -> None:
    """Merged into another matter of the same kind, disclosed or not with a reason, assigned to departments that exist."""
    one, other = matter(RECEIVED), matter(("receive", "2026-09-22"))
    assert taken(one, "merge", "chen-xi", other, into=other.id) == "merged"
    assert "is not another record" in refused(one, "merge", "chen-xi", into=one.id)
    assert "has no department" in refused(one, "assign", department="食堂")
    request = matter(RECEIVED, ASSIGNED, item="disclosure-request")
    assert "says why" in refused(request, "reply", "qian-li", decision="部分", **REPLY)
    assert "is no decision" in refused(request, "reply", "qian-li", decision="再说", **REPLY)
    assert "a record that is disclosed" in refused(request, "reply", "qian-li", decision="公开", answer="x-1", **REPLY)
    assert taken(request, "reply", "qian-li", decision="不公开", reason="示例理由", **REPLY) == "replied"


def test_the_department_that_it_was_assigned_to_answers() -> None:
    """The head of another department may not answer; the number of each item runs by year."""
    assert "cannot take the step" in refused(matter(RECEIVED, ASSIGNED), "reply", "shen-jing", **REPLY)
    assert taken(matter(RECEIVED, ASSIGNED), "reply", "qian-li", **REPLY) == "replied"
    numbered = matter(("receive", "2026-09-21", {"receipt": "意见反馈〔2026〕7号"}))
    snapshot = within(numbered)
    item = snapshot.item(numbered)
    assert item is not None
    assert [next_receipt(snapshot, item, year) for year in (2026, 2027)] == [
        "意见反馈〔2026〕8号",
        "意见反馈〔2027〕1号",
    ]


def test_a_file_written_by_hand_is_found_out() -> None:
    """What the tool would have refused is a problem when it stands in a file; a number given twice is a warning."""
    twice = {"receipt": "意见反馈〔2026〕1号"}
    record = matter(("receive", "2026-09-21", twice), ASSIGNED, ("reply", "2026-09-24", REPLY),
                    ("rate", "2026-09-25", {"rating": "不满意"}), ("close", "2026-09-25"))  # fmt: skip
    other = matter(("receive", "2026-09-22", twice))
    found = [*steps_met_their_conditions(record, within(record)), *receipts_are_given_once(within(record, other))]
    assert [(p.code, p.record, p.where) for p in found] == [
        ("step-condition", record.id, ("steps", 4)), ("receipt-repeated", other.id, ()),
    ]  # fmt: skip


def test_nothing_is_said_of_a_report() -> None:
    """A report has a result in one word; free words in a step are refused, since git would keep them."""
    report = matter(RECEIVED, ("assign", "2026-09-21"), item="report")
    assert taken(report, "reply", "wang-lan", result="不属实") == "replied"
    assert "stay in history" in refused(report, "reply", "wang-lan", result="不属实", reply="示例")
    assert "stay in history" in refused(report, "remark", "wang-lan", remark="示例")


def test_the_record_that_tells_the_result_concerns_the_matter() -> None:
    """It names the matter, answers it, or is what the matter was about, posted anew; anything else that hangs is not."""
    def told(on: str, **fields: str) -> Record:
        return matter(("draft", on), ("submit", on), ("post", on), item="topic-request", id="topic-request-x", **fields)

    asked = matter(("receive", "2026-09-21", {"receipt": "点题公开〔2026〕3号"}), ASSIGNED,
                   ("reply", "2026-09-24", {**REPLY, "decision": "公开"}), item="disclosure-request")  # fmt: skip
    other = told("2026-10-09", reply="另一件事")
    assert "does not concern" in refused(asked, "republish", "chen-xi", other, record=other.id)
    naming = told("2026-10-09", reply="点题公开〔2026〕3号：见附件")
    assert taken(asked, "republish", "chen-xi", naming, record=naming.id) == "republished"
    answered = replace(asked, steps=(*asked.steps, replace(asked.steps[-1], says={**REPLY, "answer": other.id})))
    assert taken(answered, "republish", "chen-xi", other, record=other.id) == "republished"
    about = replace(asked, fields={**asked.fields, "about": other.id})
    assert taken(about, "republish", "chen-xi", other, record=other.id) == "republished"
    before = told("2026-09-01")
    assert "does not concern" in refused(about, "republish", "chen-xi", before, record=before.id)
