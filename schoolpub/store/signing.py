"""SSH signatures (SSHSIG) made and verified in this process, so that nobody needs an SSH program.

A key is an OpenSSH private key in a file outside the school's folder; `ssh-keygen -Y verify -n schoolpub` agrees with
what is made here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schoolpub.errors import SchoolpubError, say
from schoolpub.store import durable

NAMESPACE = "schoolpub"
_MAGIC = b"SSHSIG"
_VERSION = 1
_RSA_BITS = 2048
"""A shorter RSA key can be broken, and proves nothing."""
_HASHES = {b"sha512": hashlib.sha512, b"sha256": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a signature is worth: the key inside it, and whether that key made it over these bytes."""

    key: str = ""
    good: bool = False


def folder() -> Path:
    """Return where this machine keeps its user's keys: never inside a school's folder."""
    given = os.environ.get("SCHOOLPUB_KEYS")
    if given:
        return Path(given)
    base = os.environ.get("XDG_CONFIG_HOME") or os.environ.get("APPDATA")
    return (Path(base) if base else Path.home() / ".config") / "schoolpub" / "keys"


def key_file(person: str) -> Path:
    """Return the file of the private key of *person* on this machine."""
    return folder() / person


def public_text(private: Any, comment: str) -> str:
    """Return the public key of *private* as a line: `ssh-ed25519 AAAA… comment`."""
    from cryptography.hazmat.primitives import serialization

    line = private.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return f"{line.decode()} {comment}".strip()


def new_key(person: str, passphrase: str = "") -> str:
    """Make a key for *person* on this machine, and return its public line; an existing file is never overwritten."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    locked: Any = serialization.NoEncryption()
    form = serialization.PrivateFormat.OpenSSH
    if passphrase:  # OpenSSH's own form would need a further library for its passphrases
        locked = serialization.BestAvailableEncryption(passphrase.encode())
        form = serialization.PrivateFormat.PKCS8
    data = private.private_bytes(serialization.Encoding.PEM, form, locked)
    path = key_file(person)
    if path.exists():
        raise SchoolpubError(
            say("There is a key of {person} on this machine already: {file}.", person=person, file=str(path)),
            fix=say("use it with `schoolpub key add`, or move that file away first"),
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = public_text(private, person)
    durable.write(_public_file(person), f"{line}\n".encode())  # first: without it nobody can use the other
    durable.write(path, data, mode=0o600)
    return line


def public_line(person: str) -> str:
    """Return the public line of the key of *person* on this machine; nothing where either is not here."""
    try:
        return _public_file(person).read_text("utf-8").strip() if key_file(person).exists() else ""
    except (OSError, ValueError):
        return ""


def forget(person: str) -> None:
    """Remove a key that was just made."""
    key_file(person).unlink(missing_ok=True)
    _public_file(person).unlink(missing_ok=True)


def _public_file(person: str) -> Path:
    return key_file(person).with_name(f"{person}.pub")


def is_locked(person: str) -> bool:
    """Return whether the key of *person* on this machine asks for a passphrase."""
    try:
        _load(key_file(person).read_bytes(), None)
    except TypeError:
        return True
    except (ValueError, OSError):
        return False
    return False


def load(person: str, passphrase: str = "") -> Any:
    """Return the private key of *person* on this machine, None when there is none."""
    path = key_file(person)
    try:
        data = path.read_bytes()
    except OSError:
        return None
    try:
        return _load(data, passphrase.encode() or None)
    except (ValueError, TypeError):
        raise SchoolpubError(
            say("The key {file} cannot be opened: the passphrase is wrong, or the file is damaged.", file=str(path)),
            fix=say("try again with the right passphrase, or make a new key with `schoolpub key new`"),
        ) from None


def _load(data: bytes, passphrase: bytes | None) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    try:
        if b"BEGIN OPENSSH" in data:
            return load_ssh_private_key(data, passphrase)
        return load_pem_private_key(data, passphrase)
    except UnsupportedAlgorithm as odd:
        raise ValueError(str(odd)) from None


def sign(private: Any, data: bytes) -> str:
    """Return an SSHSIG by the Ed25519 key *private* over *data*, in one line of base 64."""
    key = base64.b64decode(public_text(private, "").split()[1])
    made = private.sign(_signed_bytes(NAMESPACE.encode(), b"sha512", hashlib.sha512(data).digest()))
    inner = _string(b"ssh-ed25519") + _string(made)
    blob = _MAGIC + _VERSION.to_bytes(4, "big") + _string(key) + _string(NAMESPACE.encode())
    blob += _string(b"") + _string(b"sha512") + _string(inner)
    return base64.b64encode(blob).decode()


def check(text: str, data: bytes) -> Checked:
    """Return what the signature *text* over *data* is worth."""
    try:
        blob = base64.b64decode(text, validate=True)
        if blob[:6] != _MAGIC or int.from_bytes(blob[6:10], "big") != _VERSION:
            return Checked()
        parts = list(_strings(blob[10:]))
        key, namespace, reserved, algorithm, inner = parts
        kind = next(_strings(key))
    except (ValueError, binascii.Error, StopIteration):
        return Checked()
    line = f"{kind.decode('ascii', 'replace')} {base64.b64encode(key).decode()}"
    if namespace != NAMESPACE.encode() or algorithm not in _HASHES:
        return Checked(line)
    message = _signed_bytes(namespace, algorithm, _HASHES[algorithm](data).digest(), reserved)
    return Checked(line, _is_by(line, kind, inner, message))


def _is_by(line: str, kind: bytes, inner: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        algorithm, made = _strings(inner)
        public = load_ssh_public_key(line.encode())
        if isinstance(public, ed25519.Ed25519PublicKey) and algorithm == kind == b"ssh-ed25519":
            public.verify(made, message)
        elif isinstance(public, rsa.RSAPublicKey) and public.key_size < _RSA_BITS:
            return False
        elif isinstance(public, rsa.RSAPublicKey) and algorithm in (b"rsa-sha2-512", b"rsa-sha2-256"):
            digest = hashes.SHA512() if algorithm.endswith(b"512") else hashes.SHA256()
            public.verify(made, message, padding.PKCS1v15(), digest)
        elif isinstance(public, ec.EllipticCurvePublicKey) and algorithm == kind:
            r, s = (int.from_bytes(number, "big") for number in _strings(made))
            size = public.curve.key_size
            chosen = hashes.SHA256() if size <= 256 else hashes.SHA384() if size <= 384 else hashes.SHA512()
            public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(chosen))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def is_public_key(line: str) -> bool:
    """Return whether *line* is a public key by which steps can be signed: Ed25519, ECDSA, or RSA of 2,048 bits."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        public = load_ssh_public_key(line.encode())
    except (ValueError, UnsupportedAlgorithm):
        return False
    if line.startswith("sk-"):
        return False  # what a security key signs says more than these bytes
    strong = isinstance(public, rsa.RSAPublicKey) and public.key_size >= _RSA_BITS
    return strong or isinstance(public, ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey)


def _signed_bytes(namespace: bytes, algorithm: bytes, digest: bytes, reserved: bytes = b"") -> bytes:
    return _MAGIC + _string(namespace) + _string(reserved) + _string(algorithm) + _string(digest)


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _strings(data: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        place += 4
        if place + size > len(data):
            raise ValueError("a string runs over the end")
        yield data[place : place + size]
        place += size
