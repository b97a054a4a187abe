"""A clerk at a terminal: asked one thing at a time, helped, corrected at once; what was typed is never lost."""

from __future__ import annotations

import os
import signal
import stat

from tests.cli.office import Office
from tests.cli.terminal import Terminal

ID = "finance-monthly-2026-10"
INCOME = "项目,本月,本年累计\n生均公用经费,85000.00,850000.00\n"
EXPENSE = "科目,本月,本年累计\n水费,2000.00,21000.00\n"


def sheets(office: Office) -> tuple[str, str]:
    """Return the paths of two spreadsheets."""
    return office.write("收入.csv", INCOME), office.write("支出.csv", EXPENSE)


def test_a_clerk_answers(office: Office) -> None:
    """Proposals are taken with Enter, `?` explains, `<` goes back, a wrong answer is asked again, tables come from files."""
    office.done("add", "finance-monthly", "--period", "2026-09", "--zero")
    office.done("discard", "finance-monthly-2026-09", "--reason", "x")
    income, expense = sheets(office)
    with Terminal("add", "finance-monthly", cwd=office.root) as terminal:
        assert "(1/1) Period [2026-10]：" in terminal.wait("：")
        terminal.type("2026-13", "?", "")
        terminal.type("152300.00", "ｎ")  # typed too early, at the question for optional fields: asked again
        terminal.type("", "abc", "152300.00")  # required; no number; right
        terminal.type("<", "？", "")  # back to the opening, its help, its value once more
        terminal.type("nothing.csv", f"'{income}'", expense)
        terminal.type("<", "")  # back to the spending, whose rows are kept
        terminal.type("235300.00")
        assert "Title [2026年10月财务收支月报]：" in terminal.wait("：")
        terminal.type("")
        assert terminal.end() == 0, terminal.shown
    shown = terminal.shown
    assert "2026-13 is no period" in shown
    assert "“152300.00” was not taken: this is answered with y (yes) or n (no)." in shown
    assert "2026-10, 2026Q4" in shown
    assert "This is required." in shown
    assert "应等于上月月报的“本月结余”" in shown
    assert "[152300.00]" in shown
    assert "nothing.csv" in shown
    assert shown.rstrip().endswith(ID)
    assert "  balance_start: 152300.00\n" in office.text(ID)
    assert "{head: 水费, month: 2000.00, ytd: 21000.00}" in office.text(ID)
    assert list((office.root / "private/unfinished").glob("*.yaml")) == []


def test_an_interrupted_entry_is_offered(office: Office) -> None:
    """Ctrl-C keeps what was typed, for its owner alone; the next time it is offered, and forgotten once it is saved."""
    income, expense = sheets(office)
    with Terminal("add", "finance-monthly", cwd=office.root) as terminal:
        terminal.type("", "n", "152300.00", income)
        terminal.interrupt()
        assert terminal.end() == 130, terminal.shown
    assert "Kept what you typed" in terminal.shown
    assert "Traceback" not in terminal.shown
    kept = office.root / "private/unfinished/finance-monthly-2026-10.yaml"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "152300.00" in kept.read_text("utf-8")
    assert office.git("status", "--porcelain") == ""
    with Terminal("add", "finance-monthly", cwd=office.root) as terminal:
        assert "An interrupted entry was kept (finance-monthly-2026-10)" in terminal.wait("\\] $")
        terminal.type("", "", "n", "")
        assert "[1 rows kept: Enter keeps them" in terminal.wait("：")
        terminal.type("", expense, "235300.00", "")
        assert terminal.end() == 0, terminal.shown
    assert not kept.exists()
    assert "balance_start: 152300.00" in office.text(ID)


def test_a_closed_window_loses_nothing(office: Office) -> None:
    """What was answered before the terminal went away is kept, too."""
    with Terminal("add", "finance-monthly", cwd=office.root) as terminal:
        terminal.type("2026-08", "n", "100.00", "<", "八百")
        terminal.wait("：")
        os.kill(terminal.program.pid, signal.SIGKILL)
    kept = (office.root / "private/unfinished/finance-monthly-2026-08.yaml").read_text("utf-8")
    assert "balance_start: 100.00" in kept


def test_mistakes_are_gone_through_again(office: Office) -> None:
    """When the figures do not add up the answers are asked for again, each proposed as it was typed."""
    income, expense = sheets(office)
    with Terminal("add", "finance-monthly", cwd=office.root) as terminal:
        terminal.type("", "n", "152300.00", income, expense, "1.00", "")
        terminal.wait("\\] $")
        assert "rule-equal" in terminal.shown
        terminal.type("", "n", "", "", "", "235300.00", "")
        assert terminal.end() == 0, terminal.shown
    assert "balance_end: 235300.00" in office.text(ID)


