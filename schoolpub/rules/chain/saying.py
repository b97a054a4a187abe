"""How a step is said at the keyboard: its command, and what must stand behind it.

One home for whoever tells a user what to type: what comes next, what to do now, and the way out of a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schoolpub.model.catalogue import FlowStep, Item

OWN = frozenset({
    "submit", "return", "post", "prove", "takedown", "suspend", "resume", "withdraw", "undo", "remark", "discard",
    "renumber",
})  # fmt: skip
"""Steps that are a command by themselves, whatever the flow."""

LEDGERS: Mapping[str, tuple[str, frozenset[str]]] = {
    "feedback": ("feedback", frozenset({
        "assign", "clarify", "clarified", "extend", "reply", "transfer", "merge", "decline", "rectify", "recheck",
        "republish", "rate", "review", "close", "erase",
    })),
    "rectifications": ("rectify", frozenset({
        "plan", "progress", "extend", "present", "accept", "refuse", "republish", "track", "close", "reopen",
    })),
}  # fmt: skip
"""Ledger → the command that its steps have in common, and those steps."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "": {
        "meeting": "--meeting …", "reason": "--reason …", "on": "--on DATE", "evidence": "--photo FILE",
        "channel": "--channel …",
    },
    "feedback": {
        "department": "部门", "into": "ID", "rectification": "ID", "record": "ID", "rating": "满意",
        "question": "--text …", "answer": "--text …", "reply": "--text …", "decision": "--decision 公开",
        "organisation": "--to …", "ground": "--ground …", "opinion": "--opinion …", "reason": "--reason …",
        "result": "--result …",
    },
    "rectify": {
        "measures": "--measures …", "progress": "…", "result": "--result …", "effect": "--effect …",
        "until": "--until DATE", "reason": "--reason …", "record": "--result ID",
    },
}  # fmt: skip
"""Group of commands → what a step must say → how it is said there."""


def command(item: Item | None, line: FlowStep, record_id: str) -> str:
    """Return the command that takes the step *line* on a record of *item*; what it must say stands behind it."""
    group, steps = LEDGERS.get(item.ledger, ("", frozenset())) if item else ("", frozenset())
    if line.step in steps:
        return f"schoolpub {group} {line.step} {record_id}"
    if line.step in OWN:
        return f"schoolpub {line.step} {record_id}" + (" --emergency" if line.emergency else "")
    return f"schoolpub approve {record_id}" if line.approves else f"schoolpub do {record_id} {line.step}"


def words(item: Item | None, line: FlowStep, needs: Iterable[str]) -> list[str]:
    """Return how *needs* are said behind the command of *line*: by its options, else with `--set`."""
    group, steps = LEDGERS.get(item.ledger, ("", frozenset())) if item else ("", frozenset())
    if line.step in steps:
        known = _WORDS[group]
    else:
        known = {"on": _WORDS[""]["on"]} if command(item, line, "").startswith("schoolpub do") else _WORDS[""]
    return [known.get(need, f"--set {need}=…") for need in needs]
