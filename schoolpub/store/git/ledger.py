"""The ledger: a school's folder as a git repository in which every act is one commit.

An act is written as objects first and has happened when the branch moves; then its files are put in place.  A kill at
any moment leaves the state before or the state after, and the next act finishes what the journal names.  Nothing
else in the user's index or work tree is touched.  git is asked through GitPython's runner alone: its own commits
lose each other when two people act at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from schoolpub.errors import SchoolpubError, Unfinished, say, system_told
from schoolpub.store.git import history, journal, placing
from schoolpub.store.git.git_folder import (
    branch_in,
    calm,
    git_folder,
    interrupted,
    last_commit,
    note_in,
    plain_email,
    under_way,
)
from schoolpub.store.git.history import Commit
from schoolpub.store.git.journal import Journal, Put, digest, scratch_in
from schoolpub.store.git.talking import failed, given
from schoolpub.store.git.turn import Turn

PATIENCE = 30.0
"""Seconds to wait for somebody else's act."""

_ROUNDS = 20
"""How often an act is tried again because the branch moved under it."""

SETTINGS = {
    "core.fsync": "committed,loose-object,reference,index",
    "core.autocrlf": "false",
    "core.longpaths": "true",
    "core.quotePath": "false",
}
_ALWAYS = {
    **SETTINGS,
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.splitIndex": "false",
    "commit.gpgsign": "false",
    "log.showSignature": "false",
    "log.showRoot": "true",
    "core.commitGraph": "false",
    "core.multiPackIndex": "false",
    "i18n.commitEncoding": "UTF-8",
    "i18n.logOutputEncoding": "UTF-8",
}
"""What every call of git is told, whatever the repository's own settings say."""


