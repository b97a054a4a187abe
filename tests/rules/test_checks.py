"""Checks: everything that `schoolpub check` shows, of one record and of all together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from schoolpub.errors import Problem, say
from schoolpub.model.people import Appointment
from schoolpub.rules.checks import check_record, check_snapshot, is_open
from tests.rules.sample_things import PEOPLE, catalogue, record, snapshot, step, thing

TODAY = date(2026, 11, 10)
PLAIN = """
fields:
  note: {name: 说明, type: long-text, optional: yes}
  basis: {name: 依据, type: documents, optional: yes}
  number: {name: 文号, type: document-number, optional: yes}
  source: {name: 来源, type: reference, optional: yes, to: [thing]}
  lines:
    name: 明细
    type: table
    optional: yes
    columns:
      ref: {name: 记录, type: reference, optional: yes}
      text: {name: 内容, type: text, optional: yes}
rules:
- name: known
  need: present(note)
  level: warning
"""
EDITION = thing(PLAIN)
NOTE = {"note": "内容完整。"}


def checked(one, *others, edition=EDITION, today=TODAY, **changes) -> list[str]:
    """Return what checking *one* beside *others* finds, a line each."""
    return [told(p) for p in check_record(one, snapshot(edition, [one, *others], **changes), today)]


def told(p: Problem) -> str:
    return f"{p.level} {p.code} {'.'.join(map(str, p.where))}: {p.message} | {p.fix}"


def codes(lines: list[str]) -> list[str]:
    return [line.partition(":")[0] for line in lines]


def test_a_good_record_has_no_problem():
    """A record that fits its item, lies in its place and went its way is silent."""
    signed = (
        step("draft"),
        step("submit", content="sha256:one"),
        step("sign", "qian-li", "部门负责人", content="sha256:one", says={"number": "校公开〔2026〕1号"}),
    )

    assert checked(record(NOTE, steps=signed)) == []
    assert check_snapshot(snapshot(EDITION, [record(NOTE, steps=signed)]), TODAY) == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"item": "thinks", "id": "thinks-20261103-abcd"},
            "error item-unknown item: the catalogue has no item thinks | Did you mean thing?",
        ),
        (
            {"catalogue": date(2027, 1, 1)},
            "error catalogue-unknown catalogue: there is no edition "
            "2027-01-01 of the catalogue | Did you mean 2026-01-01?",
        ),
        (
            {"steps": (step("draft", day="2025-12-31"),)},
            "error catalogue-not-in-force catalogue: the edition 2026-01-01 of the catalogue was not in force on "
            "2025-12-31, when the record was drafted | In force was -.",
        ),
        (
            {"department": "总物处"},
            "error department-unknown department: the school has no department “总物处” | Did you mean 总务处?",
        ),
        (
            {"file": "records/disclosures/2026/other.yaml"},
            "error file-name id: the file is called other.yaml, but holds the record thing-20261103-abcd | "
            "Call the file thing-20261103-abcd.yaml.",
        ),
        (
            {"file": "records/disclosures/2025/thing-20261103-abcd.yaml"},
            "error file-folder : the record lies in a folder of another ledger or year | "
            "Move it to records/disclosures/2026/thing-20261103-abcd.yaml.",
        ),
        (
            {"says": {"knwon": "…"}},
            "warning says-unknown says.knwon: there is no rule “knwon” to explain | Did you mean known?",
        ),
        (
            {"period": "2026-10"},
            "error record-period period: “示例事项” is about an event and needs its date | Write date: 2026-11-03",
        ),
        (
            {"part": "mid"},
            "error part-unknown part: “示例事项” has no part “mid” | Delete this line.",
        ),
    ],
)
def test_record_must_fit_its_catalogue_and_its_place(changes, line):
    """What does not fit edition, item, school or folder is told, with what to write instead."""
    assert line in checked(record(NOTE, **changes))


def test_audience_may_only_be_narrower():
    """An item for everybody may be shown to fewer; an internal one never to outsiders."""
    internal = replace(EDITION, items={"thing": replace(EDITION.items["thing"], audience="internal")})

    assert checked(record(NOTE, audience="internal")) == []
    assert codes(checked(record(NOTE, audience="external"), edition=internal)) == ["error audience-too-wide audience"]


def test_monthly_item_takes_months():
    """A record of a monthly item has a month, and says which part it is where the item is published in parts."""
    edition = thing(PLAIN, period="month")

    assert checked(record(NOTE, period="2026-10"), edition=edition) == []
    assert codes(checked(record(NOTE, period="2026Q4"), edition=edition)) == ["error record-period period"]
    assert "error record-period date" in codes(checked(record(NOTE), edition=edition))


def test_text_changed_after_approval_is_found():
    """A body that is not the one that was submitted or signed is an error, until it was returned for mending."""
    submitted = (step("draft"), step("submit", content="sha256:two"))
    returned = (*submitted, step("return", "qian-li", "部门负责人", says={"reason": "补充"}))

    assert checked(record(NOTE, steps=submitted)) == [
        "error content-changed steps.1.content: the text was changed "
        "after the step “submit” of 2026-11-03: nobody approved "
        "what it says now | Restore the text of that day; to change it, use `schoolpub return` or `schoolpub correct`."
    ]
    assert checked(record(NOTE, steps=returned)) == []


def test_steps_that_the_flow_does_not_allow_are_told():
    """A step out of turn and an actor without the post are problems of the record."""
    assert codes(checked(record(NOTE, steps=(step("draft"), step("post", "sun-he", "公开办"))))) == [
        "error step-not-allowed steps.1"
    ]
    assert codes(checked(record(NOTE, steps=(step("draft", "sun-he"),)))) == ["error not-entitled steps.0.by"]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("由XX部门负责", True),
        ("××学校", True),
        ("某某同志", True),
        ("请于X月X日前", True),
        ("（注：此处应写明依据）", True),
        ("共计。", True),
        ("示例〔〕1号", True),
        ("名称（ ）", True),
        ("详见……", True),
        ("金额____元", True),
        ("校服XXL号", False),
        ("180×620", False),
        ("共计300元。", False),
        ("示例〔2026〕1号（含附件）", False),
        ("Xbox与X光机", False),
    ],
)
def test_model_text_that_was_left_in_is_found(text, hit):
    """Places of a model text that nobody filled in are errors in titles and texts; sizes and products are not."""
    found = checked(record({"note": text}))

    assert [c for c in codes(found) if "model-text" in c] == (["error model-text fields.note"] if hit else [])
    assert [c for c in codes(checked(record(NOTE, title=text))) if "model-text" in c] == (
        ["error model-text title"] if hit else []
    )


def test_model_text_may_be_meant():
    """What the record explains is a warning."""
    found = checked(record({"note": "详见……"}, says={"model-text": "原文如此"}))

    assert codes(found) == ["warning model-text fields.note"]


def test_document_numbers_that_cannot_be_right():
    """A document of a year to come, of another year than in the record before, or with other brackets is a warning."""
    edition = thing(PLAIN, period="month")
    before = record({**NOTE, "number": "示例教〔2026〕12号"}, period="2026-09")
    now = record(
        {**NOTE, "number": "示例教〔2016〕12号", "basis": [{"title": "甲", "number": "示例[2026]3号"}]},
        period="2026-10",
    )
    late = record({**NOTE, "number": "示例教〔2027〕12号"}, period="2026-10")

    assert checked(now, before, edition=edition) == [
        "warning document-brackets fields.basis.0.number: the year "
        "of the document 示例[2026]3号 does not stand in 〔 〕 | "
        "Write 示例〔2026〕3号.",
        "warning document-changed fields.number: 示例教〔2016〕12号 is "
        "cited here, 示例教〔2026〕12号 in thing-2026-09: one of "
        "the years is likely a slip | Check the year of the document.",
    ]
    assert codes(checked(late, edition=edition)) == ["warning document-year fields.number"]


def test_references_lead_to_records_that_count():
    """An id of a record that does not exist, or that the field does not take, is told in fields, rows and `amends`."""
    other = record(NOTE, id="thing-20261001-wxyz", date=date(2026, 10, 1))
    void = record(NOTE, id="thing-20261002-wxyz", date=date(2026, 10, 2),
                  steps=(step("draft"), step("discard", says={"reason": "重复"})))  # fmt: skip
    one = record(
        {**NOTE, "source": other.id, "lines": [{"ref": "thing-20261001-wxyy"}, {"ref": void.id}]},
        body={"amends": "thing-20200101-aaaa"},
    )

    assert [line.partition(" |")[0] for line in checked(one, other, void)] == [
        "error reference-dangling fields.lines.0.ref: there is no record thing-20261001-wxyy",
        "warning reference-void fields.lines.1.ref: the record thing-20261002-wxyz was given up",
        "error reference-dangling amends: there is no record thing-20200101-aaaa",
    ]


NOTICE = """
notice: {days: 5wd, range: notice}
fields:
  notice: {name: 公示期, type: range}
