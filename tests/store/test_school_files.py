"""school.yaml, people.yaml and calendar/: everything they say is read, and every mistake in them is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolpub.errors import SchoolpubError
from schoolpub.model.calendar import Closing, Term, YearTable
from schoolpub.model.people import Appointment, Key, Person
from schoolpub.model.school import Account, Board, Contact
from schoolpub.store.files.calendar_file import read_terms, read_year, year_text
from schoolpub.store.files.people_file import read_people, with_appointment, with_end, with_key, with_person
from schoolpub.store.files.school_file import read_school
from schoolpub.store.yaml.strict_yaml import parse

SCHOOL = """\
schoolpub: 1
name: 示例学校
sample: yes
site: https://school.invalid/gk
office: {name: 公开办, telephone: 000-00000001, hours: 工作日 8:00—17:00}
authority: {name: 示例区教育局, telephone: 000-00000002}
boards:
- {name: 校门外公开栏, audience: external, place: 正门}
hotlines:
- {name: 意见电话, telephone: 000-00000003}
accounts:
- {name: 示例学校, bank: 示例银行, number: "0001"}
departments: [校长室, 总务处]
shared-machine: no
settings: {large-sum: 5000, due-soon-days: 3, meal-limit: 12.00}
"""
PEOPLE = """\
# 人员
persons:
  zhao-min: {name: 赵敏, emails: [zhao-min@school.invalid]}
  qian-li:
    name: 钱立

appointments:
# 填报
- {person: zhao-min, role: 填报人, department: 总务处, from: 2026-01-01}   # 兼
- {person: qian-li, body: 监督小组, from: 2026-01-01, until: 2026-06-30}
# 结束
- {person: zhao-min, role: 填报人, department: 总务处, until: 2026-12-31}

