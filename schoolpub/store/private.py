"""What must be erasable: restricted fields live in `private/<id>.yaml`, never in git.

The record keeps the digest of that file, so approvals bind it; the file begins with a random salt, so that nobody can guess
its content from the digest; and once it is erased everything else still verifies.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from schoolpub.model.record import Tree
from schoolpub.store import canonical, durable, strict_yaml

FOLDER = "private"
_SALT_BYTES = 32


def text(fields: Mapping[str, Tree]) -> bytes:
    """Return the text of a private file that holds *fields*, with a new salt."""
    return canonical.block_text({"salt": secrets.token_hex(_SALT_BYTES), "fields": dict(fields)}).encode()


def digest(data: bytes) -> str:
    """Return what the record says of a private file."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def save(root: Path, record_id: str, data: bytes) -> Path:
    """Write the private file of a record, readable for its owner only, and return its path."""
    folder = root / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_bytes(b"*\n")
    path = folder / f"{record_id}.yaml"
    durable.write(path, data)
    os.chmod(path, 0o600)
    return path


def load(root: Path, record_id: str, expected: str) -> Mapping[str, Tree]:
    """Return the restricted fields of a record; empty when the file is not on this machine or is not the one expected."""
    try:
        data = (root / FOLDER / f"{record_id}.yaml").read_bytes()
    except OSError:
        return {}
    if digest(data) != expected:
        return {}
    tree, _problems = strict_yaml.parse(data, f"{FOLDER}/{record_id}.yaml")
    fields = tree.get("fields") if isinstance(tree, dict) else None
    return fields if isinstance(fields, dict) else {}