"""


def test_notice_that_is_too_short_names_the_earliest_end():
    """A notice period of four working days is an error that says until when it must last."""
    edition = thing(NOTICE)
    short = record("notice: {from: 2026-11-03, to: 2026-11-06}")
    long = record("notice: {from: 2026-11-03, to: 2026-11-09}")

    (line,) = checked(short, edition=edition, today=date(2026, 11, 1))
    assert line.startswith(
        "error notice-too-short fields.notice.to: the notice period from 2026-11-03 to 2026-11-06 has 4 working days, "
        "required are 5 | Let it end on 2026-11-09 or later"
    )
    assert checked(long, edition=edition, today=date(2026, 11, 1)) == []
    assert codes(checked(long, edition=edition, today=date(2026, 11, 4))) == [
        "warning notice-too-short fields.notice.to"
    ]


def test_a_notice_without_an_end_is_told_once():
    """A period that never ends is an error; what cannot be a period at all is told by its value alone."""
    edition, day = thing(NOTICE), date(2026, 11, 1)

    (line,) = checked(record("notice: {from: 2026-11-03}"), edition=edition, today=day)
    assert line.startswith(
        "error notice-too-short fields.notice: the notice period from 2026-11-03 on has no end | "
        "Let it end on 2026-11-09 or later"
    )
    for wrong in ("notice: 2026-11-03", "notice: {from: 2026-11-03, to: 2026-11-02}"):
        (line,) = checked(record(wrong), edition=edition, today=day)
        assert line.startswith("error value-range")


PAIR = """
a:
  name: 甲
  category: 财务
  department: 总务处
  flow: plain
  channels: [board]
  period: month
  fields:
    end: {name: 结余, type: money}
  rules:
  - equal: [end, previous.end]
