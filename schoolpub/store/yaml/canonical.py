"""YAML as the tool writes it: one way for every tree, so that saving what was read gives the same text.

A scalar is quoted when any YAML 1.1 or 1.2 reader might take it for something other than that text; numbers and dates
stay plain, because they are written for people and our reader keeps them as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from schoolpub.errors import SchoolpubError, say
from schoolpub.model.record import Signature, Step, Tree

BODY_KEYS = (
    "schoolpub", "id", "item", "catalogue", "edition", "title", "period", "date", "department", "audience", "summary",
    "zero", "part", "amends", "reason", "issuers", "basis", "series", "contacts", "real_name_only", "signers", "says",
    "private", "fields", "attachments",
)  # fmt: skip
"""The keys of a body in their order."""
WIDTH = 160
"""A row that is no longer stands on one line."""

_GROUPS = ("fields", "says")
"""Keys of the body whose entries stand on lines of their own, however short."""
_PLAIN_DIGITS = re.compile(
    r"[-+]?(?:0|[1-9]\d{0,17})(?:\.\d+)?%?"  # numbers
    r"|\d+(?:-\d+)+"  # dates, terms, telephones
    r"|\d{4}Q[1-4]|\d{4}-W\d\d"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\+08:00)?",
    re.ASCII,
)
_DIGEST = re.compile(r"(?!0[bx])(?=.*[abcdf])[0-9a-f]{40,64}")
_LIKE_NUMBER = re.compile(r"[-+.]?[\d.][\w.,:+%/-]*", re.ASCII)
_WORDS = frozenset(["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<", "-"])
_UNSAFE_START = frozenset("-?:,[]{}#&*!|>'\"%@`.+= \t\u3000\xa0")
_IN_FLOW = re.compile(r"[,\[\]{}]|:\?")
"""What ends a plain text between brackets; `:?` does for libyaml."""
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
_ESCAPES = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def body_text(body: Mapping[str, Tree]) -> str:
    """Return *body* as canonical YAML: the known keys in their order, ended by LF, without `steps:`."""
    keys = sorted(body, key=lambda key: BODY_KEYS.index(key) if key in BODY_KEYS else len(BODY_KEYS))
    lines: list[str] = []
    for key in keys:
        lines.extend(_entry(key, body[key], 0, spread=key in _GROUPS))
    text = "\n".join(lines) + "\n" if lines else ""
    assert "steps" not in body and not re.search("^steps:", text, re.MULTILINE)
    return text


def step_tree(step: Step) -> dict[str, Tree]:
    """Return *step* as it is written: its keys in their order, without those that say nothing."""
    tree: dict[str, Tree] = {"step": step.step, "by": step.by, "role": step.role}
    if step.via:
        tree["via"] = step.via
    if step.on:
        tree["on"] = step.on.isoformat()
    tree["at"] = step.at.isoformat(timespec="seconds")
    if step.content:
        tree["content"] = step.content
    tree.update((key, value) for key, value in step.says.items() if key != "clock")
    if "clock" in step.says:
        tree["clock"] = step.says["clock"]
    return tree


def step_text(step: Step) -> str:
    """Return *step* as lines to append: one line, or a block when one of its texts has several lines."""
    return item_text(step_tree(step))


def signature_text(signature: Signature) -> str:
    """Return the line for *signature*, which stands below the step it is for."""
    return item_text({"signed": signature.person, "signature": signature.signature})


def item_text(tree: Mapping[str, Tree]) -> str:
    """Return *tree* as an entry of the list of steps."""
    if not _has_lines(tree):
        return f"- {flow_text(dict(tree))}\n"
    return "\n".join(_dashed(_block(dict(tree), 2), 0)) + "\n"


def block_text(tree: Tree) -> str:
    """Return *tree* as a whole file in block style."""
    return "\n".join(_block(tree, 0)) + "\n"


def flow_text(tree: Tree) -> str:
    """Return *tree* on one line."""
    if tree is None:
        return "null"
    if isinstance(tree, str):
        return scalar(tree, flow=True)
    if isinstance(tree, list):
        return "[" + ", ".join(flow_text(child) for child in tree) + "]"
    return "{" + ", ".join(f"{_key(key)}: {flow_text(child)}" for key, child in tree.items()) + "}"


def scalar(text: str, *, flow: bool = False) -> str:
    """Return *text* so that every YAML reader reads just this text, on one line."""
    if _plain(text) and not (flow and _IN_FLOW.search(text)):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    if _REFUSED.search(text):
        raise SchoolpubError(
            say("A text contains a control character that no file may hold."),
            fix=say("Type the text again instead of pasting it."),
        )
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _plain(text: str) -> bool:
    if _PLAIN_DIGITS.fullmatch(text) or _DIGEST.fullmatch(text):
        return True
    if text.casefold() in _WORDS or _LIKE_NUMBER.fullmatch(text) or text[0] in _UNSAFE_START:
        return False
    if text != text.strip() or text.endswith(":") or ": " in text or " #" in text or ":\t" in text or "\t#" in text:
        return False
    return _ESCAPED.search(text) is None and _REFUSED.search(text) is None


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\x{code:02X}" if code < 256 else f"\\u{code:04X}")


def _key(key: str) -> str:
    if len(key) > 200:
        raise SchoolpubError(say("A name has {count} characters; at most 200 are allowed.", count=len(key)))
    if ":" in key or "：" in key:
        return _quoted(key)  # a bare one would look like a slip to the reader
    return key if key == "on" else scalar(key, flow=True)


def _has_lines(tree: Any) -> bool:
    """Return whether a text in *tree* has several lines that a block can show."""
    if isinstance(tree, str):
        return "\n" in tree
    if isinstance(tree, Mapping):
        return any(map(_has_lines, tree.values()))
    return isinstance(tree, list) and any(map(_has_lines, tree))


def _block(tree: Tree, indent: int) -> list[str]:
    """Return *tree* as lines, each with *indent* spaces before it."""
    if isinstance(tree, dict) and tree:
        return [line for key, child in tree.items() for line in _entry(key, child, indent)]
    if isinstance(tree, list) and tree:
        return [line for child in tree for line in _list_item(child, indent)]
    return [" " * indent + flow_text(tree)]


def _entry(key: str, child: Tree, indent: int, *, spread: bool = False) -> Iterator[str]:
    """Yield the lines of `key: child`; *spread* puts the entries of a short group on lines of their own too."""
    head = f"{' ' * indent}{_key(key)}:"
    if child is None:
        yield head
    elif isinstance(child, str):
        yield from _text(head, child, indent)
    elif isinstance(child, dict) and child and (spread or not _short(child, len(head), nested=False)):
        yield head
        yield from _block(child, indent + 2)
    elif isinstance(child, list) and child and not (_words(child) and _short(child, len(head))):
        yield head
        yield from _block(child, indent)
    else:
        yield f"{head} {flow_text(child)}"


def _list_item(child: Tree, indent: int) -> Iterator[str]:
    head = " " * indent + "-"
    if isinstance(child, str):
        yield from _text(head, child, indent)
    elif not child or _short(child, indent + 1):
        yield f"{head} {flow_text(child)}"
    else:
        yield from _dashed(_block(child, indent + 2), indent)


def _dashed(lines: list[str], indent: int) -> list[str]:
    """Return *lines*, the first of them beginning with a dash."""
    return [" " * indent + "- " + lines[0][indent + 2 :], *lines[1:]]


def _text(head: str, text: str, indent: int) -> Iterator[str]:
    lines = text.split("\n")
    body = lines[:-1] if text.endswith("\n") else lines
    if len(lines) == 1 or not _literal(body, text):
        yield f"{head} {scalar(text)}"
        return
    indicator = "2" if body[0].startswith(" ") else ""
    yield f"{head} |{indicator}{'' if text.endswith(chr(10)) else '-'}"
    yield from (" " * (indent + 2) + line if line else "" for line in body)


def _literal(lines: list[str], text: str) -> bool:
    """Return whether a `|` block holds *text* exactly; where in doubt it is quoted."""
    if not lines[0] or not lines[-1]:
        return False
    if any(line.startswith("\t") or (line and not line.strip(" \t")) for line in lines):
        return False
    return all(c in '"\\\n\t' for c in _ESCAPED.findall(text))


def _short(tree: Tree, used: int, *, nested: bool = True) -> bool:
    if _has_lines(tree) or (not nested and isinstance(tree, dict) and not _words(list(tree.values()))):
        return False
    return used + 1 + len(flow_text(tree)) < WIDTH


def _words(children: list[Tree]) -> bool:
    return all(child is None or isinstance(child, str) for child in children)
