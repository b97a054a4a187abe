"""How far two figures may lie apart: 元 not at all, 万元 by rounding, a percentage by one unit in its last place.

The measures are those of docs/file-format.md, "Tolerance".
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from schoolpub.errors import Level

PERCENT = "%"
_ROUNDED_ROW = Decimal("0.005")
"""What rounding to 0.01万元 may take from or add to one row."""
_WAN = Decimal(10000)
_WIDE = Context(prec=60)
"""Products of two long figures have more digits than Decimal keeps by itself."""


def scale(unit: str) -> Decimal:
    """Return how many 元 one of *unit* is: figures in 元 and in 万元 are compared in 元."""
    return _WAN if "万" in unit else Decimal(1)


def judge_money(difference: Decimal, unit: str, rows: int) -> Level | None:
    """Return how bad a *difference* in *unit* is that lies between a printed figure and one made of *rows* others."""
    if not difference:
        return None
    size = abs(difference)
    if "万" in unit:
        return Level.WARNING if size <= _ROUNDED_ROW * max(rows, 1) else Level.ERROR
    return Level.ERROR


def judge_rounded(computed: Decimal, entered: Decimal, places: int) -> Level | None:
    """Return how bad it is that *entered*, with its decimal *places*, stands where *computed* would be exact."""
    last_place = Decimal(1).scaleb(-places)
    difference = abs(round_half_up(computed, places) - entered)
    if not difference:
        return None
    return Level.WARNING if difference <= last_place else Level.ERROR


def round_half_up(amount: Decimal, places: int) -> Decimal:
    """Return *amount* with *places* decimals, a half rounded away from zero as clerks do."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


def figure(value: object, unit: str = "", places: int | None = None) -> str:
    """Return a value as a message shows it: `120,300.00`, `16.05%`, `2026-11-03`."""
    if isinstance(value, Decimal):
        if places is None:
            places = 2 if unit.endswith("元") else 0
            own = -int(value.normalize().as_tuple().exponent) if value else 0
            places = max(places, min(own, 6))
        text = f"{round_half_up(value, places):,f}"
        return text + (unit if unit == PERCENT or "万" in unit else "")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
