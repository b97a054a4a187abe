"""The canteen's months: meals served, what came in, what was spent, what was left; its year begins in September."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from schoolpub.cli.story.money import amounts, money, percent
from schoolpub.model.record import Tree

_DAYS = {
    # 月份: (供餐天数, 学生人天, 教职工人天, 支出占收入的千分比)
    "2025-12": (23, 12420, 1449, 996),
    "2026-01": (16, 8624, 1008, 1004),
    "2026-02": (0, 0, 0, 0),
    "2026-03": (22, 11902, 1386, 997),
    "2026-04": (21, 11361, 1323, 998),
    "2026-05": (19, 10279, 1197, 1001),
    "2026-06": (21, 11298, 1302, 1002),
    "2026-07": (8, 4288, 496, 1004),
    "2026-09": (22, 12034, 1408, 999),
    "2026-10": (18, 9846, 1152, 997),
}
CLOSED = "2026-08"
"""The month without meals: a zero report."""

_PUPIL, _STAFF = Decimal(12), Decimal(15)
_OPENING = Decimal("1216.40")
_BEFORE_DECEMBER = {"income": Decimal("483570.00"), "expense": Decimal("481206.30")}
"""From September to November 2025."""
_FEBRUARY = Decimal("1286.00")
"""Paid while the canteen was closed, to have the kitchen cleaned and the knives and boards replaced."""

_SHARES = {
    # 支出项目: (级, 占总支出的千分比)
    "食材成本": ("1", 0),
    "粮油": ("2", 168),
    "肉禽蛋": ("2", 372),
    "蔬菜水果": ("2", 221),
    "奶及豆制品": ("2", 84),
    "调味品": ("2", 35),
    "燃料和水电": ("1", 76),
    "低值易耗品": ("1", 44),
}
_YEAR_OF_SHARES = ("食材成本", "燃料和水电", "低值易耗品")

_BOUGHT = {
    # 品名: (单位, 每千人次数量, 单价, 供货单位)
    "大米": ("千克", 95, "5.20", "示例粮油有限公司"),
    "食用油": ("升", 16, "13.80", "示例粮油有限公司"),
    "猪后腿肉": ("千克", 62, "31.50", "示例肉类食品有限公司"),
    "鸡蛋": ("千克", 28, "11.20", "示例农副产品配送有限公司"),
    "时令蔬菜": ("千克", 168, "4.60", "示例农副产品配送有限公司"),
}


def records() -> Iterator[tuple[str, dict[str, Tree]]]:
    """Yield every month's account, each with its name in the story."""
    months = sorted((*_DAYS, CLOSED))
    left = _OPENING
    year = dict(_BEFORE_DECEMBER)
    rows = {head: Decimal(0) for head in _SHARES}
    for month in months:
        entry: dict[str, Tree] = {"item": "canteen-monthly", "period": month}
        if month == CLOSED:
            entry |= {"zero": "yes", "summary": "暑假期间食堂停止供餐，没有发生收入和支出。"}
        else:
            if month == "2026-09":
                year, rows = dict.fromkeys(year, Decimal(0)), dict.fromkeys(rows, Decimal(0))
            entry["fields"], left = _account(month, left, year, rows)
        yield f"canteen-{month}", entry


def _account(
    month: str, opening: Decimal, year: dict[str, Decimal], rows: dict[str, Decimal]
) -> tuple[dict[str, Tree], Decimal]:
    """Return the account of *month* and what is left; *year* and *rows* go on counting."""
    days, pupils, staff, thousandth = _DAYS[month]
    income = {"学生伙食收入": pupils * _PUPIL, "教职工伙食收入": staff * _STAFF}
    came = sum(income.values(), Decimal(0))
    spent = _spent(came * thousandth / 1000)
    went = sum((spent[head] for head in _YEAR_OF_SHARES), Decimal(0))
    before = dict(year)
    year["income"] += came
    year["expense"] += went
    closing = opening + came - went
    fields: dict[str, Tree] = {"kind": "自营", "opening": money(opening)}
    if days:
        fields |= {"meals": str(pupils + staff), "eaters": _eaters(days, pupils, staff)}
    fields["income"] = _income(income, before["income"])
    fields["expense"] = _expense(spent, went, rows, before["expense"])
    fields["closing"] = money(closing)
    if days:
        fields |= {"rate": percent(closing, came), "base": "本月收入", "tolerance": "2"}
        fields["purchases"] = _purchases(pupils + staff)
        fields["menus"] = [f"第{week}周带量食谱" for week in "一二三四五"[: max(days // 5, 1)]]
    else:
        fields["notes"] = "寒假期间食堂停止供餐。支出为厨房深度清洁和更换刀具、砧板的费用。"
    return fields, closing


def _spent(whole: Decimal) -> dict[str, Decimal]:
    """Return *whole* divided over the heads; in the month without meals only small things are paid."""
    if not whole:
        return {head: _FEBRUARY if head == "低值易耗品" else Decimal(0) for head in _SHARES}
    found = {head: Decimal(money(whole * share / 1000)) for head, (_, share) in _SHARES.items()}
    found["食材成本"] = sum((found[head] for head, (level, _) in _SHARES.items() if level == "2"), Decimal(0))
    return found


def _eaters(days: int, pupils: int, staff: int) -> list[Tree]:
    return [
        {"group": group, "standard": money(price), "days": str(days), "person_days": str(count),
         "income": money(count * price)}
        for group, price, count in (("学生", _PUPIL, pupils), ("教职工", _STAFF, staff))
    ]  # fmt: skip


def _income(income: dict[str, Decimal], before: Decimal) -> list[Tree]:
    """Return the income; only its sum goes on counting over the year."""
    came = sum(income.values(), Decimal(0))
    rows: list[Tree] = [{"level": "1", "head": "伙食收入", "month": money(came), "ytd": money(before + came)}]
    return rows + [{"level": "2", "head": head, "month": money(amount)} for head, amount in income.items()]


def _expense(spent: dict[str, Decimal], went: Decimal, rows: dict[str, Decimal], before: Decimal) -> list[Tree]:
    """Return the payments; the main heads go on counting over the year."""
    found: list[Tree] = []
    for head, (level, _) in _SHARES.items():
        row: dict[str, Tree] = {"level": level, "head": head, "month": money(spent[head])}
        if level == "1":
            if before and not any(rows.values()):
                rows |= _shared(before)
            rows[head] += spent[head]
            row["ytd"] = money(rows[head])
        row["share"] = percent(spent[head], went)
        found.append(row)
    return found


def _shared(before: Decimal) -> dict[str, Decimal]:
    """Return what each main head had cost from September to November 2025."""
    fuel, small = amounts("36571.70 21173.05")
    return {"食材成本": before - fuel - small, "燃料和水电": fuel, "低值易耗品": small}


def _purchases(meals: int) -> list[Tree]:
    rows: list[Tree] = []
    for item, (unit, per_thousand, price, supplier) in _BOUGHT.items():
        quantity = meals * per_thousand // 1000
        rows.append({
            "item": item, "qty": str(quantity), "unit": unit, "price": price,
            "amount": money(quantity * Decimal(price)), "supplier": supplier,
        })  # fmt: skip
    return rows


def march_as_first_sent() -> dict[str, Tree]:
    """Return March's purchases with two figures of a quantity swapped, as they were sent at first."""
    rows = _purchases(sum(_DAYS["2026-03"][1:3]))
    for row in rows:
        if isinstance(row, dict) and row["item"] == "猪后腿肉":
            row |= {"qty": "832", "amount": money(832 * Decimal("31.50"))}
    return {"purchases": rows}
