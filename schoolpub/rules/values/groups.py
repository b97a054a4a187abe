"""Values that are a small mapping or a list: ranges, votes, accounts, telephones, documents, hours, sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from schoolpub.errors import Where, say
from schoolpub.model.catalogue import Field
from schoolpub.model.period import Period
from schoolpub.model.record import Tree
from schoolpub.model.school import Account
from schoolpub.rules.values.dates import read_clock, read_date, read_datetime, read_month, read_point
from schoolpub.rules.values.kinds import Document, Hours, Range, Section, Telephone, Value, Votes
from schoolpub.rules.values.numbers import read_number
from schoolpub.rules.values.texts import digits_of, masked, read_telephone, read_yes_no
from schoolpub.rules.values.wrong import Wrong, nearest, shown

if TYPE_CHECKING:
    from schoolpub.rules.values.reader import Reader

METHODS = ("无记名", "举手", "口头")


def known_keys(reader: Reader, tree: Mapping[str, Tree], keys: tuple[str, ...], where: Where) -> None:
    """Report every key of *tree* that is not one of *keys*."""
    for key in tree:
        if key not in keys:
            reader.wrong(
                Wrong("value-key", say("{key} is not known here", key=shown(key)), nearest(key, keys)), (*where, key)
            )


def read_range(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return the range `{from, to}`; `to` may be absent."""
    example = {"datetime": "2026-11-03T09:00", "month": "2026-11"}.get(field.kind, "2026-11-03")
    form = say("Write {form}.", form=f"{{from: {example}, to: …}}")
    if not isinstance(tree, dict):
        return reader.wrong(
            Wrong("value-range", say("{name} needs a first and a last day", name=field.name), form), where
        )
    known_keys(reader, tree, ("from", "to"), where)
    first = _end(reader, field, tree.get("from"), (*where, "from"))
    last = _end(reader, field, tree.get("to"), (*where, "to"))
    if tree.get("from") is None:
        return reader.wrong(Wrong("value-range", say("{name} has no beginning", name=field.name), form), where)
    if first is None or (last is None and tree.get("to") is not None):
        return None
    if last is not None and _moment(last, last=True) < _moment(first):
        message = say("{name} ends on {last}, before it begins on {first}", name=field.name, first=first, last=last)
        return reader.wrong(Wrong("value-range", message, say("Check both days.")), (*where, "to"))
    return Range(first, last, f"{tree['from']}..{tree.get('to') or ''}")


