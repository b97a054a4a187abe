"""Short names for persons who are new to the register."""

from __future__ import annotations

import re
from collections.abc import Mapping

from schoolpub.model.record import Tree

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)


def known_slug(persons: Mapping[str, Tree], name: str, email: str) -> str:
    """Return the slug of a person named before: by the e-mail, or by the name alone; nothing for a new one."""
    for slug, known in persons.items():
        if isinstance(known, dict) and (known.get("emails") == [email] if email else known.get("name") == name):
            return slug
    return ""


def new_slug(persons: Mapping[str, Tree], email: str) -> str:
    """Return a slug that nobody has yet, made of the e-mail where that gives one."""
    slug = re.sub(r"[^a-z0-9]+", "-", email.partition("@")[0].lower()).strip("-")
    if _SLUG.fullmatch(slug) and slug not in persons:
        return slug
    number = len(persons) + 1
    while f"p{number}" in persons:
        number += 1
    return f"p{number}"
