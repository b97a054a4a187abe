"""A record's file: read it strictly, write a new one, append to it; nothing that stands in it is ever rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from schoolpub.errors import Problem, SchoolpubError, errors, say
from schoolpub.model.record import Record, Signature, Step, Tree
from schoolpub.store.files.record_check import check_tree
from schoolpub.store.files.record_tree import record_from_tree
from schoolpub.store.yaml import strict_yaml
from schoolpub.store.yaml.canonical import BODY_KEYS, body_text, step_text

__all__ = [
    "BODY_KEYS", "Signed", "append", "append_text", "content_of", "new_text", "read_record", "signatures", "with_body",
]  # fmt: skip

_STEPS = re.compile(rb"^steps:", re.MULTILINE)
_ENTRY = re.compile(rb"^( *)-", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signature in a file: whose, of which step (from 0), over which bytes."""

    step: int
    signature: Signature
    over: bytes


def content_of(data: bytes) -> str:
    """Return `sha256:` and the digest of the bytes above the line `steps:`."""
    return _digest(data[: _steps_at(data)])


def _digest(body: bytes) -> str:
    return "sha256:" + sha256(body).hexdigest()


def _steps_at(data: bytes) -> int:
    match = _STEPS.search(data)
    return match.start() if match else len(data)


def new_text(body: Mapping[str, Tree], steps: Iterable[Step]) -> str:
    """Return the text of a new file."""
    return body_text(body) + "steps:\n" + "".join(map(step_text, steps))


def with_body(data: bytes, body: Mapping[str, Tree]) -> bytes:
    """Return *data* with another body above the same steps."""
    return body_text(body).encode() + data[_steps_at(data) :]


def append(data: bytes, steps: Iterable[Step]) -> bytes:
    """Return *data* with *steps* appended."""
    return append_text(data, "".join(map(step_text, steps)))


def append_text(data: bytes, text: str, *, mend: bool = False) -> bytes:
    """Return *data* with *text*, entries of the list of steps, appended as the entries before them are indented.

    With *mend* a byte order mark and CRLF go first, which changes the body.
    """
    if mend:
        data = data.removeprefix(strict_yaml.BOM).replace(b"\r\n", b"\n")
    match = _STEPS.search(data)
    if match is None:
        raise SchoolpubError(
            say("The file has no line “steps:”, so nothing can be added to it."),
            fix=say("Run schoolpub check to see what is wrong with it."),
        )
    if not data.endswith(b"\n"):
        data += b"\n"
    entry = _ENTRY.search(data, match.end())
    if entry and entry[1]:
        indent = entry[1].decode()
        text = "".join(indent + line if line.strip() else line for line in text.splitlines(keepends=True))
    return data + text.encode("utf-8")


def signatures(data: bytes) -> tuple[Signed, ...]:
    """Return every signature in *data* with the bytes above its line, which it must be over."""
    found: list[Signed] = []
    step = -1
    position = _steps_at(data)
    first = _ENTRY.search(data, position)
    dash = (first[1] if first else b"") + b"-"
    for line in data[position:].splitlines(keepends=True):
        if re.match(rb"%b *\{ *signed:" % dash, line):
            tree, problems = strict_yaml.parse(line, "")
            entry = tree[0] if isinstance(tree, list) and not problems else None
            if isinstance(entry, dict):
                person, text = entry.get("signed"), entry.get("signature")
                if isinstance(person, str) and isinstance(text, str):
                    signature = Signature(person=person, signature=text)
                    found.append(Signed(step=step, signature=signature, over=data[:position]))
        elif line.startswith(dash):
            step += 1
        position += len(line)
    return tuple(found)


def read_record(data: bytes, file: str) -> tuple[Record | None, list[Problem]]:
    """Return the record in *data*, None when it has errors, and everything that is wrong with it."""
    record, _, problems = read_with_tree(data, file)
    return record, problems


def read_with_tree(data: bytes, file: str) -> tuple[Record | None, Tree, list[Problem]]:
    """Return the record in *data* with the tree it was made of, and everything that is wrong with it."""
    parsed, problems = strict_yaml.read(data, file)
    tree = parsed.tree
    found = [*problems, *check_tree(data, parsed, file)] if tree is not None or not problems else problems
    if errors(found) or not isinstance(tree, dict):
        return None, tree, found
    return record_from_tree(tree, content_of(data), file), tree, found
