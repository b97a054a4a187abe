"""What git's log says, as values: the commits, their trailers and the files each of them touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

FORMAT = "%x01" + "%x00".join(("%H", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"))
"""For `git log -z --raw`: a mark, nine texts, then the changed files."""

_COMMIT = re.compile(r"\x01[0-9a-f]{40,64}")
_TRAILER = re.compile(r"([A-Za-z0-9-]+): ?(.*)")
_FIELDS = 9
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file as a commit left it; blobs are empty where there was, or is, no file."""

    path: str
    old: str = ""
    """The blob before; of a merge the blob in its first parent."""
    new: str = ""
    mode: str = ""
    """`100644` is a plain file; anything else is remarkable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit: who acted, who recorded it, when, what it says and which files it touched.

    Of a merge only those files are named that equal none of its parents: what the merge itself changed.
    """

    id: str
    parents: tuple[str, ...]
    author: str
    email: str
    at: datetime
    committer: str = ""
    committer_email: str = ""
    recorded: datetime
    subject: str
    body: str = ""
    """Between the subject and the trailers."""
    trailers: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The paths it touched, with `/`."""
        return tuple(change.path for change in self.changes)

    def said(self, key: str) -> str:
        """Return the first trailer *key*, or nothing."""
        return next((value for name, value in self.trailers if name == key), "")


def message(subject: str, body: str, trailers: tuple[tuple[str, str], ...]) -> str:
    """Return a commit message: subject, body and trailers, a blank line between."""
    lines = "\n".join(f"{key}: {_line(value)}" for key, value in trailers)
    parts = (_line(subject), body.replace("\0", "").strip("\n"), lines)
    return "\n\n".join(part for part in parts if part) + "\n"


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def commits(log: bytes) -> Iterator[Commit]:
    """Yield the commits that `git log -z --raw -c --format=FORMAT` wrote."""
    tokens = log.decode("utf-8", "replace").split("\0")
    place = 0
    while place < len(tokens):
        if not _COMMIT.match(tokens[place]):
            place += 1  # the empty text behind the last file, or between two commits
            continue
        texts, place = tokens[place : place + _FIELDS], place + _FIELDS
        changes: list[Change] = []
        while place < len(tokens) and not _COMMIT.match(tokens[place]):
            status = tokens[place].lstrip("\n")
            if status.startswith(":"):
                changes.append(_change(status, tokens[place + 1]))
                place += 1
            place += 1
        yield _commit(texts, tuple(changes))


def _commit(texts: list[str], changes: tuple[Change, ...]) -> Commit:
    subject, _, rest = texts[8].strip("\n").partition("\n")
    body, trailers = _split(rest.strip("\n"))
    return Commit(
        id=texts[0][1:],
        parents=tuple(texts[1].split()),
        author=texts[2],
        email=texts[3],
        at=_moment(texts[4]),
        committer=texts[5],
        committer_email=texts[6],
        recorded=_moment(texts[7]),
        subject=subject,
        body=body,
        trailers=trailers,
        changes=changes,
    )


def _moment(text: str) -> datetime:
    """Return a commit's time; the beginning of all times for one that cannot be: it is then found to be dated back."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _NEVER


def _split(rest: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    body, _, last = rest.rpartition("\n\n")
    found = [_TRAILER.fullmatch(line) for line in last.splitlines()]
    if not found or not all(found):
        return rest, ()
    return body.strip("\n"), tuple((match[1], match[2]) for match in found if match)


def _change(status: str, path: str) -> Change:
    # `:old-mode new-mode old-blob new-blob S`; of a merge one colon, mode and blob for each parent first.
    parents = len(status) - len(status.lstrip(":"))
    words = status[parents:].split()
    blobs = words[parents + 1 : -1]
    return Change(path=path, old=_blob(blobs[0]), new=_blob(blobs[-1]), mode=words[parents])


def _blob(name: str) -> str:
    return "" if set(name) == {"0"} else name


def objects(answer: bytes, number: int) -> Iterator[bytes | None]:
    """Yield the *number* objects that `git cat-file --batch` wrote, None for each that it lacks."""
    place = 0
    for _ in range(number):
        end = answer.index(b"\n", place)
        words = answer[place:end].rsplit(b" ", 2)
        place = end + 1
        if len(words) == 3 and words[2].isdigit() and words[1] in (b"blob", b"commit", b"tree", b"tag"):
            size = int(words[2])
            yield answer[place : place + size]
            place += size + 1
        else:
            yield None


def identity(author: tuple[str, str], committer: tuple[str, str], at: datetime) -> dict[str, str]:
    """Return what git is told of who acted, who typed it, and when."""
    offset = at.strftime("%z")
    if not offset:
        raise ValueError("a moment without a time zone")
    moment = f"@{int(at.timestamp())} {offset}"
    return {
        "GIT_AUTHOR_NAME": author[0],
        "GIT_AUTHOR_EMAIL": author[1],
        "GIT_AUTHOR_DATE": moment,
        "GIT_COMMITTER_NAME": committer[0],
        "GIT_COMMITTER_EMAIL": committer[1],
        "GIT_COMMITTER_DATE": moment,
    }
