"""An expression told with the fields' Chinese names, so that a rule that fails can show both its sides."""

from __future__ import annotations

from collections.abc import Mapping

from schoolpub.model.catalogue import Field, Item
from schoolpub.rules.expressions.tree import (
    EVERY_ROW,
    Arithmetic,
    Call,
    Choices,
    Comparison,
    Expression,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Path,
)

_RANKS = {"+": 4, "-": 4, "*": 5, "/": 5}
_SIGNS = {
    **{"+": "＋", "-": "－", "*": "×", "/": "÷"},
    **{"==": "＝", "!=": "≠", "<": "＜", "<=": "≤", ">": "＞", ">=": "≥", "in": "属于", "not in": "不属于"},
}
_WORDS = {"and": "且", "or": "或"}
_HEADS = {"previous": "上期", "other": "相关记录的", "school": "学校设定的", "row": "", EVERY_ROW: ""}
_KNOWN = {
    "date": "日期",
    "level": "层级",
    "large_sum": "大额标准",
    "period.year": "年份",
    "period.month": "月份",
    "period.quarter": "季度",
    "period.week": "周次",
    "period.first": "期间首日",
    "period.last": "期间末日",
}


_PARTS: Mapping[str, Mapping[str, str]] = {
    "range": {"from": "开始", "first": "开始", "to": "截止", "last": "截止"},
    "month": {"first": "首日", "last": "末日"},
    "period": {"first": "首日", "last": "末日"},
    "votes": {"for": "同意", "against": "反对", "abstain": "弃权", "unanimous": "一致通过"},
}
"""Type → what the parts of its value are called."""


def chinese_names(item: Item) -> Mapping[str, str]:
    """Return the names of the fields and columns of *item* by dotted key, for `in_words`."""
    return _names_of(item.fields, "", "")


def row_names(columns: Mapping[str, Field], *, bare: bool) -> Mapping[str, str]:
    """Return the names of *columns* as the row being judged calls them; *bare*: without `row.`, too."""
    plain = _names_of(columns, "", "")
    found = {f"{head}.{key}": name for head in ("row", EVERY_ROW) for key, name in plain.items()}
    found |= {f"previous.row.{key}": f"上期{name}" for key, name in plain.items()}
    return found | plain if bare else found


def _names_of(fields: Mapping[str, Field], keys: str, names: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, field in fields.items():
        found[keys + key] = names + field.name
        found.update(_names_of(field.columns, f"{keys}{key}.", f"{names}{field.name}·"))
        for part, name in _PARTS.get(field.type, {}).items():
            found[f"{keys}{key}.{part}"] = f"{names}{field.name}·{name}"
    return found


def in_words(expression: Expression, names: Mapping[str, str]) -> str:
    """Return *expression* with the Chinese names of *names* (dotted key → name): `上月结余＋收入·本月合计`."""
    return _told(expression.tree, names, 0)


def _told(node: Node, names: Mapping[str, str], rank: int) -> str:
    own, text = _with_rank(node, names)
    return f"（{text}）" if own < rank else text


def _with_rank(node: Node, names: Mapping[str, str]) -> tuple[int, str]:
    match node:
        case Literal(value):
            text = f"“{value}”" if isinstance(value, str) else str(value)
            return 9, ("是" if value else "否") if isinstance(value, bool) else text
        case Name(path):
            return 9, _name(path, names)
        case Negative(inner):
            return 6, "－" + _told(inner, names, 6)
        case Not(inner):
            return 2, "并非" + _told(inner, names, 9)
        case Arithmetic(left, sign, right):
            own = _RANKS[sign]
            return own, _told(left, names, own) + _SIGNS[sign] + _told(right, names, own + 1)
        case Comparison(first, rest):
            return 3, _told(first, names, 4) + "".join(_SIGNS[sign] + _told(part, names, 4) for sign, part in rest)
        case Choices(members):
            return 9, "、".join(_told(member, names, 0) for member in members)
        case Logic(word, parts):
            own = 1 if word == "and" else 0
            return own, _WORDS[word].join(_told(part, names, own + 1) for part in parts)
        case Call(function, arguments):
            return 9, _call(function, [_told(argument, names, 0) for argument in arguments])


def _call(function: str, told: list[str]) -> str:
    together = "、".join(told)
    match function:
        case "sum" | "total":
            return f"{together}合计"
        case "count":
            return f"{together}项数"
        case "min":
            return f"{together}中的最小值"
        case "max":
            return f"{together}中的最大值"
        case "share":
            return f"{told[0]}占{told[1]}的百分比"
        case "days" if len(told) == 1:
            return f"{together}天"
        case "days":
            return f"{told[0]}至{told[1]}的天数"
        case "workdays":
            return f"{told[0]}至{told[1]}的工作日数"
    return f"已填{together}"


def _name(path: Path, names: Mapping[str, str]) -> str:
    dotted = ".".join(path)
    if known := names.get(dotted) or _KNOWN.get(dotted):
        return known
    if len(path) > 1 and path[0] in _HEADS:
        return _HEADS[path[0]] + _name(path[1:], names)
    if len(path) == 1:
        # A column of the row being judged: its own name is the end of some dotted key.
        return next((name.rpartition("·")[2] for key, name in names.items() if key.endswith("." + dotted)), dotted)
    return f"{_name(path[:-1], names)}·{path[-1]}"
