"""Results that follow a notice period: neither a date of the writer's choice nor an explanation brings them forward."""

from __future__ import annotations

from datetime import date

import pytest

from schoolpub.errors import StepRefused
from schoolpub.model.record import Record
from schoolpub.rules.chain import acts, flow
from schoolpub.rules.history.conditions import unmet
from schoolpub.rules.history.facts import Deed, Standing, Version
from tests.rules.sample_things import judged, record, snapshot, step, thing

EDITION = thing("""
date-name: 表彰日期
notice: {days: 5wd, range: notice}
fields:
  stage: {name: 阶段, type: choice, choices: [公示, 表彰]}
  notice: {name: 公示期, type: range, optional: yes}
  follows: {name: 公示, type: reference, optional: yes, to: [thing]}
rules:
- name: over
  check: after-notice
  fields: [follows]
  when: stage == '表彰'
  say: 公示期满后才能表彰
""")
NOTICE = record(
    "stage: 公示\nnotice: {from: 2026-11-03, to: 2026-11-09}",
    id="thing-20261102-abcd",
    date=date(2026, 11, 2),
    steps=(step("draft", day="2026-11-02"), step("submit", day="2026-11-02"),
           step("sign", "qian-li", "部门负责人", day="2026-11-02"), step("post", "sun-he", "公开办", day="2026-11-02")),
)  # fmt: skip


def result(day: str, fields: str = "stage: 表彰\nfollows: thing-20261102-abcd", **changes: object) -> Record:
    """Return a result that is dated *day* and was signed off on 5 November."""
    steps = (step("draft", day="2026-11-05"), step("submit", day="2026-11-05", content="sha256:one"))
    return record(fields, id="thing-20261110-wxyz", date=date.fromisoformat(day), steps=steps, **changes)


def signed(one: Record, day: str) -> None:
    """Sign *one* off on *day*."""
    at = step("sign", day=day).at
    acts.take(snapshot(EDITION, [one, NOTICE]), one, "sign", acts.Act(by="qian-li", at=at, says={}))


@pytest.mark.parametrize(
    ("dated", "fields", "told"),
    [
        ("2026-11-10", "stage: 表彰\nfollows: thing-20261102-abcd", "lasts until 2026-11-09"),
        ("2026-11-10", "stage: 表彰", "is dated 2026-11-10"),
        ("2026-11-12", "stage: 表彰\nfollows: thing-20261102-abcd", "is dated 2026-11-12"),
    ],
)
def test_a_later_date_does_not_bring_it_forward(dated: str, fields: str, told: str) -> None:
    """On the fourth working day nothing is decided, whatever day the writer gave; the refusal says from when on."""
    with pytest.raises(StepRefused) as refused:
        signed(result(dated, fields), "2026-11-06")
    assert told in str(refused.value)
    assert dated in str(refused.value.fix)

    signed(result(dated, fields), dated)


def test_a_history_shows_what_was_decided_too_early() -> None:
    """A sign-off that somebody wrote into the file by hand is judged by the records as they stood."""
    one, school = result("2026-11-10"), snapshot(EDITION, [NOTICE])
    own_flow = school.flow(one)
    assert own_flow is not None
    played = flow.replay(one, own_flow)
    line = flow.find_line(own_flow, "sign", played.status)
    assert line is not None
    standing = Standing(
        snapshot=school, versions={NOTICE.file: Version(id=NOTICE.id, file=NOTICE.file, record=NOTICE)}
    )
    found = {}
    for day in ("2026-11-06", "2026-11-10"):
        taken = step("sign", "qian-li", "部门负责人", day=day)
        deed = Deed(commit="c", at=taken.at, recorded=taken.at)
        found[day] = [code for code, _ in unmet(taken, line, played, one, deed, standing, school)]
    assert found == {"2026-11-06": ["step-not-allowed"], "2026-11-10": []}


def test_what_is_no_result_may_be_dated_ahead() -> None:
    """Another stage is not held back."""
    signed(result("2026-11-20", "stage: 公示"), "2026-11-06")


def test_an_explanation_does_not_bring_it_forward() -> None:
    """A running period is no figure that a record could explain."""
    (line,) = judged(EDITION, result("2026-11-06", says={"over": "情况紧急"}), [NOTICE])
    assert line.startswith("error check-after-notice date: the notice period of thing-20261102-abcd lasts until 2026-11-09")
