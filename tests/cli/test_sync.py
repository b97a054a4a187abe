"""Several offices: different records never collide, one record is decided by a person, nothing is dropped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schoolpub.rules.chain.merging import forbidden
from schoolpub.rules.chain.validity import signed_off
from tests.cli.office import EVENT, OCTOBER, Office
from tests.rules.chains import DAY, WHOLE, record, school
from tests.views.making import read

ID = "finance-monthly-2026-10"


class Offices:
    """Two offices that meet in a bare repository."""

    def __init__(self, office: Office) -> None:
        self.bare = office.root.parent / "school.git"
        office.git("init", "-q", "--bare", "--initial-branch=main", str(self.bare))
        office.done("sync", str(self.bare))
        self.one = office
        root = office.root.parent / "two"
        shutil.copytree(office.root, root)
        self.two = Office(root, office.inside, office.surroundings, office.schools)

    def at(self, office: Office) -> Office:
        """Sit down at an office's machine."""
        office.surroundings.chdir(office.root)
        return office


@pytest.fixture
def offices(office: Office) -> Offices:
    """Two offices with October's account reviewed and in both."""
    office.at("review")
    return Offices(office)


def test_different_records_never_collide(offices: Offices) -> None:
    """Both worked apart on different records: both ends hold everything, with the same history, and verify agrees."""
    one, two = offices.one, offices.two
    offices.at(one).done("approve", ID, by="hua-rong")
    one.done("sync")
    offices.at(two).done("add", "finance-monthly", "--period", "2026-09", "--from", two.write("s.yaml", OCTOBER))
    told = two.done("sync", "--json").json
    assert told["merged"] and told["pushed"] and told["settled"] == []
    assert two.status(ID) == "screened"
    offices.at(one).done("remark", ID, "又看了一遍")  # beside a merge that took over what stood before it
    one.done("sync")
    offices.at(two).done("sync")
    assert one.git("rev-parse", "HEAD") == two.git("rev-parse", "HEAD")
    assert one.git("status", "--porcelain") == two.git("status", "--porcelain") == ""
    assert one.status("finance-monthly-2026-09") == "draft"
    assert one.done("verify", "--json").json["verdict"] == "consistent"


@pytest.mark.parametrize("side", ["here", "there"])
def test_one_record_is_decided_by_a_person(offices: Offices, side: str) -> None:
    """Both worked on one record: refused with both texts, then settled by a step that names what became void."""
    one, two = offices.one, offices.two
    offices.at(one).done("approve", ID, by="hua-rong")
    one.done("sync")
    offices.at(two).done("return", ID, "--reason", "水费漏填", by="qian-li")
    two.done("edit", ID, "--set", "notes=水费已核")
    said = two.refused("sync")
    assert "本机：已退回" in said and "对方：已专审" in said and "本机   notes: 水费已核" in said
    assert "退回　钱立（部门负责人）　理由 水费漏填" in said and "专审　华容（财务小组）" in said
    assert f"--keep {ID}=here|there" in said

    told = two.done("sync", "--keep", f"{ID}={side}", "--json").json
    assert told["settled"] == [ID]
    assert two.status(ID) == ("returned" if side == "here" else "screened")
    last = two.steps(ID)[-1]
    assert last["step"] == "merged"
    assert [line.split()[0] for line in last["void"]] == (["screen"] if side == "here" else ["return", "edit"])
    offices.at(one).done("sync")
    assert one.text(ID) == two.text(ID)
    for text in ("步骤", "水费漏填", "screen"):
        assert text == "步骤" or text in one.git("log", "-p", "-m", "--", str(one.path(ID)))
    assert one.done("verify", "--json").json["verdict"] == "consistent"
    if side == "there":
        one.through(ID, since="decide", upto="decide")
        assert one.status(ID) == "decided"


