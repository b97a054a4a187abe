"""The strict reader: scalars stay text, and every doubtful thing is named with line, column and the way out."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from schoolpub.errors import Level
from schoolpub.store.yaml.strict_yaml import MAX_BYTES, locate, locate_all, parse


def read(text: str | bytes):
    return parse(text.encode() if isinstance(text, str) else text, "f.yaml")


def told(text: str | bytes) -> list[tuple[str, int, int]]:
    """Return code, line and column of every problem."""
    return [(p.code, p.line, p.column) for p in read(text)[1]]


def test_scalars_stay_text():
    """What other readers turn into numbers, dates and truth values stays the characters that were typed."""
    text = "a: no\nb: 010\nc: 12:30\nd: 3.10\ne: 2026-11-03\nf: on\ng: =\nh: 1234567890123456789.12\ni: 'null'\n"

    tree, problems = read(text)

    assert problems == []
    assert tree == {
        "a": "no", "b": "010", "c": "12:30", "d": "3.10", "e": "2026-11-03", "f": "on", "g": "=",
        "h": "1234567890123456789.12", "i": "null",
    }  # fmt: skip


def test_nothing_is_empty_and_not_zero():
    """`null`, `~` and nothing at all are empty; `0`, `''` and `NULL` are texts."""
    assert read("a: null\nb: ~\nc:\nd: 0\ne: ''\nf: NULL\ng: [~, ]\n") == (
        {"a": None, "b": None, "c": None, "d": "0", "e": "", "f": "NULL", "g": [None]},
        [],
    )
    assert read("") == (None, [])
    assert read("# only a comment\n") == (None, [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a: 1\nb: 2\na: 3\n", [("yaml-duplicate-key", 3, 1)]),
        ("f:\n- {x: 1, x: 2}\n", [("yaml-duplicate-key", 2, 10)]),
        ("a: &x 1\nb: *x\n", [("yaml-anchor", 1, 4), ("yaml-alias", 2, 4)]),
        ("*x : 1\n", [("yaml-alias", 1, 1)]),
        ("a: !!int 1\nb: ! x\n", [("yaml-tag", 1, 4), ("yaml-tag", 2, 4)]),
        ("a: !t [1]\nb: &y {c: d}\n", [("yaml-tag", 1, 4), ("yaml-anchor", 2, 4)]),
        ("a: 1\n<<: {b: 2}\n", [("yaml-merge-key", 2, 1)]),
        ("a: 1\n---\nb: 2\n", [("yaml-documents", 2, 1)]),
        ("%YAML 1.1\n---\na: 1\n", [("yaml-directive", 1, 1)]),
        ("[a]: b\n", [("yaml-key", 1, 1)]),
        ("? {a: b}\n: c\n", [("yaml-key", 1, 3)]),
        ("?\n: x\n", [("yaml-key", 1, 2)]),
        ("a:\n\tb: 1\n", [("yaml-syntax", 2, 1)]),
        ("a: [1,\n\t2]\n", [("yaml-tab", 2, 1)]),
        ("a: x: y\n", [("yaml-syntax", 1, 5)]),
        ("a: @x\n", [("yaml-syntax", 1, 4)]),
        ("a: \"x\nb: 2\n", [("yaml-syntax", 1, 4)]),
        ("a: [1, 2\n", [("yaml-syntax", 1, 4)]),
        ("a: \"\\e[2J\"\n", [("yaml-control-character", 1, 4)]),
        ("a: \x07b\u2028\n", [("yaml-control-character", 1, 4), ("yaml-control-character", 1, 6)]),
        ("a: b\rc: d\n", [("yaml-control-character", 1, 5), ("yaml-syntax", 1, 7)]),
    ],
)  # fmt: skip
def test_what_is_refused(text, problems):
    """Each thing that the format refuses is found at its line and column."""
    assert told(text) == problems


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("fields:\n  income：100\n  expense：200\n", [("yaml-full-width", 2, 9), ("yaml-full-width", 3, 10)]),
        ("a: {b：1，c：2}\n", [("yaml-full-width", 1, 12)]),
        ("title: x\nid：3\nperiod: y\n", [("yaml-syntax", 2, 1), ("yaml-full-width", 2, 3)]),
        ("a: {b: 1，c: 2}\n", [("yaml-full-width", 1, 9), ("yaml-syntax", 1, 11)]),
        ("a: ［b, c］\nd: {\n", [("yaml-full-width", 1, 4), ("yaml-full-width", 1, 9), ("yaml-syntax", 3, 1)]),
        ("a: “b: c”\n", [("yaml-full-width", 1, 4), ("yaml-syntax", 1, 6)]),
        ("a:1\nb: 2\n", [("yaml-no-space", 1, 2), ("yaml-syntax", 2, 2)]),
        ("f:\n  a:1\n", [("yaml-no-space", 2, 4)]),
    ],
)  # fmt: skip
def test_slips_of_a_chinese_keyboard(text, problems):
    """Full-width punctuation used as syntax and a missing space are named, also where YAML itself sees no fault."""
    assert told(text) == problems


@pytest.mark.parametrize(
    "text",
    [
        "a: 一、收入：100，支出：200\n",
        "a: “双减”工作［修订］\n",
        "a: |\n  income：100\n  QQ:123\n  \t缩进\n",
        'a: "x\n  income：100\n\ty"\n',
        "a:\n- QQ：123\n",
        "a: {其中：男: 1, 女: null}\n",
        "其中：男:\n",
        "a: http://school.invalid\nb:\n  https://school.invalid\n",
    ],
)
def test_chinese_punctuation_in_texts_is_no_slip(text):
    """Full-width punctuation, colons and tabs inside a text are the text's own."""
    assert told(text) == []


