"""`people.yaml`: persons, what they were appointed to, their keys; entries are appended, comments stay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from schoolpub.errors import Problem, SchoolpubError, Where, say
from schoolpub.model.people import Appointment, Key, People, Person
from schoolpub.model.record import Tree
from schoolpub.store.yaml.shape import Shape, shown, unknown

_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_APPOINTMENT_KEYS = ("person", "role", "department", "body", "from", "until")
_KEY_KEYS = ("person", "key", "from", "until")
_EMPTY = re.compile(r"^([\w-]+:) *(?:\{ *\}|\[ *\]|~|null)?")
MEMBER = "成员"
"""The role in a body of whom the register says no more."""


def read_people(tree: Tree, file: str) -> tuple[People | None, list[Problem]]:
    """Return the register that *tree* states, None when it has errors, and everything that is wrong with it."""
    shape = Shape(file)
    top = shape.group(tree, (), ("persons", "appointments", "keys"), ("persons",))
    persons: dict[str, Person] = {}
    for slug, child in (shape.group(top["persons"], ("persons",)) if top.get("persons") is not None else {}).items():
        persons[slug] = _person(slug, child, shape)
    _same_emails(persons, shape)
    appointments: list[Appointment] = []
    for where, child in shape.items(top.get("appointments"), ("appointments",)):
        _appointment(child, where, appointments, persons, shape)
    keys: list[Key] = []
    for where, child in shape.items(top.get("keys"), ("keys",)):
        _key(child, where, keys, persons, shape)
    people = People(persons=persons, appointments=tuple(appointments), keys=tuple(keys))
    return (None if shape.broken else people), shape.problems


def _person(slug: str, tree: Tree, shape: Shape) -> Person:
    where = ("persons", slug)
    if not _SLUG.fullmatch(slug):
        shape.wrong(
            "people-person",
            where,
            say("“{name}” cannot stand for a person.", name=shown(slug)),
            say("Write a short name in small letters: zhao-min"),
        )
    person = shape.group(tree, where, ("name", "emails"), ("name",))
    emails = shape.texts(person, "emails", where)
    for index, email in enumerate(emails):
        if "@" not in email or email != email.strip():
            shape.wrong(
                "value-email",
                (*where, "emails", index),
                say("An e-mail address of {person} lacks its “@”.", person=shown(slug)),
                say("Write the address that git has as user.email."),
            )
    return Person(id=slug, name=shape.text(person, "name", where), emails=emails)


def _same_emails(persons: Mapping[str, Person], shape: Shape) -> None:
    owners: dict[str, str] = {}
    for person in persons.values():
        for index, email in enumerate(person.emails):
            owner = owners.setdefault(email.casefold(), person.id)
            if owner != person.id:
                shape.wrong(
                    "people-email",
                    ("persons", person.id, "emails", index),
                    say("{one} and {other} have the same e-mail address.", one=owner, other=person.id),
                    say("Each person needs an address of their own: it says who acts."),
                )


def _known(line: Mapping[str, Tree], where: Where, persons: Mapping[str, Person], shape: Shape) -> str:
    person = shape.text(line, "person", where)
    if person and person not in persons:
        shape.wrong(
            "people-unknown",
            (*where, "person"),
            say("“{person}” is not among the persons.", person=shown(person)),
            unknown(person, persons),
        )
    return person


def _appointment(
    tree: Tree, where: Where, before: list[Appointment], persons: Mapping[str, Person], shape: Shape
) -> None:
    line = shape.group(tree, where, _APPOINTMENT_KEYS, ("person",))
    person = _known(line, where, persons, shape)
    body, department = shape.text(line, "body", where), shape.text(line, "department", where)
    role = shape.text(line, "role", where, MEMBER if body else "")
    since, until = shape.day(line, "from", where), shape.day(line, "until", where)
    if not role:
        shape.missing("role", where)
    if line.get("from") is None and line.get("until") is None:
        shape.missing("from", where)
    if not person or not role or not (since or until) or (since is None and line.get("from") is not None):
        return
    if since is None:
        _end(person, role, department, body, until, where, before, shape)
        return
    if until and until < since:
        _backwards(where, shape)
    before.append(Appointment(person=person, role=role, department=department, body=body, since=since, until=until))


def _end(
    person: str, role: str, department: str, body: str, until: date | None, where: Where,
    before: list[Appointment], shape: Shape,
) -> None:  # fmt: skip
    """Let the line at *where*, which has no `from`, end the latest open appointment that it names."""
    for index in range(len(before) - 1, -1, -1):
        a = before[index]
        if a.until is None and (a.person, a.role, a.department, a.body) == (person, role, department, body):
            if until and until < a.since:
                _backwards(where, shape)
            before[index] = replace(a, until=until)
            return
    shape.wrong(
        "people-end",
        where,
        say("This line ends an appointment, but none like it is open above."),
        say("Write person, role, department and body as in the line that began it; or add “from”."),
    )


def _key(tree: Tree, where: Where, before: list[Key], persons: Mapping[str, Person], shape: Shape) -> None:
    line = shape.group(tree, where, _KEY_KEYS, ("person", "key"))
    person, key = _known(line, where, persons, shape), shape.text(line, "key", where)
    since, until = shape.day(line, "from", where), shape.day(line, "until", where)
    if key and len(key.split()) < 2:
        shape.wrong(
            "people-key",
            (*where, "key"),
            say("This is no public key."),
            say("Copy the line from the file that ends in .pub: ssh-ed25519 AAAA…"),
        )
    if line.get("from") is None and line.get("until") is None:
        shape.missing("from", where)
    if since and person and key:
        if until and until < since:
            _backwards(where, shape)
        if any(k.key.split()[:2] == key.split()[:2] for k in before):
            shape.wrong(
                "people-key",
                (*where, "key"),
                say("This key stands above already."),
                say("A key is one person's, and one that ended does not come back: make a new one."),
            )
        before.append(Key(person=person, key=key, since=since, until=until))
    elif until and person and key:
        open_keys = [
            n for n, k in enumerate(before)
            if (k.person, k.key) == (person, key) and (k.until is None or until < k.until)
        ]  # fmt: skip
        if open_keys:  # an end may be moved forward: that a key was in wrong hands is often found later
            before[open_keys[-1]] = replace(before[open_keys[-1]], until=until)
        else:
            shape.wrong("people-end", where, say("This line ends a key that is not in use above."), say("Add “from”."))


def _backwards(where: Where, shape: Shape) -> None:
    shape.wrong(
        "people-order",
        (*where, "until"),
        say("It ends before it begins."),
        say("“until” is the last day, and may not be before “from”."),
    )


def with_person(data: bytes, person: Person) -> bytes:
    """Return *data* with *person* added."""
    entry: dict[str, Tree] = {"name": person.name, "emails": list(person.emails)}
    return _insert(data, "persons", f"  {person.id}: ", {person.id: entry}, entry)


def with_appointment(data: bytes, appointment: Appointment) -> bytes:
    """Return *data* with *appointment* added."""
    return _insert_line(data, "appointments", _line(appointment, appointment.since, appointment.until))


def with_end(data: bytes, appointment: Appointment, until: date) -> bytes:
    """Return *data* with a line that ends the open *appointment* on *until*, its last day."""
    return _insert_line(data, "appointments", _line(appointment, None, until))


def with_key(data: bytes, key: Key) -> bytes:
    """Return *data* with *key* added."""
    entry: dict[str, Tree] = {"person": key.person, "key": key.key, "from": key.since.isoformat()}
    if key.until:
        entry["until"] = key.until.isoformat()
    return _insert_line(data, "keys", entry)


def with_key_end(data: bytes, key: Key, until: date) -> bytes:
    """Return *data* with a line that ends the open *key* on *until*, its last day."""
    return _insert_line(data, "keys", {"person": key.person, "key": key.key, "until": until.isoformat()})


def _line(a: Appointment, since: date | None, until: date | None) -> dict[str, Tree]:
    entry: dict[str, Tree] = {"person": a.person, "role": a.role}
    entry |= {key: value for key, value in (("department", a.department), ("body", a.body)) if value}
    entry |= {key: day.isoformat() for key, day in (("from", since), ("until", until)) if day}
    return entry


def _insert_line(data: bytes, group: str, entry: dict[str, Tree]) -> bytes:
    return _insert(data, group, "- ", [entry], entry)


def _insert(data: bytes, group: str, head: str, entry: dict[str, Tree] | list[Tree], told: dict[str, Tree]) -> bytes:
    """Return *data* with *head* and what is *told* below the last entry of *group*.

    What the result says is checked: what was said before, and *entry*.
    """
    from schoolpub.store.yaml import strict_yaml
    from schoolpub.store.yaml.canonical import flow_text

    line = head + flow_text(told)
    parsed, problems = strict_yaml.read(data, "people.yaml")
    before = parsed.tree
    if problems or not isinstance(before, dict):
        raise SchoolpubError(
            say("people.yaml has mistakes, so nothing can be added to it."),
            fix=say("Run schoolpub check and mend them."),
        )
    lines = data.decode("utf-8").removesuffix("\n").split("\n")
    old = before.get(group)
    if group not in before:
        lines += [f"{group}:", line]
    elif not old:
        top = parsed.lines[group] - 1
        lines[top : top + 1] = [_EMPTY.sub(r"\1", lines[top], count=1).rstrip(), line]
    else:
        first = parsed.lines[group]
        end = min((n - 1 for n in parsed.lines.values() if n > first), default=len(lines))
        entries = [n for n in range(first, end) if lines[n].strip() and not lines[n].startswith("#")]
        indent = len(lines[entries[0]]) - len(lines[entries[0]].lstrip()) if entries else 0
        lines.insert(entries[-1] + 1 if entries else first, " " * indent + line.strip())
    result = ("\n".join(lines) + "\n").encode("utf-8")
    wanted: Tree = entry
    if isinstance(old, dict) and isinstance(entry, dict):
        wanted = {**old, **entry}
    elif isinstance(old, list) and isinstance(entry, list):
        wanted = [*old, *entry]
    if strict_yaml.parse(result, "people.yaml") != ({**before, group: wanted}, []):
        raise SchoolpubError(
            say("The entry could not be added to “{group}” in people.yaml.", group=group),
            fix=say("Write each entry of “{group}” on a line of its own, then try again.", group=group),
        )
    return result
