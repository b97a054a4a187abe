"""Waivers: what they cover, until when, and what they cannot do."""

from __future__ import annotations

from typing import Any

import pytest

from schoolpub.model.catalogue import Due, Duty, Field, Waives
from schoolpub.model.record import Record
from schoolpub.rules.checks.waivers import waiver_names_a_duty
from schoolpub.rules.clock.deadlines import due_of
from schoolpub.rules.clock.duties import owed
from tests.rules.sample_chain import day, posted, record, snapshot, step
from tests.rules.sample_records import item

FIFTH = Duty(every="month", due=Due(day=5, of="next-month"))
MONTHLY = item("canteen", name="食堂收支", duties=(FIFTH,), period="month")
KEYS = ("waived", "periods", "until", "postponed")
WAIVER = item(
    "waiver",
    waives=Waives(item="waived", periods="periods", until="until", postponed="postponed"),
    fields={key: Field(key=key, name=key, type="text") for key in KEYS},
)


def waiver(on: str = "2026-07-01", *steps: Any, **fields: Any) -> Record:
    return record("waiver", on, fields={"waived": "canteen", **fields}, steps=steps or posted(on))


def states(*records: Record, today: str = "2026-12-20") -> dict[str, str]:
    found = owed(snapshot([MONTHLY, WAIVER], list(records)), day(today))
    return {o.key: f"{o.state.value} {o.due.date:%m-%d}" for o in found if o.key >= "2026-05"}


def test_it_covers_what_falls_due_until_its_end() -> None:
    """What was due before its posting or falls due after its end is owed as ever."""
    found = states(waiver(until="2026-09-05"))

    assert found["2026-05"] == "late 06-05"
    assert [found[f"2026-{month:02}"] for month in (6, 7, 8)] == ["waived 07-05", "waived 08-05", "waived 09-05"]
    assert found["2026-09"] == "late 10-05"


def test_named_periods_only() -> None:
    """With periods it covers those and no others, also one that was late already; a span names what lies in it."""
    found = states(waiver(periods=["2026-05", "2026-07..2026-08"], until="2026-12-31"))

    assert [key for key, state in found.items() if state.startswith("waived")] == ["2026-05", "2026-07", "2026-08"]


def test_the_item_may_be_named_in_chinese() -> None:
    """The name of the item does as well as its slug; another item's waiver does nothing."""
    assert states(waiver(waived="食堂收支", until="2026-09-05"))["2026-07"].startswith("waived")
    assert states(waiver(waived="别的事项", until="2026-09-05"))["2026-07"].startswith("late")


@pytest.mark.parametrize(
    "steps",
    [
        (step("draft", "2026-07-01"), step("submit", "2026-07-01")),
        (*posted("2026-07-01"), step("suspend", "2026-07-02")),
        (*posted("2026-07-01"), step("suspend", "2026-07-02"), step("withdraw", "2026-07-03")),
    ],
)
def test_only_a_public_waiver_counts(steps: tuple[Any, ...]) -> None:
    """A draft lets nothing off, and neither does one that was stopped or withdrawn."""
    assert states(waiver("2026-07-01", *steps, until="2026-09-05"))["2026-07"] == "late 08-05"


def test_one_without_an_end_covers_nothing() -> None:
    """A waiver for ever would be no waiver."""
    assert states(waiver())["2026-07"] == "late 08-05"


def test_a_duty_may_be_put_off() -> None:
    """Put off, it is owed on the other day, and late after it; posted by then it is in time."""
    put_off = waiver("2026-08-03", periods="2026-07", postponed="2026-10-09")
    done = record("canteen", "2026-07", steps=posted("2026-10-09"))
    school = snapshot([MONTHLY, WAIVER], [put_off, done])
    due = due_of(done, MONTHLY, school)

    assert states(put_off, today="2026-10-08")["2026-07"] == "soon 10-09"
    assert states(put_off, today="2026-10-12")["2026-07"] == "late 10-09"
    assert states(put_off, done)["2026-07"] == "paid 10-09"
    assert due is not None
    assert (due.date, put_off.id in due.why) == (day("2026-10-09"), True)


def test_it_must_name_an_item_and_periods() -> None:
    """A slip in the name of the item, or a period that nobody can read, is told."""
    wrong = waiver(waived="canten", periods=["2026年7月", "2026-08"], until="2026-09-05")
    found = list(waiver_names_a_duty(wrong, snapshot([MONTHLY, WAIVER], [wrong])))

    assert [p.where for p in found] == [("fields", "waived"), ("fields", "periods")]
    assert "canteen" in str(found[0].fix)
    assert list(waiver_names_a_duty(waiver(until="2026-09-05"), snapshot([MONTHLY, WAIVER]))) == []
