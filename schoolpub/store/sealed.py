"""Encryption of what leaves the office: to several keys at once, each of which opens it alone (the format is age)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schoolpub.errors import SchoolpubError, say

_SECRET = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")


def new_key() -> tuple[str, str]:
    """Return a new key: the secret one, and the public one that data are sealed to."""
    from pyrage import x25519

    secret = x25519.Identity.generate()
    return str(secret), str(secret.to_public())


def public_of(secret: str) -> str:
    """Return the public key that belongs to *secret*."""
    from pyrage import x25519

    return str(x25519.Identity.from_str(secret).to_public())


def seal(data: bytes, recipients: Iterable[str]) -> bytes:
    """Return *data* readable only by those who have a secret key of one of *recipients*."""
    from pyrage import encrypt, x25519

    return bytes(encrypt(data, [x25519.Recipient.from_str(recipient) for recipient in recipients]))


def unseal(data: bytes, secret: str) -> bytes:
    """Return what was sealed; raise SchoolpubError when *secret* does not open it."""
    from pyrage import DecryptError, decrypt, x25519

    try:
        return bytes(decrypt(data, [x25519.Identity.from_str(secret)]))
    except DecryptError:
        raise SchoolpubError(
            say("The key does not open the private part of this copy, or the copy is damaged."),
            fix=say(
                "use the recovery key from the sealed envelope of this school, or another copy; "
                "--public-only gives back all but the private part"
            ),
        ) from None


def secret_in(text: str) -> str:
    """Return the secret key that stands somewhere in *text*, typed with blanks or dashes; raise SchoolpubError."""
    match = _SECRET.search(text) or _SECRET.search(re.sub(r"\s", "", text.upper()))
    if match is None:
        raise SchoolpubError(
            say("There is no key in it: a key begins with `AGE-SECRET-KEY-1` and has 74 characters."),
            fix=say("type it exactly as it stands on the sheet from the sealed envelope"),
        )
    return match[0]
