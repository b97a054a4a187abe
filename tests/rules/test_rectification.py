"""A rectification is closed only after acceptance, publication and a second collection of opinions; and is late in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from schoolpub.errors import SchoolpubError
from schoolpub.model.record import Record
from schoolpub.rules.ledgers import findings
from schoolpub.rules.ledgers.rectification import lacking, standing
from schoolpub.views.ledgers import ledger_sheet, rectifying
from tests.rules import sample_things as things

ID = "rectification-20261102-aaaa"
TOLD = "rectification-result-20261110-bbbb"
FRIDAY = date(2026, 11, 20)


def step(name: str, day: str, by: str = "sun-he", role: str = "公开办", **says: str) -> object:
    return things.step(name, by, role, day, says=says)


OPENED = (step("open", "2026-11-02"), step("plan", "2026-11-03", measures="先询价"))
DONE = (*OPENED, step("present", "2026-11-06", result="均已询价"), step("accept", "2026-11-09", "jin-ye", "监督小组"))
PUBLISHED = (*DONE, step("republish", "2026-11-12", record=TOLD))


def rectification(steps: tuple[object, ...], item: str = "rectification", **fields: str) -> Record:
    said = {"problem": "维修未询价", "source": "检查", "source_name": "安全检查", "owner": "总务主任", "due": "2026-11-10"}
    return things.record(
        {**said, **fields}, item=item, id=ID.replace("rectification", item), date=date(2026, 11, 2), steps=steps,
        file=f"records/rectifications/2026/{ID}.yaml",
    )  # fmt: skip


def result(status: str = "posted", item: str = "rectification", **fields: str) -> Record:
    steps = [things.step("draft", day="2026-11-10"), things.step("submit", day="2026-11-10")]
    if status == "posted":
        for name in ("review", "decide", "verify", "sign", "post"):
            steps.append(things.step(name, "sun-he", "公开办", "2026-11-12"))
    told = {"source": f"检查（整改编号 {ID.replace('rectification', item)}）", **fields}
    return things.record(told, item="rectification-result", id=TOLD, date=date(2026, 11, 9), steps=tuple(steps))


def missing(*records: Record, day: date = FRIDAY) -> str:
    found = lacking(things.snapshot(things.shipped(), records), records[0], day)
    return str(found.why) if found else ""


def test_what_is_missing_is_told_one_after_the_other() -> None:
    """Acceptance, then publication, then the end of the opinions: posted on Thursday the 12th, five working days."""
    assert missing(rectification(OPENED)) == "it is not accepted yet"
    assert missing(rectification(DONE)) == "the result was not published again yet"
    assert missing(rectification(DONE), result("submitted")) == "the result was not published again yet"
    published = rectification(PUBLISHED), result()
    assert missing(*published, day=date(2026, 11, 19)) == "opinions on the result are still collected, until 2026-11-19"
    assert missing(*published, day=date(2026, 11, 20)) == ""


def test_the_printed_end_counts_when_it_is_later() -> None:
    """A notice that prints a later last day is kept to it; one that is too short is not enough."""
    later = result(opinions_from="2026-11-13", opinions_to="2026-11-25")
    short = result(opinions_from="2026-11-13", opinions_to="2026-11-16")

    assert missing(rectification(PUBLISHED), later).endswith("2026-11-25")
    assert missing(rectification(PUBLISHED), short, day=date(2026, 11, 19)).endswith("2026-11-19")


def test_a_result_that_was_stopped_counts_no_more() -> None:
    """Suspending the disclosure of the result takes the way to the end away."""
    told = result()
    told = replace(told, steps=(*told.steps, things.step("suspend", "sun-he", "公开办", "2026-11-18")))

    assert missing(rectification(PUBLISHED), told) == "the result is no longer disclosed"


def test_an_improvement_needs_its_effect() -> None:
    """Published and over: an improvement is not closed before its effect was followed up."""
    improved = rectification(PUBLISHED, "improvement")
    tracked = rectification((*PUBLISHED, step("track", "2026-11-20", effect="无同类意见")), "improvement")

    assert missing(improved, result(item="improvement")) == "its effect was not followed up yet"
    assert missing(tracked, result(item="improvement")) == ""


def test_reopening_begins_anew() -> None:
    """What was accepted and published before the reopening counts no more, and the new due date runs."""
    steps = (*PUBLISHED, step("close", "2026-11-20"), step("reopen", "2026-12-01", until="2026-12-10", reason="复发"))
    again = rectification(steps)
    snapshot = things.snapshot(things.shipped(), [again, result()])
    now = standing(snapshot, again, date(2026, 12, 14))

    assert (now.status, now.accepted, now.result, now.closed) == ("working", None, None, None)
    assert (now.due, now.first_due, now.reopened, now.late_by) == (date(2026, 12, 10), date(2026, 11, 10), 1, 2)


@pytest.mark.parametrize(
    ("steps", "day", "state", "late"),
    [
        (OPENED, date(2026, 11, 2), "open", 0),
        (OPENED, date(2026, 11, 5), "soon", 0),
        (OPENED, date(2026, 11, 10), "due", 0),
        (OPENED, date(2026, 11, 12), "late", 2),
        ((*OPENED, step("extend", "2026-11-09", until="2026-11-30", reason="缺货")), date(2026, 11, 12), "open", 0),
        (DONE, date(2026, 11, 16), "due", 0),
        (DONE, date(2026, 11, 17), "late", 1),
    ],
)
def test_lateness_is_seen(steps: tuple[object, ...], day: date, state: str, late: int) -> None:
    """The due date runs until it is presented; after the acceptance the result is owed within five working days."""
    record = rectification(steps)
    wait = rectifying.waiting(things.snapshot(things.shipped(), [record]), record, day)

    assert wait is not None
    assert (wait.state, wait.late_by) == (state, late)


def test_the_ledger_tells_who_owes_what() -> None:
    """One row an entry: where it stands, how late, and nothing of a report but its kind."""
    report = things.record({}, item="audit-result", id="audit-result-20261101-cccc", title="财务审计结果")
    records = [rectification(OPENED, source_record=report.id, source_place="2", source_name=""), report]
    found = ledger_sheet.rows(things.snapshot(things.shipped(), records), date(2026, 11, 12))

    assert ledger_sheet.summary(found) == "共 1 项：已销号 0，未销号 1，其中逾期 1。"
    assert ledger_sheet.cells(found, "rectification") == [[
        "1", "2026-11-02", "维修未询价", "检查：财务审计结果第2条", "总务处　总务主任", "先询价", "2026-11-10", "", "", "",
        "已定措施，逾期 2 个工作日",
    ]]  # fmt: skip


AUDIT = things.record(
    {"findings": [{"finding": "未询价"}, {"finding": "票据不全"}]}, item="audit-result", id="audit-result-20261101-cccc"
)
HEARING = things.record(
    {"kind": "家长会", "questions": [{"question": "能否早开门", "accepted": "yes"}, {"question": "饭菜凉", "accepted": "no"}]},
    item="hearing", id="hearing-20261101-dddd",
)  # fmt: skip


def test_what_a_rectification_begins_with() -> None:
    """Entry n of a list; of a hearing only what was accepted; a single one need not be numbered."""
    snapshot = things.snapshot(things.shipped(), [AUDIT, HEARING])

    assert findings.finding(snapshot, AUDIT, 2).fields == {
        "source": "审计", "source_record": AUDIT.id, "problem": "票据不全", "source_place": "2"
    }  # fmt: skip
    assert findings.finding(snapshot, HEARING, 0).fields == {
        "source": "家长会", "source_record": HEARING.id, "problem": "能否早开门", "source_place": "1"
    }  # fmt: skip
    for record, place in ((AUDIT, 0), (AUDIT, 3), (HEARING, 2)):
        with pytest.raises(SchoolpubError):
            findings.finding(snapshot, record, place)


def test_nothing_is_taken_up_twice() -> None:
    """An entry that led to a rectification is known; one that was given up may be taken up again."""
    taken = rectification(OPENED, source_record=AUDIT.id, source_place="2")
    gone = replace(taken, steps=(*OPENED[:1], step("discard", "2026-11-03", reason="立错")))  # type: ignore[arg-type]
    found = findings.finding(things.snapshot(things.shipped(), [AUDIT]), AUDIT, 2)

    assert findings.taken_up(things.snapshot(things.shipped(), [AUDIT, taken]), found) == taken
    assert findings.taken_up(things.snapshot(things.shipped(), [AUDIT, gone]), found) is None


def test_a_finding_names_the_rectification_that_began_with_it() -> None:
    """The text was fixed before: the page adds it, and leaves what the text itself names."""
    taken = replace(AUDIT, id="rectification-x", fields={"source_record": AUDIT.id, "source_place": "2"})
    rows = findings.followed_up(AUDIT, [taken])["findings"]
    assert rows == [{"finding": "未询价"}, {"rectification": "rectification-x", "finding": "票据不全"}]
    said = replace(AUDIT, fields={"findings": {"rows": rows}})
    other = replace(taken, id="rectification-y")
    assert findings.followed_up(said, [other])["findings"] == {"rows": rows}
