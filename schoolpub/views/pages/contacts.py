"""Who answers for the disclosure on a day, where the boards and boxes are, whom to ask."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from schoolpub.model.people import Appointment
from schoolpub.views import asking, formats, places
from schoolpub.views.context import Context
from schoolpub.views.pages.cards import Card


def contacts(cards: Collection[Card], context: Context) -> dict[str, Any]:
    """Return the page of bodies and contacts on the day."""
    school = context.seen.school
    held = [a for a in context.seen.people.appointments if a.holds_on(context.today)]
    bodies: dict[str, list[Appointment]] = {}
    for appointment in held:
        if appointment.body:
            bodies.setdefault(appointment.body, []).append(appointment)
    boards = [(board.name, _board(board.audience, board.place)) for board in school.boards]
    boxes = [(box.name, asking.contact(box)) for box in school.boxes]
    posted = {c["department"] for c in cards}
    return {
        "lead": f"以下是 {formats.day(context.today)} 在任的机构和人员。",
        "ask": asking.ask(school),
        "remedy": _remedy(context),
        "places": [{"label": label, "text": text} for label, text in boards + boxes],
        "bodies": [{"name": name, "members": _members(members, context)} for name, members in bodies.items()],
        "roles": _members([a for a in held if not a.body], context),
        "departments": [
            {"name": name, "url": places.department(name) if name in posted else ""} for name in school.departments
        ],
    }


def _board(audience: str, place: str) -> str:
    return "，".join(part for part in (formats.AUDIENCES.get(audience, ""), place) if part)


def _remedy(context: Context) -> str:
    authority = context.seen.school.authority
    if authority is None:
        return ""
    return f"认为学校未按规定公开的，可以向{authority.name}申诉（《中华人民共和国政府信息公开条例》第五十五条）。"


def _members(appointments: Collection[Appointment], context: Context) -> list[dict[str, str]]:
    return [
        {
            "name": context.seen.people.name(a.person),
            "role": f"{a.department}{a.role}" if a.department else a.role,
            "since": f"{formats.day(a.since)}起",
        }
        for a in appointments
    ]
