"""A record's texts with the personal data in them masked, each place told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from schoolpub.errors import Where
from schoolpub.model.record import Tree
from schoolpub.rules.privacy import mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was masked, and what stands there now."""

    where: Where
    better: str

    @property
    def field(self) -> str:
        """The place as a person reads it: `fields.note`."""
        return ".".join(str(part) for part in self.where)


def masked(
    tree: Tree, told: Iterable[tuple[Where, str, str]], declared: Collection[str], names: Collection[Where] = ()
) -> tuple[Tree, list[Place]]:
    """Return *tree* with its texts masked: those *told* with place and context, and the pupils' *names*."""
    from schoolpub.rules.privacy.names import mask_name

    places: list[Place] = []
    for where, text, context in told:
        better = mask_name(text) if where in names else mask(text, declared, context=context)
        if better != text and _at(tree, where) == text:
            tree = _with(tree, where, better)
            places.append(Place(where=where, better=better))
    return tree, places


def _at(tree: Tree, where: Where) -> Tree:
    for part in where:
        if isinstance(tree, dict) and isinstance(part, str):
            tree = tree.get(part)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            tree = tree[part]
        else:
            return None
    return tree


def _with(tree: Tree, where: Where, better: str) -> Tree:
    if not where:
        return better
    first, *rest = where
    if isinstance(tree, dict):
        return {key: _with(value, tuple(rest), better) if key == first else value for key, value in tree.items()}
    if isinstance(tree, list):
        return [_with(value, tuple(rest), better) if place == first else value for place, value in enumerate(tree)]
    return tree
