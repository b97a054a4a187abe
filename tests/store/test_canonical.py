"""The canonical writer: saving and loading is the identity, and looks as the file format promises."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schoolpub.errors import SchoolpubError
from schoolpub.model.record import Signature, Step
from schoolpub.store.yaml.canonical import block_text, body_text, flow_text, scalar, signature_text, step_text
from schoolpub.store.yaml.strict_yaml import parse

AWKWARD = [
    "", "no", "No", "on", "y", "12:30", "1:30:00", "010", "0o10", "0x1F", "1e3", "1_000", "3.10", ".5", "5.",
    "=", "<<", "-", "- ", "- a", "-a", "/", "~", "null", "NULL", "#", "# a", "a #b", "a: b", "a:", ":", ": ",
    "?", "? a", "|", ">", "&a", "*a", "!a", "%a", "@a", "`a`", "'", '"', '"a"', "'a'", "a'b", 'a"b', "\\",
    "\\n", "{a}", "[a]", "a,b", "a, b", "}", "---", "...", "--- a", "steps:", "steps: x", "2026-11-03",
    "2026-10", "2026Q4", "2026..2028", "2001-1-1 1:2:3", "2026-11-03T09:12:00+08:00", "152300.00", "-3", "+3",
    "1,234.50", "16.05%", "１２", "😀", "a\x85b", "\x85", "a\u2028b", "\u2029", "\ufeff", "\ufffe", "\u3000首行",
    " a", "a ", "\t", "\ta", "a\t", "\n", "\n\n", "a\n", "a\n\n", "\na", "a\nb", "a\nb\n", "a\n\nb", " a\n  b",
    "a\n  b\n c\n", "a\n\tb", "a\n \nb", "a \nb \n", "steps:\nsteps:\n", "# a\n# b", "---\n...\n", "- a\n- b",
    "a\x85\nb", "一、收入：\n1. 甲：乙\n",
]  # fmt: skip
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\x85")
TEXTS = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(CHARACTERS, max_size=20),
    st.text("ab :#-\n\t'\"|>0,[]{}?!&*%@`\\~=.\u2028", max_size=12),
    st.lists(st.sampled_from(AWKWARD), max_size=3).map("\n".join),
)
TREES = st.recursive(
    st.none() | TEXTS,
    lambda child: st.lists(child, max_size=4) | st.dictionaries(TEXTS.filter(lambda t: len(t) < 60), child, max_size=4),
    max_leaves=12,
)


@settings(max_examples=500)
@given(TREES)
def test_block_style_gives_the_tree_back(tree):
    """Whatever text a tree holds, the block style holds just that, and is written the same way again."""
    text = block_text(tree)

    read, problems = parse(text.encode(), "f.yaml")

    assert (read, problems) == (tree, [])
    assert block_text(read) == text


@settings(max_examples=300)
@given(TREES)
@example("何时:?")
def test_flow_style_gives_the_tree_back_on_one_line(tree):
    """The flow style is one line that holds the same tree."""
    text = flow_text([tree])

    assert "\n" not in text
    assert parse(text.encode(), "f.yaml") == ([tree], [])


@settings(max_examples=200)
@given(TEXTS)
def test_other_readers_read_the_same_text(text):
    """A reader that guesses types takes a written text for that text, numbers and dates apart."""
    read = yaml.load("- " + scalar(text), yaml.SafeLoader)[0]

    assert isinstance(read, int | float | date) or read == text


@pytest.mark.parametrize("text", ["no", "010", "12:30", "1e3", "1_000", "0x1F", "y", "=", "~", "-", "2026..2028", ".5"])
def test_what_others_would_guess_at_is_quoted(text):
    """Texts that look like something else to YAML 1.1 or 1.2 are quoted."""
    assert scalar(text) == f'"{text}"'


@pytest.mark.parametrize(
    "text",
    ["152300.00", "-3", "+3", "2026-10", "2026Q4", "2026-2027-1", "16.05%", "000-00000001", "2026年10月", "/", "据实"],
)
def test_numbers_and_dates_stay_plain(text):
    """What people type as a number, a date or a word is written as they type it."""
    assert scalar(text) == text


def test_control_characters_are_refused():
    """What would steer a terminal never gets into a file."""
    with pytest.raises(SchoolpubError):
        scalar("\x1b[2J")


def test_a_body_looks_as_the_format_says():
    """Keys come in the order of the format, rows stand on one line each, long texts in blocks."""
    body = {
        "title": "2026年10月财务收支月报", "schoolpub": "1", "id": "finance-monthly-2026-10", "item": "finance-monthly",
        "catalogue": "2026-01-01", "edition": "1", "period": "2026-10", "department": "总务处", "audience": "both",
        "fields": {
            "balance_start": "152300.00",
            "income": [
                {"item": "生均公用经费", "month": "85000.00", "ytd": "850000.00"},
                {"item": "捐赠", "month": "-", "ytd": None},
            ],
            "table": {"unit": "元", "rows": [{"a": "1"}], "totals": {"a": "1"}},
            "votes": {"method": "无记名", "for": "30"},
            "range": {"from": "2026-11-01", "to": "2026-11-07"},
            "text": "第一段\n\n第二段\n",
            "note": "一\n二",
            "nothing": None, "none": [], "names": ["甲", "乙"],
        },
        "attachments": [{"file": "明细表.pdf", "title": "支出明细", "carries": ["expense"], "sha256": "5f" * 32}],
    }  # fmt: skip

    assert (
        body_text(body)
        == f"""\
