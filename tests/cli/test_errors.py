"""A user's mistake is a sentence with a way out, never a traceback, on any machine."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schoolpub.cli.framework import COMMANDS
from tests.cli.office import OCTOBER, Office

ID = "finance-monthly-2026-10"

LINES = [
    "--version", "--help", "", "nonsense", "ad", "--root", "--root /nowhere list", "--nonsense", "add", "add x y z",
    "add finance-monthly --period", "add finance-monthly --period x", "add finance-monthly --date 2026-02-30",
    "add large-spend --date 20261103", "add large-spend --date 0000-00-00", "add large-spend --date 9999-12-31",
    "add finance-monthly --period 0000", "add finance-monthly --period 9999-12", "add finance-monthly --period 2026-W54",
    "add finance-monthly --period 2026Q5", "add finance-monthly --period 2026-2028-1", "add finance-monthly --part x",
    "add finance-monthly --period 2026..1", "add finance-monthly --period 2026-01..2026-00", "add - --zero",
    "add finance-monthly --set =", "add finance-monthly --set ==", "add finance-monthly --set a=b=c",
    "add finance-monthly --set income=1", "add finance-monthly --set fields=1", "add finance-monthly --set steps=x",
    "add finance-monthly --set id=../../x", "add finance-monthly --set title=", "add finance-monthly --set private=x",
    "add finance-monthly --set zero=maybe", "add finance-monthly --set says=x", "add finance-monthly --set issuers=x",
    "add finance-monthly --set contacts=x", "add finance-monthly --set attachments=x", "add finance-monthly --set series=x",
    "add finance-monthly --set edition=2", "add finance-monthly --set catalogue=2020-01-01", "add ../x --zero",
    "add finance-monthly --from", "add finance-monthly --from /dev/null", "add finance-monthly --from income=/dev/null",
    "add finance-monthly --from income=", "add finance-monthly --from =x", "add finance-monthly --from x.yaml",
    "add finance-monthly --like", "add finance-monthly --like x", "add finance-monthly --as x", "add 财务 --json",
    "edit", "edit x", "edit x --set a", f"edit {ID} --from nothing", f"edit {ID} --set a", f"edit {ID} --set a=",
    "attach", "attach x", "attach x y", f"attach {ID} nothing", f"attach {ID} .", f"attach {ID} /dev/null",
    f"attach {ID} records/school.yaml", "check x", "check --as-of x", "check --nonsense", "check ''", "submit",
    "submit x", "submit x y z", "approve", "approve x", f"approve {ID} --paper", f"approve {ID} --paper x",
    f"approve {ID} --paper x --code y", f"approve {ID} --paper . --code y --for a=b", f"approve {ID} --on x",
    f"approve {ID} --for x", f"approve {ID} --set x", f"return {ID}", f"return {ID} --reason", f"post {ID}",
    f"prove {ID}", f"prove {ID} --on x", f"prove {ID} --channel x", f"prove {ID} --photo", f"prove {ID} --photo x",
    f"prove {ID} --photo . --channel board", f"takedown {ID}", f"suspend {ID}", f"resume {ID}", f"withdraw {ID}",
    f"undo {ID}", f"remark {ID}", f"remark {ID} ''", f"discard {ID}", f"renumber {ID}", f"correct {ID}", "do", f"do {ID}",
    f"do {ID} x", f"do {ID} draft", f"do {ID} submit --on x", f"do {ID} submit --set on=x", f"do {ID} ''",
    "list x", "list --year x", "list --status x --json", "list --as-of 0000", "show", "show x", "show ''", "find",
    "find ''", "log x", "log --limit", "log --limit x", "log --limit -1", "items x", "items ''", "build --out",
    "build --out /dev/null", "build --out /dev/null/x", "build --as-of x", "serve --port x", "serve --port 99999",
    "serve --audience everybody --port 99999", "print", "print x", f"print {ID} --form x", f"print {ID} --paper x",
    f"print {ID} --form", f"print {ID} --out /dev/null", f"print {ID} --fonts x", f"print {ID} --form ,", "init",
    "init records", "init /dev/null", "init /dev/null/x", "init x --answers", "init x --answers nothing",
    "init x --answers /dev/null", "init x --answers .", "init x", "init '' --sample", "init x --sample extra",
    "due --as-of x", "days", "days x y", "days 2026-11-03", "days 2026-11-03 x", "days 2026-11-03 5", "days 2026-11-03 -5wd",
    "days 2026-11-03 99999999wd", "days 9999-12-31 5wd", "days 2026-11-03 0d", "coverage --year x", "coverage x",
]  # fmt: skip
"""Command lines with all kinds of slips."""


def expected(office: Office, *arguments: str) -> None:
    """Run a command line and assert that it ends as it should, whatever is wrong with it."""
    result = office(*arguments)
    assert result.code in (0, 1, 2, 3, 130), (arguments, result)
    assert "Traceback" not in result.out + result.err, (arguments, result.err)
    assert result.code == 0 or result.err or result.out, arguments


def test_wrong_command_lines(office: Office) -> None:
    """No slip on the command line ends in a traceback, and none but the right ones leave anything behind."""
    import shlex

    office.at("draft")
    for line in LINES:
        if line.startswith("serve") and "99999" not in line:
            continue
        expected(office, *shlex.split(line))
    assert office("check").code == 0
    assert not (office.root / "x").exists()


def test_a_mistake_in_the_command_line_is_exit_2(office: Office) -> None:
    """Unknown commands and options, and missing arguments, are told in one line with the usage, exit 2."""
    for line, said in (
        (("nonsense",), "No such command"),
        (("aprove", "x"), "Did you mean"),
        (("list", "--nonsense"), "--nonsense"),
        (("submit",), "Missing argument"),
        (("log", "--limit", "x"), "x"),
        (("show", "a", "b"), "b"),
    ):
        result = office(*line)
        assert result.code == 2, (line, result)
        assert said in result.err
        assert result.err.startswith("Usage: schoolpub")
        assert result.out == ""


WORDS = st.sampled_from(
    [
        ID, "2026-10", "1", "--set", "a=b", "balance_start=x", "--from", "x.yaml", "--json", "--as", "qian-li", "赵敏", "--on",
        "2026-11-03", "--reason", "x", "--root", ".", "--as-of", "--period", "--zero", "--title", "--channel", "board",
        "--photo", "--paper", "--code", "--for", "校长=sun-jie", "--", "-", "?", "<", "finance-monthly", "--like", "",
        "\U0001f600", "a" * 300, "../..", "--form", "--out", "\u3000", "＝", "--limit", "-1", "draft",
    ]
)  # fmt: skip
COMMAND = st.sampled_from([c for c in COMMANDS if " " not in c and c not in ("serve", "demo", "init", "print", "build")])


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(command=COMMAND, words=st.lists(WORDS, max_size=6))
def test_any_command_line(office: Office, command: str, words: list[str]) -> None:
    """Commands with any words behind them end with an exit code and a sentence."""
    if not (office.root / f"records/disclosures/2026/{ID}.yaml").exists():
        office.at("draft")
    expected(office, command, *words)


def broken(seed: int) -> bytes:
    """Return October's account, damaged somehow."""
    rng = random.Random(seed)
    text = bytearray(OCTOBER.encode())
    pieces = [b"\t", b"\x00", b"\xff", b"\r", b":", b"- ", b"{", b"}", b"[", b"&a ", b"*a ", b"!!x ", b"'", b'"', b"|\n", b"#",
              "：".encode(), "，".encode(), b"---\n", b"? ", b"\n\n", b"1e999", b"null", b"~", b"<<: ", b"%", b"@", b"`",
              b"\xef\xbb\xbf", b"9" * 400, b"-0", b".", b"balance_start: 1\n"]  # fmt: skip
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(text))
        match rng.randrange(4):
            case 0:
                del text[place : place + rng.randint(1, 30)]
            case 1:
                text[place:place] = rng.choice(pieces)
            case 2:
                text[place] = rng.randrange(256)
            case _:
                text[place:place] = text[: rng.randint(1, 60)]
    return bytes(text)