"""


def test_signed_records_are_not_judged_against_others_any_more():
    """Rules that look at other records are judged until sign-off, and on request."""
    edition = catalogue(PAIR)
    before = record({"end": "1.00"}, item="a", period="2026-09")
    signed = (step("draft"), step("submit"), step("sign", "qian-li", "部门负责人"))
    draft, done = (record({"end": "2.00"}, item="a", period="2026-10", steps=s) for s in (signed[:1], signed))
    both = snapshot(edition, [before, done])

    assert codes(checked(draft, before, edition=edition)) == ["error rule-equal fields.end"]
    assert checked(done, before, edition=edition) == []
    assert [p.code for p in check_record(done, both, TODAY, outside=True)] == ["rule-equal"]
    assert (is_open(draft, both), is_open(done, both)) == (True, False)


def test_void_records_are_left_alone():
    """A record that was given up is not asked for its values any more."""
    void = record({"note": "XX部门", "nothing": "1"}, steps=(step("draft"), step("discard", says={"reason": "重复"})))

    assert checked(void) == []


def numbered(number: str, day: int, **changes):
    steps = (
        step("draft"),
        step("submit"),
        step("sign", "qian-li", "部门负责人", day=f"2026-11-{day:02}", says={"number": number}),
    )
    return record(NOTE, date=date(2026, 11, day), id=f"thing-202611{day:02}-abcd", steps=steps, **changes)


def everywhere(*records, **changes) -> list[str]:
    return [f"{p.record or p.file} {told(p)}" for p in check_snapshot(snapshot(EDITION, records, **changes), TODAY)]


def test_official_numbers_are_given_once_and_without_gaps():
    """A number that two records bear, and numbers that no record bears, are told with the records."""
    one, two, five = (numbered(f"校公开〔2026〕{n}号", day) for n, day in ((1, 3), (1, 4), (5, 5)))

    assert [line.partition(" |")[0] for line in everywhere(one, two, five)] == [
        "thing-20261104-abcd error number-twice steps.2.number: the "
        "number 校公开〔2026〕1号 belongs to thing-20261103-abcd, too",
        "thing-20261105-abcd warning number-gap steps.2.number: "
        "before 校公开〔2026〕5号 the numbers 2—4 are missing in the register",
    ]


def test_two_records_about_one_period_and_missing_editions():
    """Two records about the same month, and an edition without the one before, are told."""
    edition = thing(PLAIN, period="month")
    records = [
        record(NOTE, period="2026-10"),
        record(
            NOTE, period="2026-10", id="thing-2026-10-copy", file="records/disclosures/2026/thing-2026-10-copy.yaml"
        ),
        record(NOTE, period="2026-09", id="thing-2026-09.v3", edition=3),
    ]

    found = check_snapshot(snapshot(edition, records), TODAY)

    assert [(p.code, p.record) for p in found] == [
        ("period-twice", "thing-2026-10-copy"),
        ("edition-gap", "thing-2026-09.v3"),
    ]


def test_nobody_sits_in_both_groups():
    """A person in the leading and in the supervision group at the same time is a problem of the register."""
    seats = [
        Appointment(person="sun-he", role="成员", body="领导小组", since=date(2026, 1, 1), until=date(2026, 6, 30)),
        Appointment(person="sun-he", role="成员", body="监督小组", since=date(2026, 6, 30)),
        Appointment(person="qian-li", role="成员", body="监督小组", since=date(2026, 1, 1)),
    ]
    overlapping = replace(PEOPLE, appointments=(*PEOPLE.appointments, *seats))
    apart = replace(PEOPLE, appointments=(*PEOPLE.appointments, *seats[1:]))

    assert everywhere(people=overlapping) == [
        "records/people.yaml error groups-overlap appointments: 孙和 "
        "sits in 领导小组 and in 监督小组 from 2026-06-30 on | "
        "End one of the two appointments before the other begins."
    ]
    assert everywhere(people=apart) == []


def test_what_could_not_be_read_comes_first():
    """Problems of reading are shown with everything else."""
    unread = Problem(code="yaml", message=say("broken"), file="records/x.yaml")

    assert check_snapshot(snapshot(EDITION, [], problems=(unread,)), TODAY) == [unread]
