"""Where the tables of a school's own sheet are: rows of heads, and the columns below them that belong together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schoolpub.model.catalogue import Field
from schoolpub.rules.sheets.grid import Grid
from schoolpub.rules.sheets.rows import ROW_KEYS
from schoolpub.rules.sheets.synonyms import column_likeness, likeness, plain, stem
from schoolpub.rules.values.numbers import NUMBER_TYPES

LABELLED = re.compile(r"(?!注|备注|说明|其中)[^：:，。]{2,12}[：:]\s*\S.*", re.DOTALL)
"""A label with its value in one cell: 编制人：某某."""
_LEARNED = 4
_DEEPEST = 3


def is_list(table: Field) -> bool:
    """Return whether a row of *table* may do without a number: a list of persons, of duties, of dates."""
    return all(column.optional or column.type not in NUMBER_TYPES for column in table.columns.values())


@dataclass(frozen=True, slots=True)
class Learned:
    """What somebody confirmed before: heads of tables, labels of single fields, names of tables."""

    heads: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Table → name as `plain` makes it → column."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Compared name → field, or table."""
    left: frozenset[str] = frozenset()
    """Compared names of what is not taken."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a block are for one table."""

    keys: Mapping[int, str]
    """Number of the sheet's column → key of the table's column, or `note`."""
    name: int
    """The column of the rows' names; 0 without one."""
    unknown: frozenset[int]
    """Columns whose heads mean nothing to the table."""
    sure: bool
    """Whether every head is the catalogue's own name, or was confirmed before."""


@dataclass(frozen=True, slots=True)
class Block:
    """Columns side by side that make one table, or several one below another."""

    table: str
    """Nothing where only the rows below tell which table it is."""
    first_row: int
    """The first row below the heads."""
    last_row: int
    heads: Mapping[int, str]
    """What stands over each column."""
    readings: Mapping[str, Columns]
    """What the columns are, for each table that it may be."""


def blocks_of(grid: Grid, tables: Mapping[str, Field], default: str, learned: Learned) -> list[Block]:
    """Return the blocks of a sheet; *default* is the table where nothing tells which."""
    found: list[Block] = []
    rows = [row for row in grid.rows if _is_heads(grid, row, tables, learned)]
    for number, row in enumerate(rows):
        after = rows[number + 1] if number + 1 < len(rows) else grid.rows[-1] + 1
        body = [r for r in grid.rows if row < r < after]
        if body:
            found += _blocks_below(grid, row, after - 1, tables, default, learned)
    return found


def _is_heads(grid: Grid, row: int, tables: Mapping[str, Field], learned: Learned) -> bool:
    """Return whether *row* is the lowest row of heads: two columns of one table, no number, and a number below.

    Below the heads of a list there need not be a number; then most of them must be its columns.
    """
    columns = [c for c in range(1, grid.width + 1) if grid.head(row, c)]
    if len(columns) < 2 or any(grid.number(row, c) for c in columns):
        return False
    below = [r for r in grid.rows if r > row][:6]
    if not below:
        return False
    if any(_heads_a_list(grid, row, columns, table, learned) for table in tables.values() if is_list(table)):
        return True
    if not any(grid.number(r, c) for r in below[:4] for c in range(1, grid.width + 1)):
        return False
    first = below[0]
    merged_down = all(grid.head(first, c) == grid.head(row, c) for c in columns if grid.head(first, c))
    if merged_down and any(grid.head(first, c) for c in columns):
        return False  # the heads go on below
    for table in tables.values():
        hits = {_best(_path(grid, row, c), table, learned)[0] for c in columns} - {""}
        numeric = any(key in table.columns and table.columns[key].type in NUMBER_TYPES for key in hits)
        if numeric and len(hits - {"note"}) >= 2:
            lower = {_best(_path(grid, first, c), table, learned)[0] for c in columns if not grid.number(first, c)} - {
                ""
            }
            if any(grid.number(first, c) for c in columns) or len(lower) < 2:
                return True
    return False


def _heads_a_list(grid: Grid, row: int, columns: Sequence[int], table: Field, learned: Learned) -> bool:
    scores = [_best([grid.head(row, c)], table, learned) for c in columns]
    hits = {key for key, score in scores if score} - {"note"}
    return len(hits) >= 2 and 2 * len(hits) >= len(columns) and max(score for _key, score in scores) >= 2


