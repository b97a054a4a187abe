"""Keys: made, registered and ended without knowing SSH; signatures that plain ssh-keygen agrees with; attacks on them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from schoolpub.store import signing
from tests.cli.attacks import LATER, OCTOBER, Attacker
from tests.cli.office import Office
from tests.cli.policy_attacks import key_taken_out
from tests.conftest import run_inside

AGREED = ("--agreed", "sun-jie", "--yes")
RETURN = "2026-11-04T09:00:00+08:00"


@pytest.fixture
def signed(
    request: pytest.FixtureRequest, schools: Path, tmp_path: Path, surroundings: pytest.MonkeyPatch
) -> Office:
    """A school where submissions must be signed, with an account that was: made once and copied."""
    kept = schools / "signed"
    surroundings.setenv("SCHOOLPUB_KEYS", str(schools / "keys"))
    if kept.exists():
        return Office.like(kept, tmp_path / "school", run_inside, surroundings)
    office: Office = request.getfixturevalue("office")
    office.done("key", "new", *AGREED, by="zhao-min")
    office.done("key", "new", *AGREED, by="qian-li")
    school = office.root / "records/school.yaml"
    school.write_text(school.read_text("utf-8") + "signatures: {from: 2026-11-03, steps: [submit]}\n", "utf-8")
    office.done("adopt", "--reason", "报送须签名", *AGREED)
    office.october()
    office.done("submit", OCTOBER)
    shutil.copytree(office.root, kept)
    return office


def test_signed_steps_verify_here_and_with_ssh_keygen(signed: Office, tmp_path: Path) -> None:
    """Each step by a person with a key is signed; verify counts them; ssh-keygen agrees, and not to another text."""
    assert signed.done("verify", "--json").json["checked"]["signatures"] == 2 + 1
    assert signed.done("check").code == 0
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    data = signed.path(OCTOBER).read_bytes()
    above, _, line = data.removesuffix(b"\n").rpartition(b"\n")
    key = json.loads(signed.done("key", "--json").out)[0]["key"]
    (tmp_path / "signers").write_text(f'zhao-min namespaces="schoolpub" {key}\n')
    signature = line.decode().rpartition("signature: ")[2].rstrip("}")
    armoured = "\n".join(signature[start : start + 70] for start in range(0, len(signature), 70))
    (tmp_path / "signature").write_text(f"-----BEGIN SSH SIGNATURE-----\n{armoured}\n-----END SSH SIGNATURE-----\n")
    command = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "zhao-min", "-n", "schoolpub", "-s", "signature"]
    for text, code in ((above + b"\n", 0), (above, 255)):
        assert subprocess.run(command, cwd=tmp_path, input=text, capture_output=True, check=False).returncode == code


def test_what_ssh_keygen_signed_is_verified_here(tmp_path: Path) -> None:
    """A signature by OpenSSH's own program, with keys of three kinds, is good here; over other bytes it is not."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    for kind in ("ed25519", "ecdsa", "rsa"):
        key, message = tmp_path / kind, tmp_path / f"{kind}.txt"
        message.write_bytes("公告\n".encode())
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(key)], check=True)
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", "schoolpub", "-f", str(key), str(message)], check=True)
        text = "".join((tmp_path / f"{kind}.txt.sig").read_text().splitlines()[1:-1])
        checked = signing.check(text, message.read_bytes())
        assert checked.good and checked.key.split() == key.with_suffix(".pub").read_text().split()[:2]
        assert not signing.check(text, b"x").good


def test_a_step_that_must_be_signed_is_refused_without_the_key(signed: Office) -> None:
    """Without the key on this machine nothing is recorded, and the way out is said."""
    signed.done("return", OCTOBER, "--reason", "水费", by="qian-li", now=RETURN)
    signed.surroundings.setenv("SCHOOLPUB_KEYS", str(signed.root.parent / "nowhere"))
    said = signed.refused("submit", OCTOBER, now=LATER)
    assert "not on this machine" in said


