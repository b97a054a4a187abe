"""Several at once, and killed in the middle: each act is done or not done, none is lost, and the next command says so."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

from benchmarks.faults import looking
from benchmarks.faults.blows import Blow
from benchmarks.faults.school import World
from tests.cli.office import Office

ID = "finance-monthly-2026-10"

WORKER = """
import sys
from tests.conftest import run_inside
for number in range(int(sys.argv[2])):
    done = run_inside("add", "large-spend", "--date", "2026-10-20", "--set", "amount=3200.00",
        "--set", f"payee=示例{sys.argv[1]}公司{number}", "--set", "purpose=印刷", "--set", "fund=公用经费",
        "--set", "decision_meeting=校务会", "--set", "decision_date=2026-10-15")
    print(done.code, done.out.splitlines()[-1] if done.out else done.err)
"""


def start(office: Office, *command: str) -> subprocess.Popen[str]:
    """Start a Python program in the school's folder."""
    return subprocess.Popen(
        [sys.executable, *command], cwd=office.root, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_two_machines_draft_at_once(office: Office) -> None:
    """Two programs with eight drafts each leave sixteen records, sixteen commits and a clean, sound repository."""
    programs = [start(office, "-c", WORKER, name, "8") for name in ("甲", "乙")]
    answers = [line.split() for program in programs for line in program.communicate()[0].splitlines()]
    assert {code for code, _ in answers} == {"0"}
    assert len({name for _, name in answers}) == 16
    assert office.git("rev-list", "--count", "HEAD").strip() == "17"
    assert len(list(office.root.glob("records/disclosures/2026/*.yaml"))) == 16
    assert office.git("status", "--porcelain") == ""
    assert office.git("fsck", "--strict") == ""
    subjects = office.git("log", "--format=%(trailers:key=Record,valueonly,separator=)").split()
    assert sorted(subjects) == sorted(name for _, name in answers)


def test_two_approve_the_same_record(office: Office) -> None:
    """Of two approvals in the same moment one is taken and the other is refused, cleanly."""
    office.at("submit")
    command = ("-m", "schoolpub", "approve", ID, "--as", "qian-li")
    programs = [start(office, *command) for _ in range(2)]
    answers = [(program.communicate(), program.returncode) for program in programs]
    assert sorted(code for _, code in answers) == [0, 3]
    refusal = next(said for (_, said), code in answers if code)
    assert "qian-li" in refusal or "钱立" in refusal
    assert "Traceback" not in refusal
    assert [s["step"] for s in office.steps(ID)] == ["draft", "submit", "review"]
    assert office.git("status", "--porcelain") == ""


def test_numbers_given_at_once_differ(office: Office) -> None:
    """Two records signed by two programs get two numbers."""
    first = office.at("verify")
    second = office.done("add", "finance-monthly", "--period", "2026-11", "--zero").last
    office.through(second, upto="verify")
    programs = [start(office, "-m", "schoolpub", "approve", r, "--as", "sun-jie") for r in (first, second)]
    for program in programs:
        out, error = program.communicate()
        assert program.returncode == 0, out + error
    numbers = {office.steps(r)[-1]["number"] for r in (first, second)}
    assert numbers == {"校公开〔2026〕1号", "校公开〔2026〕2号"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="strikes forks of this process")
def test_struck_at_any_moment(office: Office) -> None:
    """Killed, interrupted, or refused by the disk: what was told is so, no act is half there, nothing typed is lost."""
    rng = random.Random(20261103)
    october = office.at("submit")
    world = World(office.root.parent, office.root)

    def command(number: int) -> tuple[str, ...]:
        if number % 3 == 2:
            return "return", october, "--reason", "示例", "--as", "qian-li"
        said = ("--channel", "热线", "--topic", f"示例{number}", "--name", "示例甲", "--as", "chen-xi")
        return "feedback", "add", *said

    moments, happened = 0, 0
    for number in range(12):
        if office.status(october) != "submitted":
            office.done("submit", october)
        before = looking.acts(world)
        kind = ("kill", "kill", "interrupt", "error")[number % 4] if moments else "none"
        delay = rng.choice((0.0, 0.004)) if kind == "kill" else 0.0
        ended = world.run(*command(number), blow=Blow(kind, rng.randint(5, max(moments, 6)), delay))
        moments = max(moments, ended.moments)
        assert list(looking.wrong_words(ended)) == []
        office.done("remark", october, f"核对{number}")
        made = looking.acts(world) - before - 1
        happened += made
        assert made == 1 if ended.code == 0 else made in (0, 1)
        assert list(looking.private_texts(world)) == []
        assert office.git("status", "--porcelain") == "", number
    assert 2 < happened < 12
    assert office.done("verify", "--json").json["verdict"] == "consistent"
    assert office.git("fsck", "--strict", "--no-dangling") == ""
    for name in looking.litter(world):
        assert "tmp_obj" in name or ".~lock" in name, name  # `doctor --fix` and the next writing take these away


def test_a_reader_beside_a_writer(office: Office) -> None:
    """Looking while somebody acts never finds half a record."""
    writer = start(office, "-c", WORKER, "甲", "6")
    while writer.poll() is None:
        assert office("check").code == 0
    assert writer.returncode == 0
    assert "6 records" in office("check").out
