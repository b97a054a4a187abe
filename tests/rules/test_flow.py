"""The chain: which step may follow which; what does not fit is a problem and changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.rules.chain.flow import NONE, find_line, open_lines, replay, status
from tests.rules.chains import BY, CONTENT, chain, flow, record, school, step

STEPS = ["draft", "submit", "review", "screen", "decide", "verify", "sign", "post"]
STATUSES = ["draft", "submitted", "reviewed", "screened", "decided", "verified", "signed", "posted"]


def test_the_whole_chain() -> None:
    """Each step leads from its status to the next one."""
    played = replay(record(), flow())
    assert [t.before for t in played.taken] == [NONE, *STATUSES[:-1]]
    assert [t.after for t in played.taken] == STATUSES
    assert played.problems == ()


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize(("at", "before"), list(enumerate([NONE, *STATUSES])))
def test_every_step_from_every_status(name: str, at: int, before: str) -> None:
    """From each status of the chain only the one step that the flow names leads on; any other changes nothing."""
    played = replay(record(" ".join([*STEPS[:at], name])), flow())
    if STEPS.index(name) == at:
        assert (played.status, played.problems) == (STATUSES[at], ())
    elif name == "post" and "submitted" in STATUSES[:at] and at < len(STEPS) - 1:
        assert (played.status, played.problems) == ("urgent", ())  # an emergency
        assert played.taken[-1].line.emergency
    else:
        assert played.status == before
        assert [p.code for p in played.problems] == ["step-not-allowed"]
        assert played.problems[0].where == ("steps", at)


def test_an_unknown_step_changes_nothing() -> None:
    """A name that no flow has is a problem at its place; what follows is judged as if it were not there."""
    played = replay(record("draft submit frobnicate review"), flow())
    assert played.status == "reviewed"
    assert [(p.code, p.where) for p in played.problems] == [("step-not-allowed", ("steps", 2))]
    assert "review" in str(played.problems[0].fix)


@pytest.mark.parametrize(
    ("steps", "after"),
    [
        ("draft edit edit", "draft"),
        ("draft submit return", "returned"),
        ("draft submit review screen return", "returned"),
        ("draft submit return edit submit", "submitted"),
        ("draft discard", "void"),
        ("draft submit review screen decide verify sign discard", "void"),
        ("draft submit review screen decide verify sign post takedown", "posted"),
        ("draft submit review screen decide verify sign post takedown end", "ended"),
        ("draft submit review screen decide verify sign post takedown end prove", "ended"),
        ("draft submit review screen decide verify sign post prove prove", "posted"),
        ("draft submit review screen decide verify sign post suspend", "suspended"),
        ("draft submit review screen decide verify sign post suspend resume", "posted"),
        ("draft submit review screen decide verify sign post takedown end suspend resume", "ended"),
        ("draft submit review screen decide verify sign post suspend resume suspend resume", "posted"),
        ("draft submit review screen decide verify sign post suspend takedown resume", "posted"),
        ("draft submit review screen decide verify sign post suspend remark resume", "posted"),
        ("draft submit review screen decide verify sign post suspend withdraw", "withdrawn"),
        ("draft submit review screen decide verify sign post suspend withdraw takedown", "withdrawn"),
        ("draft submit review screen decide verify sign post renumber", "posted"),
        ("draft remark submit remark review", "reviewed"),
        ("draft submit undo:zhao-min", "draft"),
        ("draft submit review undo:qian-li", "submitted"),
        ("draft submit review undo:qian-li review", "reviewed"),
        ("draft submit return undo:qian-li", "submitted"),
        ("draft submit review undo:qian-li undo:zhao-min", "draft"),
        ("draft submit review undo:hua-rong", "reviewed"),
        ("draft undo:zhao-min", "draft"),
        ("draft submit review screen decide verify sign post undo:chen-xi", "posted"),
        ("undo:zhao-min", "none"),
        ("submit", "none"),
        ("remark", "none"),
        ("", "none"),
    ],
)
def test_other_ways(steps: str, after: str) -> None:
    """Returns, corrections of one's own step, stopping, ending: where each of them leads."""
    assert replay(record(steps), flow()).status == after


def test_an_undone_step_counts_no_more() -> None:
    """What was undone is not in force, and neither is the undoing."""
    played = replay(record("draft submit review screen decide verify sign undo:sun-jie"), flow())
    assert [t.step.step for t in played.taken] == STEPS[:6]
    assert played.sign_off is None
    assert played.last("sign") is None


def test_what_vouches_for_the_present_text() -> None:
    """After a return only the steps since the resubmission vouch for the text; after posting the sign-off still does."""
    played = replay(record("draft submit review return edit submit review"), flow())
    assert [t.step.step for t in played.round] == ["submit", "review"]
    played = replay(record("draft submit review screen decide verify sign post suspend resume takedown"), flow())
    assert played.sign_off is not None
    assert played.round[0].step.step == "submit"


def test_status_of_what_has_no_flow() -> None:
    """A record whose catalogue or item is missing has no status, rather than a wrong one."""
    assert status(school(), record(item="nothing")) == NONE
    assert status(school(), record()) == "posted"


def test_lines_that_are_open() -> None:
    """What may be done now comes in the flow's order, the common steps last; nothing is open before the first step but it."""
    assert [line.step for line in open_lines(flow(), NONE)] == ["draft"]
    assert [line.step for line in open_lines(flow(), "signed")][0] == "post"
    assert "remark" in [line.step for line in open_lines(flow(), "void")]
    assert find_line(flow(), "takedown", "posted").to == "same"  # type: ignore[union-attr]
    assert find_line(flow(), "takedown", "withdrawn").to == "same"  # type: ignore[union-attr]
    assert find_line(flow(), "submit", "posted") is None


@given(names=st.lists(st.sampled_from([*BY, "undo", "nonsense"]), max_size=14))
def test_any_steps_at_all(names: list[str]) -> None:
    """Whatever stands below `steps:`, the replay ends in a status of the flow, and each step counts or is a problem."""
    made = record([step(name) for name in names])
    played = replay(made, flow())
    statuses = {NONE} | {line.to for line in flow().steps}
    assert played.status in statuses - {"same", "before"}
    undone = sum(name == "undo" for name in names) - sum(
        made.steps[p.where[1]].step == "undo"
        for p in played.problems  # type: ignore[index]
    )
    assert len(played.taken) + len(played.problems) + 2 * undone == len(names)
    for before, after in zip(played.taken, played.taken[1:], strict=False):
        assert before.after == after.before
    assert replay(record([*made.steps, step("nonsense")]), flow()).status == played.status


def test_the_status_does_not_ask_who(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of people whom nobody knows count all the same: entitlement is a check and never unpublishes."""
    strangers = [step(s.step, by="nobody", role="无", content=CONTENT) for s in chain(" ".join(STEPS))]
    assert replay(record(strangers), flow()).status == "posted"


def test_what_is_not_allowed_is_told_in_the_names_of_the_catalogue() -> None:
    """Steps and statuses are named as the school names them; the key to be written stands beside."""
    told = replay(record("draft post"), flow()).problems[0]
    assert str(told.message) == "step “公开（post）” cannot follow status “草稿”"
    assert "报送（submit）" in str(told.fix)
    assert str(replay(record("review"), flow()).problems[0].message) == "step “部门审核（review）” cannot come first"