keys: []   # 暂无
"""
YEAR = """\
year: 2026
notice: 示例通知
holidays:
- {name: 元旦, from: 2026-01-01, to: 2026-01-03}
- {name: 清明节, from: 2026-04-05, to: 2026-04-05}
workdays:
- {date: 2026-01-04, for: 元旦}
"""


def told(read, text: str, file: str = "f.yaml") -> list[tuple[str, tuple[str | int, ...]]]:
    """Return code and place of every problem that *read* finds."""
    tree, problems = parse(text.encode(), file)
    assert problems == []
    return [(p.code, p.where) for p in read(tree, file)[-1]]


def people(text: str | bytes):
    found, problems = read_people(parse(text.encode() if isinstance(text, str) else text, "p.yaml")[0], "p.yaml")
    assert problems == []
    return found


def test_a_school_is_read():
    """Places, contacts and settings arrive where the model keeps them; an address ends in a slash."""
    school, problems = read_school(parse(SCHOOL.encode(), "s")[0], "s")

    assert problems == []
    assert (school.name, school.sample, school.site, school.shared_machine) == (
        "示例学校", True, "https://school.invalid/gk/", False,
    )  # fmt: skip
    assert school.office == Contact(name="公开办", telephone="000-00000001", hours="工作日 8:00—17:00")
    assert school.boards == (Board(name="校门外公开栏", audience="external", place="正门"),)
    assert school.accounts == (Account(name="示例学校", bank="示例银行", number="0001"),)
    assert (school.large_sum, school.due_soon_days) == (Decimal(5000), 3)
    assert school.settings == {"meal_limit": "12.00"}
    assert "00000000003" in school.telephones


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("nmae: 示例学校\n", [("unknown-key", ("nmae",)), ("missing-key", ("name",))]),
        ("[]", [("wrong-shape", ())]),
        ("null", [("wrong-shape", ())]),
        ("name: a\nsite: school.invalid\nsample: maybe\n", [("value-yes-no", ("sample",)), ("value-url", ("site",))]),
        ("name: a\nboards: {name: x}\n", [("wrong-shape", ("boards",))]),
        ("name: a\nboards:\n- {name: x, audience: outside}\n- y\n",
         [("value-choice", ("boards", 0, "audience")), ("wrong-shape", ("boards", 1))]),
        ("name: a\nsettings: {large-sum: many, due-soon-days: -1}\n",
         [("value-money", ("settings", "large-sum")), ("value-integer", ("settings", "due-soon-days"))]),
        ("name: [a]\noffice: x\nhotlines:\n- {telephone: 1}\n",
         [("wrong-shape", ("name",)), ("wrong-shape", ("office",)), ("missing-key", ("hotlines", 0, "name"))]),
        ("schoolpub: 9\nname: a\n", [("record-format", ("schoolpub",))]),
    ],
)  # fmt: skip
def test_every_mistake_of_a_school_is_told(text, problems):
    """A school.yaml with mistakes stops nothing: each is told at its place."""
    assert told(read_school, text) == problems


def test_a_slip_in_a_name_is_put_right():
    """An unknown key near a known one is answered with that."""
    problem = read_school({"name": "a", "hotline": None}, "s")[1][0]

    assert str(problem.message) == "“hotline” is not known here."
    assert str(problem.fix) == "Did you mean “hotlines”?"


def test_people_are_read():
    """A line without `from` ends the open appointment that it names; a seat in a body needs no role."""
    found = people(PEOPLE)

    assert found.persons["qian-li"] == Person(id="qian-li", name="钱立")
    assert found.appointments == (
        Appointment(
            person="zhao-min", role="填报人", department="总务处", since=date(2026, 1, 1), until=date(2026, 12, 31)
        ),
        Appointment(
            person="qian-li", role="成员", body="监督小组", since=date(2026, 1, 1), until=date(2026, 6, 30)
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("persons: {Zhao: {name: x}}\n", [("people-person", ("persons", "Zhao"))]),
        ("persons: {a: {emails: [x]}}\n",
         [("missing-key", ("persons", "a", "name")), ("value-email", ("persons", "a", "emails", 0))]),
        ("persons: {a: {name: x, emails: [A@b.invalid]}, b: {name: y, emails: [a@b.invalid]}}\n",
         [("people-email", ("persons", "b", "emails", 0))]),
        ("persons: {}\nappointments:\n- {person: a, role: b, from: 2026-01-01}\n",
         [("people-unknown", ("appointments", 0, "person"))]),
        ("persons: {a: {name: x}}\nappointments:\n- {person: a, from: 2026-01-01}\n- {person: a, role: b}\n",
         [("missing-key", ("appointments", 0, "role")), ("missing-key", ("appointments", 1, "from"))]),
        ("persons: {a: {name: x}}\nappointments:\n- {person: a, role: b, until: 2026-01-01}\n",
         [("people-end", ("appointments", 0))]),
        ("persons: {a: {name: x}}\nappointments:\n- {person: a, role: b, from: 2026-02-01, until: 2026-01-01}\n"
         "- {person: a, role: c, from: 2026-02-30}\n",
         [("people-order", ("appointments", 0, "until")), ("value-date", ("appointments", 1, "from"))]),
        ("persons: {a: {name: x}}\nkeys:\n- {person: a, key: abc, from: 2026-01-01}\n"
         "- {person: a, key: k k, until: 2026-01-01}\n",
         [("people-key", ("keys", 0, "key")), ("people-end", ("keys", 1))]),
    ],
)  # fmt: skip
def test_every_mistake_of_the_register_is_told(text, problems):
    """Persons, appointments and keys with mistakes are told each at its place."""
    assert told(read_people, text) == problems


def test_entries_are_appended_and_comments_stay():
    """Adding to the register adds lines, at the end of their group and indented as it is; nothing else changes."""
    open_one = Appointment(person="zhao-min", role="公开办", since=date(2026, 3, 1))
    data = with_person(PEOPLE.encode(), Person(id="sun-jie", name="孙洁", emails=("sun-jie@school.invalid",)))
    data = with_appointment(data, open_one)
    data = with_end(data, open_one, date(2026, 8, 31))
    data = with_key(data, Key(person="sun-jie", key="ssh-ed25519 AAAA", since=date(2026, 3, 1)))
    data = with_key(data, Key(person="qian-li", key="ssh-ed25519 BBBB", since=date(2026, 3, 1)))

    assert data.decode() == PEOPLE.replace(
        "    name: 钱立\n",
        "    name: 钱立\n  sun-jie: {name: 孙洁, emails: [sun-jie@school.invalid]}\n",
    ).replace(
        "until: 2026-12-31}\n",
        "until: 2026-12-31}\n"
        "- {person: zhao-min, role: 公开办, from: 2026-03-01}\n"
        "- {person: zhao-min, role: 公开办, until: 2026-08-31}\n",
    ).replace(
        "keys: []   # 暂无\n",
        "keys:   # 暂无\n"
        "- {person: sun-jie, key: ssh-ed25519 AAAA, from: 2026-03-01}\n"
        "- {person: qian-li, key: ssh-ed25519 BBBB, from: 2026-03-01}\n",
    )  # fmt: skip
    assert people(data).appointments[-1].until == date(2026, 8, 31)


def test_a_register_without_groups_gets_them():
    """A missing group is begun, an indented list goes on indented, a missing last line end is mended."""
    data = with_appointment(b"persons:\n  a: {name: x}", Appointment(person="a", role="r", since=date(2026, 1, 1)))
    assert data == b"persons:\n  a: {name: x}\nappointments:\n- {person: a, role: r, from: 2026-01-01}\n"

    indented = data.replace(b"\n- ", b"\n  - ") + b"keys: []\n"
    more = with_appointment(indented, Appointment(person="a", role="q", body="b", since=date(2026, 1, 2)))
    assert more == indented.replace(b"keys", b"  - {person: a, role: q, body: b, from: 2026-01-02}\nkeys")


def test_what_cannot_be_added_to_is_refused():
    """A register with mistakes, or with a group squeezed into one line, is left as it is, with the way out."""
    for data in (b"persons: {a: {name: x}}\npersons: {}\n", b"persons: {a: {name: x}}\n"):
        with pytest.raises(SchoolpubError) as refused:
            with_person(data, Person(id="b", name="y"))
        assert refused.value.fix is not None


def test_a_year_is_read_and_written():
    """A year's table lists each day off and each day worked; writing it gives the same file."""
    table, problems = read_year(parse(YEAR.encode(), "2026.yaml")[0], "records/calendar/2026.yaml")

    assert problems == []
    assert list(table.holidays.items()) == [
        (date(2026, 1, 1), "元旦"), (date(2026, 1, 2), "元旦"), (date(2026, 1, 3), "元旦"),
        (date(2026, 4, 5), "清明节"),
    ]  # fmt: skip
    assert table.workdays == {date(2026, 1, 4): "元旦"}
    assert year_text(table) == YEAR


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.dictionaries(DAYS, st.sampled_from(["春节", "国庆节", "no"])), st.dictionaries(DAYS, st.just("春节")))
def test_every_year_survives_writing_and_reading(holidays, workdays):
    """Whatever days a table holds, its file says the same."""
    workdays = {day: name for day, name in workdays.items() if day.weekday() > 4 and day not in holidays}
    table = YearTable(year=2026, notice="通知：示例", holidays=dict(sorted(holidays.items())), workdays=workdays)

    assert read_year(parse(year_text(table).encode(), "2026.yaml")[0], "2026.yaml") == (table, [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("year: 2025\n", [("calendar-year", ("year",))]),
        ("holidays: []\n", [("missing-key", ("year",))]),
        ("year: 2026\nholidays:\n- {name: a, from: 2026-01-03, to: 2026-01-01}\n- {name: a, from: 1/1}\n",
         [("calendar-order", ("holidays", 0)), ("value-date", ("holidays", 1, "from"))]),
        ("year: 2026\nholidays:\n- {name: a, from: 2026-01-03}\n- {name: b, from: 2026-01-03}\n"
         "workdays:\n- {date: 2026-01-03}\n",
         [("calendar-twice", ("holidays", 1)), ("calendar-twice", ("workdays", 0))]),
        ("year: 2026\nworkdays:\n- {date: 2026-01-05, for: a}\n- {dat: 2026-01-04}\n",
         [("calendar-workday", ("workdays", 0, "date")), ("unknown-key", ("workdays", 1, "dat")),
          ("missing-key", ("workdays", 1, "date"))]),
    ],
)  # fmt: skip
def test_every_mistake_of_a_year_is_told(text, problems):
    """Days twice, days in the wrong order and make-up days that are none are told at their place."""
    assert told(read_year, text, "records/calendar/2026.yaml") == problems


