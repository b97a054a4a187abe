"""Several at once, and killed in the middle: each act is done or not done, none is lost, and the next command says so."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

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
    """Two programs with fifteen drafts each leave thirty records, thirty commits and a clean, sound repository."""
    programs = [start(office, "-c", WORKER, name, "15") for name in ("甲", "乙")]
    answers = [line.split() for program in programs for line in program.communicate()[0].splitlines()]
    assert {code for code, _ in answers} == {"0"}
    assert len({name for _, name in answers}) == 30
    assert office.git("rev-list", "--count", "HEAD").strip() == "31"
    assert len(list(office.root.glob("records/disclosures/2026/*.yaml"))) == 30
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


def test_killed_at_any_moment(office: Office, tmp_path: Path) -> None:
    """After each of ten kills the act is done or not done; the next command finishes it, says so, and all is sound."""
    from tests.cli.office import OCTOBER

    rng = random.Random(20261103)
    fields = office.write("x.yaml", OCTOBER)
    completed = 0
    for number in range(10):
        month = f"20{10 + number // 12:02}-{number % 12 + 1:02}"
        record_id = f"finance-monthly-{month}"
        if number % 2:
            command = ("approve", record_id, "--as", "qian-li")
            office.done("add", "finance-monthly", "--period", month, "--zero")
            office.done("submit", record_id)
        else:
            command = ("add", "finance-monthly", "--period", month, "--from", fields)
        before = office.git("rev-list", "--count", "HEAD").strip()
        program = subprocess.Popen(
            [sys.executable, "-m", "schoolpub", *command], cwd=office.root, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        journal = office.root / ".git/schoolpub/journal"
        if number % 3:  # in the critical moment: the branch has moved or is about to
            until = time.monotonic() + 20
            while not journal.exists() and program.poll() is None and time.monotonic() < until:
                pass
            time.sleep(rng.random() * 0.006)
        else:
            time.sleep(rng.random() * 0.9)
        os.kill(program.pid, signal.SIGKILL)  # its own children may live on for a moment
        program.wait()
        look = office("list", "--json")
        completed += "was interrupted; completed" in look.err
        happened = office.git("rev-list", "--count", "HEAD").strip() != before
        known = {row["id"]: row["status"] for row in look.json}
        if number % 2:
            assert known[record_id] == ("reviewed" if happened else "submitted")
        else:
            assert (record_id in known) == happened
        office.done("add", "large-spend", "--date", "2026-10-20", "--set", "amount=3200.00", "--set", "payee=示例公司",
                    "--set", "purpose=印刷", "--set", "fund=公用经费", "--set", "decision_meeting=校务会",
                    "--set", "decision_date=2026-10-15", "--json")  # fmt: skip
        assert office.git("status", "--porcelain") == "", number
    assert completed, "no kill fell between the branch and the files"
    assert office.git("fsck", "--strict", "--no-dangling") == ""
    assert not any(re.search(r"\.(part|new)$|lock", p.name) for p in (office.root / "records").rglob("*"))


def test_a_reader_beside_a_writer(office: Office) -> None:
    """Looking while somebody acts never finds half a record."""
    writer = start(office, "-c", WORKER, "甲", "6")
    while writer.poll() is None:
        assert office("check").code == 0
    assert writer.returncode == 0
    assert "6 records" in office("check").out
