"""Posting is proven spot by spot, and ends when it was taken down everywhere."""

from __future__ import annotations

from typing import Any

import pytest

from schoolpub.errors import Level
from schoolpub.model.catalogue import Field, Item, Notice
from schoolpub.model.record import Record
from schoolpub.rules.chain import flow
from schoolpub.rules.checks.notices import notice_is_long_enough
from schoolpub.rules.clock.deadlines import notice_of
from schoolpub.rules.clock.proofs import Proofs, Spot, hung, proofs_of, public_since
from schoolpub.rules.clock.removals import removals
from tests.rules.sample_chain import FLOW, INNER, OUTER, day, edition, gone, posted, proved, record, snapshot, step
from tests.rules.sample_records import item

REPORT = item(channels=("board", "website"))
LIST = item(
    "aid-list",
    channels=("board",),
    privacy="pupil-name",
    after_notice="remove",
    notice=Notice(days="5wd", first="from", last="to"),
    fields={key: Field(key=key, name=key, type="date") for key in ("from", "to")},
)


def proofs(of: Record, which: Item = REPORT) -> Proofs:
    return proofs_of(of, flow.replay(of, FLOW), which, snapshot([which], [of]).school)


def nominees(*steps: Any, first: str = "2026-11-03", last: str = "2026-11-09", **changes: Any) -> Record:
    return record(
        "aid-list", "2026-11-02", fields={"from": first, "to": last}, steps=(*posted("2026-11-02"), *steps), **changes
    )


@pytest.mark.parametrize(
    ("audience", "required"),
    [
        ("both", [Spot("board", OUTER), Spot("board", INNER), Spot("website")]),
        ("external", [Spot("board", OUTER), Spot("website")]),
        ("internal", [Spot("board", INNER), Spot("website")]),
    ],
)
def test_a_sheet_hangs_on_each_board_of_its_audience(audience: str, required: list[Spot]) -> None:
    """Boards are required by the record's audience, other channels once."""
    assert list(proofs(record(audience=audience)).required) == required


def test_it_is_public_when_the_last_channel_is_proven() -> None:
    """实际公开 is the latest of the first proofs; a channel without one leaves it open, a second photo is idle."""
    steps = [*posted("2026-11-05"), proved("2026-11-05", place=OUTER), proved("2026-11-06", place=INNER)]
    half = record(steps=tuple(steps))
    whole = record(steps=(*steps, proved("2026-11-09", "website"), proved("2026-11-20", "website")))

    assert (proofs(half).shown, proofs(half).missing) == (None, (Spot("website"),))
    assert (proofs(whole).shown, proofs(whole).missing) == (day("2026-11-09"), ())
    assert public_since(half, flow.replay(half, FLOW), REPORT, snapshot([REPORT]).school) == day("2026-11-05")
    assert public_since(whole, flow.replay(whole, FLOW), REPORT, snapshot([REPORT]).school) == day("2026-11-09")


def test_a_board_without_a_proof_stays_owed_and_moves_the_day() -> None:
    """Each channel is proven, but one board is not: the board is owed, and its late proof moves the day."""
    steps = [*posted("2026-11-05"), proved("2026-11-05", place=OUTER), proved("2026-11-05", "website")]
    found = proofs(record(steps=tuple(steps)))
    later = proofs(record(steps=(*steps, proved("2026-11-12", place=INNER))))

    assert (found.shown, found.missing) == (day("2026-11-05"), (Spot("board", INNER),))
    assert (later.shown, later.missing) == (day("2026-11-12"), ())


def test_a_proof_without_a_place_is_for_the_only_board() -> None:
    """With one board of the audience nobody need name it; with two a nameless proof is for neither."""
    one = proofs(record(audience="external", steps=(*posted("2026-11-05"), proved("2026-11-05"))))
    two = proofs(record(steps=(*posted("2026-11-05"), proved("2026-11-05"))))

    assert one.missing == (Spot("website"),)
    assert two.missing == (Spot("board", OUTER), Spot("board", INNER), Spot("website"))


def test_what_was_resumed_must_hang_again() -> None:
    """A sheet that was taken down while the record was suspended is owed again when it is resumed."""
    steps = [*posted("2026-11-05"), proved("2026-11-05", place=OUTER), step("suspend", "2026-11-06"),
             gone("2026-11-06", place=OUTER), step("resume", "2026-11-09")]  # fmt: skip
    alone = item(channels=("board",))

    assert proofs(record(audience="external", steps=tuple(steps)), alone).missing == (Spot("board", OUTER),)
    again = record(audience="external", steps=(*steps, proved("2026-11-09", place=OUTER)))
    assert proofs(again, alone).missing == ()


def test_what_was_taken_down_is_not_owed_again() -> None:
    """A sheet that made room for others stays down; an older photo handed in later does not hang it up again."""
    steps = (*posted("2026-11-05"), proved("2026-11-05", place=OUTER), gone("2026-12-01", place=OUTER))
    alone = item(channels=("board",))
    late = proofs(record(audience="external", steps=(*steps, proved("2026-11-04", place=OUTER))), alone)
    again = proofs(record(audience="external", steps=(*steps, proved("2026-12-02", place=OUTER))), alone)

    assert proofs(record(audience="external", steps=steps), alone).missing == ()
    assert (late.up, again.up) == (frozenset(), {Spot("board", OUTER)})


