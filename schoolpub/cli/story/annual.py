"""The budget of 2026 and the accounts of 2025, in 万元: leaves are entered, sums, changes and shares follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from schoolpub.cli.story.money import amounts, money, percent, total
from schoolpub.model.record import Tree

_INCOME = """
1 财政拨款
2 一般公共预算拨款  1426.35 1382.40 1379.86
2 政府性基金拨款       0.00    0.00    0.00
1 事业收入            18.60   17.20   16.94
1 其他收入             2.10    2.00    2.31
"""
#                      2026年预算 2025年预算 2025年决算
_EXPENSE = """
1 教育支出
2 小学教育           748.20  724.60  722.18
2 初中教育           431.75  418.50  417.92
2 校舍安全维修        35.00   30.00   29.36
1 社会保障和就业支出  118.40  115.20  115.04
1 卫生健康支出        46.90   45.60   45.21
1 住房保障支出        66.80   67.70   67.66
"""
_KINDS = """
1 基本支出
2 人员经费          1318.45 1285.10 1283.27
2 公用经费            77.60   76.50   74.74
1 项目支出            51.00   40.00   39.36
"""
_PUBLIC = """
1 公务接待费           0.60    0.80    0.42
1 公务用车运行维护费   1.50    1.60    1.48
"""

_Reasons = Mapping[str, str]
_BUDGET_REASONS: _Reasons = {
    "一般公共预算拨款": "学生数和教职工人数增加",
    "校舍安全维修": "新增教学楼屋面防水维修",
    "住房保障支出": "部分教职工退休，缴存减少",
}
_RESULT_REASONS: _Reasons = {"政府性基金拨款": "本年没有安排", "其他收入": "存款利息增加"}


def records() -> Iterator[tuple[str, dict[str, Tree]]]:
    """Yield the budget and the final accounts, each with its name in the story."""
    yield "budget-2026", {
        "item": "budget-annual", "period": "2026", "title": "2026年度预算公开说明", "fields": _budget(),
    }  # fmt: skip
    yield "final-2025", {
        "item": "final-accounts-annual", "period": "2025", "title": "2025年度决算公开说明", "fields": _final(),
    }  # fmt: skip


def _budget() -> dict[str, Tree]:
    income, expense = _tree(_INCOME, "amount last", (0, 1)), _tree(_EXPENSE, "amount last", (0, 1))
    kinds = _tree(_KINDS, "amount last", (0, 1))
    public = _tree(_PUBLIC, "amount last", (0, 1))
    for rows in (income, expense):
        _compare(rows, "amount", "last", _BUDGET_REASONS)
    for row in public:
        row["change"] = _less(row, "amount", "last")
    _share(kinds, "amount")
    return {
        "basis_unit": "万元",
        "approval": "示教财〔2026〕18号",
        "approved": "2026-04-20",
        "income": list(income),
        "expense": list(expense),
        "expense_by_kind": list(kinds),
        "three_public": list(public),
        "persons": [{"kind": "在职教职工", "count": "62"}, {"kind": "退休教职工", "count": "17"}],
        "notes": "一、编制原则\n量入为出、收支平衡，优先保障教育教学和学校安全。\n"
        "二、主要增减\n收入比上年增加，主要是学生数和教职工人数增加；支出安排与收入相同。\n"
        "三、“三公”经费\n本年没有安排因公出国（境）和购置公务用车。",
    }


def _final() -> dict[str, Tree]:
    income, expense = _tree(_INCOME, "budget amount", (1, 2)), _tree(_EXPENSE, "budget amount", (1, 2))
    kinds = _tree(_KINDS, "budget amount", (1, 2))
    public = _tree(_PUBLIC, "budget amount", (1, 2))
    for rows in (income, expense, public):
        for row in rows:
            row["completion"] = percent(Decimal(str(row["amount"])), Decimal(str(row["budget"])))
    for row in income:
        if reason := _RESULT_REASONS.get(str(row["head"])):
            row["reason"] = reason
    for rows in (income, expense, kinds):
        _share(rows, "amount")
    carried_in = Decimal("6.72")
    spent, planned = total(list(expense), "amount"), total(list(expense), "budget")
    return {
        "basis_unit": "万元",
        "approval": "示教财〔2026〕41号",
        "approved": "2026-08-18",
        "income": list(income),
        "carried_in": money(carried_in),
        "expense": list(expense),
        "carried_out": money(carried_in + total(list(income), "amount") - spent),
        "budget": money(planned),
        "completion": percent(spent, planned),
        "expense_by_kind": list(kinds),
        "three_public": list(public),
        "persons": [{"kind": "在职教职工", "count": "61"}, {"kind": "退休教职工", "count": "16"}],
        "notes": "一、收支总体情况\n全年收支略低于预算，年末结转用于2026年公用经费。\n"
        "二、“三公”经费\n没有因公出国（境）和购置公务用车支出，公务接待比预算减少。",
    }


def _tree(text: str, columns: str, chosen: tuple[int, ...]) -> list[dict[str, Tree]]:
    """Return the rows of *text* with the figures *chosen* under *columns*; a heading sums the rows below it."""
    rows: list[dict[str, Tree]] = []
    names = columns.split()
    for line in text.strip().splitlines():
        level, head, *figures = line.split()
        row: dict[str, Tree] = {"level": level, "head": head}
        found = amounts(" ".join(figures)) if figures else [Decimal(0)] * 3
        row |= {name: money(found[place]) for name, place in zip(names, chosen, strict=True)}
        rows.append(row)
        if level == "2":
            parent = next(r for r in reversed(rows) if r["level"] == "1")
            for name in names:
                parent[name] = money(Decimal(str(parent[name])) + Decimal(str(row[name])))
    return rows


def _compare(rows: list[dict[str, Tree]], now: str, before: str, reasons: _Reasons) -> None:
    for row in rows:
        row["change"] = _less(row, now, before)
        row["change_percent"] = percent(Decimal(str(row["change"])), Decimal(str(row[before])))
        if reason := reasons.get(str(row["head"])):
            row["reason"] = reason
    _share(rows, now)


def _less(row: dict[str, Tree], now: str, before: str) -> str:
    return money(Decimal(str(row[now])) - Decimal(str(row[before])))


def _share(rows: list[dict[str, Tree]], column: str) -> None:
    whole = total(list(rows), column)
    for row in rows:
        row["share"] = percent(Decimal(str(row[column])), whole)
