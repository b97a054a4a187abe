"""What somebody who knows git well can do to a school's history."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from tests.cli.attacks import LATER, OCTOBER, Attacker

ENDED = ("people", "end", "pan-yue", "财务小组", "--until", "2026-11-03", "--agreed", "sun-jie", "--yes")
MORNING = "2026-11-04T08:00:00+08:00"


def _merge(
    a: Attacker, tree: str, *parents: str, who: str = "zhao-min", at: str = LATER, message: str = "合并"
) -> None:
    above = [word for parent in parents for word in ("-p", parent)]
    a.git("reset", "-q", "--hard", a.git("commit-tree", tree, *above, "-m", message, who=who, at=at))


def _aside(a: Attacker) -> str:
    """Return an empty commit beside the last one."""
    return a.git("commit-tree", "HEAD~1^{tree}", "-p", "HEAD~1", "-m", "无", who="zhao-min", at=LATER)


def _commit_written_by_hand(a: Attacker, pattern: str, text: str) -> None:
    raw = re.sub(pattern, text, a.git("cat-file", "commit", "HEAD"), count=1)
    made = a.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw + "\n")
    a.git("reset", "-q", "--hard", made)


def register_of_another_case(a: Attacker) -> None:
    """A register in `Records/` takes the place of the true one on Windows."""
    blob = a.git("hash-object", "-w", "--stdin", stdin="persons: {}\n")
    a.git("update-index", "--add", "--cacheinfo", f"100644,{blob},Records/people.yaml")
    a.git("commit", "-q", "-m", "更正", who="zhao-min", at=LATER)


def link_beside_the_records(a: Attacker) -> None:
    """What the program writes into `site/` goes somewhere else."""
    (a.root / "site").symlink_to("../elsewhere")
    a.git("add", "-f", "site")
    a.git("commit", "-q", "-m", "更正", who="zhao-min", at=LATER)


def other_repository_inside(a: Attacker) -> None:
    """Another repository is fetched into the folder."""
    a.git("update-index", "--add", "--cacheinfo", f"160000,{a.git('rev-parse', 'HEAD')},lib")
    a.git("commit", "-q", "-m", "更正", who="zhao-min", at=LATER)


def records_elsewhere(a: Attacker) -> None:
    """The folder of the records is a link to one that others can write to."""
    (a.root / "records").rename(a.root.parent / "elsewhere")
    (a.root / "records").symlink_to("../elsewhere")


def impossible_time_zone(a: Attacker) -> None:
    """A commit's time cannot be read."""
    _commit_written_by_hand(a, r"(author .*> \d+) \S+", r"\1 +9999")


def commit_lost(a: Attacker) -> None:
    """A commit in the middle is taken out of git's store."""
    name = a.git("rev-parse", "HEAD~4")
    path = a.root / ".git/objects" / name[:2] / name[2:]
    path.chmod(0o600)
    path.unlink()


def policy_dropped_by_a_merge(a: Attacker) -> None:
    """A merge of two sides goes back to the register of before, and says that the clerk decided so."""
    a.office.done(*ENDED, now=MORNING)
    old = a.git("rev-parse", "HEAD~1:records/people.yaml")
    a.git("update-index", "--cacheinfo", f"100644,{old},records/people.yaml")
    _merge(a, a.git("write-tree"), "HEAD", _aside(a), message="合并\n\nKept: records/people.yaml")


def acted_beside_the_end_of_a_post(a: Attacker) -> None:
    """Somebody whose post has ended acts on a branch that does not know it, and joins both."""
    start = a.git("rev-parse", "HEAD")
    a.office.done(*ENDED, now=MORNING)
    ended = a.git("rev-parse", "HEAD")
    a.git("reset", "-q", "--hard", start)
    a.office.done("suspend", OCTOBER, "--reason", "核对", by="pan-yue", now="2026-11-04T09:00:00+08:00")
    a.git("merge", "-q", "-m", "合并", ended, who="zhao-min", at=LATER)


def merge_dated_back(a: Attacker) -> None:
    """A merge is dated before everything that it joins."""
    _merge(a, "HEAD^{tree}", "HEAD", _aside(a), at="2020-01-01T00:00:00+08:00")


def decided_by_nobody(a: Attacker) -> None:
    """A suspension is made void by a merge in the principal's name."""
    start = a.git("rev-parse", "HEAD")
    a.office.done("suspend", OCTOBER, "--reason", "核对", by="sun-jie", now="2026-11-04T09:00:00+08:00")
    head, other = a.git("rev-parse", "HEAD"), a.office.path(OCTOBER).read_bytes()
    a.git("reset", "-q", "--hard", start)
    a.append(f"- {{step: remark, by: zhao-min, role: 填报人, at: {LATER}, remark: 无}}")
    a.commit()
    a.append(f"- {{step: merged, by: sun-jie, role: 校长, at: {LATER}, void: [], "
             f"other: {hashlib.sha256(other).hexdigest()}}}")  # fmt: skip
    a.git("add", "-A")
    _merge(a, a.git("write-tree"), "HEAD", head, who="nobody")


def typed_by_somebody_who_left(a: Attacker) -> None:
    """Somebody without any post types for the principal."""
    a.office.done(*ENDED, now=MORNING)
    a.append(f"- {{step: suspend, by: sun-jie, role: 校长, via: pan-yue, at: {LATER}, reason: 有误}}")
    a.commit(who="sun-jie")
    _commit_written_by_hand(a, r"(committer ).*?>", r"\1潘月 <pan-yue@school.invalid>")


def proof_forged(a: Attacker) -> None:
    """The memory of what was proven is moved behind a forged commit."""
    a.office.done("verify")
    memory, old = a.root / ".schoolpub/proven.json", a.git("rev-parse", "HEAD")
    a.edit(lambda text: text.replace("2999.99", "1999.99"))
    a.commit()
    memory.write_text(memory.read_text("utf-8").replace(old, a.git("rev-parse", "HEAD")), "utf-8")


def closed_against_the_conditions(a: Attacker) -> None:
    """A matter whose writer is not content is closed without a new answer, by somebody who may close matters."""
    matter = a.office.done("feedback", "add", "--channel", "热线", "--topic", "食堂菜价", by="chen-xi", now=MORNING).last
    for command in (["assign", matter, "总务处"], ["reply", matter, "--text", "未变"], ["rate", matter, "不满意"]):
        a.office.done("feedback", *command, by="chen-xi", now=MORNING)
    content = a.office.steps(matter)[1]["content"]
    a.append(f"- {{step: close, by: chen-xi, role: 公开办, at: {LATER}, content: {content}}}", matter)
    a.commit(who="chen-xi")


GIT_ATTACKS: list[tuple[Callable[[Attacker], None], str]] = [
    (register_of_another_case, "unknown-file"),
    (link_beside_the_records, "unknown-file"),
    (other_repository_inside, "unknown-file"),
    (records_elsewhere, "unknown-file"),
    (impossible_time_zone, "backdated"),
    (commit_lost, "damaged-history"),
    (policy_dropped_by_a_merge, "merge-dropped"),
    (acted_beside_the_end_of_a_post, "not-entitled"),
    (merge_dated_back, "backdated"),
    (decided_by_nobody, "author-mismatch"),
    (typed_by_somebody_who_left, "not-entitled"),
    (proof_forged, "edited-body"),
    (closed_against_the_conditions, "step-not-allowed"),
]
"""Each attack, and the finding that must name it."""
