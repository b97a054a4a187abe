"""What a record's file must be like before a catalogue is asked: known keys, an id that agrees, steps well formed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from unicodedata import normalize

from schoolpub.errors import Problem, Where, say
from schoolpub.model.record import Tree
from schoolpub.store.files.record_tree import period_of
from schoolpub.store.yaml.canonical import BODY_KEYS
from schoolpub.store.yaml.shape import Shape, shown
from schoolpub.store.yaml.strict_yaml import Parsed

FORMAT = "1"
GRACE = timedelta(minutes=2)
"""Clocks of two machines may differ by this much."""

_STEPS = re.compile(rb"^steps:", re.MULTILINE)
_STEPS_ALONE = re.compile(rb"steps:[ \t]*(#[^\n]*)?\r?(\n|\Z)")
_SLUG = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_ID = re.compile(rf"({_SLUG}-[0-9][0-9A-Za-z-]*)(?:\.v([1-9]\d*))?", re.ASCII)
_NAME = re.compile(_SLUG, re.ASCII)
_SAYS = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LETTERS = re.compile(r"[a-z]{4}", re.ASCII)
_ATTACHMENT_KEYS = ("file", "title", "carries", "sha256")
_NEEDED = ("schoolpub", "id", "item", "catalogue", "edition", "title", "department", "audience")


def check_tree(data: bytes, parsed: Parsed, file: str) -> list[Problem]:
    """Return what is wrong with the record in *data*, read as *parsed*."""
    shape = Shape(file, _id_of(parsed.tree, file))
    if isinstance(parsed.tree, dict):
        _check_place_of_steps(data, parsed, shape)
    _check(parsed.tree, shape)
    return shape.problems


def _id_of(tree: Tree, file: str) -> str:
    found = tree.get("id") if isinstance(tree, dict) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else file.rpartition("/")[2].removesuffix(".yaml")


def _check_place_of_steps(data: bytes, parsed: Parsed, shape: Shape) -> None:
    """Refuse what would make `content` by `sed` and `steps` by YAML two different places."""
    starts = [match.start() for match in _STEPS.finditer(data)]
    line = data.count(b"\n", 0, starts[0]) + 1 if starts else 0
    if len(starts) > 1:
        second = data.count(b"\n", 0, starts[1]) + 1
        shape.wrong(
            "record-steps",
            ("steps",),
            say("Two lines begin with “steps:” ({first} and {second}).", first=line, second=second),
            say("Keep the one above the steps; indent the other text."),
        )
    elif not starts or parsed.lines.get("steps") != line or not _STEPS_ALONE.match(data, starts[0]):
        shape.wrong(
            "record-steps",
            ("steps",),
            say("The steps must begin with a line that holds nothing but “steps:”."),
            say("A record is made by schoolpub add; its steps are not written by hand."),
        )
    elif next(reversed(parsed.lines)) != "steps":
        shape.wrong(
            "record-steps",
            (next(reversed(parsed.lines)),),
            say("Something stands below the steps; they must be last."),
            say("Move these lines above “steps:”."),
        )


def _check(tree: Tree, shape: Shape) -> None:
    body = shape.group(tree, (), (*BODY_KEYS, "steps"), _NEEDED)
    if not body:
        return
    if body.get("schoolpub") not in (None, FORMAT):
        shape.wrong(
            "record-format",
            ("schoolpub",),
            say("This program reads format 1, and the file says another."),
            say("Update schoolpub, or write “schoolpub: 1”."),
        )
    for key in ("title", "department", "summary", "amends", "reason"):
        shape.text(body, key, ())
    shape.day(body, "catalogue", ())
    shape.choice(body, "audience", (), ("internal", "external", "both"))
    part = shape.text(body, "part", ())
    if part and not _NAME.fullmatch(part):  # which parts there are, the item says
        shape.wrong("value-choice", ("part",), say("“{part}” cannot be the name of a part.", part=shown(part)))
    shape.yes(body, "zero", ())
    shape.yes(body, "real_name_only", ())
    for key in ("fields", "says", "series"):
        if body.get(key) is not None:
            shape.group(body[key], (key,))
    private = shape.text(body, "private", ())
    if private and not _is_digest(private):
        _no_digest("private", ("private",), shape)
    _check_id(body, shape)
    for where, child in shape.items(body.get("attachments"), ("attachments",)):
        _check_attachment(child, where, shape)
    _check_steps(body.get("steps"), shape)


def _check_id(body: dict[str, Tree], shape: Shape) -> None:
    item, record = shape.text(body, "item", ()), shape.text(body, "id", ())
    edition = shape.integer(body, "edition", (), 1)
    if item and not _NAME.fullmatch(item):
        shape.wrong(
            "record-item",
            ("item",),
            say("“{item}” cannot be the name of an item.", item=shown(item)),
            say("Write the item's short name, as schoolpub items shows it."),
        )
    if edition < 1:
        shape.wrong("record-edition", ("edition",), say("Editions are counted from 1."), say("Write edition: 1"))
    end = _check_time(body, shape)
    if not record:
        return
    match = _ID.fullmatch(record)
    if match is None:
        shape.wrong(
            "record-id",
            ("id",),
            say("“{id}” cannot be an id.", id=shown(record, 80)),
            say("Write the item, a hyphen and the period or date: finance-monthly-2026-10"),
        )
        return
    suffix = f".v{edition}" if edition > 1 else ""
    if (f".v{match[2]}" if match[2] else "") != suffix:
        shape.wrong(
            "record-edition",
            ("edition",),
            say("The id and “edition” do not agree."),
            say("Edition {edition} of this record is called {id}.", edition=edition, id=match[1] + suffix),
        )
    rest = match[1].removeprefix(f"{item}-")
    agrees = rest[:-4] == end and _LETTERS.fullmatch(rest[-4:]) if end.endswith("-") else rest == end
    if item and end and not agrees:
        wanted = f"{item}-{end}" + ("xxxx" if end.endswith("-") else "")
        shape.wrong(
            "record-id",
            ("id",),
            say("The id does not agree with item and period or date."),
            say("It should be like {id}.", id=wanted),
        )


def _check_time(body: dict[str, Tree], shape: Shape) -> str:
    """Check period and date; return what the id must end with (letters follow when that ends with a hyphen)."""
    text, day = shape.text(body, "period", ()), shape.day(body, "date", ())
    part = shape.text(body, "part", ())
    if text and body.get("date") is not None:
        shape.wrong(
            "record-period",
            ("date",),
            say("A record has a period or a date, not both."),
            say("Delete one of the two lines."),
        )
    if not text and body.get("date") is None:
        shape.wrong(
            "record-period",
            ("period",),
            say("“period” or “date” is missing."),
            say("Write “period: 2026-10” or “date: 2026-11-03”."),
        )
    if not text:
        return f"{day:%Y%m%d}-" if day else ""
    try:
        return period_of(text).slug + (f"-{part}" if part else "")
    except ValueError:
        shape.wrong(
            "value-period",
            ("period",),
            say("“{period}” is no period.", period=shown(text)),
            say(
                "Write a month 2026-10, quarter 2026Q4, week 2026-W44, year 2026, school year 2026-2027 "
                "or term 2026-2027-1."
            ),
        )
        return ""


def _check_attachment(tree: Tree, where: Where, shape: Shape) -> None:
    attachment = shape.group(tree, where, _ATTACHMENT_KEYS, ("file", "sha256"))
    name, digest = shape.text(attachment, "file", where), shape.text(attachment, "sha256", where)
    shape.text(attachment, "title", where)
    shape.texts(attachment, "carries", where)
    if name and (name.startswith(".") or "/" in name or "\\" in name or name != normalize("NFC", name)):
        shape.wrong(
            "attachment-name",
            (*where, "file"),
            say("An attachment may not have this file name."),
            say("Use a name without / and \\ that does not begin with a dot."),
        )
    if digest and not _HEX.fullmatch(digest):
        _no_digest("sha256", (*where, "sha256"), shape)


def check_steps(tree: Tree, file: str, before: datetime | None) -> list[Problem]:
    """Return what is wrong with entries of `steps:` that follow a step taken at *before*."""
    shape = Shape(file)
    _check_steps(tree, shape, before)
    return shape.problems


def _check_steps(tree: Tree, shape: Shape, before: datetime | None = None) -> None:
    if tree is None:
        shape.wrong(
            "record-steps",
            ("steps",),
            say("The record has no step."),
            say("Make records with schoolpub add; it writes the first step."),
        )
    for where, child in shape.items(tree, ("steps",)):
        if isinstance(child, dict) and "signed" in child:
            shape.group(child, where, ("signed", "signature"), ("signed", "signature"))
            if before is None:
                shape.wrong(
                    "record-steps",
                    where,
                    say("A signature stands where no step is above it."),
                    say("A signature follows the step that it is for."),
                )
            continue
        at = _check_step(child, where, shape)
        if before and at and at < before - GRACE:
            shape.wrong(
                "step-time",
                (*where, "at"),
                say("This step was recorded before the one above it."),
                say("Set the clock of the machine right; steps are not moved."),
            )
        before = at or before


def _check_step(tree: Tree, where: Where, shape: Shape) -> datetime | None:
    step = shape.group(tree, where, (), ("step", "by", "role", "at"))
    for key in ("step", "by", "via"):
        name = shape.text(step, key, where)
        if name and not _NAME.fullmatch(name):
            shape.wrong(
                "step-name",
                (*where, key),
                say("“{name}” cannot stand for “{key}”.", name=shown(name), key=key),
                say("Write the short name in small letters: zhao-min"),
            )
    for key in step:
        if not _SAYS.fullmatch(key):
            shape.wrong(
                "unknown-key",
                (*where, key),
                say("“{key}” cannot be the name of something that a step says.", key=shown(key)),
                say("Names are small letters, digits, “_” and “-”."),
            )
    shape.text(step, "role", where)
    shape.day(step, "on", where)
    content = shape.text(step, "content", where)
    if content and not _is_digest(content):
        _no_digest("content", (*where, "content"), shape)
    return _moment(shape.text(step, "at", where), (*where, "at"), shape)


def _moment(text: str, where: Where, shape: Shape) -> datetime | None:
    if not text:
        return None
    if _MOMENT.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    shape.wrong(
        "step-time",
        where,
        say("“{at}” is no moment.", at=shown(text)),
        say("Write date, time and +08:00: 2026-11-03T09:12:00+08:00"),
    )
    return None


def _is_digest(text: str) -> bool:
    return text.startswith("sha256:") and bool(_HEX.fullmatch(text[7:]))


def _no_digest(key: str, where: Where, shape: Shape) -> None:
    shape.wrong(
        "value-digest",
        where,
        say("“{key}” is no SHA-256 digest.", key=key),
        say("It has 64 characters of 0-9 and a-f, as the tool writes it."),
    )
