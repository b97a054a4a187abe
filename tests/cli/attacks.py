"""What somebody with git and an editor can do to a school's history, each thing a function."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cli.office import Office

OCTOBER = "finance-monthly-2026-10"
LATER = "2026-11-04T10:00:00+08:00"


@dataclass(frozen=True)
class Attacker:
    """Somebody who works on a school's folder without the program."""

    office: Office

    @property
    def root(self) -> Path:
        """The school's folder."""
        return self.office.root

    def git(self, *arguments: str, at: str = "", who: str = "", stdin: str | None = None) -> str:
        """Run git as *who*, at a time of the attacker's choice."""
        env = dict(os.environ)
        if who:
            env |= {"GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": f"{who}@school.invalid"}
            env |= {"GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": f"{who}@school.invalid"}
        if at:
            env |= {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
        made = subprocess.run(
            ["git", *arguments], cwd=self.root, env=env, capture_output=True, text=True, check=True, input=stdin
        )
        return made.stdout.strip()

    def commit(self, *, who: str = "zhao-min", at: str = LATER, message: str = "更正") -> None:
        """Commit everything that lies in the folder."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message, at=at, who=who)

    def edit(self, change: Callable[[str], str], record: str = OCTOBER) -> None:
        """Change the file of a record."""
        path = self.office.path(record)
        old = path.read_text("utf-8")
        new = change(old)
        assert new != old
        path.write_bytes(new.encode())

    def append(self, line: str, record: str = OCTOBER) -> None:
        """Append a line to a record."""
        self.edit(lambda text: text + line + "\n", record)

    def content(self, record: str = OCTOBER) -> str:
        """Return the digest of a record's body."""
        data = self.office.path(record).read_bytes()
        return "sha256:" + hashlib.sha256(data[: re.search(rb"^steps:", data, re.M).start()]).hexdigest()  # type: ignore[union-attr]

    def without(self, *records: str) -> None:
        """Remove lines of steps."""
        self.edit(lambda text: "".join(x for x in text.splitlines(True) if not any(r in x for r in records)))


def edited_body(a: Attacker) -> None:
    """A figure of a posted account is changed."""
    a.edit(lambda text: text.replace("2999.99", "1999.99"))
    a.commit()


def edited_body_with_new_digests(a: Attacker) -> None:
    """A figure is changed, and every approval with it."""
    old = a.content()
    a.edit(lambda text: text.replace("2999.99", "1999.99"))
    new = a.content()
    a.edit(lambda text: text.replace(old, new))
    a.commit()


def edited_in_the_folder(a: Attacker) -> None:
    """A figure is changed and not committed."""
    a.edit(lambda text: text.replace("2999.99", "1999.99"))


def edited_and_hidden_from_git(a: Attacker) -> None:
    """A figure is changed, and git is told not to look."""
    a.git("update-index", "--assume-unchanged", f"records/disclosures/2026/{OCTOBER}.yaml")
    a.edit(lambda text: text.replace("2999.99", "1999.99"))


def deleted(a: Attacker) -> None:
    """A record is deleted."""
    a.office.path(OCTOBER).unlink()
    a.commit()


def renamed(a: Attacker) -> None:
    """A record is called by another id."""
    path = a.office.path(OCTOBER)
    path.rename(path.with_name("finance-monthly-2026-09.yaml"))
    a.commit()


def step_removed(a: Attacker) -> None:
    """The supervision's approval disappears."""
    a.without("step: verify")
    a.commit()


def last_step_removed(a: Attacker) -> None:
    """The posting disappears."""
    a.without("step: post")
    a.commit()


def reordered(a: Attacker) -> None:
    """Two approvals change places."""

    def swap(text: str) -> str:
        lines = text.splitlines(True)
        at = next(i for i, x in enumerate(lines) if "step: review" in x)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
        return "".join(lines)

    a.edit(swap)
    a.commit()


def step_edited(a: Attacker) -> None:
    """An approval is put into another's name."""
    a.edit(lambda text: text.replace("step: verify, by: jin-ye", "step: verify, by: qi-ming"))
    a.commit()


def step_inserted(a: Attacker) -> None:
    """A step is slipped in between."""

    def insert(text: str) -> str:
        line = next(x for x in text.splitlines(True) if "step: review" in x)
        return text.replace(line, line + line.replace("step: review", "step: remark"))

    a.edit(insert)
    a.commit()


def forged_author(a: Attacker) -> None:
    """The clerk records a step in the name of the principal."""
    a.append(f"- {{step: suspend, by: sun-jie, role: 校长, at: {LATER}, reason: 有误}}")
    a.commit(who="zhao-min")


def unknown_author(a: Attacker) -> None:
    """Somebody from outside records a step in the name of the principal."""
    a.append(f"- {{step: suspend, by: sun-jie, role: 校长, at: {LATER}, reason: 有误}}")
    a.commit(who="nobody")


def unknown_person(a: Attacker) -> None:
    """A step by somebody who does not exist."""
    a.append(f"- {{step: suspend, by: mallory, role: 校长, at: {LATER}, reason: 有误}}")
    a.commit(who="mallory")


def not_entitled(a: Attacker) -> None:
    """The clerk lifts a suspension, which is the principal's to do."""
    a.office.done("suspend", OCTOBER, "--reason", "核对", by="sun-jie", now="2026-11-04T09:00:00+08:00")
    a.append(f"- {{step: resume, by: zhao-min, role: 填报人, at: {LATER}}}")
    a.commit()


def step_not_allowed(a: Attacker) -> None:
    """A posted record is signed off a second time."""
    a.append(f"- {{step: sign, by: sun-jie, role: 校长, at: {LATER}, content: \"{a.content()}\"}}")
    a.commit(who="sun-jie")


def backdated_step(a: Attacker) -> None:
    """A proof is recorded as if it had been given in time."""
    a.append("- {step: remark, by: chen-xi, role: 公开办, at: 2026-11-01T09:00:00+08:00, remark: 已张贴}")
    a.commit(who="chen-xi")


def backdated_commit(a: Attacker) -> None:
    """Step and commit alike are dated back by three days."""
    line = "- {step: suspend, by: chen-xi, role: 公开办, at: 2026-10-31T09:00:00+08:00, reason: 有误}"
    a.append(line)
    a.commit(who="chen-xi", at="2026-10-31T09:00:00+08:00")


def postdated(a: Attacker) -> None:
    """A step is dated into the future."""
    a.append("- {step: remark, by: chen-xi, role: 公开办, at: 2031-01-01T09:00:00+08:00, remark: 已张贴}")
    a.commit(who="chen-xi", at="2031-01-01T09:00:00+08:00")


def approval_of_another_text(a: Attacker) -> None:
    """A withdrawal is bound to another text."""
    a.office.done("suspend", OCTOBER, "--reason", "核对", by="sun-jie", now="2026-11-04T09:00:00+08:00")
    line = f"- {{step: withdraw, by: sun-jie, role: 校长, at: {LATER}, content: \"sha256:{'0' * 64}\", reason: 不宜}}"
    a.append(line)
    a.commit(who="sun-jie")


def whole_record_forged(a: Attacker) -> None:
    """A posted record is written by hand, with all its approvals."""
    text = a.office.text(OCTOBER).replace("2026-10", "2026-09").replace("〔2026〕1号", "〔2026〕2号")
    path = a.office.path(OCTOBER).with_name("finance-monthly-2026-09.yaml")
    path.write_text(text, "utf-8")
    a.commit(who="sun-jie", at="2026-11-03T09:12:00+08:00")


def appended_to_a_step(a: Attacker) -> None:
    """Lines are slipped below the last step, so that it says more."""
    a.append("  # 另有说明")
    a.append("- {signed: chen-xi, signature: AAAA}")
    a.commit(who="chen-xi")


def photo_swapped(a: Attacker) -> None:
    """The proof of posting is replaced by another picture."""
    photo = next(a.root.glob(f"records/attachments/{OCTOBER}/*"))
    photo.write_bytes(b"\x89PNG other")
    a.commit(who="chen-xi")


def photo_removed(a: Attacker) -> None:
    """The proof of posting is removed."""
    next(a.root.glob(f"records/attachments/{OCTOBER}/*")).unlink()
    a.commit(who="chen-xi")


def photo_slipped_in(a: Attacker) -> None:
    """A file that no record names is put beside a record."""
    (a.root / f"records/attachments/{OCTOBER}/更多.png").write_bytes(b"\x89PNG")
    a.commit(who="chen-xi")


def number_taken_out(a: Attacker) -> None:
    """A number of the register is left out."""
    a.edit(lambda text: text.replace("〔2026〕1号", "〔2026〕3号"))
    a.commit()


def power_seized(a: Attacker) -> None:
    """Somebody appoints himself."""
    people = a.root / "records/people.yaml"
    line = "- {person: zhao-min, role: 校长, from: 2025-01-01}\n"
    people.write_text(people.read_text("utf-8").replace("appointments:\n", "appointments:\n" + line), "utf-8")
    a.commit()


def people_edited_in_the_folder(a: Attacker) -> None:
    """Somebody appoints himself and does not commit it."""
    people = a.root / "records/people.yaml"
    line = "- {person: zhao-min, role: 校长, from: 2025-01-01}\n"
    people.write_text(people.read_text("utf-8").replace("appointments:\n", "appointments:\n" + line), "utf-8")


def rule_weakened(a: Attacker) -> None:
    """The flow loses the supervision's approval."""
    flows = a.root / "records/catalogue/2026-01-01/flows.yaml"
    flows.write_text("".join(x for x in flows.read_text("utf-8").splitlines(True) if "step: verify" not in x), "utf-8")
    a.commit()


def broken_catalogue(a: Attacker) -> None:
    """The catalogue is made unreadable."""
    (a.root / "records/catalogue/2026-01-01/flows.yaml").write_text("a: &a [*a, *a]\nb: [", "utf-8")
    a.commit()


def template_planted(a: Attacker) -> None:
    """A template with words of the attacker's is put into the folder."""
    template = a.root / "templates/site/record.html"
    template.parent.mkdir(parents=True)
    template.write_text("<script>alert(1)</script>", "utf-8")
    a.commit()


def link_planted(a: Attacker) -> None:
    """A record is replaced by a link."""
    path = a.office.path(OCTOBER)
    path.unlink()
    path.symlink_to("/etc/hostname")
    a.commit()


def program_planted(a: Attacker) -> None:
    """A file that does not belong there lies among the records."""
    (a.root / "records/run.sh").write_text("#!/bin/sh\n", "utf-8")
    a.commit()


def first_commits_cut_off(a: Attacker) -> None:
    """The history begins anew with what stands today."""
    new = a.git("commit-tree", a.git("rev-parse", "HEAD^{tree}"), "-m", "建立", at=LATER, who="zhao-min")
    a.git("reset", "-q", "--hard", new)


def shallow(a: Attacker) -> None:
    """A clone without the past takes the folder's place."""
    other = a.root.parent / "shallow"
    a.git("clone", "-q", "--depth", "2", f"file://{a.root}", str(other))
    shutil.rmtree(a.root / ".git")
    shutil.move(other / ".git", a.root / ".git")


def rewritten_before_the_sign_off(a: Attacker) -> None:
    """A commit before the sign-off is written anew, and all after it."""
    listed = a.git("rev-list", "--reverse", "HEAD").split()
    parent = listed[0]
    for commit in listed[1:]:
        email, at, body = a.git("log", "-1", "--format=%ae%x00%aI%x00%B", commit).split("\0")
        parent = a.git("commit-tree", f"{commit}^{{tree}}", "-p", parent, "-m", body + "\n\nx", at=at,
                       who=email.partition("@")[0])  # fmt: skip
    a.git("reset", "-q", "--hard", parent)


def rebased(a: Attacker) -> None:
    """The last commit is amended."""
    a.git("commit", "-q", "--amend", "-m", "公布", at=LATER)


def grafted(a: Attacker) -> None:
    """A second beginning is merged in."""
    new = a.git("commit-tree", a.git("rev-parse", "HEAD^{tree}"), "-m", "建立", at=LATER, who="zhao-min")
    tree = a.git("rev-parse", "HEAD^{tree}")
    merged = a.git("commit-tree", tree, "-p", "HEAD", "-p", new, "-m", "合并", at=LATER, who="zhao-min")
    a.git("reset", "-q", "--hard", merged)


def replaced(a: Attacker) -> None:
    """git is told to show another commit in the place of one."""
    a.git("replace", "HEAD~1", "HEAD~2")


def evil_merge(a: Attacker) -> None:
    """A merge changes what neither side had."""
    a.git("branch", "side", "HEAD~1")
    a.edit(lambda text: text.replace("2999.99", "1999.99"))
    a.git("add", "-A")
    tree = a.git("write-tree")
    merged = a.git("commit-tree", tree, "-p", "HEAD", "-p", "side", "-m", "合并", at=LATER, who="zhao-min")
    a.git("reset", "-q", "--hard", merged)


def merge_that_drops(a: Attacker) -> None:
    """A merge keeps one side and drops what the other did."""
    head = a.git("rev-parse", "HEAD")
    a.git("checkout", "-q", "-b", "side", "HEAD~1")
    side = a.git("commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "无", at=LATER, who="zhao-min")
    merged = a.git("commit-tree", f"{side}^{{tree}}", "-p", side, "-p", head, "-m", "合并", at=LATER, who="zhao-min")
    a.git("checkout", "-q", "main")
    a.git("reset", "-q", "--hard", merged)


def object_exchanged(a: Attacker) -> None:
    """The contents of an object are exchanged in git's own store."""
    import zlib

    name = a.git("rev-parse", f"HEAD:records/disclosures/2026/{OCTOBER}.yaml")
    path = a.root / ".git/objects" / name[:2] / name[2:]
    data = zlib.decompress(path.read_bytes()).replace(b"2999.99", b"1999.99")
    path.chmod(0o600)
    path.write_bytes(zlib.compress(data))
    file = a.office.path(OCTOBER)
    file.write_bytes(data.partition(b"\0")[2])


def number_slipped_in(a: Attacker) -> None:
    """A remark says that the record bears another number."""
    line = f"- {{step: remark, by: chen-xi, role: 公开办, at: {LATER}, remark: 更正, number: 校公开〔2026〕9号}}"
    a.append(line)
    a.commit(who="chen-xi")


def drafted_in_anothers_name(a: Attacker) -> None:
    """A draft is written in the name of a colleague."""
    text = a.office.text(OCTOBER).partition("steps:")[0].replace("2026-10", "2026-09")
    line = f"- {{step: draft, by: li-hua, role: 填报人, at: {LATER}}}\n"
    path = a.office.path(OCTOBER).with_name("finance-monthly-2026-09.yaml")
    path.write_text(f"{text}steps:\n{line}", "utf-8")
    a.commit()


def paper_for_a_posting(a: Attacker) -> None:
    """A step that is no approval is given in another's name, on the strength of a paper."""
    scan = a.root / f"records/attachments/{OCTOBER}/扫描.png"
    scan.write_bytes(b"\x89PNG")
    digest = hashlib.sha256(scan.read_bytes()).hexdigest()
    a.append(f"- {{step: suspend, by: sun-jie, role: 校长, via: zhao-min, at: {LATER}, reason: 有误, "
             f"paper: {{file: 扫描.png, sha256: {digest}}}}}")  # fmt: skip
    a.commit()


def policy_rolled_back(a: Attacker) -> None:
    """A change of policy that two persons made is taken back with git alone."""
    a.office.done("people", "end", "pan-yue", "财务小组", "--agreed", "sun-jie", "--yes", now="2026-11-04T08:00:00+08:00")
    a.git("checkout", "-q", "HEAD~1", "--", "records/people.yaml")
    a.commit()


def policy_record_without_the_change_it_names(a: Attacker) -> None:
    """A record of policy names one file, and another is committed."""
    people = a.root / "records/people.yaml"
    people.write_text(people.read_text("utf-8") + "# x\n", "utf-8")
    a.office.done("adopt", "--reason", "整理", "--agreed", "sun-jie", "--yes", now="2026-11-04T08:00:00+08:00")
    people.write_text(people.read_text("utf-8").replace("until: 2026-07-31", "until: 2027-07-31"), "utf-8")
    a.git("add", "-A")
    a.git("commit", "-q", "--amend", "--no-edit", at="2026-11-04T08:00:00+08:00")


def name_forged(a: Attacker) -> None:
    """The log shows the principal's name beside the clerk's address."""
    a.append(f"- {{step: remark, by: zhao-min, role: 填报人, at: {LATER}, remark: 校长同意}}")
    a.git("add", "-A")
    names = {f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER")
             for what, text in (("NAME", "孙洁"), ("EMAIL", "zhao-min@school.invalid"), ("DATE", LATER))}  # fmt: skip
    subprocess.run(["git", "commit", "-q", "-m", "备注"], cwd=a.root, env=dict(os.environ) | names, check=True)


def message_lies(a: Attacker) -> None:
    """A commit's message tells of another step than the one it took."""
    a.append(f"- {{step: suspend, by: chen-xi, role: 公开办, at: {LATER}, reason: 有误}}")
    a.commit(who="chen-xi", message=f"备注\n\nRecord: {OCTOBER}\nStep: remark")


ATTACKS: list[tuple[Callable[[Attacker], None], str]] = [
    (edited_body, "edited-body"),
    (edited_body_with_new_digests, "edited-step"),
    (edited_in_the_folder, "edited-body"),
    (edited_and_hidden_from_git, "edited-body"),
    (deleted, "deleted-record"),
    (renamed, "deleted-record"),
    (step_removed, "step-removed"),
    (last_step_removed, "step-removed"),
    (reordered, "reordered"),
    (step_edited, "edited-step"),
    (step_inserted, "step-inserted"),
    (forged_author, "author-mismatch"),
    (unknown_author, "author-mismatch"),
    (unknown_person, "unknown-person"),
    (not_entitled, "not-entitled"),
    (step_not_allowed, "step-not-allowed"),
    (backdated_step, "backdated"),
    (backdated_commit, "backdated"),
    (postdated, "postdated"),
    (approval_of_another_text, "unbound-approval"),
    (whole_record_forged, "author-mismatch"),
    (appended_to_a_step, "edited-step"),
    (photo_swapped, "attachment-swapped"),
    (photo_removed, "attachment-removed"),
    (photo_slipped_in, "unexplained-attachment"),
    (number_taken_out, "number-gap"),
    (power_seized, "policy-unexplained"),
    (people_edited_in_the_folder, "unadopted-policy"),
    (rule_weakened, "policy-unexplained"),
    (broken_catalogue, "unreadable-policy"),
    (template_planted, "policy-unexplained"),
    (link_planted, "unknown-file"),
    (program_planted, "unknown-file"),
    (first_commits_cut_off, "truncated-history"),
    (shallow, "truncated-history"),
    (rewritten_before_the_sign_off, "rewritten-history"),
    (rebased, "rewritten-history"),
    (grafted, "grafted-history"),
    (replaced, "truncated-history"),
    (evil_merge, "merge-changed"),
    (merge_that_drops, "merge-dropped"),
    (object_exchanged, "damaged-history"),
    (number_slipped_in, "wrong-number"),
    (drafted_in_anothers_name, "author-mismatch"),
    (paper_for_a_posting, "author-mismatch"),
    (policy_rolled_back, "policy-unexplained"),
    (policy_record_without_the_change_it_names, "policy-unexplained"),
    (name_forged, "author-mismatch"),
    (message_lies, "message-mismatch"),
]
"""Each attack, and the finding that must name it."""
