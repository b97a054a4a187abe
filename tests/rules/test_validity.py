"""What the code on a sheet says: still good, corrected, over, stopped, contradicted, mistyped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from schoolpub.rules.chain import flow, validity, witness
from tests.board.conftest import TODAY, fill
from tests.cli.office import Office
from tests.views.making import policy, read


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """A school's year: in time, corrected, suspended, with lists."""
    root = policy(tmp_path_factory.mktemp("validity"))
    fill(root)
    return read(root)


def code_of(snapshot, record_id: str) -> str:
    """Return the short code of an edition."""
    return next(witness.short(whole) for record, whole in validity.signed_off(snapshot) if record.edition_id == record_id)


@pytest.mark.parametrize(
    ("record_id", "day", "kind"),
    [
        ("finance-monthly-2026-10.v1", TODAY, "current"),
        ("finance-monthly-2026-09.v1", TODAY, "corrected"),
        ("finance-monthly-2026-09.v2", TODAY, "current"),
        ("good-news-20261012-abcd.v1", TODAY, "suspended"),
        ("honours-student-20261103-abcd.v1", date(2026, 11, 4), "current"),
        ("honours-student-20261103-abcd.v1", date(2027, 1, 4), "over"),
    ],
)
def test_a_sheet_is_told_how_it_stands(snapshot, record_id, day, kind):
    """Each edition that was signed off is found by its code, and told how it stands on that day."""
    code = code_of(snapshot, record_id)
    found = validity.answer(code.lower().replace("-", " ").replace("0", "o"), snapshot, day)

    assert (found.kind, [s.record.edition_id for s in found.standings]) == (kind, [record_id])


def test_a_rewritten_record_contradicts_the_sheet(snapshot):
    """When the words, the moment or the history before differ, the code is known to nobody; a slip of the pen is another thing."""
    record = snapshot.records["finance-monthly-2026-10"]
    code = code_of(snapshot, record.edition_id)
    forged = replace(record, content="sha256:" + "0" * 64)
    forged = replace(forged, steps=tuple(replace(s, content=forged.content) if s.content else s for s in record.steps))
    other = replace(snapshot, records={**snapshot.records, record.id: forged})

    assert validity.answer(code, other, TODAY).kind == "unknown"
    assert validity.answer(code[:-1] + ("0" if code[-1] != "0" else "1"), snapshot, TODAY).kind == "mistyped"
    assert validity.answer("ABC", snapshot, TODAY).kind == "mistyped"


def test_a_sign_off_that_was_taken_back_is_told(snapshot):
    """A sheet printed before is genuine and does not count; nobody calls it forged, also when the words changed since."""
    record = snapshot.records["finance-monthly-2026-10"]
    own = snapshot.flow(record)
    sign = flow.replay(record, own).sign_off
    upto = record.steps[: record.steps.index(sign) + 1]
    again = replace(sign, at=sign.at + timedelta(hours=1), content="sha256:" + "1" * 64)
    undo = replace(sign, step="undo", content="", says={"undoes": "sign"})
    mended = replace(record, content=again.content, steps=(*upto, undo, again))
    other = replace(snapshot, records={**snapshot.records, record.id: mended})

    found = validity.answer(code_of(snapshot, record.edition_id), other, TODAY)
    assert (found.kind, found.by, found.kind in validity.GOOD) == ("undone", "void", False)
    assert validity.answer(code_of(other, record.edition_id), other, TODAY).kind == "signed"


def test_the_code_of_the_words_is_known_too(snapshot):
    """The registration form bears the code of the words alone."""
    record = snapshot.records["finance-monthly-2026-10"]
    found = validity.answer(witness.text_code(record.content), snapshot, TODAY)

    assert (found.kind, found.by) == ("current", "text")


def test_words_that_nobody_signed_off_are_a_draft(snapshot):
    """The form of a record that is still under way says nothing more than that."""
    record = snapshot.records["finance-monthly-2026-10"]
    unsigned = replace(record, steps=record.steps[:2])
    other = replace(snapshot, records={**snapshot.records, record.id: unsigned})

    assert validity.answer(witness.text_code(record.content), other, TODAY).kind == "draft"


def test_the_command_answers(office: Office) -> None:
    """`verify --code` says how the sheet stands; 0 when it may hang, 1 when not, and the same for a script."""
    office.posted()
    short = code_of(read(office.root), "finance-monthly-2026-10.v1")
    assert "有效" in office.done("verify", "--code", short).out
    told = office("verify", "--code", "0" * 64, "--json")
    assert (told.code, told.json["standing"]) == (1, "unknown")
    office.done("suspend", "finance-monthly-2026-10", "--reason", "待核", by="chen-xi")
    assert "应当撤下" in office("verify", "--code", short).out


def test_the_command_looks_into_the_history(office: Office) -> None:
    """A number finds and proves nothing; a file that the history does not hold, or a history made over, is no witness."""
    office.posted()
    path = office.path("finance-monthly-2026-10")
    short = code_of(read(office.root), "finance-monthly-2026-10.v1")
    told = office("verify", "--code", "校公开[2026]1", "--json").json
    assert (told["by"], told["good"]) == ("number", False)
    office.refused("verify", "--code", " ")
    before = path.read_bytes()
    path.write_bytes(before + b"# \n")
    assert office("verify", "--code", short, "--json").json["standing"] == "altered"
    path.write_bytes(before)
    tree, author = office.git("rev-parse", "HEAD^{tree}").strip(), ["-c", "user.name=x", "-c", "user.email=x@x.invalid"]
    office.git("reset", "-q", office.git(*author, "commit-tree", "-m", "x", tree).strip())
    assert office("verify", "--code", short, "--json").json["standing"] == "altered"
