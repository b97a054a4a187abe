"""What cleaning gives back, and the refusal that it may end in."""

from __future__ import annotations

from dataclasses import dataclass

from schoolpub.errors import SchoolpubError, Text, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A file as it may be published, and what was taken out of it."""

    data: bytes
    name: str
    notes: tuple[Text, ...] = ()


def broken(name: str, why: Text) -> SchoolpubError:
    """Return the refusal of a file that cannot be read."""
    return SchoolpubError(
        say("{name} cannot be read: {why}.", name=name, why=why),
        fix=say("open it, save it anew and attach that"),
    )
