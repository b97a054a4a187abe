"""The ledger towards others: what it hands on, takes over and compares, with second copies and other offices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from schoolpub.store.git import history
from schoolpub.store.git.ledger import SETTINGS, Ledger


class Exchange(Ledger):
    """A school's ledger as others meet it."""

    @property
    def folder(self) -> Path:
        """Git's folder, which several work trees share."""
        return self._folders()[1]

    def user_name(self) -> str:
        """Return the name by which git knows who sits here."""
        return self._ask("config", "--get", "user.name")

    def version(self) -> str:
        """Return which git this is."""
        return self._ask("--version")

    def broken(self) -> str:
        """Return what git finds wrong with its objects; nothing when all are there and whole."""
        failed, answer, why = self._git("fsck", "--no-dangling", "--no-progress", fails=True)
        told = (why or answer.decode("utf-8", "replace")).strip().splitlines()
        return told[0] if failed and told else "fsck" if failed else ""

    def loose(self) -> int:
        """Return how many objects lie in files of their own."""
        return int(self._ask("count-objects").partition(" ")[0] or 0)

    def pack(self) -> None:
        """Put objects that lie in files of their own into one file; nothing is dropped."""
        with self.lock():
            self._git("repack", "-d", "-q")

    def settled(self) -> bool:
        """Return whether the folder's own settings are those that protect the files."""
        return all(self._ask("config", "--local", "--get", key) == value for key, value in SETTINGS.items())

    def remotes(self) -> list[str]:
        """Return the names of the repositories that this one is connected with."""
        return self._ask("remote").split()

    def holds(self, commit: str) -> bool:
        """Return whether the history contains *commit*."""
        return not self._git("merge-base", "--is-ancestor", commit, "HEAD", fails=True)[0]

    def bundle(self, path: Path, *, since: str = "") -> int:
        """Write the history, from behind *since* on, as one file; return how many commits it has."""
        wanted = ["HEAD", f"refs/heads/{self.branch()}", *([f"^{since}"] if since else [])]
        self._git("bundle", "create", "--quiet", str(path), *wanted)
        return int(self._ask("rev-list", "--count", *wanted[1:]))

    def settle(self, settings: Mapping[str, str]) -> None:
        """Set git's *settings* for this repository."""
        for key, value in settings.items():
            self._git("config", key, value)

    def stand_at(self, commit: str) -> None:
        """Let the branch and the folder be at *commit*."""
        self._git("update-ref", f"refs/heads/{self.branch()}", commit)
        self._git("reset", "--hard", "--quiet", commit)

    def entered(self, old: str, new: str) -> Iterator[tuple[str, bytes]]:
        """Yield every file, with its path, that entered the history between *old* and *new*; and each commit's text."""
        log = self._git(
            "log", "-z", "--raw", "-m", "--no-renames", "--no-abbrev", f"--format={history.FORMAT}",
            f"{old}..{new}" if old else new, "--",
        )[1]  # fmt: skip
        blobs: dict[tuple[str, str], None] = {}
        for commit in history.commits(log):
            yield "", f"{commit.subject}\n{commit.body}".encode()
            blobs |= {(change.path, change.new): None for change in commit.changes if change.new}
        for (path, _), data in zip(blobs, self.contents([blob for _, blob in blobs]), strict=True):
            if data is not None:
                yield path, data

    def become(self, head: str) -> None:
        """Let an empty folder stand at *head*, whose objects lie there."""
        self._git("update-ref", f"refs/heads/{self.branch()}", head)
        self._git("reset", "--hard", "--quiet", head)
