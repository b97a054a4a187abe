"""What must be erasable: restricted fields live in `private/<id>.yaml`, never in git.

The record keeps the digest of that file, so approvals bind it; the file begins with a random salt, so that nobody can
guess its content from the digest; and once it is erased everything else still verifies.

A new text waits as `<id>.new` until the act that names its digest has happened: a kill leaves the old file or the new
one in reach, never neither.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from schoolpub.errors import SchoolpubError
from schoolpub.model.record import Tree
from schoolpub.store import durable
from schoolpub.store.yaml import canonical, strict_yaml

FOLDER = "private"
_SALT_BYTES = 32
_KEY = "import.key"
"""The file with the key that marks imported rows."""


def text(fields: Mapping[str, Tree]) -> bytes:
    """Return the text of a private file that holds *fields*, with a new salt."""
    return canonical.block_text({"salt": secrets.token_hex(_SALT_BYTES), "fields": dict(fields)}).encode()


def digest(data: bytes) -> str:
    """Return what the record says of a private file."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def import_key(root: Path) -> bytes:
    """Return the key with which imported rows are marked: the one kept in `private/`, else a new one, not kept yet."""
    try:
        return (root / FOLDER / _KEY).read_bytes()
    except OSError:
        return secrets.token_hex(_SALT_BYTES).encode()


def keep_import_key(root: Path, key: bytes) -> None:
    """Keep *key* for the next import."""
    path = root / FOLDER / _KEY
    if not path.exists():
        _write(path, key)


def mark(key: bytes, parts: Sequence[str]) -> str:
    """Return a mark by which whoever has *key* knows *parts* again, and which tells nobody else anything."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


@contextmanager
def keeping(root: Path, record_id: str, data: bytes | None) -> Iterator[None]:
    """Let the private file of a record hold *data* once the act inside has happened; None is no file, and no change.

    A refused act leaves the file as it was.
    """
    if data is None:
        yield
        return
    waiting = _waiting(root, record_id)
    _write(waiting, data)
    try:
        yield
    except SchoolpubError:
        waiting.unlink(missing_ok=True)
        raise
    settle(root, record_id)


def settle(root: Path, record_id: str) -> None:
    """Put the text that waits in the place of the private file."""
    waiting = _waiting(root, record_id)
    if waiting.exists():
        durable.patiently(lambda: waiting.replace(_path(root, record_id)))


def keep(root: Path, name: str, data: bytes) -> None:
    """Write a private file that belongs to no act: a key, or what comes back from a second copy."""
    _write(root / FOLDER / name, data)


def erase(root: Path, record_id: str) -> None:
    """Remove the private file of a record, and what waits beside it."""
    for path in (_path(root, record_id), _waiting(root, record_id)):
        path.unlink(missing_ok=True)


def load(root: Path, record_id: str, expected: str) -> Mapping[str, Tree]:
    """Return the restricted fields of a record; empty when no file on this machine is the one *expected*."""
    for path in (_path(root, record_id), _waiting(root, record_id)):
        try:
            data = path.read_bytes()
        except OSError:
            continue
        if digest(data) == expected:
            tree, _problems = strict_yaml.parse(data, f"{FOLDER}/{record_id}.yaml")
            fields = tree.get("fields") if isinstance(tree, dict) else None
            return fields if isinstance(fields, dict) else {}
    return {}


def keep_edited(root: Path, record_id: str, body: bytes) -> Path:
    """Keep the text of a draft that could not be saved, for the next try; return where."""
    path = _edited(root, record_id)
    _write(path, body)
    return path


def edited(root: Path, record_id: str) -> bytes | None:
    """Return the text that `keep_edited` kept, None when there is none."""
    try:
        return _edited(root, record_id).read_bytes()
    except OSError:
        return None


def forget_edited(root: Path, record_id: str) -> None:
    """Forget what `keep_edited` kept."""
    _edited(root, record_id).unlink(missing_ok=True)


def _path(root: Path, record_id: str) -> Path:
    return root / FOLDER / f"{record_id}.yaml"


def _waiting(root: Path, record_id: str) -> Path:
    return root / FOLDER / f"{record_id}.new"


def _edited(root: Path, record_id: str) -> Path:
    return root / FOLDER / "edited" / f"{record_id}.yaml"


def _write(path: Path, data: bytes) -> None:
    """Write a file that its owner alone may read, from its first moment on."""
    root = path.parent
    while root.name != FOLDER:
        root = root.parent
    root.mkdir(mode=0o700, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    ignore = root / ".gitignore"
    if not ignore.exists():
        ignore.write_bytes(b"*\n")
    grown = path.with_suffix(".part")
    grown.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(grown, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    durable.patiently(lambda: grown.replace(path))
    durable.settle(path.parent)
