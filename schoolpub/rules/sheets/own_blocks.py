"""Lists that belong to repeated groups (奖项 with its 名单), in a school's own sheet.

One list may tell in a column which group a row is of, or several lists stand below the names of their groups.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from schoolpub.errors import Where
from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.rules.sheets.bands import LABELLED, is_list
from schoolpub.rules.sheets.body import Body, unnumbered
from schoolpub.rules.sheets.grid import Grid
from schoolpub.rules.sheets.rows import NESTED, Spot

_INSIDE, _OWN = "/", "="
"""What joins a group and its list; what marks a column that is a field of the group itself."""
_COUNTED = re.compile(r"[（(]?共?\d+[人名个](?:[)）]|$)|[:：]$")
_FRAME = re.compile(
    r"(?:.*?(?:学校|小学|中学|学院|幼儿园))?(?:\d{4}(?:[-—－~～至]\d{4})?(?:学年度?|年度?)?(?:第?[一二上下]学期)?)?"
    r"(.{2,}?)(?:拟|评选|评比|推荐|表彰|获奖|候选)*(?:结果)?(?:人员|对象)?"
    r"(?:公示)?(?:名单|一览表|汇总表|情况表|公示表|表)?(?:公示)?"
)
"""What stands around a group's name in a title: 示例中学2026年度三好学生推荐名单公示."""


@dataclass(slots=True)
class BlocksFound:
    """The groups of a sheet, and where their values stand."""

    fields: dict[str, list[Tree]] = field(default_factory=dict)
    places: dict[Where, Spot] = field(default_factory=dict)
    taken: set[tuple[int, int]] = field(default_factory=set)
    titles: dict[Spot, tuple[str, str]] = field(default_factory=dict)
    """Where a row above a list was taken for the name of its group → the row's text, the group."""


def lists_of(item: Item, only: str = "") -> dict[str, Field]:
    """Return each list within a group of *item* as a table that also has the group's own fields as columns."""
    found: dict[str, Field] = {}
    for group in item.fields.values():
        if group.type != "blocks" or only not in ("", group.key):
            continue
        own = {
            f"{_OWN}{key}": replace(part, optional=True)
            for key, part in group.columns.items()
            if part.type not in NESTED
        }
        for key, table in group.columns.items():
            if table.type == "table" and is_list(table):
                name = f"{group.key}{_INSIDE}{key}"
                found[name] = replace(table, key=name, columns={**table.columns, **own})
    return found


def blocks_from(reading: Body, item: Item, grid: Grid) -> BlocksFound:
    """Return the groups that the lists read by *reading* make."""
    found = BlocksFound()
    for name, tree in reading.tables().items():
        rows = tree.get("rows") if isinstance(tree, dict) else tree
        key, _inside, table = name.partition(_INSIDE)
        group = item.fields[key]
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict):
                _put(found, group, table, row, reading.places, (name, index), grid)
    for key, blocks in found.fields.items():
        order = item.fields[key].columns
        blocks[:] = [{part: block[part] for part in order if part in block} for block in map(_mapping, blocks)]
    return found


def _put(
    found: BlocksFound, group: Field, table: str, row: Mapping[str, Tree], places: Mapping[Where, Spot], at: Where,
    grid: Grid,
) -> None:  # fmt: skip
    own = {key[1:]: value for key, value in row.items() if key.startswith(_OWN) and value is not None}
    line = places[at].line
    if group.title_field and group.title_field not in own:
        above, text, named = _title_above(grid, line)
        own[group.title_field] = named
        found.taken |= {(above, column) for column in range(1, grid.width + 1) if grid.text(above, column)}
        found.titles[Spot(grid.sheet.name, max(above, 1), 1)] = (text, group.key)
    blocks = found.fields.setdefault(group.key, [])
    same = [n for n, block in enumerate(blocks) if _name(block, group) == str(own.get(group.title_field))]
    number = same[0] if same else len(blocks)
    if not same:
        blocks.append({})
        for key in own:
            column = places.get((*at, f"{_OWN}{key}"), Spot(places[at].sheet, line, 1))
            found.places[group.key, number, key] = column
    block = _mapping(blocks[number])
    for key, value in own.items():
        block.setdefault(key, value)
    listed = block.setdefault(table, [])
    assert isinstance(listed, list)
    for where, spot in places.items():
        if where[:2] == at:
            found.places[(group.key, number, table, len(listed), *where[2:])] = spot
    listed.append({key: value for key, value in row.items() if not key.startswith(_OWN)})


def _mapping(block: Tree) -> dict[str, Tree]:
    assert isinstance(block, dict)
    return block


def _name(block: Tree, group: Field) -> str:
    return str(_mapping(block).get(group.title_field))


def _title_above(grid: Grid, line: int) -> tuple[int, str, str]:
    """Return the row above *line* that holds one text alone, the text, and what it names; else the sheet's name."""
    for row in sorted((r for r in grid.rows if r < line), reverse=True):
        texts = {grid.head(row, column) for column in range(1, grid.width + 1)} - {""}
        text = texts.pop() if len(texts) == 1 else ""
        if text and not LABELLED.fullmatch(text):
            bare = _COUNTED.sub("", unnumbered(text)).strip()
            framed = _FRAME.fullmatch(bare)
            return row, text, framed[1] if framed else bare
    return 0, grid.sheet.name, grid.sheet.name
