"""The demo: a year of acts by the real commands, without a mistake in it, and the same each time."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schoolpub.cli.app import app
from schoolpub.cli.story import episodes
from schoolpub.cli.story.entries import changes, entries
from schoolpub.cli.story.teller import Teller, run
from schoolpub.store.git.ledger import Ledger
from schoolpub.store.workspace import Workspace

pytestmark = pytest.mark.xdist_group("demo")  # made once, by one worker

AFTER = datetime.fromisoformat("2026-11-21T09:00:00+08:00")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The demo's folder, and what the command said."""
    root = tmp_path_factory.mktemp("demo") / "示例"
    yield root, run(["demo", str(root)], AFTER)


@contextmanager
def chinese() -> Iterator[None]:
    before = os.environ.get("SCHOOLPUB_LANG")
    os.environ["SCHOOLPUB_LANG"] = "zh"
    try:
        yield
    finally:
        os.environ.pop("SCHOOLPUB_LANG")
        if before is not None:
            os.environ["SCHOOLPUB_LANG"] = before


def asked(root: Path, *words: str) -> Any:
    """Return the JSON answer of a command on the morning after the story."""
    return json.loads(run([*words, "--json", "--root", str(root)], AFTER))


def test_it_says_in_both_languages_what_to_open(demo: tuple[Path, str]) -> None:
    """Every file that it names is there; the next commands are named too."""
    root, said = demo
    named = [Path(line.split("    ")[0].strip()) for line in said.splitlines() if line.startswith(f"  {root}")]

    assert {path.relative_to(root).as_posix() for path in named} >= {
        "site/public/index.html",
        "site/internal/index.html",
        "print/finance-monthly-2026-10.pdf",
        "print/finance-monthly-2026-10-poster-A3.pdf",
        "print/finance-monthly-2026-10-register.pdf",
    }
    assert all(path.is_file() for path in named)
    assert "示例学校已建好" in said
    assert "A fictional school was made" in said
    assert "schoolpub check" in said


def test_nothing_is_wrong_in_it(demo: tuple[Path, str]) -> None:
    """`schoolpub check` finds no error and no warning."""
    root, _ = demo

    assert asked(root, "check") == {"problems": []}


def test_every_item_and_category_has_a_record(demo: tuple[Path, str]) -> None:
    """Nothing that the catalogue knows is left without an example, but for what a good year is spared."""
    spared = {"accountability", "privacy-incident", "policy"}
    snapshot = Workspace(demo[0]).read()
    catalogue = snapshot.catalogues[max(snapshot.catalogues)]
    shown = {record.item for record in snapshot.records.values()}

    assert set(catalogue.items) - shown == spared
    assert {catalogue.items[slug].category for slug in shown} == set(catalogue.categories)


def test_records_stand_at_every_turn_of_the_way(demo: tuple[Path, str]) -> None:
    """A draft, one that waits, one signed, one suspended, one withdrawn, one given up: each can be looked at."""
    found = {row["status"] for row in asked(demo[0], "list")}

    assert found == {
        "draft", "submitted", "signed", "posted", "ended", "suspended", "withdrawn", "superseded", "void",
        "received", "assigned", "closed", "transferred", "merged", "declined", "opened",
    }  # fmt: skip


def test_some_things_went_wrong_and_were_mended(demo: tuple[Path, str]) -> None:
    """A report was returned, one step was taken back, a posted one was corrected, one form was signed on paper."""
    records = Workspace(demo[0]).read().records
    steps = {record.id: [step.step for step in record.steps] for record in records.values()}
    taken = {name for names in steps.values() for name in names}

    assert steps["canteen-monthly-2026-03"][:6] == ["draft", "submit", "review", "return", "edit", "submit"]
    assert {"undo", "suspend", "resume", "withdraw", "takedown", "remark", "discard", "attach", "vote"} <= taken
    assert records["finance-monthly-2026-05.v2"].body["reason"]
    assert records["canteen-monthly-2026-08"].zero
    assert any(step.said("paper") or "paper" in step.says for step in records["fees-term-2025-2026-2"].steps)


def test_most_was_in_time(demo: tuple[Path, str]) -> None:
    """A few were late, by some working days."""
    rows = [row for row in asked(demo[0], "list") if row["status"] != "draft"]
    late = {row["id"].split("-20")[0] for row in rows if row["late_mark"]}

    assert late == {"finance-monthly", "topic-request", "feedback"}


def test_each_month_opens_with_what_the_last_one_left(demo: tuple[Path, str]) -> None:
    """The figures of the monthly accounts really chain, over the year's end too."""
    records = Workspace(demo[0]).read().records
    months = ["2025-12", *(f"2026-{month:02}" for month in range(1, 11))]
    fields = [records[f"finance-monthly-{month}"].fields for month in months]

    assert [f["balance_start"] for f in fields[1:]] == [f["balance_end"] for f in fields[:-1]]
    assert all(Decimal(str(f["balance_end"])) > 0 for f in fields)


def test_the_history_reads_as_an_audit_trail(demo: tuple[Path, str]) -> None:
    """The log of a corrected report tells who did what, both editions together, without git's words."""
    root, _ = demo
    with chinese():
        told = run(["log", "finance-monthly-2026-05", "--root", str(root)], AFTER).splitlines()
    lines = [line for line in told if line.startswith("2026")]

    assert lines[0].startswith("2026-06-02") and "赵敏" in lines[0] and "2026年5月财务收支月报" in lines[0]
    assert any("公布：" in line and "冯云" in line for line in lines)
    assert [commit.subject for commit in Ledger(root).log()][-1] == "建立示例学校校务公开记录"


def test_a_former_demo_is_made_anew_and_nothing_else(tmp_path: Path) -> None:
    """A folder that holds anything but a demo is refused and stays as it is, a checkout of the program too."""
    checkout = tmp_path / "checkout"
    (checkout / "records").mkdir(parents=True)
    (checkout / "records" / "school.yaml").write_text("schoolpub: 1\nname: 示例学校\nsample: yes\n", encoding="utf-8")
    (checkout / "pyproject.toml").write_text("", encoding="utf-8")
    real = tmp_path / "real"
    (real / "records").mkdir(parents=True)
    (real / "records" / "school.yaml").write_text("schoolpub: 1\nname: 一所学校\nsample: no\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    for folder in (checkout, real):
        assert app(["demo", str(folder)], standalone_mode=False) == 3

    assert sorted(tmp_path.rglob("*")) == before


def test_the_same_acts_make_the_same_commits(tmp_path: Path) -> None:
    """Told twice, the story's first days end in the same commit."""
    heads = []
    for name in ("once", "again"):
        root = tmp_path / name
        run(["init", str(root), "--sample"], datetime.fromisoformat("2025-12-31T09:00:00+08:00"))
        with tempfile.TemporaryDirectory() as desk:
            list(Teller(root, Path(desk), entries(), changes()).tell(episodes.short()))
        heads.append(Ledger(root).head())

    assert heads[0] == heads[1] != ""


def test_what_people_said_balances(demo: tuple[Path, str]) -> None:
    """The term of feedback adds up on the site, and nothing of who wrote or of the report is in site or history."""
    root, _ = demo
    year = json.loads((root / "site/public/statistics.json").read_text("utf-8"))["years"][0]["total"]

    assert year["brought_forward"] + year["received"] == year["closed"] + year["open"] and year["late"] >= 1
    secrets = [word.encode() for word in ("示例家长", "回拨来电", "收受礼品")]
    assert not [p for p in (root / "site").rglob("*") if p.is_file() and any(s in p.read_bytes() for s in secrets)]
