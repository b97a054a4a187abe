"""The school's monthly accounts: one table of payments, from which reports, large payments and term circulars follow.

Each month opens with what the month before left, and the sums of the year begin anew in January.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

from schoolpub.cli.story.money import amounts, money, percent, total
from schoolpub.model.record import Tree
from schoolpub.store.yaml import strict_yaml

MONTHS = ("2025-12", *(f"2026-{month:02}" for month in range(1, 11)))

_OPENING = Decimal("46318.25")
_LARGE = Decimal(3000)

#                   2025-12  2026-01      02       03       04       05       06       07       08       09       10
_INCOME = {
    "生均公用经费": "19500.00 19800.00 8200.00 23600.00 19800.00 19800.00 23600.00 8200.00 12600.00 24400.00 20100.00",
    "维修专项经费": "    0.00     0.00    0.00     0.00     0.00     0.00     0.00 19000.00 12500.00   0.00     0.00",
    "存款利息收入": "  86.42     0.00    0.00    71.35     0.00     0.00    78.06     0.00     0.00   82.90    0.00",
}  # fmt: skip
_EXPENSE = {
    "办公费":       "1862.40 1745.00  620.50 2380.60 1954.20 2106.80 1688.90   480.00   915.30 2745.60 2012.40",
    "印刷费":       " 986.00 1240.00    0.00 1385.00  876.50  942.00 1536.00     0.00   320.00 1468.00  915.00",
    "水费":         "1432.80 1286.40  498.60 1375.20 1508.40 1620.00 1764.00   612.00   540.00 1591.20 1548.00",
    "电费":         "3486.72 3612.45 1208.30 2845.90 2418.60 2796.35 3905.18  1526.70  1884.25 3268.90 2688.75",
    "邮电费":       " 412.00  412.00  412.00  412.00  412.00  412.00  412.00   412.00   412.00  412.00  412.00",
    "物业管理费":   "9600.00    0.00    0.00 9600.00    0.00    0.00 9600.00     0.00     0.00 9600.00    0.00",
    "维修（护）费": "2180.00 1560.00    0.00 2640.00 1875.00 2350.00 1420.00 18650.00 12480.00 1960.00 2280.00",
    "培训费":       "   0.00 2400.00    0.00 1800.00 2600.00 1500.00    0.00  2800.00     0.00 2200.00 1950.00",
    "专用材料费":   "1540.00  860.00    0.00 4620.00 2130.00 1875.50  960.00     0.00  5380.00 2465.00 1790.00",
    "劳务费":       "2200.00 2200.00    0.00 2200.00 2200.00 2200.00 2200.00     0.00     0.00 2200.00 2200.00",
    "学生活动费":   "1650.00 2380.00    0.00 1280.00 2760.00 2985.00 2450.00     0.00     0.00 1860.00 2640.00",
}  # fmt: skip
_BEFORE_DECEMBER = "17640.30 9385.50 13280.40 24615.85 4532.00 28800.00 31460.00 14750.00 16920.00 19800.00 17640.00"
"""What was paid under each head from January to November 2025."""
_INCOME_BEFORE = "178200.00 28000.00 231.57"
_BUDGET = "21000.00 11800.00 15600.00 30500.00 4944.00 38400.00 48000.00 18000.00 22500.00 20000.00 21500.00"
"""Of the year 2026, by head."""

_AGENCY = {
    # 项目: 月份 → (收入, 支出)
    "作业本费": (
        Decimal("1834.00"),
        {"2025-12": "0 1260", "2026-01": "0 574", "2026-03": "11960 7850", "2026-04": "0 1620", "2026-05": "0 980",
         "2026-06": "0 936", "2026-07": "0 574", "2026-09": "12180 8120", "2026-10": "0 1740"},
    ),
    "校服费": (Decimal(0), {"2026-05": "62400 0", "2026-06": "0 62400"}),
}  # fmt: skip


def records() -> Iterator[tuple[str, dict[str, Tree]]]:
    """Yield every monthly report, large payment and term circular, each with its name in the story."""
    for month in MONTHS:
        yield f"finance-{month}", {"item": "finance-monthly", "period": month, "fields": _report(month)}
        for name, payment in _large(month):
            yield name, payment
    for name, term, part, months, checked in (
        ("circular-winter", "2025-2026-1", "end", MONTHS[0:2], "186"),
        ("circular-may", "2025-2026-2", "mid", MONTHS[2:5], "203"),
        ("circular-summer", "2025-2026-2", "end", MONTHS[5:7], "241"),
        ("circular-november", "2026-2027-1", "mid", MONTHS[7:11], "318"),
    ):
        fields = _circular(months, checked)
        yield name, {"item": "finance-term-circular", "period": term, "part": part, "fields": fields}


def may_as_first_posted() -> dict[str, Tree]:
    """Return May's payments with 200 元 of printing booked under office supplies, as they were posted at first."""
    swapped = {"办公费": Decimal(200), "印刷费": Decimal(-200)}
    return {"expense": _expense("2026-05", swapped)}


def large_in(month: str) -> list[str]:
    """Return the names of the large payments of *month*."""
    return [name for name, _ in _large(month)]


def _of(table: dict[str, str], head: str, month: str) -> Decimal:
    return amounts(table[head])[MONTHS.index(month)]


