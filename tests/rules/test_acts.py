"""Taking a step: what is written down by it, and every reason for which it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from schoolpub.cli.framework import COMMANDS
from schoolpub.errors import StepRefused
from schoolpub.model.record import Record, Step, Tree
from schoolpub.rules.chain import acts, saying
from tests.rules.chains import BY, CONTENT, DAY, chain, record, school, step

HEAD = "1d2faf89ac18c45a7fbe4a3b0b6c0bb7d334900a"
CHAIN = ["draft", "submit", "review", "screen", "decide", "verify", "sign", "post"]


def deed(by: str, at: datetime = DAY, on: date | None = None, says: Mapping[str, Tree] | None = None) -> acts.Act:
    """Return what *by* means to do."""
    return acts.Act(by=by, via="zhao-min", at=at, on=on, says=says or {}, head=HEAD)


def take(made: Record, name: str, by: str = "", *others: Record, **changes: object) -> Step:
    """Take a step on *made* in the sample school."""
    return acts.take(school(made, *others), made, name, deed(by or BY[name][0], **changes))  # type: ignore[arg-type]


def test_what_each_step_writes_down() -> None:
    """Approvals are bound to the text, the decision names its meeting, the sign-off number and commit, posting the due day."""
    made = record("draft")
    for name in CHAIN[1:]:
        says: Mapping[str, Tree] = {"meeting": "校务会"} if name == "decide" else {}
        taken = take(made, name, says=says)
        made = replace(made, steps=(*made.steps, taken))
        by, role = BY[name]
        assert (taken.step, taken.by, taken.role, taken.via) == (name, by, role, "" if by == "zhao-min" else "zhao-min")
        assert taken.content == CONTENT
        assert dict(taken.says) == {
            "decide": {"meeting": "校务会"},
            "sign": {"number": "校公开〔2026〕1号", "after": HEAD},
            "post": {"due": "2026-11-05"},
        }.get(name, {})


def test_a_clock_that_was_set_is_told() -> None:
    """A step under a set clock says so, last of all."""
    made = record("draft")
    told = acts.take(school(made), made, "submit", replace(deed("zhao-min"), clock_set=True))
    assert dict(told.says) == {"clock": "set"}


@pytest.mark.parametrize(
    ("steps", "name", "by", "said"),
    [
        ("draft", "review", "", "is “草稿”: the step “部门审核” cannot be taken now"),
        ("draft", "nonsense", "zhao-min", "has no step “nonsense”"),
        ("draft submit", "review", "jin-ye", "金叶 cannot take the step “部门审核”"),
        ("draft submit", "review", "nobody", "nobody cannot take the step"),
        ("draft submit review", "screen", "tao-xin", "on 2026-11-03 it takes 财务小组（总务处）"),
        ("draft submit", "undo", "qian-li", "only the person who took the last step"),
        ("draft submit review screen", "decide", "", "must also say: 会议（meeting）"),
        ("draft submit", "return", "", "must also say: 理由（reason）"),
        (" ".join(CHAIN), "prove", "", "must also say: 公开形式（channel）、日期（on）、证明材料（evidence）"),
    ],
)
def test_refusals(steps: str, name: str, by: str, said: str) -> None:
    """A step out of order, by the wrong person or saying too little is refused with what is possible instead."""
    with pytest.raises(StepRefused) as refused:
        take(record(steps), name, by or BY[name][0])
    assert said in str(refused.value.message)
    assert refused.value.fix is not None


def test_the_clock_may_lag_two_minutes() -> None:
    """Two machines are never quite in time; three minutes back is refused."""
    made = record("draft submit")
    take(made, "review", at=DAY - timedelta(minutes=2))
    with pytest.raises(StepRefused, match="clock says"):
        take(made, "review", at=DAY - timedelta(minutes=3))


@pytest.mark.parametrize(
    ("steps", "name", "on", "said"),
    [
        ("draft submit", "review", date(2026, 11, 4), "lies in the future"),
        ("draft submit", "review", date(2026, 11, 2), "is before the step “报送”"),
        (" ".join(CHAIN), "prove", date(2026, 11, 2), "is before the step “签发”"),
        (" ".join(CHAIN), "takedown", date(2026, 11, 2), "is before the step “签发”"),
    ],
)
def test_dates_on_paper(steps: str, name: str, on: date, said: str) -> None:
    """The date on the paper lies neither in the future nor before what it follows."""
    photo: Tree = {"file": "x.jpg", "sha256": "0" * 64}
    says: Mapping[str, Tree] = {"channel": "board", "evidence": photo, "paper": photo}
    with pytest.raises(StepRefused, match=said):
        take(record(steps), name, on=on, says=says)
    take(record(steps), name, on=date(2026, 11, 3), says=says)


@pytest.mark.parametrize(
    ("steps", "name", "passes"),
    [
        ("draft", "submit", True),
        ("draft submit", "review", False),
        ("draft submit return", "submit", True),
        ("draft submit", "return", True),
        ("draft submit", "undo", True),
        ("draft submit", "discard", True),
        ("draft submit", "remark", False),
        (" ".join(CHAIN[:-1]), "post", False),
        (" ".join(CHAIN), "prove", False),
        (" ".join(CHAIN), "takedown", False),
        (" ".join(CHAIN), "renumber", False),
        (" ".join(CHAIN), "suspend", True),
    ],
)
def test_a_changed_text(steps: str, name: str, passes: bool) -> None:
    """On a text that nobody approved only going back, giving up and stopping are possible."""
    made = record(steps, content="sha256:" + "1" * 64)
    says: Mapping[str, Tree] = {"reason": "x", "channel": "board", "on": "2026-11-03", "evidence": {"file": "x"}}
    by = "zhao-min" if name == "undo" else BY[name][0]
    if passes:
        take(made, name, by, says=says)
    else:
        with pytest.raises(StepRefused, match="was changed after it was submitted"):
            take(made, name, by, says=says)


def test_numbers() -> None:
    """A number follows the last one of its year; undone and taken again it stays; renumbered it is a new one."""
    other = record(
        [*chain("draft submit review screen decide verify"), step("sign", says={"number": "校公开〔2026〕7号"})],
        id="finance-monthly-2026-09",
    )
    made = record("draft submit review screen decide verify")
    first = take(made, "sign", "sun-jie", other)
    assert first.said("number") == "校公开〔2026〕8号"
    undone = replace(made, steps=(*made.steps, first, step("undo", by="sun-jie")))
    assert take(undone, "sign", "sun-jie", other).said("number") == "校公开〔2026〕8号"
    posted = replace(made, steps=(*made.steps, first, step("post")))
    assert take(posted, "renumber", "chen-xi", other, says={"reason": "重号"}).said("number") == "校公开〔2026〕9号"
    new_year = DAY.replace(year=2027)
    assert take(made, "sign", "sun-jie", other, at=new_year).said("number") == "校公开〔2027〕1号"
    two = acts.take(school(made, other), made, "sign", deed("sun-jie"), numbered=["校公开〔2026〕9号"])
    assert two.said("number") == "校公开〔2026〕10号"


def test_what_comes_next() -> None:
    """The next steps name who may take them; who drafted is not among them; a posted record is to be proven."""
    snapshot = school(made := record("draft submit review"))
    following = acts.next_steps(snapshot, made, DAY.date())
    assert [(line.step, list(people)) for line, people in following] == [("screen", ["yan-hui", "hua-rong", "pan-yue"])]
    assert acts.next_approval(snapshot, made, "pan-yue", DAY.date()).step == "screen"  # type: ignore[union-attr]
    assert acts.next_approval(snapshot, made, "tao-xin", DAY.date()) is None
    posted = record()
    assert [line.step for line, _ in acts.next_steps(school(posted), posted, DAY.date())] == ["prove"]
    void = record("draft discard")
    assert acts.next_steps(school(void), void, DAY.date()) == []


def test_a_record_without_its_catalogue() -> None:
    """Nothing can be done with it but to mend it."""
    made = record(item="nothing")
    with pytest.raises(StepRefused, match="schoolpub check"):
        take(made, "submit")


def test_what_a_user_is_told_to_type_exists() -> None:
    """Every command that a step is said with is a command of the program."""
    named = {f"{group} {step}" for group, steps in saying.LEDGERS.values() for step in steps}
    assert named | saying.OWN <= COMMANDS.keys()
