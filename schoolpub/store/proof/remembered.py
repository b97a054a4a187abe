"""What was proven on this machine before: a commit, so that the next proof need only walk what came since.

The memory lies in `.schoolpub/` and may be deleted.  It bears a mark made with a secret that lies outside the folder:
whoever can write into the folder alone cannot make it say that something was proven.  It is used only where its commit
is still part of the history; where it is not, that itself is a finding: the history was written anew.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schoolpub.store import signing

if TYPE_CHECKING:
    from schoolpub.store.proof.proving import Proof

_FORMAT = 1
_JUDGES = ("rules", "store", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A commit up to which everything was proven."""

    head: str
    root: str
    commits: int
    steps: int
    latest: datetime
    whole: bool
    """Whether the same program judged it; another one walks again from the beginning."""


class Memory:
    """What the school's folder *root* remembers of earlier proofs."""

    def __init__(self, root: Path) -> None:
        self._file = root / ".schoolpub" / "proven.json"

    def last(self) -> Proven | None:
        """Return the last proof, None when nothing is remembered or it cannot be read."""
        try:
            told = json.loads(self._file.read_text("utf-8"))
            return Proven(
                head=str(told["head"]), root=str(told["root"]), commits=int(told["commits"]), steps=int(told["steps"]),
                latest=datetime.fromisoformat(told["latest"]),
                whole=told["format"] == _FORMAT and told["judge"] == _judge() and self._own(told),
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, proof: Proof) -> None:
        """Remember a proof without findings; a folder that cannot be written to is no mistake."""
        if proof.state.latest is None:
            return
        told: dict[str, Any] = {
            "format": _FORMAT, "judge": _judge(), "head": proof.head, "root": proof.root, "commits": proof.commits,
            "steps": proof.steps, "latest": proof.state.latest.isoformat(),
        }  # fmt: skip
        with suppress(OSError):
            told["mark"] = _mark(told, _secret(new=True))
            self._file.parent.mkdir(exist_ok=True)
            ignore = self._file.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_bytes(b"*\n")
            grown = self._file.with_suffix(".part")
            grown.write_text(json.dumps(told), encoding="utf-8")
            grown.replace(self._file)

    def _own(self, told: dict[str, Any]) -> bool:
        """Return whether this machine's user wrote *told*, and nobody edited it in the folder since."""
        secret = _secret()
        return bool(secret) and hmac.compare_digest(str(told.get("mark")), _mark(told, secret))


def _mark(told: dict[str, Any], secret: bytes) -> str:
    text = json.dumps({key: value for key, value in told.items() if key != "mark"}, sort_keys=True)
    return hmac.new(secret, text.encode(), "sha256").hexdigest()


def _secret(*, new: bool = False) -> bytes:
    """Return what only this machine's user knows, kept beside the keys and never in a school's folder."""
    file = signing.folder() / ".proven"
    with suppress(OSError):
        if new and not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "wb") as out:
                out.write(secrets.token_hex(32).encode())
        return file.read_bytes()
    return b""


def _judge() -> str:
    """Return a digest of the program that judges: what another one proved is not taken over."""
    package = Path(__file__).parent.parent.parent
    digest = sha256()
    for part in _JUDGES:
        for path in sorted((package / part).rglob("*.py")):
            stat = path.stat()
            digest.update(f"{path.relative_to(package)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