def test_a_key_with_a_passphrase(signed: Office) -> None:
    """The passphrase is taken from the surroundings; a wrong one is refused."""
    signed.surroundings.setenv("SCHOOLPUB_PASSPHRASE", "三个词")
    signed.done("key", "new", *AGREED, by="li-hua")
    assert signing.is_locked("li-hua")
    signing.load("li-hua", "三个词")
    with pytest.raises(Exception, match="passphrase"):
        signing.load("li-hua", "错")
    signing.key_file("li-hua").unlink()
    keygen = ["ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", "三个词", "-f", str(signing.key_file("li-hua"))]
    subprocess.run(keygen, check=True)
    assert signing.is_locked("li-hua")
    signing.load("li-hua", "三个词")
    with pytest.raises(Exception, match="passphrase"):
        signing.load("li-hua", "错")
    signing.key_file("li-hua").unlink()


def test_a_clock_that_lags_by_more_than_a_day_stops_an_act(signed: Office) -> None:
    """One of the two times must be wrong, and nobody knows which."""
    assert "clock" in signed.refused("remark", OCTOBER, "x", now="2026-11-01T09:00:00+08:00")


def resubmitted(a: Attacker, sign: Callable[[bytes], str] | None = None, *, person: str = "zhao-min") -> None:
    """Submit again by hand, with a signature of the attacker's choice."""
    a.office.done("return", OCTOBER, "--reason", "水费", by="qian-li", now=RETURN)
    a.append(f'- {{step: submit, by: zhao-min, role: 填报人, at: {LATER}, content: "{a.content()}"}}')
    if sign is not None:
        a.append(f"- {{signed: {person}, signature: {sign(a.office.path(OCTOBER).read_bytes())}}}")
    a.commit()


def by_key_of(person: str) -> Callable[[bytes], str]:
    """Return who signs with the registered key of *person*."""
    return lambda data: signing.sign(signing.load(person), data)


def unsigned(a: Attacker) -> None:
    """No signature."""
    resubmitted(a)


def over_another_text(a: Attacker) -> None:
    """The right key over other bytes."""
    resubmitted(a, lambda data: signing.sign(signing.load("zhao-min"), data + b"x"))


def replayed(a: Attacker) -> None:
    """The signature of the first submission once more, known from a proof before."""
    a.office.done("verify")
    resubmitted(a, lambda data: data.decode().partition("signature: ")[2].partition("}")[0])


def by_an_unknown_key(a: Attacker) -> None:
    """A key that nobody registered."""
    signing.key_file("thief").unlink(missing_ok=True)
    signing.new_key("thief")
    resubmitted(a, by_key_of("thief"))


def by_anothers_key(a: Attacker) -> None:
    """A key of somebody else."""
    resubmitted(a, by_key_of("qian-li"))


def by_another_person(a: Attacker) -> None:
    """Somebody else's signature in somebody else's name."""
    resubmitted(a, by_key_of("qian-li"), person="qian-li")


def by_an_expired_key(a: Attacker) -> None:
    """A key that ended the day before."""
    a.office.done("key", "retire", "zhao-min", "--reason", "换新", *AGREED)
    resubmitted(a, by_key_of("zhao-min"))


def by_a_stolen_key(a: Attacker) -> None:
    """A key that was in wrong hands, as it turns out."""
    a.office.done("key", "retire", "zhao-min", "--stolen", "2026-11-03", "--reason", "遗失", *AGREED)


def signed_twice(a: Attacker) -> None:
    """Two signatures below one step."""
    resubmitted(a, by_key_of("zhao-min"))
    data = a.office.path(OCTOBER).read_bytes()
    a.append(f"- {{signed: zhao-min, signature: {signing.sign(signing.load('zhao-min'), data)}}}")
    a.git("commit", "-qa", "--amend", "--no-edit", who="zhao-min", at=LATER)


def by_a_key_found_stolen_later(a: Attacker) -> None:
    """A key that was retired turns out to have been in wrong hands before."""
    a.office.done("key", "retire", "zhao-min", "--reason", "换新", *AGREED)
    by_a_stolen_key(a)


def signature_removed(a: Attacker) -> None:
    """The line of a signature is cut out."""
    a.without("signed:")
    a.commit()


