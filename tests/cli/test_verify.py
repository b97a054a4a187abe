"""`schoolpub verify`: an honest history is consistent, and each attack upon it is found and named."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.cli import attacks
from tests.cli.attacks import ATTACKS, OCTOBER, Attacker
from tests.cli.git_attacks import GIT_ATTACKS
from tests.cli.office import Office
from tests.cli.policy_attacks import POLICY_ATTACKS
from tests.conftest import run_inside


def a_photo() -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def honest(
    request: pytest.FixtureRequest, schools: Path, tmp_path: Path, surroundings: pytest.MonkeyPatch
) -> Office:
    """A school with an account that was returned, mended, approved, posted and proven; made once and copied."""
    kept = schools / "honest"
    if kept.exists():
        return Office.like(kept, tmp_path / "school", run_inside, surroundings)
    office: Office = request.getfixturevalue("office")
    office.at("post")
    photo = office.write("公开栏.png", a_photo())
    office.done("prove", OCTOBER, "--channel", "board", "--place", "校门外", "--on", "2026-11-03", "--photo", photo,
                by="chen-xi", now="2026-11-03T15:00:00+08:00")  # fmt: skip
    shutil.copytree(office.root, kept)
    return office


def test_an_honest_history_is_consistent(honest: Office) -> None:
    """Nothing is found, the second time what was proven is remembered, and JSON is as agreed upon."""
    first, second = honest.done("verify", "--json").json, honest.done("verify", "--json").json
    assert (first["verdict"], first["findings"], first["anchors"]) == ("consistent", [], [])
    assert first["checked"]["commits"] == second["checked"]["commits"] == second["checked"]["remembered"] == 10
    assert first["checked"]["steps"] == second["checked"]["steps"] == 9
    assert "CONSISTENT" in honest.done("verify").out


EVERY = [*ATTACKS, *GIT_ATTACKS, *POLICY_ATTACKS]


@pytest.mark.parametrize(("attack", "code"), EVERY, ids=lambda value: getattr(value, "__name__", ""))
def test_an_attack_is_named(honest: Office, attack: Callable[[Attacker], None], code: str) -> None:
    """Each attack makes the verdict fail, with the finding that names it, in plain words."""
    attack(Attacker(honest))
    answer = honest("verify", "--json", now="2026-11-05T09:00:00+08:00")
    found = json.loads(answer.out)
    assert answer.code == 1 and found["verdict"] == "failed"
    named = {finding["code"]: finding for finding in found["findings"]}
    assert code in named, found["findings"]
    assert not (honest.root.parent / "planted").exists()  # nothing that somebody planted is ever run
    assert named[code]["message"]
    assert all(set(finding) >= {"code", "record", "commit", "message"} for finding in found["findings"])


def test_a_remembered_proof_is_not_trusted_for_a_rewritten_history(honest: Office) -> None:
    """What was proven and is gone is a finding; what came after it is judged as ever."""
    honest.done("verify")
    attacks.forged_author(Attacker(honest))
    assert "author-mismatch" in honest("verify").out
    honest.git("reset", "-q", "--hard", "HEAD~2")
    answer = honest("verify", "--json")
    assert [finding["code"] for finding in answer.json["findings"]] == ["rewritten-history"]


def test_a_copy_and_codes_from_outside_confirm(honest: Office) -> None:
    """A bundle, a clone and the site's codes agree; a shortened history and a foreign code do not."""
    bundle, clone = honest.root.parent / "school.bundle", honest.root.parent / "clone.git"
    honest.git("bundle", "create", "-q", str(bundle), "main")
    honest.git("clone", "-q", "--bare", str(honest.root), str(clone))
    honest.done("build")
    codes = str(honest.root / "site/public/codes.json")
    for copy in (bundle, clone):
        assert honest.done("verify", "--json", "--against", str(copy), "--codes", codes).json["verdict"] == "confirmed"
    honest.git("reset", "-q", "--hard", "HEAD~1")
    shutil.rmtree(honest.root / ".schoolpub")
    answer = honest("verify", "--json", "--against", str(bundle))
    assert [finding["code"] for finding in answer.json["findings"]] == ["truncated-history"]
    honest.refused("verify", "--codes", honest.write("deep.json", "[" * 100_000))
    foreign = honest.write("codes.txt", f"{OCTOBER} {'1' * 64}\n")
    answer = honest("verify", "--json", "--codes", foreign)
    assert [finding["code"] for finding in answer.json["findings"]] == ["truncated-history", "code-contradicted"]


def test_what_is_no_part_of_the_history_is_no_damage(honest: Office) -> None:
    """An object that a fallen machine left empty, an odd commit that nothing leads to, a broken aid of git's."""
    objects = honest.root / ".git/objects"
    (objects / "aa").mkdir(exist_ok=True)
    (objects / "aa" / ("b" * 38)).write_bytes(b"")
    head = honest.git("cat-file", "commit", "HEAD").replace("committer ", "author x <x@x> 1 +0000\ncommitter ")
    odd = honest.root.parent / "odd"
    odd.write_text(head, "utf-8")
    honest.git("hash-object", "-t", "commit", "-w", "--literally", str(odd))
    (objects / "pack").mkdir(exist_ok=True)
    (objects / "pack/multi-pack-index").write_bytes(b"MIDX broken")
    assert honest.done("verify", "--json").json["verdict"] == "consistent"
    (honest.root / "templates").symlink_to(honest.root / ".git")
    found = honest("verify", "--json").json["findings"]
    assert [(finding["code"], finding["file"]) for finding in found] == [("unknown-file", "templates")]


def test_only_what_lay_elsewhere_confirms(honest: Office) -> None:
    """A backup and a bundle of HEAD alone confirm; the folder itself cannot, nor can a copy that breaks off."""
    place = honest.root.parent
    honest.done("backup", str(place / "stick"))
    for name, what in (("head.bundle", "HEAD"), ("later.bundle", "main~3..main")):
        honest.git("bundle", "create", "-q", str(place / name), what)
    for name in ("stick", "head.bundle", "later.bundle"):
        assert honest.done("verify", "--json", "--against", str(place / name)).json["verdict"] == "confirmed"
    cut = honest.write("cut.bundle", (place / "head.bundle").read_bytes()[:9000])
    answer = honest("verify", "--json", "--against", cut).json
    assert [finding["code"] for finding in answer["findings"]] == ["unreadable-copy"] and not answer["anchors"]
    for nothing in (".", str(place), honest.write("note.txt", "x"), str(place / "nowhere")):
        honest.refused("verify", "--against", nothing)


def test_one_code_tells_whether_its_sheet_is_still_good(honest: Office) -> None:
    """The code on the wall is known; a code of nothing is not, and the exit code says so."""
    honest.done("build")
    codes = json.loads((honest.root / "site/public/codes.json").read_text("utf-8"))["codes"]
    honest.done("verify", "--code", codes[0]["short"])
    assert honest("verify", "--code", "0" * 64).code == 1


def test_what_a_sheet_taught_comes_with_its_act(honest: Office) -> None:
    """Names of columns that an act learned are explained by it; slipped in alone they are not."""
    names = honest.root / "records/layouts/finance-monthly.yaml"
    names.parent.mkdir()
    names.write_text("names: {}\n", "utf-8")
    Attacker(honest).commit()
    assert "unknown-file" in [finding["code"] for finding in honest("verify", "--json").json["findings"]]