def test_a_duplicate_names_both_lines_in_plain_words():
    """Message and fix can be followed by somebody who never heard of YAML."""
    (problem,) = read("title: 甲\nperiod: 2026-10\ntitle: 乙\n")[1]

    assert str(problem.message) == "“title” stands twice: in line 1 and in line 3."
    assert str(problem.fix) == "Keep one of the two."


def test_problems_before_a_syntax_error_are_told_with_it():
    """A file that breaks off still shows what was found before and the slips after."""
    text = "a: 1\na: 2\nb: &x 3\nc: d: e\nf:\n  g：1\n"

    assert told(text) == [
        ("yaml-duplicate-key", 2, 1),
        ("yaml-anchor", 3, 4),
        ("yaml-syntax", 4, 5),
        ("yaml-full-width", 6, 4),
    ]


def test_bom_and_crlf_are_warnings():
    """What Windows editors leave is read, with a warning each."""
    tree, problems = read("\ufeffa: 1\r\nb: |\r\n  x\r\n  y\r\n")

    assert tree == {"a": "1", "b": "x\ny\n"}
    assert [(p.code, p.level) for p in problems] == [("yaml-crlf", Level.WARNING), ("yaml-bom", Level.WARNING)]


def test_gbk_is_recognised_and_its_other_mistakes_are_told():
    """A file saved by Excel as GBK says so, with the byte and the line, and is searched all the same."""
    tree, problems = read("a: 1\nb: 你好\nb: 3\n".encode("gbk"))

    assert tree is None
    assert [(p.code, p.line, p.column) for p in problems] == [("yaml-not-utf-8", 2, 4), ("yaml-duplicate-key", 3, 1)]
    assert "Byte 9 of the file (hexadecimal C4)" in str(problems[0].message)
    assert "GBK" in str(problems[0].fix)
    assert "UTF-16" in str(read("a: 1\n".encode("utf-16"))[1][0].fix)


def test_limits():
    """Too deep and too large are refused, 20 levels and 2 MiB are not."""
    assert told("[" * 20 + "]" * 20) == []
    assert told("[" * 21 + "]" * 21) == [("yaml-too-deep", 1, 21)]
    assert told(b"a: " + b"x" * (MAX_BYTES - 3)) == []
    assert told(b"a: " + b"x" * (MAX_BYTES - 2)) == [("yaml-too-large", 0, 0)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "{[", "a: [\n"])
def test_twenty_thousand_brackets_are_refused_at_once(opening):
    """A file made to choke the reader costs no time."""
    started = time.perf_counter()

    assert told(opening * 20_000)
    assert time.perf_counter() - started < 0.5


def test_an_alias_bomb_is_refused():
    """Aliases are refused, not followed."""
    text = "a: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
    )

    assert {code for code, _, _ in told(text)} == {"yaml-anchor", "yaml-alias"}


def test_the_slow_parser_is_never_used_in_silence():
    """Without PyYAML's C parser reading stops with the way out."""
    code = (
        "import sys; sys.modules['yaml._yaml'] = None\n"
        "from schoolpub.errors import SchoolpubError\n"
        "from schoolpub.store.yaml.strict_yaml import parse\n"
        "try: parse(b'a: 1', 'f')\n"
        "except SchoolpubError as error: print(error)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "PyYAML on this machine lacks its C parser, so the records cannot be read.\n"


def test_places_are_found_again():
    """A way of keys leads to line and column of the value; a missing one to the nearest parent's key."""
    data = "\ufeffid: x\nfields:\n  income:\n  - {item: 甲, month: 1}\n  - item: 乙\n    month: 2\n".encode()

    assert locate(data, ("fields", "income", 0, "month")) == (4, 22)
    assert locate(data, ("fields", "income", 1, "month")) == (6, 12)
    assert locate(data, ("fields", "income", 1, "ytd")) == (5, 5)
    assert locate(data, ("fields", "income", 0, "ytd")) == (4, 5)
    assert locate(data, ("fields", "balance")) == (2, 1)
    assert locate(data, ("period",)) == (1, 1)
    assert locate_all(data, [(), ("id",)]) == {(): (1, 1), ("id",): (1, 5)}
