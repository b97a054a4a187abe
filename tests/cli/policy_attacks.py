"""What two persons who agree with each other can still not do to a school's policy, its numbers and its dates."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping

from tests.cli.attacks import LATER, OCTOBER, Attacker

PEOPLE = "records/people.yaml"
EDITION = "records/catalogue/2026-01-01"


def adopted(a: Attacker, changes: Mapping[str, str], named: Mapping[str, str] | None = None) -> None:
    """Commit *changes* with a well-made record of policy to which a second person agreed."""
    for file, text in changes.items():
        (a.root / file).parent.mkdir(parents=True, exist_ok=True)
        (a.root / file).write_text(text, "utf-8")
    rows = "".join(
        f"  - {{file: {file}, sha256: {hashlib.sha256(text.encode()).hexdigest()}}}\n"
        for file, text in (named or changes).items()
    )
    body = (
        "schoolpub: 1\nid: policy-20261104-abcd\nitem: policy\ncatalogue: 2026-01-01\nedition: 1\ntitle: 调整\n"
        f"date: 2026-11-04\ndepartment: 领导小组\naudience: internal\nfields:\n  reason: 调整\n  files:\n{rows}"
    )
    content = hashlib.sha256(body.encode()).hexdigest()
    steps = (
        f"steps:\n- {{step: propose, by: zhao-min, role: 填报人, at: {LATER}}}\n"
        f'- {{step: agree, by: sun-jie, role: 校长, via: zhao-min, at: {LATER}, content: "sha256:{content}"}}\n'
    )
    path = a.root / "records/supervision/2026/policy-20261104-abcd.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body + steps, "utf-8")
    a.commit()


def edited(a: Attacker, file: str, old: str, new: str) -> dict[str, str]:
    """Return *file* with *old* replaced by *new*."""
    text = (a.root / file).read_text("utf-8")
    assert old in text
    return {file: text.replace(old, new)}


def two_hats(a: Attacker) -> None:
    """One of the supervision group is appointed to the leading group."""
    seat = "appointments:\n- {person: wang-lan, role: 成员, body: 领导小组, from: 2026-11-01}\n"
    adopted(a, edited(a, PEOPLE, "appointments:\n", seat))


def flow_in_use_weakened(a: Attacker) -> None:
    """The flow that a posted account took is exchanged for a shorter one."""
    adopted(a, edited(a, f"{EDITION}/finance.yaml", "flow: disclosure-sensitive", "flow: disclosure"))


def edition_dated_back(a: Attacker) -> None:
    """A new edition without its own file begins in the past."""
    files = [path for path in (a.root / EDITION).iterdir() if path.name != "edition.yaml"]
    adopted(a, {f"records/catalogue/2026-11-02/{path.name}": path.read_text("utf-8") for path in files})


def policy_that_was_not_changed(a: Attacker) -> None:
    """A record of policy names a file that stays as it was."""
    changes = edited(a, PEOPLE, "appointments:\n", "appointments: # 任职\n")
    adopted(a, changes, {**changes, "records/school.yaml": "x"})


def correction_by_another_catalogue(a: Attacker) -> None:
    """A second edition of a record names an edition of the catalogue that the first did not."""
    text = a.office.text(OCTOBER).partition("steps:")[0].replace(f"id: {OCTOBER}", f"id: {OCTOBER}.v2")
    text = text.replace("edition: 1", "edition: 2").replace("catalogue: 2026-01-01", "catalogue: 2025-01-01")
    path = a.office.path(OCTOBER).with_name(f"{OCTOBER}.v2.yaml")
    path.write_text(f"{text}steps:\n- {{step: draft, by: zhao-min, role: 填报人, at: {LATER}}}\n", "utf-8")
    a.commit()


def number_chosen(a: Attacker) -> None:
    """A record takes a number of its own choice."""
    a.append(f"- {{step: renumber, by: chen-xi, role: 公开办, at: {LATER}, reason: 重号, number: 校公开〔2026〕1号}}")
    a.commit(who="chen-xi")


def late_post_made_punctual(a: Attacker) -> None:
    """The date by which it was owed is written down later than it was."""
    at = "2026-11-03T14:00:00+08:00"
    a.git("reset", "-q", "--hard", "HEAD~2")
    a.append(f'- {{step: post, by: chen-xi, role: 公开办, at: {at}, content: "{a.content()}", due: 2026-12-05}}')
    a.commit(who="chen-xi", at=at)


def approval_dated_back(a: Attacker) -> None:
    """An approval bears yesterday's date, and no paper shows it."""
    a.office.done("suspend", OCTOBER, "--reason", "核对", by="sun-jie", now="2026-11-04T09:00:00+08:00")
    a.append(f'- {{step: withdraw, by: sun-jie, role: 校长, on: 2026-11-03, at: {LATER}, content: "{a.content()}", '
             "reason: 不宜}")  # fmt: skip
    a.commit(who="sun-jie")


def acted_after_leaving(a: Attacker) -> None:
    """Somebody who left takes a step for a day on which he was in office."""
    a.office.done("people", "end", "qi-ming", "监督小组", "--until", "2026-11-03", "--agreed", "sun-jie", "--yes",
                  now="2026-11-04T08:00:00+08:00")  # fmt: skip
    a.office.done("people", "end", "qi-ming", "填报人", "--until", "2026-11-03", "--agreed", "sun-jie", "--yes")
    a.append(f"- {{step: suspend, by: qi-ming, role: 监督小组, on: 2026-11-03, at: {LATER}, reason: 有误}}")
    a.commit(who="qi-ming")


def signed_off_without_a_number(a: Attacker) -> None:
    """A sign-off gives no number."""
    at = "2026-11-03T14:00:00+08:00"
    a.git("reset", "-q", "--hard", "HEAD~3")
    after = a.git("rev-parse", "HEAD")
    a.append(f'- {{step: sign, by: sun-jie, role: 校长, at: {at}, content: "{a.content()}", after: {after}}}')
    a.commit(who="sun-jie", at=at)


def decided_where_nothing_met(a: Attacker) -> None:
    """A step that decides between two offices stands where there was only one, and claims a number."""
    a.append(f"- {{step: merged, by: chen-xi, role: 公开办, at: {LATER}, other: {'0' * 64}, void: [], "
             "numbers: [校公开〔2026〕2号]}")  # fmt: skip
    a.commit(who="chen-xi")


def key_taken_out(a: Attacker) -> None:
    """The register forgets a key by which steps were signed."""
    text = (a.root / PEOPLE).read_text("utf-8")
    adopted(a, {PEOPLE: re.sub(r"(?m)^- \{person: zhao-min, key: .*\n", "", text)})


POLICY_ATTACKS: list[tuple[Callable[[Attacker], None], str]] = [
    (two_hats, "groups-overlap"),
    (flow_in_use_weakened, "policy-rewritten"),
    (edition_dated_back, "policy-backdated"),
    (policy_that_was_not_changed, "policy-unexplained"),
    (correction_by_another_catalogue, "wrong-catalogue"),
    (number_chosen, "wrong-number"),
    (late_post_made_punctual, "wrong-due"),
    (approval_dated_back, "backdated"),
    (acted_after_leaving, "not-entitled"),
    (signed_off_without_a_number, "incomplete-step"),
    (decided_where_nothing_met, "step-not-allowed"),
]
"""Each attack, and the finding that must name it."""
