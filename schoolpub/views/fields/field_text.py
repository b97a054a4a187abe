"""One value of a record in words: what stands in a fact or in a cell of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as slot
from datetime import date, datetime
from decimal import Decimal

from schoolpub.model.calendar import Calendar
from schoolpub.model.catalogue import Field
from schoolpub.model.period import Period
from schoolpub.model.school import Account
from schoolpub.rules.values import Document, Hours, InWords, Number, Range, Section, Telephone, Value, Votes, Word
from schoolpub.views import formats

NUMERIC = frozenset({"money", "price", "integer", "decimal", "signed", "percent"})
MONEY = frozenset({"money", "price"})

_HEADINGS = (
    (1, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    (2, re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]")),
    (3, re.compile(r"\d{1,2}[.．、](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[）)]")),
)
_LONGEST_HEADING = 40


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around a record while its values are put into words."""

    titles: Mapping[str, str] = slot(default_factory=dict)
    """Record id → what a reference to it is called."""
    links: Mapping[str, str] = slot(default_factory=dict)
    """Record id → where a reference to it leads."""
    calendar: Calendar | None = None


NOTHING = Around()


def number(value: Number, kind: str) -> str:
    """Return *value*, a number of the type *kind*, without its unit; a percentage keeps its sign and its decimals.

    An amount that was entered with a unit of its own (23.52万元 in a table in 元) stays as it was entered.
    """
    if value.names_unit:
        return value.text
    match kind:
        case "money" | "price":
            return formats.money(value.amount, value.unit)
        case "percent":
            return f"{formats.amount(value.amount, places=value.places)}%"
        case "signed":
            return formats.amount(value.amount, places=value.places, sign=value.amount != 0)
        case _:
            return formats.amount(value.amount, places=value.places)


def computed(amount: Decimal, kind: str, unit: str) -> str:
    """Return a total that the tool computed, as a number of its column."""
    return number(Number(amount, f"{amount:f}", unit), kind)


def words(value: Value, field: Field, around: Around = NOTHING) -> str:
    """Return *value* as one line, without a unit."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case str():
            return around.titles.get(value, value) if field.type == "reference" else value
        case Number():
            return number(value, field.kind or "money" if field.type == "matrix" else field.type)
        case Word() | InWords():
            return value.text
        case datetime():
            return formats.moment(value)
        case date():
            return formats.day(value)
        case Period():
            return formats.period(value, around.calendar)
        case Range():
            return _range(value, around.calendar)
        case Votes():
            return votes(value)
        case tuple():
            return "；".join(lines(value, field, around))
        case Account() | Document() | Hours() | Telephone():
            return entry(value)
        case _:
            return str(value)


def lines(value: tuple[Value, ...], field: Field, around: Around = NOTHING) -> list[str]:
    """Return each entry of a list as a line."""
    listed = Document | Hours | Telephone | Section
    return [entry(v) if isinstance(v, listed) else words(v, field, around) for v in value]


def entry(value: Account | Document | Hours | Telephone | Section) -> str:
    """Return a document, an account, a telephone or opening hours as one line."""
    match value:
        case Document(title, document_number, issuer):
            bare = not (document_number or issuer) or not title or title.startswith("《")
            named = title if bare else f"《{title}》"
            return f"{issuer}{named}{f'（{document_number}）' if document_number else ''}"
        case Telephone(label, telephone):
            return f"{label}：{telephone}" if label else telephone
        case Hours(days, start, end):
            return f"{days} {start}—{end}" if start else days
        case Section(heading, text):
            return f"{heading} {text}"
        case Account():
            return f"户名：{value.name}；开户行：{value.bank}；账号：{value.number}"


def votes(value: Votes) -> str:
    """Return the outcome of a vote in words."""
    how = f"{value.method}表决，" if value.method else ""
    if value.unanimous:
        return f"{how}一致同意"
    counts = (("同意", value.agree), ("反对", value.against), ("弃权", value.abstain))
    return how + "，".join(f"{name} {n} 票" for name, n in counts if n is not None)


def _range(value: Range, calendar: Calendar | None) -> str:
    def end(point: date | Period) -> str:
        if isinstance(point, Period):
            return formats.period(point, calendar)
        return formats.moment(point) if isinstance(point, datetime) else formats.day(point)

    return f"{end(value.first)}至{end(value.last)}" if value.last else f"{end(value.first)}起"


def unit(value: Value, field: Field) -> str:
    """Return the unit that follows *value* in a fact, or nothing."""
    if not isinstance(value, Number) or field.type == "percent" or value.names_unit:
        return ""
    return value.unit or field.unit or ("元" if field.type in MONEY else "")


def paragraphs(value: str | tuple[Section, ...]) -> list[dict[str, object]]:
    """Return a long text as paragraphs; a short line that begins 一、 （一） 1. or （1） is a heading of that depth."""
    if not isinstance(value, str):
        found: list[dict[str, object]] = []
        for section in value:
            if section.heading:
                found.append({"level": 1, "text": section.heading})
            found += paragraphs(section.text)
        return found
    texts = (line.strip() for line in value.splitlines())
    return [{"level": _depth(text), "text": text} for text in texts if text]


def _depth(text: str) -> int:
    if len(text) > _LONGEST_HEADING or text.endswith(("。", "；", "，", "：", ";")):
        return 0
    return next((depth for depth, form in _HEADINGS if form.match(text)), 0)


def address(value: Value, field: Field, around: Around) -> str:
    """Return where the text *value* leads: a record's page, a web address, a mailbox, a telephone; else nothing."""
    if not isinstance(value, str):
        return ""
    match field.type:
        case "reference":
            return around.links.get(value, "")
        case "url" if value.lower().startswith(("http://", "https://")):
            return value
        case "email" if "@" in value and not set(value) & set(" <>\"'\\?&#"):
            return f"mailto:{value}"
        case "telephone" if value:
            return "tel:" + "".join(c for c in value if c.isdigit() or c == "+")
        case _:
            return ""
