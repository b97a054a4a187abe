"""Duties and notice periods of an item."""

from __future__ import annotations

import re
from collections.abc import Mapping

from schoolpub.errors import say
from schoolpub.model.catalogue import Due, Duty, Field, Notice
from schoolpub.model.record import Tree
from schoolpub.rules.clock.calendar import is_count
from schoolpub.store.catalogue.entry import Entry, Place

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY = ("day", "week", "month", "quarter", "term", "half-term", "year", "school-year", *WEEKDAYS)
ANCHORS = ("date", "period-start", "period-end", "term-start", "term-end", "term-middle")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)
_DATES = ("date", "datetime", "month", "range")
_FORMS = ("day", "within", "before", "date", "weekday", "same-day")


def read_duties(entry: Entry, fields: Mapping[str, Field], parts: Mapping[str, str]) -> tuple[Duty, ...]:
    """Return the duties of the item *entry*."""
    duties = []
    for place, tree in entry.members("duties"):
        duty = Entry.of(tree, place, ("every", "on", "in", "due", "part", "since", "for"), ("due",))
        every = duty.choice("every", EVERY, "")
        event = duty.choice("on", ("event",), "")
        if ("every" in duty) == ("on" in duty):
            place.wrong(
                "duty-kind",
                say("A duty holds either “every” or “on”."),
                say("Write every: month, or on: event."),
            )
        part = duty.text("part")
        if part and part not in parts:
            message = say("The item has no part “{part}”.", part=part)
            duty.at("part").unknown("catalogue-unknown-name", message, part, parts)
        in_term = duty.choice("in", ("term",), "") == "term"
        if in_term and event:
            duty.at("in").wrong("catalogue-misplaced-key", say("“in” is for repeated duties only."))
        due = _due(duty.get("due"), duty.at("due"), fields)
        only = _only(duty, fields)
        if due:
            duties.append(Duty(every=every, in_term=in_term, due=due, part=part, since=duty.date("since"), only=only))
    return tuple(duties)


def _only(duty: Entry, fields: Mapping[str, Field]) -> dict[str, tuple[str, ...]]:
    """Return for which values of which choice fields the duty holds."""
    found: dict[str, tuple[str, ...]] = {}
    for at, key, _tree in duty.named("for"):
        if key not in fields or fields[key].type != "choice":
            choices = [k for k, f in fields.items() if f.type == "choice"]
            at.unknown("catalogue-unknown-name", say("There is no choice field “{name}”.", name=key), key, choices)
            continue
        group = Entry.of(duty.get("for"), duty.at("for"), tuple(fields))
        found[key] = group.texts(key)
        for member, value in group.placed_texts(key):
            if value not in fields[key].choices and not fields[key].open:
                message = say("“{value}” is no choice of “{field}”.", value=value, field=key)
                member.unknown("value-choice", message, value, fields[key].choices)
    return found


def _due(tree: Tree, place: Place, fields: Mapping[str, Field]) -> Due | None:
    if tree is None:
        return None
    entry = Entry.of(tree, place, (*_FORMS, "of", "roll"))
    forms = [form for form in _FORMS if form in entry]
    if len(forms) != 1:
        place.wrong(
            "duty-due",
            say("A due date is written in exactly one form: {forms}.", forms=", ".join(_FORMS)),
            say("Write for example due: {example}.", example="{day: 5, of: next-month}"),
        )
        return None
    roll = entry.choice("roll", ("none", "next-workday"), "none")
    match forms[0]:
        case "day":
            return Due(
                day=entry.integer("day", 1, 31),
                of=entry.choice("of", ("next-month", "this-month"), "next-month"),
                roll=roll,
            )
        case "date":
            month_day = entry.text("date")
            if not _MONTH_DAY.fullmatch(month_day):
                entry.at("date").wrong(
                    "value-date",
                    say("“{value}” is not a day of the year.", value=month_day),
                    say("Write month and day: 01-31."),
                )
            return Due(month_day=month_day, of=entry.choice("of", ("next-year", "this-year"), "next-year"), roll=roll)
        case "weekday":
            return Due(
                weekday=entry.integer("weekday", 1, 7),
                of=entry.choice("of", ("next-week", "this-week"), "next-week"),
                roll=roll,
            )
        case "same-day":
            return Due(same_day=entry.flag("same-day"), roll=roll)
    return _counted(entry, forms[0], fields, roll)


def _counted(entry: Entry, form: str, fields: Mapping[str, Field], roll: str) -> Due:
    count, of = entry.text(form), entry.text("of")
    if form == "before" and count in ANCHORS:
        # `{before: term-start}`: at the latest on the day before.
        count, of = "1d", count
        if "of" in entry:
            entry.at("of").wrong("catalogue-misplaced-key", say("“of” has no meaning here."))
    elif not is_count(count):
        entry.at(form).wrong(
            "duty-count",
            say("“{count}” is not a number of days.", count=count),
            say("Write 20wd for working days or 20d for calendar days."),
        )
    elif not of:
        entry.missing("of")
    elif of not in ANCHORS and not _is_date(of, fields):
        message = say("“{name}” is not a date to count from.", name=of)
        entry.at("of").unknown("catalogue-unknown-name", message, of, [*ANCHORS, *_date_fields(fields)])
    return Due(within=count, of=of, roll=roll) if form == "within" else Due(before=count, of=of, roll=roll)


def _date_fields(fields: Mapping[str, Field]) -> list[str]:
    return [key for key, f in fields.items() if f.type in _DATES]


def _is_date(name: str, fields: Mapping[str, Field]) -> bool:
    head, _, end = name.partition(".")
    found = fields.get(head)
    if found is None or found.type not in _DATES:
        return False
    return not end or (found.type == "range" and end in ("from", "to"))


def read_notice(entry: Entry, fields: Mapping[str, Field]) -> Notice | None:
    """Return the notice period of the item *entry*, None when it has none."""
    if "notice" not in entry:
        return None
    known = ("days", "from", "to", "range", "law", "at-least")
    notice = Entry.of(entry.get("notice"), entry.at("notice"), known, ("days",))
    place = notice.place
    days = _days(notice, "days")
    least = ""
    if "at-least" in notice:
        inner = Entry.of(notice.get("at-least"), notice.at("at-least"), ("days", "level"), ("days",))
        inner.choice("level", ("warning",), "warning")
        least = _days(inner, "days")
    if "range" in notice:
        if "from" in notice or "to" in notice:
            place.wrong("notice-fields", say("A notice period names either “range” or “from” and “to”."))
        _field(notice, "range", fields, ("range",))
    else:
        for key in ("from", "to"):
            if key not in notice:
                notice.missing(key)
            _field(notice, key, fields, ("date", "datetime"))
    return Notice(
        days=days,
        first=notice.text("from"),
        last=notice.text("to"),
        range=notice.text("range"),
        law=notice.text("law"),
        at_least=least,
    )


def _days(entry: Entry, key: str) -> str:
    count = entry.text(key)
    if count and not is_count(count):
        entry.at(key).wrong(
            "duty-count",
            say("“{count}” is not a number of days.", count=count),
            say("Write 5wd for working days or 5d for calendar days."),
        )
    return count


def _field(entry: Entry, key: str, fields: Mapping[str, Field], types: tuple[str, ...]) -> None:
    name = entry.text(key)
    if name and (name not in fields or fields[name].type not in types):
        known = [k for k, f in fields.items() if f.type in types]
        message = say("There is no field “{name}” of the type {types}.", name=name, types="/".join(types))
        entry.at(key).unknown("catalogue-unknown-name", message, name, known)
