"""The catalogue is data: a new edition, item, rule or flow takes effect from its day, and never on what was posted before."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.office import OCTOBER, Office

ID = "finance-monthly-2026-10"
OLD, NEW = "2026-01-01", "2026-12-01"


def new_edition(office: Office) -> None:
    """Copy the catalogue to an edition of December in which items, a rule and a flow are others."""
    old, new = (office.root / "records/catalogue" / name for name in (OLD, NEW))
    shutil.copytree(old, new)
    edition = (new / "edition.yaml").read_text("utf-8")
    edition = re.sub(r"^edition: .*", f"edition: {NEW}", edition, flags=re.M)
    edition = re.sub(r"^adopted: .*", "adopted: 2026-11-10", edition, flags=re.M)
    (new / "edition.yaml").write_text(edition, "utf-8")
    flows = (new / "flows.yaml").read_text("utf-8")
    flows = flows.replace("  name: 敏感事项公开程序\n", "  name: 新的敏感事项程序\n").replace("by: [财务小组]", "by: [工会]")
    (new / "flows.yaml").write_text(flows, "utf-8")
    finance = (new / "finance.yaml").read_text("utf-8")
    finance = finance.replace("name: 财务收支月报\n", "name: 财务收支月度报告\n", 1).replace(
        "equal: [balance_start + sum(income.month) - sum(expense.month), balance_end]",
        "equal: [balance_start + sum(income.month), balance_end]",
    )
    finance = finance.replace(
        "    notes: {name: 说明, type: long-text, optional: yes}\n",
        "    notes: {name: 说明, type: long-text, optional: yes}\n    opinion: {name: 群众意见, type: text}\n", 1,
    ).replace("due: {day: 5, of: next-month", "due: {day: 1, of: next-month", 1)  # fmt: skip
    (new / "finance.yaml").write_text(finance, "utf-8")
    office.git("add", "-A")
    office.git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x")


def site(office: Office, day: str) -> dict[str, bytes]:
    """Build for *day* and return the site's files."""
    out = office.root.parent / f"site-{len(list(office.root.parent.iterdir()))}"
    office.done("build", "--as-of", day, "--out", str(out))
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def proven(office: Office) -> None:
    """Post October's account and prove it on the board."""
    office.posted()
    picture = office.root.parent / "board.jpg"
    Image.new("RGB", (64, 48), "red").save(picture)
    office.done(
        "prove", ID, "--channel", "board", "--place", "校门外", "--on", "2026-11-03", "--photo", str(picture), by="chen-xi"
    )


@pytest.mark.parametrize("day", ["2026-11-20", "2026-12-20"])
def test_a_new_edition_leaves_the_old_records(office: Office, day: str) -> None:
    """Before its day and after it, the pages of what was posted keep every byte, and `check` has nothing to tell."""
    proven(office)
    before = site(office, day)
    listed = office.done("list", "--json", "--as-of", day).out
    new_edition(office)
    after = site(office, day)
    assert office.done("check", "--strict", "--as-of", day).code == 0
    assert office.done("list", "--json", "--as-of", day).out == listed
    records = {name for name in before if "/records/" in name}
    assert records
    assert {name: after[name] for name in records} == {name: before[name] for name in records}
    changed = {re.sub(r"^(public|internal)/", "", name) for name in before if before[name] != after.get(name)}
    # The pages of duties to come, and what the builder keeps for itself.
    allowed = {"catalogue.html", "build.json", "coverage.html", "duties.ics", ".build"} if day < NEW else None
    assert allowed is None or changed <= allowed, changed


def test_what_is_under_way_keeps_its_edition(office: Office) -> None:
    """A record drafted before goes on under its own edition: its fields, its rules, its flow."""
    office.at("review")
    new_edition(office)
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-12-02T09:00:00+08:00")
    office.through(ID, since="screen")
    assert office.status(ID) == "posted"
    assert office.done("check").code == 0


def test_what_is_drafted_after_takes_the_new_one(office: Office) -> None:
    """From its day on a draft names the new edition and needs its new field."""
    new_edition(office)
    call = ("add", "finance-monthly", "--period", "2026-11", "--from", office.write("x.yaml", OCTOBER))
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-12-02T09:00:00+08:00")
    said = office.refused(*call, code=1)
    assert "opinion" in said
    early = ("add", "finance-monthly", "--zero", "--as-of", "2026-12-02")
    assert f"catalogue: {OLD}" in office.text(office.done(*early, now="2026-11-28T09:00:00+08:00").last)
    office.git("reset", "-q", "--hard", "HEAD~1")
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-12-02T09:00:00+08:00")
    made = office.done(*call, "--set", "opinion=无", "--set", "balance_end=237312.34")
    assert f"catalogue: {NEW}" in office.text(made.last)
    office.done("submit", made.last)
    office.done("approve", made.last, by="qian-li")
    office.refused("approve", made.last, by="hua-rong")
    office.done("approve", made.last, by="he-qing")