class Ledger:
    """The repository of the school's folder *root*."""

    def __init__(self, root: Path, *, patience: float = PATIENCE) -> None:
        self.root = root.resolve()
        self.left: tuple[str, ...] = ()
        """Files of the last act that somebody changed in the very moment and that were left as they are."""
        self._patience = patience
        self._turn = Turn(patience)

    # What stands

    def exists(self) -> bool:
        """Return whether the folder is a repository with a work tree."""
        found = git_folder(self.root)
        return found is not None and found[0] != self.root

    def init(self) -> None:
        """Make the folder a repository on the branch `main`; set up again what is one already."""
        self.root.mkdir(parents=True, exist_ok=True)
        if not self.exists():
            git = self.root / ".git"
            # What a hook's surroundings say of another repository must not count here.
            here = {"GIT_DIR": str(git), "GIT_WORK_TREE": str(self.root), "GIT_COMMON_DIR": str(git)}
            here |= {"GIT_OBJECT_DIRECTORY": str(git / "objects"), "GIT_INDEX_FILE": str(git / "index")}
            self._git("init", "--quiet", "--initial-branch=main", "--template=", str(self.root), env=here)
        for key, value in SETTINGS.items():
            self._git("config", key, value)

    def head(self) -> str:
        """Return the id of the last commit; nothing while there is none."""
        return last_commit(self.root) or self._ask("rev-parse", "--quiet", "--verify", "HEAD^{commit}")

    def branch(self) -> str:
        """Return the name of the branch; nothing when none is checked out."""
        return branch_in(self.root) or self._ask("symbolic-ref", "--quiet", "HEAD").removeprefix("refs/heads/")

    def clean(self) -> bool:
        """Return whether git holds everything that lies in the folder, and nothing is half done."""
        return not self._git("--no-optional-locks", "status", "--porcelain", "-z")[1] and not self.interrupted()

    def user_email(self) -> str:
        """Return the e-mail by which git knows who sits here; nothing when it was never told."""
        return plain_email(self.root) or self._ask("config", "--get", "user.email")

    def set_user(self, name: str, email: str) -> None:
        """Tell git who sits here, for this folder alone."""
        self._git("config", "user.name", name)
        self._git("config", "user.email", email)

    def log(self, paths: str | Sequence[str] | None = (), limit: int | None = None) -> list[Commit]:
        """Return the commits, newest first: those that touched *paths*, at most *limit*."""
        if not self.head():
            return []
        wanted = [paths] if isinstance(paths, str) else list(paths or ())
        command = ["log", "-z", "--raw", "-c", "--no-renames", "--no-abbrev", "--full-diff"]
        if limit != 1 or wanted:  # the newest commit is the same in any order, and ordering walks the whole history
            command.append("--topo-order")
        command += [f"--format={history.FORMAT}", *([f"-n{limit}"] if limit is not None else [])]
        command += ["HEAD", "--", *wanted]
        return list(history.commits(self._git(*command)[1]))

    def listed(self, *paths: str, commit: str = "HEAD") -> list[str]:
        """Return the files below *paths* that the last *commit* holds."""
        names = self._git("ls-tree", "-r", "-z", "--name-only", commit, "--", *paths)[1] if self.head() else b""
        return [name.decode("utf-8", "replace") for name in names.split(b"\0") if name]

    def contents(self, names: Sequence[str]) -> list[bytes | None]:
        """Return the bytes of the objects *names* (`<blob>`, `<commit>:<path>`), None for those that git lacks."""
        if not names:
            return []
        answer = self._git("cat-file", "--batch", stdin="".join(f"{name}\n" for name in names).encode())[1]
        return list(history.objects(answer, len(names)))

    def ask(self, *arguments: str, stdin: bytes | None = None, fails: bool = False) -> bytes:
        """Return what git answers to a question that changes nothing."""
        return self._git("--no-optional-locks", *arguments, stdin=stdin, fails=fails)[1]

    # Acts

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep everybody else from acting; may be taken again inside."""
        with self._turn(self._folders()[1]):
            yield

    def act(
        self,
        changes: Mapping[str, bytes | None],
        *,
        subject: str,
        body: str = "",
        trailers: Sequence[tuple[str, str]] = (),
        author: tuple[str, str],
        committer: tuple[str, str],
        at: datetime,
        expect: Mapping[str, bytes | None],
        only_on: str | None = None,
    ) -> str:
        """Commit *changes* (path → new bytes, or None for no file), put the files in place, return the commit's id.

        *expect* holds the bytes that the caller read, None for no file; a path that it does not name must not exist.
        Files named there and not changed are compared too.  With *only_on* the branch must still be at that commit.
        """
        for path in {**changes, **expect}:
            self._safe(path)
        identity = history.identity(author, committer, at)
        text = history.message(subject, body, tuple(trailers)).encode()
        with self.lock():
            self.recover()
            git, shared = self._folders()
            if self.interrupted():
                raise SchoolpubError(
                    say("Another git program has held {lock} for too long.", lock=git / "index.lock"),
                    fix=say("close it and try again; when none is running, delete that file"),
                )
            for _ in range(_ROUNDS):
                branch, parent = self._ready(git)
                if only_on is not None and parent != only_on:
                    break
                self._unchanged({**dict.fromkeys(changes), **expect})
                puts = self._store(git, changes, expect)
                commit = self._commit(git, parent, puts, text, identity)
                note = Journal(branch=branch, commit=commit, parent=parent, puts=puts)
                journal.write(git, note)
                try:
                    moved = self._move(git, shared, note, subject)
                except SchoolpubError:
                    note_in(git).unlink()
                    raise
                if moved:
                    self._follow(git, note, changes)
                    return commit
                note_in(git).unlink()
        raise SchoolpubError(
            say("Others recorded acts in the same moment. Nothing was done."), fix=say("repeat the command")
        )

    def interrupted(self) -> bool:
        """Return whether an act was interrupted and waits to be finished."""
        return interrupted(self.root)

    def recover(self) -> list[str]:
        """Finish an act that was interrupted; return the files put in place, and name in `left` those that were not."""
        self.left = ()
        if not self.interrupted():
            return []
        with self.lock():
            git, _ = self._folders()
            note = journal.read(note_in(git))
            if note is None or note.branch != self.branch() or not self._happened(note):
                note_in(git).unlink(missing_ok=True)
                journal.sweep(git)
                return []
            for path in note.puts:
                self._safe(path)
            note = self._still(note)
            blobs = iter(self.contents([put.blob for put in note.puts.values() if put.blob]))
            return self._finish(git, note, {path: next(blobs) if put.blob else None for path, put in note.puts.items()})

    def _happened(self, note: Journal) -> bool:
        return not self._git("merge-base", "--is-ancestor", note.commit, f"refs/heads/{note.branch}", fails=True)[0]

    def _still(self, note: Journal) -> Journal:
        """Return *note* without the files that a later commit changed again."""
        if self.head() == note.commit or not note.puts:
            return note
        entries = self._git("ls-tree", "-r", "-z", "HEAD", "--", *note.puts)[1].decode("utf-8", "replace").split("\0")
        blobs = {entry.partition("\t")[2]: entry.partition("\t")[0].split()[2] for entry in entries if entry}
        return replace(note, puts={path: put for path, put in note.puts.items() if blobs.get(path, "") == put.blob})

    def _folders(self) -> tuple[Path, Path]:
        found = git_folder(self.root)
        if found is None or found[0] == self.root:
            raise SchoolpubError(
                say("{folder} is not under git's care yet, so no act can be recorded.", folder=self.root),
                fix=say("run `schoolpub init` for this folder"),
            )
        return found

    def _ready(self, git: Path) -> tuple[str, str]:
        """Return the branch and its last commit (none in an empty repository), or refuse."""
        if busy := under_way(git):
            raise SchoolpubError(
                say("A {what} is under way in this folder and must be ended first.", what=busy),
                fix=say("give it up with `git {what} --abort`; only `schoolpub sync` joins offices", what=busy),
            )
        branch = self.branch()
        if not branch:
            raise SchoolpubError(
                say("The folder shows an old state (no branch is checked out), so no act can be recorded."),
                fix=say("go back to the present with `git checkout main`"),
            )
        return branch, self.head()

    def _safe(self, path: str) -> None:
        parts = path.split("/")
        inside = all(p not in ("", ".", "..") and p.lower() != ".git" and not set(p) & set("\\:\0\n") for p in parts)
        if not inside or parts[0] == "private":
            raise SchoolpubError(say("{file} may not be recorded: it is outside the school's records.", file=path))
        place = self.root
        for part in parts:
            place /= part
            if place.is_symlink():
                raise SchoolpubError(
                    say("{file} is a link to another place, and links are not recorded.", file=path),
                    fix=say("put the file itself there"),
                )

    def _unchanged(self, expect: Mapping[str, bytes | None]) -> None:
        changed = [path for path, data in expect.items() if placing.read(self.root / path) != data]
        if changed:
            raise SchoolpubError(
                say("Somebody else changed {files} meanwhile. Nothing was done.", files=", ".join(sorted(changed))),
                fix=say("look at the file again and repeat the command"),
            )

    def _store(
        self, git: Path, changes: Mapping[str, bytes | None], expect: Mapping[str, bytes | None]
    ) -> dict[str, Put]:
        """Write the new bytes as objects."""
        new = [(path, data) for path, data in sorted(changes.items()) if data is not None]
        files = [scratch_in(git) / f"{os.getpid()}-{number}" for number in range(len(new))]
        for file, (_, data) in zip(files, new, strict=True):
            file.write_bytes(data)
        named = b"".join(os.fsencode(file) + b"\n" for file in files)
        answer = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=named)[1] if files else b""
        blobs = dict(zip((path for path, _ in new), answer.decode().split(), strict=True))
        return {
            path: Put(old=digest(expect.get(path)), new=digest(data), blob=blobs.get(path, ""))
            for path, data in sorted(changes.items())
        }

    def _commit(
        self, git: Path, parent: str, puts: Mapping[str, Put], message: bytes, identity: Mapping[str, str]
    ) -> str:
        """Write the commit that puts *puts* on top of *parent*, by an index of its own."""
        index = {"GIT_INDEX_FILE": str(scratch_in(git) / f"index-{os.getpid()}")}
        self._git("read-tree", *([parent] if parent else ["--empty"]), env=index)
        self._git("update-index", "-z", "--index-info", stdin=placing.index_lines(puts), env=index)
        tree = self._git("write-tree", env=index)[1].decode().strip()
        parents = ["-p", parent] if parent else []
        return self._git("commit-tree", tree, *parents, stdin=message, env=identity)[1].decode().strip()

    def _move(self, git: Path, shared: Path, note: Journal, subject: str) -> bool:
        """Move the branch: the moment at which the act happens; False when somebody else moved it before."""
        old = note.parent or "0" * len(note.commit)
        command = ("update-ref", "-m", f"schoolpub: {subject}", f"refs/heads/{note.branch}", note.commit, old)
        until = time.monotonic() + self._patience
        while True:
            code, _, why = self._git(*command, fails=True)
            if not code:
                return True
            if self.head() != note.parent:
                return self._happened(note)
            if "File exists" not in why:  # of its lock
                raise failed("update-ref", why)
            if time.monotonic() > until:
                raise SchoolpubError(
                    say("Another git program holds the branch: {why}", why=why.strip()),
                    fix=say("close it and try again; when none is running, delete the file that is named there"),
                )
            placing.remove_forgotten(shared / f"refs/heads/{note.branch}.lock", git / "HEAD.lock")
            time.sleep(0.05)

    def _follow(self, git: Path, note: Journal, contents: Mapping[str, bytes | None]) -> None:
        """Finish an act right after the branch moved: whatever fails from here on, the act has happened."""
        try:
            self._finish(git, note, contents)
        except (SchoolpubError, OSError) as stop:
            why = stop.message if isinstance(stop, SchoolpubError) else system_told(stop)
            raise Unfinished(
                say("It is recorded, but its files are not all in place yet: {why}.", why=why),
                fix=say("free some room on the disk or mend what is named; then `schoolpub list` puts them in place"),
            ) from None

    def _finish(self, git: Path, note: Journal, contents: Mapping[str, bytes | None]) -> list[str]:
        """Put the files of an act that has happened in place, tell the user's index, then forget the note."""
        placed, left = placing.place(self.root, note.puts, contents, scratch_in(git))
        self.left = tuple(left)

        def update(lines: bytes, env: Mapping[str, str]) -> None:
            self._git("update-index", "-z", "--index-info", stdin=lines, env=env)

        if placing.tell_index(git, note.puts, scratch_in(git), update, self._patience / 6):
            note_in(git).unlink(missing_ok=True)
            journal.sweep(git)
        return placed

    # git

    def _ask(self, *arguments: str) -> str:
        """Return git's answer in one line; nothing when it has none."""
        return self._git(*arguments, fails=True)[1].decode("utf-8", "replace").strip()

    def _git(
        self, *arguments: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None, fails: bool = False
    ) -> tuple[int, bytes, str]:
        """Run git; return its exit code, its answer and its complaint.  Only with *fails* may it fail."""
        try:
            from git import Git
        except ImportError:  # GitPython looks for the program when it is imported
            raise SchoolpubError(
                say("The program git was not found on this machine."), fix=say("install git and try again")
            ) from None
        settings = [word for key, value in _ALWAYS.items() for word in ("-c", f"{key}={value}")]
        inherited: dict[str, Any] = {"pass_fds": self._turn.inherited} if self._turn.inherited else {}
        with given(stdin) as file:
            code, answer, complaint = Git(self.root).execute(
                ["git", *settings, *arguments],
                istream=file,
                env={**calm(self.root, git_folder(self.root)), **(env or {})},
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                **inherited,
            )
        why = complaint.decode("utf-8", "replace") if isinstance(complaint, bytes) else complaint
        if code and not fails:
            raise failed(next(word for word in arguments if not word.startswith("-")), why)
        return code, answer, why