@pytest.mark.parametrize(
    ("hangs", "earliest", "enough"),
    [
        ("2026-11-02", "2026-11-09", True),
        ("2026-11-03", "2026-11-09", True),
        ("2026-11-04", "2026-11-11", False),
        ("2026-11-06", "2026-11-13", False),
    ],
)
def test_a_sheet_hung_late_makes_the_notice_too_short(hangs: str, earliest: str, enough: bool) -> None:
    """After the first day of the notice the proven day counts, and the error names the earliest lawful end."""
    late = nominees(proved(hangs, place=INNER), audience="internal")
    school = snapshot([LIST], [late])
    period = notice_of(late, LIST, school)
    found = list(notice_is_long_enough(late, school, day("2026-11-06")))

    assert period is not None
    assert (period.enough, period.earliest.isoformat()) == (enough, earliest)
    assert [p.level for p in found] == ([] if enough else [Level.ERROR])
    if not enough:
        assert f"the sheet hung from {hangs} on only" in str(found[0].message)
        assert earliest in str(found[0].fix)


def test_the_slowest_board_counts() -> None:
    """With two boards the notice begins when it hangs on both."""
    late = nominees(proved("2026-11-02", place=OUTER), proved("2026-11-05", place=INNER))

    assert hung(late, LIST, snapshot([LIST], [late])) == day("2026-11-05")


def test_an_edition_that_only_ends_later_mends_it() -> None:
    """The notice of the first edition goes on: the second one, posted later, counts from the same day."""
    first = nominees(proved("2026-11-05", place=INNER), audience="internal")
    second = edition(first, 2, fields={"from": "2026-11-03", "to": "2026-11-12"}, steps=posted("2026-11-09"))
    school = snapshot([LIST], [first, second])
    changed = edition(first, 2, fields={"from": "2026-11-04", "to": "2026-11-12"}, steps=posted("2026-11-09"))

    assert list(notice_is_long_enough(first, school, day("2026-11-10"))) == []
    assert list(notice_is_long_enough(second, school, day("2026-11-10"))) == []
    anew = list(notice_is_long_enough(changed, snapshot([LIST], [first, changed]), day("2026-11-10")))
    assert [p.code for p in anew] == ["notice-too-short"]


def test_a_list_must_go_when_its_notice_is_over() -> None:
    """The day after the last one a removal is due for each board, until it is recorded."""
    hanging = nominees(proved("2026-11-03", place=OUTER), proved("2026-11-03", place=INNER))

    def due(of: Record, today: str) -> list[tuple[Spot, str, str]]:
        found = removals(of, LIST, snapshot([LIST], [of]), day(today))
        return [(r.spot, r.since.isoformat(), r.why) for r in found]

    both = [(Spot("board", OUTER), "2026-11-10", "notice-over"), (Spot("board", INNER), "2026-11-10", "notice-over")]
    one_down = nominees(*hanging.steps[4:], gone("2026-11-10", place=OUTER))
    all_down = nominees(*one_down.steps[4:], gone("2026-11-11", place=INNER))
    assert due(hanging, "2026-11-09") == []
    assert due(hanging, "2026-11-10") == both
    assert due(one_down, "2026-11-10") == both[1:]
    assert due(all_down, "2026-11-30") == []


def test_what_is_stopped_must_go_at_once() -> None:
    """A suspended or withdrawn record is taken down on every lasting channel, not where it was only said."""
    spoken = item(channels=("board", "website", "congress"))
    steps = [*posted("2026-11-05"), step("suspend", "2026-11-06")]
    stopped = record(audience="external", steps=tuple(steps))
    ended = record(audience="external", steps=(*steps, step("withdraw", "2026-11-10")))

    for one, why in ((stopped, "suspended"), (ended, "withdrawn")):
        found = removals(one, spoken, snapshot([spoken], [one]), day("2026-11-11"))
        assert [(r.spot, r.since.isoformat(), r.why) for r in found] == [
            (Spot("board", OUTER), "2026-11-06", why),
            (Spot("website"), "2026-11-06", why),
        ]


def test_an_old_edition_goes_from_boards_where_the_new_one_does_not_hang() -> None:
    """A replaced sheet must go, unless the new one is proven at its place."""
    steps = (*posted("2026-11-05"), proved("2026-11-05", place=OUTER), proved("2026-11-05", place=INNER))
    first = record(steps=steps)
    second = edition(first, 2, steps=(*posted("2026-11-09"), proved("2026-11-09", place=OUTER)))
    found = removals(first, REPORT, snapshot([REPORT], [first, second]), day("2026-11-10"))

    assert [(r.spot, r.since.isoformat(), r.why) for r in found] == [(Spot("board", INNER), "2026-11-09", "superseded")]
