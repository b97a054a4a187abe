"""The ledger and the other offices: fetch, merge, push; never rebased, because codes on paper name commits."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from schoolpub.errors import SchoolpubError, Text, say
from schoolpub.store.git import history, journal, placing
from schoolpub.store.git.exchange import Exchange
from schoolpub.store.git.git_folder import note_in
from schoolpub.store.git.journal import Journal, Put, digest, scratch_in

INCOMING = "refs/schoolpub/incoming"
_LOCKED = re.compile(r"Unable to create '(.+?\.lock)'")
_REMOTE_SAYS = re.compile(r"^remote: ?(.*?)\s*$", re.MULTILINE)


class Meeting(Exchange):
    """A school's ledger as it meets the one at *remote*."""

    remote: str = "origin"

    def connect(self, place: str) -> None:
        """Name the place where the offices meet."""
        self._git("remote", "add", self.remote, place)

    def address(self) -> str:
        """Return where the offices meet; nothing while they are not connected."""
        return self._ask("remote", "get-url", self.remote)

    def fetch(self) -> str:
        """Bring what the others did; return their last commit, nothing when the place is empty."""
        git, shared = self._folders()
        branch, _ = self._ready(git)
        failed, answer, why = self._git("ls-remote", "--heads", self.remote, fails=True)
        if failed:
            raise self._unreachable(why)
        names = [line.partition("\trefs/heads/")[2] for line in answer.decode("utf-8", "replace").splitlines()]
        if not names:
            return ""
        if branch not in names:
            raise SchoolpubError(
                say("The others meet on the branch {there}, and this folder is on {here}.",
                    there=names[0], here=branch),
                fix=say("`git branch -m {there}` gives it the same name", there=names[0]),
            )  # fmt: skip
        (shared / f"{INCOMING}.lock").unlink(missing_ok=True)  # a killed sync's: the name is ours, and it is our turn
        failed, _, why = self._git(
            "-c", "fetch.fsckObjects=true", "-c", "gc.auto=0", "fetch", "--quiet", "--no-tags",
            "--no-recurse-submodules", self.remote, f"+refs/heads/{branch}:{INCOMING}", fails=True,
        )  # fmt: skip
        if failed:
            raise self._unreachable(why)
        return self._ask("rev-parse", "--verify", f"{INCOMING}^{{commit}}")

    def push(self) -> bool:
        """Hand on what was done here; False when the others were faster; raise SchoolpubError when it is refused."""
        branch = self.branch()
        failed, _, why = self._git("push", "--quiet", self.remote, f"HEAD:refs/heads/{branch}", fails=True)
        if not failed:
            return True
        if _LOCKED.search(why):
            raise self._unreachable(why)
        told = [line for line in _REMOTE_SAYS.findall(why) if line and not line.startswith(("error:", "fatal:"))]
        if told:
            raise SchoolpubError(
                say("The school's server refused what was done here: {why}", why="\n  ".join(["", *told])),
                fix=say("mend what it names; `schoolpub verify` shows the same here"),
            )
        if any(word in why for word in ("fetch first", "non-fast-forward", "cannot lock ref", "failed to update ref")):
            return False
        raise self._unreachable(
            why, say("what was done here is safe and was not handed on: repeat `schoolpub sync` later")
        )

    def _unreachable(self, why: str, fix: Text | None = None) -> SchoolpubError:
        """Return why the meeting place cannot be used; *fix* is what to do, where it is not the network."""
        place = self.address()
        if lock := _LOCKED.search(why):
            return SchoolpubError(
                say("Another program holds the meeting place ({place}): {lock}", place=place, lock=lock[1]),
                fix=say("try again in a minute; when nobody is synchronising, delete that file"),
            )
        lines = [line for line in why.strip().splitlines() if not line.startswith(("warning:", "hint:"))]
        return SchoolpubError(
            say("The meeting place cannot be reached ({place}): {why}", place=place, why=lines[0] if lines else "-"),
            fix=fix
            or say("look at the network, the address (`git remote -v`) and your right to it; nothing was changed here"),
        )

    def base(self, other: str) -> str:
        """Return where this history and *other* parted; nothing when they have nothing in common."""
        return self._ask("merge-base", "HEAD", other)

    def contains(self, whole: str, part: str) -> bool:
        """Return whether the history of *whole* contains *part*."""
        return not self._git("merge-base", "--is-ancestor", part, whole, fails=True)[0]

    def changed(self, base: str, to: str) -> dict[str, str]:
        """Return the files that differ between two commits: path → blob afterwards, empty for none."""
        tokens = self._git("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", base, to)[1]
        parts = tokens.decode("utf-8", "replace").split("\0")
        found = {}
        for status, path in zip(parts[::2], parts[1::2], strict=False):
            _, mode, _, blob, _ = status.split()
            self._safe(path)
            if mode not in ("100644", "000000"):
                raise SchoolpubError(
                    say("The other side holds {file}, which is no plain file. Nothing was taken over.", file=path),
                    fix=say("have it removed there, by whoever put it there"),
                )
            found[path] = blob if blob.strip("0") else ""
        return found

    def advance(self, to: str) -> list[str]:
        """Take over *to*, which holds all that was done here; return the files that changed."""
        changes = self.changed("HEAD", to)
        self._place(changes, to, "sync")
        return sorted(changes)

    def merge(
        self,
        other: str,
        blobs: Mapping[str, str],
        texts: Mapping[str, bytes],
        *,
        message: tuple[str, str],
        trailers: Sequence[tuple[str, str]],
        author: tuple[str, str],
        committer: tuple[str, str],
        at: datetime,
    ) -> str:
        """Join the history of *other* to this one: its *blobs*, and *texts* that were settled; return the commit."""
        git = self._folders()[0]
        stored = self._store(git, texts, {path: placing.read(self.root / path) for path in texts})
        files = {**blobs, **{path: put.blob for path, put in stored.items()}}
        index = {"GIT_INDEX_FILE": str(scratch_in(git) / f"index-{os.getpid()}")}
        self._git("read-tree", "HEAD", env=index)
        lines = [f"100644 {blob}\t{path}\0" if blob else f"0 {'0' * 40}\t{path}\0" for path, blob in files.items()]
        self._git("update-index", "-z", "--index-info", stdin="".join(lines).encode(), env=index)
        tree = self._git("write-tree", env=index)[1].decode().strip()
        text = history.message(message[0], message[1], tuple(trailers)).encode()
        made = self._git(
            "commit-tree", tree, "-p", self.head(), "-p", other, stdin=text, env=history.identity(author, committer, at)
        )
        commit = made[1].decode().strip()
        self._place(files, commit, message[0])
        return commit

    def _nothing_by_hand(self, files: Mapping[str, str]) -> None:
        """Raise SchoolpubError when one of *files* is not as the last commit has it."""
        known = self.contents([f"HEAD:{path}" for path in files])
        changed = [p for p, data in zip(files, known, strict=True) if placing.read(self.root / p) != data]
        if changed:
            there = self.contents([f"HEAD:{changed[0]}"])[0] is not None
            raise SchoolpubError(
                say("{files} was changed by hand here and not recorded, and the others changed it, too. "
                    "Nothing was taken over.", files="、".join(changed)),
                fix=say("record it first (`schoolpub edit`, `schoolpub adopt`), or put it aside and take it back: "
                        "`git restore {file}`", file=changed[0])
                if there
                else say("move {file} to another place, and repeat the command", file=changed[0]),
            )  # fmt: skip

    def _place(self, files: Mapping[str, str], commit: str, subject: str) -> None:
        """Move the branch to *commit* and put its *files* in place, as every act does."""
        git, shared = self._folders()
        self._nothing_by_hand(files)
        wanted = [blob for blob in files.values() if blob]
        held = iter(self.contents(wanted))
        contents: dict[str, bytes | None] = {path: next(held) if blob else None for path, blob in files.items()}
        puts = {
            path: Put(old=digest(placing.read(self.root / path)), new=digest(contents[path]), blob=blob)
            for path, blob in files.items()
        }
        note = Journal(branch=self.branch(), commit=commit, parent=self.head(), puts=puts)
        journal.write(git, note)
        try:
            moved = self._move(git, shared, note, subject)
        except SchoolpubError:
            note_in(git).unlink()
            raise
        if not moved:
            note_in(git).unlink()
            raise SchoolpubError(
                say("Others recorded acts in the same moment. Nothing was done."), fix=say("repeat the command")
            )
        self._follow(git, note, contents)


def reachable(place: str) -> str:
    """Return *place* as git takes it: a folder by its full path, an address as it is."""
    path = Path(place)
    return str(path.resolve()) if path.exists() else place
