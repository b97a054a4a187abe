"""The account of what people said balances, whatever happened, and its figures are those that one counts by hand."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schoolpub.rules.ledgers.statistics import Figure, Figures, Matter, by, figures, matters
from tests.rules.sample_calendar import day
from tests.rules.sample_matters import matter, within

FIRST = date(2026, 9, 1)
DAYS = st.integers(-60, 200).map(lambda n: FIRST + timedelta(n))


@st.composite
def some_matter(draw: st.DrawFn) -> Matter:
    received = draw(DAYS)
    later = st.none() | st.integers(0, 90).map(lambda n: received + timedelta(n))
    answered = draw(later)
    return Matter(
        id=draw(st.sampled_from(["", "feedback-20260901-abcd", "feedback-20260902-abcd"])),
        item=draw(st.sampled_from(["意见反馈", "举报"])), channel=draw(st.sampled_from(["热线", "意见箱"])),
        kind=draw(st.sampled_from(["咨询", "投诉"])), department=draw(st.sampled_from(["总务处", ""])),
        received=received, over=draw(later), answered=answered, due=draw(later), took=3 if answered else None,
    )  # fmt: skip


def balanced(told: Figures) -> bool:
    """Brought forward + received = closed + open."""
    return told.brought_forward.count + told.received.count == told.closed.count + told.open.count


@settings(max_examples=60)
@given(st.lists(some_matter(), max_size=12), DAYS, st.integers(0, 120), DAYS)
def test_the_account_balances(found: list[Matter], first: date, length: int, today: date) -> None:
    """Brought forward + received = closed + open: of all, and of every group; groups add up to the whole."""
    last = first + timedelta(length)
    whole = figures(found, first, last, today)
    assert balanced(whole)
    assert whole.due.count == whole.in_time.count + whole.late.count <= whole.received.count
    for key in ("item", "channel", "kind", "department"):
        parts = [figures(group, first, last, today) for group in by(found, key).values()]
        assert all(map(balanced, parts))
        for name in ("brought_forward", "received", "closed", "open", "in_time", "late"):
            assert sum(getattr(part, name).count for part in parts) == getattr(whole, name).count


def test_a_term_counted_by_hand() -> None:
    """One from before, one in time, one late, one waiting, one merged, one given up, one report."""
    snapshot = within(
        matter(("receive", "2026-08-28"), ("assign", "2026-08-28", {"department": "总务处"}),
               ("reply", "2026-09-02", {"reply": "示例"}), ("close", "2026-09-03")),
        matter(("receive", "2026-09-07"), ("assign", "2026-09-07", {"department": "总务处"}),
               ("reply", "2026-09-10", {"reply": "示例"})),
        matter(("receive", "2026-09-08"), ("assign", "2026-09-08", {"department": "教导处"}),
               ("reply", "2026-09-16", {"reply": "示例"}), ("close", "2026-09-16"), kind="意见"),
        matter(("receive", "2026-09-09"), kind="投诉"),
        matter(("receive", "2026-09-14"), ("merge", "2026-09-14", {"into": "feedback-20260909-abcd"})),
        matter(("receive", "2026-09-15"), ("discard", "2026-09-15")),
        matter(("receive", "2026-09-21"), item="report"),
    )  # fmt: skip
    found = matters(snapshot)
    told = figures(found, day("2026-09-01"), day("2026-09-30"), day("2026-09-30"))

    assert [f.count for f in (told.brought_forward, told.received, told.closed, told.open)] == [1, 5, 3, 3]
    assert told.in_time == Figure(1, ("feedback-20260907-abcd",))
    assert told.late == Figure(2, ("feedback-20260908-abcd", "feedback-20260909-abcd"))
    assert told.median_days == 4.5  # 3 and 6 working days
    assert told.open.ids == ("feedback-20260907-abcd", "feedback-20260909-abcd")  # the report is only counted
    assert {name: len(group) for name, group in by(found, "department").items()} == {
        "办公室": 2, "总务处": 2, "举报": 1, "教导处": 1
    }  # fmt: skip