def test_damaged_files(office: Office) -> None:
    """A file damaged in any way is told with its place, or is still right; YAML as well as CSV."""
    office.at("draft")
    whole = office.path(ID).read_bytes()
    for seed in range(42):
        data = broken(seed)
        suffix = ("yaml", "csv", "json")[seed % 3]
        expected(office, "edit", ID, "--from", office.write(f"x.{suffix}", data))
        office.git("checkout", "-q", "--", ".")
        office.path(ID).write_bytes(whole[: whole.index(b"fields:")] + b"fields:\n  " + data.replace(b"\n", b"\n  "))
        expected(office, "check")
        if seed % 6 == 0:
            expected(office, "show", ID)
            expected(office, "submit", ID)
        office.git("checkout", "-q", "--", ".")
    office.path(ID).write_bytes(whole)


@pytest.mark.parametrize(
    "file",
    ["school.yaml", "people.yaml", "calendar/2026.yaml", "calendar/terms.yaml", "catalogue/2026-01-01/flows.yaml",
     "catalogue/2026-01-01/edition.yaml", "catalogue/2026-01-01/finance.yaml"],
)  # fmt: skip
def test_damaged_policy(office: Office, file: str) -> None:
    """A damaged or missing register, calendar or catalogue is told by every command in words."""
    office.at("submit")
    path = office.root / "records" / file
    data = path.read_bytes()
    for changed in (b"", b"x", data[: len(data) // 2], data.replace(b":", b"", 9), b"\xff" + data, None):
        path.write_bytes(changed) if changed is not None else path.unlink()
        for command in (("check",), ("show", ID), ("approve", ID, "--as", "qian-li"), ("add", "finance-monthly", "--zero")):
            expected(office, *command)
        office.git("checkout", "-q", "--", ".")
        office.git("clean", "-qfd", "records")
        office.git("reset", "-q", "--hard")


# Machines


def test_a_locale_that_is_not_chinese(office: Office) -> None:
    """With the C locale and nothing said about encodings the program still prints Chinese."""
    office.at("draft")
    none = {"LANG": None, "LC_ALL": "C", "PYTHONIOENCODING": None, "SCHOOLPUB_LANG": None, "PYTHONUTF8": None}
    shown = office.program("show", ID, env=none)
    assert "2026年10月财务收支月报" in shown.stdout
    assert shown.returncode == 0
    refused = office.program("show", "没有", env=none | {"PYTHONCOERCECLOCALE": "0"})
    assert refused.returncode == 3
    assert "没有" in refused.stderr
    assert "?" not in refused.stderr


def test_the_reader_has_gone(office: Office) -> None:
    """`… | head -1` closes the pipe early; that is no error to speak of."""
    office.at("draft")
    for command in ("items", f"show {ID}", "log", "items --json", "--help"):
        made = subprocess.run(
            ["/bin/bash", "-c", f"set -o pipefail; '{sys.executable}' -m schoolpub {command} | head -c 1 >/dev/null"],
            cwd=office.root, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert made.stderr == "", command


def test_nothing_known_about_the_user(office: Office) -> None:
    """Without HOME and without a git identity, looking works, and an act says how to name oneself."""
    office.at("draft")
    office.git("config", "--unset", "user.email")
    office.git("config", "--unset", "user.name")
    lost = {"HOME": None, "XDG_CONFIG_HOME": None}
    assert office.program("list", env=lost).returncode == 0
    refused = office.program("submit", ID, env=lost)
    assert refused.returncode == 3
    assert "git config user.email" in refused.stderr
    assert office.program("submit", ID, "--as", "zhao-min", env=lost).returncode == 0
    assert office.git("log", "-1", "--format=%an %ae %cn") == "赵敏 zhao-min@school.invalid 赵敏\n"


def test_git_is_missing(office: Office, tmp_path: Path) -> None:
    """Without git everything that looks works, and what acts is refused with the way out."""
    office.at("draft")
    empty = {"PATH": str(tmp_path / "home")}
    for command in (("list",), ("show", ID), ("check",), ("find", "财务"), ("items",), ("build",), ("print", ID)):
        made = office.program(*command, env=empty)
        assert made.returncode == 0, (command, made.stderr)
    for command in (("submit", ID), ("add", "canteen-monthly", "--zero"), ("remark", ID, "x"), ("log",)):
        made = office.program(*command, env=empty)
        assert made.returncode == 3, (command, made)
        assert "git was not found" in made.stderr
        assert "Traceback" not in made.stderr


def test_a_folder_in_chinese_with_blanks(office: Office) -> None:
    """The folder may be called as people call folders, and lie in another one like it."""
    place = office.root.parent / "我的 文档" / "校务公开（2026）"
    place.parent.mkdir()
    office.root.rename(place)
    office.root = place
    office.surroundings.chdir(place / "records" / "calendar")
    fields = office.write("十月 账目.yaml", OCTOBER)
    assert office.done("add", "finance-monthly", "--period", "2026-10", "--from", fields).last == ID
    office.done("submit", ID)
    office.done("build")
    assert (place / "site/public/index.html").is_file()
    office.surroundings.chdir("/")
    assert "no school's folder here" in office("list").err
    office.done("list", "--root", str(place))


def test_a_folder_that_may_not_be_written(office: Office) -> None:
    """Where the system refuses, the file and the reason are told."""
    (office.root / "file").write_text("x")
    for command in (("build", "--out", "file"), ("print", office.at("draft"), "--out", "file")):
        (office.root / "file").write_text("x")
        refused = office(*command)
        assert refused.code == 3, refused
        assert "file" in refused.err
        assert "→" in refused.err


def test_the_clock_in_the_environment(office: Office) -> None:
    """What SCHOOLPUB_NOW cannot mean is told; a day alone, and another zone, are understood."""
    office.at("draft")
    for wrong in ("x", "2026-13-01", "25:00", "0001-01-01T00:00:00+14:00"):
        assert "SCHOOLPUB_NOW" in office("submit", ID, now=wrong).err, wrong
    office.done("submit", ID, now="2026-11-03T01:30:00Z")
    assert office.steps(ID)[-1]["at"] == "2026-11-03T09:30:00+08:00"
    assert "clock says" in office.refused("approve", ID, by="qian-li", now="2026-11-03T09:00:00+08:00")
    office.done("approve", ID, by="qian-li", now="2026-11-03T09:29:00+08:00")  # two minutes' grace


def test_an_argument_that_is_no_text(office: Office) -> None:
    """Bytes that are no UTF-8 on the command line are refused, not stored."""
    office.at("draft")
    made = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"schoolpub", b"edit", ID.encode(), b"--set", b"title=\xff\xfe"],
        cwd=office.root, capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode in (1, 2, 3)
    assert b"Traceback" not in made.stderr
    assert office.git("status", "--porcelain") == ""


def test_control_characters_do_not_get_in(office: Office) -> None:
    """A bell or an escape in a value is refused or kept as text that every reader reads back."""
    office.at("draft")
    for value in ("a\x07b", "a\x1b[31mb", "a\u2028b", "a\ufeffb", "a\x85b", "a\tb", "a\nb", " a ", "a\r\nb"):
        result = office("edit", ID, "--set", f"notes={value}")
        assert result.code in (0, 1, 3), (value, result)
        assert office("check").code == 0, repr(value)
        assert "\x1b" not in office("show", ID).out
        office("remark", ID, value)
        assert office("check").code == 0, repr(value)
        assert "\x1b" not in office("show", ID).out + office("log", ID).out
