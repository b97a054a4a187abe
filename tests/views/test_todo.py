"""What must be done now: the kinds of task that a folder of records can hold."""

from __future__ import annotations

from dataclasses import replace

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Due, Duty, Field, Notice
from schoolpub.model.record import Step
from schoolpub.views.clock import todo, todo_text
from schoolpub.views.clock.task import Task
from tests.rules.sample_calendar import CALENDAR
from tests.rules.sample_chain import INNER, OUTER, day, edition, gone, posted, proved, record, snapshot, step
from tests.rules.sample_records import item

MAILBOX = item(
    "mailbox-check", name="校长信箱开箱检查", ledger="feedback", flow="short", department="办公室",
    duties=(Duty(every="tuesday", in_term=True, due=Due(same_day=True, roll="next-workday")),),
)  # fmt: skip
LIST = item(
    "aid-list", name="拟资助名单公示", channels=("board",), privacy="pupil-name", after_notice="remove",
    notice=Notice(days="5wd", first="from", last="to"),
    fields={key: Field(key=key, name=key, type="date") for key in ("from", "to")},
)  # fmt: skip
PROFILE = item("profile", name="学校基本情况", stale_after="1y")


def told(found: list[Task]) -> list[tuple[str, str, str, str]]:
    return [(t.kind, t.state, t.note, t.command) for t in found]


def test_the_mailbox_is_opened_every_tuesday() -> None:
    """A Tuesday on which nobody opened it is told with its date and weekday until somebody did."""
    school = snapshot([MAILBOX], [record("mailbox-check", "2026-11-17", steps=posted("2026-11-17"))])
    school = replace(school, school=replace(school.school, owed_since=day("2026-11-17")))
    found = todo.tasks(school, day("2026-11-26"), horizon_days=0)

    assert [t.what for t in found[:1]] == ["11月24日（周二）未开箱：校长信箱开箱检查"]
    assert told(found)[0] == (
        "mailbox", "late", "应开箱 2026年11月24日，逾期 2 个工作日", "schoolpub mailbox check --letters N --date DATE"
    )  # fmt: skip


def test_a_notice_from_its_end_to_its_removal() -> None:
    """It ends soon, ends today, must come down from each board, and is gone when that is recorded."""
    steps = [*posted("2026-11-02"), proved("2026-11-02", place=OUTER), proved("2026-11-02", place=INNER)]
    fields = {"from": "2026-11-03", "to": "2026-11-09"}

    def kinds(today: str, *more: object) -> list[tuple[str, str, str]]:
        shown = record("aid-list", "2026-11-02", fields=fields, steps=(*steps, *more))
        found = todo.tasks(snapshot([LIST], [shown]), day(today))
        return [(t.kind, t.state, t.note) for t in found if t.kind != "calendar"]

    assert kinds("2026-11-05") == [("notice", "soon", "公示期至 2026年11月9日，期满须撤下")]
    assert kinds("2026-11-09") == [("notice", "due", "公示期至 2026年11月9日，期满须撤下")]
    assert kinds("2026-11-10") == [
        ("takedown", "due", f"公示期已满，名单应当撤下，从{OUTER}撤下"),
        ("takedown", "due", f"公示期已满，名单应当撤下，从{INNER}撤下"),
    ]
    assert kinds("2026-11-12", gone("2026-11-10", place=OUTER)) == [
        ("takedown", "late", f"公示期已满，名单应当撤下，从{INNER}撤下，逾期 2 个工作日")
    ]
    assert kinds("2026-11-12", gone("2026-11-10", place=OUTER), gone("2026-11-11", place=INNER)) == []


def test_what_hung_without_a_proof_is_explained() -> None:
    """A notice that is over cannot be proven today: an older photo does, or a remark."""
    steps = [*posted("2026-11-02"), proved("2026-11-02", place=OUTER),
             gone("2026-11-10", place=OUTER), gone("2026-11-10", place=INNER)]  # fmt: skip
    fields = {"from": "2026-11-03", "to": "2026-11-09"}

    def asked(*more: Step) -> list[tuple[str, str]]:
        shown = record("aid-list", "2026-11-02", fields=fields, steps=(*steps, *more))
        found = todo.tasks(snapshot([LIST], [shown]), day("2026-11-12"))
        return [(t.note[:10], t.command.partition(" --on ")[2]) for t in found if t.kind == "prove"]

    assert asked() == [("公示期已满，没有取证", "DATE --photo FILE")]
    assert asked(step("remark", "2026-11-11", remark="当时没有拍照")) == []


def test_what_stands_for_long_is_looked_at_again() -> None:
    """The newest record of the item is stale after its review period; a newer one or a new edition renews it."""
    old = record("profile", "2026-01-05", steps=posted("2026-01-05"))
    newer = record("profile", "2026-06-05", steps=posted("2026-06-05"))
    again = edition(old, 2, steps=posted("2026-09-01"))

    def stale(*records: object) -> list[str]:
        found = todo.tasks(snapshot([PROFILE], list(records)), day("2027-01-05"))  # type: ignore[arg-type]
        return [t.record for t in found if t.kind == "stale"]

    assert stale(old) == [old.id]
    assert stale(old, newer) == []
    assert stale(old, again) == []


def test_the_calendar_is_missed() -> None:
    """A year without a table and a term that nobody entered are tasks of the office."""
    lacking = Calendar(years={2025: CALENDAR.years[2025]}, terms=CALENDAR.terms[:1])
    found = todo.tasks(snapshot([PROFILE], calendar=lacking), day("2026-02-01"))

    assert [(t.what, t.command, t.persons) for t in found] == [
        ("2026年放假安排尚未登记", "schoolpub calendar add 2026", ("chu",)),
        ("学期起止日期只登记到 2026年1月23日", 'schoolpub adopt records/calendar/terms.yaml --reason "…"', ("chu",)),
    ]


def test_on_the_screen() -> None:
    """Sections come in the order of urgency; what waits for me stands first; long lists are cut with the way to all."""
    late = [record("profile", f"2026-11-0{n}", steps=(step("draft", f"2026-11-0{n}"),)) for n in range(1, 4)]
    school = snapshot([PROFILE], late)
    found = todo.tasks(school, day("2026-11-05"))
    lines = todo_text.text(found, school, day("2026-11-05"), most=2, me="zhao")

    assert lines[:8] == [
        "2026年11月5日 星期四　示例学校",
        "",
        "等我办理（3）",
        "  · profile，草稿，待报送（总务处　赵敏）",
        "      schoolpub submit profile-20261101",
        "  · profile，草稿，待报送（总务处　赵敏）",
        "      schoolpub submit profile-20261102",
        "  …… 还有 1 项：schoolpub due",
    ]
    quiet = snapshot([PROFILE])
    assert todo_text.text([], quiet, day("2026-11-05"))[1:] == ["", "没有到期、待办或者待取证的事项。"]
    rows = todo_text.rows(found)
    assert all(isinstance(value, str | int | bool) for row in rows for value in row.values())