def test_a_choice_drops_no_file_no_number_and_no_sheet(office: Office) -> None:
    """What the void side attached, numbered and printed stays known: the file, the number, the code on its sheet."""
    office.at("draft")
    office.done("attach", ID, office.write("附图.txt", "旧"))
    offices = Offices(office)
    one, two = offices.one, offices.two
    offices.at(two).done("attach", ID, two.write("附图.txt", "新"))  # the other office leaves this one as it was
    for one_of, text in ((one, "甲"), (two, "乙")):
        offices.at(one_of).done("attach", ID, one_of.write("说明.txt", text))
    two.through(ID, upto="sign")
    code = next(whole for _, whole in signed_off(read(two.root)))
    offices.at(one).done("sync")
    offices.at(two).done("sync", "--keep", f"{ID}=there")

    files = [path.name for path in sorted(two.root.glob("records/attachments/*/*"))]
    merged = two.steps(ID)[-1]
    assert len(files) == 4 and sorted([entry["file"] for entry in merged["evidence"]] + ["说明.txt", "附图.txt"]) == files
    assert (two.root / "records/attachments" / ID / "附图.txt").read_text("utf-8") == "旧"
    assert (merged["numbers"], merged["codes"]) == (["校公开〔2026〕1号"], [code])
    assert two.done("show", "校公开〔2026〕1号", "--json").json["id"] == ID
    assert "以另一处办理的为准" in two("verify", "--code", code).out
    assert two.done("verify", "--json").json["verdict"] == "consistent"


def test_a_number_given_twice_is_told(offices: Offices) -> None:
    """Two offices gave the same number: the sync says so and names the command that mends it."""
    one, two = offices.one, offices.two
    september = two.write("s.yaml", OCTOBER)
    offices.at(two).done("add", "finance-monthly", "--period", "2026-09", "--from", september)
    two.through("finance-monthly-2026-09", upto="sign")
    offices.at(one).through(ID, since="screen", upto="sign")
    one.done("sync")
    told = offices.at(two)("sync")
    assert told.code == 1
    assert f"→ schoolpub renumber {ID}" in told.err or "→ schoolpub renumber finance-monthly-2026-09" in told.err
    later = told.err.split("→ schoolpub renumber ")[1].split()[0]
    two.done("post", later, by="chen-xi")
    two.done("renumber", later, "--reason", "两处重号", by="chen-xi")
    two.done("sync")
    assert "number-twice" not in two("check").out


def test_offices_with_series_of_their_own_never_collide(office: Office) -> None:
    """Both offices sign without the other: both give their number 1, and nothing has to be mended after the sync."""
    office.at("verify")
    school = office.root / "records/school.yaml"
    school.write_text(school.read_text("utf-8") + "series-of: {finance-monthly: 校财公开}\n", "utf-8")
    office.done("adopt", "--reason", "分设编号", "--agreed", "sun-jie", "--yes")
    offices = Offices(office)
    one, two = offices.one, offices.two
    offices.at(one).through(ID, since="sign", upto="sign")
    one.done("sync")
    other = offices.at(two).done("add", "large-spend", "--date", "2026-10-28", "--from", two.write("e.yaml", EVENT)).last
    two.through(other, upto="sign")
    assert two.done("sync", "--json").json["collisions"] == []
    assert [two.steps(i)[-1]["number"] for i in (ID, other)] == ["校财公开〔2026〕1号", "校公开〔2026〕1号"]
    assert two.done("show", "校财公开1", "--json").json["id"] == ID
    assert other in (said := two.refused("show", "1")) and "校财公开〔2026〕1号" in said
    assert [f["state"] for f in two("doctor", "--json").json if f["what"] == "series"] == []
    assert two.done("verify", "--json").json["verdict"] == "consistent"


def test_what_no_choice_may_undo() -> None:
    """Posted is not ended, erased not called back, by a choice; what was stopped goes on by the head's word alone."""
    made, day = school(), DAY.date()
    posted, void = record(), record("draft submit discard")
    stopped = record(f"{WHOLE} suspend")
    assert "posted it" in str(forbidden(made, void, posted, "sun-jie", day))
    assert forbidden(made, posted, void, "zhao-min", day) is None
    assert "校长" in str(forbidden(made, posted, stopped, "zhao-min", day))
    assert forbidden(made, posted, stopped, "sun-jie", day) is None is forbidden(made, stopped, posted, "zhao-min", day)
    erased = record(f"{WHOLE} erase")
    assert "erased" in str(forbidden(made, posted, erased, "sun-jie", day))
    assert forbidden(made, erased, posted, "zhao-min", day) is None


