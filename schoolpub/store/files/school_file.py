"""`school.yaml`: the school's names, places, contacts and settings; written by people, never by the tool."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from schoolpub.errors import Problem, Where, say
from schoolpub.model.record import Tree
from schoolpub.model.school import Account, Board, Contact, PrivacyWaiver, School, Signatures
from schoolpub.store.yaml.shape import Shape, shown

T = TypeVar("T")
_KEYS = (
    "schoolpub", "name", "stage", "sample", "site", "series", "series-of", "office", "authority", "boards", "boxes",
    "hotlines", "accounts", "departments", "classes", "shared-machine", "small", "settings",
    "signatures", "privacy-waivers",
)  # fmt: skip
_CONTACT_KEYS = ("name", "telephone", "place", "hours", "email")
PRIVACY_KINDS = (
    "id", "passport", "phone", "card", "birth", "address", "email", "head", "marks", "aid", "sanction", "health",
    "name",
)  # fmt: skip
_OWN_SETTINGS = ("large-sum", "notice-counts-start-day", "due-soon-days", "owed-since")


def read_school(tree: Tree, file: str) -> tuple[School | None, list[Problem]]:
    """Return the school that *tree* states, None when it has errors, and everything that is wrong with it."""
    shape = Shape(file)
    top = shape.group(tree, (), _KEYS, ("name",))
    if top.get("schoolpub", "1") != "1":
        shape.wrong(
            "record-format",
            ("schoolpub",),
            say("This program reads format 1, and the file says another."),
            say("Update schoolpub, or write “schoolpub: 1”."),
        )
    settings = shape.group(top["settings"], ("settings",)) if top.get("settings") is not None else {}
    school = School(
        name=shape.text(top, "name", ()),
        stage=shape.text(top, "stage", ()),
        sample=shape.yes(top, "sample", ()),
        site=_site(top, shape),
        series=_series(top, "series", (), shape) or "校公开",
        series_of=_series_of(top["series-of"], shape) if top.get("series-of") is not None else {},
        office=_contact(top["office"], ("office",), shape) if top.get("office") else School(name="").office,
        authority=_contact(top["authority"], ("authority",), shape) if top.get("authority") else None,
        boards=_each(top, "boards", _board, shape),
        boxes=_each(top, "boxes", _contact, shape),
        hotlines=tuple(
            _contact(child, where, shape) for where, child in shape.items(top.get("hotlines"), ("hotlines",))
        ),
        accounts=tuple(
            _account(child, where, shape) for where, child in shape.items(top.get("accounts"), ("accounts",))
        ),
        privacy_waivers=tuple(
            waiver for waiver in _each(top, "privacy-waivers", _privacy_waiver, shape) if waiver is not None
        ),
        departments=shape.texts(top, "departments", ()),
        classes=shape.texts(top, "classes", ()),
        shared_machine=shape.yes(top, "shared-machine", ()),
        small=shape.yes(top, "small", ()),
        large_sum=shape.sum(settings, "large-sum", ("settings",), Decimal("3000.00")),
        notice_counts_start_day=shape.yes(settings, "notice-counts-start-day", ("settings",)),
        due_soon_days=shape.integer(settings, "due-soon-days", ("settings",), 7),
        owed_since=shape.day(settings, "owed-since", ("settings",)),
        signatures=_signatures(top["signatures"], shape) if top.get("signatures") is not None else None,
        settings={
            key.replace("-", "_"): shape.text(settings, key, ("settings",))
            for key in settings
            if key not in _OWN_SETTINGS
        },
    )
    return (None if shape.broken else school), shape.problems


def _each(top: dict[str, Tree], key: str, read: Callable[[Tree, Where, Shape], T], shape: Shape) -> tuple[T, ...]:
    return tuple(read(child, where, shape) for where, child in shape.items(top.get(key), (key,)))


def _signatures(tree: Tree, shape: Shape) -> Signatures | None:
    where = ("signatures",)
    policy = shape.group(tree, where, ("from", "steps", "paper"), ("from",))
    since = shape.day(policy, "from", where)
    steps, paper = shape.texts(policy, "steps", where), shape.texts(policy, "paper", where)
    return Signatures(since=since, steps=steps, paper=paper) if since else None


def _privacy_waiver(tree: Tree, where: Where, shape: Shape) -> PrivacyWaiver | None:
    keys = ("record", "kind", "value", "why", "by", "until")
    told = shape.group(tree, where, keys, keys)
    until = shape.day(told, "until", where)
    record, value, why, by = (shape.text(told, key, where) for key in ("record", "value", "why", "by"))
    kind = shape.choice(told, "kind", where, PRIVACY_KINDS)
    return PrivacyWaiver(record=record, kind=kind, value=value, why=why, by=by, until=until) if until else None


def _site(top: dict[str, Tree], shape: Shape) -> str:
    site = shape.text(top, "site", ())
    if site and not re.fullmatch(r"https?://[^\s<>\"'`\\{}|^]+", site):
        shape.wrong(
            "value-url",
            ("site",),
            say("“site” is no web address."),
            say("Write the whole address: https://…/"),
        )
    return site + "/" if site and not site.endswith("/") else site


def _series(group: dict[str, Tree], key: str, where: Where, shape: Shape) -> str:
    mark = shape.text(group, key, where)
    if re.search(r"[\s〔〕\[\]()（）【】]", mark):
        shape.wrong(
            "value-series",
            (*where, key),
            say("“{text}” cannot stand before the year of a number.", text=shown(mark)),
            say("Write the sender mark alone, without brackets and blanks: 校公开"),
        )
    return mark


def _series_of(tree: Tree, shape: Shape) -> dict[str, str]:
    where = ("series-of",)
    told = shape.group(tree, where)
    return {key: mark for key in told if (mark := _series(told, key, where, shape))}


def _contact(tree: Tree, where: Where, shape: Shape) -> Contact:
    contact = shape.group(tree, where, _CONTACT_KEYS, ("name",))
    return Contact(
        name=shape.text(contact, "name", where),
        telephone=shape.text(contact, "telephone", where),
        place=shape.text(contact, "place", where),
        hours=shape.text(contact, "hours", where),
        email=shape.text(contact, "email", where),
    )


def _board(tree: Tree, where: Where, shape: Shape) -> Board:
    board = shape.group(tree, where, ("name", "audience", "place"), ("name", "audience"))
    return Board(
        name=shape.text(board, "name", where),
        audience=shape.choice(board, "audience", where, ("external", "internal")),
        place=shape.text(board, "place", where),
    )


def _account(tree: Tree, where: Where, shape: Shape) -> Account:
    account = shape.group(tree, where, ("name", "bank", "number"), ("name", "bank", "number"))
    return Account(
        name=shape.text(account, "name", where),
        bank=shape.text(account, "bank", where),
        number=shape.text(account, "number", where),
    )