def test_terms_are_read():
    """Terms come in order of time, with their middle; closing days stand beside them."""
    text = (
        "terms:\n- {id: 2026-2027-1, name: 上学期, first: 2026-08-31, last: 2027-01-22, middle: 2026-11-06}\n"
        "- {id: 2025-2026-2, first: 2026-03-02, last: 2026-07-10}\nclosings:\n- {name: 校庆, first: 2026-10-20}\n"
    )

    terms, closings, problems = read_terms(parse(text.encode(), "t")[0], "t")

    assert problems == []
    assert terms == (
        Term(id="2025-2026-2", name="2025-2026-2", first=date(2026, 3, 2), last=date(2026, 7, 10)),
        Term(
            id="2026-2027-1", name="上学期", first=date(2026, 8, 31), last=date(2027, 1, 22), middle=date(2026, 11, 6)
        ),
    )  # fmt: skip
    assert closings == (Closing(name="校庆", first=date(2026, 10, 20), last=date(2026, 10, 20)),)


def test_every_mistake_of_terms_is_told():
    """Terms that overlap, are named otherwise or have their middle outside are told."""
    text = (
        "terms:\n- {id: 2026-1, first: 2026-08-31, last: 2027-01-22}\n"
        "- {id: 2026-2027-1, first: 2026-08-31, last: 2026-01-22}\n"
        "- {id: 2026-2027-1, first: 2026-08-31, last: 2027-01-22, middle: 2026-01-01}\n"
        "- {id: 2026-2027-2, first: 2027-01-20, last: 2027-07-01}\n"
    )

    assert told(read_terms, text) == [
        ("calendar-term", ("terms", 0, "id")),
        ("calendar-order", ("terms", 1)),
        ("calendar-order", ("terms", 2, "middle")),
        ("calendar-term", ("terms", 3)),
    ]