def _end(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    if tree is None:
        return None
    text = reader.text(tree, field.name, where)
    if text is None:
        return None
    found = _ENDS.get(field.kind, read_point)(text)
    return reader.wrong(found, where) if isinstance(found, Wrong) else found


_ENDS: Mapping[str, Callable[[str], date | Period | Wrong]] = {
    "date": read_date,
    "datetime": read_datetime,
    "month": read_month,
}
"""`kind` of a range → what reads its ends; a range without a kind takes days, minutes, months and years."""


def _moment(end: date | Period, *, last: bool = False) -> datetime:
    """Return when *end* begins, or as the *last* end, when it is over."""
    if isinstance(end, Period):
        end = end.last if last else end.first
    if isinstance(end, datetime):
        return end
    return datetime(end.year, end.month, end.day, 23 if last else 0, 59 if last else 0)


def read_votes(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return a vote: numbers for, against and abstaining, or that it was unanimous."""
    form = say("Write {form}.", form="{method: 无记名, for: 30, against: 2, abstain: 1}")
    if not isinstance(tree, dict):
        return reader.wrong(
            Wrong("value-votes", say("{name} is not the result of a vote", name=field.name), form), where
        )
    known_keys(reader, tree, ("method", "for", "against", "abstain", "unanimous"), where)
    counted = {key: _count(reader, tree.get(key), (*where, key)) for key in ("for", "against", "abstain")}
    said = tree.get("unanimous")
    unanimous = read_yes_no(said) if isinstance(said, str) else False
    if isinstance(unanimous, Wrong):
        unanimous = bool(reader.wrong(unanimous, (*where, "unanimous")))
    method = tree.get("method")
    if method is not None and (not isinstance(method, str) or method not in METHODS):
        message = say("{value} is not a way of voting", value=shown(method if isinstance(method, str) else field.name))
        reader.wrong(
            Wrong("value-votes", message, nearest(method if isinstance(method, str) else "", METHODS)),
            (*where, "method"),
        )
        method = None
    if tree.get("for") is None and not unanimous:
        return reader.wrong(
            Wrong("value-votes", say("{name} does not say how many voted for it", name=field.name), form), where
        )
    if unanimous and (counted["against"] or counted["abstain"]):
        message = say("{name} was unanimous, but votes against or abstentions are entered", name=field.name)
        reader.wrong(Wrong("value-votes", message, say("Write either the numbers or unanimous: yes.")), where)
    return Votes(method or "", counted["for"], counted["against"], counted["abstain"], unanimous)


def _count(reader: Reader, tree: Tree, where: Where) -> int | None:
    if tree is None:
        return None
    text = reader.text(tree, "votes", where)
    found = read_number(text, "integer") if text is not None else None
    if isinstance(found, Wrong):
        reader.wrong(found, where)
        return None
    return int(found.amount) if found else None


def read_account(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return an account `{name, bank, number}` that the school has declared as its own."""
    if not isinstance(tree, dict) or not all(isinstance(tree.get(k), str) for k in ("name", "bank", "number")):
        message = say("{name} needs the account's name, bank and number", name=field.name)
        return reader.wrong(
            Wrong("value-account", message, say("Write {form}.", form="{name: …, bank: …, number: …}")), where
        )
    known_keys(reader, tree, ("name", "bank", "number"), where)
    account = Account(**{key: str(tree[key]) for key in ("name", "bank", "number")})
    declared = next((a for a in reader.school.accounts if digits_of(a.number) == digits_of(account.number)), None)
    if declared is None:
        message = say("the account {number} is not declared as an account of the school", number=masked(account.number))
        fix = say("Declare it in school.yaml (accounts); an account of a person is never printed.")
        reader.wrong(Wrong("account-not-declared", message, fix), (*where, "number"))
    elif declared.name != account.name:
        message = say("this account is declared under another name")
        fix = say("Write {value}.", value=declared.name)
        reader.wrong(Wrong("account-not-declared", message, fix), (*where, "name"))
    return account


def read_telephones(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return public numbers: a list of `{label, number}`, or plain text."""
    found = []
    for entry, place in _entries(tree, where):
        if isinstance(entry, dict):
            known_keys(reader, entry, ("label", "number"), place)
            label, number = entry.get("label") or "", entry.get("number")
        else:
            label, number = "", entry
        if not isinstance(number, str) or not isinstance(label, str):
            form = say("Write {form}.", form="{label: …, number: 000-00000001}")
            reader.wrong(Wrong("value-telephone", say("{name} needs a number", name=field.name), form), place)
            continue
        read = read_telephone(number, reader.school, declared=reader.declared)
        if isinstance(read, Wrong):
            reader.wrong(read, (*place, "number") if isinstance(entry, dict) else place)
        found.append(Telephone(label, number))
    return tuple(found)


def read_documents(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return documents: a list of `{title, number, issuer}`, or plain text."""
    found = []
    keys = ("title", "number", "issuer")
    for entry, place in _entries(tree, where):
        if isinstance(entry, str):
            found.append(Document(entry))
        elif isinstance(entry, dict) and isinstance(entry.get("title") or entry.get("number"), str):
            known_keys(reader, entry, keys, place)
            title, number, issuer = (str(entry.get(key) or "") for key in keys)
            found.append(Document(title, number, issuer))
        else:
            form = say("Write {form}.", form="{title: …, number: …, issuer: …}")
            reader.wrong(Wrong("value-documents", say("{name} needs a document's title", name=field.name), form), place)
    return tuple(found)


def read_hours(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return office hours: a text, or a list of `{days, from, to}`."""
    if isinstance(tree, str):
        return tree
    found = []
    for entry, place in _entries(tree, where):
        if isinstance(entry, str):
            found.append(Hours(entry, "", ""))
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("days"), str):
            form = say("Write {form}.", form='{days: 周一至周五, from: "08:00", to: "17:00"}')
            reader.wrong(
                Wrong("value-hours", say("{name} needs weekdays and times of day", name=field.name), form), place
            )
            continue
        known_keys(reader, entry, ("days", "from", "to"), place)
        ends = [_clock(reader, field, entry.get(key), (*place, key)) for key in ("from", "to")]
        if ends[0] and ends[1]:
            found.append(Hours(str(entry["days"]), ends[0], ends[1]))
    return tuple(found)


def _clock(reader: Reader, field: Field, tree: Tree, where: Where) -> str | None:
    text = reader.text(tree, field.name, where)
    found = read_clock(text) if text is not None else None
    return reader.wrong(found, where) if isinstance(found, Wrong) else found


def read_sections(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return a text with headings, a list of `{heading, text}` or of paragraphs, or a mapping of headings to texts."""
    if isinstance(tree, str):
        return tree.strip("\n")
    if isinstance(tree, dict) and not {"heading", "text"} & set(tree):
        tree = [{"heading": heading, "text": text} for heading, text in tree.items()]
    found = []
    for entry, place in _entries(tree, where):
        if isinstance(entry, str):
            found.append(Section("", entry.strip("\n")))
        elif isinstance(entry, dict) and isinstance(entry.get("text") or entry.get("heading"), str):
            known_keys(reader, entry, ("heading", "text"), place)
            found.append(Section(str(entry.get("heading") or ""), str(entry.get("text") or "").strip("\n")))
        else:
            form = say("Write {form}.", form="{heading: …, text: …}")
            reader.wrong(
                Wrong("value-sections", say("{name} needs a heading and a text", name=field.name), form), place
            )
    return tuple(found)


def read_list(reader: Reader, field: Field, tree: Tree, where: Where) -> Value:
    """Return a list of texts.

    An entry with parts ({item: 夏装, price: 62}) is told in one line; a mapping is a list of its keys and values.
    """
    if isinstance(tree, dict):
        tree = [f"{key} {value}" if isinstance(value, str) else value for key, value in tree.items()]
    if isinstance(tree, str):
        tree = [tree]
    if not isinstance(tree, list):
        message = say("{name} is not a list", name=field.name)
        return reader.wrong(
            Wrong("value-list", message, say("Write each entry on a line of its own, after a dash.")), where
        )
    texts = (reader.text(_told(entry), field.name, (*where, index)) for index, entry in enumerate(tree))
    return tuple(text for text in texts if text is not None)


def _told(entry: Tree) -> Tree:
    values = list(entry.values()) if isinstance(entry, dict) else []
    return " ".join(v for v in values if isinstance(v, str)) if values and None not in values else entry


def _entries(tree: Tree, where: Where) -> list[tuple[Tree, Where]]:
    """Return the entries of a list with their places; a single entry stands for a list of one."""
    if isinstance(tree, list):
        return [(entry, (*where, index)) for index, entry in enumerate(tree)]
    return [(tree, where)]
