"""Numbers as clerks write them: exact, never through a float, and the entered text is kept."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from schoolpub.errors import say
from schoolpub.model.catalogue import Field
from schoolpub.rules.values.kinds import Number, Word
from schoolpub.rules.values.wrong import Wrong, shown

NUMBER_TYPES = frozenset({"money", "price", "integer", "decimal", "signed", "percent"})

# Fifteen digits before the point and six after stay exact in Decimal's 28 digits, also in the sum of many rows.
_WHOLE = r"(?:0|[1-9]\d{0,14})"
_PLAIN = re.compile(rf"(-?)({_WHOLE})(?:\.(\d+))?", re.ASCII).fullmatch
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3}){1,4}(?:\.\d+)?", re.ASCII).fullmatch
_BOUNDED = re.compile(r"(不超过|不低于|约)\s*((\d[\d,.]*)\s*\D{0,6})").fullmatch
_WITH_UNIT = re.compile(r"(.*\d)\s*(万元|万|元)(?:/\S{1,12})?").fullmatch
_MARKS = frozenset({"-", "/", "—", "——", "--", "–", "－", "／"})
_SHARE = re.compile(r"\d+(?:\.\d+)?%", re.ASCII).fullmatch
_PRICE_WORDS = frozenset(
    {"据实", "据实收取", "按实收取", "免收", "免费", "不收", "暂不收取", "本校无此项收费", "无此项收费", "详见附件"}
)
_BOUNDS = frozenset({"不超过", "不低于", "约"})
_MONEY = frozenset({"money", "price"})
_NOT_NUMBERS = re.compile(r"[+-]?(?:nan|inf(?:inity)?)", re.IGNORECASE).fullmatch
_BRACKETED = re.compile(r"\((.+)\)").fullmatch
_MINUSES = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "＿": "_", "，": ",", "。": ".", "、": ","})
_CURRENCY = re.compile(r"^(?:¥|￥|RMB|CNY|人民币|NT\$|\$)+|(?:元整?|圆整?|RMB|CNY)$")


def read_number(text: str, kind: str, unit: str = "") -> Number | Wrong:
    """Return the number that *text* is, for a field of type *kind* whose unit is *unit*."""
    bare = text
    if kind in _MONEY and ("元" in text or "万" in text) and (named := _WITH_UNIT(text)):
        each = "/" in text and kind == "money"  # only a price is for each of something
        return (not each and _in_unit(named, kind, unit)) or _refused(text, kind, unit)
    if kind == "percent" and text.endswith("%"):
        bare = text[:-1]
    elif kind == "signed" and text.startswith("+"):
        bare = text[1:]
        if bare.startswith("-"):
            return _refused(text, kind, unit)
    if found := _PLAIN(bare):
        decimals = found[3]
        if decimals and (kind == "integer" or len(decimals) > 2) and (wrong := _too_fine(text, kind, unit)):
            return wrong
        amount = Decimal(bare)
        return Number(amount, text, unit) if amount or not found[1] else _refused(text, kind, unit)
    if "," in bare and _GROUPED(bare):
        plain = bare.replace(",", "")
        return ("." in plain and _too_fine(text, kind, unit)) or Number(Decimal(plain), text, unit)
    return _refused(text, kind, unit)


def _in_unit(named: re.Match[str], kind: str, unit: str) -> Number | None:
    """Return an amount that was entered with its own unit (23.52万元) as one in *unit*."""
    own = "元" if named[2] == "元" else "万元"
    found = read_number(named[1], kind, own)
    if isinstance(found, Wrong):
        return None
    shift = 4 * (("万" in own) - ("万" in unit))
    return Number(found.amount.scaleb(shift), named[0], unit)


def read_cell(text: str, field: Field, unit: str, *, marks: bool) -> Number | Word | Wrong:
    """Return the number or word in *text*; `-` and `/` are words where *marks* allows them."""
    first = text[:1]
    if first.isdecimal() or (first in "+-" and len(text) > 1):
        found = read_number(text, field.type, unit)
        if type(found) is Number:
            return found
    else:
        found = None
    if marks and text in _MARKS:
        return Word(text)
    if word := _word(text, field, unit):
        return word
    wrong = found or read_number(text, field.type, unit)
    if not isinstance(wrong, Wrong) or wrong.code == "value-decimals":
        return wrong
    if (words := _words(field)) and meant(text, field.type, unit) is None:
        return wrong._replace(fix=say("Write a number, or one of: {names}.", names="、".join(words)))
    return wrong


def _words(field: Field) -> tuple[str, ...]:
    """Return the words that *field* takes, as they are told to a person."""
    own = field.words
    return (*own, *sorted(_PRICE_WORDS), *(f"{b} 60" for b in sorted(_BOUNDS))) if field.type == "price" else own


def _word(text: str, field: Field, unit: str) -> Word | None:
    price = field.type == "price"
    if text in field.words or (price and text in _PRICE_WORDS) or ("N%" in field.words and _SHARE(text)):
        return Word(text)
    if (price or any(w.endswith(" N") for w in field.words)) and (found := _BOUNDED(text)):
        known = found[1] if price else f"{found[1]} N"
        if price or known in field.words:
            # 约149万 is an amount, 约600册 is a number of something.
            bounds = (read_number(number.strip(), "money", unit) for number in (found[2], found[3]))
            if bound := next((b for b in bounds if isinstance(b, Number)), None):
                return Word(text, bound.amount)
    return None


def decimals_of(kind: str, unit: str) -> int:
    """Return how many decimals a number of type *kind* in *unit* may have."""
    if kind in ("money", "price"):
        return 6 if "万" in unit else 2
    return 0 if kind == "integer" else 6


def _too_fine(text: str, kind: str, unit: str) -> Wrong | None:
    most = decimals_of(kind, unit)
    if "." not in text or len(text.rpartition(".")[2].rstrip("%")) <= most:
        return None
    if most == 0:
        return _refused(text, kind, unit)
    return Wrong(
        "value-decimals",
        say("{value} has more than {most} decimals", value=shown(text), most=most),
        say("Write it with at most {most} decimals ({unit}).", most=most, unit=unit or "元"),
    )


_NAMES = {
    "money": say("an amount"),
    "price": say("a price"),
    "integer": say("a whole number"),
    "decimal": say("a number"),
    "signed": say("a number"),
    "percent": say("a percentage"),
}
_EXAMPLES = {"integer": "12", "decimal": "12.5", "signed": "+3", "percent": "16.05%"}


def _refused(text: str, kind: str, unit: str) -> Wrong:
    """Say what is wrong with *text*, and what its writer most likely meant."""
    message = say("{value} is not {kind} as it is written here", value=shown(text) or "''", kind=_NAMES[kind])
    written = meant(text, kind, unit)
    if written is not None:
        return Wrong(f"value-{kind}", message, say("Write {value}.", value=written))
    example = _EXAMPLES.get(kind, "1234.50")
    return Wrong(f"value-{kind}", message, say("Write a number such as {example}.", example=example))


def meant(text: str, kind: str, unit: str) -> str | None:
    """Return the number *text* in the form that is read, or None when it cannot be told."""
    plain = normalize("NFKC", text.translate(_MINUSES)).translate(_MINUSES)
    plain = "".join(plain.split())
    sign = ""
    if bracket := _BRACKETED(plain):
        sign, plain = "-", bracket[1]
    plain = _CURRENCY.sub("", plain)
    if not plain or _NOT_NUMBERS(plain):
        return None
    times = Decimal(1)
    if plain.endswith("万") and kind in ("money", "price"):
        plain, times = plain[:-1], Decimal(1 if "万" in unit else 10000)
    percent = plain.endswith("%")
    try:
        amount = Decimal(sign + plain.rstrip("%").replace(",", "").replace("_", "")) * times
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount.adjusted() > 14 or (percent and kind != "percent"):
        return None
    if times != 1 or amount == 0:
        amount = amount.normalize() + 0 if amount else abs(amount)
    written = f"{amount:f}"
    if kind == "integer" and amount == amount.to_integral_value():
        written = f"{amount:.0f}"
    if kind == "signed" and plain.startswith("+"):
        written = f"+{written}"
    if percent:
        written += "%"
    return written if written != text and isinstance(read_number(written, kind, unit), Number) else None