def _path(grid: Grid, row: int, column: int) -> list[str]:
    """Return the heads over *column* from *row* up, as far as they are heads."""
    path: list[str] = []
    above = [r for r in grid.rows if r <= row][-_DEEPEST:]
    for r in reversed(above):
        if r < row and (any(grid.number(r, c) for c in range(1, grid.width + 1)) or _is_title(grid, r)):
            break
        text = grid.head(r, column) or _from_left(grid, r, column, row)
        if text and text not in path:
            path.append(text)
    return path


def _from_left(grid: Grid, row: int, column: int, lowest: int) -> str:
    """Return a head that reaches over *column* though its cells were not merged."""
    if row == lowest:
        return ""
    return next((grid.head(row, c) for c in range(column, 0, -1) if grid.head(row, c)), "")


def _is_title(grid: Grid, row: int) -> bool:
    """Return whether a row holds one text over the whole width, a unit, or labels with their values."""
    texts = {grid.head(row, column) for column in range(1, grid.width + 1)} - {""}
    return len(texts) == 1 or any(LABELLED.fullmatch(text) for text in texts)


def _best(path: Sequence[str], table: Field, learned: Learned) -> tuple[str, int]:
    """Return the column that a path of heads means best, and how surely."""
    if not path:
        return "", 0
    for name in ("".join(reversed(path)), path[0]):
        if target := learned.heads.get(table.key, {}).get(plain(name), ""):
            return target, _LEARNED
    scored = [(column_likeness(path, column, table), -n, key) for n, (key, column) in enumerate(table.columns.items())]
    scored += [
        (likeness(path[0], name), -99, key)
        for key, name in ROW_KEYS.items()
        if key == "note" and "note" not in table.columns
    ]
    best = max(scored)
    return (best[2], best[0]) if best[0] else ("", 0)


def table_named(text: str, tables: Mapping[str, Field], learned: Learned) -> str:
    """Return the table that *text* names or begins with, or nothing."""
    own = plain(text)
    if (known := learned.labels.get(own, "")) in tables:
        return known
    named = [(likeness(text, table.name), key) for key, table in tables.items()]
    if named and max(named)[0]:
        return max(named)[1]
    starting = [(len(stem(plain(t.name))), key) for key, t in tables.items() if own.startswith(stem(plain(t.name)))]
    return max(starting)[1] if starting and len(own) <= max(starting)[0] + 3 else ""


def _blocks_below(
    grid: Grid, row: int, last: int, tables: Mapping[str, Field], default: str, learned: Learned
) -> list[Block]:
    paths = {column: _path(grid, row, column) for column in range(1, grid.width + 1)}
    paths = {column: path for column, path in paths.items() if path and (grid.head(row, column) or len(path) > 0)}
    blocks = []
    for columns in _side_by_side(paths, tables, learned):
        own = {column: paths[column] for column in columns}
        table = _section_above(grid, row, tables, learned) or _table_for(own, tables, default, learned, grid)
        readings = {
            key: reading
            for key, known in tables.items()
            if (reading := _reading(grid, row, own, known, learned)) is not None
        }
        table = table if table in readings else ""
        if not table and readings and all(is_list(tables[key]) for key in readings):
            table = _best_list(own, {key: tables[key] for key in readings}, learned)
        if readings:
            heads = {column: "".join(reversed(path)) for column, path in own.items()}
            blocks.append(Block(table, row + 1, last, heads, readings))
    return blocks


def _section_above(grid: Grid, row: int, tables: Mapping[str, Field], learned: Learned) -> str:
    """Return the table that the row above the heads names when it holds nothing else: 二、支出."""
    above = max((r for r in grid.rows if r < row), default=0)
    texts = {grid.head(above, column) for column in range(1, grid.width + 1)} - {""} if above else set()
    return table_named(texts.pop(), tables, learned) if len(texts) == 1 and len(tables) > 1 else ""