def register_emptied(a: Attacker) -> None:
    """All keys disappear from the register, and somebody signs."""
    people = a.root / "records/people.yaml"
    people.write_text(people.read_text("utf-8").partition("keys:")[0] + "keys: []\n", "utf-8")
    a.commit(at="2026-11-03T10:00:00+08:00")
    resubmitted(a, by_key_of("zhao-min"))


SIGNED = [
    (unsigned, "unsigned-step"),
    (over_another_text, "bad-signature"),
    (replayed, "replayed-signature"),
    (by_an_unknown_key, "unknown-key"),
    (by_anothers_key, "signer-mismatch"),
    (by_another_person, "signer-mismatch"),
    (by_an_expired_key, "expired-key"),
    (by_a_stolen_key, "stolen-key"),
    (by_a_key_found_stolen_later, "stolen-key"),
    (signed_twice, "misplaced-signature"),
    (key_taken_out, "register-rewritten"),
    (signature_removed, "edited-step"),
    (register_emptied, "missing-signers"),
]


@pytest.mark.parametrize(("attack", "code"), SIGNED, ids=lambda value: getattr(value, "__name__", ""))
def test_an_attack_on_signatures_is_named(signed: Office, attack: Callable[[Attacker], None], code: str) -> None:
    """Unknown, expired, stolen and foreign keys, missing and moved signatures are told apart."""
    attack(Attacker(signed))
    answer = signed("verify", "--json", now="2026-11-05T09:00:00+08:00")
    assert code in [finding["code"] for finding in json.loads(answer.out)["findings"]], answer.out


def test_a_decision_between_two_offices_is_signed_by_who_decides(signed: Office) -> None:
    """The `merged` step bears the signature of the one who decided, though another sat at the machine."""
    bare, one = signed.root.parent / "school.git", signed.root.parent / "one"
    signed.git("init", "-q", "--bare", "--initial-branch=main", str(bare))
    signed.done("sync", str(bare))
    shutil.copytree(signed.root, one)
    signed.done("return", OCTOBER, "--reason", "水费", by="qian-li", now=RETURN)
    signed.done("sync")
    signed.surroundings.chdir(one)
    signed.done("remark", OCTOBER, "已核", now=LATER)
    signed.done("sync", "--keep", f"{OCTOBER}=there", by="qian-li")
    last, signature = (one / signed.path(OCTOBER).relative_to(signed.root)).read_text("utf-8").splitlines()[-2:]
    assert "step: merged, by: qian-li" in last and signature.startswith("- {signed: qian-li")
    assert signed.done("verify", "--json").json["verdict"] == "consistent"


def test_keys_that_prove_nothing_are_not_registered(signed: Office, tmp_path: Path) -> None:
    """A short RSA key can be broken; a key of another person, or one that ended, does not come back."""
    if shutil.which("ssh-keygen"):
        subprocess.run(["ssh-keygen", "-qt", "rsa", "-b", "1024", "-N", "", "-f", str(tmp_path / "short")], check=True)
        assert "2,048" in signed.refused("key", "add", str(tmp_path / "short.pub"), "--for", "wang-lan", *AGREED)
    people = signed.root / "records/people.yaml"
    line = next(x for x in people.read_text("utf-8").splitlines() if "zhao-min, key" in x)
    people.write_text(people.read_text("utf-8") + line.replace("zhao-min", "wang-lan") + "\n", "utf-8")
    assert "stands above already" in signed.refused("adopt", "--reason", "登记", *AGREED, code=1)


def test_a_key_whose_registration_was_cut_off(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that was made and not registered is registered by the next try; one that was recorded is never removed."""
    from schoolpub.store.git import placing

    monkeypatch.setenv("SCHOOLPUB_KEYS", str(office.root.parent / "keys"))
    line = signing.new_key("zhao-min")  # killed here
    office.refused("key", "new", "--agreed", "zhao-min", "--yes")
    assert office.done("key", "new", *AGREED, "--json").json["key"] == line

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as broken:
        broken.setattr(placing, "tell_index", full)
        assert "It is recorded" in office("key", "new", *AGREED, by="qian-li").err
    assert [row["here"] for row in office.done("key", "--json").json] == [True, True]