def test_a_correction_keeps_the_edition_of_what_it_corrects(office: Office) -> None:
    """An October account corrected in December takes October's form and chain, and that is no mistake."""
    proven(office)
    new_edition(office)
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-12-02T09:00:00+08:00")
    made = office.done("correct", ID, "--reason", "补充说明", "--set", "notes=补充").last
    assert f"catalogue: {OLD}" in office.text(made)
    office.through(made)
    assert office.status(made) == "posted"
    assert office.done("check").code == 0


def test_a_changed_calendar_leaves_what_was_posted(office: Office) -> None:
    """Another holiday, and another month before, change neither status nor problems of what was posted."""
    proven(office)
    calendar = office.root / "records/calendar/2026.yaml"
    listed = office.done("list", "--json").json[0]
    text = calendar.read_text("utf-8")
    calendar.write_text(re.sub(r"(?m)^holidays:", "holidays:\n- {name: 校庆, from: 2026-11-02, to: 2026-11-06}", text), "utf-8")
    assert office("check").code == 0, office("check").out
    row = office.done("list", "--json").json[0]
    assert {k: row[k] for k in ("status", "due", "posted", "number")} == {
        k: listed[k] for k in ("status", "due", "posted", "number")
    }
    day = "2026-11-20"
    before = {name: data for name, data in site(office, day).items() if f"/records/{ID}" in name}
    september = OCTOBER.replace("152300.00", "1.00").replace("233112.35", "80813.35")
    office.done("add", "finance-monthly", "--period", "2026-09", "--from", office.write("s.yaml", september))
    checked = office("check")
    assert [line for line in checked.out.splitlines() if ID in line] == []
    after = site(office, day)
    assert {name: after[name] for name in before} == before


NEW_ITEM = """
garden-open:
  name: 校园种植园开放
  category: 后勤安全
  title: "{name}（{date}）"
  audience: both
  department: 总务处
  flow: disclosure
  channels: [board]
  privacy: none
  keep: D10
  basis:
  - {law: 学校工作方案, article: 校园开放}
  duties:
  - {on: event, due: {within: 10wd, of: date}}
  date-name: 开放日期
  fields:
    place: {name: 地点, type: text}
    plots:
      name: 地块
      type: table
      key: plot
      columns:
        plot: {name: 编号, type: text}
        area: {name: 面积, type: decimal, unit: 平方米, total: true}
    total: {name: 总面积, type: decimal, unit: 平方米}
  rules:
  - equal: [sum(plots.area), total]
    say: 各地块面积之和 应等于 总面积
"""


@pytest.mark.parametrize("folder", [OLD, NEW])
def test_an_item_added_as_data(office: Office, folder: str) -> None:
    """An item written in YAML alone goes the whole way: draft, rule, chain, page, sheets."""
    if folder == NEW:
        new_edition(office)
    file = office.root / "records/catalogue" / folder / "logistics.yaml"
    file.write_text(file.read_text("utf-8") + NEW_ITEM, encoding="utf-8")
    assert office("check").code == 0, office("check").out
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-12-02T09:00:00+08:00")
    given = "place: 教学楼东侧\nplots:\n- {plot: 一号, area: 12.5}\n- {plot: 二号, area: 20}\ntotal: 31\n"
    call = ("add", "校园种植园开放", "--date", "2026-12-01", "--from")
    said = office.refused(*call, office.write("x.yaml", given), code=1)
    assert "各地块面积之和 应等于 总面积" in said
    made = office.done(*call, office.write("x.yaml", given.replace("total: 31\n", "total: 32.5\n"))).last
    assert re.fullmatch(r"garden-open-20261201-[a-z]{4}", made)
    office.done("submit", made)
    office.done("approve", made, by="qian-li")
    office.done("approve", made, by="chen-xi")
    office.done("post", made, by="chu-wei")
    office.done("build")
    page = Path(office.root / f"site/public/records/{made}.html").read_text("utf-8")
    assert "校园种植园开放" in page
    assert "32.5" in page
    office.done("print", made, "--form", "notice,poster,register", "--paper", "A4,A3,A2")
    assert len(list((office.root / "print").glob("*.pdf"))) == 5
    assert office("check").code == 0
    assert made in office.done("list", "--item", "校园种植园开放").out
    assert "各地块面积之和" in office.done("items", "garden-open").out
