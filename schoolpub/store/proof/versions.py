"""A record's file, version by version: what a step added is read alone, the rest was read before."""

from __future__ import annotations

import re
from dataclasses import replace

from schoolpub.errors import Text, errors, say
from schoolpub.model.record import Record
from schoolpub.rules.history.facts import Signed, Touched, Version
from schoolpub.store import signing
from schoolpub.store.files import record_file
from schoolpub.store.files.record_check import check_steps, check_tree
from schoolpub.store.files.record_tree import record_from_tree, step_from_tree
from schoolpub.store.yaml import strict_yaml

_STEPS = re.compile(rb"^steps:", re.MULTILINE)
_ENTRY = re.compile(rb"^( *)-", re.MULTILINE)


def version(data: bytes, file: str, before: Version | None) -> Version:
    """Return the record in *data*; *before* is the version that stood there."""
    if before is not None and before.record is not None and data.startswith(before.data):
        grown = _grown(data, before)
        if grown is not None:
            return grown
    name = file.rpartition("/")[2].removesuffix(".yaml")
    plain = not data.startswith(strict_yaml.BOM) and b"\r\n" not in data
    record, why = _read(data, file)
    if record is None:
        return Version(id=name, file=file, record=None, data=data, why=why, plain=plain)
    known = before.signatures if before else ()
    return Version(id=record.id, file=file, record=record, signatures=_signatures(data, known), data=data, plain=plain)


def _read(data: bytes, file: str) -> tuple[Record | None, Text]:
    """Return the record in *data*, or why there is none; steps out of their time are the history's to judge."""
    try:
        parsed, found = strict_yaml.read(data, file)
        wrong = errors([*found, *(check_tree(data, parsed, file) if parsed.tree is not None else ())])
        if isinstance(parsed.tree, dict) and all(problem.code == "step-time" for problem in wrong):
            record = record_from_tree(parsed.tree, record_file.content_of(data), file)
            if all(step.at.tzinfo for step in record.steps):
                return record, say("")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as odd:
        return None, say("{why}", why=type(odd).__name__)
    return None, wrong[0].message if wrong else say("it is no record")


def touched(file: str, before: Version | None, after: Version | None) -> Touched:
    """Return what happened to the record in *file*."""
    appended = before is not None and after is not None and _appended(before.data, after.data)
    return Touched(file=file, before=before, after=after, appended=appended)


def _appended(old: bytes, new: bytes) -> bool:
    tail, grown = old[_steps_at(old) :], new[_steps_at(new) :]
    if not tail.endswith(b"\n"):
        tail += b"\n"
    if grown == tail or grown == tail[:-1]:
        return True
    return grown.startswith(tail) and grown[len(tail) :].startswith(_dash(tail))


def _steps_at(data: bytes) -> int:
    match = _STEPS.search(data)
    return match.start() if match else len(data)


def _dash(tail: bytes) -> bytes:
    entry = _ENTRY.search(tail)
    return (entry[1] if entry else b"") + b"- "


def _grown(data: bytes, before: Version) -> Version | None:
    """Return *before* with the entries that *data* has more; None when they cannot be read by themselves."""
    record, more = before.record, data[len(before.data) :]
    if record is None or not before.plain or not before.data.endswith(b"\n"):
        return None
    if not more.startswith(_dash(before.data[_steps_at(before.data) :])) or b"\r" in more:
        return None
    tree, found = strict_yaml.parse(b"steps:\n" + more, before.file)
    if found or not isinstance(tree, dict) or list(tree) != ["steps"] or not isinstance(tree["steps"], list):
        return None
    if check_steps(tree["steps"], before.file, record.steps[-1].at if record.steps else None):
        return None
    steps = tuple(step_from_tree(entry) for entry in tree["steps"] if isinstance(entry, dict) and "step" in entry)
    signed = before.signatures
    if b"signed:" in more:
        signed = _signatures(data, signed)
    return replace(before, record=replace(record, steps=(*record.steps, *steps)), signatures=signed, data=data)


def _signatures(data: bytes, known: tuple[Signed, ...]) -> tuple[Signed, ...]:
    """Return the signatures in *data*; those that stood there before are not verified again."""
    if b"signed:" not in data:
        return ()
    found = []
    for index, one in enumerate(record_file.signatures(data)):
        text, person = one.signature.signature, one.signature.person
        old = known[index] if index < len(known) else None
        if old is not None and (old.step, old.person, old.text) == (one.step, person, text):
            found.append(old)
            continue
        checked = signing.check(text, one.over)
        found.append(Signed(step=one.step, person=person, key=checked.key, good=checked.good, text=text))
    return tuple(found)
