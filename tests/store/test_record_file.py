"""A record's file: read, write, append; the digest that `sed` finds too; signatures over what stands above."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolpub.errors import SchoolpubError, errors
from schoolpub.model.record import Attachment, Signature, Step
from schoolpub.store.files.record_file import append, append_text, content_of, new_text, read_record, signatures
from schoolpub.store.yaml.canonical import signature_text

AT = datetime.fromisoformat("2026-11-03T09:12:00+08:00")
BODY = {
    "schoolpub": "1", "id": "finance-monthly-2026-10", "item": "finance-monthly", "catalogue": "2026-01-01",
    "edition": "1", "title": "2026年10月财务收支月报", "period": "2026-10", "department": "总务处", "audience": "both",
    "fields": {"balance_start": "152300.00"},
    "attachments": [{"file": "明细表.pdf", "title": "支出明细", "carries": ["expense"], "sha256": "5f" * 32}],
}  # fmt: skip
FILE = "records/disclosures/2026/finance-monthly-2026-10.yaml"


def step(name: str = "draft", minutes: int = 0, **says) -> Step:
    return Step(step=name, by="zhao-min", role="填报人", at=AT + timedelta(minutes=minutes), says=says)


def text(steps=None, **changes) -> str:
    body = {key: value for key, value in {**BODY, **changes}.items() if value is not None}
    return new_text(body, [step()] if steps is None else steps)


def told(written: str) -> list[tuple[str, str]]:
    """Return code and field of every problem."""
    return [(p.code, p.field) for p in read_record(written.encode(), FILE)[1]]


def test_a_record_is_read_back():
    """What was written is what is read, typed where the format itself has a type."""
    steps = [step(), step("submit", 28, due="2026-11-05", evidence=[{"file": "a.jpg", "sha256": "77" * 32}])]
    data = text(steps).encode()

    record, problems = read_record(data, FILE)

    assert problems == []
    assert record.id == "finance-monthly-2026-10" and record.period.text == "2026-10" and record.edition == 1
    assert record.body == BODY and record.fields == BODY["fields"]
    assert record.attachments == (
        Attachment(file="明细表.pdf", title="支出明细", sha256="5f" * 32, carries=("expense",)),
    )  # fmt: skip
    assert record.steps == tuple(steps)
    assert record.content == content_of(data) and record.file == FILE


def test_an_event_and_a_second_edition():
    """Ids of events end in date and letters, later editions in `.vN`."""
    event = text(
        id="large-spend-20261103-abcd.v2", item="large-spend", period=None, date="2026-11-03", edition="2", zero="yes"
    )

    record, problems = read_record(event.encode(), FILE)

    assert problems == []
    assert (record.date.isoformat(), record.edition, record.base, record.zero) == (
        "2026-11-03", 2, "large-spend-20261103-abcd", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"titel": "x"}, [("unknown-key", "titel")]),
        ({"title": None}, [("missing-key", "title")]),
        ({"schoolpub": "2"}, [("record-format", "schoolpub")]),
        ({"audience": "all"}, [("value-choice", "audience")]),
        ({"catalogue": "2026-1-1"}, [("value-date", "catalogue")]),
        ({"edition": "two"}, [("value-integer", "edition")]),
        ({"edition": "2"}, [("record-edition", "edition")]),
        ({"id": "finance-monthly-2026-10.v2"}, [("record-edition", "edition")]),
        ({"id": "finance-monthly-2026-10.v1"}, [("record-edition", "edition")]),
        ({"id": "finance-monthly-2026-11"}, [("record-id", "id")]),
        ({"id": "../x"}, [("record-id", "id")]),
        ({"period": None}, [("record-period", "period")]),
        ({"date": "2026-10-01"}, [("record-period", "date")]),
        ({"period": "2026-13"}, [("value-period", "period")]),
        ({"part": "mid"}, [("record-id", "id")]),
        ({"part": "mid", "id": "finance-monthly-2026-10-mid"}, []),
        ({"fields": "income：1"}, [("wrong-shape", "fields")]),
        ({"zero": "maybe"}, [("value-yes-no", "zero")]),
        ({"private": "sha256:12"}, [("value-digest", "private")]),
        ({"attachments": [{"file": "../a.pdf", "sha256": "12"}]},
         [("attachment-name", "attachments.0.file"), ("value-digest", "attachments.0.sha256")]),
        ({"attachments": ["a.pdf"]}, [
            ("wrong-shape", "attachments.0"),
        ]),
    ],
)  # fmt: skip
def test_every_mistake_of_a_body_is_told(changes, problems):
    """Unknown and missing keys, false values and an id that does not agree are found each at its place."""
    assert told(text(**changes)) == problems


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        ("- {step: draft, by: zhao-min, role: 填报人, at: 2026-11-03T09:12:00}", [("step-time", "steps.0.at")]),
        ("- {step: draft, by: zhao-min, role: 填报人, at: 2026-11-03T01:12:00+00:00}", [("step-time", "steps.0.at")]),
        ("- {step: draft, rol: 填报人, at: 2026-11-03T09:12:00+08:00}",
         [("missing-key", "steps.0.by"), ("missing-key", "steps.0.role")]),
        ("- {step: Draft, by: 赵敏, role: 填报人, at: 2026-11-03T09:12:00+08:00}",
         [("step-name", "steps.0.step"), ("step-name", "steps.0.by")]),
        ("- {step: draft, by: a, role: b, on: x, at: 2026-11-03T09:12:00+08:00, content: y, 备注: z}",
         [("unknown-key", "steps.0.备注"), ("value-date", "steps.0.on"), ("value-digest", "steps.0.content")]),
        ("- {signed: a, signature: b}", [("record-steps", "steps.0")]),
        ("- draft", [("wrong-shape", "steps.0")]),
        ("", [("record-steps", "steps")]),
    ],
)  # fmt: skip
def test_every_mistake_of_a_step_is_told(lines, problems):
    """A step says which, by whom, in which role and when, in the forms of the format."""
    assert told(text([]) + lines + "\n") == problems


def test_times_do_not_go_back():
    """A step recorded before the one above it is a problem beyond two minutes."""
    assert told(text([step(), step("submit", -2)])) == []
    assert told(text([step(), step("submit", -3)])) == [("step-time", "steps.1.at")]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("steps:\n", ""),
        lambda t: t.replace("steps:", '"steps":'),
        lambda t: t.replace("steps:", "steps :"),
        lambda t: (
            t.replace("steps:\n- {", "steps: [{").replace("}\n", "}]\n") if "attachments" not in t else "steps: []\n"
        ),
        lambda t: t.replace("title: ", 'summary: "a\nsteps: b"\ntitle: '),
        lambda t: t.replace("title: ", 'summary: "a\nsteps: b"\ntitle: ').replace("\nsteps:\n", '\n"steps":\n'),
        lambda t: t + "summary: below\n",
        lambda t: t.replace("steps:\n", "? steps\n:\n"),
    ],
)
def test_the_line_steps_stands_once_and_is_what_yaml_sees(change):
    """Nothing can make the place that `sed` finds another than the one that the reader uses."""
    record, problems = read_record(change(text()).encode(), FILE)

    assert record is None
    assert errors(problems)


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=30
) | st.sampled_from(["steps:", "\nsteps:\n", "x\nsteps: y\n", "- {step: post}", "'", '"', "#"])


@settings(max_examples=150)
@given(
    st.dictionaries(TEXTS, TEXTS | st.lists(st.dictionaries(TEXTS, TEXTS, max_size=3), max_size=3), max_size=4),
    TEXTS,
    TEXTS,
)
def test_any_text_survives_writing_and_reading(fields, title, opinion):
    """Whatever stands in fields, title or a step is read back, and the digest is that of the bytes above `steps:`."""
    fields.pop("", None)
    steps = [step(), step("review", 1, opinion=opinion)]
    data = text(steps, fields=fields, title=title or "x").encode()

    record, problems = read_record(data, FILE)

    assert problems == []
    assert (record.fields, record.title, record.steps) == (fields, title or "x", tuple(steps))
    assert record.content == "sha256:" + sha256(data[: data.index(b"\nsteps:\n") + 1]).hexdigest()
    assert new_text(record.body, record.steps).encode() == data


@pytest.mark.skipif(shutil.which("sed") is None, reason="this machine has no sed")
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_sed_and_sha256_find_the_same_content(tmp_path, ends):
    """The recipe of the file format gives the digest that the program computes."""
    data = text([step(), step("reply", 1, reply="steps: 一\nsteps: 二\n")]).replace("\n", ends).encode()
    (tmp_path / "r.yaml").write_bytes(data)

    found = subprocess.run(["sed", "/^steps:/,$d", str(tmp_path / "r.yaml")], capture_output=True, check=True)

    assert "sha256:" + sha256(found.stdout).hexdigest() == content_of(data)


def test_appending_changes_nothing_above():
    """Steps are added below; the bytes before them stay, whatever they are."""
    data = text().replace("\n", "\r\n").encode().removesuffix(b"\r\n")

    result = append(data, [step("submit", 1)])

    assert result.startswith(data)
    assert [s.step for s in read_record(result, FILE)[0].steps] == ["draft", "submit"]
    assert content_of(result) == content_of(data)


def test_appending_may_mend_what_windows_left():
    """With `mend` a byte order mark and CRLF go."""
    data = b"\xef\xbb\xbf" + text().replace("\n", "\r\n").encode()

    assert append(append_text(data, "", mend=True), [step("submit", 1)]) == text([step(), step("submit", 1)]).encode()


def test_appending_follows_the_indentation_of_the_steps_above():
    """A file whose steps an editor indented is still one list afterwards."""
    data = text().replace("\n- {step", "\n  - {step").encode()

    record, problems = read_record(append(data, [step("reply", 1, reply="一\n二\n")]), FILE)

    assert problems == []
    assert record.steps[1].says == {"reply": "一\n二\n"}


def test_nothing_is_appended_to_a_file_without_steps():
    """A file without the line `steps:` is refused with the way out."""
    with pytest.raises(SchoolpubError, match="no line “steps:”"):
        append(b"a: 1\n", [step()])


def test_a_signature_is_over_all_bytes_above_its_line():
    """Each signature knows its step and the bytes that it covers; a text that looks like one is none."""
    first = text([step(reply="- {signed: a, signature: b}\n- {signed: a, signature: b}\n")]).encode()
    signed = append_text(first, signature_text(Signature(person="zhao-min", signature="QUJD")))
    second = append(signed, [step("submit", 1)])
    twice = append_text(second, signature_text(Signature(person="qian-li", signature="REVG")))

    found = signatures(twice)

    assert [(s.step, s.signature.person, s.signature.signature) for s in found] == [
        (0, "zhao-min", "QUJD"),
        (1, "qian-li", "REVG"),
    ]
    assert [s.over for s in found] == [first, second]
    assert [s.step for s in read_record(twice, FILE)[0].steps] == ["draft", "submit"]


def test_personal_data_is_masked_in_messages():
    """A number typed into the wrong line is not repeated in the message about it."""
    written = text(period="13900000000", **{"13900000000": "x"})

    messages = [str(p.message) for p in read_record(written.encode(), FILE)[1]]

    assert len(messages) == 2
    assert not any("13900000000" in message for message in messages)