schoolpub: 1
id: finance-monthly-2026-10
item: finance-monthly
catalogue: 2026-01-01
edition: 1
title: 2026年10月财务收支月报
period: 2026-10
department: 总务处
audience: both
fields:
  balance_start: 152300.00
  income:
  - {{item: 生均公用经费, month: 85000.00, ytd: 850000.00}}
  - {{item: 捐赠, month: "-", ytd: null}}
  table:
    unit: 元
    rows:
    - {{a: 1}}
    totals: {{a: 1}}
  votes: {{method: 无记名, for: 30}}
  range: {{from: 2026-11-01, to: 2026-11-07}}
  text: |
    第一段

    第二段
  note: |-
    一
    二
  nothing:
  none: []
  names: [甲, 乙]
attachments:
- {{file: 明细表.pdf, title: 支出明细, carries: [expense], sha256: {"5f" * 32}}}
"""
    )


def test_long_rows_become_blocks():
    """A row of 160 columns or more is written line by line."""
    row = {"a": "甲" * 100, "b": "乙" * 100}

    assert block_text([row]) == f"- a: {'甲' * 100}\n  b: {'乙' * 100}\n"


def test_steps_are_one_line_unless_a_text_has_several():
    """A step is one line in the order of the format; a reply of several lines makes it a block."""
    at = datetime.fromisoformat("2026-11-04T08:05:00+08:00")
    review = Step(
        step="review", by="qian-li", role="部门负责人", via="zhao-min", on=date(2026, 11, 3), at=at,
        content="sha256:" + "9f" * 32,
        says={"clock": "set", "paper": {"file": "登记表.jpg", "sha256": "77" * 31 + "ab"}},
    )  # fmt: skip
    reply = Step(
        step="reply", by="feng-yun", role="公开办", at=at, says={"reply": "您好：\n已办理。\n", "number": "31"}
    )

    assert step_text(review) == (
        "- {step: review, by: qian-li, role: 部门负责人, via: zhao-min, on: 2026-11-03, at: 2026-11-04T08:05:00+08:00, "
        f"content: sha256:{'9f' * 32}, paper: {{file: 登记表.jpg, sha256: {'77' * 31}ab}}, clock: set}}\n"
    )
    assert step_text(reply) == (
        "- step: reply\n  by: feng-yun\n  role: 公开办\n  at: 2026-11-04T08:05:00+08:00\n"
        "  reply: |\n    您好：\n    已办理。\n  number: 31\n"
    )
    assert signature_text(Signature(person="qian-li", signature="U1NIU0lH+/=")) == (
        "- {signed: qian-li, signature: U1NIU0lH+/=}\n"
    )