def test_giving_up_after_mistakes(office: Office) -> None:
    """Who does not want to go through them again finds everything kept."""
    income, expense = sheets(office)
    with Terminal("add", "finance-monthly", cwd=office.root) as terminal:
        terminal.type("", "n", "152300.00", income, expense, "1.00", "")
        terminal.type("n")
        assert terminal.end() == 130, terminal.shown
    assert "balance_end: 1.00" in (office.root / f"private/unfinished/{ID}.yaml").read_text("utf-8")
    assert not (office.root / "records/disclosures").exists()


def test_a_table_in_the_editor(office: Office) -> None:
    """Enter opens the editor with the columns explained; a slip in it opens the same text again."""
    script = office.write(
        "editor.sh",
        "#!/bin/sh\ngrep -q 'item: 项目' \"$1\" && cp \"$1\" \"$(dirname \"$0\")/first.yaml\"\n"
        "if grep -q 九百 \"$1\"; then sed -i 's/九百/900.00/' \"$1\"; "
        "else echo '- {item: 拨款, month: 九百, ytd: 900.00}' >> \"$1\"; fi\n",
    )
    os.chmod(script, 0o755)
    _, expense = sheets(office)
    with Terminal("add", "finance-monthly", cwd=office.root, EDITOR=script) as terminal:
        terminal.type("", "n", "1100.00", "", "<", "", "", expense, "0.00", "")
        assert terminal.end() == 0, terminal.shown
    assert "value-" in terminal.shown
    assert "{item: 拨款, month: 900.00, ytd: 900.00}" in office.text(ID)
    first = (office.root.parent / "first.yaml").read_text("utf-8")
    assert first.startswith("# 收入：每个收入项目一行")
    assert "#   ytd: 本年累计（金额，选填）" in first


def test_optional_fields_and_values_with_parts(office: Office) -> None:
    """Optional fields are offered, `-` leaves one out; a value of several parts is asked for part by part."""
    _, _expense = sheets(office)
    with Terminal("add", "procurement-result", "--date", "2026-11-02", cwd=office.root) as terminal:
        terminal.type("", "y")
        while "成交供应商" not in terminal.wait("：").splitlines()[-1]:
            terminal.type("-")
        terminal.type("示例公司")
        while "合作期限" not in terminal.wait("：").splitlines()[-1]:
            terminal.type("-")
        terminal.type("2026-12-32", "2027-01-01")
        terminal.type("2026-12-01", "")  # the second part is proposed as it was typed
        while terminal.program.poll() is None:
            try:
                terminal.wait("：")
            except AssertionError:
                break
            terminal.type("-")
        assert terminal.end() == 0, terminal.shown
    text = next((office.root / "records/disclosures/2026").glob("procurement-result-*.yaml")).read_text("utf-8")
    assert "winner: 示例公司" in text
    assert "term: {from: 2026-12-01, to: 2027-01-01}" in text


def test_a_decision_asks_for_its_meeting(office: Office) -> None:
    """On a terminal `approve` asks which meeting decided, instead of refusing."""
    office.at("screen")
    with Terminal("approve", ID, "--as", "shen-jing", cwd=office.root) as terminal:
        assert "Which meeting decided" in terminal.wait(":")
        terminal.type("11月3日校务会")
        assert terminal.end() == 0, terminal.shown
    assert office.steps(ID)[-1]["meeting"] == "11月3日校务会"


def test_ctrl_c_elsewhere(office: Office) -> None:
    """Interrupted in any question the program stops in one line, with nothing changed."""
    office.at("screen")
    before = office.state()
    with Terminal("approve", ID, "--as", "shen-jing", cwd=office.root) as terminal:
        terminal.interrupt()
        assert terminal.end() == 130
    assert "Stopped. Nothing was changed." in terminal.shown
    assert "Traceback" not in terminal.shown
    assert office.state() == before


def test_the_questions_in_chinese(office: Office) -> None:
    """A clerk is asked in Chinese."""
    with Terminal("add", "finance-monthly", cwd=office.root, SCHOOLPUB_LANG="zh") as terminal:
        assert "期间 [2026-10]：" in terminal.wait("：")
        terminal.interrupt()
        assert terminal.end() == 130
    assert not [line for line in terminal.shown.splitlines() if "Enter takes" in line]
