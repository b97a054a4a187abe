"""What must be erasable: restricted fields live in `private/<id>.yaml`, never in git.

The record keeps the digest of that file, so approvals bind it; the file begins with a random salt, so that nobody can
guess its content from the digest; and once it is erased everything else still verifies.

A new text waits as `<id>.new` until the act that names its digest has happened: a kill leaves the old file or the new
one in reach, never neither.  An empty one waits for the act after which there is no text any more.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from schoolpub.errors import SchoolpubError, Unfinished
from schoolpub.model.record import Tree
from schoolpub.store import durable
from schoolpub.store.yaml import canonical, strict_yaml

FOLDER = "private"
_SALT_BYTES = 32
GONE = b""
"""What a private file holds that is to be no more."""
_KEY, _KEYS = "import.key", "import*.key"
"""The file with the key that marks imported rows."""


def text(fields: Mapping[str, Tree]) -> bytes:
    """Return the text of a private file that holds *fields*, with a new salt."""
    return canonical.block_text({"salt": secrets.token_hex(_SALT_BYTES), "fields": dict(fields)}).encode()


def digest(data: bytes) -> str:
    """Return what the record says of a private file."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def import_keys(root: Path) -> list[bytes]:
    """Return the keys with which imported rows are marked, this machine's first: a new one, not kept yet, if need be.

    Beside it lie those of other machines that were copied here, whatever follows `import` in their names.
    """
    own = root / FOLDER / _KEY
    others = sorted(path for path in (root / FOLDER).glob(_KEYS) if path != own)
    first = own.read_bytes() if own.exists() else secrets.token_hex(_SALT_BYTES).encode()
    return [first, *(path.read_bytes() for path in others)]


def keep_import_key(root: Path, key: bytes) -> None:
    """Keep *key* for the next import."""
    path = root / FOLDER / _KEY
    if not path.exists():
        _write(path, key)


def mark(key: bytes, parts: Sequence[str]) -> str:
    """Return a mark by which whoever has *key* knows *parts* again, and which tells nobody else anything.

    It begins with the name of the key: whoever lacks that key knows at least that another machine made the mark.
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return f"{key_name(key)}-{hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]}"


def key_name(key: bytes) -> str:
    """Return a name of *key* that tells nothing of it."""
    return hashlib.sha256(key).hexdigest()[:8]


@contextmanager
def keeping(root: Path, record_id: str, data: bytes | None) -> Iterator[None]:
    """Let the private file of a record hold *data* once the act inside has happened.

    `GONE` is no file afterwards; None is no change.  A refused act leaves the file as it was.  Where nobody can tell
    here whether the act has happened, the new text goes on waiting for `settle`.
    """
    if data is None:
        yield
        return
    waiting = _waiting(root, record_id)
    _write(waiting, data)
    try:
        yield
    except Unfinished:
        raise
    except SchoolpubError:
        waiting.unlink(missing_ok=True)
        raise
    _take(root, record_id, data)


def settle(root: Path, stands: Callable[[str, str], bool | None]) -> None:
    """Let every text that a kill left waiting take its place or go, and take away what was left half written.

    *stands* tells of a record and a digest whether the record names it (nothing: no text); None is not known.
    """
    for waiting in (root / FOLDER).glob("*.new"):
        data = waiting.read_bytes()
        match stands(waiting.stem, digest(data) if data else ""):
            case True:
                _take(root, waiting.stem, data)
            case False:
                waiting.unlink()
    for folder in (FOLDER, f"{FOLDER}/unfinished", f"{FOLDER}/edited"):
        durable.sweep(root / folder)


def _take(root: Path, record_id: str, data: bytes) -> None:
    """Put what waits in the place of the private file."""
    waiting = _waiting(root, record_id)
    if data == GONE:
        _path(root, record_id).unlink(missing_ok=True)
        waiting.unlink(missing_ok=True)
    else:
        durable.patiently(lambda: waiting.replace(_path(root, record_id)))


def erase(root: Path, record_id: str) -> bool:
    """Take away the private file of a record that was erased on another machine; return whether there was one."""
    found = _path(root, record_id).exists()
    for path in (_path(root, record_id), _waiting(root, record_id)):
        path.unlink(missing_ok=True)
    return found


def keep(root: Path, name: str, data: bytes) -> None:
    """Write a private file that belongs to no act: a key, an entry, or what comes back from a second copy."""
    _write(root / FOLDER / name, data)


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


def editing(root: Path, record_id: str) -> Path:
    """Return where the text of a draft lies while it is edited, and afterwards until it is saved."""
    return root / FOLDER / "edited" / f"{record_id}.yaml"


def _path(root: Path, record_id: str) -> Path:
    return root / FOLDER / f"{record_id}.yaml"


def _waiting(root: Path, record_id: str) -> Path:
    return root / FOLDER / f"{record_id}.new"


def _write(path: Path, data: bytes) -> None:
    """Write a file that its owner alone may read, from its first moment on."""
    root = path.parent
    while root.name != FOLDER:
        root = root.parent
    root.mkdir(mode=0o700, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    ignore = root / ".gitignore"
    if not ignore.exists():
        durable.write(ignore, b"*\n")
    durable.write(path, data, mode=0o600)
