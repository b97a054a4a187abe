"""A text that was changed after it was approved: nobody approved it, so nobody is shown it."""

from __future__ import annotations

from tests.cli.office import CHAIN, OCTOBER, Office


def test_a_changed_text_leaves_the_site_and_is_named(office: Office) -> None:
    """A figure changed by hand after posting is named by `check`, and the page says so instead of showing it."""
    given = office.root.parent / "october.yaml"
    given.write_text(OCTOBER, "utf-8")
    record = office.done("add", "finance-monthly", "--period", "2026-10", "--from", str(given)).last
    for command, person, said in CHAIN:
        office.done(command, record, *said, by=person)
    file = office.root / f"records/disclosures/2026/{record}.yaml"
    approved = file.read_text("utf-8")
    page = office.root / f"site/public/records/{record}.html"
    office.done("build")
    assert "1,200.00" in page.read_text("utf-8")

    file.write_text(approved.replace("month: 1200.00", "month: 1200.01"), "utf-8")
    problems = office("check", "--json").json["problems"]
    office.done("build")

    assert "content-changed" in {p["code"] for p in problems if p["record"] == record}
    shown = page.read_text("utf-8")
    assert "本件的文字与签发时不一致，核实之前不再显示。" in shown
    for path in (office.root / "site").rglob("*"):
        assert not path.is_file() or b"1,200.0" not in path.read_bytes(), path

    file.write_text(approved, "utf-8")
    office.done("build")
    assert "1,200.00" in page.read_text("utf-8")
