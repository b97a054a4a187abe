"""What somebody who knows git well can do to a school's history."""

from __future__ import annotations

import hashlib
import re
import shutil
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


def settings_hide_a_side(a: Attacker) -> None:
    """Git is told to show of a merge its first side alone, and the merge goes back to before the proof."""
    a.git("config", "log.diffMerges", "first-parent")
    old = a.git("commit-tree", "HEAD~1^{tree}", "-p", "HEAD~1", "-m", "无", who="zhao-min", at=LATER)
    _merge(a, "HEAD~1^{tree}", old, "HEAD")


def past_left_elsewhere(a: Attacker) -> None:
    """A partial clone takes the folder's place, and fetching what it lacks would run a program."""
    other, served = a.root.parent / "partial", a.root.parent / "served.git"
    a.git("clone", "-q", "--bare", str(a.root), str(served))
    a.git("--git-dir", str(served), "config", "uploadpack.allowFilter", "true")
    a.git("clone", "-q", "--filter=blob:none", f"file://{served}", str(other))
    shutil.rmtree(a.root / ".git")
    shutil.move(other / ".git", a.root / ".git")
    a.git("config", "remote.origin.uploadpack", f"touch {a.root.parent}/planted; git-upload-pack")


def old_version_lost(a: Attacker) -> None:
    """A record as it once stood is taken out of git's store, after all was proven."""
    a.office.done("verify")
    name = a.git("rev-parse", f"HEAD~5:records/disclosures/2026/{OCTOBER}.yaml")
    path = a.root / ".git/objects" / name[:2] / name[2:]
    path.chmod(0o600)
    path.unlink()


def two_authors(a: Attacker) -> None:
    """A commit names two authors, and who reads the log sees the other one."""
    a.git("commit", "-q", "--allow-empty", "-m", "无", who="zhao-min", at=LATER)
    _commit_written_by_hand(a, "(author )", r"\1孙洁 <sun-jie@school.invalid> 1793757600 +0800\nauthor ")


def old_state_checked_out(a: Attacker) -> None:
    """The folder stands before the posting, and the branch goes on."""
    a.git("checkout", "-q", "--detach", "HEAD~2")


def set_back(a: Attacker) -> None:
    """The last acts are taken back, and so is the memory of the last proof."""
    a.git("reset", "-q", "--hard", "HEAD~2")
    shutil.rmtree(a.root / ".schoolpub", ignore_errors=True)


def set_back_behind_a_copy(a: Attacker) -> None:
    """The last act is taken back and git's own log is emptied, but a copy was made."""
    a.office.done("backup", str(a.root.parent / "stick"))
    a.git("reset", "-q", "--hard", "HEAD~1")
    a.git("reflog", "expire", "--expire=now", "--all")
    shutil.rmtree(a.root / ".schoolpub", ignore_errors=True)


def names_that_stand_for_ours(a: Attacker) -> None:
    """Names that Windows or a Mac takes for `records` and `.git`: only the last one is looked for."""
    blob = a.git("hash-object", "-w", "--stdin", stdin="persons: {}\n")
    for name in ("records\\people.yaml", "TEMPLA~1/site/x", "records\u200b/people.yaml", "GIT~1"):
        a.git("-c", "core.protectNTFS=false", "update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
        a.git("-c", "core.protectNTFS=false", "commit", "-q", "-m", "更正", who="zhao-min", at=LATER)
    found = a.office("verify", "--json", now="2026-11-05T09:00:00+08:00").json["findings"]
    assert sum(finding["code"] == "unknown-file" for finding in found) == 4


def clerk_stands_behind_the_principal(a: Attacker) -> None:
    """The log calls the clerk who typed by the principal's name."""
    a.append(f"- {{step: remark, by: zhao-min, role: 填报人, at: {LATER}, remark: 无}}")
    a.commit()
    _commit_written_by_hand(a, "author .*? <", "author 赵敏 <")
    _commit_written_by_hand(a, "committer .*? <", "committer 孙洁 <")


def trailers_lie(a: Attacker) -> None:
    """A message names another person, in letters of another size."""
    a.append(f"- {{step: remark, by: zhao-min, role: 填报人, at: {LATER}, remark: 无}}")
    a.commit(message=f"备注\n\nrecord: {OCTOBER}\nstep: remark\nby: sun-jie")


def merge_tells_of_an_act(a: Attacker) -> None:
    """A merge of nothing says that it withdrew a record."""
    _merge(a, "HEAD^{tree}", "HEAD", _aside(a), message=f"合并\n\nRecord: {OCTOBER}\nStep: withdraw")


def another_past_in_front(a: Attacker) -> None:
    """The history is joined behind a beginning of somebody's own: that is told first."""
    start = a.git("commit-tree", a.git("rev-list", "--max-parents=0", "HEAD") + "^{tree}", "-m", "建立", at=MORNING,
                  who="zhao-min")  # fmt: skip
    _merge(a, "HEAD^{tree}", start, "HEAD")
    found = a.office("verify", "--json", now="2026-11-05T09:00:00+08:00").json["findings"]
    assert found[0]["code"] == "grafted-history"


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
    (settings_hide_a_side, "merge-dropped"),
    (past_left_elsewhere, "truncated-history"),
    (old_version_lost, "damaged-history"),
    (two_authors, "damaged-history"),
    (old_state_checked_out, "truncated-history"),
    (set_back, "truncated-history"),
    (set_back_behind_a_copy, "truncated-history"),
    (names_that_stand_for_ours, "unknown-file"),
    (clerk_stands_behind_the_principal, "author-mismatch"),
    (trailers_lie, "message-mismatch"),
    (merge_tells_of_an_act, "message-mismatch"),
    (another_past_in_front, "grafted-history"),
]
"""Each attack, and the finding that must name it."""