def _year_to(table: dict[str, str], before: str, head: str, month: str) -> Decimal:
    """Return what came in or was paid under *head* from January to *month*."""
    start = amounts(before)[list(table).index(head)] if month == MONTHS[0] else Decimal(0)
    same_year = [m for m in MONTHS if m[:4] == month[:4] and m <= month]
    return start + sum((_of(table, head, m) for m in same_year), Decimal(0))


def _income(month: str) -> list[Tree]:
    return [
        {
            "item": head,
            "month": money(_of(_INCOME, head, month)),
            "ytd": money(_year_to(_INCOME, _INCOME_BEFORE, head, month)),
        }
        for head in _INCOME
    ]


def _expense(month: str, wrongly: dict[str, Decimal] | None = None) -> list[Tree]:
    rows: list[Tree] = []
    for head, budget in zip(_EXPENSE, amounts(_BUDGET), strict=True):
        slip = (wrongly or {}).get(head, Decimal(0))
        spent = _year_to(_EXPENSE, _BEFORE_DECEMBER, head, month) + slip
        row: dict[str, Tree] = {"head": head}
        if month > MONTHS[0]:
            row["budget"] = money(budget)
        row |= {"month": money(_of(_EXPENSE, head, month) + slip), "ytd": money(spent)}
        if month > MONTHS[0]:
            row["percent"] = percent(spent, budget)
        rows.append(row)
    return rows


def _balance(month: str) -> Decimal:
    """Return what was left at the end of *month*."""
    until = MONTHS[: MONTHS.index(month) + 1]
    return _OPENING + sum((total(_income(m), "month") - total(_expense(m), "month") for m in until), Decimal(0))


def _start(month: str) -> Decimal:
    place = MONTHS.index(month)
    return _balance(MONTHS[place - 1]) if place else _OPENING


def _agency(month: str) -> list[Tree]:
    rows: list[Tree] = []
    for item, (balance, moves) in _AGENCY.items():
        for each in MONTHS[: MONTHS.index(month) + 1]:
            opening = balance
            came, went = amounts(moves.get(each, "0 0"))
            balance = opening + came - went
        if opening or came or went:
            moved = {"opening": opening, "in": came, "out": went, "balance": balance}
            rows.append({"item": item, **{key: money(amount) for key, amount in moved.items()}})
    return rows


def _report(month: str) -> dict[str, Tree]:
    fields: dict[str, Tree] = {
        "balance_start": money(_start(month)),
        "income": _income(month),
        "expense": _expense(month),
        "balance_end": money(_balance(month)),
    }
    if agency := _agency(month):
        fields["agency"] = agency
    if large := _large(month):
        fields["large"] = [
            {"ref": f"@{name}", "item": _purpose(payment), "amount": _amount(payment)} for name, payment in large
        ]
    return fields


def _large(month: str) -> list[tuple[str, dict[str, Tree]]]:
    found: list[tuple[str, dict[str, Tree]]] = []
    for head in _EXPENSE:
        amount = _of(_EXPENSE, head, month)
        if amount < _LARGE:
            continue
        paid = next(p for p in _payments() if (p["head"], p["month"]) == (head, month))
        payment: dict[str, Tree] = {
            "item": "large-spend",
            "date": f"{month}-{paid['day']}",
            "title": f"大额资金使用公开（{paid['purpose']}）",
            "fields": {
                "amount": money(amount),
                **{key: paid[key] for key in ("payee", "purpose", "fund")},
                "decision_meeting": paid["meeting"],
                "decision_date": paid["decided"],
                "approver": "校长",
            },
        }
        found.append((f"large-{month}-{len(found) + 1}", payment))
    return found


@cache
def _payments() -> list[dict[str, Tree]]:
    name = "payments.yaml"
    tree, problems = strict_yaml.parse(Path(__file__).with_name(name).read_bytes(), name)
    assert isinstance(tree, list) and not problems, problems
    return [payment for payment in tree if isinstance(payment, dict)]


def _purpose(payment: dict[str, Tree]) -> Tree:
    fields = payment["fields"]
    assert isinstance(fields, dict)
    return fields["purpose"]


def _amount(payment: dict[str, Tree]) -> Tree:
    fields = payment["fields"]
    assert isinstance(fields, dict)
    return fields["amount"]


def _circular(months: tuple[str, ...], checked: str) -> dict[str, Tree]:
    came = sum((total(_income(month), "month") for month in months), Decimal(0))
    went = sum((total(_expense(month), "month") for month in months), Decimal(0))
    span = f"{months[0][:4]}年{int(months[0][5:])}月至{months[-1][:4]}年{int(months[-1][5:])}月"
    return {
        "balance_start": money(_start(months[0])),
        "income_total": money(came),
        "expense_total": money(went),
        "balance": money(_balance(months[-1])),
        "vouchers_checked": checked,
        "vouchers_rejected": [{"reason": "手续不全", "count": "2", "amount": "318.00"}],
        "opinions": f"本次审核{span}的公用经费账目和凭证。账证、账账相符，大额支出均经校务会议集体研究并已公开。"
        "有2张凭证缺经办人签字，已退回总务处补办手续。建议物品验收单随发票一并装订。",
        "members": [{"name": "华容", "post": "财务小组组长"}, {"name": "严惠", "post": "财务小组成员"}],
    }
