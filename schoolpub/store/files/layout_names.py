"""`layouts/<item>.yaml`: what a school calls an item's fields and columns in its own spreadsheets, once confirmed."""

from __future__ import annotations

from schoolpub.errors import Problem, Where
from schoolpub.model.record import Tree
from schoolpub.rules.sheets.bands import Learned
from schoolpub.store.yaml import canonical
from schoolpub.store.yaml.shape import Shape


def file_of(item: str) -> str:
    """Return the path of an item's file below the school's folder."""
    return f"records/layouts/{item}.yaml"


def read_names(tree: Tree, file: str) -> tuple[Learned, list[Problem]]:
    """Return the names in *tree* and what is wrong with them."""
    shape = Shape(file)
    top = shape.group(tree, (), ("item", "heads", "labels", "left"), ("item",))
    tables = shape.group(top["heads"], ("heads",)) if top.get("heads") is not None else {}
    heads = {table: _names(shape, tables.get(table), ("heads", table)) for table in tables}
    left = frozenset(shape.texts(top, "left", ()))
    return Learned(heads, _names(shape, top.get("labels"), ("labels",)), left), shape.problems


def _names(shape: Shape, listed: Tree, where: Where) -> dict[str, str]:
    if listed is None:
        return {}
    group = shape.group(listed, where)
    return {name: shape.text(group, name, where) for name in group}


def names_text(item: str, learned: Learned) -> str:
    """Return the text of an item's file."""
    tree: dict[str, Tree] = {"item": item}
    if learned.heads:
        tree["heads"] = {table: dict(sorted(names.items())) for table, names in sorted(learned.heads.items())}
    if learned.labels:
        tree["labels"] = dict(sorted(learned.labels.items()))
    if learned.left:
        tree["left"] = list[Tree](sorted(learned.left))
    return canonical.block_text(tree)
