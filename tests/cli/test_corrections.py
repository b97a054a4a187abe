"""Corrections and emergencies on the page: what changed in words, 更正中 until then, and what must follow."""

from __future__ import annotations

import re
from pathlib import Path

from schoolpub.cli.session import open_session
from schoolpub.views.sheets import notice
from tests.cli.office import OCTOBER, Office

ID = "finance-monthly-2026-10"


def page(office: Office, name: str) -> str:
    """Build the site and return the words of a page or file."""
    office.done("build")
    text = Path(office.root / "site/public" / name).read_text("utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)) if name.endswith(".html") else text


def test_a_correction_tells_what_changed(office: Office) -> None:
    """The old edition says 更正中 until the new one is posted; then the page shows each change, and the feed 更正."""
    office.posted()
    changed = OCTOBER.replace("month: 2999.99", "month: 2899.99").replace("233112.35", "233212.35")
    changed = changed.replace("- {head: 办公费", "- {head: 维修费, month: 0.00, ytd: 500.00}\n- {head: 办公费")
    office.done("correct", ID, "--reason", "水费误记", "--from", office.write("更正.yaml", changed))
    new = f"{ID}.v2"
    before = page(office, f"records/{ID}.html")
    assert "更正中：2026年11月3日开始更正" in before
    assert "水费误记" not in before

    office.through(new)
    after = page(office, f"records/{ID}.html")
    assert "更正了什么 与第1版相比（2026年11月3日公开，2026年11月3日更正）。更正说明：水费误记" in after
    assert "“水费”：本月由 2,999.99 改为 2,899.99" in after
    assert "增加“维修费”：" in after
    assert "由“233,112.35 元”改为“233,212.35 元”" in after
    assert "更正中" not in after
    feed = page(office, "feed.xml")
    assert "<title>更正：2026年10月财务收支月报</title>" in feed
    assert "第2版，更正说明：水费误记" in feed


def test_an_edition_that_changes_nothing_is_warned_of(office: Office) -> None:
    """Whoever submits it is told; whoever approves it sees what it changes; its own sheets are the ones to be proven."""
    office.posted()
    office.done("prove", ID, "--channel", "website", "--on", "2026-11-03", "--minutes", "已上网", by="chen-xi")
    office.done("correct", ID, "--reason", "水费误记")
    assert "edition-unchanged" in office.done("check").out
    assert "各项内容没有改动" in office.done("show", f"{ID}.v2").out
    office.done("edit", f"{ID}.v2", "--set", "notes=补充说明")
    assert "edition-unchanged" not in office.done("check").out
    told = office.done("show", f"{ID}.v2").out
    assert "第2版，更正说明：水费误记" in told and "与第1版相比" in told and "补充“补充说明”" in told
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-11-04T09:00:00+08:00")
    office.through(f"{ID}.v2")
    assert "<published>2026-11-03T" in page(office, "feed.xml")  # the entry is an old one, brought up to date
    assert "待取证：校门外公开栏、学校网站。" in page(office, f"records/{ID}.html")
    assert "待取证" not in page(office, f"records/{ID}.v1.html")


def test_an_emergency_is_posted_marked_and_confirmed(office: Office) -> None:
    """The head posts what nobody approved, with a reason; it is marked, must be confirmed in time, and stays marked."""
    office.at("review")
    assert "--emergency" not in office.refused("post", ID, by="chen-xi")
    office.refused("post", ID, "--emergency", by="sun-jie")
    office.refused("post", ID, "--emergency", "--reason", "家长急需", by="chen-xi")
    office.done("post", ID, "--emergency", "--reason", "家长急需", by="sun-jie")
    assert office.status(ID) == "urgent"
    row = next(r for r in office("due", "--json").json if r["kind"] == "confirm")
    assert (row["due"], row["state"]) == ("2026-11-06", "soon")
    assert "sun-jie" not in row["persons"]  # who posted it cannot confirm it
    late = next(r for r in office("due", "--json", "--as-of", "2026-11-10").json if r["kind"] == "confirm")
    assert (late["state"], late["late_workdays"]) == ("late", 2)

    office.refused("approve", ID, "--meeting", "校务会", by="sun-jie")
    office.done("approve", ID, "--meeting", "2026年11月4日校务会", by="wu-tong", now="2026-11-04T09:00:00+08:00")
    assert office.status(ID) == "posted"
    assert "本件未经审批先行紧急公开，2026年11月4日已经追认。" in page(office, f"records/{ID}.html")
    session = open_session(office.root)
    sheet = notice.value(session.snapshot, session.record(ID), session.today)
    assert sheet["marks"] == ["示例", "紧急公开"] and any(step.startswith("紧急公开（") for step in sheet["chain"])
    assert office.done("check", "--strict").code == 0


def test_an_emergency_is_not_for_what_is_signed_off(office: Office) -> None:
    """What is signed off is posted as usual."""
    office.at("sign")
    office.refused("post", ID, "--emergency", "--reason", "急", by="chen-xi")
    office.refused("post", ID, "--reason", "急", by="chen-xi", code=2)
