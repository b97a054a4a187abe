"""Flows: the ways a record may take, and the steps common to all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from schoolpub.errors import say
from schoolpub.model.catalogue import Flow, FlowStep
from schoolpub.model.record import Tree
from schoolpub.rules.chain.conditions import CONDITIONS
from schoolpub.store.catalogue.entry import SLUG, Entry, Place

COMMON = "common"
FILE = "flows.yaml"
_KEYS = ("step", "name", "from", "to", "by", "approves", "signs-off", "not-by", "own", "needs", "gives", "check")
_REQUIRED = ("step", "name", "from", "to", "by")
GIVEN = ("number", "after", "due", "content", "receipt")


def read_flows(tree: Tree, place: Place) -> dict[str, Flow]:
    """Return the flows in *tree*, each with the common steps at its end."""
    if tree is None:
        return {}
    flow_trees = place.shape.group(tree, place.where)
    common: list[tuple[Place, FlowStep]] = []
    if COMMON in flow_trees:
        entry = Entry.of(flow_trees[COMMON], place.at(COMMON), ("steps",), ("steps",))
        common = _steps(entry)
    flows: dict[str, Flow] = {}
    for key, flow_tree in place.bounded(flow_trees.items()):
        if key == COMMON:
            continue
        at = place.at(key)
        if not SLUG.fullmatch(key):
            message = say("“{key}” cannot be the key of a flow.", key=key)
            at.wrong("catalogue-key", message, say("Use small letters, digits and “-”."))
        entry = Entry.of(flow_tree, at, ("name", "steps"), ("name", "steps"))
        own = _steps(entry)
        _check(at, own, [step for _, step in common])
        steps = _signed_off([step for _, step in own])
        flows[key] = Flow(key=key, name=entry.text("name", key), steps=(*steps, *(step for _, step in common)))
    known = {step.to for flow in flows.values() for step in flow.steps}
    for at, step in common:
        _known_statuses(at, step, known)
    return flows


def _steps(entry: Entry) -> list[tuple[Place, FlowStep]]:
    return [(at, _step(tree, at)) for at, tree in entry.members("steps")]


def _step(tree: Tree, place: Place) -> FlowStep:
    entry = Entry.of(tree, place, _KEYS, _REQUIRED)
    for key in ("step", "to"):
        _slug(entry.text(key), entry.at(key))
    for key in ("from", "not-by"):
        for at, value in entry.placed_texts(key):
            _slug(value, at)
    for at, value in entry.placed_texts("gives"):
        if value not in GIVEN:
            at.unknown("value-choice", say("“{value}” is nothing that a step gives.", value=value), value, GIVEN)
    for at, value in entry.placed_texts("check"):
        if value not in CONDITIONS:
            message = say("There is no judgement of steps called “{name}”.", name=value)
            at.unknown("catalogue-unknown-name", message, value, CONDITIONS)
    return FlowStep(
        step=entry.text("step"),
        name=entry.text("name"),
        sources=entry.texts("from"),
        to=entry.text("to"),
        by=entry.texts("by"),
        approves=entry.flag("approves"),
        signs_off=entry.flag("signs-off"),
        not_by=entry.texts("not-by"),
        own=entry.flag("own"),
        needs=entry.texts("needs"),
        gives=entry.texts("gives"),
        checks=entry.texts("check"),
    )


def _slug(value: str, place: Place) -> None:
    if value and not SLUG.fullmatch(value):
        place.wrong(
            "catalogue-key",
            say("“{value}” cannot name a step or a status.", value=value),
            say("Use small letters, digits and “-”; the Chinese word belongs in “name”."),
        )


def _check(place: Place, own: list[tuple[Place, FlowStep]], common: list[FlowStep]) -> None:
    steps = [step for _, step in own]
    everything = [*steps, *common]
    if steps and not any("none" in step.sources for step in steps):
        place.wrong(
            "flow-start",
            say("No step of the flow begins a record."),
            say("One step needs from: {example}.", example="[none]"),
        )
    if sum(step.signs_off for step in steps) > 1:
        place.wrong("flow-sign-off", say("Several steps of the flow are its sign-off."))
    reached = {step.to for step in everything}
    names = {step.step for step in everything}
    seen: set[tuple[str, str]] = set()
    for at, step in own:
        _known_statuses(at, step, reached)
        for index, name in enumerate(step.not_by):
            if name not in names:
                message = say("The flow has no step “{step}”.", step=name)
                at.at("not-by", index).unknown("flow-unknown-step", message, name, names)
        for source in step.sources:
            if (step.step, source) in seen:
                at.wrong(
                    "flow-ambiguous",
                    say("The step “{step}” from “{status}” stands twice in the flow.", step=step.step, status=source),
                )
            seen.add((step.step, source))


def _known_statuses(place: Place, step: FlowStep, reached: Collection[str]) -> None:
    """Report statuses that no step leads to."""
    possible = sorted({*reached} - {"same", "before", ""})
    for index, source in enumerate(step.sources):
        if source not in (*possible, "none", "any"):
            message = say("No step leads to the status “{status}”.", status=source)
            place.at("from", index).unknown("flow-unknown-status", message, source, possible)


def _signed_off(steps: list[FlowStep]) -> list[FlowStep]:
    """Return *steps* with the one that gives the number as sign-off, unless another one says that it is."""
    if any(step.signs_off for step in steps):
        return steps
    return [replace(step, signs_off="number" in step.gives) for step in steps]
