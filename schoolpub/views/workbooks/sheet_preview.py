"""How a school's own spreadsheet was understood, for the person who confirms it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from schoolpub.model.catalogue import Field, Item
from schoolpub.model.record import Tree
from schoolpub.rules.sheets.layout import Understood, Use, by_target
from schoolpub.rules.sheets.spots import cell_name

_MOST = 12


def lines(found: Understood, item: Item) -> list[str]:
    """Return the fields with their values and where they were found, and what was not taken."""
    uses = by_target(found)
    told = [f"期间：{found.head['period']}"] if found.head.get("period") else []
    for key, tree in found.fields.items():
        own = item.fields[key]
        if own.type == "table":
            told += _table(own, tree, uses)
        elif own.type == "matrix" and isinstance(tree, dict):
            rows, columns = tree.get("rows"), tree.get("columns")
            listed = rows if isinstance(rows, list) else []
            names = "、".join(map(str, columns)) if isinstance(columns, list) else ""
            told.append(f"{own.name}：{len(listed)} 行，各列：{names}　← {_named(uses.get(key, []))}")
        elif own.type == "blocks" and isinstance(tree, list):
            told += _blocks(own, tree, uses)
        else:
            told.append(f"{own.name} = {_value(tree)}　← {_named(uses.get(key, []))}")
    if found.left:
        shown = "、".join(f"{cell_name(spot)} {text[:12]}" for spot, text in found.left[:_MOST])
        more = f" 等 {len(found.left)} 格" if len(found.left) > _MOST else ""
        told.append(f"没有读取：{shown}{more}")
    return told


def _value(tree: Tree) -> str:
    if isinstance(tree, dict):
        return " 至 ".join(str(part) for part in tree.values())
    return "、".join(map(str, tree)) if isinstance(tree, list) else str(tree)


def _table(own: Field, tree: Tree, uses: dict[str, list[Use]]) -> list[str]:
    whole = tree if isinstance(tree, dict) else {"rows": tree}
    rows = whole.get("rows")
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    top = [row for row in listed if row.get("level", "1") == "1"]
    unit = f"，单位 {whole['unit']}" if whole.get("unit") else ""
    told = [f"{own.name}：{len(listed)} 行{unit}"]
    totals = whole.get("totals")
    for key, column in own.columns.items():
        named = uses.get(f"{own.key}.{key}")
        if not named:
            continue
        line = f"　{column.name} ← {_named(named)}"
        if column.total:
            line += f"，各行合计 {sum((_amount(row.get(key)) for row in top), Decimal(0)):,f}"
            if isinstance(totals, dict) and totals.get(key) is not None:
                line += f"，表上合计 {totals[key]}"
        told.append(line)
    return told


def _blocks(own: Field, blocks: list[Tree], uses: dict[str, list[Use]]) -> list[str]:
    told = [f"{own.name}：{len(blocks)} 组"]
    for block in blocks:
        parts = block if isinstance(block, dict) else {}
        lists = (f"{own.columns[key].name} {len(part)} 行" for key, part in parts.items() if isinstance(part, list))
        told.append(f"　{parts.get(own.title_field) or ''}：{'、'.join(lists)}")
    for target, named in uses.items():
        if target.startswith(f"{own.key}/"):
            table, _point, column = target.removeprefix(f"{own.key}/").partition(".")
            known = own.columns[column[1:]] if column.startswith("=") else own.columns[table].columns[column]
            told.append(f"　{known.name} ← {_named(named)}")
    return told


def _named(uses: list[Use]) -> str:
    return "、".join(f"{use.text}（{cell_name(use.spot)}）" for use in uses[:3])


def _amount(tree: Tree) -> Decimal:
    try:
        return Decimal(tree.replace(",", "")) if isinstance(tree, str) else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