def test_a_folder_in_which_nothing_may_be_merged(offices: Offices) -> None:
    """Another branch, no branch, a merge under way, a file changed by hand, a lock that was left: refused, and why."""
    one, two = offices.one, offices.two
    offices.at(one).done("remark", ID, "甲")
    one.done("sync")
    offices.at(two).git("branch", "-m", "master")
    assert "git branch -m main" in two.refused("sync")
    two.git("branch", "-m", "main")
    two.git("checkout", "-q", "--detach")
    assert "git checkout main" in two.refused("sync")
    two.git("checkout", "-q", "main")
    merge = two.root / ".git/MERGE_HEAD"
    merge.write_text(two.git("rev-parse", "HEAD"))
    assert "merge is under way" in two.refused("sync")
    merge.unlink()
    path = two.path(ID)
    held = path.read_bytes()
    path.write_bytes(held.replace(b"1200.00", b"1300.00"))
    assert "git restore" in two.refused("sync")
    path.write_bytes(held)
    two.done("add", "finance-monthly", "--period", "2026-09", "--zero")
    lock = offices.bare / "refs/heads/main.lock"
    lock.touch()
    assert str(lock) in two("sync").err.replace("/./", "/")
    lock.unlink()
    (two.root / ".git/refs/schoolpub/incoming.lock").touch()  # a killed sync's
    assert two.done("sync", "--json").json["pushed"]


def test_a_rewritten_meeting_place_is_refused(offices: Offices) -> None:
    """A server whose history was rewritten, or that deletes records, changes nothing here."""
    one, two = offices.one, offices.two
    offices.at(one).done("approve", ID, by="hua-rong")
    one.done("sync")
    first = one.git("rev-list", "--max-parents=0", "HEAD").strip()
    one.git("--git-dir", str(offices.bare), "update-ref", "refs/heads/main", first)
    assert "rewritten" in one.refused("sync")
    clone = one.root.parent / "clone"
    one.git("--git-dir", str(offices.bare), "update-ref", "refs/heads/main", two.git("rev-parse", "HEAD").strip())
    offices.at(two).done("remark", ID, "其一")
    two.git("clone", "-q", str(offices.bare), str(clone))
    two.git("-C", str(clone), "rm", "-q", str(two.path(ID).relative_to(two.root)))
    two.git("-C", str(clone), "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "x")
    two.git("-C", str(clone), "push", "-q", "origin", "HEAD:main")
    two.refused("sync", "--keep", f"{ID}=here")


def test_a_place_that_is_no_meeting_place(office: Office) -> None:
    """Without a place, with one that cannot be reached, or with another school's: refused, nothing changed."""
    office.at("draft")
    assert "sync PLACE" in office.refused("sync")
    other = office.root.parent / "other"
    office.done("init", str(other), "--sample", now="2026-11-01T09:00:00+08:00")
    office.surroundings.setenv("SCHOOLPUB_NOW", "2026-11-03T09:12:00+08:00")
    office.git("remote", "add", "origin", str(Path(other)))
    assert "another beginning" in office.refused("sync")
    office.git("remote", "set-url", "origin", str(office.root.parent / "nowhere"))
    office.refused("sync")
    office.refused("sync", "--keep", "x")


def test_policy_that_both_changed_is_decided_by_those_who_may(offices: Offices) -> None:
    """Both changed the people: the clerk may not choose, the head may, and verify finds nothing wrong with the choice."""
    one, two = offices.one, offices.two
    file = "records/people.yaml"
    for office, name in ((one, "甲"), (two, "乙")):
        offices.at(office)
        path = office.root / file
        path.write_text(path.read_text("utf-8") + f"# {name}\n", "utf-8")
        office.done("adopt", "--reason", name, "--agreed", "sun-jie", "--yes")
        if office is one:
            one.done("sync")
    assert "changes of policy" in two.refused("sync", "--keep", f"{file}=there")
    two.done("sync", "--keep", f"{file}=there", by="sun-jie")
    assert "# 甲" in (two.root / file).read_text("utf-8")
    path = offices.at(one).root / file
    path.write_text(path.read_text("utf-8") + "# 丙\n", "utf-8")
    one.done("adopt", "--reason", "丙", "--agreed", "sun-jie", "--yes")  # before it knows of the choice
    assert one.done("sync", "--json").json["findings"] == 0
