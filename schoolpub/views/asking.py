"""Whom to ask and where to complain: the contacts that stand on every page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from schoolpub.model.catalogue import Basis, Catalogue
from schoolpub.model.school import Contact, School


def ask(school: School) -> list[dict[str, str]]:
    """Return the office, the hotlines, the boxes and the supervising authority, each a line."""
    contacts = [school.office, *school.hotlines, *school.boxes]
    lines = [{"name": c.name, "text": contact(c)} for c in contacts]
    if school.authority:
        lines.append({"name": f"主管部门 {school.authority.name}", "text": contact(school.authority)})
    return lines


def contact(entry: Contact) -> str:
    """Return how a contact is reached, in one line."""
    return "，".join(part for part in (entry.telephone, entry.place, entry.hours, entry.email) if part)


def brief(school: School) -> list[dict[str, str]]:
    """Return the few contacts that stand at the foot of every page."""
    lines = [{"name": school.office.name, "text": school.office.telephone or school.office.place}]
    lines += [{"name": c.name, "text": c.telephone} for c in school.hotlines[:2]]
    lines += [{"name": c.name, "text": c.place} for c in school.boxes[:2]]
    if school.authority:
        lines.append({"name": f"主管部门（{school.authority.name}）", "text": school.authority.telephone})
    return lines


def letter(school: School, subject: str, lines: str = "") -> str:
    """Return a `mailto:` to the office; empty where it has no mailbox."""
    if not school.office.email:
        return ""
    written = f"&body={quote(lines)}" if lines else ""
    return f"mailto:{quote(school.office.email, safe='@')}?subject={quote(subject)}{written}"


def basis(entry: Basis, catalogue: Catalogue) -> dict[str, Any]:
    """Return a rule that an item rests on: the law's full name, the article, whether it was read for this edition."""
    law = catalogue.laws.get(entry.law, entry.law)
    named = law if law.startswith("《") or not entry.law or entry.law not in catalogue.laws else _quoted(law)
    return {"text": f"{named} {entry.article}".rstrip(), "confirmed": entry.confirmed}


def _quoted(law: str) -> str:
    """Put a law's name into 《》, its number behind it."""
    name, bracket, rest = law.partition("（")
    return f"《{name}》{bracket}{rest}"