def _reading(grid: Grid, row: int, paths: Mapping[int, Sequence[str]], own: Field, learned: Learned) -> Columns | None:
    """Return what the heads mean for the table *own*; None when they do not make one."""
    taken: dict[int, str] = {}
    unknown: set[int] = set()
    sure = True
    scored = sorted(
        ((_best(path, own, learned), column) for column, path in paths.items()), key=lambda s: (-s[0][1], s[1])
    )
    for (key, score), column in scored:
        if key and key not in taken.values():
            taken[column] = key
            sure = sure and score >= 3
        elif grid.head(row, column):
            unknown.add(column)
    name_key = own.row_key or _naming(own)
    name = next((column for column, key in taken.items() if key == name_key), 0)
    numeric = any(key in own.columns and own.columns[key].type in NUMBER_TYPES for key in taken.values())
    if not name and name_key and numeric and (left := [column for column in unknown if column < min(taken, default=1)]):
        name = max(left)
        taken[name] = name_key
        unknown.discard(name)
        sure = False
    if len(taken) < 2 or not (numeric or (is_list(own) and name)):
        return None
    return Columns(dict(sorted(taken.items())), name, frozenset(unknown), sure)


def _naming(own: Field) -> str:
    """Return the column that a row is called by: the first that must be there, and is no number."""
    words = [key for key, column in own.columns.items() if column.type not in NUMBER_TYPES]
    return next((key for key in words if not own.columns[key].optional), words[0] if words else "")


def _side_by_side(paths: Mapping[int, Sequence[str]], tables: Mapping[str, Field], learned: Learned) -> list[list[int]]:
    """Divide columns where another table begins: its name over them, or a second column of names."""
    parts: list[list[int]] = []
    named = ""
    seen: set[str] = set()
    for column, path in sorted(paths.items()):
        owner = next((t for text in reversed(path) if (t := _named_by_head(text, tables, learned))), "")
        keys = {key for table in tables.values() if (key := _best(path, table, learned)[0])}
        is_name = any(
            key in t.columns and t.columns[key].type not in NUMBER_TYPES for t in tables.values() for key in keys
        )
        again = is_name and any(key in seen for key in keys) and len(seen) > 1
        if not parts or (owner and named and owner != named) or again:
            parts.append([])
            seen = set()
            named = owner
        named = named or owner
        seen |= keys
        parts[-1].append(column)
    return parts


def _named_by_head(text: str, tables: Mapping[str, Field], learned: Learned) -> str:
    """Return the table whose name a head is, or begins or ends with: 收入, 收入项目, 本月支出."""
    if len(tables) < 2:
        return ""
    own = plain(text)
    if (known := learned.labels.get(own, "")) in tables:
        return known
    found = {key for key, table in tables.items() if own.startswith(n := stem(plain(table.name))) or own.endswith(n)}
    found = found or {key for key, table in tables.items() if likeness(text, table.name)}
    return next(iter(found)) if len(found) == 1 else ""


def _table_for(
    paths: Mapping[int, Sequence[str]], tables: Mapping[str, Field], default: str, learned: Learned, grid: Grid
) -> str:
    if default:
        return default
    if len(tables) == 1:
        return next(iter(tables))
    named = [t for path in paths.values() for text in reversed(path) if (t := _named_by_head(text, tables, learned))]
    if named and len(set(named)) == 1:
        return named[0]
    if sheet := table_named(grid.sheet.name, tables, learned):
        return sheet
    first = [grid.text(row, c) for row in grid.rows[:3] for c in range(1, grid.width + 1) if grid.text(row, c)]
    titles = {t for text in first if (t := next((k for k, f in tables.items() if f.name in text), ""))}
    scores = sorted(((_fit(paths, table, learned), key) for key, table in tables.items()), reverse=True)
    if scores[0][0] > scores[1][0] and scores[0][0] >= 2 * len(paths):
        return scores[0][1]
    return titles.pop() if len(titles) == 1 else ""


def _best_list(paths: Mapping[int, Sequence[str]], lists: Mapping[str, Field], learned: Learned) -> str:
    """Return the list that the heads fit better than any other, or nothing."""
    scores = sorted(((_fit(paths, own, learned), key) for key, own in lists.items()), reverse=True)
    return scores[0][1] if len(scores) == 1 or scores[0][0] > scores[1][0] else ""


def _fit(paths: Mapping[int, Sequence[str]], table: Field, learned: Learned) -> int:
    return sum({key: score for key, score in (_best(path, table, learned) for path in paths.values()) if key}.values())
